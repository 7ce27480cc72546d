"""Changes by events between two calls of the compiled period: of numbers, laws and inputs."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from sim.engine.kernels import Kernel
from sim.engine.memory import by_rows, views
from sim.engine.trace import Case
from sim.kernel.array_fields import arrays_of
from sim.kernel.arrays import NONE
from sim.kernel.inputs import Edit, EventChange, Inputs
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.assessment import inventory

Arrays = Mapping[str, np.ndarray]  # of a strip, by name


class Changes:
    """The changes by events in a period, of world, laws and inputs, for all strips."""

    def __init__(self, inputs: Inputs, kernel: Kernel, case: Case, columns: np.ndarray) -> None:
        """Keep the changes, with a column for each lane of all strips."""
        self.numbers: list[tuple[str, int, EventChange]] = [
            *((f"world.{e.field}", _row(e, case.world), _of(e, columns)) for e in inputs.edits),
            *((f"law.{a.role}.{a.name}", 0, _of(a, columns)) for a in inputs.amendments),
        ]
        self.entries = [
            (f"inputs.{each.table}", each.row, _of(each, columns)) for each in inputs.entries
        ]
        self.any = bool(self.numbers or self.entries)
        self.number, self.kernel, self.case = inputs.number, kernel, case

    def apply(self, arrays: Arrays, columns: slice, inputs: np.ndarray) -> bool:
        """Change the arrays of a strip, and its inputs of the period, in place.

        Return whether a number has changed that no period changes.
        """
        due = arrays["world.due"] == self.number
        lanes, memory = self.kernel.lanes, self.kernel.memory
        changed = set()
        for name, row, each in self.numbers:
            now = _now(each, columns, due)
            if now is not None and name in arrays:  # else no step reads it
                changed.add(name)
                cell = arrays[name][row]
                cell[...] = now.changed(cell)
        for name, row, each in self.entries:
            now = _now(each, columns, due)
            if now is not None and name in memory.places:
                table = views(inputs, {name: memory.places[name]}, lanes)[name]
                table[row] = now.changed(table[row])
        if changed & self.kernel.trace.counted:
            count_again(self.case, arrays)
        return not self.kernel.trace.still.isdisjoint(changed)


def count_again(case: Case, arrays: Arrays) -> None:
    """Compute the inventory of a strip from its other arrays."""
    lanes = next(iter(arrays.values())).shape[-1]

    def own(name: str, value: Any) -> Any:
        if name not in arrays:
            return value
        return arrays[name].reshape(*np.shape(value)[:-1], lanes)

    world = case.world.but(
        **{n: own(f"world.{n}", getattr(case.world, n)) for n in arrays_of(World)}
    )
    laws = {
        (role, n): own(f"law.{role}.{n}", value)
        for role, law in vars(case.rules).items()
        for n, value in vars(law).items()
    }
    rules: Rules = case.rules.but(laws)
    for name, array in vars(inventory(world, rules)).items():
        arrays[f"stock.{name}"][...] = by_rows(array)


def _of(change: EventChange, columns: np.ndarray) -> EventChange:
    """Return a change with a number for each column, or with one that is the same in all."""
    made = change.in_runs(columns)
    numbers = {"value": made.value, "happened": made.happened}
    return replace(made, **{n: v[:1] if (v == v[:1]).all() else v for n, v in numbers.items()})


def _now(change: EventChange, columns: slice, due: np.ndarray) -> EventChange | None:
    """Return a change in some runs; None if it is on a condition and due in none of them."""
    if change.trigger == NONE:
        return change.in_runs(columns)
    now = due[change.trigger]
    return change.in_runs(columns).happening(now) if now.any() else None


def _row(edit: Edit, world: World) -> int:
    """Return the row of the cell that an edit changes."""
    rows = getattr(world, edit.field).shape[:-1]
    return int(np.ravel_multi_index(edit.cell, rows)) if rows else 0
