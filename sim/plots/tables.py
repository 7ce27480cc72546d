"""Tables: what the figures read of a result, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.dates import months
from sim.errors import ResultError
from sim.metrics.names import METRICS

STATISTICS = ["mean", "q05", "q25", "q50", "q75", "q95"]
SERIES = ["variant", "date", "metric", "subject", *STATISTICS]
DRAWN = {  # the metrics that figures read; the other rows are passed over
    "cohesion",
    "participation",
    "exposure",
    "second_strike",
    "supplied",
    "supplier_share",
}


@dataclass(frozen=True)
class Named:
    """An outcome as its column names it: metric, subject, system and window."""

    text: str
    metric: str
    subject: str
    rest: str  # system and window, as written

    @property
    def kind(self) -> str:
        """Return the kind of subject: bloc, member, dyad, tie, state, supply, query or sale."""
        return METRICS[self.metric].kind


@dataclass(frozen=True)
class Tables:
    """The tables of one result, read when first asked for."""

    folder: Path
    manifest: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Tables:
        """Return the tables in a folder; a ResultError says what is missing."""
        try:
            manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            message = f"{folder}: no result to draw: manifest.json cannot be read ({error})"
            raise ResultError(message) from None
        return cls(folder, manifest)

    @property
    def scenario(self) -> dict[str, Any]:
        """Return the scenario as read, without its variants."""
        found = self.manifest.get("scenario")
        return found if isinstance(found, dict) else {}

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """Return one row a variant and run, with a column for every outcome."""
        return self._table("outcomes.csv", ["variant", "run"])

    @cached_property
    def transfers(self) -> pd.DataFrame:
        """Return one row a request or order."""
        return self._table("transfers.csv", ["variant", "run", "supplier", "recipient", "stage"])

    @cached_property
    def series(self) -> pd.DataFrame:
        """Return one row a variant, date, metric and subject, of the metrics that are drawn."""
        rows = self._table("series.csv", SERIES, only=SERIES)
        rows = rows[rows["metric"].isin(DRAWN)]
        return rows.assign(year=rows["date"].map(years(rows["date"].unique())))

    @cached_property
    def named(self) -> list[Named]:
        """Return the outcomes in the order of their columns."""
        found = []
        for column in self.outcomes.columns:
            words = str(column).split()
            if len(words) > 1 and words[0] in METRICS:
                found.append(Named(str(column), words[0], words[1], " ".join(words[2:])))
        return found

    @property
    def variants(self) -> list[str]:
        """Return the variants; the first is the one that others are compared with."""
        return list(dict.fromkeys([*self.outcomes["variant"], *self.series["variant"]]))

    @property
    def runs(self) -> int:
        """Return the number of runs of a variant."""
        return int(self.outcomes["run"].nunique())

    @cached_property
    def states(self) -> list[str]:
        """Return the names of the states."""
        return list(self.scenario.get("states", {}))

    def of_kind(self, *kinds: str) -> list[Named]:
        """Return the outcomes whose subjects are of these kinds."""
        return [each for each in self.named if each.kind in kinds]

    def blocs(self, metric: str) -> list[str]:
        """Return the blocs that outcomes name and that have rows of a metric, in that order."""
        rows = self.series.loc[self.series["metric"] == metric, "subject"].unique()
        present = {str(each).rpartition(":")[2] for each in rows}
        named = [each.subject.rpartition(":")[2] for each in self.of_kind("bloc", "member")]
        return [bloc for bloc in dict.fromkeys(named) if bloc in present]

    def lines(self, metric: str, subject: str) -> dict[str, pd.DataFrame]:
        """Return by variant the course of a metric of a subject, one row a date."""
        rows = self.series
        rows = rows[(rows["metric"] == metric) & (rows["subject"] == subject)]
        return {str(name): part for name, part in rows.groupby("variant", sort=False)}

    def _table(self, name: str, needed: list[str], only: list[str] | None = None) -> pd.DataFrame:
        """Return a table as pandas reads it; names such as NA stay text."""
        path = self.folder / name
        try:
            found = pd.read_csv(path, keep_default_na=False, na_values=[""], usecols=only)
        except pd.errors.EmptyDataError:
            return pd.DataFrame(columns=needed)
        except (OSError, ValueError) as error:
            message = f"{path}: cannot be read ({error})"
            raise ResultError(message) from None
        lacking = [column for column in needed if column not in found.columns]
        if lacking:
            message = f"{path}: no column {lacking[0]!r}"
            raise ResultError(message)
        return found


def years(dates: Iterable[str]) -> dict[str, float]:
    """Return for each date the year in which it begins, with its fraction."""
    return {date: months(str(date)) / 12 for date in dates}


def length(rows: pd.DataFrame) -> float:
    """Return the length of a period in years, a year where there is but one period."""
    steps = np.diff(np.sort(rows["year"].unique()))
    return float(steps.min()) if steps.size else 1.0


def number(value: Any, default: float = 0.0) -> float:
    """Return a number of the scenario: an uncertain one by its middle value."""
    if isinstance(value, dict):
        value = value.get("value")
    return float(value) if isinstance(value, int | float) else default
