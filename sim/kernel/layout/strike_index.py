"""Index tables of systems and of the assets within their range.

A shot is an attacker and an asset of a rival. A line is a shot and a system that has the range.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.kernel.arrays import Groups
from sim.kernel.layout.bloc_index import BlocIndex, distinct


@dataclass(frozen=True, kw_only=True, eq=False)
class StrikeIndex(BlocIndex):
    """Systems by class, the shots of each dyad, and the systems that have the range."""

    class_of: np.ndarray  # (systems,), ascending
    family: np.ndarray  # (systems,) family of designs; a system may be a family by itself
    strikers: np.ndarray  # systems with a strike role
    expendable: np.ndarray  # systems of which wars expend units
    shields: np.ndarray  # classes of air defence
    shot_dyad: np.ndarray  # (shots,): attacker and owner of the asset, as a dyad
    shot_asset: np.ndarray  # (shots,)
    line_shot: np.ndarray  # (lines,): a shot and a system of its attacker that has the range
    line_system: np.ndarray  # (lines,)

    @cached_property
    def shots_by_dyad(self) -> Groups:
        """Return the shots grouped by dyad."""
        return Groups(self.shot_dyad, self.dyad_from.size)

    @cached_property
    def lines_by_shot(self) -> Groups:
        """Return the lines grouped by shot."""
        return Groups(self.line_shot, self.shot_dyad.size)

    @cached_property
    def volley_lines(self) -> np.ndarray:
        """Return the lines whose system is one that wars expend."""
        return np.nonzero(np.isin(self.line_system, self.expendable))[0]

    @cached_property
    def _volleys(self) -> tuple[np.ndarray, Groups]:
        shot, system = self.line_shot[self.volley_lines], self.line_system[self.volley_lines]
        return distinct(np.stack([self.shot_dyad[shot], system], axis=1))

    @property
    def volley_index(self) -> np.ndarray:
        """Return (volleys, 2): a dyad, and a system of its attacker that wars expend."""
        return self._volleys[0]

    @property
    def lines_by_volley(self) -> Groups:
        """Return the `volley_lines` grouped by the rows of `volley_index`."""
        return self._volleys[1]

    @cached_property
    def _fired(self) -> tuple[np.ndarray, Groups]:
        dyad, system = self.volley_index.T
        return distinct(np.stack([self.dyad_from[dyad], system], axis=1))

    @property
    def fired_index(self) -> np.ndarray:
        """Return (holdings, 2): a state, and a system of it that wars expend."""
        return self._fired[0]

    @property
    def volleys_by_holding(self) -> Groups:
        """Return the volleys grouped by row of `fired_index`."""
        return self._fired[1]

    @cached_property
    def is_striker(self) -> np.ndarray:
        """Return (systems,): whether a system has a strike role."""
        return np.isin(np.arange(len(self.systems)), self.strikers)

    @cached_property
    def class_ends(self) -> np.ndarray:
        """Return (classes + 1,): where the systems of each class begin and end."""
        return np.searchsorted(self.class_of, np.arange(len(self.classes) + 1))
