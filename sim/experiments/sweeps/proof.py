"""Proof that a design does what it declares: each number reaches the compiled world."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from itertools import islice
from typing import Any, TypeVar

import numpy as np

from sim.errors import InputError, Problem
from sim.experiments.sweeps.axes import OVER
from sim.experiments.sweeps.designs import Design
from sim.scenario.build import Built, build
from sim.scenario.numbers import value_of
from sim.scenario.paths import number_paths
from sim.scenario.schema import Model

TOGETHER = 60  # paths that are compiled together
EVENTS = "events."  # whether an event happens is drawn: a probability need not show in one run

T = TypeVar("T")


def refuse_idle(model: Model, design: Design, fixed: frozenset[str]) -> None:
    """Refuse paths whose values, least and greatest, change nothing in the compiled world."""
    problems = idle(model, design, fixed)
    if problems:
        raise InputError(problems)


def idle(model: Model, design: Design, fixed: frozenset[str]) -> list[Problem]:
    """Return what is wrong with each path that does not do what the design declares.

    A world is compiled with the base values in two lanes, and in two more for each path with its
    least and its greatest value: the lanes of the base must agree with each other, those of the
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
    lanes = {path: np.full(count, value) for path, value in base.items()}
    for at, path in enumerate(base):
        lanes[path][2 + 2 * at : 4 + 2 * at] = ends[path]
    runs = np.zeros(count, dtype=np.uint32)
    built = build(model, runs=runs, seed=model.seed, given=lanes)
    differs = _differs(built)
    problems = []
    for at, path in enumerate(base):
        mine = [0, 1, 2 + 2 * at, 3 + 2 * at]
        moved, found = lanes[path][mine] != base[path], differs[mine]
        if path not in built.drawn or not np.array_equal(built.drawn[path], lanes[path]):
            problems.append(Problem(OVER, 0, 0, path, "is not read by this scenario"))
            continue
        if found[1] or found[~moved].any():
            problems.append(Problem(OVER, 0, 0, path, "compiles differently for equal values"))
        if not path.startswith(EVENTS) and not found[moved].all():
            problems.append(Problem(OVER, 0, 0, path, "changes nothing in the compiled scenario"))
    return problems


def batched(items: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """Yield the items in tuples of a size (itertools has it from Python 3.12 on)."""
    left = iter(items)
    while some := tuple(islice(left, size)):
        yield some


def _differs(built: Built) -> np.ndarray:
    """Return for each lane whether any array differs from the first lane's: (lanes,)."""
    lanes = built.noise.runs.size
    found = np.zeros(lanes, dtype=bool)
    for array in _arrays(built):
        if array.ndim and array.shape[-1] == lanes:
            flat = array.reshape(-1, lanes)
            same = (flat == flat[:, :1]) | (np.isnan(flat) & np.isnan(flat[:, :1]))
            found |= ~same.all(axis=0)
    return found


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
