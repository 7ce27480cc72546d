"""Credibility: the probability that a bloc honours a standard appeal of each member, and its worth.

The attacker is the state that the member fears most, otherwise one of its own strength to which
no state has ties. A law defines the answer of the bloc.

    aid_i = win(S_j, S_i) - win(S_j, S_i + sum_k p_k S_k)

j is the attacker, p_k the probability that fellow member k comes, and win the law of contest: aid
is the reduction of the attacker's probability of winning by the expected help. Source: leeds2000
(the share of promises kept as reliability); the form of aid is assumed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

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
Answer = Callable[..., Elementwise]  # the bloc's answer: `LeaderSpeaks.answer`
Win = Callable[..., Elementwise]  # the probability of winning: `RatioContest.win`


@dataclass(frozen=True, kw_only=True, eq=False)
class Credibility:
    """The result of a standard appeal of each member, 0 to 1: (members, runs)."""

    answered: Elementwise  # probability that it is honoured
    aid: Elementwise  # reduction of the attacker's probability of winning


def credibility(
    world: World,
    *,
    strength: Monadic,
    threat: Pairwise,
    odds: Odds,
    answer: Answer,
    win: Win,
    excludes: bool = False,  # whether some member may be excluded: it is neither asked nor helped
) -> Credibility:
    """Return the result of a standard appeal of each member to its bloc."""
    layout = world.layout
    i, b = layout.member_index.T
    row, k = layout.fellow_index.T
    attacker = most_feared(layout, threat)
    terms = odds(
        bloc=b[row][:, None], helper=k[:, None], victim=i[row][:, None], attacker=attacker[row]
    )
    asked = world.member[k, b[row]] * (attacker[row] != k[:, None])
    heard = 1.0 - world.shut_out[i, b] if excludes else 1.0
    if excludes:
        asked = asked * (1 - world.shut_out[k, b[row]])
    comes = logistic(added(terms)) * asked
    weight = strength[k] * asked
    by_member = layout.fellows_by_member
    leader, left = layout.leader[b][:, None], 1 - world.member[layout.leader[b], b]
    helped = by_member.sum(weight * comes)
    own = strength[i]
    foe = np.where(attacker == NONE, own, pick(strength, np.maximum(attacker, 0)))
    return Credibility(
        answered=heard
        * answer(
            leader=by_member.sum(comes * (k == layout.leader[b[row]])[:, None]),
            mean=helped / np.maximum(by_member.sum(weight), 1e-9),
            party=np.maximum(1.0 * ((i[:, None] == leader) | (attacker == leader)), left),
        ),
        aid=heard * (win(strength=foe, opposed=own) - win(strength=foe, opposed=own + helped)),
    )


def most_feared(layout: Layout, threat: Pairwise) -> Index:
    """Return the rival that each member fears most, or NONE: (members, runs)."""
    dyads = layout.sender_dyads[layout.member_index[:, 0]]
    scores = np.concatenate([threat, np.full((1, threat.shape[-1]), -np.inf)])[dyads]
    most = pick(dyads[..., None], np.arange(len(dyads))[:, None], scores.argmax(axis=1))
    feared = pick(np.append(layout.dyad_to, NONE)[:, None], most)  # NONE reads the last row
    return np.where(scores.max(axis=1) > 0, feared, NONE)
