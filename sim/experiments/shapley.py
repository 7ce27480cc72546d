"""Shapley shares: the contribution of each input to those before it, averaged over all orders.

    phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! [v(S + i) - v(S)]

The shares add up to v(all) - v(none). With many inputs the orders are sampled, in pairs of an order
and its reverse; since each order adds up exactly, the shares still do. A pair is one draw from all
pairs. The contribution of an input, averaged over runs and the pair, varies between pairs, and the
variance of its mean over pairs is the sampling error of the orders.

Sources: shapley1953, mitchell2022 (antithetic orders).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations
from math import factorial

import numpy as np

PAIRS = 24  # pairs of orders sampled if there are too many inputs for all

Coalition = frozenset[int]

EXACT_TO = 6  # inputs up to which all coalitions are run, 64 at most


def orders_of(count: int, *, pairs: int, seed: int) -> tuple[list[tuple[int, ...]], bool]:
    """Return orders of the inputs, and whether they are all orders."""
    if count <= EXACT_TO:
        return list(permutations(range(count))), True
    random = np.random.default_rng(seed)
    drawn = [tuple(random.permutation(count).tolist()) for _ in range(pairs)]
    return [order for each in drawn for order in (each, each[::-1])], False


def coalitions_of(orders: Iterable[Sequence[int]]) -> list[Coalition]:
    """Return every coalition that occurs in the orders, small ones first."""
    coalitions = {frozenset(order[:size]) for order in orders for size in range(len(order) + 1)}
    return sorted(coalitions, key=lambda each: (len(each), sorted(each)))


def shares(worth: Mapping[Coalition, np.ndarray], orders: Sequence[Sequence[int]]) -> np.ndarray:
    """Return the share of each input: (inputs, ...), with the axes of the worth."""
    total = np.zeros((len(orders[0]), *np.shape(worth[frozenset()])))
    for order in orders:
        total += _added(worth, order)
    return np.asarray(total / len(orders))


def order_error(
    worth: Mapping[Coalition, np.ndarray], orders: Sequence[Sequence[int]]
) -> np.ndarray:
    """Return the sampling variance of each share, averaged over the last axis (runs).

    The orders come in pairs of an order and its reverse. The axes are those of the shares without
    the last. It is nan with fewer than two pairs. Runs with any nan are left out.
    """
    pairs = zip(orders[::2], orders[1::2], strict=True)
    each = np.stack([(_added(worth, one) + _added(worth, other)) / 2 for one, other in pairs])
    known = ~np.isnan(each).any(axis=(0, 1))
    count = np.maximum(known.sum(axis=-1), 1)
    means = np.where(known, each, 0.0).sum(axis=-1) / count
    if len(each) < 2:  # noqa: PLR2004 - a variance needs two
        return np.full(means.shape[1:], np.nan)
    return np.asarray(means.var(axis=0, ddof=1) / len(each))


def _added(worth: Mapping[Coalition, np.ndarray], order: Sequence[int]) -> np.ndarray:
    """Return the contribution of each input in an order: (inputs, ...)."""
    gains = np.zeros((len(order), *np.shape(worth[frozenset()])))
    before = frozenset[int]()
    for each in order:
        after = before | {each}
        gains[each] = worth[after] - worth[before]
        before = after
    return gains


def exact_shares(worth: Mapping[Coalition, np.ndarray], count: int) -> np.ndarray:
    """Return the shares by the formula over all coalitions, equal to those over all orders."""
    total = np.zeros((count, *np.shape(worth[frozenset()])))
    for before in worth:
        for each in set(range(count)) - before:
            weight = factorial(len(before)) * factorial(count - len(before) - 1) / factorial(count)
            total[each] += weight * (worth[before | {each}] - worth[before])
    return total
