"""Partial deals: a register of some years has of each deal the deliveries of these years alone.

Two such registers have two parts of one deal, which are put together here: years of delivery and
volumes add up, the number ordered does not.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

YEARS = "delivery_years"
_DELIVERED = ("delivered", "tiv_delivered")  # what belongs to the years of delivery
_ORDERED = ("ordered", "tiv_ordered")
_ENDS = {"first_delivery": 0, "last_delivery": -1}
_MARGIN = 1e-6


def dated(deals: pd.DataFrame) -> pd.Series:
    """Return the years of deals, as many to an index: of delivery, or else of the order."""
    listed = deals[YEARS].str.split(";").explode()
    own = deals["order_year"].reindex(listed.index)
    return listed.where(listed != "", own).astype(int)


def cut(deals: pd.DataFrame, years: pd.Series, some: pd.Series) -> pd.DataFrame:
    """Return deals with some of their years (of `dated`), and their volumes in equal parts."""
    kept, counts = some.groupby(level=0), years.groupby(level=0).size()
    share = kept.size() / counts[kept.size().index]
    part = deals.loc[share.index].copy()
    less = (share < 1) & (part[YEARS] != "")
    for column in (*_DELIVERED, *_ORDERED):
        part[column] = part[column] * share
    part.loc[less, YEARS] = kept.agg(lambda own: ";".join(map(str, own)))[less]
    return _ended(part)


def added(held: pd.DataFrame, part: pd.DataFrame, same: pd.Series) -> pd.DataFrame:
    """Return deals with the parts of some of them, and new ones.

    `same` is the index in `held` of the deal of each row of `part`, missing if there is none. A
    part with which more would have come than was ordered is a deal of its own.
    """
    known = part[same.notna()]
    rows = held.loc[same[known.index].astype(int)].set_axis(known.index)
    come = rows["delivered"].fillna(0) + known["delivered"].fillna(0)
    fits = ~(come > rows["ordered"] * (1 + _MARGIN))
    known, at = known[fits], same[known.index][fits].astype(int)
    held = held.copy()
    for column in _DELIVERED:
        held.loc[at, column] = (
            held.loc[at, column].fillna(0).to_numpy() + known[column].fillna(0).to_numpy()
        )
    pairs = zip(held.loc[at, YEARS], known[YEARS], strict=True)
    held.loc[at, YEARS] = [_together(*each) for each in pairs]
    whole = pd.concat([held, part.drop(known.index)], ignore_index=True)
    return _ended(whole)


def _together(*texts: str) -> str:
    years = {each for text in texts for each in text.split(";") if each}
    return ";".join(sorted(years, key=int))


def _ended(deals: pd.DataFrame) -> pd.DataFrame:
    """Return deals with the first and last of their years of delivery."""
    years = [text.split(";") for text in deals[YEARS]]
    ends = {
        column: [float(each[at]) if each[at] else np.nan for each in years]
        for column, at in _ENDS.items()
    }
    return deals.assign(**ends)
