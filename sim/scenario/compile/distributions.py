"""Numbers of a scenario in the form that the kernel takes: one for all runs, or one for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from sim.documents.leaves import Number, Uncertain
from sim.kernel.noise import Noise, entities, uniform


def drawn(about: Uncertain, uniform: np.ndarray) -> np.ndarray:
    """Return draws of an uncertain number, one for each uniform number.

    A normal one has its mean at the value and two standard deviations to the farther bound, cut
    at both bounds; the mode of a triangular one is the value.
    """
    low, high, value = about.low, about.high, about.value
    if about.dist == "uniform":
        return low + uniform * (high - low)
    if about.dist == "loguniform":
        return np.asarray(low * (high / low) ** uniform)
    from scipy import stats  # noqa: PLC0415 - takes half a second, and few runs need it

    if about.dist == "triangular":
        mode = (value - low) / (high - low)
        return np.asarray(stats.triang.ppf(uniform, mode, loc=low, scale=high - low))
    sd = max(value - low, high - value) / 2
    ends = ((low - value) / sd, (high - value) / sd)
    return np.asarray(stats.truncnorm.ppf(uniform, *ends, loc=value, scale=sd))


class Draws:
    """The numbers of a block of runs: given by path, drawn if uncertain, otherwise unchanged."""

    def __init__(
        self,
        noise: Noise,
        *,
        uncertain: bool,
        numbers: Mapping[str, Any],
        in_common: Mapping[str, str] | None = None,
    ) -> None:
        """Keep the noise of the block and the values that a design gives to paths.

        `in_common` has the paths of numbers that several events have from one list.
        """
        self.noise = noise
        self.in_common = in_common or {}
        self.uncertain = uncertain
        self.numbers = numbers
        self.used: dict[str, np.ndarray] = {}  # every number that differs from run to run

    def number(self, path: str, value: Number) -> float | np.ndarray:
        """Return the number at a path: a float, or an array of shape (runs,).

        Where a design gives NaN, the run keeps the model's own number. What a list has once has one
        path and one draw, unless the design names the number of one of its events.
        """
        if path not in self.numbers:
            path = self.in_common.get(path, path)
        if path not in self.numbers:
            return self._own(path, value)
        number = np.broadcast_to(self.numbers[path], self.noise.runs.shape)
        none = np.isnan(number)
        self.used[path] = np.where(none, self._own(path, value), number) if none.any() else number
        return self.used[path]

    def _own(self, path: str, value: Number) -> float | np.ndarray:
        if not isinstance(value, Uncertain):
            return float(value)
        if not self.uncertain:
            return value.value
        chance = self.noise.draw(uniform("parameter", entities([path]), constant=True))
        self.used[path] = drawn(value, chance)
        return self.used[path]

    def table(self, cells: Iterable[tuple[str, Number]]) -> np.ndarray:
        """Return numbers as a table (rows, 1), or (rows, runs) if any differs from run to run."""
        return stacked([self.number(path, value) for path, value in cells])

    def column(
        self, block: str, entries: Mapping[str, Any], name: str, otherwise: float = 0.0
    ) -> np.ndarray:
        """Return a number of every entry of a block, as a table (entries, runs)."""
        values = {key: getattr(entry, name) for key, entry in entries.items()}
        return self.table(
            (f"{block}.{key}.{name}", otherwise if value is None else value)
            for key, value in values.items()
        )


def stacked(cells: Sequence[float | np.ndarray]) -> np.ndarray:
    """Return cells as rows, the runs axis 1 where all cells are plain numbers."""
    runs = max((cell.size for cell in cells if isinstance(cell, np.ndarray)), default=0)
    if runs == 0:
        return np.array(cells, dtype=np.float64).reshape(-1, 1)
    table = np.empty((len(cells), runs))
    for row, cell in zip(table, cells, strict=True):
        row[:] = cell
    return table
