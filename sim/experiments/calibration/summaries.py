"""Summaries: what a simulation shows of each pattern, made comparable with what was observed.

A quantity enters as itself, not as inside or outside its band, since a miss by little tells more
than a miss. It is cut off (censored) at four half-widths of the band from either end, so that an
infinite ratio is a number; where the band is open at one end, at the other end too, since all
values inside are then equally good. A check without a figure of history says no more than its band:
all values inside count as one (censored from both sides), those outside by how far they lie out of
it, and no error is added. Where a quantity is undefined, the summary lies one
half-width below the least value that any defined one can have. To a simulated quantity comes an
error of the observation with half of the half-width as its standard deviation: the band is read
as the figure's own 95 % interval. With an error the approximation is exact for the model that
errs so (wilkinson2013); without it the fit would chase digits that the figures do not have.

Sources: wilkinson2013 (errors of model and observation in approximate Bayesian computation).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.noise import Noise, entities

REACH = 4.0  # half-widths beyond the band at which a quantity is cut off


@dataclass(frozen=True, kw_only=True)
class Target:
    """A quantity to be fitted: its band, its value in history, the end of its window."""

    name: str  # pattern and check, such as P01.share
    low: float = -np.inf
    high: float = np.inf
    historical: float | None = None
    ends: str = ""  # last month of the window
    window: str = ""  # as written; empty for the whole record

    @property
    def half_width(self) -> float:
        """Return half of the width of the band; of an open one, or a point, half its end, or 1."""
        if self._wide:
            return (self.high - self.low) / 2
        edge = self.low if np.isfinite(self.low) else self.high
        return abs(edge) / 2 if np.isfinite(edge) and edge != 0 else 1.0

    @property
    def _wide(self) -> bool:
        """Return whether the band has two ends that differ."""
        return bool(np.isfinite(self.high - self.low) and self.high > self.low)

    @property
    def ends_of_scale(self) -> tuple[float, float]:
        """Return the values at which the quantity is cut off."""
        reach = REACH * self.half_width
        low = self.low - reach if np.isfinite(self.low) else self.high
        high = self.high + reach if np.isfinite(self.high) else self.low
        if self._inside_is_one:
            high = self.low + reach
        return low, high

    @property
    def has_figure(self) -> bool:
        """Return whether history gives a figure, and not the band alone."""
        return self.historical is not None and not np.isnan(self.historical)

    @property
    def observed(self) -> float:
        """Return the figure of history; where none is given an end of the band, as any value in it.

        Without a figure `placed` puts all values inside the band on that end.
        """
        if self.historical is not None and self.has_figure:
            return self.historical
        return self.low if np.isfinite(self.low) else self.high

    @property
    def error(self) -> float:
        """Return the standard deviation of the observation's error; 0 where the band censors."""
        return self.half_width / 2 if self._wide and self.has_figure else 0.0

    @property
    def _inside_is_one(self) -> bool:
        """Return whether the band has two ends and nothing is known but that history is inside."""
        return self._wide and not self.has_figure

    def placed(self, column: np.ndarray) -> np.ndarray:
        """Return a quantity as it is; without a figure of history with the inside as one point."""
        if not self._inside_is_one:
            return column
        above = column - (self.high - self.low)
        return np.where(column > self.high, above, np.minimum(column, self.low))


def summaries(targets: Sequence[Target], values: np.ndarray) -> np.ndarray:
    """Return quantities (rows, targets) in half-widths of their bands, cut off, none undefined."""
    columns = []
    for target, column in zip(targets, values.T, strict=True):
        low, high = target.ends_of_scale
        undefined = low - target.half_width
        placed = target.placed(column)
        cut = np.where(np.isnan(placed), undefined, np.clip(placed, low, high))
        columns.append((cut - low) / target.half_width)
    return np.stack(columns, axis=1) if columns else np.zeros((len(values), 0))


def blurred(
    targets: Sequence[Target], values: np.ndarray, *, seed: int, runs: np.ndarray
) -> np.ndarray:
    """Return quantities with the error of observation added; addressed by run and target."""
    if not targets:
        return values
    noise = Noise(seed, np.asarray(runs, dtype=np.uint32))
    names = entities(target.name for target in targets)[:, None]
    radius, angle = (noise.held(f"observation.{part}", names) for part in ("radius", "angle"))
    normal = np.sqrt(-2 * np.log(radius)) * np.cos(2 * np.pi * angle)
    errors = np.array([target.error for target in targets])
    return np.asarray(values + errors * normal.T)


def observed(targets: Sequence[Target]) -> np.ndarray:
    """Return the figures of history, (1, targets)."""
    return np.array([[target.observed for target in targets]])
