"""Balanced collections: the most that coalitions can claim at once, in many games together.

    most = max sum_C w_C v(C)  subject to  sum_{C with i} w_C = 1 for each member i,  w_C >= 0

By duality it is the least total that gives every coalition its worth. The simplex method in its
revised form, a step of all unfinished games at a time: the coalition that claims most beyond
what its members are given enters, and the one whose weight would first fall below zero leaves.
It starts from members alone. A total counts only with its proof: shares of that sum that leave
no coalition short, and weights of that claim that are balanced.

Sources: shapley1967 (balanced collections and the core), dantzig1955 (revised simplex).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.metrics.exact.coalitions import subset_sums

SHORT = 1e-3  # of a unit of worth: what counts as nothing
APART = 1e-7  # step between the members' weights, so that no two reach zero together
STEPS = 25  # for each member, at most
CELLS = 2**17  # numbers in one table; more would outgrow the cache


def most_claimed(games: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the most that coalitions can claim in each game, and whether that is proved.

    `games` are whole numbers, (games, 2^size), the empty coalition's 0; so are the claims but
    for fractions of small denominator.
    """
    width = max(1, CELLS >> size)
    parts = [_some(games[at : at + width], size) for at in range(0, len(games), width)]
    most, proved = zip(*parts, strict=True) if parts else ((np.zeros(0),), (np.zeros(0, bool),))
    return np.concatenate(most), np.concatenate(proved)


def _some(games: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the same for games that fit the cache."""
    most, proved = np.zeros(len(games)), np.zeros(len(games), dtype=bool)
    left = np.arange(len(games))
    table = _Tableau.of(games, size)
    for _ in range(STEPS * size):
        excess = table.worth - subset_sums(table.shares())
        enters = np.argmax(excess, axis=0)
        ends = excess[enters, np.arange(left.size)] <= SHORT
        if ends.any():
            most[left[ends]], proved[left[ends]] = table.only(ends).proof()
            left, enters = left[~ends], enters[~ends]
            if not left.size:
                break
            table = table.only(~ends)
        table.exchange(enters)
    return most, proved


@dataclass(eq=False)
class _Tableau:
    """The coalitions that have a weight, one a member, and the inverse of who is in them."""

    worth: np.ndarray  # (coalitions, games)
    basis: np.ndarray  # (members, games): coalitions
    inverse: np.ndarray  # (members of the basis, members, games)

    @classmethod
    def of(cls, games: np.ndarray, size: int) -> _Tableau:
        """Return the tableau in which every member stands alone."""
        count = len(games)
        return cls(
            worth=np.ascontiguousarray(games.T, dtype=float),
            basis=np.repeat(1 << np.arange(size)[:, None], count, axis=1),
            inverse=np.repeat(np.eye(size)[:, :, None], count, axis=2),
        )

    def only(self, some: np.ndarray) -> _Tableau:
        """Return the tableau of some of the games."""
        return _Tableau(self.worth[:, some], self.basis[:, some], self.inverse[:, :, some])

    def claims(self) -> np.ndarray:
        """Return the worth of the coalitions that have a weight."""
        return np.take_along_axis(self.worth, self.basis, axis=0)

    def shares(self) -> np.ndarray:
        """Return what gives just these coalitions their worth, by members."""
        return np.asarray(_summed(self.claims()[:, None] * self.inverse))

    def exchange(self, enters: np.ndarray) -> None:
        """Let a coalition enter each basis, and the one leave that first falls to zero."""
        size, games = self.basis.shape
        inside = enters >> np.arange(size)[:, None] & 1
        apart = 1.0 + APART * np.arange(1, size + 1)[:, None]
        change = _summed((self.inverse * inside).swapaxes(0, 1))
        weight = _summed((self.inverse * apart).swapaxes(0, 1))
        falls = change > 1e-9  # noqa: PLR2004 - entries are whole or fractions of small numbers
        ratio = np.where(falls, weight / np.where(falls, change, 1.0), np.inf)
        leaves, lanes = np.argmin(ratio, axis=0), np.arange(games)
        row = self.inverse[leaves, :, lanes].T / change[leaves, lanes]
        self.inverse -= change[:, None] * row
        self.inverse[leaves, :, lanes] = row.T
        self.basis[leaves, lanes] = enters

    def proof(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the total of the shares, and whether balanced weights claim as much."""
        size = len(self.basis)
        total = _summed(self.shares())
        weight = _summed(self.inverse.swapaxes(0, 1))
        inside = self.basis[:, None] >> np.arange(size)[:, None] & 1
        balanced = np.abs(_summed(weight[:, None] * inside) - 1.0).max(axis=0) < SHORT / 1e6
        claimed = np.abs(_summed(weight * self.claims()) - total) < SHORT
        return total, balanced & claimed & (weight.min(axis=0) > -SHORT / 1e6)


def _summed(terms: Any) -> Any:
    """Return the sum over the first axis, in its order."""
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total
