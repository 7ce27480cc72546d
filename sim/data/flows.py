"""Flows of arms by supplier, recipient and year, from whatever table of transfers there is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.data.table_reader import Reading
from sim.data.tidy_tables import DEALS, DELIVERIES, FLOWS

KINDS = (FLOWS, DELIVERIES, DEALS)  # from the most exact to the least
_KEY = ["supplier", "supplier_iso3", "recipient", "recipient_iso3", "year"]


def flows_of(reading: Reading) -> pd.DataFrame:
    """Return supplier, recipient, their codes, year, tiv and `split`, sorted.

    `split` is the part of the volume that a register without yearly volumes has only for a deal as
    a whole: it is spread evenly over the years of its delivery.
    """
    frame = reading.frame
    rows = _spread(frame) if reading.kind is DEALS else frame.assign(split=0.0)
    rows = rows.assign(even=rows["tiv"] * rows["split"])
    sums = rows.groupby(_KEY, sort=True, as_index=False)[["tiv", "even"]].sum()
    part = np.divide(sums["even"], sums["tiv"], out=np.zeros(len(sums)), where=sums["tiv"] > 0)
    return sums.assign(split=part)[[*_KEY, "tiv", "split"]]


def _spread(deals: pd.DataFrame) -> pd.DataFrame:
    """Return deals by year of delivery, their volume in equal parts."""
    came = deals[(deals["delivery_years"] != "") & deals["tiv_delivered"].notna()]
    years = came["delivery_years"].str.split(";")
    count = years.map(len)
    spread = came.assign(
        year=years, tiv=came["tiv_delivered"] / count, split=(count > 1).astype(float)
    ).explode("year", ignore_index=True)
    return spread.assign(year=spread["year"].astype(int))
