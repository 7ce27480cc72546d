"""The data of the figures of a sweep: outcomes at its points, with the swept values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import sqrt

import numpy as np
import pandas as pd

from sim.kernel.words import meant, quoted
from sim.plots import FigureError
from sim.plots.figure_data import FigureData, NamedOutcome

NOTHING = "no outcome differs from point to point, or nothing was swept"
_FEW = 15  # number of values of a path up to which each has its own place on the axis
_MOST = 6  # outcomes that are drawn by default


@dataclass(frozen=True)
class SweptPoints:
    """The points of a sweep, one row for each variant and point."""

    tables: FigureData

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Return variant and point, the swept values, and the mean of every outcome."""
        points, design = self.tables["points"], self.tables["design"]
        lacking = [name for name in design.columns if name not in points.columns]
        return points.merge(design[["point", *lacking]], on="point") if lacking else points

    @cached_property
    def outcomes(self) -> list[NamedOutcome]:
        """Return the outcomes that differ from point to point, the most informative first."""
        named = [NamedOutcome.read(str(name)) for name in self.frame.columns]
        moving = [each for each in named if each and self._moves(each.text)]
        first = self.tables.about
        return sorted(moving, key=lambda each: first.index(each.text) if each.text in first else 99)

    def _moves(self, name: str) -> bool:
        return any(self.moves(name, variant) for variant in self.frame["variant"].unique())

    def moves(self, outcome: str, variant: str) -> bool:
        """Return whether an outcome differs from point to point in a variant."""
        values = self.rows(variant)[outcome].dropna()
        return len(values) > 1 and float(np.ptp(values)) > 1e-12

    @cached_property
    def swept(self) -> list[str]:
        """Return all paths whose values are numbers."""
        return [
            str(name)
            for name in self.frame.columns
            if NamedOutcome.read(str(name)) is None
            and name not in ("variant", "point", "run")
            and self.frame[name].dtype.kind in "if"
            and self.frame[name].min() < self.frame[name].max()
        ]

    @cached_property
    def paths(self) -> list[str]:
        """Return the swept paths, or those of them that the user asks for."""
        known = self.swept
        for name in self.tables.over:
            if name not in known:
                message = f"no swept path {quoted(name)}{meant(name, known)}: {', '.join(known)}"
                raise FigureError(message)
        return list(self.tables.over) or known

    def rows(self, variant: str) -> pd.DataFrame:
        """Return the points of a variant."""
        return self.frame[self.frame["variant"] == variant]

    def varied(self, variant: str) -> list[str]:
        """Return the swept paths that a variant does not set to a value."""
        fixed = self.tables.manifest.get("fixed_by_variant", {}).get(variant, [])
        return [path for path in self.paths if path not in fixed]

    def effects(self, outcome: str, variant: str) -> pd.DataFrame:
        """Return by path the means of an outcome at its lowest and highest values.

        These are the lowest and the highest third of the points. The largest effect is first.
        """
        rows = self.rows(variant)
        ends = {}
        for path in self.varied(variant):
            low, high = rows[path].quantile([1 / 3, 2 / 3])
            ends[path] = (
                rows.loc[rows[path] <= low, outcome].mean(),
                rows.loc[rows[path] >= high, outcome].mean(),
            )
        table = pd.DataFrame.from_dict(ends, orient="index", columns=["low", "high"], dtype=float)
        width = (table["high"] - table["low"]).abs()
        return table.loc[width.sort_values(ascending=False, kind="stable").index]


def subjects(tables: FigureData) -> list[str]:
    """Return the outcomes that are drawn by default."""
    points = SweptPoints(tables)
    return [each.text for each in points.outcomes[:_MOST]] if points.paths else []


def known(tables: FigureData) -> list[str]:
    """Return all outcomes that can be drawn."""
    points = SweptPoints(tables)
    return [each.text for each in points.outcomes] if points.paths else []


def places(values: pd.Series) -> tuple[pd.Series, np.ndarray]:
    """Return the number of the place of each value on an axis, and the positions of the places.

    If there are few values, each is a place; many are cut into parts of about equal size.
    """
    if values.nunique() <= _FEW:
        at = np.sort(values.unique())
        return values.map({value: k for k, value in enumerate(at)}), at
    parts = int(np.clip(round(sqrt(len(values)) * 0.8), 4, 12))
    number = pd.Series(pd.qcut(values, parts, labels=False, duplicates="drop"), values.index)
    return number, values.groupby(number).mean().to_numpy()
