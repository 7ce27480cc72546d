"""Burdens: contributions and votes that blocs asked of members, and those that they made.

Votes are counted separately. For a bloc both are parts of its concert, the joint action of members.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise, share
from sim.kernel.layout.layout import Layout
from sim.metrics.declaration import Metrics, Smallest, tenth

ASKER, BEARER = Metrics("asker"), Metrics("bearer")
OF_RUNS = ("contributions", "votes")  # computed from the series of a run so far
_MADE = Smallest(0.1, "one more in ten runs")


@dataclass(frozen=True, kw_only=True, eq=False)
class Bearers:
    """Contributions asked of members in a period, one row for each state and asking bloc."""

    contributed: Elementwise
    refused: Elementwise
    voted: Elementwise
    abstained: Elementwise


BEARER.plain(
    "contributed",
    "contributions",
    "Contributions so far by the member to the bloc that asked for them, without votes.",
    summed=True,
    phrase="contributions of {i} to {bloc}",
    smallest=_MADE,
)
BEARER.plain(
    "declined",
    "contributions",
    "Contributions that the member refused so far, without votes.",
    of="refused",
    summed=True,
    phrase="contributions to {bloc} that {i} refused",
    smallest=_MADE,
)
BEARER.plain(
    "voted",
    "votes",
    "Votes so far that the member cast as the bloc asked.",
    summed=True,
    phrase="votes of {i} with {bloc}",
    smallest=_MADE,
)
BEARER.plain(
    "abstained",
    "votes",
    "Votes that the member refused the bloc so far.",
    summed=True,
    phrase="votes that {i} refused {bloc}",
    smallest=_MADE,
)

ASKER.declare(
    "contributions",
    "0 to 1",
    "Share of the contributions asked by the bloc so far, without votes, that members made; 1 if "
    "it asked for none.",
    phrase="share of the contributions asked by {bloc} that members made",
    smallest=tenth("none", "all of them"),
    percent=True,
    side="concert",
)
ASKER.declare(
    "votes",
    "0 to 1",
    "Share of the votes asked by the bloc so far that members cast as asked; 1 if it asked for "
    "none.",
    phrase="share of votes that members gave as {bloc} asked",
    smallest=tenth("none", "all of them"),
    percent=True,
    side="concert",
)


def shares(series: Mapping[str, np.ndarray], layout: Layout) -> dict[str, np.ndarray]:
    """Return the shares of contributions and votes made so far: (periods, askers, runs) each.

    0: none; 1: all, or none were asked. Source: holsti1973.
    """
    sums = {
        name: np.moveaxis(layout.bearers_by_asker.sum(np.moveaxis(series[name], 1, 0)), 0, 1)
        for name in BEARER
    }
    given = {"contributions": ("contributed", "declined"), "votes": ("voted", "abstained")}
    return {
        name: np.asarray(share(sums[yes], sums[yes] + sums[no], nothing=1.0))
        for name, (yes, no) in given.items()
    }
