"""Lever words: the offers that a holder of leverage withholds, the cause and the effect."""

from __future__ import annotations

from sim.experiments.watch.run_events import RunEvent
from sim.explain.chronicle import ChronicleReason
from sim.explain.parties import Register
from sim.kernel.words import together
from sim.kernel.world import World
from sim.seeing.running_text import possessives


def withholding(
    event: RunEvent, register: Register, world: World
) -> tuple[str, list[ChronicleReason]]:
    """Return the sentence on a lever that is used, and its reason: resolve, and chance."""
    layout, t = register.layout, register.layout.levers.index(event.about)
    lever = register.model.leverage[event.about]
    offers = [o for n, o in layout.lever_offers.tolist() if n == t]
    held = {
        register.parties(offer=o).names["system"]
        if layout.supplier[o] == event.actor
        else register.offer(o)
        for o in offers
    }
    holder, buyer = register.state(event.actor), register.state(event.against)
    system, states = register.model.systems[lever.system].name, register.model.states
    sentence = possessives(
        f"{holder} withholds {together(sorted(held))} from {buyer}, to which {system} came from "
        f"{states[lever.supplier].name}: {buyer}'s regard for {holder} falls by {event.amount:.2g}."
    )
    resolve = float(world.lever_resolve[t, 0])
    return sentence, [
        ChronicleReason(actor=holder, words="its resolve", value=resolve, unit="chance")
    ]
