"""Measures: what a quantity of a pattern reads off a record.

Every measure can be read as an amount in a window, as a number a year, and as a list of dates.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from sim.documents.leaves import Choice, Range, Text, refuse
from sim.documents.list_leaves import Choices, Dates, Names, Span, Texts, Window
from sim.documents.tree import BlocName, YamlBlock
from sim.kernel.words import either

SIDES = ("state", "bloc")
UNITS = ("tiv", "units", "value", "listed", "credit", "waived", "orders")
CONDITIONS = ("new", "refurbished", "second_hand")
REACHED = (
    "requested",
    "refused",
    "objected",
    "stalled",
    "blocked",
    "ordered",
    "late",
    "delivered",
    "completed",
    "withdrawn",
)
LADDER = ("skips_drills", "refuses_to_host", "frozen", "stops_paying", "announces_exit")
SIMULATED = ("war", "appeal", "exit", "stage", "dispute")  # kinds that runs have, as files do
RECORDED = (  # kinds that only files of events have
    "accession",
    "alignment",
    "appointment",
    "arms",
    "clash",
    "crisis",
    "disclosure",
    "disengagement",
    "domestic",
    "finance",
    "institution",
    "intervention",
    "loan",
    "meeting",
    "nonintervention",
    "rule",
    "settlement",
    "statement",
    "treaty",
    "vote",
)
TAKES = ("mean", "last", "sum", "least", "greatest")
ONLY_RECORDED = {  # metrics that only files of series have
    "spending": "Military spending, million USD, of a state.",
    "burden": "Military spending over GDP, percent, of a state.",
    "votes": "Agreement of two states (STATE>STATE) in votes, 0 to 1, or votes of a bloc.",
    "opinion": "Share of a state's people, 0 to 1, who hold the relation with another good.",
}


class GoodsFilter(YamlBlock):
    """Which arms, from whom and to whom; what is left out is not restricted."""

    from_: (
        Annotated[
            tuple[str, ...],
            Names(kinds=SIDES, doc="Suppliers; a bloc stands for its members."),
        ]
        | None
    ) = Field(default=None, alias="from")
    to: (
        Annotated[
            tuple[str, ...],
            Names(kinds=SIDES, doc="Recipients; a bloc stands for its members."),
        ]
        | None
    ) = None
    classes: (
        Annotated[tuple[str, ...], Names(kinds=("class",), doc="Classes of weapon systems.")] | None
    ) = None
    systems: Annotated[tuple[str, ...], Names(kinds=("system",), doc="Weapon systems.")] | None = (
        None
    )
    conditions: (
        Annotated[tuple[str, ...], Choices(options=CONDITIONS, doc="State of the units.")] | None
    ) = None

    range: (
        Annotated[float, Range(unit="km", low=0, plain=True, doc="Least range of fire.")] | None
    ) = None

    @property
    def narrow(self) -> bool:
        """Return whether only some goods count."""
        kinds = (self.classes, self.systems, self.conditions, self.range)
        return any(each is not None for each in kinds)


class Flow(GoodsFilter):
    """Arms that moved: volume by date of delivery, money by date of order."""

    unit: Annotated[str, Choice(options=UNITS, doc="What is counted.")] = "tiv"


class Orders(GoodsFilter):
    """Requests that went through certain stages, dated at the first that is named."""

    reached: Annotated[
        tuple[str, ...], Choices(options=REACHED, doc="Stages that a request has gone through.")
    ] = ("ordered",)
    origin: (
        Annotated[str, Choice(options=("decided", "event"), doc="By whom it came about.")] | None
    ) = None


class Events(YamlBlock):
    """Dated events of a kind."""

    kind: Annotated[str, Choice(options=(*SIMULATED, *RECORDED), doc="Kind of the event.")]
    states: Annotated[tuple[str, ...], Names(doc="States that all take part in it.")] | None = None
    bloc: BlocName | None = None
    answer: (
        Annotated[
            str, Choice(options=("honoured", "refused"), doc="What an appeal was answered with.")
        ]
        | None
    ) = None
    threat: (
        Annotated[
            str,
            Choice(options=("internal", "attack"), doc="What an appeal was about."),
        ]
        | None
    ) = None
    stage: (
        Annotated[str, Choice(options=LADDER, doc="Stage of disengagement that is reached.")] | None
    ) = None
    fall: Annotated[
        float,
        Range(unit="", low=0, high=2, above=True, plain=True, doc="Loss of regard in a period."),
    ] = 0.05

    @model_validator(mode="after")
    def _fitting(self) -> Events:
        """Refuse fields that the kind has no use for."""
        for field, kind in (("answer", "appeal"), ("threat", "appeal"), ("stage", "stage")):
            if getattr(self, field) is not None and self.kind != kind:
                message = f"{field} belongs to events of the kind {kind}, not {self.kind}"
                raise refuse(message)
        if self.kind == "stage" and self.stage is None:
            message = f"an event of the kind stage needs stage: {either(LADDER)}"
            raise refuse(message)
        return self


class Series(YamlBlock):
    """A metric of one subject, or the mean over several."""

    metric: Annotated[str, Text(doc="A metric that is taken every period (docs/metrics.md).")]
    subject: Annotated[tuple[str, ...], Texts(doc="Subjects, written as in outcomes.")]
    take: Annotated[str, Choice(options=TAKES, doc="What stands for a window or a year.")] = "mean"
    above: (
        Annotated[float, Range(unit="", plain=True, doc="Level; reaching it is the event.")] | None
    ) = None
    below: (
        Annotated[float, Range(unit="", plain=True, doc="Level; falling to it is the event.")]
        | None
    ) = None


FORMS = ("flow", "orders", "events", "series", "dates")


class Measure(YamlBlock):
    """One thing that a record holds, of exactly one form."""

    flow: Flow | None = None
    orders: Orders | None = None
    events: Events | None = None
    series: Series | None = None
    dates: Annotated[tuple[Window, ...], Dates(doc="Dates that are given.")] | None = None
    window: Annotated[Window, Span(doc="In place of the window of the check.")] | None = None

    @property
    def form(self) -> str:
        """Return the form of the measure."""
        return next(form for form in FORMS if getattr(self, form) is not None)

    @model_validator(mode="after")
    def _one_form(self) -> Measure:
        """Refuse a measure of no form or of several."""
        forms = [form for form in FORMS if getattr(self, form) is not None]
        if len(forms) != 1:
            what = f"has several forms ({', '.join(forms)})" if forms else "measures nothing"
            message = f"{what}: write exactly one of {either(FORMS)}"
            raise refuse(message, *forms)
        return self


def need_dates(*measures: Measure) -> None:
    """Refuse measures that are no dated events: a series without a level to reach."""
    for measure in measures:
        series = measure.series
        if series is not None and (series.above is None) == (series.below is None):
            message = "a series is an event only with exactly one of above and below"
            raise refuse(message)
