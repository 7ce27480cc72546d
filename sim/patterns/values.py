"""Values: every quantity of the vocabulary as a pure function of a history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.patterns import allegiance, composition, sequence
from sim.patterns.history import History, NotCovered
from sim.patterns.pattern import Pattern, checks_of
from sim.patterns.quantity import Quantity
from sim.patterns.vocabulary import QUANTITIES, Difference

PARTS = (composition, sequence, allegiance)
FUNCTIONS: dict[str, Callable[[Any, History], np.ndarray]] = {
    name: next(getattr(part, name) for part in PARTS if hasattr(part, name))
    for name in QUANTITIES
    if name != "difference"
}


def value(check: Quantity, history: History) -> np.ndarray:
    """Return a quantity in every run: (runs,), not a number where it is undefined.

    NotCovered says what a record lacks. A difference between variants is taken where both are
    known, so that here it stands for its own side alone.
    """
    if not isinstance(check, Difference):
        return np.asarray(FUNCTIONS[check.name](check, history) + 0.0)
    own = value(check.of, history)
    if check.less is None:
        return own
    return difference(own, value(check.less, history), sign=check.sign)


def difference(own: np.ndarray, other: np.ndarray, *, sign: bool) -> np.ndarray:
    """Return one value less another, or only the sign; equal infinities do not differ."""
    with np.errstate(invalid="ignore"):
        gap = np.where(own == other, 0.0, own - other)
    return np.asarray(np.sign(gap) if sign else gap)


@dataclass(frozen=True, eq=False)
class Values:
    """The values of all checks, (checks, runs), and why some are not covered."""

    names: tuple[str, ...]  # PATTERN.check
    values: np.ndarray
    missing: Mapping[str, str]  # name -> what the record lacks

    def by_name(self) -> dict[str, np.ndarray]:
        """Return the values of each check."""
        return dict(zip(self.names, self.values, strict=True))


def names_of(patterns: Mapping[str, Pattern]) -> tuple[str, ...]:
    """Return the names of all checks, as PATTERN.check."""
    return tuple(f"{name}.{own}" for name, own, _ in checks_of(dict(patterns)))


def values(patterns: Mapping[str, Pattern], history: History) -> Values:
    """Return the values of every check of some patterns."""
    rows: list[np.ndarray] = []
    missing: dict[str, str] = {}
    checks: Sequence[tuple[str, str, Quantity]] = checks_of(dict(patterns))
    for name, own, check in checks:
        try:
            rows.append(value(check, history))
        except NotCovered as reason:
            missing[f"{name}.{own}"] = str(reason)
            rows.append(np.full(history.runs, np.nan))
    table = np.stack(rows) if rows else np.zeros((0, history.runs))
    return Values(names=names_of(patterns), values=table, missing=missing)
