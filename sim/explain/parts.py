"""Parts: the summands of an input of a law, rival by rival or bloc by bloc."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from sim.experiments.watch.choices import CONSENT, EXIT, POINTS, REQUEST
from sim.explain.account import NumberPart
from sim.explain.balance import law_of
from sim.explain.casebook import ChoiceEntry
from sim.explain.parties import Register
from sim.seeing.running_text import articles

DIFFUSE = "general need for arms"

Parts = Iterator[tuple[str, float]]


def parts_of(entry: ChoiceEntry, name: str, register: Register) -> tuple[NumberPart, ...]:
    """Return the parts of an input of a choice, the largest first; empty if it has none."""
    read = _READERS.get((entry.kind, name))
    if read is None:
        return ()
    parts = [
        NumberPart(words=words, value=value) for words, value in read(entry, register) if value
    ]
    return tuple(sorted(parts, key=lambda each: -abs(each.value)))


def _gain(entry: ChoiceEntry, register: Register) -> Parts:
    """Yield the fall of each rival's threat, and the rest of a drop in insecurity."""
    _, point = entry.moment.point(POINTS[REQUEST])
    layout, drop = entry.moment.layout, point.threat_drop()
    rest = float(entry.choices.inputs["gain"][entry.row])
    for at, dyad in enumerate(layout.market.dyads.tolist()):
        if layout.dyad_from[dyad] == entry.actor:
            part = float(drop[at, entry.made, 0])
            rest -= part
            yield articles(f"the threat from {register.state(int(layout.dyad_to[dyad]))}"), part
    yield DIFFUSE, rest


def _friends(entry: ChoiceEntry, register: Register) -> Parts:
    """Yield the contribution of each friend that has a dispute with the recipient."""
    _, point = entry.moment.point(POINTS[CONSENT])
    layout, lost = entry.moment.layout, point.by_friend()
    offence = entry.moment.passed.world.offence[layout.system[entry.offer], 0]
    counts = law_of(entry.moment, "restraint", 0).counted(offence=offence)
    place = int(np.searchsorted(layout.consenters, entry.actor))
    for dyad in np.flatnonzero(layout.dyad_to == entry.recipient).tolist():
        yield register.state(int(layout.dyad_from[dyad])), float(lost[place, dyad, 0] * counts)


def _norm(entry: ChoiceEntry, register: Register) -> Parts:
    """Yield the contribution of each bloc's norm."""
    del register
    _, point = entry.moment.point(POINTS[CONSENT])
    layout, held = entry.moment.layout, point.by_bloc()
    offence = entry.moment.passed.world.offence[layout.system[entry.offer], 0]
    for at, (member, bloc, recipient) in enumerate(layout.norm_index.tolist()):
        if (member, recipient) == (entry.actor, entry.recipient):
            yield layout.blocs[bloc], float(held[at, 0] * offence)


def _ways_out(entry: ChoiceEntry, register: Register) -> Parts:
    """Yield the contribution of each outsider to the exit option: the strongest, or their sum."""
    _, point = entry.moment.point(POINTS[EXIT])
    state, bloc = (int(each[entry.row]) for each in entry.choices.cell[:2])
    alone, whole = (
        point.ways_out()[state, bloc, :, 0],
        float(entry.choices.inputs["ways_out"][entry.row]),
    )
    strongest = np.where(np.arange(alone.size) == alone.argmax(), alone, 0.0)
    counted = strongest if np.isclose(alone.max(), whole) else alone
    for sponsor in np.flatnonzero(counted > 0).tolist():
        yield register.state(sponsor), whole * float(counted[sponsor] / counted.sum())


_READERS: Mapping[tuple[str, str], Callable[[ChoiceEntry, Register], Parts]] = {
    (REQUEST, "gain"): _gain,
    (CONSENT, "friends"): _friends,
    (CONSENT, "norm"): _norm,
    (EXIT, "ways_out"): _ways_out,
}
