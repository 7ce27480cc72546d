"""Laws of a user: one with a term more, one that branches in Python, one without an answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.kernel.parameters import Coefficient, parameter
from sim.laws.deterrence import Deterrence


@dataclass(frozen=True, kw_only=True, eq=False)
class Resolve(Deterrence):
    """An attack promises more to those whose dispute is an old one."""

    pride: Coefficient = parameter(
        0.1, unit="1", low=0.0, high=1.0, source="assumed", doc="Weight of the dispute itself."
    )

    def gain(self, *, rivalry, **others):
        """Return the attacker's net gain of attack."""
        return super().gain(rivalry=rivalry, **others) + self.pride * np.tanh(rivalry**2)


class Hasty(Deterrence):
    """Punishment does not count for a state if some attack would gain much."""

    def gain(self, *, rivalry, win, second_strike, shift):
        """Return the attacker's net gain of attack."""
        if (rivalry * win).max() > 0.5:
            return rivalry * win - self.threshold
        return super().gain(rivalry=rivalry, win=win, second_strike=second_strike, shift=shift)


class Stubborn(Deterrence):
    """Branches in Python, and catches the refusal."""

    def gain(self, *, rivalry, win, second_strike, shift):
        """Return the attacker's net gain of attack."""
        try:
            large = bool((rivalry * win).max() > 0.5)
        except Exception:  # noqa: BLE001 - what this law is about
            large = False
        gain = super().gain(rivalry=rivalry, win=win, second_strike=second_strike, shift=shift)
        return gain - 0.3 if large else gain


class Counting(Deterrence):
    """Looks at single runs."""

    def gain(self, *, rivalry, win, second_strike, shift):
        """Return the attacker's net gain of attack."""
        first = rivalry[..., 0]
        return rivalry * win - second_strike + shift - first[..., None]


class Cumulative(Deterrence):
    """Uses an attribute that only numpy's arrays have."""

    def gain(self, *, rivalry, win, second_strike, shift):
        """Return the attacker's net gain of attack."""
        return (rivalry * win - second_strike + shift).cumsum(axis=0)


class Mistaken(Deterrence):
    """Fails in every case."""

    def gain(self, *, rivalry, **_):
        """Return the attacker's net gain of attack."""
        return np.zeros(5)[7] + rivalry


def with_law(case, law):
    """Return a case with another law of deterrence."""
    return replace(case, rules=replace(case.rules, deterrence=law))
