"""Economies: rules for GDP, growth, burden and the share of spending that buys arms abroad.

    gdp           GDP in USD of its year at the exchange rate, in M USD of 2016 (`dollars`)
                  from dollars of equal purchasing power: times the price level (y / y_US)^0.4
    growth        g = exp(b) - 1 a year, where b is the slope of log real GDP by least squares over
                  the five years before; within -2 % and 8 %, as growth beyond does not last
    burden        military spending over GDP, both of one year
    import_share  cost of a year's arms imports over a year's military spending:
                  m = 2.0 M USD a TIV * mean TIV a year of five years / (burden * gdp)

All figures are of the year before the start, as the user's edition has them. m is 0.3 at most and
uncertain from 0.6 to 1.6 times its value, as in the shipped catalogues (docs/decisions, no. 52). A
large state that buys little from the others of a case has a very small m. The price of
a TIV is the one that filled offers ask: at half of it, states could buy half of what they did. In
the catalogues offers have prices of their own, and buyers pay 0.6 to 1.4 M USD.

Sources: worldbank_wdi, bls_cpi (money), sipri_milex (burdens), sipri_arms (imports); balassa1964
(prices rise with income), whose exponent, and the price of a TIV, are assumed: of 190 states in
2016 with both figures the rule gives 0.92 times the GDP of worldbank_wdi from that of fariss2022 in
the median, and 0.53 to 1.62 times for eight of ten; pritchett2014
(growth far from the mean of all states regresses to it). The limits of growth are assumed: 90 % of
752 rates of fariss2022, each of five years from 1955 to 2010, lie between -1.2 and 9.1 %, and the
correlation of a rate with that of the next five years is 0.26.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import linear_regression

from sim.cases.dollars import deflator
from sim.scenario.schema.entities import USD_PER_TIV

PENN = 0.4  # elasticity of the price level in income a head
GROWN = 5  # years over which growth is measured
_FEWEST = 3  # years from the first figure to the last, at least
SLOWEST, FASTEST = -0.02, 0.08  # growth a year that may last
MOST = 0.3  # share of imports
SPREAD = (0.6, 1.6)  # ends of a share of imports, times its value


def gdp_at_prices(ppp: float, base: int, income: float, richest: float) -> float:
    """Return a GDP in M USD of 2016 from one in M international dollars of a base year.

    `income` is GDP per head, and `richest` that of the United States, in the same dollars.
    """
    level = min((income / richest) ** PENN, 1.0) if richest > 0 else 1.0
    return ppp * level * deflator(base)


def growth(levels: Mapping[int, float], year: int) -> float | None:
    """Return the yearly growth of real GDP over the GROWN years to the end of a year; or None."""
    years = [each for each in levels if year - GROWN <= each <= year and levels[each] > 0]
    if not years or max(years) - min(years) < _FEWEST:
        return None
    slope = linear_regression(years, [math.log(levels[each]) for each in years]).slope
    return math.expm1(slope)


def lasting(pace: float) -> float:
    """Return a rate of growth within the limits of what lasts."""
    return min(max(pace, SLOWEST), FASTEST)


def mean_growth(rates: Mapping[int, float], year: int) -> float | None:
    """Return the same from growth by year in per cent, of the years after the last gap."""
    known = {each: rate for each, rate in rates.items() if year - GROWN < each <= year}
    levels, level = {}, 1.0
    for each in sorted(known):
        if each - 1 not in levels:
            levels, level = {each - 1: 1.0}, 1.0
        level *= 1 + known[each] / 100
        levels[each] = level
    return growth(levels, year)


def burden(spending: float, gdp: float) -> float:
    """Return military spending as a share of GDP, both in the same money of one year."""
    return spending / gdp


def import_share(tiv: float, spending: float) -> float:
    """Return the share of military spending (M USD of 2016 a year) that buys imports (TIV)."""
    cost = USD_PER_TIV * tiv
    return min(cost / spending, MOST)


def uncertain_share(value: float) -> tuple[float, float]:
    """Return the ends between which a share of imports lies."""
    return SPREAD[0] * value, SPREAD[1] * value
