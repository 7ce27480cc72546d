"""The schema of a scenario: its top level, and the model that the rest of the package reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PrivateAttr, model_validator

from sim.documents.leaves import Choice, Flag, Number, Range, Ref, Text, refuse
from sim.documents.tree import ByState, Named, T, YamlBlock, in_order
from sim.documents.window import Date
from sim.patterns.pattern import Pattern, Patterns
from sim.scenario.schema.bloc import Bloc
from sim.scenario.schema.contrasts import Contrast, Contrasts
from sim.scenario.schema.dealings import Grant, Lever, Trade
from sim.scenario.schema.entities import (
    Affinity,
    Arsenal,
    Asset,
    Debt,
    DeliveryThreat,
    DyadicTables,
    Embargo,
    Imports,
    Offer,
    OrderUnderWay,
    Refusals,
    Rivalry,
    State,
    System,
    WeaponClass,
)
from sim.scenario.schema.episode import Episode
from sim.scenario.schema.events import Event, EventCondition
from sim.scenario.schema.expectation import Expectation

Dyads = Mapping[tuple[str, str], float]
OF_FILES = ("format", "extends", "variants")  # keys of a file, which are read before its model
PERIODS = ("year", "half", "quarter", "month")
ANY_NUMBER = Range("A number in the unit of its path.")
SMALLEST = Range(
    "Smallest effect of interest by metric, in its unit, instead of the metric's default.",
    low=0,
    above=True,
    plain=True,
)

Outcomes = tuple[
    Annotated[
        str,
        Text(
            "A number of a run, `METRIC SUBJECT [SYSTEM] [WINDOW]`, such as "
            "`cohesion CSTO mean 2018-Q3..2020-Q2`; without a window, at the end of the run. "
            "`A less B` is the difference of two outcomes of the same unit."
        ),
    ],
    ...,
]
ByKey = Annotated[dict[Annotated[str, Text()], T], AfterValidator(in_order)]  # paths, references


class Time(YamlBlock):
    """The span of a scenario and the length of its periods."""

    start: Annotated[str, Date("First period.")]
    end: Annotated[str, Date("Last period, included.")]
    period: Annotated[str, Choice("Length of a period.", PERIODS)] = "quarter"


class SweepSpan(YamlBlock):
    """The values that a sweep gives to a number: between two bounds, or a list."""

    low: Annotated[float, Range("Smallest value.", plain=True)] | None = None
    high: Annotated[float, Range("Largest value.", plain=True)] | None = None
    values: tuple[Annotated[float, Range(plain=True)], ...] | None = None

    @model_validator(mode="after")
    def _one_form(self) -> SweepSpan:
        ends = (self.low is not None, self.high is not None)
        if self.values is None and not all(ends):
            refuse("needs {low, high} or {values: [...]}")
        if self.values is not None and any(ends):
            refuse("needs {low, high} or {values: [...]}, not both", "low", "high", "values")
        if self.values is not None and len(set(self.values)) < max(len(self.values), 1):
            refuse("values must be at least one, each different from the others")
        if self.low is not None and self.high is not None and not self.low < self.high:
            refuse("low must be less than high")
        return self


class Parameters(YamlBlock):
    """The source of the parameters, if not the scenario itself."""

    posterior: Annotated[str, Text("CSV file of weighted draws, as `blocsim calibrate` writes it.")]


def _some(states: dict[str, State]) -> dict[str, State]:
    if not states:
        refuse("needs at least one state")
    return states


class Model(YamlBlock):
    """One variant of a scenario, checked; mappings are sorted by name."""

    scenario: Annotated[str, Ref("Name of the scenario; results go to a folder of this name.")]
    title: Annotated[str, Text("Title as printed.")]
    question: Annotated[str, Text("The question that the scenario asks.")]
    time: Time
    runs: Annotated[int, Range("Runs.", low=1, high=10**9, whole=True)] = 200
    seed: Annotated[
        int, Range("Seed of the random numbers.", low=0, high=2**64 - 1, whole=True)
    ] = 0
    uncertain: Annotated[bool, Flag("Whether each run draws the uncertain numbers.")] = False
    rules: ByKey[Annotated[str, Text("Variant of a law.")]] = Field(default_factory=dict)
    parameters: Parameters | None = None
    laws: ByKey[ByKey[Annotated[Number, ANY_NUMBER]]] = Field(default_factory=dict)
    references: Named[Annotated[str, Text("Full reference of a source.")]] = Field(
        default_factory=dict
    )
    classes: Named[WeaponClass] = Field(default_factory=dict)
    systems: Named[System] = Field(default_factory=dict)
    states: Annotated[Named[State], AfterValidator(_some)]
    blocs: Named[Bloc] = Field(default_factory=dict)
    offers: Named[Offer] = Field(default_factory=dict)
    arsenals: ByState[Arsenal] = Field(default_factory=dict)
    assets: Named[Asset] = Field(default_factory=dict)
    rivalries: ByState[Rivalry] = Field(default_factory=dict)
    affinities: ByState[Affinity] = Field(default_factory=dict)
    imports: ByState[Imports] = Field(default_factory=dict)
    refusals: ByState[Refusals] = Field(default_factory=dict)
    debts: Named[Debt] = Field(default_factory=dict)
    embargoes: Named[Embargo] = Field(default_factory=dict)
    grants: Named[Grant] = Field(default_factory=dict)
    trade: ByState[Trade] = Field(default_factory=dict)
    backlog: Named[OrderUnderWay] = Field(default_factory=dict)
    threats: Named[DeliveryThreat] = Field(default_factory=dict)
    leverage: Named[Lever] = Field(default_factory=dict)
    tables: DyadicTables = Field(default_factory=DyadicTables)
    events: Named[Event] = Field(default_factory=dict)
    episodes: Named[Episode] = Field(default_factory=dict)  # written out before this is made
    outcomes: Outcomes = ()
    reference: Annotated[
        str, Ref("The variant with which tables compare all others.", ("variant",))
    ] = "baseline"
    named_contrasts: Contrasts = Field(default_factory=dict, alias="contrasts")
    smallest: ByKey[Annotated[float, SMALLEST]] = Field(default_factory=dict)
    expect: Named[Expectation] = Field(default_factory=dict)
    sweep: ByKey[SweepSpan] = Field(default_factory=dict)
    named_patterns: Patterns = Field(default=(), alias="patterns")

    _contrasts: Contrasts = PrivateAttr(default_factory=dict)
    _patterns: dict[str, Pattern] = PrivateAttr(default_factory=dict)
    _dyads: dict[str, Dyads] = PrivateAttr(default_factory=dict)
    _posterior: Any = PrivateAttr(default=None)
    _in_common: dict[str, str] = PrivateAttr(default_factory=dict)
    _orders: dict[str, OrderUnderWay] = PrivateAttr(default_factory=dict)

    def table(self, name: str) -> Dyads:
        """Return the entries of a CSV table (affinity, rivalry, distance) by (from, to)."""
        return self._dyads.get(name, {})

    @property
    def waiting(self) -> dict[str, EventCondition]:
        """Return the conditions of conditional events, by the events' names."""
        return {name: event.when for name, event in self.events.items() if event.when is not None}

    @property
    def conditions(self) -> tuple[str, ...]:
        """Return the outcomes that events wait for."""
        return tuple(when.outcome for when in self.waiting.values())

    @property
    def contrasts(self) -> dict[str, Contrast]:
        """Return the contrasts in their order: those of the scenario, otherwise the default."""
        return dict(self.named_contrasts or self._contrasts)

    def keep_contrasts(self, contrasts: Contrasts) -> None:
        """Keep the contrasts of a scenario that names none."""
        self._contrasts.update(contrasts)

    @property
    def patterns(self) -> dict[str, Pattern]:
        """Return the patterns by which the scenario is judged, by name, shipped ones included."""
        own = self.named_patterns
        return dict(own) if isinstance(own, dict) else dict(self._patterns)

    def keep_patterns(self, patterns: dict[str, Pattern]) -> None:
        """Keep the shipped patterns that the loader has read."""
        self._patterns.update(patterns)

    def keep_table(self, name: str, entries: Dyads) -> None:
        """Keep the entries of a table that the loader has read."""
        self._dyads[name] = entries

    @property
    def orders(self) -> Mapping[str, OrderUnderWay]:
        """Return the orders under way of all variants: each has a row of the log in every one."""
        return {**self._orders, **self.backlog}

    def keep_orders(self, orders: Mapping[str, OrderUnderWay]) -> None:
        """Keep the orders under way of all variants."""
        self._orders.update(orders)

    @property
    def in_common(self) -> Mapping[str, str]:
        """Return the numbers of events that a list has once: path -> path in the list."""
        return self._in_common

    def keep_in_common(self, paths: dict[str, str]) -> None:
        """Keep the numbers that lists have once, which the loader has found."""
        self._in_common.update(paths)

    @property
    def posterior(self) -> Any:
        """Return the weighted draws that the scenario names (`Posterior`), or None."""
        return self._posterior

    def keep_posterior(self, posterior: Any) -> None:
        """Keep the weighted draws that the loader has read."""
        self._posterior = posterior


NEEDED = tuple(key for key, field in Model.model_fields.items() if field.is_required())
