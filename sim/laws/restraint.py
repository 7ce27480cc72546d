"""Restraint: what keeps a supplier from arming the rival of a fellow member or a friend.

    norm    = alpha_n sum_b n_b (1 - z_b) sum_{m in b, m not s} e_sb r_mi offence_o x_mb
    friends = alpha_f sum_k r_ki max(0, a_sk) x_k (1 - d + d offence_o),    k outside common blocs
    r_mi counts only `inside` where i is in b, too;  x = exit_kb if s leads b, else 1

Other members fear the bloc; the leader is restrained only as far as the harmed could walk
away. A captive client can be harmed freely: that is how a hegemon arms both sides. With d = 1
friends, too, count arms that defend as little as the norm does, with d = 0 like any others.

Sources: snyder1984 (entrapment and dealignment), hirschman1970 (exit as the client's power),
jervis1978 (arms that cannot attack are not a threat), krebs1999 (rivals within one alliance);
the claim of seed2017 that the leader is imitated enters by the precedent z_b. The form is assumed.
"""

from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class Restraint:
    """The norm, or friendship, restrains a sale that harms a fellow member or a friend."""

    norm_weight: Coefficient = parameter(
        3.0,
        unit="log odds",
        low=0.0,
        high=6.0,
        source="assumed",
        doc="Weight of the norm against arming a fellow member's rival, alpha_n.",
    )
    friends_weight: Coefficient = parameter(
        6.0,
        unit="log odds",
        low=0.0,
        high=12.0,
        source="assumed",
        doc="Weight of harm to friends outside common blocs, alpha_f.",
    )
    friends_by_offence: Coefficient = parameter(
        0.0,
        unit="share",
        low=0.0,
        high=1.0,
        off=True,
        source="jervis1978",
        doc="How far harm to friends depends on how offensive the arms are, d.",
    )

    def norm(
        self,
        *,
        norm: Elementwise,  # n_b
        precedent: Elementwise,  # z_b, 0 to 1
        engagement: Elementwise,  # e_sb of the supplier
        harm: Elementwise,  # sum_m r_mi offence_o x_mb over the fellow members
    ) -> Elementwise:
        """Return the log odds lost by harm to fellow members of a bloc."""
        return self.norm_weight * norm * (1 - precedent) * engagement * harm

    def friends(self, *, harm: Elementwise) -> Elementwise:
        """Return the log odds lost by harm to friends, sum_k r_ki max(0, a_sk) x_k."""
        return self.friends_weight * harm

    def counted(self, *, offence: Elementwise) -> Elementwise:
        """Return the share of harm to friends, 0 to 1, that counts for arms of this offence."""
        return 1 - self.friends_by_offence + self.friends_by_offence * offence

    def regard(self, *, affinity: Elementwise, exposed: Elementwise) -> Elementwise:
        """Return the weight of harm to a friend, max(0, a_sk) x_k, 0 to 1."""
        return np.maximum(0.0, affinity) * exposed
