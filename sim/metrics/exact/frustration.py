"""Frustration: the distance of a signed network from two camps of friends with enmity between.

    L = min over splits of [ sum |w_ij| over negative ties within a camp
                           + sum |w_ij| over positive ties between the camps ],
    w_ij = (a_ij + a_ji) / 2

Exact by enumeration of all splits. States are added one at a time: the cost of joining either
camp is built up for all splits of the earlier states by doubling, so that each split costs two
additions; the last state joins the cheaper camp. Costs are sums of non-negative weights, so that a
balanced network has frustration exactly 0.

A larger network has two bounds. From above: the best split that a local search finds. From below:
the larger of two, the signed Laplacian's and a packing of triangles. In a triangle with one foe or
three a tie has to be cut whatever the split. Triangles that share no tie, or share its weight
between them, add up.

Sources: abelson1958, harary1959 (line index of balance), aref2019 (use for states),
kunegis2010 (signed Laplacian, whose least eigenvalue bounds the index from below).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int, Shaped

from sim.kernel.arrays import TINY, Dyadic, share
from sim.kernel.errors import SimError
from sim.metrics.declaration import END, Metrics, tenth

BLOC = Metrics("bloc")
_SMALLEST = tenth("two camps of friends", "many states, all foes", apart=0.5)
BLOC.declare(
    "frustration",
    "0 to 1",
    "Frustration index of the signed network of members and rivals, over the weight of all ties.",
    when=END,
    phrase="tension between friendships and rivalries in {bloc}",
    smallest=_SMALLEST,
)
BLOC.declare(
    "frustration_bound",
    "0 to 1",
    "Upper bound on the same, if the network is too large for the exact value.",
    when=END,
    phrase="upper bound on the tension in {bloc}",
    smallest=_SMALLEST,
)
BLOC.declare(
    "frustration_lower",
    "0 to 1",
    "Lower bound on the same, if the network is too large for the exact value. Where the two "
    "bounds are equal, they are the exact value.",
    when=END,
    phrase="lower bound on the tension in {bloc}",
    smallest=_SMALLEST,
)

EXACT = 14  # states up to which the index is exact by default
MOST = 20  # largest allowed number of states for the exact index
CELLS = 2**19  # numbers in one array of the enumeration; more would not fit the cache

Member = Shaped[Any, "states #runs"]


@dataclass(frozen=True, eq=False)
class Frustration:
    """The frustration index of every run, and the split that reaches it."""

    index: Float[Any, " runs"]  # in units of affinity; an upper bound unless exact
    lower: Float[Any, " runs"]  # a lower bound; the index itself if exact
    share: Float[Any, " runs"]  # index over the weight of all ties, 0 to 1/2
    lower_share: Float[Any, " runs"]  # the same of `lower`
    camps: Int[Any, "states runs"]  # 1 and -1: the two camps; 0: absent
    exact: bool

    @property
    def kind(self) -> str:
        """Return what the index is: `exact`, or an `upper bound`."""
        return "exact" if self.exact else "upper bound"


def frustration(
    *,
    affinity: Dyadic,  # -1 to 1, both directions; the diagonal is not read
    member: Member | None = None,  # 0 leaves a state out of that run
    exact_to: int = EXACT,
) -> Frustration:
    """Return the smallest weight of ties to be cut before the states form two camps.

    Definition: the frustration index of the network of members and rivals, a tie's sign and
    weight those of the mean of the two affinities. Unit: affinity; `share` is without unit.
    Range: 0 to half the weight of all ties. 0: two camps (or one), friends within, foes
    between. 1/2 (share): no split would do better than chance; no network goes beyond.
    More states than `exact_to` (20 at the most): the best split that local search finds, an
    upper bound and named so in `kind`; `lower` bounds it from below, by triangles or the
    signed Laplacian.
    """
    if exact_to > MOST:
        message = f"frustration can be exact up to at most {MOST} states, not {exact_to}"
        raise SimError(message)
    weights = _weights(affinity, member)
    exact = affinity.shape[0] <= exact_to
    index, camps = _enumerated(weights) if exact else _searched(weights)
    if member is not None:
        camps = camps * (np.asarray(member) != 0)
    total = _total(np.abs(weights))
    lower = index
    if not exact:
        lower = np.minimum(np.maximum(_spectral(weights), _packed(weights)), index)
    return Frustration(
        index=index,
        lower=lower,
        share=share(index, total, nothing=0.0),
        lower_share=share(lower, total, nothing=0.0),
        camps=camps,
        exact=exact,
    )


def _weights(affinity: Any, member: Any) -> np.ndarray:
    """Return the symmetric signed weights, 0 on the diagonal and for absent states."""
    weights = 0.5 * (affinity + np.swapaxes(affinity, 0, 1))
    weights = weights * (1.0 - np.eye(affinity.shape[0]))[:, :, None]
    if member is None:
        return np.asarray(weights)
    here = np.asarray(member) != 0
    return np.asarray(weights * (here[:, None] & here[None]))


def _total(weights: np.ndarray) -> np.ndarray:
    """Return the sum over unordered pairs, added up in the same order for all runs."""
    total = np.zeros(weights.shape[-1])
    for first in range(weights.shape[0]):
        for second in range(first):
            total = total + weights[first, second]
    return total


def _enumerated(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the smallest cost of all splits and the first split that has it, by runs."""
    states, _, runs = weights.shape
    width = max(16, CELLS >> max(states - 2, 0))
    blocks = [_block(weights[:, :, at : at + width]) for at in range(0, runs, width)]
    return np.concatenate([b[0] for b in blocks]), np.concatenate([b[1] for b in blocks], axis=1)


def _block(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the smallest cost and its split for a block of runs that fits the cache.

    State 0 stays in camp 1. Bit k - 1 of a split's number says that state k is in the other.
    """
    states, _, runs = weights.shape
    camps = np.ones((states, runs), dtype=np.int64)
    if states == 1:
        return np.zeros(runs), camps
    cost = np.zeros((1, runs))
    for state in range(1, states - 1):
        same, other = _joining(weights[state, :state])
        cost = np.concatenate((cost + same, cost + other))
    same, other = _joining(weights[-1, :-1])
    cost = cost + np.minimum(same, other)
    split = np.argmin(cost, axis=0)
    columns = np.arange(runs)
    for state in range(1, states - 1):
        camps[state] -= 2 * ((split >> (state - 1)) & 1)
    camps[-1] = np.where(same[split, columns] <= other[split, columns], 1, -1)
    return cost[split, columns], camps


def _joining(ties: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the cost of joining camp 1, and the other camp, under all splits of the rest."""
    foe, friend = np.maximum(-ties, 0.0), np.maximum(ties, 0.0)
    same, other = foe[:1], friend[:1]
    for bad, good in zip(foe[1:], friend[1:], strict=True):
        same, other = (
            np.concatenate((same + bad, same + good)),
            np.concatenate((other + good, other + bad)),
        )
    return same, other


def _searched(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the cost of the best split found and the split, by runs.

    Starts: one camp of all, and each state's own view (its friends here, its foes there).
    From each, states change camp one by one as long as that cuts the cost.
    """
    states, _, runs = weights.shape
    views = np.where(weights < 0.0, -1.0, 1.0)
    camps = np.concatenate((np.ones((1, states, runs)), views)).swapaxes(0, 1)
    for _ in range(4 * states):
        before = camps.copy()
        for state in range(states):
            pull = _pull(weights[state], camps)
            camps[state] = np.where(camps[state] * pull < -TINY, -camps[state], camps[state])
        if np.array_equal(before, camps):
            break
    cost = np.zeros(camps.shape[1:])
    for first in range(states):
        for second in range(first):
            tie = weights[first, second]
            apart = camps[first] != camps[second]
            cost = cost + np.where(apart, np.maximum(tie, 0.0), np.maximum(-tie, 0.0))
    best, columns = np.argmin(cost, axis=0), np.arange(runs)
    return cost[best, columns], camps[:, best, columns].astype(np.int64)


def _pull(ties: np.ndarray, camps: np.ndarray) -> np.ndarray:
    """Return how strongly a state's ties draw it to camp 1: (starts, runs)."""
    pull = np.zeros(camps.shape[1:])
    for tie, camp in zip(ties, camps, strict=True):
        pull = pull + tie * camp
    return pull


def _packed(weights: np.ndarray) -> np.ndarray:
    """Return the lower bound by triangles with one foe or three, by runs.

    Tie by tie, the triangles on it in the order of their third state take what is left of the
    weight of all three ties, and the bound grows by that.
    """
    left, sign = np.abs(weights), np.sign(weights)
    total = np.zeros(weights.shape[-1])
    for first in range(weights.shape[0]):
        for second in range(first):
            bad = sign[first] * sign[second] * sign[first, second] < 0.0
            room = np.where(bad, np.minimum(left[first], left[second]), 0.0)
            ends = np.minimum(np.cumsum(room, axis=0), left[first, second])
            taken = np.diff(ends, axis=0, prepend=0.0)
            for state in (first, second):
                left[state] -= taken
                left[:, state] = left[state]
            left[first, second] -= ends[-1]
            left[second, first] = left[first, second]
            total = total + ends[-1]
    return total


def _spectral(weights: np.ndarray) -> np.ndarray:
    """Return the lower bound n lambda / 4, lambda the signed Laplacian's least eigenvalue.

    A split x of 1 and -1 has x' L x = 4 cost and x' x = n; states without a tie are left out.
    """
    degree = np.abs(weights).sum(axis=1)
    tied = degree > 0.0
    diagonal = degree + ~tied * (1.0 + 2.0 * degree.max(axis=0))
    laplacian = np.eye(weights.shape[0])[:, :, None] * diagonal[:, None] - weights
    least = np.linalg.eigvalsh(np.moveaxis(laplacian, -1, 0))[:, 0]
    bound = 0.25 * tied.sum(axis=0) * least
    return np.where(bound > TINY, bound, 0.0)
