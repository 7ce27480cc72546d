"""Metrics of rival dyads, and of ties between any two states."""

from dataclasses import dataclass
from math import inf

import numpy as np

from sim.kernel.arrays import Elementwise, Pairwise
from sim.kernel.parameters import Coefficient
from sim.metrics.declaration import Metrics

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
    wars: Pairwise  # in the period
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
)
DYAD.plain("second_strike", "share of asset value", "The same after j struck first.", high=1.0)


@DYAD.metric(
    "share of the prize", "Minus j's net gain of attacking i: positive where i deters j.", low=-inf
)
def deterrence_margin(at: RivalDyads) -> Pairwise:
    """Return what j would lose by attacking i."""
    return -at.gain_back


DYAD.plain("win", "0 to 1", "Chance that i prevails over j.")
DYAD.plain("threat", "0 to 1", "Threat that i perceives from j.")
DYAD.plain("rivalry", "0 to 1", "Dispute that i has with j.")


@DYAD.metric("0 to 1", "Smaller over larger of the exposures both ways.")
def parity(at: RivalDyads) -> Pairwise:
    """Return min(X_ij, X_ji) / max(X_ij, X_ji).

    0: only one side can reach the other (or neither); 1: both can destroy the same share.
    Source: the range-parity reading of the seed document.
    """
    larger = np.maximum(at.exposure, at.exposure_back)
    return np.minimum(at.exposure, at.exposure_back) / np.maximum(larger, 1e-12)


DYAD.plain("war_rate", "1/year", "Wars a year to be expected between the two.")
DYAD.plain("wars", "wars", "Wars so far between the two.", summed=True)


@DYAD.metric(
    "1", "Price of i's last strike purchase over the price of the defence by j that undoes it."
)
def cost_exchange(at: RivalDyads) -> Pairwise:
    """Return the price of the last strike purchase over that of the defence that undoes it.

    Undoing a log growth g of hits takes defence_scale g TIV of air defence. 0: no purchase;
    below 1: attack is cheaper; above 1: defence is cheaper. Source: nitze1985 (cost-effective at
    the margin).
    """
    grew = at.strike_growth > 0
    undo = at.defence_scale * np.where(grew, at.strike_growth, 1.0) * at.defence_price
    return grew * at.strike_price / np.maximum(undo, 1e-9)


TIE.plain("affinity", "-1 to 1", "How i regards j.")
