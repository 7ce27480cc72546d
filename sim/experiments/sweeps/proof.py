"""Proof that a design does what it declares: each number reaches the compiled world."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

from sim.errors import InputError, Problem
from sim.experiments.sweeps.axes import OVER
from sim.experiments.sweeps.designs import Design
from sim.scenario.build import Built, build
from sim.scenario.numbers import Uncertain
from sim.scenario.paths import number_paths
from sim.scenario.schema import Model

EVENTS = "events."  # whether an event happens is drawn: a probability need not show in one run


def refuse_idle(model: Model, design: Design, fixed: frozenset[str]) -> None:
    """Refuse paths whose values, least and greatest, change nothing in the compiled world.

    One run is compiled with the base value and with both ends of each path: the lanes of the base
    must agree with each other, those of the ends must differ from it.
    """
    known = number_paths(model)
    problems = []
    for path, column in design.riding.items():
        if path in fixed:
            continue
        value = known[path].value
        base = value.value if isinstance(value, Uncertain) else float(value)
        lanes = np.array([base, base, column.min(), column.max()])
        built = build(
            model, runs=np.zeros(4, dtype=np.uint32), seed=model.seed, given={path: lanes}
        )
        if path not in built.drawn or not np.array_equal(built.drawn[path], lanes):
            problems.append(Problem(OVER, 0, 0, path, "is not read by this scenario"))
            continue
        differs = _differs(built)
        moved = lanes != base
        if differs[1] or (differs[~moved]).any():
            problems.append(Problem(OVER, 0, 0, path, "compiles differently for equal values"))
        if not path.startswith(EVENTS) and not differs[moved].all():
            problems.append(Problem(OVER, 0, 0, path, "changes nothing in the compiled scenario"))
    if problems:
        raise InputError(problems)


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
