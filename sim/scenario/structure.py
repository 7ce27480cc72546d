"""Quantities of structure and level: shares, ratios, concentration, leads, yearly courses."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from sim.scenario.blocks import StateName
from sim.scenario.checks import Check, SpanOf, Suppliers
from sim.scenario.leaves import Choice, Flag, refuse
from sim.scenario.measures import Flow, Measure
from sim.scenario.numbers import Range


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


class Change(Check):
    """What a measure gained from one window to another."""

    name = "change"
    quantity: Annotated[str, Choice(options=("change",))]
    of: Measure
    before: SpanOf
    after: SpanOf
    relative: Annotated[bool, Flag(doc="Whether the change is divided by the first value.")] = False
