"""Plain records of what events do in a period, read from the first run of compiled inputs."""

from __future__ import annotations

from dataclasses import dataclass

from bench.reference.facts import row
from sim.kernel.arrays import NONE
from sim.kernel.inputs import Inputs
from sim.kernel.layout.layout import Layout
from sim.kernel.world import World, arrays_of

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


@dataclass
class Happenings:
    """The events of one period."""

    number: int
    edits: list[Edit]
    settings: list[tuple[str, str, float]]
    sales: list[Sale]
    incidents: dict[tuple[str, str], Incident]
    appeals: list[Appeal]


def happenings_of(inputs: Inputs, layout: Layout) -> Happenings:
    """Return the events of one period."""
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
            if e.happened[0] > 0
        ],
        settings=[
            (role, name, float(value[0]))
            for (role, name), (value, happened) in inputs.settings.items()
            if happened[0] > 0
        ],
        sales=_sales(inputs, layout),
        incidents=_incidents(inputs, layout),
        appeals=_appeals(inputs, layout),
    )


def _sales(inputs: Inputs, layout: Layout) -> list[Sale]:
    return [
        Sale(
            slot=layout.buyers.size + slot,
            recipient=layout.states[inputs.recipient[slot, 0]],
            offer=layout.offers[inputs.offer[slot, 0]],
            forced=int(inputs.forced[slot, 0]),
            units=row(inputs.units, slot),
            value=row(inputs.value, slot),
        )
        for slot in range(layout.slots)
        if inputs.recipient[slot, 0] != NONE and inputs.offer[slot, 0] != NONE
    ]


def _incidents(inputs: Inputs, layout: Layout) -> dict[tuple[str, str], Incident]:
    found = {}
    for c, pair in enumerate(layout.rival_dyads):
        key = layout.states[layout.dyad_from[pair]], layout.states[layout.dyad_to[pair]]
        war, attacker = int(inputs.war[c, 0]), int(inputs.attacker[c, 0])
        winner, years = int(inputs.winner[c, 0]), row(inputs.length, c)
        found[key] = Incident(
            happens=bool(inputs.incident[c, 0] > 0),
            war=None if war == NONE else war == 1,
            by_second=None if attacker == NONE else attacker == 1,
            intensity=row(inputs.intensity, c),
            pleads=bool(inputs.pleads[c, 0] > 0),
            first_wins=None if winner == NONE else winner == 0,
            years=None if years < 0 else years,
        )
    return found


def _appeals(inputs: Inputs, layout: Layout) -> list[Appeal]:
    found = []
    for a, victim in enumerate(inputs.victim[:, 0]):
        if victim == NONE or not inputs.appealed[a, 0] > 0:
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
