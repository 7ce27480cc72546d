"""Flows of arms by supplier, recipient and year, from any table of transfers."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd

from sim.data.split_tables import Scope, party, scope_of
from sim.data.tidy_tables import DEALS, DELIVERIES, FLOWS, Kind

KINDS = (FLOWS, DELIVERIES, DEALS)  # from the most exact to the least
PARTIES = ("supplier", "recipient")
_KEY = [*PARTIES, "year"]
_COLUMNS = [*_KEY, "tiv", "split", "rows", "file", "line"]


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
    spread evenly over their years of delivery. `rows`, `file` and `line` say how many rows make up
    the flow, and where the first is.
    """
    rows = _spread(frame) if kind is DEALS else frame.assign(split=0.0)
    parties = {each: party(rows, each) for each in PARTIES}
    rows = rows.assign(**parties, even=rows["tiv"] * rows["split"])
    groups = rows.groupby(_KEY, sort=True)
    sums = groups.agg(tiv=("tiv", "sum"), even=("even", "sum"), rows=("tiv", "size")).reset_index()
    first = rows.loc[groups["line"].idxmin()]
    part = np.divide(sums["even"], sums["tiv"], out=np.zeros(len(sums)), where=sums["tiv"] > 0)
    files = first["file"].to_numpy() if "file" in first else ""
    return sums.assign(split=part, file=files, line=first["line"].to_numpy())[_COLUMNS]


def flows_of_all(frame: Callable[[Kind], pd.DataFrame]) -> pd.DataFrame:
    """Return the flows of all tables of transfers; `frame` returns the rows of a kind.

    Of what an exact table holds, a less exact one adds nothing; see `split_tables`.
    """
    found: list[pd.DataFrame] = []
    scopes: list[Scope] = []
    for kind in KINDS:
        own = frame(kind)
        if not len(own):
            continue
        rows = flows_in(own, kind)
        for each in scopes:
            rows = rows[~each.holds([rows[name] for name in PARTIES], rows["year"])]
        found.append(rows)
        if kind is not KINDS[-1]:
            scopes += [scope_of(each, PARTIES, each["year"]) for _, each in own.groupby("file")]
    if not found:
        return pd.DataFrame(columns=_COLUMNS)
    return pd.concat(found, ignore_index=True).sort_values(_KEY, ignore_index=True)


class YearlyFlow(NamedTuple):
    """The arms that a supplier delivered to a recipient in a year."""

    supplier: str
    recipient: str
    year: int
    tiv: float  # million
    rows: int  # of the table
    file: str  # of the first of them
    line: int  # in it


def flow_tuples(frame: pd.DataFrame) -> list[YearlyFlow]:
    """Return flows as tuples."""
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
