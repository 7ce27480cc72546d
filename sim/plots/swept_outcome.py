"""An outcome of a sweep as its figures show it: in which variants, in which words, on which scale.

Effects below the smallest effect of interest are not to fill a figure, so no scale is narrower.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from sim.metrics.catalogue import METRICS
from sim.plots.figure_data import FigureData, NamedOutcome
from sim.plots.labels import definition_of, outcome_words, smallest_of
from sim.plots.style import footed, sentence
from sim.plots.swept_points import SweptPoints
from sim.seeing.numerals import effect_size


@dataclass(frozen=True)
class SweptOutcome:
    """An outcome at the points of a sweep, in some variants."""

    points: SweptPoints
    outcome: NamedOutcome
    variants: Sequence[str]

    @classmethod
    def read(cls, tables: FigureData, subject: str, most: int) -> SweptOutcome:
        """Return an outcome in the variants that the user asks for, else in the first ones."""
        outcome = NamedOutcome.read(subject)
        assert outcome is not None  # noqa: S101 - subjects are outcomes
        return cls(SweptPoints(tables), outcome, tables.shown or tables.variants[:most])

    @property
    def metric(self) -> str:
        """Return the metric of the outcome."""
        return self.outcome.metric

    @property
    def words(self) -> tuple[str, str]:
        """Return the name of the outcome, and its definition with unit and window."""
        tables = self.points.tables
        name, below = outcome_words(tables, self.outcome)
        said = definition_of(tables, self.metric, self.outcome.subject)
        return name, f"{said} {sentence(below)}."

    @property
    def least(self) -> float:
        """Return the smallest effect of interest."""
        return smallest_of(self.points.tables, self.metric)

    def scale(self, low: float, high: float) -> tuple[float, float]:
        """Return the ends of a scale about the same middle, at least the smallest effect apart."""
        lacking = max(0.0, self.least - (high - low)) / 2
        return low - lacking, high + lacking

    def paths_left(self, drawn: Sequence[str]) -> str:
        """Return how many paths are not drawn; empty if all are."""
        left = len(self.points.paths) - len(drawn)
        if not left:
            return ""
        return f"{left} more {'path was' if left == 1 else 'paths were'} swept (--over)."

    def footed(self, figure: Figure, ends: tuple[float, float], note: str) -> None:
        """Put notes on paths, variants and scale below a figure of values between two ends."""
        tables = self.points.tables
        left = 0 if tables.shown else len(tables.variants) - len(self.variants)
        notes = [note]
        if left:
            what = "variant is" if left == 1 else "variants are"
            notes.append(f"{left} more {what} not drawn (--variant).")
        if self.scale(*ends) != ends:
            size = effect_size(self.least, percent=METRICS[self.metric].percent)
            notes.append(
                f"No difference to speak of: the scale is as wide as the smallest effect, {size}."
            )
        footed(figure, tables, " ".join(filter(None, notes)))
