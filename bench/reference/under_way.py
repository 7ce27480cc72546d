"""Orders under way: those placed before the start that are not fully delivered."""

from __future__ import annotations

from bench.reference.agents import Theatre
from bench.reference.facts import row
from bench.reference.happenings import UNDER_WAY
from bench.reference.orders import ORDERED, Entry
from sim.kernel.arrays import NONE
from sim.kernel.world import World


def under_way(model: Theatre, world: World) -> list[Entry]:
    """Return the orders placed before the start that are not fully delivered."""
    layout, log = world.layout, world.log
    entries = []
    for place, (name, made) in enumerate(zip(layout.backlog, layout.under_way, strict=True)):
        at = len(layout.calendar) * layout.rows + place
        if log.offer[at, 0] == NONE:  # an order of other variants
            continue
        numbers = ("consent", "units", "value", "listed", "credit", "wait", "delivered")
        first, offer = int(log.first[at, 0]), layout.offers[int(log.offer[at, 0])]
        entries.append(
            Entry(
                period=int(made),
                slot=place,
                recipient=layout.states[int(log.recipient[at, 0])],
                offer=model.offers[offer],
                stage=ORDERED,
                objected=False,
                stalled=False,
                forced=UNDER_WAY,
                name=name,
                start=float(log.start[at, 0]),
                left=int(log.left[at, 0]),
                due=int(log.due[at, 0]),
                first=None if first == NONE else first,
                **{each: row(getattr(log, each), at) for each in numbers},
            )
        )
    return entries
