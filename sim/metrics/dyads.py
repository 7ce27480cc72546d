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
    """What is known of rival dyads at the end of a period: i towards j."""

    exposure: Pairwise
    exposure_back: Pairwise  # of i to j
    second_strike: Pairwise
    gain_back: Pairwise  # j's net gain of attacking i
    win: Pairwise
    threat: Pairwise
    rivalry: Pairwise
    war_rate: Pairwise  # a year
    wars: Pairwise  # that begin in the period
    at_war: Pairwise  # 1 while a war goes on
    victories: Pairwise  # of i, of wars that end in the period
    strike_price: Pairwise  # of i's last strike purchase, million USD
    strike_growth: Pairwise  # of its hits by that purchase, log
    defence_scale: Coefficient  # TIV
    defence_price: Elementwise  # million USD a TIV


@dataclass(frozen=True, kw_only=True, eq=False)
class Ties:
    """What is known of the dyads whose affinity is recorded."""

    affinity: Elementwise


DYAD.plain(
    "exposure",
    "share of asset value",
    "Share of j's asset value that i could destroy, striking first.",
    high=1.0,
    phrase="what {i} could destroy of {j}'s assets",
    smallest=tenth("nothing within reach", "everything within reach"),
    percent=True,
)
DYAD.plain(
    "second_strike",
    "share of asset value",
    "The same after j struck first.",
    high=1.0,
    phrase="what {i} could destroy of {j}'s assets if struck first",
    smallest=tenth("nothing left to strike with", "everything within reach"),
    percent=True,
)


@DYAD.metric(
    "share of the prize",
    "Minus j's net gain of attacking i: positive where i deters j.",
    low=-inf,
    phrase="what {j} would lose by attacking {i}, of the prize",
    smallest=tenth("nothing to lose", "as much as the prize"),
    percent=True,
)
def deterrence_margin(at: RivalDyads) -> Pairwise:
    """Return what j would lose by attacking i."""
    return -at.gain_back


DYAD.plain(
    "win",
    "0 to 1",
    "Chance that i prevails over j.",
    phrase="chance that {i} prevails over {j}",
    smallest=tenth("no chance", "certainty"),
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
    "Dispute that i has with j.",
    phrase="dispute that {i} has with {j}",
    smallest=tenth("none", "the sharpest"),
)


@DYAD.metric(
    "0 to 1",
    "Smaller over larger of the exposures both ways; 0 where neither can strike.",
    phrase="how even {i} and {j} are in what they could destroy",
    smallest=tenth("one side alone that can strike", "both alike"),
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
    "Wars a year to be expected between the two.",
    phrase="wars to expect between {i} and {j}",
    smallest=Smallest(0.01, "a war more in a hundred years"),
)
DYAD.plain(
    "wars",
    "wars",
    "Wars so far between the two.",
    summed=True,
    phrase="wars between {i} and {j}",
    smallest=Smallest(0.1, "a war more in ten runs"),
)
DYAD.plain(
    "at_war",
    "0 or 1",
    "Whether the two are at war in the period.",
    phrase="chance that {i} and {j} are at war",
)
DYAD.plain(
    "victories",
    "wars",
    "Wars so far that i won against j, counted as they end.",
    summed=True,
    phrase="wars that {i} wins against {j}",
    smallest=Smallest(0.1, "a victory more in ten runs"),
)


@DYAD.metric(
    "0 to 1",
    "Price of i's last strike purchase over that price and the price of the defence by j that "
    "undoes it; one half without a purchase.",
    phrase="price of {i}'s strike over that of strike and {j}'s defence",
    smallest=tenth("a strike for nothing", "a defence for nothing"),
)
def cost_exchange(at: RivalDyads) -> Pairwise:
    """Return the share x / (x + y) of the last strike purchase x; y is the defence that undoes it.

    Undoing a log growth g of hits takes defence_scale g TIV of air defence. 0: attack costs
    nothing; below one half: attack is cheaper; above: defence is; one half: neither, or no
    purchase. Of the ratio x / y few runs with a small growth of hits make the mean; the share of a
    run cannot. Source: nitze1985 (cost-effective at the margin).
    """
    grew = at.strike_growth > 0
    undo = at.defence_scale * np.where(grew, at.strike_growth, 1.0) * at.defence_price
    return np.where(grew, share(at.strike_price, at.strike_price + undo, nothing=0.5), 0.5)


TIE.plain(
    "affinity",
    "-1 to 1",
    "How i regards j.",
    phrase="how {i} regards {j}",
    smallest=tenth("indifference", "full regard"),
)
