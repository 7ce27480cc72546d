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
from sim.kernel.words import number

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
_ABOVE_ZERO = re.compile(
    r"NY\.GDP\.MKTP\.(CD|KD|KN)|NY\.GDP\.PCAP\..*|SP\.POP\.TOTL|fariss_(rgdp_m2017ppp|gdppc_2011ppp|pop_m)"
)  # indicators that are never 0 or less


def _sound(cells: Cells, frame: pd.DataFrame, lines: np.ndarray) -> pd.DataFrame:
    """Return figures; one of 0 or less is a fault where an indicator cannot be."""
    for at in np.flatnonzero(frame["value"].to_numpy() <= 0):
        code, value = str(frame["indicator"].iloc[at]), float(frame["value"].iloc[at])
        if _ABOVE_ZERO.fullmatch(code):
            year = str(frame["year"].iloc[at])
            what = f"{code} must be more than 0, got {number(value)}: the file is damaged"
            cells.ledger.wrong(int(lines[at]), year, what)
    return frame


def wide(cells: Cells) -> pd.DataFrame:
    """Return the figures in a table with one column per year."""
    cells.each("country code", lambda text: bool(_STATE.match(text)), "must be a code such as NOR")
    codes = np.array(cells.state("country code", ISO3), dtype=object)
    indicators = np.array(cells.each(_CODE, bool, "must be the code of an indicator"), dtype=object)
    values = melted(cells)
    frame = pd.DataFrame(
        {
            "iso3": codes[values["row"]],
            "year": values["year"],
            "indicator": indicators[values["row"]],
            "value": values["value"],
        }
    )
    return _sound(cells, frame, np.array(cells.lines)[values["row"]])


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
    return _sound(cells, frame, np.array(cells.lines)).dropna(subset=["value"])


def extract(cells: Cells) -> pd.DataFrame:
    """Return the figures in a table by state and year with one column per indicator."""
    own = {"iso3": cells.state("iso3", ISO3), "year": cells.year("year")}
    frames = [
        pd.DataFrame({**own, "indicator": code, "value": cells.number(name)})
        for name, code in _EXTRACT.items()
        if cells.has(name)
    ]
    for each in frames:
        _sound(cells, each, np.array(cells.lines))
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
