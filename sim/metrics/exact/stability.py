"""The cost of stability: the subsidy needed to keep every coalition inside the bloc.

    cost = min sum_i x_i - v(N)  subject to  sum_{i in C} x_i >= v(C) for every C, N included

A bloc is stable on its own if its worth v(N) can be shared so that no coalition of members
would be better off alone (the core). If not, an outsider or a leader must add a subsidy; the
smallest sufficient one is the cost of stability.

Worths are whole multiples of 1e-9 of the game's largest. Identical games are solved once. If one
of n orders of arrival shares the worth of a game so that no member would leave (each gets its
marginal contribution to those before it), the cost is zero and no solver is needed: this test uses
whole numbers. So does a second one, which finds the cost of most other games
(`sim.metrics.exact.superadditive_cover`). The rest are linear programs, up to 256 of them in one
sparse block-diagonal call of HiGHS, which is five to ten times faster than one by one.

A solver's last digits depend on the games in the same call, so that the answer is rounded to 1e-9.
In that unit it is a fraction with a small denominator (a vertex solves equations of 0 and 1),
mostly a whole or a half: the rounding threshold is moved off the half, so that last digits do not
decide it.

Sources: bachrach2009 (cost of stability), shapley1971 (orders of arrival and the core), huangfu2018
(HiGHS), meir2011 (relative cost).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from sim.kernel.errors import SimError
from sim.metrics.declaration import END, Metrics, tenth
from sim.metrics.exact.coalitions import (
    MOST,
    Coalitional,
    Parts,
    best_coalition,
    coalition_worth,
    present_only,
)
from sim.metrics.exact.superadditive_cover import least_payment

BLOC, MEMBER = Metrics("bloc"), Metrics("member")
TOP = 2.0  # largest weight of entrapment in the search for a break point
SMALLEST = tenth(  # subsidy of interest
    "a bloc that is stable by itself", "a bloc held only by removing a certain threat"
)
BLOC.declare(
    "subsidy",
    "points of insecurity",
    "Smallest addition to the bloc's worth, with the leader's terms, such that no part of it "
    "would be better off alone.",
    when=END,
    phrase="subsidy needed to hold {bloc} together",
    smallest=SMALLEST,
    fewest=2,
)
BLOC.declare(
    "subsidy_without_terms",
    "points of insecurity",
    "The same without the leader's terms.",
    when=END,
    phrase="the same without the leader's terms, of {bloc}",
    smallest=SMALLEST,
    fewest=2,
)
BLOC.declare(
    "break_point",
    "weight of entrapment",
    "Weight of entrapment xi at which the worth of the whole bloc to its members is zero, with "
    f"the leader's terms; {TOP:g} if it is positive up to there.",
    when=END,
    high=TOP,
    phrase="cost of entrapment at which {bloc} loses its worth",
    smallest=tenth("none", "a weight of 1"),
    fewest=2,
)
BLOC.declare(
    "best_share",
    "0 to 1",
    "Share of the members in the coalition of highest worth, with the leader's terms; 0 if no "
    "coalition has any.",
    when=END,
    phrase="share of {bloc} in its best coalition",
    smallest=tenth("none of its members", "all of them"),
    percent=True,
    fewest=2,
)
MEMBER.declare(
    "in_best_coalition",
    "0 or 1",
    "Whether the state is in the coalition of highest worth of the bloc, with the leader's terms.",
    when=END,
    phrase="probability that {i} is in the best coalition of {bloc}",
)

UNIT = 10**9  # parts of a game's largest worth, the unit of rounding
CELLS = 2**20  # largest number of coalition worths processed together
STACK = 256  # largest number of games in one call of the solver
FIRST, MORE = 12, 8  # largest number of coalitions given at first, and after each round
SHORT = 1e-3  # of a unit: below it a value counts as zero
NUDGE = 0.03  # of a unit: offset of the rounding threshold from the half
TOLERANCE = 1e-10  # of the solver, for numbers of size SCALE
SCALE = 1000.0  # largest worth given to the solver


@dataclass(frozen=True, eq=False)
class Stability:
    """Whether a bloc is stable by its own worth, run by run."""

    cost: Float[Any, " runs"]  # smallest subsidy, in units of worth
    share: Float[Any, " runs"]  # subsidy over worth and subsidy together, 0 to 1
    worth: Float[Any, " runs"]  # of the grand coalition
    best_coalition: Int[Any, " runs"]  # the coalition of highest worth: bit k for member k
    best_worth: Float[Any, " runs"]
    left_out: str = ""  # why there is no answer (NaN, and coalition -1), empty if there is

    def of(self, runs: slice) -> Stability:
        """Return the answer for some of the runs."""
        names = ("cost", "share", "worth", "best_coalition", "best_worth")
        return replace(self, **{name: getattr(self, name)[runs] for name in names})


def stability(worth: Coalitional) -> Stability:
    """Return cost of stability, its share, and the coalition of highest worth, from a game's worth.

    Definition of `share`: the subsidy over the total to be shared, cost / (v(N) + cost). It is
    defined even if cost over v(N) is not, because a bloc may have zero worth to its members while
    a part of it has some. Unit: none. 0: the bloc is stable by itself. 1: only the subsidy holds
    it; a bloc without any worth, whole or in part, also counts as 1. (The relative cost of meir2011
    is 1 / (1 - share).)
    """
    cost = cost_of_stability(worth)
    best, most = best_coalition(worth)
    shared = worth[-1] + cost
    share = np.where(shared > 0.0, cost / np.where(shared > 0.0, shared, 1.0), 1.0)
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
    keys = [
        (name, xi, weight)
        for name, weight in (("with terms", nu), ("without terms", 0.0))
        for xi in xis
    ]
    found: dict[tuple[str, float], Stability] = {}
    each = max(1, CELLS // max(parts.security.size, 1))
    for at in range(0, len(keys), each):
        some = keys[at : at + each]
        worths = [coalition_worth(parts, nu=weight, xi=xi) for _, xi, weight in some]
        whole = stability(np.concatenate(worths, axis=1))
        runs = worths[0].shape[1]
        for place, (name, xi, _) in enumerate(some):
            found[name, xi] = whole.of(slice(place * runs, (place + 1) * runs))
    return found


def break_point(parts: Parts, *, nu: Any) -> Float[Any, " runs"]:
    """Return the weight of entrapment at which the whole bloc has zero worth to its members.

    Definition: the smallest xi, 0 to `TOP`, with v(N) = max(0, a - xi e) = 0, security and terms a,
    entrapment e: a / e. Unit: that of xi. 0: zero worth even without entrapment (also if both are
    0). `TOP`: positive worth up to there. Parts of the bloc do slightly better from far lower
    weights on, because of members that add hardly any security and some entrapment, so that the
    first such weight is not informative. Source: assumed.
    """
    tables = (parts.security + nu * parts.terms, parts.entrapment)
    gain, trap = (present_only(each, parts.member)[-1] for each in tables)
    return zero_worth(gain, trap)


def zero_worth(gain: np.ndarray, trap: np.ndarray) -> np.ndarray:
    """Return the weight of entrapment, 0 to `TOP`, at which it outweighs the gain of a bloc."""
    whole = np.where(gain > 0.0, TOP, 0.0)  # without entrapment
    point = np.where(trap > 0.0, gain / np.where(trap > 0.0, trap, 1.0), whole)
    return np.clip(point, 0.0, TOP)


def cost_of_stability(worth: Coalitional) -> Float[Any, " runs"]:
    """Return the smallest subsidy that puts the grand coalition's game in the core.

    Definition: the smallest addition to v(N) with which it can be shared so that every coalition
    gets its worth or more. `worth` has one row for each coalition, 2^n in total (bit k of the row's
    number: member k); the first row, the empty one, is unread. Unit: that of worth, to nine digits
    of the game's largest. 0: the core is not empty, the bloc is stable by itself (also one member).
    Never above n times the largest worth. Source: bachrach2009.
    """
    size = worth.shape[0].bit_length() - 1
    if worth.shape[0] != 2**size or size > MOST:
        message = f"{worth.shape[0]} coalitions: a game of 1 to {MOST} members has 2^members"
        raise SimError(message)
    scale = np.max(np.abs(worth), axis=0)
    games = np.rint(worth / np.where(scale > 0.0, scale, 1.0) * UNIT).astype(np.int64).T
    games[:, 0] = 0
    hard = np.nonzero(~_shared_out(games, size))[0]
    distinct, where = np.unique(games[hard], axis=0, return_inverse=True)
    stacks = [distinct[at : at + STACK] for at in range(0, len(distinct), STACK)]
    found = np.concatenate([np.zeros(0), *(_cost(stack, size) for stack in stacks)])
    cost = np.zeros(len(games))
    cost[hard] = found[where.reshape(-1)]
    return cost / UNIT * scale


def _cost(games: np.ndarray, size: int) -> np.ndarray:
    """Return the cost of stability of a stack of games (games, coalitions), in whole units."""
    paid, met = least_payment(games.T)
    cost: np.ndarray = np.maximum(paid - games[:, -1], 0).astype(float)
    if not met.all():
        cost[~met] = _solved(games[~met], size)
    return cost


def _shared_out(games: np.ndarray, size: int) -> np.ndarray:
    """Return whether an order of arrival, of the n rotations, shares a game's worth in the core.

    If so, the cost is exactly 0. It is so in every convex game, for every order.
    """
    held = np.zeros(len(games), dtype=bool)
    for first in range(size):
        there, shares = 0, np.zeros((size, len(games)), dtype=np.int64)
        for member in (*range(first, size), *range(first)):
            shares[member] = games[:, there | 1 << member] - games[:, there]
            there |= 1 << member
        given = np.zeros((1, len(games)), dtype=np.int64)
        for share in shares:
            given = np.concatenate((given, given + share))
        held |= np.all(given >= games.T, axis=0)
    return held


def _solved(games: np.ndarray, size: int) -> np.ndarray:
    """Return the cost of stability of a stack of games (games, coalitions), in whole units.

    By cutting planes: the program starts with a few coalitions and adds, after each round, those
    that get least relative to their worth, until none falls short.
    """
    inside = (np.arange(2**size)[:, None] >> np.arange(size) & 1).astype(float)
    claim = games / np.maximum(inside.sum(axis=1), 1.0)  # worth a member
    known = np.zeros(games.shape, dtype=bool)
    known[:, [*(1 << np.arange(size)), -1]] = True
    known[np.arange(len(games))[:, None], _largest(claim, FIRST)] = True
    paid, left = np.zeros(len(games)), np.arange(len(games))
    while left.size:
        shares = _shares(games[left], known[left], inside)
        short = games[left] - shares @ inside.T
        met = short.max(axis=1) <= SHORT
        paid[left[met]] = shares[met].sum(axis=1)
        left, short = left[~met], short[~met]
        known[left[:, None], _largest(short, MORE)] = True
    return lacking(paid, games[:, -1])


def lacking(paid: np.ndarray, worth: np.ndarray) -> np.ndarray:
    """Return how far payments exceed the worth of the bloc, in whole units, zero or more."""
    return np.asarray(np.maximum(np.floor(paid + (0.5 + NUDGE)) - worth, 0.0))


def _largest(table: np.ndarray, count: int) -> np.ndarray:
    """Return the columns of the largest numbers in each row, `count` at most."""
    return np.argsort(-table, axis=1, kind="stable")[:, :count]


def _shares(games: np.ndarray, known: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Return the shares of smallest sum that give the known coalitions their worth, by game."""
    game, coalition = np.nonzero(known)
    row, member = np.nonzero(inside[coalition])
    shape = (len(games), inside.shape[1])
    return least_payments(games[game, coalition], (row, game[row], member), shape, least=None)


def least_payments(
    worth: np.ndarray,
    there: tuple[np.ndarray, np.ndarray, np.ndarray],
    shape: tuple[int, int],
    *,
    least: float | None,
) -> np.ndarray:
    """Return the payments of smallest sum that give coalitions their worth, (games, members).

    `there` has a coalition, its game and a member of it; `worth` has an entry per coalition, in
    parts of `UNIT`, and no payment is below `least`. All games are solved at once. SimError: the
    solver found none.
    """
    from scipy.optimize import linprog  # noqa: PLC0415 - slow to import, and not always needed
    from scipy.sparse import csr_array  # noqa: PLC0415 - likewise

    games, members = shape
    row, game, member = there
    cells = (np.full(row.size, -1.0), (row, game * members + member))
    found = linprog(
        np.ones(games * members),
        A_ub=csr_array(cells, shape=(worth.size, games * members)),
        b_ub=worth * (-SCALE / UNIT),
        bounds=(least, None),
        method="highs",
        options={
            "primal_feasibility_tolerance": TOLERANCE,
            "dual_feasibility_tolerance": TOLERANCE,
        },
    )
    if not found.success:
        message = f"cost of stability: {found.message}"
        raise SimError(message)
    return np.asarray(found.x.reshape(shape) * (UNIT / SCALE))
