"""CSV files that a scenario names: tables of dyads, and the posterior of a calibration.

The first column of a posterior is `weight`; every other one has the dotted path of a number as its
name. Each run draws one row by weight; the draw is addressed by the stream `posterior` and the
number of the run, so that variants share rows and the size of blocks does not change them.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np

from sim.documents.csv_table import CsvRow, CsvTable, fill, row_names
from sim.documents.leaves import NAME
from sim.documents.reader import read_bytes, shown
from sim.kernel.errors import InputError, Problem
from sim.kernel.noise import Noise, uniform
from sim.kernel.words import meant, quoted
from sim.scenario.paths import NumberPath

BOUNDS = {"affinity": (-1.0, 1.0), "rivalry": (0.0, 1.0), "distance": (0.0, 25_000.0)}


@dataclass
class TableReading:
    """The entries of a table, and its faults."""

    name: str
    table: CsvTable
    entries: dict[tuple[str, str], float] = field(default_factory=dict)
    states: dict[str, int] = field(default_factory=dict)  # named in the table -> line

    @property
    def problems(self) -> list[Problem]:
        """Return the faults of the table."""
        return self.table.problems

    def row(self, row: CsvRow) -> None:
        """Take one row."""
        low, high = BOUNDS[self.name]
        pair = start, end = row.text("from"), row.text("to")
        for name in pair:
            if not NAME.match(name):
                row.wrong("", f"{quoted(name)} is not the code of a state")
                return
        value = row.number("value", needed=True, low=low, high=high)
        for name in pair:
            self.states.setdefault(name, row.line)
        both_ways = self.name == "distance"
        if start == end:
            if not both_ways or value != 0:
                row.wrong("", f"from and to are both {quoted(start)}")
        elif math.isnan(value):
            return  # the fault is in the number
        elif pair in self.entries and not (both_ways and self.entries[pair] == value):
            row.wrong("", f"the pair {start},{end} appears twice")
        else:
            self.entries |= dict.fromkeys((pair, (end, start)) if both_ways else (pair,), value)

    def among(self, states: Collection[str]) -> dict[tuple[str, str], float]:
        """Return the entries between some states: a variant may lack states of the scenario."""
        return {
            pair: value
            for pair, value in self.entries.items()
            if pair[0] in states and pair[1] in states
        }

    def strangers(self, known: Collection[str]) -> list[Problem]:
        """Return a problem for each state of the table that is not known."""
        unknown = CsvTable(self.table.file, self.table.key)
        for name, line in self.states.items():
            if name not in known:
                message = f"no state {quoted(name)} in the scenario{meant(name, known)}"
                unknown.wrong(line, "", f"{message}: add the state, or remove its rows")
        return unknown.problems


def read_table(name: str, path: Path) -> TableReading:
    """Return the entries of a CSV table by (from, to), and its faults."""
    reading = TableReading(name, CsvTable(shown(path), key=f"tables.{name}"))
    try:
        fill(reading.table, read_bytes(path), "from", "to", "value")
    except InputError as error:
        reading.table.problems[:] = error.problems
        return reading
    for row in reading.table.rows():
        reading.row(row)
    return reading


WEIGHT = "weight"
KEY = "parameters.posterior"


@dataclass(frozen=True, eq=False)
class Posterior:
    """Weighted draws of the numbers at some paths."""

    paths: tuple[str, ...]
    rows: np.ndarray  # (rows, paths)
    weights: np.ndarray  # (rows,), not negative
    digest: str = ""  # sha256 of the file

    def less(self, paths: Collection[str]) -> Posterior:
        """Return the posterior without some of its columns."""
        kept = [at for at, path in enumerate(self.paths) if path not in paths]
        names = tuple(self.paths[at] for at in kept)
        return Posterior(names, self.rows[:, kept], self.weights, self.digest)

    def drawn(self, noise: Noise) -> dict[str, np.ndarray]:
        """Return the numbers of each run by path: the row that the run draws."""
        ends = np.cumsum(self.weights / self.weights.max())
        chance = noise.draw(uniform("posterior", constant=True))
        row = np.searchsorted(ends, chance * ends[-1], side="right")
        row = np.minimum(row, np.flatnonzero(self.weights)[-1])
        return {path: self.rows[row, at] for at, path in enumerate(self.paths)}


@dataclass
class Draft:
    """A posterior as read, and the faults of its file."""

    table: CsvTable
    posterior: Posterior | None = None

    @property
    def problems(self) -> list[Problem]:
        """Return the faults of the file."""
        return self.table.problems

    def check(self, known: Mapping[str, NumberPath]) -> None:
        """Note columns that do not name a number of the scenario, and values out of its bounds."""
        if self.posterior is None:
            return
        for path, values in zip(self.posterior.paths, self.posterior.rows.T, strict=True):
            if path not in known:
                self.table.wrong(1, "", f"no number {quoted(path)}{meant(path, known)}")
            elif not known[path].rides:
                self.table.wrong(1, path, "must be the same in all runs")
            else:
                faults = ((at, known[path].leaf.outside(float(v))) for at, v in enumerate(values))
                at, fault = next((each for each in faults if each[1]), (0, ""))
                if fault:
                    self.table.wrong(self.table.lines[at], path, fault)


def read_posterior(path: Path) -> Draft:
    """Return the weighted draws of a CSV file."""
    draft = Draft(CsvTable(shown(path), key=KEY))
    table = draft.table
    try:
        data = read_bytes(path)
        fill(table, data)
        _check_head(table)
        weights = [row.number(WEIGHT, needed=True, low=0.0) for row in table.rows()]
        rows = [
            [row.number(name, needed=True) for name in table.columns[1:]] for row in table.rows()
        ]
        table.close()
    except InputError as error:
        table.problems[:] = error.problems
        return draft
    if not any(weight > 0 for weight in weights):
        table.wrong(1, "", "the weights must sum to more than 0")
        return draft
    draft.posterior = Posterior(
        table.columns[1:], np.array(rows), np.array(weights), sha256(data).hexdigest()
    )
    return draft


def _check_head(table: CsvTable) -> None:
    if table.columns[:1] != (WEIGHT,) or len(table.columns) == 1:
        unnamed = [what for column in table.columns if (what := row_names(column))]
        what = f"; {unnamed[0]}" if unnamed else ""
        head = quoted(",".join(table.columns))
        table.wrong(
            1, "", f"the first row must name `weight` and paths of numbers; got {head}{what}"
        )
    table.close()
