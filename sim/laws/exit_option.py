"""Exit option: how far a client could walk away from the leader of a bloc.

Strongest:  exit_mb = max_{k not in b} max(0, a_mk) S_k / (S_k + S_l),   0 for a k without strength
Sponsors:   exit_mb = 1 - exp(-s sum_{k not in b} v_km max(0, a_mk) (1 - max(0, a_kl))
                              S_k / (S_k + S_m))

The strongest friend outside is a way out whether it wants to be one or not, as far as it is a match
for the leader. A sponsor is willing, v_km, to replace the client's losses: as far as it regards the
client, or as an event says. It is able to, as far as it is strong beside the client. A state on
good terms with the leader l, such as a patron that both share, is that much less of a way out.
Several sponsors add up, and full ones not to more than 1.

Sources: hirschman1970 (exit); snyder1984 (dependence of the weaker ally); early2015 (a sponsor
of the target of a sanction undoes it); cooleynexon2020 (patrons on offer make an exit).
The forms are assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.kernel.arrays import Elementwise, share
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class ExitOption:
    """A client can leave as far as there is a strong and friendly state outside the bloc."""

    asks_for_will: ClassVar[bool] = False  # whether sponsors have to be willing

    def pull(
        self, *, strength: Elementwise, leader: Elementwise, outside: Elementwise
    ) -> Elementwise:
        """Return the strength of each state outside relative to the leader, 0 to 1."""
        return share(outside * strength, strength + leader, nothing=0.0)

    def exit(self, *, affinity: Elementwise, pull: Elementwise, **_: Elementwise) -> Elementwise:
        """Return the exit option of each client, 0 to 1, from affinity (m, k) and pull (k)."""
        return np.maximum(0.0, (affinity * pull).max(axis=1))


@dataclass(frozen=True, kw_only=True, eq=False)
class Sponsors(ExitOption):
    """A client can leave as far as states outside are willing to replace its losses."""

    asks_for_will: ClassVar[bool] = True

    satiation: Coefficient = parameter(
        4.0,
        unit="1",
        low=1.0,
        high=10.0,
        source="assumed",
        doc="How fast sponsors add up to a full exit option, s.",
    )

    def exit(
        self,
        *,
        affinity: Elementwise,  # a_mk, -1 to 1
        outside: Elementwise = 1.0,  # 1 for each k outside the bloc
        strength: Elementwise = 0.0,  # of each k, TIV
        own: Elementwise = 0.0,  # of each m, TIV
        willing: Elementwise = 0.0,  # v_km by (m, k), 0 to 1
        shared: Elementwise = 0.0,  # a_kl, of each k for the leader, -1 to 1
        **_: Elementwise,
    ) -> Elementwise:
        """Return the exit option of each client, 0 to 1, from the contribution of each k."""
        free = outside * (1 - np.maximum(0.0, shared))
        able = share(strength[None], strength[None] + own[:, None], nothing=0.0)
        weight = willing * np.maximum(0.0, affinity) * (free * able)
        return -np.expm1(-self.satiation * weight.sum(axis=1))


VARIANTS: Mapping[str, type[ExitOption]] = {"strongest": ExitOption, "sponsors": Sponsors}
