"""Plain events: a document whose episodes and lists of events are written out, in every variant.

All that reads a scenario later knows single events alone: checks, tables, explanations, manifests.
Variants and `--set` may name an event as it is written, an event of an episode, or one of
the events that a list makes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from sim.documents.leaves import NAME
from sim.documents.nodes import Mark, Node, Steps
from sim.kernel.errors import Problem
from sim.kernel.words import meant, quoted
from sim.scenario.event_lists import Roster, events_of
from sim.scenario.patches import BASELINE, merge, patches_of
from sim.scenario.schema.episode import Episode

EVENTS, EPISODES, OFF_IN, _WITH = "events", "episodes", "off_in", "with"
VARIANTS = "variants"
_READ = (EVENTS, EPISODES, "blocs", "states")  # sections that plain events are made of


@dataclass(frozen=True)
class Patch:
    """A patch in two parts: of the document as it is written, and of its plain events."""

    written: Node
    plain: Node | None


def plain_events(document: Node, problems: list[Problem]) -> Node:
    """Return a document with plain events; the document itself if all of them are plain."""
    block, patches = document.child(VARIANTS), document.section(VARIANTS)
    sound = {name: each for name, each in patches.items() if name != BASELINE and each.is_mapping}
    raw = document.without(VARIANTS)
    _check_off(raw, patches, problems)
    base = _plain(raw, BASELINE, problems)
    changed: dict[str, Node] = {}
    for name, whole in sound.items():
        patch = routed(_only(whole, *_READ), raw, base)
        steps: Steps = (VARIANTS, name)
        own = merge(raw, patch.written, problems, steps)
        flat = _plain(own, name, problems)
        if flat is own and base is raw and patch.plain is None:
            continue
        if not (_is_section(base) and _is_section(flat)):
            continue  # the schema refuses it
        if patch.plain is not None:
            flat = merge(flat, patch.plain, problems, steps)
        changed[name] = _with_events(whole, _difference(base, flat, whole.mark))
    if not changed and base is raw:
        return document
    if block is None:
        return base
    variants = Node({**patches, **changed}, block.mark, block.keys)
    return base.put(VARIANTS, variants, document.keys[VARIANTS])


def _is_section(document: Node) -> bool:
    """Return whether the events of a document are a mapping, if it has any."""
    events = document.child(EVENTS)
    return events is None or events.is_mapping


def set_and_plain(document: Node, sets: Sequence[str], problems: list[Problem]) -> Node:
    """Return a document with every `--set` over it, in their order, and with plain events."""
    later = []
    for patch in patches_of(sets, problems):
        raw = document.without(VARIANTS)
        parts = routed(patch, raw, _plain(raw, BASELINE, []))
        document = merge(document, parts.written, problems)
        later += [] if parts.plain is None else [parts.plain]
    document = plain_events(document, problems)
    for each in later:
        document = merge(document, each, problems)
    return document


def routed(patch: Node, raw: Node, base: Node) -> Patch:
    """Return a patch in two parts: what changes written entries, and what changes plain events.

    `raw` is the document as it is written, `base` the same with plain events.
    """
    events = patch.child(EVENTS)
    if events is None or not events.is_mapping:
        return Patch(patch, None)
    homes = _homes(raw)
    plain = base.section(EVENTS)
    written = raw.section(EVENTS)
    late = {name for name in events.value if name in plain and name not in {*written, *homes}}
    moved = {name: homes[name] for name in events.value if name in homes and name not in written}
    if not late and not moved:
        return Patch(patch, None)
    kept = patch.without(EVENTS)
    own = events.without(*late, *moved)
    if own.value:
        kept = kept.put(EVENTS, own, patch.keys[EVENTS])
    for name, home in moved.items():
        inner = _nested((EPISODES, home, EVENTS, name), events.value[name], events.keys[name])
        kept = merge(kept, inner, [])
    later = events.without(*(name for name in events.value if name not in late))
    return Patch(kept, _nested((EVENTS,), later, patch.keys[EVENTS]) if late else None)


def _only(patch: Node, *keys: str) -> Node:
    """Return a mapping with some of its keys."""
    return patch.without(*(key for key in patch.value if key not in keys))


def _nested(steps: Sequence[str], value: Node, mark: Mark) -> Node:
    for step in reversed(steps):
        value = Node({step: value}, mark, {step: mark})
    return value


def _episodes(document: Node) -> dict[str, Node]:
    """Return the episodes that hold events."""
    return {
        name: each
        for name, each in document.section(EPISODES).items()
        if each.is_mapping and each.child(EVENTS) is not None and each.value[EVENTS].is_mapping
    }


def _is_sound(name: str, episode: Node) -> bool:
    """Return whether the keys of an episode besides its events are sound."""
    try:
        Episode.model_validate({**episode.plain(), EVENTS: {}})
    except ValidationError:
        return False
    return NAME.match(name) is not None


def _off(episode: Node) -> list[Node]:
    """Return the variants without an episode."""
    node = episode.child(OFF_IN)
    if node is None:
        return []
    return node.value if isinstance(node.value, list) else [node]


def _homes(document: Node) -> dict[str, str]:
    """Return the episode of each event that one holds."""
    return {
        name: title
        for title, each in _episodes(document).items()
        for name in each.value[EVENTS].value
    }


def episodes_of(document: Node) -> dict[str, str]:
    """Return the episode of each plain event of a document that is in one."""
    roster = Roster.of(document)
    return {
        each: title
        for title, episode in _episodes(document).items()
        for name, event in episode.value[EVENTS].items()
        for each in events_of(str(name), event.mark, event, roster, [])
    }


def _check_off(document: Node, variants: Mapping[str, Node], problems: list[Problem]) -> None:
    """Note episodes that are off in no variant of the scenario, or in its baseline."""
    for title, episode in _episodes(document).items():
        for each in _off(episode) if _is_sound(title, episode) else ():
            message = ""
            if each.value == BASELINE:
                message = (
                    "the baseline has all events: write the events in the variants that add them"
                )
            elif each.value not in variants:
                message = f"no variant {quoted(each.value)}{meant(each.value, variants)}"
            if message:
                problems.append(each.mark.problem(f"{EPISODES}.{title}.{OFF_IN}", message))


@dataclass
class _Written:
    """The events of one variant as they are written, with the places of their names."""

    events: dict[str, Node] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)  # the episode of each, empty without one

    def add(self, title: str, block: Node, problems: list[Problem]) -> None:
        """Take the events of an episode; note those whose name is taken."""
        for name, event in block.value.items():
            if name in self.events:
                where = f"the episode {self.homes[name]}" if self.homes[name] else "`events`"
                message = f"is the name of an event of {where} too: rename one of them"
                key = f"{EPISODES}.{title}.{EVENTS}.{name}"
                problems.append(block.keys[name].problem(key, message))
                continue
            self.events[name], self.marks[name] = event, block.keys[name]
            self.homes[name] = title


def _plain(document: Node, variant: str, problems: list[Problem]) -> Node:
    """Return a document of one variant with plain events; itself if they are plain."""
    episodes, events = _episodes(document), document.child(EVENTS)
    if events is not None and not events.is_mapping:
        return document.without(EPISODES)
    written = _Written()
    if events is not None:
        written.add("", events, problems)
    for title, episode in episodes.items():
        if not any(variant == off.value for off in _off(episode)):
            written.add(title, episode.value[EVENTS], problems)
    single = _single(written, Roster.of(document), problems)
    unchanged = all(single.value.get(name) is each for name, each in written.events.items())
    if not episodes and unchanged and len(single.value) == len(written.events):
        return document
    plain = document.without(EVENTS, EPISODES)
    if left := _unsound(document, episodes):
        block = document.value[EPISODES]
        keys = {name: block.keys[name] for name in left}
        plain = plain.put(EPISODES, Node(left, block.mark, keys), document.keys[EPISODES])
    if not single.value:
        return plain
    mark = document.keys.get(EVENTS, document.keys.get(EPISODES, document.mark))
    return plain.put(EVENTS, Node(single.value, mark, single.keys), mark)


def _unsound(document: Node, episodes: Mapping[str, Node]) -> dict[str, Node]:
    """Return the episodes that the schema has to refuse, without events that are checked apart."""
    return {
        name: each.put(EVENTS, Node({}, each.mark)) if name in episodes else each
        for name, each in document.section(EPISODES).items()
        if name not in episodes or not _is_sound(name, each)
    }


def _single(written: _Written, roster: Roster, problems: list[Problem]) -> Node:
    """Return the events of which each is one, lists written out."""
    value: dict[str, Node] = {}
    keys: dict[str, Mark] = {}
    firsts: dict[str, str] = {}
    for name, event in written.events.items():
        mark = written.marks[name]
        for each, node in events_of(name, mark, event, roster, problems).items():
            firsts[name] = min(each, firsts.get(name, each))
            if each != name and (each in written.events or each in value):
                message = f"makes an event {each}, which is there already: rename one of them"
                problems.append(mark.problem(f"{EVENTS}.{name}", message))
                continue
            value[each], keys[each] = node, mark
    return Node({name: _redrawn(node, firsts) for name, node in value.items()}, _NOWHERE, keys)


_NOWHERE = Mark("", 0, 0)


def _redrawn(event: Node, firsts: Mapping[str, str]) -> Node:
    """Return an event that shares the draw of a list as one that shares that of its first event."""
    other = event.child(_WITH)
    if other is None or firsts.get(str(other.value), other.value) == other.value:
        return event
    return event.put(_WITH, Node(firsts[other.value], other.mark))


def _with_events(patch: Node, events: Node | None) -> Node:
    """Return a patch with other changes of events."""
    kept = patch.without(EVENTS, EPISODES)
    return kept if events is None else kept.put(EVENTS, events)


def _difference(base: Node, other: Node, mark: Mark) -> Node | None:
    """Return the patch that turns the events of one document into those of another."""
    nothing = Node({}, mark)
    return _patch(base.child(EVENTS) or nothing, other.child(EVENTS) or nothing, mark)


def _patch(base: Node, other: Node, mark: Mark) -> Node | None:
    value: dict[str, Node] = {
        name: Node(None, mark) for name in base.value if name not in other.value
    }
    keys = dict.fromkeys(value, mark)
    for name, node in other.value.items():
        old = base.child(name)
        change: Node | None = node
        if old is not None and old.is_mapping and node.is_mapping:
            change = _patch(old, node, mark)
        elif old is not None and (
            old is node or (old.mark, old.plain()) == (node.mark, node.plain())
        ):
            change = None
        if change is not None:
            value[name], keys[name] = change, other.keys[name]
    return Node(value, mark, keys) if value else None
