"""Stocks and sales: rules for arsenals, worth, price, batch, lag and orders under way.

    worth      TIV of one new unit: the median over deals of new units; else that of used ones over
               their condition: 0.40 second hand, 0.66 modernised, as SIPRI values them
    arsenal    sum of n * condition * exp(-t / life) over deliveries t years ago, t up to life:
               new-equivalent units, ageing as in the model
    price      2 M USD of 2016 a TIV, times the worth of a batch in its condition
    satiation  TIV of a class beyond which more adds little: the usual value of the class, or the
               median of what the states of the case hold of it, if that is larger. States that buy
               by the model hold of each class in proportion to its satiation
    batch      units of a usual order (`usual_orders`): its TIV over the worth of a unit in its
               condition, one at least
    lag        usual years from order to last delivery, 0.5 to 10; 2 if no order is known
    left       units of an order not delivered by the year before the start: its deliveries are
               spread in equal parts over the years that the register names

Source: sipri_arms. The price of a TIV is that with which scenarios value imports, assumed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import median

from sim.scenario.schema.entities import USD_PER_TIV

CONDITION = {"new": 1.0, "refurbished": 0.66, "second_hand": 0.40}
SHORTEST, LONGEST = 0.5, 10.0  # lags, years
_USUAL_LAG = 2.0


def condition_of(status: str) -> str:
    """Return the condition (a key of CONDITION) for a status in the register."""
    words = status.casefold()
    if "modern" in words:
        return "refurbished"
    return "second_hand" if "second" in words else "new"


def worth(units: Iterable[tuple[float, str]]) -> float:
    """Return the TIV of one new unit from (TIV, condition) of the units in deals; 0 if unknown."""
    known = [(tiv, condition) for tiv, condition in units if tiv > 0]
    new = [tiv for tiv, condition in known if condition == "new"]
    used = [tiv / CONDITION[condition] for tiv, condition in known]
    return float(median(new or used)) if known else 0.0


def arsenal(deliveries: Iterable[tuple[float, str, int]], life: float) -> float:
    """Return new-equivalent units from (number, condition, age in years) of deliveries."""
    return sum(
        number * CONDITION[condition] * math.exp(-age / life)
        for number, condition, age in deliveries
        if 0 <= age <= life
    )


def price(worth_of_unit: float, batch: float, condition: str) -> float:
    """Return the price of a batch, M USD of 2016."""
    return USD_PER_TIV * worth_of_unit * batch * CONDITION[condition]


def satiation(usual: float, held: Sequence[float]) -> float:
    """Return the satiation of a class from what states hold of it, those that hold any; TIV."""
    return max(usual, float(median(held))) if held else usual


def batch(size: float, worth_of_unit: float, condition: str) -> float:
    """Return the units of an order of a size in TIV."""
    return float(max(round(size / (worth_of_unit * CONDITION[condition])), 1))


def lag(years: float | None) -> float:
    """Return the years from order to last delivery, to half a year."""
    known = _USUAL_LAG if years is None else years
    return min(max(round(2 * known) / 2, SHORTEST), LONGEST)


def left(ordered: float, delivered: float, years: Sequence[int], until: int) -> float:
    """Return the units of an order that were not delivered by the end of the year `until`."""
    came = delivered * sum(each <= until for each in years) / len(years) if years else 0.0
    return max(ordered - came, 0.0)
