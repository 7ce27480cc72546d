"""Reliability: the probability that a bloc honours a standard appeal of each member.

The attacker is the state that the member fears most, else one of its own strength to which
no state has ties. A law says who answers for the bloc.
"""

from collections.abc import Callable, Mapping

import numpy as np

from sim.kernel.arrays import (
    NONE,
    Elementwise,
    Index,
    Monadic,
    Pairwise,
    added,
    logistic,
    pick,
)
from sim.kernel.layout.layout import Layout
from sim.kernel.world import World

Odds = Callable[..., Mapping[str, Elementwise]]  # log odds that helpers come, by reason
Answer = Callable[..., Elementwise]  # what counts as a bloc's answer: `LeaderSpeaks.answer`


def reliability(
    world: World, *, strength: Monadic, threat: Pairwise, odds: Odds, answer: Answer
) -> Elementwise:
    """Return the reliability of each member's bloc, 0 to 1: (members, runs)."""
    layout = world.layout
    i, b = layout.member_index.T
    row, k = layout.fellow_index.T
    attacker = most_feared(layout, threat)
    terms = odds(
        bloc=b[row][:, None], helper=k[:, None], victim=i[row][:, None], attacker=attacker[row]
    )
    asked = world.member[k, b[row]] * (attacker[row] != k[:, None])
    comes = logistic(added(terms)) * asked
    weight = strength[k] * asked
    by_member = layout.fellows_by_member
    leader = layout.leader[b][:, None]
    return answer(
        leader=by_member.sum(comes * (k == layout.leader[b[row]])[:, None]),
        mean=by_member.sum(weight * comes) / np.maximum(by_member.sum(weight), 1e-9),
        party=1.0 * ((i[:, None] == leader) | (attacker == leader)),
    )


def most_feared(layout: Layout, threat: Pairwise) -> Index:
    """Return the rival that each member fears most, NONE where it fears none: (members, runs)."""
    dyads = layout.sender_dyads[layout.member_index[:, 0]]
    scores = np.concatenate([threat, np.full((1, threat.shape[-1]), -np.inf)])[dyads]
    most = pick(dyads[..., None], np.arange(len(dyads))[:, None], scores.argmax(axis=1))
    feared = pick(np.append(layout.dyad_to, NONE)[:, None], most)  # NONE reads the last row
    return np.where(scores.max(axis=1) > 0, feared, NONE)
