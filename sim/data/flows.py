"""Flows of arms by supplier, recipient and year, from any table of transfers."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd

from sim.data.tidy_tables import DEALS, DELIVERIES, FLOWS, Kind

KINDS = (FLOWS, DELIVERIES, DEALS)  # from the most exact to the least
_KEY = ["supplier", "recipient", "year"]


class Transfers(Protocol):
    """A table of transfers: a file's, or rows of several."""

    @property
    def kind(self) -> Kind:
        """Return what the table holds."""

    @property
    def frame(self) -> pd.DataFrame:
        """Return the tidy table."""


def flows_of(reading: Transfers) -> pd.DataFrame:
    """Return the flows of a table as `flows_in` does."""
    return flows_in(reading.frame, reading.kind)


def flows_in(frame: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    """Return the flows of a table of one of KINDS, sorted by supplier, recipient and year.

    Supplier and recipient are codes, or names if they are not states. `tiv` is in million TIV.
    `split` is the part of it that comes from deals whose volume is known only in total, and was
    spread evenly over their years of delivery. `rows` and `line` say how many rows of the file make
    up the flow, and where the first is.
    """
    rows = _spread(frame) if kind is DEALS else frame.assign(split=0.0)
    parties = {
        each: rows[f"{each}_iso3"].where(rows[f"{each}_iso3"] != "", rows[each])
        for each in ("supplier", "recipient")
    }
    rows = rows.assign(**parties, even=rows["tiv"] * rows["split"])
    sums = rows.groupby(_KEY, sort=True, as_index=False).agg(
        tiv=("tiv", "sum"), even=("even", "sum"), rows=("tiv", "size"), line=("line", "min")
    )
    part = np.divide(sums["even"], sums["tiv"], out=np.zeros(len(sums)), where=sums["tiv"] > 0)
    return sums.assign(split=part)[[*_KEY, "tiv", "split", "rows", "line"]]


class YearlyFlow(NamedTuple):
    """The arms that a supplier delivered to a recipient in a year."""

    supplier: str
    recipient: str
    year: int
    tiv: float  # million
    rows: int  # rows of the file
    line: int  # line of the first of them


def yearly_flows(reading: Transfers) -> list[YearlyFlow]:
    """Return the flows of a table as tuples."""
    frame = flows_of(reading)
    columns = (frame[each].tolist() for each in YearlyFlow._fields)
    return [YearlyFlow(*each) for each in zip(*columns, strict=True)]


def _spread(deals: pd.DataFrame) -> pd.DataFrame:
    """Return deals by year of delivery, with their volume in equal parts."""
    came = deals[(deals["delivery_years"] != "") & deals["tiv_delivered"].notna()]
    years = came["delivery_years"].str.split(";")
    count = years.map(len)
    spread = came.assign(
        year=years, tiv=came["tiv_delivered"] / count, split=(count > 1).astype(float)
    ).explode("year", ignore_index=True)
    return spread.assign(year=spread["year"].astype(int))
