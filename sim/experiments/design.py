"""The design of a sweep: axes and points, made or read, and a check that each number has effect.

A saved design can be run again, or extended. Before anything runs, each number is shown to reach
the compiled world.

Sources: mckay1979 (Latin hypercube), sobol1967 (the sequence), by scipy.stats.qmc.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.documents.csv_table import CsvTable, number_of, row_names, with_point
from sim.documents.leaves import value_of
from sim.documents.nodes import DottedPath
from sim.documents.reader import shown
from sim.experiments.design_tables import design_table
from sim.experiments.priors import latin_points, sobol_points
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import either, meant, quoted
from sim.scenario.compile.build import Built, build
from sim.scenario.paths import NumberPath, meant_path, named_paths
from sim.scenario.schema.root import Model

OVER = "--over"
FORM = "write PATH=LOW..HIGH or PATH=VALUE,VALUE,..."
BY_CLASS = ("rules", "time", "events")  # sections whose texts a sweep may change, each in a class
METHODS = ("grid", "lhs", "sobol")
POINT = "point"
LARGEST = 10_000_000_000  # bytes of a design file
MOST = 10_000_000  # points above which a design must be confirmed
TOGETHER = 60  # paths that are compiled together
EVENTS = "events."  # a probability may have no effect in a single run, as events are drawn


@dataclass(frozen=True)
class Axis:
    """A dotted path, and its bounds or its values.

    Numbers that may differ between runs of a block (`rides`) are floats. All others are texts, as
    `--set` reads them, and every combination of such texts is a class of its own.
    """

    path: str
    rides: bool
    low: float = math.nan
    high: float = math.nan
    values: tuple[float, ...] | tuple[str, ...] = ()

    def at(self, share: np.ndarray) -> np.ndarray:
        """Return the values at shares, 0 to 1, of the way from the first to the last."""
        if not self.values:
            return np.asarray(self.low + share * (self.high - self.low))
        place = np.minimum((share * len(self.values)).astype(np.int64), len(self.values) - 1)
        return np.array(self.values)[place]

    def levels(self, count: int) -> np.ndarray:
        """Return the values of a grid: its own, or `count` evenly spaced from low to high."""
        return np.array(self.values) if self.values else np.linspace(self.low, self.high, count)


def paths_in(models: Iterable[Model]) -> dict[str, NumberPath]:
    """Return every number of some models by its path, from the first model that has it."""
    return reduce(lambda known, model: {**named_paths(model), **known}, models, {})


def axes_of(
    model: Model, over: Sequence[str], known: Mapping[str, NumberPath] | None = None
) -> tuple[Axis, ...]:
    """Return the axes in texts such as PATH=LOW..HIGH, or else those of the `sweep` section.

    `known` holds the numbers that may be named, by default those of the model. InputError lists
    every unknown path, reversed bound and value out of bounds.
    """
    known = named_paths(model) if known is None else known
    faults: list[tuple[str, str]] = []
    spans = model.sweep.items() if not over else ()
    axes = [axis for text in over if (axis := _spelled(text, known, faults)) is not None]
    axes += [_axis(path, (at.low, at.high), at.values or (), known) for path, at in spans]
    for axis in axes:
        faults += [(axis.path, fault) for fault in _faults(axis, known)]
    counts = Counter(axis.path for axis in axes)
    faults += [(path, "is named twice") for path, count in counts.items() if count > 1]
    if not over and not axes:
        faults += [
            ("", f"there are no numbers to sweep: the scenario has no `sweep` section; {FORM}")
        ]
    if faults:
        raise InputError([Problem(OVER, 0, 0, *fault) for fault in faults])
    return tuple(axes)


def axis_of_column(path: str, known: Mapping[str, NumberPath]) -> Axis | None:
    """Return the axis of a column of a design file; None if there is no such path."""
    if path in known:
        return Axis(path=path, rides=known[path].rides)
    return Axis(path=path, rides=False) if DottedPath(path).block in BY_CLASS else None


def outside(axis: Axis, value: float, known: Mapping[str, NumberPath]) -> str:
    """Return the fault of a value of an axis; empty if it has none."""
    return known[axis.path].leaf.outside(value) if axis.path in known else ""


def _spelled(
    text: str, known: Mapping[str, NumberPath], faults: list[tuple[str, str]]
) -> Axis | None:
    """Return the axis in the text `PATH=LOW..HIGH` or `PATH=VALUE,VALUE`; or None and a fault."""
    path, equals, value = (part.strip() for part in text.partition("="))
    if not (path and equals and value):
        faults.append(("", f"cannot read {quoted(text)}: {FORM}"))
        return None
    if path not in known and DottedPath(path).block not in BY_CLASS:
        faults.append((path, f"no number of that name{meant(path, known)}"))
        return None
    low, dots, high = value.partition("..")
    try:
        if dots:
            return _axis(path, (_number(low), _number(high)), (), known)
        parts = [part.strip() for part in value.split(",")]
        return _axis(
            path, (None, None), list(map(_number, parts)) if path in known else parts, known
        )
    except ValueError:
        faults.append((path, f"cannot read {quoted(value)}: {FORM}"))
        return None


def _axis(
    path: str,
    ends: tuple[float | None, float | None],
    values: Sequence[float] | Sequence[str],
    known: Mapping[str, NumberPath],
) -> Axis:
    """Return an axis; values that cannot differ between runs of a block become texts."""
    rides = path in known and known[path].rides
    low, high = (math.nan if end is None else float(end) for end in ends)
    cells: Any = tuple(
        v if rides or isinstance(v, str) else f"{v:.17g}"  # as `--set` reads it
        for v in values
    )
    return Axis(path=path, rides=rides, low=low, high=high, values=cells)


def _faults(axis: Axis, known: Mapping[str, NumberPath]) -> list[str]:
    if axis.values:
        twice = len(set(axis.values)) < len(axis.values)
        numbers = [v for v in axis.values if isinstance(v, float)]
        wrong = [fault for v in numbers if (fault := outside(axis, v, known))]
        return [*wrong, *(["names a value twice"] if twice else [])]
    if axis.path not in known:
        return [f"no number of that name{meant_path(axis.path, known)}"]
    if not axis.rides:
        return ["cannot differ between the runs of a block: list its values, PATH=A,B"]
    if not axis.low < axis.high:
        return [f"low must be less than high, got {axis.low:g}..{axis.high:g}"]
    return [fault for end in (axis.low, axis.high) if (fault := outside(axis, end, known))]


def _number(text: str) -> float:
    """Return a finite number; ValueError if the text is not one."""
    value = float(text) if "_" not in text else math.nan
    if not math.isfinite(value):
        raise ValueError(text)
    return value


@dataclass(frozen=True, eq=False)
class Design:
    """The points of a sweep: one value per axis and point."""

    axes: tuple[Axis, ...]
    columns: Mapping[str, np.ndarray]  # path -> (points,), floats or texts

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0

    @property
    def riding(self) -> dict[str, np.ndarray]:
        """Return the columns of numbers that may differ between runs of a block."""
        return {axis.path: self.columns[axis.path] for axis in self.axes if axis.rides}

    @property
    def classes(self) -> dict[tuple[tuple[str, str], ...], np.ndarray]:
        """Return the points of each combination of texts, by (path, text) pairs."""
        texts = {
            axis.path: self.columns[axis.path].tolist() for axis in self.axes if not axis.rides
        }
        if not texts:
            return {(): np.arange(len(self))}
        points: dict[tuple[tuple[str, str], ...], list[int]] = {}
        for point, row in enumerate(zip(*texts.values(), strict=True)):
            points.setdefault(tuple(zip(texts, row, strict=True)), []).append(point)
        return {key: np.array(mine) for key, mine in points.items()}

    def frame(self) -> pd.DataFrame:
        """Return the design as a table with one row per point."""
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
    """Return a design made by a method; InputError if its size is wrong."""
    if method not in METHODS:
        message = f"must be {either(METHODS)} or a file, got {method!r}"
        raise InputError([Problem("--design", 0, 0, "", message)])
    _check_size(axes, method, size, confirmed=confirmed)
    count, paths = size or 0, [axis.path for axis in axes]
    if method == "grid":
        rows = itertools.product(*(axis.levels(count).tolist() for axis in axes))
        columns = map(np.array, zip(*rows, strict=True))
        return Design(tuple(axes), dict(zip(paths, columns, strict=True)))
    make = latin_points if method == "lhs" else sobol_points
    shares = make(len(axes), count, seed)
    return Design(tuple(axes), {a.path: a.at(shares[:, at]) for at, a in enumerate(axes)})


def _check_size(axes: Sequence[Axis], method: str, size: int | None, *, confirmed: bool) -> None:
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
    if method == "grid":
        points = math.prod(len(axis.values) or points for axis in axes)
    if not fault and points > MOST and not confirmed:
        fault = f"{points:,} points: more than {MOST:,} must be confirmed by --yes"
    if fault:
        raise InputError([Problem("--points", 0, 0, "", fault)])


def read(path: Path, known: Mapping[str, NumberPath]) -> Design:
    """Return the design in a CSV file, with one column per path and one row per point."""
    table = _of_parquet(path) if path.suffix == ".parquet" else design_table(path, LARGEST)
    columns: dict[str, np.ndarray] = {}
    axes = []
    for at, name in enumerate(table.columns):
        axis = axis_of_column(name, known)
        if axis is not None:
            axes.append(axis)
            columns[name] = _column(axis, at, table, known)
        elif name != POINT:
            fault = row_names(name) or f"is not a path of the scenario{meant(name, known)}"
            table.wrong(1, name, fault)
    if not table.cells:
        table.wrong(1, "", "has no points")
    elif not axes and not table.problems:
        table.wrong(1, "", "has no paths")
    table.close()
    return Design(tuple(axes), columns)


def write(design: Design, path: Path) -> None:
    """Write a design with all digits, so that reading it gives the same numbers."""
    design.frame().to_csv(path, index=False, float_format="%.17g", lineterminator="\n")


def _of_parquet(path: Path) -> CsvTable:
    """Return the cells of a Parquet file as texts; row n is line n + 2 in messages."""
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
    """Raise InputError for paths whose least and greatest value do not change the world."""
    if problems := idle(model, design, fixed):
        raise InputError(problems)


def idle(model: Model, design: Design, fixed: frozenset[str]) -> list[Problem]:
    """Return a problem for each path of the design without effect on the compiled world.

    A world is compiled with the base values in two columns, and with the least and the greatest
    value of each path in two more. The columns of the base must be equal, those of the ends must
    differ from it.
    """
    known = named_paths(model)
    columns = {path: column for path, column in design.riding.items() if path not in fixed}
    faults = []
    for start in range(0, len(columns), TOGETHER):
        paths = list(columns)[start : start + TOGETHER]
        base, count = {path: value_of(known[path].value) for path in paths}, 2 + 2 * len(paths)
        numbers = {path: np.full(count, value) for path, value in base.items()}
        for at, path in enumerate(paths, start=1):
            numbers[path][2 * at : 2 * at + 2] = columns[path].min(), columns[path].max()
        runs = np.zeros(count, dtype=np.uint32)
        built = build(model, runs=runs, seed=model.seed, numbers=numbers)
        differs = _differs(built)
        for at, path in enumerate(paths, start=1):
            mine = [0, 1, 2 * at, 2 * at + 1]
            moved, differ = numbers[path][mine] != base[path], differs[mine]
            if path not in built.drawn or not np.array_equal(built.drawn[path], numbers[path]):
                faults.append((path, "is not read by this scenario"))
                continue
            if differ[1] or differ[~moved].any():
                faults.append((path, "compiles differently for equal values"))
            if not path.startswith(EVENTS) and not differ[moved].all():
                faults.append((path, "has no effect on the compiled scenario"))
    return [Problem(OVER, 0, 0, path, fault) for path, fault in faults]


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
    parts: list[Any] = [getattr(built.world, field.name) for field in fields(built.world)]
    for law in (getattr(built.rules, field.name) for field in fields(built.rules)):
        parts += [getattr(law, field.name) for field in fields(law)]
    for each in built.inputs:
        parts += [getattr(each, field.name) for field in fields(each)]
        changes = (*each.edits, *each.amendments, *each.entries)
        parts += [part for change in changes for part in (change.value, change.happened)]
    for trigger in built.inputs[0].triggers:
        parts += [getattr(trigger, field.name) for field in fields(trigger)]
    return [
        np.asarray(p, float) for p in parts if isinstance(p, np.ndarray) and p.dtype.kind in "fiub"
    ]
