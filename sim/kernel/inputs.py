"""Inputs: the effects of events in one period, as arrays of fixed shape.

An empty slot holds NONE. `happened` masks have a runs axis, since an event may have a probability.
The inputs of every period hold the effects of all events on condition; `resolved` keeps them only
in the runs in which the event is due.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self, TypeVar

import numpy as np

from sim.kernel.array_fields import arrays_of
from sim.kernel.arrays import NONE, Elementwise, Index, put
from sim.kernel.trigger import Trigger
from sim.kernel.world import World

ASKED, FORCED, TRANSFERRED, UNDER_WAY = 0, 1, 2, 3  # UNDER_WAY: ordered before the start
OPERATIONS: Mapping[str, Callable[[Elementwise, Elementwise], Elementwise]] = {
    "set": lambda _, value: value,  # also where the old value is infinite
    "add": lambda old, value: old + value,
    "scale": lambda old, value: old * value,
}


@dataclass(frozen=True, kw_only=True, eq=False)
class EventChange:
    """A number that an event changes, in the runs in which it happens."""

    value: Elementwise  # (1,) or (runs,)
    happened: Elementwise  # (runs,) 0 or 1
    trigger: int = NONE  # row of World.due, for an event on condition; NONE for an event at a date

    def changed(self, old: Elementwise) -> Elementwise:
        """Return what the cell, (runs,), holds after the change."""
        return np.where(self.happened > 0, self.value, old)

    def happening(self, now: Any) -> "Self":
        """Return the same change in the runs of the mask `now`, (runs,)."""
        return replace(self, happened=now * 1.0)

    def in_runs(self, columns: Index | slice) -> "Self":
        """Return the same change in some runs."""
        value, happened = self.value, self.happened
        if value.shape[-1] == happened.shape[-1] == 1:
            return self
        return replace(
            self,
            value=value[columns] if value.shape[-1] > 1 else value,
            happened=happened[columns] if happened.shape[-1] > 1 else happened,
        )


C = TypeVar("C", bound=EventChange)


@dataclass(frozen=True, kw_only=True, eq=False)
class Edit(EventChange):
    """A change of one cell of one array of the world, within the array's range."""

    field: str
    cell: tuple[int, ...]
    operation: str  # of OPERATIONS

    def changed(self, old: Elementwise) -> Elementwise:
        """Return what the cell, (runs,), holds after the change."""
        ends, new = arrays_of(World)[self.field], OPERATIONS[self.operation](old, self.value)
        new = np.minimum(np.maximum(new, ends.low), ends.high)  # a third of the time of np.clip
        return np.where(self.happened > 0, new, old)


@dataclass(frozen=True, kw_only=True, eq=False)
class Amendment(EventChange):
    """A new value of a parameter of a law in force."""

    role: str
    name: str


@dataclass(frozen=True, kw_only=True, eq=False)
class TableChange(EventChange):
    """A value that an event on condition writes into a row of a table of inputs."""

    table: str
    row: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Inputs:
    """The events of one period."""

    number: int  # of the period, by date
    edits: tuple[Edit, ...]
    amendments: tuple[Amendment, ...]
    recipient: Index  # (slots, 1)
    offer: Index  # (slots, runs)
    forced: Index  # (slots, 1): ASKED, FORCED or TRANSFERRED
    units: Elementwise  # (slots, runs); 0 where the buyer decides
    value: Elementwise  # (slots, runs) of a transfer
    incident: Index  # (rival dyads, runs): 1 where an event is an incident
    war: Index  # (rival dyads, runs): 1 or 0 where an event decides, NONE where the law does
    attacker: Index  # (rival dyads, runs): 0 first, 1 second, NONE where the law decides
    winner: Index  # (rival dyads, runs): 0 first, 1 second, NONE where the law decides
    length: Elementwise  # (rival dyads, runs) years; below zero where the law decides
    intensity: Elementwise  # (rival dyads, runs) 0 to 1: share of the law's losses
    pleads: Elementwise  # (rival dyads, runs) 1: the victim appeals; 0: events decide about appeals
    victim: Index  # (appeals, 1) state; NONE for an empty slot
    bloc: Index  # (appeals, 1)
    against: Index  # (appeals, 1) attacker; NONE for an internal threat
    appealed: Elementwise  # (appeals, runs) 0 or 1
    answer: Elementwise  # (appeals, runs); below zero where the law decides
    appeal_keys: Any  # (appeals,) hashed names of the events
    entries: tuple[TableChange, ...] = ()  # of events on condition, into the tables above
    triggers: tuple[Trigger, ...] = ()  # the same in every period; a row of World.due each

    def resolved(self, due: Elementwise) -> "Inputs":
        """Return what happens in the period; `due` says when each event on condition does."""
        if not self.triggers:
            return self
        now = due == self.number
        tables: dict[str, Any] = {}
        for each in self.entries:
            if now[each.trigger].any():
                table = tables.setdefault(each.table, getattr(self, each.table).copy())
                table[each.row] = each.happening(now[each.trigger]).changed(table[each.row])
        return replace(
            self,
            edits=_resolved(self.edits, now),
            amendments=_resolved(self.amendments, now),
            entries=(),
            triggers=(),
            **tables,
        )


def _resolved(changes: tuple[C, ...], now: Any) -> tuple[C, ...]:
    """Return the changes that may happen in some run, changes on condition with their mask."""
    masked = (
        each if each.trigger == NONE else each.happening(now[each.trigger])
        for each in changes
        if each.trigger == NONE or now[each.trigger].any()
    )
    return tuple(masked)


def edited(world: World, edits: tuple[Edit, ...]) -> World:
    """Return the world after the period's changes of its numbers."""
    for edit in edits:
        array = getattr(world, edit.field)
        runs = max(array.shape[-1], edit.happened.shape[-1])
        array = np.broadcast_to(array, (*array.shape[:-1], runs))
        cell = edit.changed(array[edit.cell])
        world = world.but(**{edit.field: put(array, edit.cell, cell)})
    return world
