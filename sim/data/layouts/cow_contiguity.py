"""Correlates of War: direct contiguity, by interval or by year and direction.

The header of the intervals spells low and high with one letter: `statelno`, `statehno`.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from sim.data.cells import Cells
from sim.data.pairs import each_once, of_both
from sim.data.publishers import COW as PUBLISHER
from sim.data.state_codes import COW, ISO3
from sim.data.table_layout import TableLayout
from sim.data.tidy_tables import CONTIGUITY

_MONTH = re.compile(r"([12][0-9]{3})(0[1-9]|1[0-2])\Z")
DAY = re.compile(r"([12][0-9]{3})-[0-9]{2}-[0-9]{2}\Z")


def dated(cells: Cells, name: str, form: re.Pattern[str], example: str) -> np.ndarray:
    """Return the years of a column of dates; a text of another form is a fault."""
    message = f"must be a date such as {example}"
    texts = cells.each(name, lambda text: bool(form.match(text)), message)
    return np.array([int(text[:4]) if form.match(text) else 0 for text in texts])


def _typed(
    cells: Cells, pair: dict[str, list[str]], first: np.ndarray, last: np.ndarray
) -> pd.DataFrame:
    kind = cells.number("conttype", needed=True, low=0, high=5, whole=True)
    frame = pd.DataFrame({**pair, "first": first, "last": last, "type": np.nan_to_num(kind)})
    return of_both(frame[frame["type"] > 0]).astype({"type": int})


def intervals(cells: Cells) -> pd.DataFrame:
    """Return neighbours by interval of months."""
    pair = cells.pair("statelno", "statehno", COW)
    first, last = (dated(cells, name, _MONTH, "199112") for name in ("begin", "end"))
    return _typed(cells, pair, first, last)


def days(cells: Cells) -> pd.DataFrame:
    """Return neighbours by interval of days."""
    pair = cells.pair("iso3_1", "iso3_2", ISO3)
    first, last = (dated(cells, name, DAY, "1991-12-25") for name in ("stdate", "enddate"))
    return _typed(cells, pair, first, last)


def years(cells: Cells) -> pd.DataFrame:
    """Return neighbours by year and direction."""
    pair = cells.pair("state1no", "state2no", COW)
    year = cells.year("year")
    return _typed(cells, pair, year, year)


LAYOUTS = (
    TableLayout(
        name="direct contiguity by interval",
        publisher=PUBLISHER,
        kind=CONTIGUITY,
        needs=("statelno", "statehno", "conttype", "begin", "end"),
        read=intervals,
        finish=each_once,
    ),
    TableLayout(
        name="direct contiguity by year and direction",
        publisher=PUBLISHER,
        kind=CONTIGUITY,
        needs=("state1no", "state2no", "year", "conttype"),
        read=years,
        finish=each_once,
    ),
    TableLayout(
        name="direct contiguity by code",
        publisher=PUBLISHER,
        kind=CONTIGUITY,
        needs=("iso3_1", "iso3_2", "conttype", "stdate", "enddate"),
        read=days,
        finish=each_once,
    ),
)
