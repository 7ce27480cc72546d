"""The second layer of checks: every value has the shape that the schema asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.documents.misfit import problem_of, steps_of_error
from sim.documents.nodes import Node, Steps
from sim.documents.tree import fields_of
from sim.kernel.errors import Problem
from sim.scenario.schema.root import Model

_STUBS: dict[str, Any] = {
    "scenario": "stub",
    "title": "stub",
    "question": "stub",
    "time": {"start": "0001", "end": "9999", "period": "year"},
}
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
    problems = [problem_of(each, document, Model) for each in details]
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
    steps = steps_of_error(detail)
    if not steps:
        return ()
    field = fields_of(Model).get(str(steps[0]))
    shape = None if field is None else field.shape
    named = shape is not None and (shape.key is not None or shape.one_of is not None)
    if named and len(steps) >= _ENTITY and isinstance(plain.get(str(steps[0])), dict):
        return steps[:_ENTITY]
    return steps[:1]
