"""The cost of stability: what it would take to keep every coalition inside the bloc.

    cost = min sum_i x_i - v(N)  subject to  sum_{i in C} x_i >= v(C) for every C, N included

A bloc is stable on its own if its worth v(N) can be shared so that no coalition of members
would be better off alone (the core). If not, an outsider or a leader must add a subsidy; the
least that does it is the cost of stability.

The program is solved from its dual, `max sum_C lambda_C v(C)` over balanced collections of
coalitions, `sum_{C with i} lambda_C = 1` for every member i, by the simplex method on all runs
at once: start from the single members, let the coalition that is worst off enter, choose who
leaves by the lexicographic rule, which cannot cycle. The bases are matrices of 0 and 1, so that
every test on them is between small fractions and exact; prices are those of an inverse taken
afresh at each step. A general solver gives the same to nine digits (tests) and is 20 times
slower, and its last digits hang on which runs share a program. Games that are the same to nine
digits are solved once.

Sources: bachrach2009 (cost of stability), shapley1967 (balanced collections), dantzig1955
(the lexicographic rule), meir2011 (relative cost).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from sim.errors import SimError
from sim.metrics.exact.coalitions import (
    MOST,
    Coalitional,
    Parts,
    best_coalition,
    coalition_worth,
    subset_sums,
)

DIGITS = 9  # of a game's largest worth
CELLS = 2**17  # numbers in one array of the simplex; more would outgrow the cache
GAIN = 1e-11  # by which a coalition must be better off alone to count, of the largest worth
ZERO = 1e-9  # below any fraction that is not zero in the inverse of 12 rows of 0 and 1


@dataclass(frozen=True, eq=False)
class Stability:
    """Whether a bloc holds by its own worth, run by run."""

    cost: Float[Any, " runs"]  # least subsidy, in units of worth
    share: Float[Any, " runs"]  # subsidy over worth and subsidy together, 0 to 1
    worth: Float[Any, " runs"]  # of the grand coalition
    best_coalition: Int[Any, " runs"]  # the coalition worth most: bit k for member k
    best_worth: Float[Any, " runs"]
    left_out: str = ""  # why there is no answer (NaN, and coalition -1), empty if there is


def stability(worth: Coalitional) -> Stability:
    """Return cost of stability, its share, and the coalition worth most, from a game's worth.

    Definition of `share`: subsidy over all that is shared out, cost / (v(N) + cost). It is
    defined where cost over v(N) is not, since a bloc may be worth nothing to its members while
    a part of it is worth something. Unit: none. 0: the bloc holds by itself. 1: all that holds
    it is the subsidy. (The relative cost of meir2011 is 1 / (1 - share).)
    """
    cost = cost_of_stability(worth)
    best, most = best_coalition(worth)
    shared = worth[-1] + cost
    share = np.where(shared > 0.0, cost / np.where(shared > 0.0, shared, 1.0), 0.0)
    return Stability(cost=cost, share=share, worth=worth[-1], best_coalition=best, best_worth=most)


def no_stability(runs: int, reason: str) -> Stability:
    """Return the answer for a bloc that is left out, NaN in every run, with the reason."""
    unknown = np.full(runs, np.nan)
    none = np.full(runs, -1, dtype=np.int64)
    return Stability(unknown, unknown, unknown, none, unknown, left_out=reason)


def stability_range(
    parts: Parts, *, nu: Any, xis: Sequence[float]
) -> dict[tuple[str, float], Stability]:
    """Return stability `with terms` and `without terms` for each weight xi of entrapment."""
    return {
        (name, xi): stability(coalition_worth(parts, nu=weight, xi=xi))
        for name, weight in (("with terms", nu), ("without terms", 0.0))
        for xi in xis
    }


def cost_of_stability(worth: Coalitional) -> Float[Any, " runs"]:
    """Return the least subsidy that puts the grand coalition's game in the core.

    Definition: the least that must be added to v(N) before it can be shared so that every
    coalition gets its worth or more. `worth` has one row a coalition, 2^n in all (bit k of the
    row's number: member k), the first, the empty one, unread. Unit: that of worth, to nine
    digits of the game's largest. 0: the core is not empty, the bloc holds by itself (also one
    member). Never above n times the largest worth. Source: bachrach2009.
    """
    size = worth.shape[0].bit_length() - 1
    if worth.shape[0] != 2**size or size > MOST:
        message = f"{worth.shape[0]} coalitions: a game of 1 to {MOST} members has 2^members"
        raise SimError(message)
    scale = np.max(np.abs(worth), axis=0)
    games = np.round(worth / np.where(scale > 0.0, scale, 1.0), DIGITS).T + 0.0
    games, where = np.unique(games, axis=0, return_inverse=True)
    width = max(1, CELLS >> size)
    costs = [_solved(games[at : at + width], size) for at in range(0, len(games), width)]
    return np.round(np.concatenate(costs), DIGITS)[where.reshape(-1)] * scale


def _solved(games: np.ndarray, size: int) -> np.ndarray:
    """Return the cost of stability of a stack of games (games, coalitions)."""
    members = np.arange(size)
    worth = np.ascontiguousarray(games.T)
    basis = np.tile(1 << members, (len(games), 1))  # one coalition a row of the dual
    paid = np.zeros(len(games))
    open_ = np.arange(len(games))
    while open_.size:
        held = basis[open_]
        inverse = np.linalg.inv((held[:, None, :] >> members[:, None] & 1).astype(float))
        shares = np.sum(games[open_[:, None], held][:, :, None] * inverse, axis=1)
        paid[open_] = np.sum(shares, axis=1)
        gain = worth[:, open_] - subset_sums(shares.T)
        gain[0] = 0.0
        enter = np.argmax(gain, axis=0)
        more = gain[enter, np.arange(open_.size)] > GAIN
        open_, inverse, enter = open_[more], inverse[more], enter[more]
        basis[open_, _leaving(inverse, enter)] = enter
    return np.asarray(np.maximum(paid - games[:, -1], 0.0))


def _leaving(inverse: np.ndarray, enter: np.ndarray) -> np.ndarray:
    """Return the position in the basis that the entering coalition takes, by games.

    Lexicographic rule: among the rows that shrink, the first of weight, then of the inverse's
    columns, all over the rate at which the row shrinks.
    """
    size = inverse.shape[-1]
    inside = enter[:, None] >> np.arange(size) & 1
    rate = np.sum(inverse * inside[:, None, :], axis=2)
    able = rate > ZERO
    weight = np.sum(inverse, axis=2)[:, :, None]
    keys = np.concatenate((weight, inverse), axis=2) / np.where(able, rate, 1.0)[:, :, None]
    for column in range(size + 1):
        key = np.where(able, keys[:, :, column], np.inf)
        able &= key <= np.min(key, axis=1, keepdims=True) + ZERO
    return np.asarray(np.argmax(able, axis=1))
