"""Plain records of the events of a period, read from the first run of compiled inputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.reference.facts import row
from sim.kernel.array_fields import arrays_of
from sim.kernel.arrays import NONE
from sim.kernel.inputs import EventChange, Inputs
from sim.kernel.layout.layout import Layout
from sim.kernel.world import World

ASKED, FORCED, TRANSFERRED, UNDER_WAY = 0, 1, 2, 3


@dataclass
class Edit:
    """A change of a number by an event."""

    field: str
    cell: tuple[int, ...]
    operation: str
    value: float
    low: float
    high: float


@dataclass
class Sale:
    """A request, order or transfer by an event."""

    slot: int
    recipient: str
    offer: str
    forced: int
    units: float  # 0 where the buyer decides
    value: float


@dataclass
class Incident:
    """A crisis by an event; None where the law decides."""

    happens: bool
    war: bool | None
    by_second: bool | None
    intensity: float  # 1 unless an event says less
    pleads: bool  # whether the attacked appeals
    first_wins: bool | None
    years: float | None


@dataclass
class Appeal:
    """An appeal, by an event or by a victim of war."""

    victim: str
    bloc: str
    attacker: str | None
    answer: float | None  # of history
    address: tuple[str | int, ...]  # of the draws of the members
    felt: float = 1.0  # effect of the war behind it on belief


@dataclass
class Happenings:
    """The events of one period."""

    number: int
    edits: list[Edit]
    settings: list[tuple[str, str, float]]
    sales: list[Sale]
    incidents: dict[tuple[str, str], Incident]
    appeals: list[Appeal]


def happenings_of(inputs: Inputs, layout: Layout, due: set[int]) -> Happenings:
    """Return the events of one period; `due` are the rows of those on condition that are."""
    rows = {
        (each.table, each.row): float(each.value[0])
        for each in inputs.entries
        if each.trigger in due
    }

    def happens(change: EventChange) -> bool:
        return change.happened[0] > 0 if change.trigger == NONE else change.trigger in due

    def number(table: str, at: int) -> float:
        return rows.get((table, at), row(getattr(inputs, table), at))

    return Happenings(
        number=inputs.number,
        edits=[
            Edit(
                field=e.field,
                cell=e.cell,
                operation=e.operation,
                value=float(e.value[0]),
                low=arrays_of(World)[e.field].low,
                high=arrays_of(World)[e.field].high,
            )
            for e in inputs.edits
            if happens(e)
        ],
        settings=[(e.role, e.name, float(e.value[0])) for e in inputs.amendments if happens(e)],
        sales=_sales(inputs, layout, number),
        incidents=_incidents(layout, number),
        appeals=_appeals(inputs, layout, number),
    )


Numbers = Callable[[str, int], float]  # of a row of a table of inputs


def _sales(inputs: Inputs, layout: Layout, number: Numbers) -> list[Sale]:
    return [
        Sale(
            slot=layout.buyers.size + slot,
            recipient=layout.states[inputs.recipient[slot, 0]],
            offer=layout.offers[int(number("offer", slot))],
            forced=int(inputs.forced[slot, 0]),
            units=row(inputs.units, slot),
            value=row(inputs.value, slot),
        )
        for slot in range(layout.slots)
        if inputs.recipient[slot, 0] != NONE and number("offer", slot) != NONE
    ]


def _incidents(layout: Layout, number: Numbers) -> dict[tuple[str, str], Incident]:
    found = {}
    for c, pair in enumerate(layout.rival_dyads):
        key = layout.states[layout.dyad_from[pair]], layout.states[layout.dyad_to[pair]]
        war, attacker = number("war", c), number("attacker", c)
        winner, years = number("winner", c), number("length", c)
        found[key] = Incident(
            happens=number("incident", c) > 0,
            war=None if war == NONE else war == 1,
            by_second=None if attacker == NONE else attacker == 1,
            first_wins=None if winner == NONE else winner == 0,
            years=None if years < 0 else years,
            intensity=number("intensity", c),
            pleads=number("pleads", c) > 0,
        )
    return found


def _appeals(inputs: Inputs, layout: Layout, number: Numbers) -> list[Appeal]:
    found = []
    for a, victim in enumerate(inputs.victim[:, 0]):
        if victim == NONE or not number("appealed", a) > 0:
            continue
        against, answer = int(inputs.against[a, 0]), row(inputs.answer, a)
        found.append(
            Appeal(
                victim=layout.states[victim],
                bloc=layout.blocs[inputs.bloc[a, 0]],
                attacker=None if against == NONE else layout.states[against],
                answer=None if answer < 0 else answer,
                address=("answer.event", int(inputs.appeal_keys[a])),
            )
        )
    return found
