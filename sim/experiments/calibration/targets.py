"""Targets: the checks that a calibration fits, none of which may use data after the vantage.

Summaries make simulated quantities comparable with the observed ones. A quantity enters with its
value, not as inside or outside its band, since its distance from the band is informative. It is
censored at four half-widths beyond either end of the band, so that an infinite ratio is a number.
If the band is open at one end, it is also censored at the other, since all values inside are then
equally good. If a check has no historical figure, all values inside the band count as one, those
outside by their distance from it, and no error is added. The summary of an undefined quantity lies
one half-width below the least of a defined one. An error of observation is added to simulated
quantities, with half of the half-width as standard deviation: the band is read as the 95 % interval
of the figure. With it the approximation is exact for a model with such errors (wilkinson2013);
without it the fit would use more digits than the figures have.

Source: wilkinson2013 (errors of model and observation in approximate Bayesian computation).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.experiments.options import refuse_unknown
from sim.kernel.dates import last_month
from sim.kernel.errors import InputError, Problem
from sim.kernel.noise import Noise, entities, normal
from sim.patterns.history import label

FIT = "fit"


def targets_of(
    patterns: Mapping[str, Any], *, chosen: Sequence[str] = (), vantage: str, start: str, where: Any
) -> tuple[Target, ...]:
    """Return the targets: checks for fitting with a band, of all patterns or of those chosen.

    InputError if a window ends after the vantage, if there is no such check, or if a chosen name
    is unknown. `where` returns the place of a path in the scenario as file:line:column.
    """
    refuse_unknown("pattern", chosen, patterns, flag="--patterns")
    checks = [
        (f"{name}.{own}", check)
        for name, pattern in patterns.items()
        if not chosen or name in chosen
        for own, check in pattern.checks.items()
        if pattern.use_of(check) == FIT and check.band is not None
    ]
    problems = [
        _problem(where, name, window.text, vantage)
        for name, check in checks
        for window in check.every_window(dates=True)
        if window.stop - 1 > last_month(vantage)
    ]
    if problems:
        raise InputError(problems)
    if not checks:
        what = " among those named" if chosen else ""
        message = (
            f"there is no pattern for fitting{what}: add one with use: fit and a band to `patterns`"
        )
        raise InputError([Problem("--patterns" if chosen else start, 0, 0, "patterns", message)])
    return tuple(_target(name, check, vantage) for name, check in checks)


def _target(name: str, check: Any, vantage: str) -> Target:
    """Return a check as a target; without a window it ends at the vantage."""
    band = check.band
    windows = check.every_window(dates=True)
    last = max(windows, key=lambda window: int(window.stop)) if windows else None
    return Target(
        name=name,
        low=-np.inf if band.low is None else band.low,
        high=np.inf if band.high is None else band.high,
        historical=check.historical,
        ends=vantage if last is None else label(last.stop - 1),
        window="" if last is None else last.text,
    )


def _problem(where: Any, name: str, window: str, vantage: str) -> Problem:
    """Return the problem of a window that ends too late, at the place of the check."""
    own, check = name.split(".")
    place = where(f"patterns.{own}.checks.{check}").rsplit(":", 2)
    message = (
        f"the window {window} ends after the vantage {vantage}: fit on an earlier one, "
        "use: judge, or give a later --vantage"
    )
    return Problem(place[0], int(place[1]), int(place[2]), f"patterns.{name}", message)


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
        """Return half the width of the band; if it is open or a point, half its end, or 1."""
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
        """Return the values at which the quantity is censored."""
        reach = REACH * self.half_width
        low = self.low - reach if np.isfinite(self.low) else self.high
        high = self.high + reach if np.isfinite(self.high) else self.low
        if self._inside_is_one:
            high = self.low + reach
        return low, high

    @property
    def has_figure(self) -> bool:
        """Return whether there is a historical figure beside the band."""
        return self.historical is not None and not np.isnan(self.historical)

    @property
    def observed(self) -> float:
        """Return the historical figure, or else an end of the band.

        Without a figure `placed` moves all values inside the band to that end.
        """
        if self.historical is not None and self.has_figure:
            return self.historical
        return self.low if np.isfinite(self.low) else self.high

    @property
    def error(self) -> float:
        """Return the standard deviation of the error of observation; 0 without figure or width."""
        return self.half_width / 2 if self._wide and self.has_figure else 0.0

    @property
    def _inside_is_one(self) -> bool:
        """Return whether all values inside count as one: a band with two ends and no figure."""
        return self._wide and not self.has_figure

    def placed(self, column: np.ndarray) -> np.ndarray:
        """Return a quantity as it is, or with the inside of the band moved to one point."""
        if not self._inside_is_one:
            return column
        above = column - (self.high - self.low)
        return np.where(column > self.high, above, np.minimum(column, self.low))


def summaries(targets: Sequence[Target], values: np.ndarray) -> np.ndarray:
    """Return quantities (rows, targets) in half-widths of their bands, censored, without nan."""
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
    """Return quantities with errors of observation added, which are addressed by run and target."""
    if not targets:
        return values
    noise = Noise(seed, np.asarray(runs, dtype=np.uint32))
    names = entities(target.name for target in targets)[:, None]
    drawn = noise.draw(normal("observation", names, constant=True))
    errors = np.array([target.error for target in targets])
    return np.asarray(values + errors * drawn.T)


def observed(targets: Sequence[Target]) -> np.ndarray:
    """Return the observed values: (1, targets)."""
    return np.array([[target.observed for target in targets]])
