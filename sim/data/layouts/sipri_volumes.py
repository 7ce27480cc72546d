"""SIPRI's import and export values: volumes by state and year; on the old site by pair.

The columns of sums after the years appear twice, and the last lines are totals of the world.
"""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd

from sim.data.cells import Cells
from sim.data.publishers import SIPRI_TRANSFERS, YOURS
from sim.data.state_codes import NAME, NOT_STATES, iso3_of
from sim.data.table_layout import TableLayout
from sim.data.tidy_tables import FLOWS, TOTALS
from sim.kernel.words import quoted

FIRST = 1900  # an earlier year is taken for a mistake
_IMPORTER, _EXPORTER = "recipient|imports by", "exports by|supplier"
_PAIR = re.compile(r"TIV of arms (imports to|exports from) ([^,]+)", re.IGNORECASE)


def melted(cells: Cells, *, low: float = -math.inf, high: float = math.inf) -> pd.DataFrame:
    """Return the values of a table with one column per year as row, year and value.

    `row` counts from 0 within these cells. Missing values are left out.
    """
    frames = []
    for year, at in cells.heading.years.items():
        texts = (row[at].strip() for row in cells.rows)
        values = cells.numbers(texts, str(year), low=low, high=high)
        frames.append(pd.DataFrame({"row": np.arange(len(cells)), "year": year, "value": values}))
    return pd.concat(frames).dropna().sort_values(["row", "year"], ignore_index=True)


def totals(cells: Cells) -> pd.DataFrame:
    """Return volumes of imports or exports."""
    imports = cells.has(_IMPORTER)
    codes = np.array(cells.state(_IMPORTER if imports else _EXPORTER, NAME), dtype=object)
    values = melted(cells, low=0.0)
    return pd.DataFrame(
        {
            "iso3": codes[values["row"]],
            "year": values["year"],
            "direction": "imports" if imports else "exports",
            "tiv": values["value"],
        }
    )


def pairs(cells: Cells) -> pd.DataFrame:
    """Return the flows of the state that the title names."""
    found = next(filter(None, map(_PAIR.search, cells.heading.above)), None)
    if found is None:
        cells.ledger.wrong(1, "", "no title TIV of arms imports to ..., or exports from ...")
        cells.ledger.close()
        return pd.DataFrame()
    imports, own = found[1].casefold().startswith("imports"), found[2]
    others = np.array([row[0].strip() for row in cells.rows], dtype=object)
    codes = np.array([iso3_of(each, NAME) for each in others], dtype=object)
    for name, code in zip(others, codes, strict=True):
        cells.ledger.state("(first)", name, code)
    values = melted(cells, low=0.0)
    one, other = ("recipient", "supplier") if imports else ("supplier", "recipient")
    return pd.DataFrame(
        {
            one: own,
            f"{one}_iso3": iso3_of(own, NAME),
            other: others[values["row"]],
            f"{other}_iso3": codes[values["row"]],
            "year": values["year"],
            "tiv": values["value"],
            "line": np.array(cells.lines)[values["row"]],
        }
    )


def flows(cells: Cells) -> pd.DataFrame:
    """Return flows by pair and year; a name that is not a state's is kept as its own code."""
    names = [
        cells.each(name, bool, "must name a state, or another party")
        for name in ("supplier", "recipient")
    ]
    for line, one, other in zip(cells.lines, *names, strict=True):
        if one and one == other:
            cells.ledger.wrong(line, "", f"both are {quoted(one)}")
    codes = [[iso3_of(each, NAME) or NOT_STATES.sub("", each) for each in own] for own in names]
    return pd.DataFrame(
        {
            "supplier": names[0],
            "supplier_iso3": codes[0],
            "recipient": names[1],
            "recipient_iso3": codes[1],
            "year": cells.year("year", first=FIRST),
            "tiv": cells.number("tiv_m|tiv", needed=True, low=0.0),
            "line": cells.lines,
        }
    )


LAYOUTS = (
    TableLayout(
        name="import values",
        publisher=SIPRI_TRANSFERS,
        kind=TOTALS,
        needs=(_IMPORTER,),
        lacks=("weapon designation", "total"),
        wide=True,
        read=totals,
        footer=("total",),
        vintage="Data generated",
    ),
    TableLayout(
        name="export values",
        publisher=SIPRI_TRANSFERS,
        kind=TOTALS,
        needs=(_EXPORTER,),
        lacks=("weapon designation", "recipient", "total"),
        wide=True,
        read=totals,
        footer=("total",),
        vintage="Data generated",
    ),
    TableLayout(
        name="values of the old site, of one state with each other",
        publisher=SIPRI_TRANSFERS,
        kind=FLOWS,
        needs=("total",),
        wide=True,
        read=pairs,
        footer=("total",),
        titles=("tiv of arms",),
        vintage="Generated",
    ),
    TableLayout(
        name="flows by pair and year",
        publisher=YOURS,
        kind=FLOWS,
        needs=("supplier", "recipient", "year", "tiv_m|tiv"),
        lacks=("order_year",),
        read=flows,
    ),
)
