"""The posterior of a calibration as a source of parameters: weighted rows of a CSV file.

The first column is `weight`, each other one is named by the dotted path of a number. Each run
draws one row by weight; the draw is addressed by the stream `posterior` and the number of the
run, so that variants share rows and no block size changes them.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np

from sim.documents.nodes import Mark
from sim.documents.reader import decode, read_bytes, shown
from sim.kernel.errors import InputError, Problem
from sim.kernel.noise import Noise, uniform
from sim.kernel.words import meant, quoted
from sim.scenario.paths import NumberPath

WEIGHT = "weight"
KEY = "parameters.posterior"
_MOST = 50  # problems told of one file


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

    def given(self, noise: Noise) -> dict[str, np.ndarray]:
        """Return the numbers of each run by path: the row that the run draws."""
        ends = np.cumsum(self.weights / self.weights.max())
        chance = noise.draw(uniform("posterior", constant=True))
        row = np.searchsorted(ends, chance * ends[-1], side="right")
        row = np.minimum(row, np.flatnonzero(self.weights)[-1])
        return {path: self.rows[row, at] for at, path in enumerate(self.paths)}


@dataclass
class Draft:
    """A posterior as read, and what is wrong with its file."""

    file: str
    posterior: Posterior | None = None
    lines: list[int] = field(default_factory=list)  # of the rows
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, line: int, message: str) -> None:
        """Note a problem, up to a number."""
        if len(self.problems) < _MOST:
            self.problems.append(Mark(self.file, line, 1).problem(KEY, message))

    def check(self, known: Mapping[str, NumberPath]) -> None:
        """Note columns that name no number of the scenario, and values out of its bounds."""
        if self.posterior is None:
            return
        for path, values in zip(self.posterior.paths, self.posterior.rows.T, strict=True):
            if path not in known:
                self.wrong(1, f"no number {quoted(path)}{meant(path, known)}")
            elif not known[path].rides:
                self.wrong(1, f"{path} may not differ from run to run")
            else:
                faults = ((at, known[path].leaf.outside(float(v))) for at, v in enumerate(values))
                at, fault = next((each for each in faults if each[1]), (0, ""))
                if fault:
                    self.wrong(self.lines[at], f"{path} {fault}")


def read_posterior(path: Path) -> Draft:
    """Return the weighted draws of a CSV file."""
    draft = Draft(shown(path))
    try:
        data = read_bytes(path)
        text = decode(data, draft.file)
    except InputError as error:
        draft.problems.extend(error.problems)
        return draft
    table = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(table, [])]
        if _headed(draft, header):
            rows = list(_rows(draft, table, len(header)))
            _finish(draft, header, rows, sha256(data).hexdigest())
    except csv.Error as error:
        draft.wrong(table.line_num, f"not readable as CSV: {error}")
    return draft


def _headed(draft: Draft, header: list[str]) -> bool:
    """Return whether the first row is weight and paths, each once."""
    if header[:1] != [WEIGHT] or len(header) == 1:
        draft.wrong(1, f"the first row must be weight and paths; got {quoted(','.join(header))}")
        return False
    twice = sorted({path for path in header if header.count(path) > 1})
    for path in twice:
        draft.wrong(1, f"{quoted(path)} stands twice")
    return not twice


def _rows(draft: Draft, table: Iterator[list[str]], wide: int) -> Iterator[list[float]]:
    """Yield the rows that are numbers, all of them finite, the weight not negative."""
    for line, cells in enumerate(table, start=2):
        if not cells:
            continue
        if len(cells) != wide:
            draft.wrong(line, f"must have {wide} cells, as the first row has; got {len(cells)}")
            continue
        numbers = [_number(cell) for cell in cells]
        bad = [cell for cell, each in zip(cells, numbers, strict=True) if not math.isfinite(each)]
        if bad:
            draft.wrong(line, f"must be numbers; got {quoted(bad[0])}")
        elif numbers[0] < 0:
            draft.wrong(line, f"the weight must be 0 or more, got {cells[0]}")
        else:
            draft.lines.append(line)
            yield numbers


def _number(cell: str) -> float:
    """Return what a cell spells; not a number if it spells none."""
    try:
        return float(cell) if "_" not in cell else math.nan
    except ValueError:
        return math.nan


def _finish(draft: Draft, header: list[str], rows: list[list[float]], digest: str) -> None:
    """Keep the posterior, if any weight is left."""
    numbers = np.array(rows, dtype=np.float64).reshape(len(rows), len(header))
    if not (numbers[:, 0] > 0).any():
        if not draft.problems:
            draft.wrong(1, "the weights must sum to more than 0")
        return
    draft.posterior = Posterior(tuple(header[1:]), numbers[:, 1:], numbers[:, 0], digest)
