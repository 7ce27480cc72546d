"""Appeal: which attacked member appeals to its bloc, and how the bloc's answer is counted.

    urgency_i = attacked_i (1 + T_ij),   the most urgent member of a bloc appeals
    answer_b  = w came_l + (1 - w) mean_b,   mean_b where the leader is a party, or has left
    mean_b    = sum_k S_k came_k / sum_k S_k   over the members asked;
                0 where none of them has any strength, or none is asked

At most one member of a bloc appeals in a period. With w = 1 the leader speaks for the bloc, as in
an alliance that one power dominates; with w = 0 every member counts by its strength.

Sources: snyder1984 (a client learns from the answer of its patron); that one member
appeals a period, and the weight of the leader, are assumed.
"""

from dataclasses import dataclass

from sim.kernel.arrays import Elementwise
from sim.kernel.parameters import Coefficient, parameter


@dataclass(frozen=True, kw_only=True, eq=False)
class LeaderSpeaks:
    """The attacked member under most threat appeals; the leader answers for the bloc."""

    leader_voice: Coefficient = parameter(
        1.0,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumed",
        doc="Weight of the leader's answer against the mean of all asked, by strength, w.",
    )

    def urgency(self, *, attacked: Elementwise, threat: Elementwise) -> Elementwise:
        """Return the urgency of a state's appeal, 0 upwards; 0 for one that does not appeal."""
        return attacked * (1 + threat)

    def answer(
        self,
        *,
        leader: Elementwise,  # how far the leader came, 0 to 1
        mean: Elementwise,  # how far those asked came, by strength, 0 to 1
        party: Elementwise,  # 1 where the leader is attacked or attacks, or has left
    ) -> Elementwise:
        """Return the bloc's answer, 0 to 1."""
        voice = self.leader_voice * (1 - party)
        return voice * leader + (1 - voice) * mean
