"""Quantities of time: what comes after what, how soon, in which order, and who stays."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from sim.scenario.blocks import Block, BlocName, StateName
from sim.scenario.checks import Check, Months, SpanOf
from sim.scenario.leaves import Choice, refuse
from sim.scenario.measures import LADDER, Measure, dated
from sim.scenario.pattern_leaves import Choices, Names

KEYS = ("recipient", "supplier", "class", "system")


class Pair(Block):
    """Events, and those after which their rate is asked for."""

    of: Measure
    after: Measure

    @model_validator(mode="after")
    def _of_events(self) -> Pair:
        """Refuse what has no dates."""
        dated(self.of, self.after)
        return self


class MonthSpan(Block):
    """A span of months around an event; negative before it."""

    low: Months
    high: Months

    @model_validator(mode="after")
    def _forward(self) -> MonthSpan:
        """Refuse a span that ends before it starts."""
        if self.low > self.high:
            message = "low must not be more than high"
            raise refuse(message)
        return self


class HazardRatio(Check):
    """Rate of events in the months after others over their rate in all other months."""

    name = "hazard_ratio"
    quantity: Annotated[str, Choice(options=("hazard_ratio",))]
    pairs: tuple[Pair, ...]
    months: MonthSpan
    window: SpanOf

    @model_validator(mode="after")
    def _some(self) -> HazardRatio:
        """Refuse a hazard of nothing."""
        if not self.pairs:
            message = "needs at least one pair {of, after}"
            raise refuse(message)
        return self


class Followed(Check):
    """Share of events that have another within some months; negative months lie before."""

    name = "followed"
    quantity: Annotated[str, Choice(options=("followed",))]
    of: Measure
    by: tuple[Measure, ...]
    months: MonthSpan
    same: Annotated[tuple[str, ...], Choices(options=KEYS, doc="What both must share.")] = ()
    other: Annotated[tuple[str, ...], Choices(options=KEYS, doc="What must differ.")] = ()
    window: SpanOf

    @model_validator(mode="after")
    def _of_orders(self) -> Followed:
        """Refuse what has no dates, and to compare what only requests have."""
        if not self.by:
            message = "needs at least one measure in by"
            raise refuse(message)
        dated(self.of, *self.by)
        of_orders = all(each.orders is not None for each in (self.of, *self.by))
        if (self.same or self.other) and not of_orders:
            message = "same and other need orders on both sides"
            raise refuse(message)
        return self


class Delay(Check):
    """Months from the first event to the next of another; infinite if there is none."""

    name = "delay"
    quantity: Annotated[str, Choice(options=("delay",))]
    from_: Measure = Field(alias="from")
    to: Measure
    window: SpanOf

    @model_validator(mode="after")
    def _of_events(self) -> Delay:
        """Refuse what has no dates."""
        dated(self.from_, self.to)
        return self


class Ladder(Check):
    """Months from an event until a member has reached a stage of disengagement."""

    name = "ladder"
    quantity: Annotated[str, Choice(options=("ladder",))]
    state: StateName
    bloc: BlocName
    stage: Annotated[str, Choice(options=LADDER, doc="Stage of disengagement.")]
    after: Measure
    window: SpanOf

    @model_validator(mode="after")
    def _of_events(self) -> Ladder:
        """Refuse what has no dates."""
        dated(self.after)
        return self


class Order(Check):
    """Order of first events: 1 as written, -1 reversed, between if in part."""

    name = "order"
    quantity: Annotated[str, Choice(options=("order",))]
    events: tuple[Measure, ...]
    window: SpanOf

    @model_validator(mode="after")
    def _several(self) -> Order:
        """Refuse the order of one thing."""
        if len(self.events) < 2:  # noqa: PLR2004
            message = "needs at least two events"
            raise refuse(message)
        return self

    @model_validator(mode="after")
    def _of_events(self) -> Order:
        """Refuse what has no dates."""
        dated(*self.events)
        return self


class Answered(Check):
    """Share of appeals to a bloc that were honoured, 0 to 1."""

    name = "answered"
    quantity: Annotated[str, Choice(options=("answered",))]
    bloc: BlocName
    states: Annotated[tuple[str, ...], Names(doc="Members whose appeals count.")] | None = None
    threat: (
        Annotated[str, Choice(options=("internal", "attack"), doc="What appeals were about.")]
        | None
    ) = None
    window: SpanOf


class Stay(Check):
    """Membership of a bloc in a window: formal exits, or mean years of stay."""

    name = "stay"
    quantity: Annotated[str, Choice(options=("stay",))]
    bloc: BlocName
    states: Annotated[tuple[str, ...], Names(doc="Members that count.")] | None = None
    count: Annotated[str, Choice(options=("exits", "years"), doc="What is counted.")] = "exits"
    window: SpanOf
