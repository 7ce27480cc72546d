"""The vocabulary of quantities: what a check of a pattern can ask of a record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import Field, GetCoreSchemaHandler, model_validator
from pydantic_core import CoreSchema, core_schema

from sim.scenario.blocks import Block, BlocName, Note, StateName
from sim.scenario.leaves import Choice, Flag, Json, Leaf, Ref, refuse
from sim.scenario.measures import LADDER, SIDES, Flow, Measure, dated
from sim.scenario.numbers import Range
from sim.scenario.oneof import OneOf
from sim.scenario.pattern_leaves import Choices, Names, Span, Window

USES = ("fit", "judge")
KEYS = ("recipient", "supplier", "class", "system")

SpanOf = Annotated[Window, Span(doc="Window of time, ends included.")]
Months = Annotated[int, Range(unit="months", low=-600, high=600, whole=True)]
Suppliers = Annotated[
    tuple[str, ...], Names(kinds=SIDES, doc="Suppliers; a bloc stands for its members.")
]


class Band(Block):
    """Where the median of the ensemble has to lie; a bound that is left out is none."""

    low: Annotated[float, Range(unit="", plain=True, doc="Least value.")] | None = None
    high: Annotated[float, Range(unit="", plain=True, doc="Greatest value.")] | None = None

    @model_validator(mode="after")
    def _forward(self) -> Band:
        """Refuse a band without a bound, and one whose ends are the wrong way round."""
        if self.low is None and self.high is None:
            message = "needs low, high or both"
            raise refuse(message)
        if self.low is not None and self.high is not None and self.low > self.high:
            message = "low must not be more than high"
            raise refuse(message)
        return self

    def holds(self, value: float) -> bool:
        """Return whether a value lies in the band; what is undefined does not."""
        low = float("-inf") if self.low is None else self.low
        high = float("inf") if self.high is None else self.high
        return low <= value <= high


class Check(Block):
    """What every quantity may carry: its band, its documented value, how it is used."""

    name: ClassVar[str]

    band: Band | None = None
    historical: (
        Annotated[float, Range(unit="", plain=True, doc="Documented value of history.")] | None
    ) = None
    use: Annotated[str, Choice(options=USES, doc="In place of the pattern's use.")] | None = None
    scored: Annotated[bool, Flag(doc="Whether the verdict counts.")] = True
    note: Note | None = None

    @model_validator(mode="after")
    def _banded(self) -> Check:
        """Refuse a check that counts and has no band."""
        if self.scored and self.band is None and self.historical is not None:
            message = "needs a band, or scored: false"
            raise refuse(message)
        return self


class Share(Check, Flow):
    """Share of a flow that certain suppliers have, 0 to 1."""

    name = "share"
    quantity: Annotated[str, Choice(options=("share",))]
    among: Suppliers | None = None
    window: SpanOf


class Ratio(Check):
    """One measure over another: infinite over nothing, undefined for nothing over nothing."""

    name = "ratio"
    quantity: Annotated[str, Choice(options=("ratio",))]
    of: Measure
    over: Measure
    window: SpanOf | None = None


class Hhi(Check, Flow):
    """Concentration of a flow over its suppliers: sum of squared shares, 1/n to 1."""

    name = "hhi"
    quantity: Annotated[str, Choice(options=("hhi",))]
    window: SpanOf


class SupplierCount(Check, Flow):
    """Number of suppliers with at least a least share of a flow."""

    name = "suppliers"
    quantity: Annotated[str, Choice(options=("suppliers",))]
    least: Annotated[
        float, Range(unit="", low=0, high=1, plain=True, doc="Least share that counts.")
    ] = 0.01
    window: SpanOf


class Level(Check):
    """A measure in a window: what moved, how many events, or the series."""

    name = "level"
    quantity: Annotated[str, Choice(options=("level",))]
    of: Measure
    window: SpanOf


class FirstYear(Check):
    """First year in which a measure is more than a threshold; infinite if there is none."""

    name = "first_year"
    quantity: Annotated[str, Choice(options=("first_year",))]
    of: Measure
    above: Annotated[float, Range(unit="", plain=True, doc="Threshold of a year's value.")] = 0.0
    window: SpanOf


class CrossoverYear(Check, Flow):
    """First year in which one side's flow passes that of another that led before it."""

    name = "crossover_year"
    quantity: Annotated[str, Choice(options=("crossover_year",))]
    past: Suppliers
    hold: Annotated[
        int, Range(unit="years", low=1, high=50, whole=True, doc="Years that the lead must last.")
    ] = 1
    window: SpanOf

    @model_validator(mode="after")
    def _challenger(self) -> CrossoverYear:
        """Refuse a crossover without a supplier that takes the lead."""
        if self.from_ is None:
            message = "needs from: the supplier that takes the lead from those in past"
            raise refuse(message)
        return self


class Leaders(Check, Flow):
    """Share of windows in which the largest supplier is the one expected, 0 to 1."""

    name = "leaders"
    quantity: Annotated[str, Choice(options=("leaders",))]
    windows: tuple[SpanOf, ...]
    expect: tuple[StateName, ...]

    @model_validator(mode="after")
    def _paired(self) -> Leaders:
        """Refuse windows and names that do not pair."""
        if not self.windows or len(self.windows) != len(self.expect):
            message = "needs windows and expect of equal length, one supplier a window"
            raise refuse(message)
        if self.from_ is not None:
            message = "takes no from: all suppliers compete"
            raise refuse(message)
        return self


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
    by: Measure
    months: MonthSpan
    same: Annotated[tuple[str, ...], Choices(options=KEYS, doc="What both must share.")] = ()
    other: Annotated[tuple[str, ...], Choices(options=KEYS, doc="What must differ.")] = ()
    window: SpanOf

    @model_validator(mode="after")
    def _of_orders(self) -> Followed:
        """Refuse what has no dates, and to compare what only requests have."""
        dated(self.of, self.by)
        if (self.same or self.other) and not (self.of.orders and self.by.orders):
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


class Correlation(Check):
    """Pearson's correlation of two measures a year, the second some years later."""

    name = "correlation"
    quantity: Annotated[str, Choice(options=("correlation",))]
    of: Measure
    with_: Measure = Field(alias="with")
    lag: Annotated[
        int, Range(unit="years", low=-50, high=50, whole=True, doc="Years that it comes later.")
    ] = 0
    window: SpanOf


class Variation(Check):
    """Coefficient of variation of a measure a year: standard deviation over mean."""

    name = "variation"
    quantity: Annotated[str, Choice(options=("variation",))]
    of: Measure
    window: SpanOf


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


class Change(Check):
    """What a measure gained from one window to another."""

    name = "change"
    quantity: Annotated[str, Choice(options=("change",))]
    of: Measure
    before: SpanOf
    after: SpanOf
    relative: Annotated[bool, Flag(doc="Whether the change is divided by the first value.")] = False


class Stay(Check):
    """Membership of a bloc in a window: formal exits, or mean years of stay."""

    name = "stay"
    quantity: Annotated[str, Choice(options=("stay",))]
    bloc: BlocName
    states: Annotated[tuple[str, ...], Names(doc="Members that count.")] | None = None
    count: Annotated[str, Choice(options=("exits", "years"), doc="What is counted.")] = "exits"
    window: SpanOf


SIMPLE = (
    Share, Ratio, Hhi, SupplierCount, Level, FirstYear, CrossoverYear, Leaders, HazardRatio,
    Followed, Delay, Ladder, Correlation, Variation, Order, Answered, Change, Stay,
)  # fmt: skip


@dataclass(frozen=True)
class Unknown(Leaf):
    """A check whose quantity is none of the vocabulary: only that is told of it."""

    names: tuple[str, ...] = ()

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return the schema that refuses the quantity and says what there is."""
        choice = core_schema.no_info_plain_validator_function(Choice(options=self.names).check)
        fields = {"quantity": core_schema.typed_dict_field(choice)}
        return core_schema.typed_dict_schema(fields, extra_behavior="ignore")

    def published(self) -> Json:
        """Return the JSON Schema of nothing: the form is never published."""
        return {"not": {}}


def _quantity(value: Any) -> str:
    """Return the quantity that a mapping names."""
    if isinstance(value, Check):
        return value.name
    found = value.get("quantity") if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def _union(kinds: tuple[type[Check], ...]) -> OneOf:
    """Return the choice between some quantities."""
    known = tuple((kind.name, kind) for kind in kinds)
    unknown = Annotated[Any, Unknown(names=tuple(kind.name for kind in kinds))]
    return OneOf(told=_quantity, options=(*known, ("unknown quantity", unknown)), hidden=1)


Simple = Annotated[Any, _union(SIMPLE)]


class Difference(Check):
    """One quantity less another, or less itself in another variant; or the sign of that."""

    name = "difference"
    quantity: Annotated[str, Choice(options=("difference",))]
    of: Simple
    less: Simple | None = None
    versus: (
        Annotated[str, Ref(kind="variant", doc="Variant in which it is taken off.")] | None
    ) = None
    sign: Annotated[bool, Flag(doc="Whether only the sign counts: -1, 0 or 1.")] = True

    @model_validator(mode="after")
    def _one_of_two(self) -> Difference:
        """Refuse a difference to nothing, or to two things."""
        if (self.less is None) == (self.versus is None):
            message = "needs exactly one of less and versus"
            raise refuse(message)
        return self


QUANTITIES: dict[str, type[Check]] = {kind.name: kind for kind in (*SIMPLE, Difference)}
Quantity = Annotated[Any, _union((*SIMPLE, Difference))]
