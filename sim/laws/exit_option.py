"""Exit option: how far a client could walk away from the leader of a bloc.

    exit_mb = max_{k not in b} max(0, a_mk) S_k / (S_k + S_l),   0 for a k without strength

Source: hirschman1970 (exit); snyder1984 (dependence of the weaker ally). The form is assumed.
"""

from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise, share


@dataclass(frozen=True, kw_only=True, eq=False)
class ExitOption:
    """A client can leave as far as a strong and friendly state stands outside the bloc."""

    def pull(
        self, *, strength: Elementwise, leader: Elementwise, outside: Elementwise
    ) -> Elementwise:
        """Return what each state outside the bloc weighs against the leader, 0 to 1."""
        return share(outside * strength, strength + leader, nothing=0.0)

    def exit(self, *, affinity: Elementwise, pull: Elementwise) -> Elementwise:
        """Return the exit option of each state, 0 to 1, from affinity (m, k) and pull (k)."""
        return np.maximum(0.0, (affinity * pull).max(axis=1))
