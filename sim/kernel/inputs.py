"""Inputs: what events do in one period, as arrays of fixed shape.

A slot that nothing fills holds NONE. `happened` masks have a runs axis, since an event may
carry a probability.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.kernel.arrays import Elementwise, Index, put
from sim.kernel.world import World, arrays_of

ASKED, FORCED, TRANSFERRED, UNDER_WAY = 0, 1, 2, 3  # the last: since before the start
OPERATIONS: Mapping[str, Callable[[Elementwise, Elementwise], Elementwise]] = {
    "set": lambda old, value: old * 0.0 + value,
    "add": lambda old, value: old + value,
    "scale": lambda old, value: old * value,
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Edit:
    """A change of one cell of one array of the world, within the array's range."""

    field: str
    cell: tuple[int, ...]
    operation: str  # of OPERATIONS
    value: Elementwise  # (1,) or (runs,)
    happened: Elementwise  # (runs,) 0 or 1

    def changed(self, old: Elementwise) -> Elementwise:
        """Return what the cell, (runs,), holds after the change."""
        ends, new = arrays_of(World)[self.field], OPERATIONS[self.operation](old, self.value)
        cell = np.clip(new, ends.low, ends.high)
        return np.where(self.happened > 0, cell, old)

    def in_runs(self, columns: Index | slice) -> "Edit":
        """Return the same change in some runs."""
        value, happened = self.value, self.happened
        return Edit(
            field=self.field,
            cell=self.cell,
            operation=self.operation,
            value=value[columns] if value.shape[-1] > 1 else value,
            happened=happened[columns] if happened.shape[-1] > 1 else happened,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Inputs:
    """The events of one period."""

    number: int  # of the period, by date
    edits: tuple[Edit, ...]
    settings: Mapping[tuple[str, str], tuple[Elementwise, Elementwise]]  # law: value, happened
    recipient: Index  # (slots, 1)
    offer: Index  # (slots, runs)
    forced: Index  # (slots, 1): ASKED, FORCED or TRANSFERRED
    units: Elementwise  # (slots, runs); 0 where the buyer decides
    value: Elementwise  # (slots, runs) of a transfer
    incident: Index  # (rival dyads, runs): 1 where an incident is given
    war: Index  # (rival dyads, runs): 1 or 0 where given, NONE where the law decides
    attacker: Index  # (rival dyads, runs): 0 first, 1 second, NONE where the law decides
    winner: Index  # (rival dyads, runs): 0 first, 1 second, NONE where the law decides
    length: Elementwise  # (rival dyads, runs) years; below zero where the law decides
    intensity: Elementwise  # (rival dyads, runs) 0 to 1: share of the law's losses
    pleads: Elementwise  # (rival dyads, runs) 1 where the attacked appeals, 0 where events do
    victim: Index  # (appeals, 1) state; NONE for an empty slot
    bloc: Index  # (appeals, 1)
    against: Index  # (appeals, 1) attacker; NONE for an internal threat
    appealed: Elementwise  # (appeals, runs) 0 or 1
    answer: Elementwise  # (appeals, runs); below zero where the law decides
    appeal_keys: Any  # (appeals,) hashed names of the events


def edited(world: World, edits: tuple[Edit, ...]) -> World:
    """Return the world after the period's changes of its numbers."""
    for edit in edits:
        array = getattr(world, edit.field)
        runs = max(array.shape[-1], edit.happened.shape[-1])
        array = np.broadcast_to(array, (*array.shape[:-1], runs))
        cell = edit.changed(array[edit.cell])
        world = world.but(**{edit.field: put(array, edit.cell, cell)})
    return world
