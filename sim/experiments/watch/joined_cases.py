"""Joined cases: the runs of several variants side by side, as the columns of one case.

numpy computes them together in little more time than those of one variant, since most of its time
for few runs goes into calls. A column has the same numbers as in its own case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from itertools import accumulate
from typing import Any, TypeVar

import numpy as np

from sim.engine.trace import Case
from sim.kernel.array_fields import arrays_of
from sim.kernel.arrays import NONE
from sim.kernel.inputs import EventChange, Inputs
from sim.kernel.noise import Noise
from sim.kernel.parameters import switched_off
from sim.kernel.rules import Rules
from sim.kernel.world import Log, World

_SLOTS = {  # what a slot holds -> columns that are equal in all runs
    "recipient": ("recipient", "forced"),
    "victim": ("victim", "bloc", "against", "appeal_keys"),
}
_CHANGES = ("edits", "amendments")
_CONDITIONAL = ("entries", "triggers")
_BY_RUN = tuple(
    each.name
    for each in fields(Inputs)
    if each.name
    not in {"number", *_CHANGES, *_CONDITIONAL, *(n for s in _SLOTS.values() for n in s)}
)

C = TypeVar("C", bound=EventChange)


def groups_of(cases: Mapping[str, Case]) -> list[list[str]]:
    """Return the names of cases that can be side by side, in groups as large as possible."""
    groups: list[list[str]] = []
    for name, case in cases.items():
        fitting = (g for g in groups if all(_agree(cases[other], case) for other in g))
        if (group := next(fitting, None)) is None:
            groups.append([name])
        else:
            group.append(name)
    return groups


def joined(cases: Sequence[Case]) -> Case:
    """Return the case whose columns are those of some cases of a group, one after another."""
    if len(cases) == 1:
        return cases[0]
    first, widths = cases[0], [case.noise.runs.size for case in cases]
    worlds = [case.world for case in cases]
    log = {n: _columns([getattr(w.log, n) for w in worlds], widths) for n in arrays_of(Log)}
    arrays = {n: _columns([getattr(w, n) for w in worlds], widths) for n in arrays_of(World)}
    return Case(
        world=worlds[0].but(**arrays, log=Log(**log)),
        rules=_rules([case.rules for case in cases], widths),
        inputs=[_inputs(each, widths) for each in zip(*(c.inputs for c in cases), strict=True)],
        noise=Noise(first.noise.seed, np.concatenate([case.noise.runs for case in cases])),
    )


def _agree(one: Case, other: Case) -> bool:
    """Return whether the runs of two cases can be side by side.

    They cannot if a number differs that is the same in all runs, or a mechanism is off in one of
    them alone. Conditions of events are not joined.
    """
    a, b = one.world, other.world
    return (
        _equal(a.layout, b.layout)
        and (a.period, one.noise.seed) == (b.period, other.noise.seed)
        and np.array_equal(a.log.recipient, b.log.recipient)
        and all(map(_are_alike, vars(one.rules).values(), vars(other.rules).values()))
        and len(one.inputs) == len(other.inputs)
        and all(map(_fit, one.inputs, other.inputs))
    )


def _equal(one: Any, other: Any) -> bool:
    """Return whether two layouts have the same content."""
    if one is other:
        return True
    parts = ((getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    return all(a is b or np.array_equal(np.asarray(a), np.asarray(b)) for a, b in parts)


def _are_alike(law: Any, other: Any) -> bool:
    if type(law) is not type(other) or switched_off(law) != switched_off(other):
        return False
    pairs = [(value, vars(other)[name]) for name, value in vars(law).items()]
    return all(
        a is b or {np.asarray(each).dtype.kind for each in (a, b)} <= {*"iuf"} for a, b in pairs
    )


def _fit(one: Inputs, other: Inputs) -> bool:
    if one.number != other.number:
        return False
    if any(getattr(each, name) for each in (one, other) for name in _CONDITIONAL):
        return False
    for key, names in _SLOTS.items():
        held, others = getattr(one, key), getattr(other, key)
        if held.shape != others.shape:
            return False
        both = ((held != NONE) & (others != NONE)).reshape(-1)
        if any(not np.array_equal(getattr(one, n)[both], getattr(other, n)[both]) for n in names):
            return False
    return True


def _columns(arrays: Sequence[Any], widths: Sequence[int]) -> Any:
    """Return the columns of some arrays, or the one column that they share."""
    first = arrays[0]
    if all(each.shape[-1] == 1 for each in arrays):
        real = first.dtype.kind == "f"
        if all(np.array_equal(first, each, equal_nan=real) for each in arrays[1:]):
            return first
    wide = (
        np.broadcast_to(each, (*each.shape[:-1], width))
        for each, width in zip(arrays, widths, strict=True)
    )
    return np.concatenate([*wide], axis=-1)


def _rules(rules: Sequence[Rules], widths: Sequence[int]) -> Rules:
    """Return the rules with the parameters that differ as columns."""
    changes = {}
    for role, law in vars(rules[0]).items():
        for name, value in vars(law).items():
            values = [vars(vars(each)[role])[name] for each in rules]
            if not all(np.array_equal(value, each) and np.ndim(each) == 0 for each in values):
                changes[role, name] = _columns([*map(np.atleast_1d, values)], widths)
    return rules[0].but(changes) if changes else rules[0]


def _inputs(inputs: Sequence[Inputs], widths: Sequence[int]) -> Inputs:
    """Return the events of a period of all cases."""
    tables: dict[str, Any] = {
        name: _columns([getattr(each, name) for each in inputs], widths) for name in _BY_RUN
    }
    for key, names in _SLOTS.items():
        for name in names:
            tables[name] = getattr(inputs[0], name)
        for each in inputs[1:]:
            new = (getattr(each, key) != NONE).reshape(-1)
            for name in names:
                table = np.array(tables[name])
                table[new] = getattr(each, name)[new]
                tables[name] = table
    for name in _CHANGES:
        tables[name] = _changes([getattr(each, name) for each in inputs], widths)
    return replace(inputs[0], **tables)


def _changes(changes: Sequence[tuple[C, ...]], widths: Sequence[int]) -> tuple[C, ...]:
    """Return the changes of all cases, each in its own columns."""
    ends = [0, *accumulate(widths)]
    return tuple(
        _in_columns(each, slice(start, stop), ends[-1])
        for own, start, stop in zip(changes, ends, ends[1:], strict=False)
        for each in own
    )


def _in_columns(change: C, columns: slice, runs: int) -> C:
    """Return a change that happens only in some columns."""
    value, happened = np.asarray(change.value), np.zeros(runs)
    happened[columns] = change.happened
    if value.shape[-1] > 1:
        value = np.full(runs, value[0])
        value[columns] = change.value
    return replace(change, value=value, happened=happened)
