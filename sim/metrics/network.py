"""The tie network of a bloc: centralisation, connectivity, and similarity of members' regards.

    tie_ij = sqrt(e_i e_j) max(0, (a_ij + a_ji) / 2)
    similarity_ik = 2 cov(a_i., a_k.) / (var a_i. + var a_k. + (mean a_i. - mean a_k.)^2)

A tie needs two states that take part and that, on balance, regard each other well. Every metric
here takes `member`, 1 if a state belongs to the bloc in that run: an absent state is left out
exactly, as if the network had been drawn without it.

Similarity is one minus the ratio of the squared distance between two members' regards for all
others to its expectation if each member's regards were randomly permuted (agreement by chance).

Sources: freeman1978 (centralisation), dong2007 (its form for weighted ties), fiedler1973
(algebraic connectivity), hage2011 (similarity corrected for chance), lin1989 (its form).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float, Shaped

from sim.kernel.arrays import TINY
from sim.metrics.declaration import END, Metrics, tenth

BLOC = Metrics("bloc")

Ties = Float[Any, "members members #runs"]  # symmetric, 0 to 1, diagonal 0
Engagement = Float[Any, "members #runs"]  # 0 to 1
Member = Shaped[Any, "members #runs"]  # 0 or 1
Regard = Float[Any, "members states #runs"]  # -1 to 1
Runwise = Float[Any, "#runs"]

MIDDLE = 3  # smallest number of states among which one can be central


def tie_network(*, engagement: Engagement, affinity: Ties, member: Member | None = None) -> Ties:
    """Return the ties, 0 to 1, between the members of a bloc: symmetric, diagonal 0.

    Definition: geometric mean of two members' engagement, times their mutual affinity if
    positive. 0: no tie; 1: both take part in full and regard each other fully.
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
    smallest=tenth("all members alike", "a star around one of them"),
    fewest=3,
)
def centralisation(*, ties: Ties, member: Member | None = None) -> Runwise:
    """Return the centralisation of the network on one member, 0 to 1.

    Definition: Freeman's centralisation of the weighted degrees s_i,
    `sum_i (max s - s_i) / ((n - 1) (n - 2) max tie)`: the sum over the largest value that it
    can take among n states without a stronger tie. Unit: none.
    0: all members are alike, as in a ring (also fewer than three members, or no tie).
    1: a star of equal ties around one state.
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
    "index, no upper bound",
    "Algebraic connectivity (Fiedler value) of the tie network.",
    when=END,
    phrase="connectivity of the members of {bloc}",
    smallest=tenth("a bloc in two parts", "a star of full ties"),
    fewest=2,
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
    # diagonal above every other eigenvalue (2 max s bounds them) removes it from the order
    # and has no other effect.
    lift = 1.0 + 2.0 * np.max(degree, axis=0)
    diagonal = degree if member is None else degree + lift * (member == 0)
    laplacian = np.eye(ties.shape[0])[:, :, None] * diagonal[:, None] - ties
    values = np.linalg.eigvalsh(np.moveaxis(laplacian, -1, 0))
    second = values[:, min(1, ties.shape[0] - 1)]
    tied = (second > TINY * lift) & (_count(ties, member) > 1.0)
    return np.where(tied, second, 0.0)


@BLOC.metric(
    "index, no upper bound",
    "The same without the leader.",
    when=END,
    phrase="connectivity of the members of {bloc} without its leader",
    smallest=tenth("a bloc in two parts", "a star of full ties"),
    fewest=3,
)
def connectivity_without_leader(
    *, ties: Ties, leader: int, member: Member | None = None
) -> Runwise:
    """Return the algebraic connectivity of the network that is left without one state.

    Unit, range, ends and source as for `connectivity`: 0 if the others are connected only through
    that state.
    """
    others = (np.arange(ties.shape[0]) != leader)[:, None]
    present = np.ones(ties.shape[1:]) if member is None else member != 0
    return connectivity(ties=ties, member=present * others)


@BLOC.metric(
    "-1 to 1",
    "Mean similarity of pairs of members in their regard for all other states, corrected for "
    "chance.",
    when=END,
    phrase="similarity of members of {bloc} in their regard for others",
    smallest=tenth("no more similar than by chance", "identical regards"),
    side="alignment",
    fewest=2,
)
def similarity(*, regard: Regard, states: Sequence[int], member: Member | None = None) -> Runwise:
    """Return the mean similarity of members' regards, -1 to 1, the leader's included.

    `regard` has the regard of each member (place among `states`) for every state. Unit: none.
    0: no more similar than by chance (also for two that regard all alike); 1: the same regard for
    every state; -1: the reverse. Source: hage2011; lin1989 for the form.
    """
    total, count = np.zeros(regard.shape[-1]), np.zeros(regard.shape[-1])
    for at, first in enumerate(states):
        for place in range(at):
            others = np.ones(regard.shape[1], dtype=bool)
            others[[first, states[place]]] = False
            both = 1.0 if member is None else (member[at] != 0) & (member[place] != 0)
            total = total + both * _alike(regard[at][others], regard[place][others])
            count = count + both
    return np.where(count > 0, total / np.maximum(count, 1.0), 0.0)


def _alike(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the concordance of two columns of regards, by runs; 0 if neither varies."""
    if not len(one):
        return np.zeros(one.shape[-1])
    means = one.mean(axis=0), other.mean(axis=0)
    apart = one - means[0], other - means[1]
    spread = (apart[0] ** 2 + apart[1] ** 2).mean(axis=0) + (means[0] - means[1]) ** 2
    both = 2.0 * (apart[0] * apart[1]).mean(axis=0)
    return np.where(spread > TINY, both / np.where(spread > TINY, spread, 1.0), 0.0)


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
