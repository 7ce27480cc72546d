"""A figure that is asked for by metric and subject, such as `war_rate ARM>AZE`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.figure import Figure

from sim.kernel.words import first_few, meant, quoted
from sim.plots import FigureError
from sim.plots.difference_bands import difference_bands
from sim.plots.difference_rows import difference_rows
from sim.plots.figure_data import FigureData, NamedOutcome
from sim.plots.level_bands import level_bands
from sim.plots.spread_boxes import spread_at_end, spread_of_outcome
from sim.scenario.schema.outcome_syntax import spelled

KINDS = ("level", "difference", "spread")


@dataclass(frozen=True)
class FigureQuery:
    """A request for a figure: a metric of a subject, or an outcome, and its kind."""

    text: str
    kind: str = ""  # level, difference or spread; a difference where `versus` is given
    versus: str = ""

    def figure(self, tables: FigureData) -> tuple[str, Callable[[], Figure]]:
        """Return the name of the figure's file, and the function that draws it.

        The figure shows the variants, or contrasts, of `tables.shown`, or all. A request that
        cannot be drawn is a FigureError.
        """
        if self.kind and self.kind not in KINDS:
            message = f"no kind {quoted(self.kind)} of figure: choose from {', '.join(KINDS)}"
            raise FigureError(message)
        outcome = self._outcome()
        for name in (*tables.shown, *([self.versus] if self.versus else ())):
            if name not in tables.variants:
                there = f"the result has {', '.join(tables.variants)}"
                message = f"no variant {quoted(name)}{meant(name, tables.variants)}: {there}"
                raise FigureError(message)
        kind = self.kind or ("difference" if self.versus else "level")
        build = self._of_series(tables, outcome, kind) or self._of_outcome(tables, outcome, kind)
        if build is None:
            message = f"{self.text}: {_lack(tables, outcome)}"
            raise FigureError(message)
        parts = [outcome.text, *tables.shown, *([f"less {self.versus}"] if self.versus else [])]
        return " ".join([*parts, *([] if kind == "level" else [kind])]), build

    def _outcome(self) -> NamedOutcome:
        try:
            spelled(self.text)
        except ValueError as error:
            raise FigureError(str(error)) from None
        outcome = NamedOutcome.read(self.text)
        assert outcome is not None  # noqa: S101 - it is spelled well
        return outcome

    def _of_series(
        self, tables: FigureData, outcome: NamedOutcome, kind: str
    ) -> Callable[[], Figure] | None:
        """Return the function that draws a metric over time; None if there is no such series."""
        subject = _subject(tables, outcome)
        rows = tables.rows(outcome.metric, subject=subject)
        if outcome.window or not len(rows):
            return None
        about = (tables, outcome.metric, subject)
        if kind == "difference":
            return partial(difference_bands, *about, tables.chosen(tables.shown, self.versus))
        alone = kind == "spread" or rows["date"].nunique() == 1
        return partial(spread_at_end if alone else level_bands, *about, tables.shown)

    def _of_outcome(
        self, tables: FigureData, outcome: NamedOutcome, kind: str
    ) -> Callable[[], Figure] | None:
        """Return the function that draws an outcome of runs; None if there is none of the name."""
        if not any(each.text == outcome.text for each in tables.named):
            return None
        if kind == "difference":
            chosen = tables.chosen(tables.shown, self.versus)
            return partial(difference_rows, tables, outcome, chosen)
        return partial(spread_of_outcome, tables, outcome, tables.shown)


def _subject(tables: FigureData, outcome: NamedOutcome) -> str:
    """Return an outcome's subject by its name in series: a query has an offer, not its system."""
    if not outcome.system:
        return outcome.subject
    offers = tables.rows(outcome.metric)["subject"].unique()
    named = [each for each in offers if each.partition(" ")[0] == outcome.subject]
    systems = {each: tables.entry("offers", each.partition(" ")[2]).get("system") for each in named}
    exact = f"{outcome.subject} {outcome.system}"
    return (
        exact
        if exact in named
        else next((each for each, system in systems.items() if system == outcome.system), exact)
    )


def _lack(tables: FigureData, outcome: NamedOutcome) -> str:
    """Return why a metric of a subject cannot be drawn, and which subjects can be."""
    if reason := tables.lack("series"):
        return reason
    subjects = list(tables.rows(outcome.metric)["subject"].unique())
    if outcome.window:
        return "is not an outcome of the result; without its window it is drawn over time"
    if not subjects:
        return f"series.csv has no {outcome.metric}; `--what list` lists the available figures"
    some = first_few(subjects, 8)
    return f"no such subject{meant(outcome.subject, subjects)}: there are {some}"


def listed(tables: FigureData) -> Sequence[tuple[str, str]]:
    """Return each metric of the series with the names of its subjects."""
    return [
        (str(metric), ", ".join(part["subject"].unique()))
        for metric, part in tables["series"].groupby("metric", sort=False)
    ]
