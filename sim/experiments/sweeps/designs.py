"""Designs: the points of a sweep, made or read from a file; a saved one runs again, or further.

Sources: mckay1979 (Latin hypercube), sobol1967 (the sequence), by scipy.stats.qmc.
"""

from __future__ import annotations

import csv
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sim.errors import InputError, Problem
from sim.experiments.sweeps.axes import Axis, axis_of_column, outside
from sim.scenario.paths import NumberPath
from sim.scenario.words import either, meant

METHODS = ("grid", "lhs", "sobol")
POINT = "point"
MOST = 10_000_000  # points beyond which a design has to be confirmed


@dataclass(frozen=True, eq=False)
class Design:
    """The points of a sweep, one value an axis and point."""

    axes: tuple[Axis, ...]
    columns: Mapping[str, np.ndarray]  # path -> (points,): floats if it rides, else texts

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0

    @property
    def riding(self) -> dict[str, np.ndarray]:
        """Return the columns of numbers that differ from run to run."""
        return {axis.path: self.columns[axis.path] for axis in self.axes if axis.rides}

    @property
    def classes(self) -> dict[tuple[tuple[str, str], ...], np.ndarray]:
        """Return the points of each combination of texts, by those texts."""
        by_class = [axis.path for axis in self.axes if not axis.rides]
        if not by_class:
            return {(): np.arange(len(self))}
        rows = list(zip(*(self.columns[path].tolist() for path in by_class), strict=True))
        found: dict[tuple[tuple[str, str], ...], list[int]] = {}
        for point, texts in enumerate(rows):
            found.setdefault(tuple(zip(by_class, texts, strict=True)), []).append(point)
        return {key: np.array(points) for key, points in found.items()}

    def frame(self) -> pd.DataFrame:
        """Return the design as a table, one row a point."""
        return pd.DataFrame({POINT: np.arange(len(self)), **self.columns})

    def begins_with(self, other: Design) -> bool:
        """Return whether the first points are those of another design."""
        return set(self.columns) == set(other.columns) and all(
            np.array_equal(self.columns[path][: len(other)], column)
            for path, column in other.columns.items()
        )


def made(
    axes: Sequence[Axis], method: str, size: int | None, seed: int, *, confirmed: bool
) -> Design:
    """Return a design of a method; InputError says what is wrong with its size."""
    if method not in METHODS:
        message = f"must be {either(METHODS)} or a file, got {method!r}"
        raise InputError([Problem("--design", 0, 0, "", message)])
    _check_size(axes, method, size, confirmed=confirmed)
    if method == "grid":
        levels = [axis.levels(size or 0) for axis in axes]
        rows = zip(*itertools.product(*(level.tolist() for level in levels)), strict=True)
        return Design(tuple(axes), {a.path: np.array(c) for a, c in zip(axes, rows, strict=True)})
    from scipy.stats import qmc  # noqa: PLC0415 - takes half a second

    count = size or 0
    if method == "lhs":
        shares = qmc.LatinHypercube(len(axes), rng=np.random.default_rng(seed)).random(count)
    else:
        sequence = qmc.Sobol(len(axes), rng=np.random.default_rng(seed))
        shares = sequence.random_base2(round(math.log2(count)))
    return Design(tuple(axes), {a.path: a.at(shares[:, at]) for at, a in enumerate(axes)})


def _check_size(axes: Sequence[Axis], method: str, size: int | None, *, confirmed: bool) -> None:
    """Refuse a size that makes no design, or far too large a one."""
    ranged = [axis for axis in axes if not axis.values]
    fault, points = "", size or 0
    if size is None and (method != "grid" or ranged):
        what = "levels of each range" if method == "grid" else "points"
        fault = f"give the number of {what}"
    elif size is not None and size < 1:
        fault = f"must be 1 or more, got {size}"
    elif method == "grid" and size == 1 and ranged:
        fault = "a grid needs 2 levels or more of each range"
    elif method == "sobol" and size is not None and size & (size - 1):
        below = 2 ** (size.bit_length() - 1)
        fault = f"a Sobol' design needs a power of two: {below} or {2 * below}, not {size}"
    if method == "grid" and not fault:
        points = math.prod(len(axis.values) or (size or 0) for axis in axes)
    if not fault and points > MOST and not confirmed:
        fault = f"{points:,} points: more than {MOST:,} have to be confirmed by --yes"
    if fault:
        raise InputError([Problem("-n", 0, 0, "", fault)])


def read(path: Path, known: Mapping[str, NumberPath]) -> Design:
    """Return the design of a CSV or Parquet file: a column a path, a row a point."""
    table = _table(path)
    problems: list[Problem] = []
    columns: dict[str, np.ndarray] = {}
    axes = []
    for name in table.columns:
        if name == POINT:
            continue
        axis = axis_of_column(name, known)
        if axis is None:
            fault = f"no path of the scenario{meant(name, known)}"
            problems.append(Problem(str(path), 1, 1, name, fault))
        else:
            axes.append(axis)
            columns[name] = _column(axis, table[name], known, path, problems)
    if len(table) == 0:
        problems.append(Problem(str(path), 1, 1, "", "holds no point"))
    elif not axes and not problems:
        problems.append(Problem(str(path), 1, 1, "", "names no path"))
    if problems:
        raise InputError(problems)
    return Design(tuple(axes), columns)


def write(design: Design, path: Path) -> None:
    """Write a design so that reading it gives the same numbers."""
    design.frame().to_csv(path, index=False, float_format="%.17g", lineterminator="\n")


def _table(path: Path) -> pd.DataFrame:
    """Return the cells of a file as texts."""
    try:
        if path.suffix == ".parquet":
            table = pd.read_parquet(path)
            return table.set_axis([str(name) for name in table.columns], axis=1)
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file, strict=True) if row]
    except (OSError, ValueError, csv.Error) as error:
        what = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise InputError([Problem(str(path), 0, 0, "", f"cannot be read ({what})")]) from None
    head, *body = rows or [[]]
    problems = [
        Problem(str(path), line, 1, "", f"has {len(row)} cells, the header {len(head)}")
        for line, row in enumerate(body, start=2)
        if len(row) != len(head)
    ]
    problems += [
        Problem(str(path), 1, 1, name, "names two columns")
        for name in sorted({name for name in head if head.count(name) > 1})
    ]
    if problems:
        raise InputError(problems)
    return pd.DataFrame(body, columns=[name.strip() for name in head], dtype="str")


def _column(
    axis: Axis,
    cells: pd.Series,
    known: Mapping[str, NumberPath],
    path: Path,
    problems: list[Problem],
) -> np.ndarray:
    """Return a column of a design file."""
    if not axis.rides:
        return np.array([str(cell) for cell in cells])
    wrong = cells.map(lambda cell: isinstance(cell, bool) or "_" in str(cell))
    numbers = pd.to_numeric(cells.mask(wrong), errors="coerce").to_numpy(dtype=np.float64)
    for row, (value, cell) in enumerate(zip(numbers.tolist(), cells.tolist(), strict=True)):
        finite = math.isfinite(value)
        fault = outside(axis, value, known) if finite else f"must be a number, got {cell!r}"
        if fault:
            problems.append(Problem(str(path), row + 2, 1, axis.path, fault))
    return numbers
