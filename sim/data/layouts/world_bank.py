"""World Development Indicators: by indicator, as one file, from DataBank, or from the API.

Regions and groups, whose codes are not those of a state, are left out.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from sim.data.cells import Cells
from sim.data.layouts.sipri_volumes import melted
from sim.data.publishers import WORLD_BANK
from sim.data.state_codes import ISO3
from sim.data.table_layout import TableLayout, unusable
from sim.data.tidy_tables import INDICATORS

_STATE = re.compile(r"[A-Z0-9]{3}\Z")
_CODE = "indicator code|series code"
_FOOTER = ("data from database", "last updated")
_EXTRACT = {  # columns of a table by state and year -> indicator
    "gdp_current_usd": "NY.GDP.MKTP.CD",
    "population": "SP.POP.TOTL",
    "fariss_rgdp_m2017ppp": "fariss_rgdp_m2017ppp",
    "fariss_rgdp_sd": "fariss_rgdp_sd",
    "fariss_gdppc_2011ppp": "fariss_gdppc_2011ppp",
    "fariss_gdppc_sd": "fariss_gdppc_sd",
    "fariss_pop_m": "fariss_pop_m",
}


def wide(cells: Cells) -> pd.DataFrame:
    """Return the figures in a table with one column per year."""
    cells.each("country code", lambda text: bool(_STATE.match(text)), "must be a code such as NOR")
    codes = np.array(cells.state("country code", ISO3), dtype=object)
    indicators = np.array(cells.each(_CODE, bool, "must be the code of an indicator"), dtype=object)
    values = melted(cells)
    return pd.DataFrame(
        {
            "iso3": codes[values["row"]],
            "year": values["year"],
            "indicator": indicators[values["row"]],
            "value": values["value"],
        }
    )


def long(cells: Cells) -> pd.DataFrame:
    """Return the figures in a table with one row per year."""
    frame = pd.DataFrame(
        {
            "iso3": cells.state("country code|countryiso3code", ISO3),
            "year": cells.year("time|date"),
            "indicator": cells.text("series code|indicator.id"),
            "value": cells.number("value"),
        }
    )
    return frame.dropna(subset=["value"])


def extract(cells: Cells) -> pd.DataFrame:
    """Return the figures in a table by state and year with one column per indicator."""
    own = {"iso3": cells.state("iso3", ISO3), "year": cells.year("year")}
    frames = [
        pd.DataFrame({**own, "indicator": code, "value": cells.number(name)})
        for name, code in _EXTRACT.items()
        if cells.has(name)
    ]
    return pd.concat(frames, ignore_index=True).dropna(subset=["value"])


LAYOUTS = (
    TableLayout(
        name="indicators, one column per year",
        publisher=WORLD_BANK,
        kind=INDICATORS,
        needs=("country code", _CODE),
        wide=True,
        read=wide,
        footer=_FOOTER,
        vintage="Last Updated Date",
    ),
    TableLayout(
        name="indicators, one row per year, from DataBank",
        publisher=WORLD_BANK,
        kind=INDICATORS,
        needs=("series code", "country code", "time", "time code", "value"),
        read=long,
        sums=True,
        footer=_FOOTER,
    ),
    TableLayout(
        name="an answer of the API",
        publisher=WORLD_BANK,
        kind=INDICATORS,
        needs=("indicator.id", "countryiso3code", "date", "value"),
        read=long,
    ),
    TableLayout(
        name="product and population by state and year",
        publisher=WORLD_BANK,
        kind=INDICATORS,
        needs=("iso3", "year", "gdp_current_usd", "population"),
        read=extract,
    ),
    unusable(
        "a list of states that comes with an indicator",
        WORLD_BANK,
        "the figures are in the file API_... beside it",
        "country code",
        "region",
        "tablename|table name",
    ),
    unusable(
        "a note on an indicator that comes with it",
        WORLD_BANK,
        "the figures are in the file API_... beside it",
        "indicator_code",
        "source_note",
    ),
)
