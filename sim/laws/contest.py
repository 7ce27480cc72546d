"""Contest: the chance to prevail, from the strengths of the two sides.

Ratio:       win_ij = S_i / (S_i + S_j + support_ji)
Difference:  win_ij = logistic(sharpness (S_i - S_j - support_ji) / (S_i + S_j + support_ji))

Both give one half at parity without support, also to two sides without any strength. The difference
form is scaled by the sum of the strengths, so that it does not depend on the unit of strength.

Sources: skaperdas1996 (the two axiomatic families of contest success functions), hirshleifer1989
(ratio against difference). Scaling by the sum gives up the invariance of the difference form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from sim.kernel.arrays import Elementwise, logistic, share
from sim.kernel.parameters import Coefficient, parameter


class ContestLaw(Protocol):
    """The methods of every variant of the contest."""

    def win(self, *, strength: Elementwise, opposed: Elementwise) -> Elementwise:
        """Return the probability, 0 to 1, that i defeats j."""


@dataclass(frozen=True, kw_only=True, eq=False)
class RatioContest:
    """The probability of winning is one's share of all strength engaged."""

    def win(
        self,
        *,
        strength: Elementwise,  # S_i, TIV
        opposed: Elementwise,  # S_j + support_ji, TIV
    ) -> Elementwise:
        """Return the probability, 0 to 1, that i defeats j."""
        return share(strength, strength + opposed, nothing=0.5)


@dataclass(frozen=True, kw_only=True, eq=False)
class DifferenceContest:
    """The probability of winning follows the difference of the strengths engaged."""

    sharpness: Coefficient = parameter(
        4.0,
        unit="1",
        low=1.0,
        high=12.0,
        source="assumed",
        doc="Slope of the probability in the relative difference; 2 is that of the ratio.",
    )

    def win(
        self,
        *,
        strength: Elementwise,  # S_i, TIV
        opposed: Elementwise,  # S_j + support_ji, TIV
    ) -> Elementwise:
        """Return the probability, 0 to 1, that i defeats j."""
        tilt = share(self.sharpness * (strength - opposed), strength + opposed, nothing=0.0)
        return logistic(tilt)


VARIANTS: Mapping[str, type[ContestLaw]] = {
    "ratio": RatioContest,
    "difference": DifferenceContest,
}
