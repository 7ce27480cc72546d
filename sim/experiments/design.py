"""The design of a sweep: its points, made or read from a file, and whether each number counts.

A design that was saved runs again, or further. Before anything runs it is shown that each number
of it reaches the compiled world.

Sources: mckay1979 (Latin hypercube), sobol1967 (the sequence), by scipy.stats.qmc.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from sim.documents.csv_table import CsvTable, number_of, read_csv, row_names, with_point
from sim.documents.leaves import value_of
from sim.documents.reader import shown
from sim.experiments.axes import OVER, Axis, axis_of_column, outside
from sim.experiments.priors import sobol_points
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import either, meant
from sim.scenario.compile.build import Built, build
from sim.scenario.paths import NumberPath, number_paths
from sim.scenario.schema.root import Model

METHODS = ("grid", "lhs", "sobol")
POINT = "point"
LARGEST = 10_000_000_000  # bytes of a design file
MOST = 10_000_000  # points beyond which a design has to be confirmed
TOGETHER = 60  # paths that are compiled together
EVENTS = "events."  # whether an event happens is drawn: a probability need not show in one run

T = TypeVar("T")


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
        points: dict[tuple[tuple[str, str], ...], list[int]] = {}
        for point, texts in enumerate(rows):
            points.setdefault(tuple(zip(by_class, texts, strict=True)), []).append(point)
        return {key: np.array(mine) for key, mine in points.items()}

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
    make = latin_points if method == "lhs" else sobol_points
    shares = make(len(axes), size or 0, seed)
    return Design(tuple(axes), {a.path: a.at(shares[:, at]) for at, a in enumerate(axes)})


def latin_points(width: int, points: int, seed: int) -> np.ndarray:
    """Return points (points, width) of a Latin hypercube."""
    from scipy.stats import qmc  # noqa: PLC0415 - takes half a second

    sampler = qmc.LatinHypercube(width, rng=np.random.default_rng(seed))
    return np.asarray(sampler.random(points))


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
        raise InputError([Problem("--points", 0, 0, "", fault)])


def read(path: Path, known: Mapping[str, NumberPath]) -> Design:
    """Return the design of a CSV or Parquet file: a column a path, a row a point."""
    table = _of_parquet(path) if path.suffix == ".parquet" else read_csv(path, largest=LARGEST)
    columns: dict[str, np.ndarray] = {}
    axes = []
    for at, name in enumerate(table.columns):
        axis = axis_of_column(name, known)
        if axis is not None:
            axes.append(axis)
            columns[name] = _column(axis, at, table, known)
        elif name != POINT:
            fault = row_names(name) or f"no path of the scenario{meant(name, known)}"
            table.wrong(1, name, fault)
    if not table.cells:
        table.wrong(1, "", "holds no point")
    elif not axes and not table.problems:
        table.wrong(1, "", "names no path")
    table.close()
    return Design(tuple(axes), columns)


def write(design: Design, path: Path) -> None:
    """Write a design so that reading it gives the same numbers."""
    design.frame().to_csv(path, index=False, float_format="%.17g", lineterminator="\n")


def _of_parquet(path: Path) -> CsvTable:
    """Return the cells of a Parquet file as texts; its rows count as lines below a header."""
    try:
        frame = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise InputError([Problem(shown(path), 0, 0, "", f"cannot be read ({what})")]) from None
    names = tuple(str(name) for name in frame.columns)
    cells = list(map(list, frame.astype(str).itertuples(index=False)))
    table = CsvTable(shown(path), "", names, list(range(2, len(cells) + 2)), cells)
    table.need()
    return table


def _column(axis: Axis, at: int, table: CsvTable, known: Mapping[str, NumberPath]) -> np.ndarray:
    """Return a column of a design file."""
    texts = [row[at] for row in table.cells]
    if not axis.rides:
        return np.array(texts)
    numbers = np.array([number_of(text) for text in texts], dtype=np.float64)
    for line, value, text in zip(table.lines, numbers.tolist(), texts, strict=True):
        fault = f"must be a number, got {text!r}{with_point(text)}"
        if math.isfinite(value):
            fault = outside(axis, value, known)
        if fault:
            table.wrong(line, axis.path, fault)
    return numbers


def refuse_idle(model: Model, design: Design, fixed: frozenset[str]) -> None:
    """Refuse paths whose values, least and greatest, change nothing in the compiled world."""
    problems = idle(model, design, fixed)
    if problems:
        raise InputError(problems)


def idle(model: Model, design: Design, fixed: frozenset[str]) -> list[Problem]:
    """Return what is wrong with each path that does not do what the design declares.

    A world is compiled with the base values in two columns, and in two more for each path with its
    least and its greatest value: the columns of the base must agree with each other, those of the
    ends must differ from it.
    """
    known = number_paths(model)
    columns = {path: column for path, column in design.riding.items() if path not in fixed}
    problems: list[Problem] = []
    for some in batched(columns.items(), TOGETHER):
        base = {path: value_of(known[path].value) for path, _ in some}
        ends = {path: (float(column.min()), float(column.max())) for path, column in some}
        problems += _idle(model, base, ends)
    return problems


def _idle(
    model: Model, base: Mapping[str, float], ends: Mapping[str, tuple[float, float]]
) -> list[Problem]:
    """Return what is wrong with some paths, compiled together."""
    count = 2 + 2 * len(base)
    numbers = {path: np.full(count, value) for path, value in base.items()}
    for at, path in enumerate(base):
        numbers[path][2 + 2 * at : 4 + 2 * at] = ends[path]
    runs = np.zeros(count, dtype=np.uint32)
    built = build(model, runs=runs, seed=model.seed, numbers=numbers)
    differs = _differs(built)
    problems = []
    for at, path in enumerate(base):
        mine = [0, 1, 2 + 2 * at, 3 + 2 * at]
        moved, differ = numbers[path][mine] != base[path], differs[mine]
        if path not in built.drawn or not np.array_equal(built.drawn[path], numbers[path]):
            problems.append(Problem(OVER, 0, 0, path, "is not read by this scenario"))
            continue
        if differ[1] or differ[~moved].any():
            problems.append(Problem(OVER, 0, 0, path, "compiles differently for equal values"))
        if not path.startswith(EVENTS) and not differ[moved].all():
            problems.append(Problem(OVER, 0, 0, path, "changes nothing in the compiled scenario"))
    return problems


def batched(items: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """Yield the items in tuples of a size (itertools has it from Python 3.12 on)."""
    left = iter(items)
    while some := tuple(islice(left, size)):
        yield some


def _differs(built: Built) -> np.ndarray:
    """Return for each column whether any array differs from the first column's."""
    columns = built.noise.runs.size
    differs = np.zeros(columns, dtype=bool)
    for array in _arrays(built):
        if array.ndim and array.shape[-1] == columns:
            flat = array.reshape(-1, columns)
            same = (flat == flat[:, :1]) | (np.isnan(flat) & np.isnan(flat[:, :1]))
            differs |= ~same.all(axis=0)
    return differs


def _arrays(built: Built) -> list[np.ndarray]:
    """Return every array of numbers of a compiled scenario."""
    parts: list[Any] = [getattr(built.world, field.name) for field in fields(built.world)]
    for law in (getattr(built.rules, field.name) for field in fields(built.rules)):
        parts += [getattr(law, field.name) for field in fields(law)]
    for each in built.inputs:
        parts += [getattr(each, field.name) for field in fields(each)]
        parts += [part for edit in each.edits for part in (edit.value, edit.happened)]
        parts += [part for pair in each.settings.values() for part in pair]
    return [
        np.asarray(p, float) for p in parts if isinstance(p, np.ndarray) and p.dtype.kind in "fiub"
    ]
