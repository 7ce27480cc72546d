"""The tie network of a bloc: how centred and how connected it is.

    tie_ij = sqrt(e_i e_j) max(0, (a_ij + a_ji) / 2)

A tie needs two states that take part and that, on balance, like each other. Every metric here
takes `member`, 1 where a state belongs to the bloc in that run: an absent state is left out
exactly, as if the network had been drawn without it.

Sources: freeman1978 (centralisation), dong2007 (its form for weighted ties), fiedler1973
(algebraic connectivity).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float, Shaped

from sim.kernel.arrays import TINY
from sim.metrics.declaration import END, Metrics, tenth

BLOC = Metrics("bloc")

Ties = Float[Any, "members members #runs"]  # symmetric, 0 to 1, diagonal 0
Engagement = Float[Any, "members #runs"]  # 0 to 1
Member = Shaped[Any, "members #runs"]  # 0 or 1
Runwise = Float[Any, "#runs"]

MIDDLE = 3  # fewest states among which one can stand in the middle


def tie_network(*, engagement: Engagement, affinity: Ties, member: Member | None = None) -> Ties:
    """Return the ties, 0 to 1, between the members of a bloc: symmetric, diagonal 0.

    Definition: geometric mean of two members' engagement, times their mutual affinity where
    that is positive. 0: no tie; 1: both take part in full and regard each other fully.
    Source: assumed.
    """
    mutual = np.maximum(0.0, 0.5 * (affinity + np.swapaxes(affinity, 0, 1)))
    apart = 1.0 - np.eye(affinity.shape[0])[:, :, None]
    ties = np.sqrt(engagement[:, None] * engagement[None]) * mutual * apart
    return _present(ties, member)


@BLOC.metric(
    "0 to 1",
    "Freeman centralisation of the tie network; 1 for a star.",
    when=END,
    phrase="how far {bloc} is centred on one member",
    smallest=tenth("members that are all alike", "a star around one of them"),
)
def centralisation(*, ties: Ties, member: Member | None = None) -> Runwise:
    """Return how far the network is centred on one member, 0 to 1.

    Definition: Freeman's centralisation of the weighted degrees s_i,
    `sum_i (max s - s_i) / ((n - 1) (n - 2) max tie)`: the sum over the largest value that it
    can take among n states without a stronger tie. Unit: none.
    0: all members are alike, as in a ring (also fewer than three members, or no tie).
    1: a star of equal ties, in which all depends on the state in the middle.
    Source: freeman1978; dong2007 for ties of 0 to 1, here divided by the strongest tie, so that
    a weak star is a star.
    """
    ties = _present(ties, member)
    count = _count(ties, member)
    degree = np.sum(ties, axis=1)
    excess = count * np.max(degree, axis=0) - np.sum(degree, axis=0)
    most = (count - 1.0) * (count - 2.0) * np.max(ties, axis=(0, 1))
    defined = (count >= MIDDLE) & (most > 0.0)
    value = np.clip(excess / np.where(defined, most, 1.0), 0.0, 1.0)
    return np.where(defined, value, 0.0)


@BLOC.metric(
    "0 upwards",
    "Algebraic connectivity (Fiedler value) of the tie network.",
    when=END,
    phrase="how closely the members of {bloc} are tied",
    smallest=tenth("a bloc in two parts", "a star of full ties"),
)
def connectivity(*, ties: Ties, member: Member | None = None) -> Runwise:
    """Return the algebraic connectivity of the network, 0 to the number of members.

    Definition: second smallest eigenvalue of the Laplacian `diag(s) - ties`. Unit: ties.
    0: the bloc falls into parts without a tie between them (also fewer than two members).
    n: all n members are tied to each other in full. Source: fiedler1973.
    """
    ties = _present(ties, member)
    degree = np.sum(ties, axis=1)
    # An absent state would add an eigenvalue of 0. Its row and column are empty, so that a
    # diagonal above every other eigenvalue (2 max s bounds them) takes it out of the order
    # and changes nothing else.
    lift = 1.0 + 2.0 * np.max(degree, axis=0)
    diagonal = degree if member is None else degree + lift * (member == 0)
    laplacian = np.eye(ties.shape[0])[:, :, None] * diagonal[:, None] - ties
    values = np.linalg.eigvalsh(np.moveaxis(laplacian, -1, 0))
    second = values[:, min(1, ties.shape[0] - 1)]
    tied = (second > TINY * lift) & (_count(ties, member) > 1.0)
    return np.where(tied, second, 0.0)


@BLOC.metric(
    "0 upwards",
    "The same without the leader.",
    when=END,
    phrase="how closely members of {bloc} are tied without its leader",
    smallest=tenth("a bloc in two parts", "a star of full ties"),
)
def connectivity_without_leader(
    *, ties: Ties, leader: int, member: Member | None = None
) -> Runwise:
    """Return the algebraic connectivity of the network that is left without one state.

    Unit, range, ends and source as of `connectivity`: 0 where the others hang together only
    through that state.
    """
    others = (np.arange(ties.shape[0]) != leader)[:, None]
    present = np.ones(ties.shape[1:]) if member is None else member != 0
    return connectivity(ties=ties, member=present * others)


def _present(ties: Ties, member: Member | None) -> Ties:
    """Return the ties between states that are members, 0 for the others."""
    if member is None:
        return ties
    here = member != 0
    return ties * (here[:, None] & here[None])


def _count(ties: Ties, member: Member | None) -> Any:
    """Return the number of members in each run."""
    if member is None:
        return float(ties.shape[0])
    return np.sum(1.0 * (member != 0), axis=0)
