"""The data of a result for its figures: tables, and the outcomes, variants and runs in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.kernel.dates import YEAR, months
from sim.kernel.errors import ResultError
from sim.metrics.catalogue import METRICS
from sim.plots import FigureError, figures_of
from sim.records.columns import Table
from sim.records.frames import header, read_table
from sim.records.kinds import (
    KINDS,
    RUN,
    RUNS,
    SENSITIVITY,
    STRUCTURAL,
    ResultKind,
)
from sim.records.manifest import finished
from sim.records.soundness import FORMAT, KEY, damaged, stored

Contrast = tuple[str, str]  # a variant, and the one with which it is compared
STATISTICS = ("mean", "q05", "q25", "q50", "q75", "q95")
READ = {  # the columns that figures read, if they do not read all columns of a table
    "series": f"variant date metric subject {' '.join(STATISTICS)}",
    "differences": "variant versus outcome mean low high",
    "contrasts_series": "variant versus date metric subject mean low high q05 q95",
    "events": "variant run date kind actor against aided bloc",
    "ties": "variant metric from to mean",
    "structural": "outcome variant versus rule_set mean",
    "transfers": "variant run supplier recipient system stalled stage",
    "patterns": "variant pattern check scored low high historical runs defined q05 q50 q95 verdict",
    "spreads": "outcome variant versus largest driver driver_share "
    "chance chance_share parameters parameters_share rules rules_share",
}
OPTIONAL = {  # columns that results of the previous format, or files of a user, may lack
    "differences": ("verdict",),
    "events": ("about",),
}
# tables whose columns depend on the result
WHOLE = ("outcomes", "spreads", "design", "points", "indices")
ENDLESS = ("patterns", "fit")  # tables in which the time to an event that never comes is infinite
LARGEST = 1e15  # bound of all numbers of a scenario; larger ones mean a damaged table
PAGES = {  # the outcomes on a page, by kind of subject
    "blocs": ("bloc", "member"),
    "states": ("dyad", "state", "tie"),
    "sales": ("sale", "query", "supply"),
}


@dataclass(frozen=True)
class NamedOutcome:
    """An outcome by the parts of its name."""

    text: str
    metric: str
    subject: str
    system: str
    window: str  # as written

    @classmethod
    def read(cls, text: str) -> NamedOutcome | None:
        """Return the outcome of a column by its name; None if the column is not an outcome."""
        metric, *words = text.split()
        if not words or metric not in METRICS:
            return None
        subject, *rest = words
        of_system = METRICS[metric].kind in {"sale", "query", "holding"}
        system = rest.pop(0) if rest and of_system else ""
        return cls(text, metric, subject, system, " ".join(rest))

    @property
    def kind(self) -> str:
        """Return the kind of subject: bloc, member, dyad, tie, state, supply, query or sale."""
        return METRICS[self.metric].kind


@dataclass(frozen=True)
class FigureData:
    """The tables of one result by name, each read when it is first used."""

    folder: Path
    manifest: Mapping[str, Any] = field(default_factory=dict)
    kind: ResultKind = RUN
    alone: Path | None = None  # a single file, if there is no result
    shown: tuple[str, ...] = ()  # variants that the user asks for
    over: tuple[str, ...] = ()  # swept paths that the user asks for
    _frames: dict[str, pd.DataFrame] = field(default_factory=dict, init=False)

    @classmethod
    def read(cls, folder: Path) -> FigureData:
        """Return the tables in a folder; a ResultError says what is missing."""
        manifest, kind = finished(folder)
        if not figures_of(kind):
            message = f"{folder}: holds {kind.article}, for which there are no figures"
            raise FigureError(message)
        if kind is SENSITIVITY and manifest and (inner := stored(folder / RUNS)):
            manifest = {**manifest, "scenario": inner.get("scenario", {})}  # of its sweep
        return cls(folder, manifest or {}, kind)

    @classmethod
    def of_file(cls, path: Path) -> FigureData:
        """Return the table in a file of our layout; a ResultError says what is wrong with it."""
        head = {*header(path)}
        layouts = [
            (table.name == path.stem, len(names), kind)
            for kind in KINDS
            for table in kind.tables
            if (names := needed(table)) and head >= {*names}
        ]
        if not layouts:
            known = "columns.csv of a result lists them"
            message = f"{path}: does not have the columns of a table of blocsim; {known}"
            raise FigureError(message)
        *_, kind = max(layouts, key=lambda layout: layout[:2])
        return cls(path.parent, {}, kind, path)

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return the columns of a table that figures read; without rows if there is no file."""
        if name not in self._frames:
            table = self.kind.table(name)
            form = self.manifest.get(KEY, FORMAT - 1)
            names = needed(table, form) or READ.get(name, "").split()
            if self.lack(name):
                self._frames[name] = pd.DataFrame(columns=names)
            else:
                path = self.path_of(name)
                more = [each for each in OPTIONAL.get(name, ()) if each in header(path)]
                only = [] if name in WHOLE else [*names, *more]
                numeric = _is_outcome if name != "indices" else bool  # they differ by method
                frame = read_table(path, table, only=only, need=names, numeric=numeric)
                self._frames[name] = self._sound(table, frame)
        return self._frames[name]

    def lack(self, name: str) -> str:
        """Return why a table cannot be read; empty if it can be."""
        path = self.path_of(name)
        if self.alone is not None and not self._is_alone(name):
            return f"{self.alone.name} is no {name}.csv"
        if name == "patterns" and self.manifest.get("patterns") == {}:
            return "the scenario names no patterns"
        if not path.is_file():
            return f"{path.name} is missing"
        return "" if path.stat().st_size else f"{path.name} is empty"

    def path_of(self, name: str) -> Path:
        """Return the file of a table."""
        return self.folder / f"{name}.csv" if self.alone is None else self.alone

    def _is_alone(self, name: str) -> bool:
        """Return whether the single file has the columns of a table."""
        assert self.alone is not None  # noqa: S101 - asked before
        names = needed(self.kind.table(name))
        fits = bool(names) and {*header(self.alone)} >= {*names}
        others = (each for each in self.kind.tables if each.name == self.alone.stem)
        return fits and all(each.name == name for each in others)

    def _sound(self, table: Table, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a table; numbers that cannot be drawn, or cannot occur, are a ResultError."""
        for name in frame.select_dtypes(float):
            wrong = frame[name].abs() > LARGEST
            if table.name in ENDLESS:
                wrong &= ~np.isinf(frame[name])
            self._refuse(table, frame[name], wrong)
        if table.name == "series":
            return self._dated(table, frame[frame["metric"].isin(METRICS)])
        if table.name == "contrasts_series":
            return frame.assign(year=frame["date"].map(years(frame["date"].unique())))
        if table.name == "structural":
            if not frame["rule_set"].str.isdigit().all():
                raise damaged(self.path_of(table.name), "rule_set has values that are not numbers")
            return frame.assign(rule_set=frame["rule_set"].astype(int))
        if table.name == "spreads":
            self._check_spreads(table, frame)
        return frame

    def _dated(self, table: Table, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of the series with their years; impossible values are a ResultError."""
        metric, names = pd.factorize(rows["metric"])
        low, high = (
            np.array([getattr(METRICS[name], end) for name in names], dtype=float)[metric]
            for end in ("low", "high")
        )
        for name in STATISTICS:
            self._refuse(table, rows[name], (rows[name] < low) | (rows[name] > high))
        return rows.assign(year=rows["date"].map(years(rows["date"].unique())))

    def _check_spreads(self, table: Table, frame: pd.DataFrame) -> None:
        """Raise a ResultError for spreads without a row for an outcome of a variant."""
        first, *others = self.variants
        pairs = [(first, ""), *((each, first) for each in others)]
        known = {*zip(frame["outcome"], frame["variant"], frame["versus"], strict=True)}
        for outcome, (variant, versus) in product(frame["outcome"].unique(), pairs):
            if (outcome, variant, versus) not in known:
                raise damaged(self.path_of(table.name), f"no row of {outcome} in {variant}")

    def _refuse(self, table: Table, column: pd.Series, wrong: pd.Series) -> None:
        """Raise a ResultError that names the first wrong number of a column, if there is one."""
        if wrong.any():
            value, line = column[wrong].iloc[0], wrong[wrong].index[0] + 2
            place = f"{self.path_of(table.name)}, line {line}"
            raise damaged(place, f"{column.name} cannot be {value:g}")

    @property
    def name(self) -> str:
        """Return the name of the scenario."""
        file = self.folder if self.alone is None else self.alone
        return str(self.manifest.get("inputs", {}).get("scenario", file.name))

    @property
    def document(self) -> Mapping[str, Any]:
        """Return the scenario as it was read; empty if it is not in the result."""
        document: Mapping[str, Any] = self.manifest.get("scenario", {}).get("document", {})
        return document

    @property
    def spread(self) -> str:
        """Return the sources of the spread of runs, in words."""
        if self.kind is STRUCTURAL:
            return "chance, parameters and rules"
        drawn = self.document.get("uncertain") is True
        return "chance and the uncertain numbers" if drawn else "chance alone"

    def patch(self, variant: str) -> Mapping[str, Any]:
        """Return the patch of a variant to the scenario as it was read; empty if not known."""
        patches = self.manifest.get("scenario", {}).get("variants", {})
        patch = patches.get(variant) if isinstance(patches, dict) else None
        return patch if isinstance(patch, dict) else {}

    def entry(self, block: str, name: str) -> Mapping[str, Any]:
        """Return an entry of a block of the scenario as it was read; empty if there is none."""
        content = self.document.get(block)
        entry = content.get(name) if isinstance(content, dict) else None
        return entry if isinstance(entry, dict) else {}

    def called(self, block: str, name: str) -> str:
        """Return the name of an entry of a block in the scenario, or else its key."""
        return " ".join(str(self.entry(block, name).get("name") or name).split())

    def members(self, bloc: str) -> list[str]:
        """Return the members of a bloc in the scenario; empty if they are not known."""
        members = self.entry("blocs", bloc).get("members")
        return list(members) if isinstance(members, list | dict) else []

    @property
    def variants(self) -> list[str]:
        """Return the variants, `baseline` first."""
        if names := self.manifest.get("variants"):
            return list(names)
        tables = ("outcomes", "series", "contrasts_series", "points", "differences")
        name = next((each for each in tables if not self.lack(each)), "outcomes")
        return list(self[name]["variant"].unique())

    @property
    def named_contrasts(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the contrasts of the scenario by name."""
        named: Mapping[str, Mapping[str, Any]] = self.manifest.get("contrasts", {})
        there = {*self.variants}
        return {
            name: each
            for name, each in named.items()
            if {each.get("of"), each.get("versus")} <= there
        }

    @property
    def contrasts(self) -> list[Contrast]:
        """Return the pairs of variants whose differences are drawn, in their order."""
        named = self.named_contrasts.values()
        if pairs := [(str(each["of"]), str(each["versus"])) for each in named]:
            return list(dict.fromkeys(pairs))
        rows = self["differences"][["variant", "versus"]].drop_duplicates()
        return [(str(variant), str(versus)) for variant, versus in rows.to_numpy()]

    def chosen(self, variants: Sequence[str], versus: str) -> list[Contrast]:
        """Return the contrasts of some variants, or all, with `versus`; by default the result's.

        It is a FigureError if there are none.
        """
        if versus:
            pairs = [(each, versus) for each in variants or self.variants if each != versus]
        else:
            pairs = [pair for pair in self.contrasts if not variants or pair[0] in variants]
        if not pairs:
            message = "no difference to draw: name two variants by --variant and --versus"
            raise FigureError(message)
        return pairs

    @property
    def reference(self) -> str:
        """Return the variant that the others are compared with."""
        first, *others = self.variants
        named = self.manifest.get("reference")
        return str(named) if named in others else first

    @property
    def about(self) -> list[str]:
        """Return the outcomes of the scenario's contrasts, the most informative first."""
        named = self.manifest.get("contrasts", {}).values()
        texts = [str(text) for each in named for text in each.get("about") or ()]
        return list(dict.fromkeys(texts))

    @property
    def runs(self) -> int:
        """Return the number of runs of a variant."""
        return int(self["outcomes"]["run"].nunique())

    @property
    def series_runs(self) -> int:
        """Return the number of runs over which the statistics of series are computed."""
        return int(self.manifest.get("series_runs", self.runs))

    @property
    def transfer_runs(self) -> int:
        """Return the number of runs whose requests are in the table."""
        return int(self.manifest.get("transfer_runs", self["transfers"]["run"].nunique()))

    @property
    def event_runs(self) -> int:
        """Return the number of runs of a variant whose events are in the table."""
        return int(self.manifest.get("event_runs", self.transfer_runs))

    @cached_property
    def named(self) -> list[NamedOutcome]:
        """Return all outcomes in the order of their columns."""
        outcomes = (NamedOutcome.read(str(column)) for column in self["outcomes"].columns)
        return [each for each in outcomes if each is not None]

    def of_kind(self, *kinds: str) -> list[NamedOutcome]:
        """Return the outcomes whose subjects are of these kinds."""
        return [each for each in self.named if each.kind in kinds]

    def blocs(self, metric: str) -> list[str]:
        """Return the blocs of outcomes for which the series have a metric, in that order."""
        present = {str(each).rpartition(":")[2] for each in self.rows(metric)["subject"].unique()}
        named = [each.subject.rpartition(":")[2] for each in self.of_kind("bloc", "member")]
        return [bloc for bloc in dict.fromkeys(named) if bloc in present]

    def rows(self, metric: str, **equal: str) -> pd.DataFrame:
        """Return the rows of a metric in the series, of one subject or variant if given."""
        rows = self._by_metric.get(metric, self["series"].iloc[:0])
        for name, value in equal.items():
            rows = rows[rows[name] == value]
        return rows

    @cached_property
    def _by_metric(self) -> dict[str, pd.DataFrame]:
        """Return the rows of the series by metric."""
        return {str(name): part for name, part in self["series"].groupby("metric", sort=False)}


def needed(table: Table, form: int = FORMAT - 1) -> list[str]:
    """Return the columns that figures need, of those that a table has in a format."""
    read = READ.get(table.name, "").split()
    return read if read and {*read} <= {*table.names()} else table.names(form)


def _is_outcome(column: str) -> bool:
    return NamedOutcome.read(column) is not None


def by_variant(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return rows by variant, in the order of the rows."""
    return {str(name): part for name, part in rows.groupby("variant", sort=False)}


def first(subjects: pd.Series) -> pd.Series:
    """Return the first names of dyads `A>B` or members `A:B`."""
    return subjects.map({text: re.split("[>:]", text)[0] for text in subjects.unique()})


def second(subjects: pd.Series) -> pd.Series:
    """Return the second names of dyads `A>B` or members `A:B`."""
    return subjects.map({text: re.split("[>:]", text)[-1] for text in subjects.unique()})


def years(dates: Iterable[str]) -> dict[str, float]:
    """Return for each date its beginning as a year with a fraction."""
    try:
        return {date: months(str(date)) / YEAR for date in dates}
    except ValueError as error:
        message = f"{error}; the result is damaged"
        raise ResultError(message) from None


def length(rows: pd.DataFrame) -> float:
    """Return the length of a period in years; one year if there is only one period."""
    steps = np.diff(np.sort(rows["year"].unique()))
    return float(steps.min()) if steps.size else 1.0
