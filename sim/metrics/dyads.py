"""Metrics of rival dyads, and of ties between any two states."""

from dataclasses import dataclass
from math import inf

import numpy as np

from sim.kernel.arrays import Elementwise, Pairwise, share
from sim.kernel.parameters import Coefficient
from sim.metrics.declaration import Metrics, Smallest, tenth

DYAD, TIE = Metrics("dyad"), Metrics("tie")


@dataclass(frozen=True, kw_only=True, eq=False)
class RivalDyads:
    """Data on rival dyads at the end of a period: i towards j."""

    exposure: Pairwise
    exposure_back: Pairwise  # of i to j
    second_strike: Pairwise
    gain_back: Pairwise  # j's net gain of attacking i
    win: Pairwise
    threat: Pairwise
    rivalry: Pairwise
    war_rate: Pairwise  # a year
    wars: Pairwise  # that begin in the period
    at_war: Pairwise  # 1 during a war
    victories: Pairwise  # of i, of wars that end in the period
    strike_price: Pairwise  # of i's last strike purchase, million USD
    strike_growth: Pairwise  # of its hits by that purchase, log
    defence_scale: Coefficient  # TIV
    defence_price: Elementwise  # million USD a TIV


@dataclass(frozen=True, kw_only=True, eq=False)
class Ties:
    """Data on the dyads whose affinity is recorded."""

    affinity: Elementwise


DYAD.plain(
    "exposure",
    "share of asset value",
    "Share of j's asset value that i could destroy in a first strike.",
    high=1.0,
    phrase="share of {j}'s assets that {i} could destroy",
    smallest=tenth("nothing within reach", "everything within reach"),
    percent=True,
)
DYAD.plain(
    "second_strike",
    "share of asset value",
    "Share of j's asset value that i could destroy after a first strike by j.",
    high=1.0,
    phrase="share of {j}'s assets that {i} could destroy if struck first",
    smallest=tenth("nothing left to strike with", "everything within reach"),
    percent=True,
)


@DYAD.metric(
    "share of the prize",
    "Minus j's net gain of attacking i: positive where i deters j.",
    low=-inf,
    phrase="net loss of {j} from attacking {i}, relative to the prize",
    smallest=tenth("nothing to lose", "as much as the prize"),
    percent=True,
)
def deterrence_margin(at: RivalDyads) -> Pairwise:
    """Return j's net loss from attacking i."""
    return -at.gain_back


DYAD.plain(
    "win",
    "0 to 1",
    "Probability that i defeats j in a war.",
    phrase="probability that {i} defeats {j}",
    smallest=tenth("certain defeat", "certainty"),
    percent=True,
)
DYAD.plain(
    "threat",
    "0 to 1",
    "Threat that i perceives from j.",
    phrase="threat that {i} sees in {j}",
    smallest=tenth("none", "a certain one"),
)
DYAD.plain(
    "rivalry",
    "0 to 1",
    "Intensity of i's dispute with j.",
    phrase="{i}'s dispute with {j}",
    smallest=tenth("none", "the most intense"),
)


@DYAD.metric(
    "0 to 1",
    "Smaller over larger of the exposures both ways; 0 if neither can strike.",
    phrase="balance between {i} and {j} in strike capability",
    smallest=tenth("only one side can strike", "both equally"),
)
def parity(at: RivalDyads) -> Pairwise:
    """Return min(X_ij, X_ji) / max(X_ij, X_ji).

    0: only one side can reach the other (or neither); 1: both can destroy the same share.
    Source: the range-parity reading of the seed document.
    """
    larger = np.maximum(at.exposure, at.exposure_back)
    return np.minimum(at.exposure, at.exposure_back) / np.maximum(larger, 1e-12)


DYAD.plain(
    "war_rate",
    "1/year",
    "Expected number of wars a year between the two.",
    phrase="expected wars between {i} and {j}",
    smallest=Smallest(0.01, "one more war in a hundred years"),
)
DYAD.plain(
    "wars",
    "wars",
    "Wars so far between the two.",
    summed=True,
    phrase="wars between {i} and {j}",
    smallest=Smallest(0.1, "one more war in ten runs"),
)
DYAD.plain(
    "at_war",
    "0 or 1",
    "Whether the two are at war in the period.",
    phrase="probability that {i} and {j} are at war",
)
DYAD.plain(
    "victories",
    "wars",
    "Wars so far that i won against j, counted when they end.",
    summed=True,
    phrase="wars that {i} wins against {j}",
    smallest=Smallest(0.1, "one more victory in ten runs"),
)


@DYAD.metric(
    "0 to 1",
    "Price of i's last strike purchase over the sum of that price and the price of the defence by "
    "j that offsets it; one half without a purchase.",
    phrase="share of {i}'s strike in the price of strike and {j}'s defence",
    smallest=tenth("a strike for nothing", "a defence for nothing"),
)
def cost_exchange(at: RivalDyads) -> Pairwise:
    """Return the share x / (x + y) of the last strike purchase x; y is the defence that offsets it.

    Offsetting a log growth g of hits takes defence_scale g TIV of air defence. 0: attack is free;
    below one half: attack is cheaper; above: defence is; one half: neither, or no purchase. A few
    runs with a small growth of hits would dominate the mean of the ratio x / y, but not that of the
    share. Source: nitze1985 (cost-effective at the margin).
    """
    grew = at.strike_growth > 0
    undo = at.defence_scale * np.where(grew, at.strike_growth, 1.0) * at.defence_price
    return np.where(grew, share(at.strike_price, at.strike_price + undo, nothing=0.5), 0.5)


TIE.plain(
    "affinity",
    "-1 to 1",
    "Regard of i for j.",
    phrase="how {i} regards {j}",
    smallest=tenth("indifference", "full regard"),
)
