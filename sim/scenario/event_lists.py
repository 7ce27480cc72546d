"""Event lists: one event for several states or blocs, as the events that it is made of.

    quarrel: {at: 2017-Q2, rivalry: {state: [SAU, ARE], toward: QAT, value: 0.5}, source: assumed}

is `quarrel_SAU` and `quarrel_ARE`. A bloc is its members at the start. With two lists there is an
event for each pair of different states. A number may differ by state, as in
`value: {SAU: 0.5, ARE: 0.4}`. Events of one list share their random draw.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product, takewhile

from sim.documents.leaves import NAME, UNCERTAIN_KEYS, Leaf, Range, Several
from sim.documents.nodes import DottedPath, Mark, Node
from sim.documents.tree import EachName, fields_of
from sim.kernel.errors import Problem
from sim.kernel.words import meant, quoted, together
from sim.scenario.schema.events import KINDS, Event

_PROBABILITY, _WITH = "probability", "with"


@dataclass(frozen=True)
class Roster:
    """States and blocs by name, with the members of each bloc."""

    states: frozenset[str]
    members: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, document: Node) -> Roster:
        """Return the states and blocs of a document, as far as it is sound."""
        members = {
            name: tuple(each.value for _, each in named.items() if _is_name(each))
            for name, bloc in document.section("blocs").items()
            if (named := bloc.child("members")) is not None and isinstance(named.value, list)
        }
        return cls(frozenset(document.section("states")), members)

    def each(self, entry: Node) -> list[Node]:
        """Return the states that an entry names: itself, or the members of a bloc."""
        if entry.value in self.states or entry.value not in self.members:
            return [entry]
        return [replace(entry, value=name) for name in self.members[entry.value]]


def _is_name(node: Node) -> bool:
    return isinstance(node.value, str) and NAME.match(node.value) is not None


def events_of(
    name: str, mark: Mark, event: Node, roster: Roster, problems: list[Problem]
) -> dict[str, Node]:
    """Return the events that one event stands for, by name: itself if it has no list."""
    kind = next((each for each in KINDS if _action(event, each) is not None), None)
    if kind is None:
        return {name: event}
    action, leaves = event.value[kind], _leaves(kind)
    whole = _with_members(action, leaves, roster)
    if whole is not action:
        event = event.put(kind, whole)
        action = whole
    lists = _lists(action, leaves, roster)
    numbers = {
        key: node for key, node in action.value.items() if _is_by_state(node, leaves.get(key))
    }
    if not lists:
        return {name: _alone(f"events.{name}.{kind}", event, kind, numbers, problems)}
    event = _in_common(event, DottedPath.of("events", name), numbers)
    action = event.value[kind]
    by = {key: _list_of(node, lists) for key, node in numbers.items()}
    for key, node in numbers.items():
        path = f"events.{name}.{kind}.{key}"
        problems.extend(_faults(path, action.keys[key], node, lists[by[key]]))
    made: dict[str, Node] = {}
    for choice in _choices(lists, _fixed(action, leaves, lists)):
        own = action
        for key, node in choice.items():
            own = own.put(key, node)
        for key, node in numbers.items():
            own = own.put(key, _number(node, str(choice[by[key]].value)))
        title = "_".join([name, *(str(each.value) for each in choice.values())])
        made[title] = event.put(kind, own)
    return _sharing(made, mark) if event.child(_PROBABILITY) is not None else made


def _in_common(node: Node, path: DottedPath, by_state: Collection[str]) -> Node:
    """Return a part of a list whose numbers know their path; numbers by state are left out."""
    uncertain = node.is_mapping and {*node.value} <= {*UNCERTAIN_KEYS}
    if uncertain or not node.is_mapping:
        number = uncertain or isinstance(node.value, int | float)
        return replace(node, shared=str(path)) if number else node
    own = {
        key: each
        if key in by_state
        else _in_common(each, DottedPath.of(*path.steps, key), by_state)
        for key, each in node.value.items()
    }
    return replace(node, value=own)


def in_common(document: Node) -> dict[str, str]:
    """Return the numbers of a document's events that a list has once: path -> path in the list."""
    found: dict[str, str] = {}

    def walk(node: Node, path: DottedPath) -> None:
        if node.shared:
            found[str(path)] = node.shared
        elif node.is_mapping:
            for key, each in node.value.items():
                walk(each, DottedPath.of(*path.steps, str(key)))

    for name, event in document.section("events").items():
        walk(event, DottedPath.of("events", name))
    return found


def once_a_list(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems, those of one place that the events of a list share once, by its name."""
    kept: dict[object, Problem] = {}
    for each in sorted({*problems}):
        block, _, key = each.key.partition(".")
        name, _, rest = key.partition(".")
        listed = block == "events" and each.line > 0
        place = (each.file, each.line, each.column, rest, each.message) if listed else each
        first = kept.setdefault(place, each)
        if first is not each:
            whole = _shared(first.key.split(".")[1], name)
            kept[place] = replace(first, key=".".join(filter(None, (block, whole, rest))))
    return [*kept.values()]


def _shared(one: str, other: str) -> str:
    """Return the name of a list by the names of two of its events."""
    pairs = zip(one.split("_"), other.split("_"), strict=False)
    return "_".join(part for part, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)) or one


def _alone(
    path: str, event: Node, kind: str, numbers: Mapping[str, Node], problems: list[Problem]
) -> Node:
    """Return an event without a list; note numbers by state, which only a list can have."""
    own = event.value[kind]
    for key, node in numbers.items():
        message = "numbers by state need a list of states in this event, such as [SAU, ARE]"
        problems.append(own.keys[key].problem(f"{path}.{key}", message))
        own = own.put(key, _number(node, ""))
    return event.put(kind, own) if numbers else event


def _action(event: Node, kind: str) -> Node | None:
    node = event.child(kind)
    return node if node is not None and node.is_mapping else None


def _leaves(kind: str) -> Mapping[str, Leaf | None]:
    """Return the leaves of the keys of a kind of events."""
    block = fields_of(Event)[kind].shape.block
    assert block is not None  # noqa: S101 - every kind is a section
    return {key: own.shape.leaf for key, own in fields_of(block).items()}


def _with_members(action: Node, leaves: Mapping[str, Leaf | None], roster: Roster) -> Node:
    """Return an action whose `by` and `against` of sanctions name the members of their blocs.

    A state that is named itself on the other side is left out.
    """
    if not {"by", "against"} <= action.value.keys() or not isinstance(leaves.get("by"), Several):
        return action
    sides = {key: _entries(action.value[key]) for key in ("by", "against")}
    if not all(sides.values()) or not any(
        len(roster.each(each)) > 1 or roster.each(each)[0] is not each
        for side in sides.values()
        for each in side
    ):
        return action
    for key, other in (("by", "against"), ("against", "by")):
        named = {each.value for each in sides[other]}
        entries = {
            str(state.value): state
            for entry in sides[key]
            for state in roster.each(entry)
            if state is entry or state.value not in named
        }
        if entries:
            action = action.put(key, Node([*entries.values()], action.value[key].mark))
    return action


def _entries(node: Node) -> list[Node]:
    """Return the names of a place that takes one or several; none if one of them is no name."""
    entries = node.value if isinstance(node.value, list) else [node]
    return entries if all(map(_is_name, entries)) else []


def _lists(
    action: Node, leaves: Mapping[str, Leaf | None], roster: Roster
) -> dict[str, dict[str, Node]]:
    """Return the keys that name several, with an entry for each name; those at fault are left."""
    lists: dict[str, dict[str, Node]] = {}
    for key, node in action.value.items():
        leaf = leaves.get(key)
        if not isinstance(leaf, EachName):
            continue
        entries = _entries(node)
        names = [each.value for each in entries]
        if not entries or len({*names}) < len(names):
            continue
        each = [part for one in entries for part in (roster.each(one) if leaf.of_states else [one])]
        if isinstance(node.value, list) or each != [node]:
            lists[key] = {str(part.value): part for part in each}
    return lists


def _fixed(
    action: Node, leaves: Mapping[str, Leaf | None], lists: Mapping[str, Mapping[str, Node]]
) -> set[str]:
    """Return the states that an action names apart from its lists."""
    return {
        node.value
        for key, node in action.value.items()
        if isinstance(leaves.get(key), EachName)
        and key not in lists
        and isinstance(node.value, str)
    }


def _choices(
    lists: Mapping[str, Mapping[str, Node]], fixed: Collection[str]
) -> list[dict[str, Node]]:
    """Return every choice of one name from each list, without pairs of a state with itself."""
    every = [
        dict(zip(lists, chosen, strict=True))
        for chosen in product(*(names.values() for names in lists.values()))
    ]
    names = [[*fixed, *(str(node.value) for node in each.values())] for each in every]
    apart = [each for each, own in zip(every, names, strict=True) if len({*own}) == len(own)]
    return apart or every


def _is_by_state(node: Node, leaf: Leaf | None) -> bool:
    """Return whether a number differs by state."""
    if not isinstance(leaf, Range) or not node.is_mapping:
        return False
    return not {*node.value} & {*UNCERTAIN_KEYS}


def _list_of(node: Node, lists: Mapping[str, Mapping[str, Node]]) -> str:
    """Return the key of the list whose states numbers are for: the first with most of them."""
    return max(lists, key=lambda key: len({*node.value} & {*lists[key]}))


def _faults(path: str, mark: Mark, node: Node, names: Mapping[str, Node]) -> Iterator[Problem]:
    """Yield what is wrong with numbers by state: they have to name each state of the list."""
    strange = [name for name in node.value if name not in names]
    for name in strange:
        message = f"{quoted(name)} is not in the list of this event{meant(name, names)}"
        yield node.keys[name].problem(f"{path}.{name}", message)
    lacking = sorted({*names} - {*node.value})
    if lacking and not strange:
        message = f"has no number for {together(lacking)}: add it, or write one number for all"
        yield mark.problem(path, message)


def _number(node: Node, state: str) -> Node:
    """Return the number of a state; another one if it has none, which is a fault."""
    others = iter([*node.value.values(), Node(0.0, node.mark)])
    return node.child(state) or next(others)


def _sharing(events: dict[str, Node], mark: Mark) -> dict[str, Node]:
    """Return events that share the random draw of the first of them, by name."""
    first = min(events)
    return {
        name: each
        if name == first or each.child(_WITH) is not None
        else each.put(_WITH, Node(first, mark))
        for name, each in events.items()
    }
