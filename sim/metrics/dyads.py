"""Metrics of rival dyads."""

from sim.kernel.arrays import Elementwise, namespace
from sim.kernel.parameters import Coefficient


def parity(exposure: Elementwise, exposure_back: Elementwise) -> Elementwise:
    """Return min(X_ij, X_ji) / max(X_ij, X_ji), 0 to 1.

    0: only one side can reach the other (or neither); 1: both can destroy the same share.
    Source: the range-parity reading of the seed document.
    """
    xp = namespace(exposure)
    larger = xp.maximum(exposure, exposure_back)
    return xp.minimum(exposure, exposure_back) / xp.maximum(larger, 1e-12)


def cost_exchange(
    *,
    price: Elementwise,  # of the attacker's last strike purchase, million USD
    growth: Elementwise,  # of its hits by that purchase, log
    defence_scale: Coefficient,  # TIV
    defence_price: Elementwise,  # million USD a TIV
) -> Elementwise:
    """Return the price of the last strike purchase over that of the defence that undoes it.

    Undoing a log growth g of hits takes defence_scale g TIV of air defence. 0: no purchase;
    below 1: attack is cheaper; above 1: defence is cheaper. Source: nitze1985 (cost-effective at
    the margin).
    """
    undo = defence_scale * growth * defence_price
    return (growth > 0) * price / namespace(price).maximum(undo, 1e-9)
