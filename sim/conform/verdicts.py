"""Verdicts: whether something holds, and the worst case against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Verdict:
    """Whether a law keeps a claim, and the worst case against it."""

    law: str
    claim: str
    holds: bool
    worst: str = ""


@dataclass(frozen=True)
class Excess:
    """The largest violation: its size and place, and what was compared there."""

    size: float
    at: tuple[int, ...] = ()
    seen: str = ""

    def told(self, law: Any, given: Mapping[str, Any]) -> str:
        """Return the case in words: arguments and parameters where the claim fails worst."""
        cells = {name: self._cell(value) for name, value in {**given, **vars(law)}.items()}
        about = ", ".join(f"{name} {value:.4g}" for name, value in cells.items())
        return f"{self.seen}; at {about}" if about else self.seen

    def _cell(self, value: Any) -> float:
        """Return an argument where the case lies; of one that was summed over, its mean."""
        array = np.asarray(value, dtype=float)
        if array.ndim == 0:
            return float(array)
        if array.ndim == len(self.at):
            place = tuple(min(i, n - 1) for i, n in zip(self.at, array.shape, strict=True))
            return float(array[place])
        return float(array[..., min(self.at[-1], array.shape[-1] - 1)].mean())


def compared(low: Any, high: Any, what: str) -> Excess:
    """Return how far `low` lies above `high`, relative to their size; not a number counts."""
    low, high = np.broadcast_arrays(np.asarray(low, float), np.asarray(high, float))
    if low.size == 0:
        return Excess(np.inf, (0,), "nothing to compare")
    same = low == high  # infinities too
    with np.errstate(invalid="ignore"):
        gap = np.where(same, 0.0, (low - high) / (1.0 + np.minimum(abs(low), abs(high))))
    gap = np.where(np.isnan(gap), np.inf, gap)
    at = tuple(int(i) for i in np.unravel_index(np.argmax(gap), gap.shape))
    return Excess(float(gap[at]), at, f"{what}: {low[at]:.6g} and {high[at]:.6g}")


def equal(one: Any, other: Any, what: str) -> Excess:
    """Return how far two answers differ."""
    return max(compared(one, other, what), compared(other, one, what), key=lambda each: each.size)
