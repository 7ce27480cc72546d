"""Tables: what the figures read of a result, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.kernel.dates import months
from sim.kernel.errors import ResultError
from sim.metrics.catalogue import METRICS
from sim.plots import FigureError, figures_of
from sim.records import study_tables, tables
from sim.records.columns import Table
from sim.records.frames import read_table
from sim.records.kinds import MANIFEST, RUN, ResultKind, kind_in, kind_of
from sim.records.manifest import unfinished
from sim.records.soundness import stored

STATISTICS = ["mean", "q05", "q25", "q50", "q75", "q95"]
SERIES = ["variant", "date", "metric", "subject", *STATISTICS]
DIFFERENCES = ["variant", "versus", "outcome", "mean", "low", "high"]
TIES = ["variant", "metric", "from", "to", "mean"]
SPREADS = [
    "outcome", "variant", "versus", "largest", "driver", "driver_share",
    *(f"{name}{end}" for name in ("chance", "parameters", "rules") for end in ("", "_share")),
]  # fmt: skip
STRUCTURAL = ["outcome", "variant", "versus", "rule_set", "mean"]
TRANSFERS = ["variant", "run", "supplier", "recipient", "system", "stalled", "stage"]
PATTERNS = [
    "variant", "pattern", "check", "scored", "low", "high", "historical", "runs", "defined",
    "q05", "q50", "q95", "verdict",
]  # fmt: skip
PAGES = {  # the outcomes of a page, by kind of subject
    "blocs": ("bloc", "member", "tie"),
    "states": ("dyad", "state"),
    "sales": ("sale", "query", "supply"),
}
DRAWN = {  # the metrics that figures read; the other rows are passed over
    "cohesion",
    "participation",
    "exposure",
    "second_strike",
    "supplied",
    "supplier_share",
}


@dataclass(frozen=True)
class NamedOutcome:
    """An outcome as its column names it."""

    text: str
    metric: str
    subject: str
    system: str
    window: str  # as written

    @classmethod
    def read(cls, text: str) -> NamedOutcome | None:
        """Return the outcome that a column holds; None if the column is something else."""
        metric, *words = text.split()
        if not words or metric not in METRICS:
            return None
        subject, *rest = words
        system = rest.pop(0) if rest and METRICS[metric].kind in {"sale", "query"} else ""
        return cls(text, metric, subject, system, " ".join(rest))

    @property
    def kind(self) -> str:
        """Return the kind of subject: bloc, member, dyad, tie, state, supply, query or sale."""
        return METRICS[self.metric].kind


@dataclass(frozen=True)
class FigureData:
    """The tables of one result, read when first asked for."""

    folder: Path
    manifest: Mapping[str, Any] = field(default_factory=dict)
    kind: ResultKind = RUN

    @classmethod
    def read(cls, folder: Path) -> FigureData:
        """Return the tables in a folder; a ResultError says what is missing."""
        manifest = stored(folder)
        kind = kind_in(folder) if manifest is None else kind_of(manifest)
        if kind is None:
            message = f"{folder}: no result there (no {MANIFEST}); `blocsim run` makes one"
            raise ResultError(message)
        if said := unfinished(folder, kind):
            raise ResultError(said)
        if not figures_of(kind):
            what = f"holds {kind.article}, of which no figures are drawn"
            message = f"{folder}: {what}; {kind.figures}"
            raise FigureError(message)
        if manifest is None:
            manifest = stored(folder, kind.manifest)
        return cls(folder, manifest or {}, kind)

    @property
    def name(self) -> str:
        """Return the name of the scenario."""
        return str(self.manifest.get("scenario", {}).get("name", self.folder.name))

    def entry(self, block: str, name: str) -> Mapping[str, Any]:
        """Return an entry of a block of the scenario as read; empty where there is none."""
        content = self.manifest.get("scenario", {}).get("document", {}).get(block)
        entry = content.get(name) if isinstance(content, dict) else None
        return entry if isinstance(entry, dict) else {}

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """Return one row a variant and run, with a column for every outcome."""
        return self._table(tables.OUTCOMES, ["variant", "run"], whole=True)

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Return one row an outcome and variant: its paired difference from the first variant."""
        return self._table(tables.DIFFERENCES, DIFFERENCES)

    @cached_property
    def spreads(self) -> pd.DataFrame:
        """Return one row an outcome and variant of a structural run: its three spreads."""
        rows = self._table(tables.SPREADS, SPREADS, whole=True)
        first, *others = self.variants
        known = {*zip(rows["outcome"], rows["variant"], rows["versus"], strict=True)}
        for outcome in rows["outcome"].unique():
            for variant, versus in ((first, ""), *((each, first) for each in others)):
                if (outcome, variant, versus) not in known:
                    path = self.folder / tables.SPREADS.file
                    message = f"{path}: no row of {outcome} in {variant}; the result is damaged"
                    raise ResultError(message)
        return rows

    @cached_property
    def structural(self) -> pd.DataFrame:
        """Return one row an outcome, variant and rule set of a structural run."""
        rows = self._table(tables.STRUCTURAL, STRUCTURAL)
        if not rows["rule_set"].str.isdigit().all():
            path = self.folder / tables.STRUCTURAL.file
            message = f"{path}: rule_set holds what is no number; the result is damaged"
            raise ResultError(message)
        return rows.assign(rule_set=rows["rule_set"].astype(int))

    @cached_property
    def transfers(self) -> pd.DataFrame:
        """Return one row a request or order."""
        return self._table(tables.TRANSFERS, TRANSFERS)

    @cached_property
    def patterns(self) -> pd.DataFrame:
        """Return one row a variant and check of a pattern."""
        return self._table(tables.PATTERNS, PATTERNS)

    @cached_property
    def ties(self) -> pd.DataFrame:
        """Return one row a metric and dyad."""
        return self._table(tables.TIES, TIES)

    @cached_property
    def identified(self) -> pd.DataFrame:
        """Return one row a number that a calibration fitted."""
        return self._table(study_tables.IDENTIFIED, study_tables.IDENTIFIED.names())

    @cached_property
    def fit(self) -> pd.DataFrame:
        """Return one row a check that a calibration met."""
        return self._table(study_tables.FIT, study_tables.FIT.names())

    @cached_property
    def forecasts(self) -> pd.DataFrame:
        """Return one row a case of a backtest."""
        return self._table(study_tables.FORECASTS, study_tables.FORECASTS.names())

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Return one row a score and forecaster of a backtest."""
        return self._table(study_tables.SCORES, study_tables.SCORES.names())

    @cached_property
    def series(self) -> pd.DataFrame:
        """Return one row a variant, date, metric and subject, of the metrics that are drawn."""
        rows = self._table(tables.SERIES, SERIES)
        rows = rows[rows["metric"].isin(DRAWN)]
        return rows.assign(year=rows["date"].map(years(rows["date"].unique())))

    @cached_property
    def named(self) -> list[NamedOutcome]:
        """Return the outcomes in the order of their columns."""
        outcomes = (NamedOutcome.read(str(column)) for column in self.outcomes.columns)
        return [each for each in outcomes if each is not None]

    @property
    def variants(self) -> list[str]:
        """Return the variants; the first is the one that others are compared with."""
        names = self.manifest.get("variants")
        return list(names) if names else list(self.outcomes["variant"].unique())

    @property
    def runs(self) -> int:
        """Return the number of runs of a variant."""
        return int(self.outcomes["run"].nunique())

    @property
    def series_runs(self) -> int:
        """Return the number of runs that the statistics of series are taken over."""
        return int(self.manifest.get("series_runs", self.runs))

    @property
    def transfer_runs(self) -> int:
        """Return the number of runs whose requests are in the table."""
        return int(self.manifest.get("transfer_runs", self.transfers["run"].nunique()))

    def of_kind(self, *kinds: str) -> list[NamedOutcome]:
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

    def lack(self, name: str) -> str:
        """Return what keeps a table from being read; empty where it can be."""
        path = self.folder / f"{name}.csv"
        if name == tables.PATTERNS.name and self.manifest.get("patterns") == {}:
            return "the scenario names no patterns"
        if not path.is_file():
            return f"{path.name} is missing"
        return "" if path.stat().st_size else f"{path.name} is empty"

    def _table(self, table: Table, needed: list[str], *, whole: bool = False) -> pd.DataFrame:
        """Return some columns of a table, or the whole; without rows if there is no such file."""
        if self.lack(table.name):
            return pd.DataFrame(columns=needed)
        only = [] if whole else needed
        return read_table(
            self.folder / table.file, table, only=only, need=needed, numeric=_is_outcome
        )


def _is_outcome(column: str) -> bool:
    return NamedOutcome.read(column) is not None


def first(subjects: pd.Series) -> pd.Series:
    """Return the first names of dyads `A>B` or members `A:B`."""
    return subjects.map({text: re.split("[>:]", text)[0] for text in subjects.unique()})


def second(subjects: pd.Series) -> pd.Series:
    """Return the second names of dyads `A>B` or members `A:B`."""
    return subjects.map({text: re.split("[>:]", text)[-1] for text in subjects.unique()})


def years(dates: Iterable[str]) -> dict[str, float]:
    """Return for each date the year in which it begins, with its fraction."""
    try:
        return {date: months(str(date)) / 12 for date in dates}
    except ValueError as error:
        message = f"{error}; the result is damaged"
        raise ResultError(message) from None


def length(rows: pd.DataFrame) -> float:
    """Return the length of a period in years, a year where there is but one period."""
    steps = np.diff(np.sort(rows["year"].unique()))
    return float(steps.min()) if steps.size else 1.0
