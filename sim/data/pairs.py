"""Pairs of states, each in alphabetical order, and spells of years."""

from __future__ import annotations

import numpy as np
import pandas as pd

PAIR = ("iso3_1", "iso3_2")


def each_once(frame: pd.DataFrame) -> pd.DataFrame:
    """Return distinct rows with the two codes in alphabetical order; equal codes are left out."""
    one, other = (frame[each].to_numpy(dtype=object) for each in PAIR)
    turned = one > other
    sorted_ = frame.assign(iso3_1=np.where(turned, other, one), iso3_2=np.where(turned, one, other))
    return sorted_[sorted_["iso3_1"] != sorted_["iso3_2"]].drop_duplicates(ignore_index=True)


def of_both(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in which both codes are known."""
    return frame[(frame["iso3_1"] != "") & (frame["iso3_2"] != "")].reset_index(drop=True)


def by_year(frame: pd.DataFrame, first: str = "first", last: str = "last") -> pd.DataFrame:
    """Return spells as one row for each year, in a column `year`."""
    years = pd.Series(
        [range(int(a), int(b) + 1) for a, b in zip(frame[first], frame[last], strict=True)]
    )
    spread = (
        frame.assign(year=years.set_axis(frame.index))
        .explode("year", ignore_index=True)
        .dropna(subset=["year"])
    )
    return spread.assign(year=spread["year"].astype(np.int64))
