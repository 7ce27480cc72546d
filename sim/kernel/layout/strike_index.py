"""Index tables of systems and of what they can reach."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.kernel.arrays import Groups
from sim.kernel.layout.bloc_index import BlocIndex


@dataclass(frozen=True, kw_only=True, eq=False)
class StrikeIndex(BlocIndex):
    """Systems by class, the shots of each dyad, and the systems that have the range."""

    class_of: np.ndarray  # (systems,), ascending
    family: np.ndarray  # (systems,), of designs; a system may be one of its own
    strikers: np.ndarray  # systems with a strike role
    expendable: np.ndarray  # systems of which wars fire units away
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
        """Return the lines whose system is one that wars fire away."""
        return np.nonzero(np.isin(self.line_system, self.expendable))[0]

    @cached_property
    def volley_index(self) -> np.ndarray:
        """Return (volleys, 2): a dyad, and a system of its attacker that wars fire away."""
        return np.unique(self._volleys, axis=0)

    @cached_property
    def lines_by_volley(self) -> Groups:
        """Return these lines grouped by the rows of `volley_index`."""
        place = np.unique(self._volleys, axis=0, return_inverse=True)[1]
        return Groups(place.reshape(-1), len(self.volley_index))

    @cached_property
    def _volleys(self) -> np.ndarray:
        shot, system = self.line_shot[self.volley_lines], self.line_system[self.volley_lines]
        return np.stack([self.shot_dyad[shot], system], axis=1)

    @cached_property
    def is_striker(self) -> np.ndarray:
        """Return (systems,): whether a system has a strike role."""
        return np.isin(np.arange(len(self.systems)), self.strikers)

    @cached_property
    def class_ends(self) -> np.ndarray:
        """Return (classes + 1,): where the systems of each class begin and end."""
        return np.searchsorted(self.class_of, np.arange(len(self.classes) + 1))
