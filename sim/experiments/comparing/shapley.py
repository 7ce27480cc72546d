"""Shapley shares: what each of several inputs adds to a difference, over all orders.

    phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! [v(S + i) - v(S)]

The shares add up to v(all) - v(none). With many inputs the orders are sampled, in pairs of an
order and its reverse; each order adds up exactly, so the shares still do.

Sources: shapley1953, mitchell2022 (antithetic orders).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations
from math import factorial

import numpy as np

Coalition = frozenset[int]

EXACT_TO = 6  # inputs up to which every coalition is run: 64 of them


def orders_of(count: int, *, pairs: int, seed: int) -> tuple[list[tuple[int, ...]], bool]:
    """Return orders of the inputs, and whether they are all that there are."""
    if count <= EXACT_TO:
        return list(permutations(range(count))), True
    random = np.random.default_rng(seed)
    drawn = [tuple(random.permutation(count).tolist()) for _ in range(pairs)]
    return [order for each in drawn for order in (each, each[::-1])], False


def coalitions_of(orders: Iterable[Sequence[int]]) -> list[Coalition]:
    """Return every coalition that the orders pass through, small ones first, each once."""
    found = {frozenset(order[:size]) for order in orders for size in range(len(order) + 1)}
    return sorted(found, key=lambda each: (len(each), sorted(each)))


def shares(worth: Mapping[Coalition, np.ndarray], orders: Sequence[Sequence[int]]) -> np.ndarray:
    """Return the share of each input, (inputs, ...), as the worth has axes."""
    count = len(orders[0])
    total = np.zeros((count, *np.shape(worth[frozenset()])))
    for order in orders:
        before = frozenset[int]()
        for each in order:
            after = before | {each}
            total[each] += worth[after] - worth[before]
            before = after
    return np.asarray(total / len(orders))


def exact_shares(worth: Mapping[Coalition, np.ndarray], count: int) -> np.ndarray:
    """Return the shares by the formula over all coalitions: the same as over all orders."""
    total = np.zeros((count, *np.shape(worth[frozenset()])))
    for before in worth:
        for each in set(range(count)) - before:
            weight = factorial(len(before)) * factorial(count - len(before) - 1) / factorial(count)
            total[each] += weight * (worth[before | {each}] - worth[before])
    return total
