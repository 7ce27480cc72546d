"""First layer of checks: every value has the shape that the schema asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.documents.misfit import problem_of, steps_of_error
from sim.documents.nodes import Node, Steps, dotted, find, mark_of
from sim.documents.tree import fields_of, shape_at
from sim.kernel.errors import Problem
from sim.kernel.words import meant, quoted
from sim.scenario.patches import SET_FILE
from sim.scenario.schema.root import Model

_STUBS: dict[str, Any] = {
    "scenario": "stub",
    "title": "stub",
    "question": "stub",
    "time": {"start": "0001", "end": "9999", "period": "year"},
}
_ENTITY = 2  # steps to a named block, such as blocs.CSTO
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
    "embargoes": "embargo",
    "events": "event",
    "expect": "expectation",
}


@dataclass(frozen=True)
class Shaped:
    """A document after the check of its shape."""

    model: Model | None  # of the blocks whose shape is right; nothing if none can be made
    problems: tuple[Problem, ...]
    broken: frozenset[Steps]  # the blocks left out: (key,) or (key, name)

    def holds(self, *steps: str) -> bool:
        """Return whether a block is there in the right shape."""
        return not any(steps[: len(each)] == each for each in self.broken)


def check_shape(document: Node, before: Node | None = None) -> Shaped:
    """Return the model of a document, or what is wrong with its shape.

    Of a variant, `before` is the document that it patches.
    """
    plain = document.plain()
    try:
        return Shaped(Model.model_validate(plain), (), frozenset())
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    blocks = [_block(each, plain) for each in details]
    astray = {block: _patch_astray(document, before, block, details) for block in set(blocks)}
    problems = []
    for block, each in zip(blocks, details, strict=True):
        own = find(document, block)
        if before is not None and own is not None and own is find(before, block):
            continue  # the variant leaves it as it is: said of the baseline
        patch = astray[block] if each["type"] == "missing" else None
        problems.append(problem_of(each, document, Model, before) if patch is None else patch)
    broken = frozenset(blocks)
    return Shaped(_rest(plain, broken), tuple(dict.fromkeys(problems)), broken)


def _patch_astray(
    document: Node, before: Node | None, block: Steps, details: list[ErrorDetails]
) -> Problem | None:
    """Return the problem of a patch whose name is not there, `offers.s400` for `s400_rus`.

    It would come to a new entry that lacks most keys; one that is meant as such is told those.
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
    return mark.problem(dotted(block), f"{what}; a new one lacks {_listed(lacking)}")


def _listed(keys: list[str]) -> str:
    """Return keys as a list in words."""
    *first, last = keys
    return f"{', '.join(first)} and {last}" if first else last


def _rest(plain: dict[str, Any], broken: frozenset[Steps]) -> Model | None:
    """Return the model of the blocks that are not broken."""
    whole = {step[0] for step in broken if len(step) == 1}
    kept = {key: value for key, value in plain.items() if key not in whole}
    for key, value in kept.items():
        if isinstance(value, dict):
            kept[key] = {name: each for name, each in value.items() if (key, name) not in broken}
    try:
        return Model.model_validate(_STUBS | kept)
    except ValidationError:  # no state is left, for one
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
