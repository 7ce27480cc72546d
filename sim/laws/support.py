"""Support: the help that a state can count on against another.

    support_ij = max_b c_b covers_bij q_ib e_ib
                       sum_{k in b, k not i, j} e_kb max(0, (a_ki - a_kj) / 2) S_k

No help comes from a member that prefers the opponent; a bloc that is not believed in, or in which a
state no longer takes part, is worth nothing to it. covers_bij is 0 if the treaty of b names states
against which it binds and j is not one of them (its scope), or if it names members whose territory
it covers and i is not one of them (its area); else 1. In a bloc that deters both sides, by p_b,
friendship does not shield the side that starts: a_kj counts as a_kj - p_b max(0, a_kj), here and
when members answer an appeal, so that a friend of both helps the one that is attacked.

Sources: snyder1984 (abandonment), crawford2003 (pivotal deterrence: the pivot holds both sides by
leaving open whom it would join), fang2014 (what an ally might withhold makes a state concede).
The form of p_b is assumed.
"""

from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise


@dataclass(frozen=True, kw_only=True, eq=False)
class Support:
    """Allies count as far as they are engaged, strong, trusted and better disposed."""

    def shielding(
        self,
        *,
        regard_attacker: Elementwise,  # of the helper for the attacker, -1 to 1
        pivotal: Elementwise,  # p_b, 0 to 1
    ) -> Elementwise:
        """Return the regard, -1 to 1, that still protects the attacker."""
        return regard_attacker - pivotal * np.maximum(0.0, regard_attacker)

    def support(
        self,
        *,
        commitment: Elementwise,  # c_b, 0 to 1
        belief: Elementwise,  # q_ib, 0 to 1
        engagement: Elementwise,  # e_ib, 0 to 1; 0 for a non-member
        helpers: Elementwise,  # sum over the helpers of `aid`, TIV
    ) -> Elementwise:
        """Return the support that i can count on against j in one bloc, TIV."""
        return commitment * belief * engagement * helpers

    def aid(
        self,
        *,
        engagement: Elementwise,  # e_kb, 0 to 1; 0 for a non-member
        regard: Elementwise,  # a_ki, -1 to 1
        regard_opponent: Elementwise,  # a_kj, -1 to 1
        strength: Elementwise,  # S_k, TIV
    ) -> Elementwise:
        """Return the strength that helper k would bring to i against j, TIV."""
        return engagement * np.maximum(0.0, (regard - regard_opponent) / 2) * strength
