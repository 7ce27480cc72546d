"""Summaries: what a simulation shows of each pattern, made comparable with what was observed.

A quantity enters as itself, not as inside or outside its band, since a miss by little tells more
than a miss. It is cut off (censored) at four half-widths of the band from either end, so that an
infinite ratio is a number; where the band is open at one end, at the other end too, since all
values inside are then equally good. Where a quantity is undefined, the summary lies one
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
        return low, high

    @property
    def observed(self) -> float:
        """Return the figure of history; where none is given the middle or the end of the band."""
        if self.historical is not None and not np.isnan(self.historical):
            return self.historical
        if np.isfinite(self.low) and np.isfinite(self.high):
            return (self.low + self.high) / 2
        return self.low if np.isfinite(self.low) else self.high

    @property
    def error(self) -> float:
        """Return the standard deviation of the observation's error; 0 for a band with one end."""
        return self.half_width / 2 if self._wide else 0.0


def summaries(targets: Sequence[Target], values: np.ndarray) -> np.ndarray:
    """Return quantities (rows, targets) in half-widths of their bands, cut off, none undefined."""
    columns = []
    for target, column in zip(targets, values.T, strict=True):
        low, high = target.ends_of_scale
        undefined = low - target.half_width
        cut = np.where(np.isnan(column), undefined, np.clip(column, low, high))
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
