"""What the blocks of a scenario share: strictness, the order of names, common fields."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict

from sim.scenario.leaves import Ref, Source, Text, refuse
from sim.scenario.words import quoted

T = TypeVar("T")


class Block(BaseModel):
    """A mapping of the scenario whose keys are all known."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True
    )


def in_order(mapping: dict[str, T]) -> dict[str, T]:
    """Return a mapping sorted by name."""
    return dict(sorted(mapping.items()))


def names_in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return names sorted; a name that stands twice is refused."""
    ordered = tuple(sorted(names))
    for first, second in pairwise(ordered):
        if first == second:
            message = f"names {quoted(first)} twice"
            raise refuse(message)
    return ordered


def sourced(model: Any) -> tuple[str, ...]:
    """Return the source that a block names, if it names one."""
    return tuple(getattr(model, "source", ()) or ())


Named = Annotated[dict[Annotated[str, Ref()], T], AfterValidator(in_order)]
ByState = Annotated[dict[Annotated[str, Ref(kind="state")], T], AfterValidator(in_order)]
BySystem = Annotated[dict[Annotated[str, Ref(kind="system")], T], AfterValidator(in_order)]

StateName = Annotated[str, Ref(kind="state")]
SystemName = Annotated[str, Ref(kind="system")]
BlocName = Annotated[str, Ref(kind="bloc")]
States = Annotated[tuple[StateName, ...], AfterValidator(names_in_order)]
Sources = Annotated[tuple[str, ...], Source()]
Note = Annotated[str, Text(doc="A remark for the reader.")]
