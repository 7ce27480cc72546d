"""The second layer of checks: every value has the shape that the schema asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.documents.leaves import DISTRIBUTIONS, UNCERTAIN_KEYS, Leaf, Range
from sim.documents.nodes import Node, Steps, dotted, find, mark_of
from sim.documents.tree import MARK, fields_of, shape_at
from sim.kernel.errors import Problem
from sim.kernel.words import either, got, meant, quoted
from sim.patterns.vocabulary import Unknown
from sim.scenario.schema.root import Model

_STUBS: dict[str, Any] = {
    "scenario": "stub",
    "title": "stub",
    "question": "stub",
    "time": {"start": "0001", "end": "9999", "period": "year"},
}
_WANTED = {
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "tuple_type": "a list",
    "list_type": "a list",
}
_KEY = "[key]"
_ENTITY = 2  # steps to a named block, such as blocs.CSTO


@dataclass(frozen=True)
class Shaped:
    """A document after the check of its shape."""

    model: Model | None  # of the blocks whose shape is right; nothing if none can be made
    problems: tuple[Problem, ...]
    broken: frozenset[Steps]  # the blocks left out: (key,) or (key, name)

    def holds(self, *steps: str) -> bool:
        """Return whether a block is there in the right shape."""
        return not any(steps[: len(each)] == each for each in self.broken)


def check_shape(document: Node) -> Shaped:
    """Return the model of a document, or what is wrong with its shape."""
    plain = document.plain()
    try:
        return Shaped(Model.model_validate(plain), (), frozenset())
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    problems = [problem_of(each, document) for each in details]
    broken = frozenset(_block(each, plain) for each in details)
    return Shaped(_rest(plain, broken), tuple(problems), broken)


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
    steps = _steps(detail)
    if not steps:
        return ()
    field = fields_of(Model).get(str(steps[0]))
    shape = None if field is None else field.shape
    named = shape is not None and (shape.key is not None or shape.one_of is not None)
    if named and len(steps) >= _ENTITY and isinstance(plain.get(str(steps[0])), dict):
        return steps[:_ENTITY]
    return steps[:1]


def _steps(detail: ErrorDetails) -> Steps:
    """Return the path of an error, less pydantic's own marks."""
    return tuple(each for each in detail["loc"] if not _is_mark(each))


def _is_mark(step: str | int) -> bool:
    """Return whether a step is a mark of pydantic: of a key, or of one of several forms."""
    return isinstance(step, str) and (step == _KEY or step.startswith(MARK))


def problem_of(detail: ErrorDetails, document: Node, root: type[BaseModel] = Model) -> Problem:
    """Return a shape error in plain words, at its place."""
    steps, kind = _steps(detail), detail["type"]
    if kind == "missing":
        mark = mark_of(document, steps[:-1])
        message = f"the key {quoted(str(steps[-1]))} is missing{_wants(steps, document, root)}"
        return mark.problem(dotted(steps[:-1]), message)
    on_key = kind == "extra_forbidden" or _KEY in detail["loc"]
    mark = mark_of(document, steps, key=on_key)
    if kind == "extra_forbidden":
        known = _known_keys(steps, document, root)
        hint = meant(str(steps[-1]), known) or f" (known here: {', '.join(known)})"
        return mark.problem(dotted(steps), f"unknown key{hint}")
    node = find(document, steps)
    found = got(node.value) if node is not None else "nothing"
    if kind in _WANTED:
        return mark.problem(dotted(steps), f"must be {_WANTED[kind]}, got {found}")
    if kind == "refused":
        return mark.problem(dotted(steps), detail["msg"])
    return mark.problem(dotted(steps), f"does not fit the schema, got {found}")


def _wants(steps: Steps, document: Node, root: type[BaseModel]) -> str:
    """Return what a missing key should hold."""
    above, shape = (shape_at(root, each, document) for each in (steps[:-1], steps))
    if above is not None and isinstance(above.leaf, Range):  # of an uncertain number
        return f": write {above.leaf.wanted() if steps[-1] != 'dist' else either(DISTRIBUTIONS)}"
    if above is not None and isinstance(above.leaf, Unknown):  # a check without quantity
        return f": write {either(above.leaf.names)}"
    leaf: Leaf | None = shape.leaf if shape is not None else None
    if isinstance(leaf, Range):
        return f": write {leaf.wanted()}"
    if leaf is not None and leaf.doc:
        return f" ({leaf.doc.rstrip('.')})"
    return ""


def _known_keys(steps: Steps, document: Node, root: type[BaseModel]) -> list[str]:
    """Return the keys that the schema knows beside an unknown one."""
    above = find(document, steps[:-1])
    shape = shape_at(root, steps[:-1], document)
    if shape is not None and shape.block is not None:
        return list(fields_of(shape.block))
    if above is not None and above.is_mapping:
        return list(UNCERTAIN_KEYS)
    return []
