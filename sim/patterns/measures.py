"""Measures: the data of a history that a quantity of a pattern uses.

Every measure can be read as an amount in a window, as an amount by year, and as a list of dates.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from sim.documents.leaves import Choice, Names, Range, Several, Text, named, refuse
from sim.documents.tree import BlocName, YamlBlock
from sim.documents.window import DatedWindow, Span, Window
from sim.kernel.words import either

SIDES = ("state", "bloc")
UNITS = ("tiv", "units", "value", "listed", "credit", "waived", "orders")
CONDITIONS = ("new", "refurbished", "second_hand")
REACHED = (
    "requested", "refused", "objected", "stalled", "blocked", "ordered", "late", "delivered",
    "completed", "withdrawn",
)  # fmt: skip
LADDER = ("skips_drills", "refuses_to_host", "frozen", "stops_paying", "announces_exit")
SIMULATED = ("war", "appeal", "exit", "stage", "dispute")  # kinds in runs and files
RECORDED = (  # kinds in files alone
    "accession", "alignment", "appointment", "arms", "clash", "crisis", "disclosure",
    "disengagement", "domestic", "finance", "institution", "intervention", "loan", "meeting",
    "nonintervention", "rule", "settlement", "statement", "treaty", "vote",
)  # fmt: skip
TAKES = ("mean", "last", "sum", "least", "greatest")
ONLY_RECORDED = {  # metrics in files alone
    "votes": "Agreement of two states (STATE>STATE) in votes, 0 to 1, or votes of a bloc.",
    "opinion": "Share of a state's people, 0 to 1, who hold the relation with another good.",
}


class GoodsFilter(YamlBlock):
    """Which arms, from whom and to whom; what is left out is not restricted."""

    from_: Annotated[Names, named("Suppliers; a bloc means its members.", *SIDES)] | None = Field(
        default=None, alias="from"
    )
    to: Annotated[Names, named("Recipients; a bloc means its members.", *SIDES)] | None = None
    classes: Annotated[Names, named("Classes of weapon systems.", "class")] | None = None
    systems: Annotated[Names, named("Weapon systems.", "system")] | None = None
    conditions: (
        Annotated[Names, Several("Condition of the units.", Choice(options=CONDITIONS))] | None
    ) = None

    range: (
        Annotated[float, Range("Smallest firing range.", unit="km", low=0, plain=True)] | None
    ) = None

    @property
    def narrow(self) -> bool:
        """Return whether the filter leaves out some goods."""
        kinds = (self.classes, self.systems, self.conditions, self.range)
        return any(each is not None for each in kinds)


class Flow(GoodsFilter):
    """Arms that moved: volume by date of delivery, money by date of order."""

    unit: Annotated[str, Choice("Unit of the count.", UNITS)] = "tiv"


class Orders(GoodsFilter):
    """Requests that went through certain stages, dated at the first that is named."""

    reached: Annotated[
        Names, Several("Stages that a request has gone through.", Choice(options=REACHED))
    ] = ("ordered",)
    origin: (
        Annotated[
            str, Choice("Whether it was decided or forced by an event.", ("decided", "event"))
        ]
        | None
    ) = None


class Events(YamlBlock):
    """Dated events of a kind."""

    kind: Annotated[str, Choice("Kind of the event.", (*SIMULATED, *RECORDED))]
    states: Annotated[Names, named("States that all take part in it.", "state")] | None = None
    bloc: BlocName | None = None
    answer: Annotated[str, Choice("Answer to an appeal.", ("honoured", "refused"))] | None = None
    threat: Annotated[str, Choice("Cause of an appeal.", ("internal", "attack"))] | None = None
    stage: Annotated[str, Choice("Stage of disengagement that is reached.", LADDER)] | None = None
    fall: Annotated[
        float, Range("Loss of regard in a period.", low=0, high=2, above=True, plain=True)
    ] = 0.05

    @model_validator(mode="after")
    def _fitting(self) -> Events:
        for field, kind in (("answer", "appeal"), ("threat", "appeal"), ("stage", "stage")):
            if getattr(self, field) is not None and self.kind != kind:
                refuse(f"{field} belongs to events of the kind {kind}, not {self.kind}")
        if self.kind == "stage" and self.stage is None:
            refuse(f"an event of the kind stage needs stage: {either(LADDER)}")
        return self


class Series(YamlBlock):
    """A metric of one subject, or the mean over several."""

    metric: Annotated[str, Text("A metric recorded every period (docs/metrics.md).")]
    subject: Annotated[Names, Several("Subjects, written as in outcomes.", once=False)]
    take: Annotated[str, Choice("Statistic over a window or a year.", TAKES)] = "mean"
    above: Annotated[float, Range("Level; reaching it is the event.", plain=True)] | None = None
    below: Annotated[float, Range("Level; falling to it is the event.", plain=True)] | None = None


_GIVEN = Several("Dates that are given.", DatedWindow(), once=False)
FORMS = ("flow", "orders", "events", "series", "dates")


class Measure(YamlBlock):
    """One thing that a record holds, of exactly one form."""

    flow: Flow | None = None
    orders: Orders | None = None
    events: Events | None = None
    series: Series | None = None
    dates: Annotated[tuple[Window, ...], _GIVEN] | None = None
    window: Annotated[Window, Span("In place of the window of the check.")] | None = None

    @property
    def form(self) -> str:
        """Return the form of the measure, one of FORMS."""
        return next(form for form in FORMS if getattr(self, form) is not None)

    @model_validator(mode="after")
    def _one_form(self) -> Measure:
        forms = [form for form in FORMS if getattr(self, form) is not None]
        if len(forms) != 1:
            what = f"has several forms ({', '.join(forms)})" if forms else "has no measure"
            refuse(f"{what}: write exactly one of {either(FORMS)}", *forms)
        return self


def _dated(measure: Measure) -> Measure:
    series = measure.series
    if series is not None and (series.above is None) == (series.below is None):
        refuse("a series is an event only with exactly one of above and below")
    return measure


Occurrence = Annotated[Measure, AfterValidator(_dated)]  # a measure that has dates
