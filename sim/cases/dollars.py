"""Dollars of one year in those of another: the consumer prices of the United States.

    M USD of 2016 = M USD of year y * CPI(2016) / CPI(y)

Arms are priced in dollars, so a GDP counts as the dollars that it is worth, at the exchange rate of
its year; what a dollar buys changes as it does in the United States. Source: bls_cpi (all urban
consumers, mean of the year, 1982-84 = 100).
"""

from __future__ import annotations

BASE = 2016  # of all money in a scenario
MILLION = 1e6
_FROM = 1947
CONSUMER_PRICES = dict(
    enumerate(
        (
            22.3, 24.1, 23.8, 24.1, 26.0, 26.5, 26.7, 26.9, 26.8, 27.2, 28.1, 28.9, 29.1, 29.6,
            29.9, 30.2, 30.6, 31.0, 31.5, 32.4, 33.4, 34.8, 36.7, 38.8, 40.5, 41.8, 44.4, 49.3,
            53.8, 56.9, 60.6, 65.2, 72.6, 82.4, 90.9, 96.5, 99.6, 103.9, 107.6, 109.6, 113.6,
            118.3, 124.0, 130.7, 136.2, 140.3, 144.5, 148.2, 152.4, 156.9, 160.5, 163.0, 166.6,
            172.2, 177.1, 179.9, 184.0, 188.9, 195.3, 201.6, 207.342, 215.303, 214.537, 218.056,
            224.939, 229.594, 232.957, 236.736, 237.017, 240.007, 245.120, 251.107, 255.657,
            258.811, 270.970, 292.655, 304.702, 313.689,
        ),
        start=_FROM,
    )
)  # fmt: skip
LAST = max(CONSUMER_PRICES)


def deflator(year: int) -> float:
    """Return the dollars of 2016 that a dollar of a year is worth.

    Years before or after the table count as its first or last.
    """
    return CONSUMER_PRICES[BASE] / CONSUMER_PRICES[min(max(year, _FROM), LAST)]


def in_2016(usd: float, year: int) -> float:
    """Return US dollars of a year as millions of 2016."""
    return usd / MILLION * deflator(year)
