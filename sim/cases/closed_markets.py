"""Closed markets: the states that a supplier does not sell to.

An offer is closed to

    rivals      states with which the supplier has a dispute of 0.3 or more on either side, as in
                every strategic rivalry
    their camp  allies of such a rival that received nothing from the supplier in twenty years,
                unless they are allied with the supplier too

Allies are tied by a treaty of defence, or are members of one bloc of the case. Rivals are those
within the case. The limits are assumed; how often the rule is right is in docs/case.md. Sources:
sipri_arms, thompson2021 (rivalries), leeds2002 (treaties).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from sim.cases.archive import Pair, pair
from sim.cases.quarrels import RIVALRY

YEARS = 20  # years without a delivery after which a tie counts as none


def closed_to(
    supplier: str,
    states: Iterable[str],
    disputes: Mapping[Pair, float],
    allied: AbstractSet[Pair],
    supplied: AbstractSet[str],
) -> tuple[str, ...]:
    """Return the states that may not buy from a supplier, in their order.

    `disputes` are by dyad, `allied` has pairs in the order of the alphabet, and `supplied` the
    states that received arms from the supplier in the last YEARS.
    """
    others = [each for each in states if each != supplier]
    rivals = {
        each
        for each in others
        if max(disputes.get((supplier, each), 0.0), disputes.get((each, supplier), 0.0)) >= RIVALRY
    }
    camp = {
        each
        for each in others
        if any(pair(each, rival) in allied for rival in rivals)
        and each not in supplied
        and pair(each, supplier) not in allied
    }
    return tuple(each for each in others if each in rivals | camp)
