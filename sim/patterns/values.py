"""The values of patterns: every check of some patterns on one history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.patterns.history import History, NotCovered
from sim.patterns.pattern import Pattern, checks_of


@dataclass(frozen=True, eq=False)
class Values:
    """The values of all checks, (checks, runs), and why some are not covered."""

    names: tuple[str, ...]  # PATTERN.check
    values: np.ndarray
    missing: Mapping[str, str]  # name -> what the record lacks

    def by_name(self) -> dict[str, np.ndarray]:
        """Return the values of each check."""
        return dict(zip(self.names, self.values, strict=True))


def values(patterns: Mapping[str, Pattern], history: History) -> Values:
    """Return the values of every check of some patterns.

    A difference between variants is taken where both are known, so that here it is its own side.
    """
    names: list[str] = []
    rows: list[np.ndarray] = []
    missing: dict[str, str] = {}
    for name, own, check in checks_of(patterns):
        names.append(f"{name}.{own}")
        try:
            rows.append(check.value(history) + 0.0)  # no minus before a zero
        except NotCovered as reason:
            missing[names[-1]] = str(reason)
            rows.append(np.full(history.runs, np.nan))
    table = np.stack(rows) if rows else np.zeros((0, history.runs))
    return Values(names=tuple(names), values=table, missing=missing)
