"""Maddison Project: GDP per head and population, with one row per state and year.

The edition of 2018 has two series: `cgdppc`, which compares levels, is read, `rgdpnapc`, which
compares growth, is not. Population in thousands becomes persons.
"""

from __future__ import annotations

import pandas as pd

from sim.data.cells import Cells
from sim.data.publishers import MADDISON
from sim.data.state_codes import ISO3
from sim.data.table_layout import TableLayout
from sim.data.tidy_tables import PRODUCTS

BASE = 2011  # year of the prices of the editions of 2018 and later
_THOUSAND = 1000


def read(cells: Cells) -> pd.DataFrame:
    """Return GDP per head and population."""
    frame = pd.DataFrame(
        {
            "iso3": cells.state("countrycode", ISO3),
            "year": cells.year("year"),
            "gdp_pc": cells.number("gdppc|cgdppc", low=0.0),
            "base": BASE,
            "population": _THOUSAND * cells.number("pop", low=0.0),
        }
    )
    return frame.dropna(subset=["gdp_pc", "population"], how="all")


LAYOUTS = (
    TableLayout(
        name="GDP per head, one row per state and year",
        publisher=MADDISON,
        kind=PRODUCTS,
        needs=("countrycode", "country", "year", "gdppc|cgdppc", "pop"),
        read=read,
    ),
)
