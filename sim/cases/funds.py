"""Funds: what states have set aside for orders under way.

    fund  B / 2 + max over t of (owed by t - B t): half a year's import budget B, as a state has of
          which a scenario says nothing, and what falls due on its orders t years after the start
          beyond its income until then

States order what they can pay: an order whose price is years of imports, as that of Israel for its
first F-35 in 2010, was made with money from elsewhere, here from aid. Without that money the buyer
would fall into arrears as the goods come, and seek loans. What is owed is the price without the
deposit, by the law of contract. When the rest of an order comes: `open_orders`.

B is that of the share of imports which the file names, and the fund is one number: a run that draws
another share (`uncertain`) has the same fund. With 0.6 of the share the fund lacks 0.4 B t by the
date t of the shortage, and with 1.6 of it the state has 0.6 B t more than it needs.

Source: sipri_arms (orders under way); their prices are assumed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sim.laws.contract import Contract

HALF = 0.5  # years of its import budget that a state has set aside anyway


class Payment(NamedTuple):
    """What a state has to pay when the goods of an order come."""

    years: float  # from the start
    price: float  # of the order, M USD of 2016


def shortage(payments: Iterable[Payment], budget: float) -> float:
    """Return the most by which what is due exceeds the income until then, M USD of 2016."""
    most = owed = 0.0
    for each in sorted(payments):
        owed += (1 - Contract().deposit) * each.price
        most = max(most, owed - budget * each.years)
    return most


def fund(payments: Iterable[Payment], budget: float) -> float:
    """Return the money that a state has set aside at the start, M USD of 2016."""
    return HALF * budget + shortage(payments, budget)
