"""Regard: how a state regards another at the start, from votes, treaties and disputes.

    a_ij = 0.1 + v_ij + 0.4 g_ij - r_ij

v     agreement in votes of the UN General Assembly over five years less what both agree with
      others (median polish over all states that vote), within 0.4 either way
g     1 between the leader of a bloc and a member; 0.5 under a treaty of defence outside the blocs
      of the scenario, between states without a dispute; 0 between fellow members
r     the dispute that i has with j (`quarrels`)

The rule is that of the shipped catalogues, where its weights were compared with deliveries
(docs/decisions, no. 51); the half for other treaties is assumed. Where agreement is not known, it
follows from ideal points: 0.155 less a point of distance, the slope over 505,686 dyad-years.

Sources: hage2011 (agreement has to be corrected for chance, else all states of a region are
friends), bailey2017 (votes and ideal points), leeds2002 and gibler2009 (treaties).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

CORRECT, MOST, BY_GUARD = 0.1, 0.4, 0.4  # constant, bound of v, weight of g
TREATY = 0.5  # g under a treaty of defence outside the blocs
BY_DISTANCE = 0.155  # fall of agreement with a point of distance
VOTED = 5  # years of votes that are averaged
_ROUNDS = 50


def regard(votes: float, guard: float, dispute: float) -> float:
    """Return the regard of one state for another, -1 to 1, from v, g and r."""
    index = CORRECT + min(max(votes, -MOST), MOST) + BY_GUARD * guard - dispute
    return min(max(index, -1.0), 1.0)


def agreement_of_points(points: np.ndarray) -> np.ndarray:
    """Return agreement in votes, up to a constant, from ideal points (states,): (states, states).

    It is nan on the diagonal.
    """
    agreed = 1 - BY_DISTANCE * np.abs(points[:, None] - points)
    np.fill_diagonal(agreed, np.nan)
    return np.asarray(agreed)


def beyond_habit(agreed: np.ndarray, among: Sequence[int] | None = None) -> np.ndarray:
    """Return agreement (states, states) less each state's usual agreement, by median polish.

    Usual agreement is that with the states at the indices `among`, by default with all. Unknown
    agreement (nan) becomes 0.
    """
    at = np.arange(len(agreed)) if among is None else np.asarray(among)
    inner, habit = agreed[np.ix_(at, at)], np.zeros(len(at))
    for _ in range(_ROUNDS):
        habit += _medians(inner - habit[:, None] - habit) / 2
    whole = _medians(agreed[:, at] - habit)
    whole[at] = habit
    return np.asarray(np.nan_to_num(agreed - whole[:, None] - whole))


def _medians(table: np.ndarray) -> np.ndarray:
    """Return the medians of rows without nan; 0 for a row of nan alone."""
    known = ~np.isnan(table).all(axis=1)
    medians = np.zeros(len(table))
    medians[known] = np.nanmedian(table[known], axis=1)
    return medians
