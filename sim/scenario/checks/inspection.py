"""One document under check: every value has its shape, every name and source means something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.documents.leaves import NAME, Leaf, Ref, Several, Source
from sim.documents.misfit import problem_of, steps_of_error
from sim.documents.nodes import Mark, Node, Steps, dotted, find, mark_of
from sim.documents.sources import ASSUMED, OWN_WORDS
from sim.documents.tree import Shape, fields_of, shape_at
from sim.kernel.errors import Problem
from sim.kernel.words import either, meant, quoted, together
from sim.scenario.patches import SET_FILE
from sim.scenario.schema.root import OF_FILES, Model

_STUBS: dict[str, Any] = {
    "scenario": "stub",
    "title": "stub",
    "question": "stub",
    "time": {"start": "0001", "end": "9999", "period": "year"},
}
_ENTITY = 2  # steps to a named block, such as blocs.CSTO
_MOST = 1000  # faults of form that are listed
_KINDS = {  # what an entry of a block is called
    "classes": "class",
    "systems": "system",
    "states": "state",
    "blocs": "bloc",
    "offers": "offer",
    "arsenals": "arsenal",
    "assets": "asset",
    "rivalries": "rivalry",
    "affinities": "affinity",
    "debts": "debt",
    "backlog": "order",
    "threats": "threat",
    "leverage": "lever",
    "embargoes": "embargo",
    "grants": "grant",
    "trade": "entry",
    "events": "event",
    "contrasts": "contrast",
    "expect": "expectation",
}


@dataclass
class Inspection:
    """A document under check: its names, its model, and the problems found so far."""

    document: Node
    keys: frozenset[str]  # of the references
    variants: frozenset[str] | None  # None if the name of one is at fault
    base: Inspection | None = None  # of the document that a variant patches
    model: Model | None = None  # of the blocks whose shape is right; None if no model can be made
    broken: frozenset[Steps] = frozenset()  # the blocks left out: (key,) or (key, name)
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the model, and note what is wrong with the shape of the document."""
        plain, before = self.document.plain(), self.base.document if self.base else None
        try:
            self.model = Model.model_validate(plain)
        except ValidationError as error:
            details = error.errors(include_url=False, include_input=False)
        else:
            return
        blocks = [_block(each, plain) for each in details]
        astray = {each: _patch_astray(self.document, before, each, details) for each in {*blocks}}
        for place, (block, each) in enumerate(zip(blocks, details, strict=True)):
            if len(self.problems) == _MOST:
                text = f"{len(details) - place:,} more faults of form are not listed"
                self.problems.append(self.document.mark.problem("", text))
                break
            own = find(self.document, block)
            if before is not None and own is not None and own is find(before, block):
                continue  # the variant leaves it as it is: said of the baseline
            patch = astray[block] if each["type"] == "missing" else None
            self.problems.append(patch or problem_of(each, self.document, Model, before, OF_FILES))
        self.problems = list(dict.fromkeys(self.problems))
        self.broken = frozenset(blocks)
        self.model = _rest(plain, self.broken)

    def names(self, kind: str) -> frozenset[str]:
        """Return the names of a kind, those of entities in the wrong shape included."""
        if kind == "variant":
            return self.variants or frozenset()
        return frozenset(self.document.section(_BLOCKS[kind]))

    def node(self, *steps: str | int) -> Node | None:
        """Return the value at a path, unless its block is in the wrong shape."""
        return find(self.document, steps) if self.holds(steps) else None

    def holds(self, steps: Steps) -> bool:
        """Return whether the block of a path has the right shape."""
        return not any(steps[: len(each)] == each for each in self.broken)

    def intact(self, *blocks: str) -> bool:
        """Return whether some blocks are complete."""
        return not any(steps[0] in blocks for steps in self.broken)

    def wrong(self, steps: Steps, message: str, *, key: bool = False) -> None:
        """Note a problem at a path, or at its last key."""
        mark = mark_of(self.document, steps, key=key)
        self.problems.append(mark.problem(dotted(steps), message))

    def has_names_of(self, other: Inspection) -> bool:
        """Return whether the names known in another document are known here too."""
        return (
            self.keys >= other.keys
            and self.broken == other.broken
            and all(self.names(kind) >= other.names(kind) for kind in _BLOCKS)
        )

    def known(self, kinds: tuple[str, ...], name: str, steps: Steps, mark: Mark) -> None:
        """Note a problem if some kinds of entities have no entry of this name."""
        if any(name in self.names(kind) for kind in kinds):
            return
        known = frozenset[str]().union(*(self.names(kind) for kind in kinds))
        refused = any((_BLOCKS.get(kind),) in self.broken for kind in kinds)
        unknown = "variant" in kinds and self.variants is None
        sound = {each for each in known if NAME.match(each)}
        if not refused and not unknown and not meant(name, known - sound):
            message = f"no {either(kinds)} {quoted(name)}{meant(name, sound)}"
            self.problems.append(mark.problem(dotted(steps), message))


def _patch_astray(
    document: Node, before: Node | None, block: Steps, details: list[ErrorDetails]
) -> Problem | None:
    """Return the problem of a patch whose name does not exist, `offers.s400` for `s400_rus`.

    It would make a new entry without most keys; the message lists those, if a new one is meant.
    """
    if len(block) != _ENTITY:
        return None
    key, name = (str(step) for step in block)
    missing = {steps_of_error(each) for each in details if each["type"] == "missing"}
    shape = shape_at(Model, block, document)
    keys = fields_of(shape.block) if shape is not None and shape.block is not None else ()
    lacking = [each for each in keys if (*block, each) in missing]
    entries, mark = document.child(key), mark_of(document, block, key=True)
    if entries is None or not lacking:
        return None
    old = before.child(key) if before is not None else None
    known = {each for each, at in entries.keys.items() if at.file != mark.file}
    known = known if old is None or not old.is_mapping else set(old.value)
    near = meant(name, known - {name})
    if name in known or not (near or before is not None or mark.file == SET_FILE):
        return None
    what = f"no {_KINDS.get(key, key)} {quoted(name)} to patch{near}"
    return mark.problem(dotted(block), f"{what}; a new entry would also need {together(lacking)}")


def _rest(plain: dict[str, Any], broken: frozenset[Steps]) -> Model | None:
    whole = {step[0] for step in broken if len(step) == 1}
    kept = {key: value for key, value in plain.items() if key not in whole}
    for key, value in kept.items():
        if isinstance(value, dict):
            kept[key] = {name: each for name, each in value.items() if (key, name) not in broken}
    try:
        return Model.model_validate(_STUBS | kept)
    except ValidationError:  # for instance, no state is left
        return None


def _block(detail: ErrorDetails, plain: dict[str, Any]) -> Steps:
    """Return the block that an error breaks."""
    steps = steps_of_error(detail)
    if not steps:
        return ()
    field = fields_of(Model).get(str(steps[0]))
    shape = None if field is None else field.shape
    named = shape is not None and (shape.key is not None or shape.one_of is not None)
    if named and len(steps) >= _ENTITY and isinstance(plain.get(str(steps[0])), dict):
        return steps[:_ENTITY]
    return steps[:1]


_BLOCKS = {
    "state": "states",
    "system": "systems",
    "class": "classes",
    "bloc": "blocs",
    "offer": "offers",
    "event": "events",
}


def check_names(check: Inspection) -> None:
    """Note every unknown name of a state, system, class, bloc, variant or source.

    The parts that a variant shares with the document that it patches are checked there.
    """
    done = check.base.document if check.base and check.has_names_of(check.base) else None
    for leaf, node, mark, steps in _leaves(check.document, Shape(block=Model), (), check, done):
        one = leaf.of if isinstance(leaf, Several) else leaf
        several = isinstance(node.value, list)
        entries = [(str(e.value), e.mark) for e in node.value] if several else [(node.value, mark)]
        for entry, at in entries:
            if isinstance(leaf, Source):
                _check_key(check, entry, steps, at)
            elif isinstance(one, Ref) and one.kinds:
                check.known(one.kinds, entry, steps, at)


def _check_key(check: Inspection, key: str, steps: Steps, mark: Mark) -> None:
    if key in OWN_WORDS or key in check.keys:
        return
    hint = meant(key, {*check.keys, ASSUMED})
    message = f"no reference {quoted(key)}{hint}; add it to `references`, or write assumed"
    check.problems.append(mark.problem(dotted(steps), message))


def _leaves(
    node: Node, shape: Shape, steps: Steps, check: Inspection, done: Node | None
) -> Iterator[tuple[Leaf, Node, Mark, Steps]]:
    """Yield every leaf that the schema knows, keys of mappings included, except those done."""
    if node is done or not check.holds(steps) or node.value is None:
        return
    shape = shape.of(node)
    if shape.leaf is not None:
        yield shape.leaf, node, node.mark, steps
        uncertain = node.child("source")  # of an uncertain number
        if uncertain is not None and node.is_mapping:
            yield Source(), uncertain, uncertain.mark, (*steps, "source")
    elif shape.block is not None:
        fields = fields_of(shape.block)
        for name, child in node.items():
            if name in fields:
                old = done and done.child(name)
                yield from _leaves(child, fields[str(name)].shape, (*steps, name), check, old)
    else:
        for name, child in node.items():
            below, old = (*steps, name), done and done.child(name)
            if child is not old and shape.key is not None and check.holds(below):
                mark = node.keys[str(name)]
                yield shape.key, Node(name, mark), mark, below
            yield from _leaves(child, shape.below, below, check, old)
