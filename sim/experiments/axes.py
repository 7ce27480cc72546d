"""Axes: what a sweep varies, and between which values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.documents.nodes import DottedPath
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import meant, quoted
from sim.scenario.paths import NumberPath, number_paths
from sim.scenario.schema.root import Model

OVER = "--over"
FORM = "write PATH=LOW..HIGH or PATH=VALUE,VALUE,..."
BY_CLASS = ("rules", "time", "events")  # blocks whose texts a sweep may change: a class each


@dataclass(frozen=True)
class Axis:
    """A dotted path, and its bounds or its values.

    Numbers that ride the runs axis are floats; anything else is text, as `--set` reads it, and
    every combination of such texts is a class of its own.
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
    """Return every number of some models by its path; the first model that has one counts."""
    numbers: dict[str, NumberPath] = {}
    for model in models:
        numbers = {**number_paths(model), **numbers}
    return numbers


def axes_of(
    model: Model, over: Sequence[str], known: Mapping[str, NumberPath] | None = None
) -> tuple[Axis, ...]:
    """Return the axes that texts spell, or else those of the scenario's `sweep` block.

    `known` holds the numbers that may be named; those of the model unless given. InputError lists
    every unknown path, reversed bound and value out of bounds.
    """
    known = number_paths(model) if known is None else known
    problems: list[Problem] = []
    if over:
        axes = [axis for text in over if (axis := _spelled(text, known, problems)) is not None]
    else:
        axes = [
            _axis(path, (span.low, span.high), span.values or (), known)
            for path, span in model.sweep.items()
        ]
    for axis in axes:
        problems.extend(Problem(OVER, 0, 0, axis.path, fault) for fault in _faults(axis, known))
    paths = [axis.path for axis in axes]
    problems.extend(
        Problem(OVER, 0, 0, path, "is named twice")
        for path in sorted({path for path in paths if paths.count(path) > 1})
    )
    if not over and not axes:
        message = f"nothing to sweep: the scenario has no `sweep` block; {FORM}"
        problems.append(Problem(OVER, 0, 0, "", message))
    if problems:
        raise InputError(problems)
    return tuple(axes)


def axis_of_column(path: str, known: Mapping[str, NumberPath]) -> Axis | None:
    """Return the axis of a column of a design file; None if there is no such path."""
    if path in known:
        return Axis(path=path, rides=known[path].rides)
    return Axis(path=path, rides=False) if DottedPath(path).block in BY_CLASS else None


def outside(axis: Axis, value: float, known: Mapping[str, NumberPath]) -> str:
    """Return what is wrong with a number of an axis; empty if nothing is."""
    return known[axis.path].leaf.outside(value) if axis.path in known else ""


def _spelled(text: str, known: Mapping[str, NumberPath], problems: list[Problem]) -> Axis | None:
    """Return the axis that `PATH=LOW..HIGH` or `PATH=VALUE,VALUE` spells."""
    path, equals, value = (part.strip() for part in text.partition("="))
    if not (path and equals and value):
        problems.append(Problem(OVER, 0, 0, "", f"cannot read {quoted(text)}: {FORM}"))
        return None
    if path not in known and DottedPath(path).block not in BY_CLASS:
        problems.append(Problem(OVER, 0, 0, path, f"no number of that name{meant(path, known)}"))
        return None
    numeric = path in known
    low, dots, high = value.partition("..")
    try:
        if dots:
            return _axis(path, (_number(low), _number(high)), (), known)
        parts = [part.strip() for part in value.split(",")]
        values = [_number(p) for p in parts] if numeric else parts
        return _axis(path, (None, None), values, known)
    except ValueError:
        problems.append(Problem(OVER, 0, 0, path, f"cannot read {quoted(value)}: {FORM}"))
        return None


def _axis(
    path: str,
    ends: tuple[float | None, float | None],
    values: Sequence[float] | Sequence[str],
    known: Mapping[str, NumberPath],
) -> Axis:
    """Return an axis; the values of one that does not ride are texts."""
    rides = path in known and known[path].rides
    low, high = (math.nan if end is None else float(end) for end in ends)
    cells: Any = tuple(v if rides else _text(v) for v in values)
    return Axis(path=path, rides=rides, low=low, high=high, values=cells)


def _faults(axis: Axis, known: Mapping[str, NumberPath]) -> list[str]:
    """Return what is wrong with the bounds or values of an axis."""
    if axis.values:
        twice = len(set(axis.values)) < len(axis.values)
        numbers = [v for v in axis.values if isinstance(v, float)]
        wrong = [fault for v in numbers if (fault := outside(axis, v, known))]
        return [*wrong, *(["names a value twice"] if twice else [])]
    if axis.path not in known:
        return [f"no number of that name{meant(axis.path, known)}"]
    if not axis.rides:
        return ["is no number that can differ from run to run: name its values, PATH=A,B"]
    if not axis.low < axis.high:
        return [f"low must be less than high, got {axis.low:g}..{axis.high:g}"]
    return [fault for end in (axis.low, axis.high) if (fault := outside(axis, end, known))]


def _number(text: str) -> float:
    """Return a finite number; ValueError if the text is none."""
    value = float(text) if "_" not in text else math.nan
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _text(value: float | str) -> str:
    """Return a value as `--set` reads it."""
    return value if isinstance(value, str) else f"{value:.17g}"
