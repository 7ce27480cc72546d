"""Burdens: what blocs asked of members, and what of it they bore, as far as the scenario asks.

A vote is counted by itself. Of a bloc both are parts of its concert, what members do together.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Elementwise, share
from sim.kernel.layout.layout import Layout
from sim.metrics.declaration import Metrics, Smallest, tenth

ASKER, BEARER = Metrics("asker"), Metrics("bearer")
OF_RUNS = ("contributions", "votes")  # made of the series of a run so far
_MADE = Smallest(0.1, "one more in ten runs")


@dataclass(frozen=True, kw_only=True, eq=False)
class Bearers:
    """What members were asked for in a period, one row a state and bloc that may ask it."""

    contributed: Elementwise
    refused: Elementwise
    voted: Elementwise
    abstained: Elementwise


BEARER.plain(
    "contributed",
    "contributions",
    "Contributions so far of the member to the bloc that asked for them, votes apart.",
    summed=True,
    phrase="contributions of {i} to {bloc}",
    smallest=_MADE,
)
BEARER.plain(
    "declined",
    "contributions",
    "Contributions that the member refused so far, votes apart.",
    of="refused",
    summed=True,
    phrase="contributions to {bloc} that {i} refused",
    smallest=_MADE,
)
BEARER.plain(
    "voted",
    "votes",
    "Votes so far of the member for what the bloc asked.",
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
    "Share of the contributions that a bloc asked of its members so far, votes apart, that they "
    "made; 1 where it asked for none.",
    phrase="share of what {bloc} asked of members that they contributed",
    smallest=tenth("none", "all of them"),
    percent=True,
    side="concert",
)
ASKER.declare(
    "votes",
    "0 to 1",
    "Share of the votes that a bloc asked of its members so far that they gave; 1 where it asked "
    "for none.",
    phrase="share of votes that members gave as {bloc} asked",
    smallest=tenth("none", "all of them"),
    percent=True,
    side="concert",
)


def shares(series: Mapping[str, np.ndarray], layout: Layout) -> dict[str, np.ndarray]:
    """Return the shares so far of what was asked that was given: (periods, askers, runs) each.

    0: none; 1: all, also where nothing was asked. Source: holsti1973.
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
