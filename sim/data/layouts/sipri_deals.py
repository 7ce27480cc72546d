"""SIPRI's trade register, one row per deal: the export since 2024, also re-saved, and that of 2014.

The export is in cp1252 below eleven lines of preamble. Its columns of flags are named with a blank,
and a few records are broken by a line end. The report of 2014 has no volumes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.data.cells import YEARS, Cells
from sim.data.publishers import SIPRI_TRANSFERS
from sim.data.state_codes import NAME
from sim.data.table_layout import TableLayout
from sim.data.tidy_tables import DEALS

RECIPIENT, SUPPLIER = "recipient|country|buyer", "supplier|seller"
_ORDERED = "number ordered|number_ordered|no. ordered"
_DELIVERED = "number delivered|number_delivered|no. delivered"
_WHEN = "year(s) of delivery|delivery_years|year(s) of deliveries|year of delivery"
_ORDER_YEAR = "year of order|order_year|year"
_GUESSED = (
    "year of order?|uncertainty flag order year|order_year_est|year of order data uncertain|"
    "uncertain #2"
)
_TIV = {
    "tiv_unit": "sipri tiv per unit|tiv_per_unit",
    "tiv_ordered": "sipri tiv for total order|tiv_total_order",
    "tiv_delivered": "sipri tiv of delivered weapons|tiv_delivered",
}
YES = {"": 0, "?": 1, "1": 1, "0": 0, "yes": 1, "no": 0, "true": 1, "false": 0, "1.0": 1, "0.0": 0}
_RANGE = re.compile(r"\s*([0-9]{4})\s*(?:[-\u2013]\s*([0-9]{4})\s*)?\Z")
_LONGEST = 80  # years from the first delivery to the last


def read(cells: Cells) -> pd.DataFrame:
    """Return deals."""
    years = [_years(cells, at, text) for at, text in enumerate(cells.text(_WHEN))]
    return pd.DataFrame(
        parties(cells)
        | {
            "order_year": cells.year(_ORDER_YEAR),
            "order_year_estimated": cells.flag(_GUESSED, YES),
            "ordered": cells.number(_ORDERED, low=0.0),
            "designation": cells.text("weapon designation|weapon_designation|designation"),
            "description": cells.text("weapon description|weapon_description|description"),
            "delivered": cells.number(_DELIVERED, low=0.0),
            "delivery_years": [";".join(map(str, each)) for each in years],
            "first_delivery": [each[0] if each else np.nan for each in years],
            "last_delivery": [each[-1] if each else np.nan for each in years],
            "status": [each.lower() for each in cells.text("status")],
            "comments": cells.text("comments|comment"),
        }
        | {own: cells.number(name, low=0.0) for own, name in _TIV.items()}
    )


def parties(cells: Cells) -> dict[str, Sequence[str] | Sequence[int]]:
    """Return supplier and recipient, by name and code, and the line in the file."""
    for name in (SUPPLIER, RECIPIENT):
        cells.each(name, bool, "must name a state or another party")
    return {
        "supplier": cells.text(SUPPLIER),
        "supplier_iso3": cells.state(SUPPLIER, NAME),
        "recipient": cells.text(RECIPIENT),
        "recipient_iso3": cells.state(RECIPIENT, NAME),
        "line": cells.lines,
    }


def _years(cells: Cells, at: int, text: str) -> list[int]:
    """Return the years of `1977; 1978` or `2010 - 2011`."""
    years: set[int] = set()
    for part in filter(None, (each.strip() for each in text.split(";"))):
        match = _RANGE.match(part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not YEARS[0] <= first <= last <= min(first + _LONGEST, YEARS[1]):
            message = f"must be years such as 1977; 1978 or 2010-2011, got {text!r}"
            cells.ledger.wrong(cells.lines[at], "years of delivery", message)
            return []
        years |= {*range(first, last + 1)}
    return sorted(years)


LAYOUTS = (
    TableLayout(
        name="the trade register, one row per deal",
        publisher=SIPRI_TRANSFERS,
        kind=DEALS,
        needs=(
            RECIPIENT,
            SUPPLIER,
            _ORDER_YEAR,
            _ORDERED,
            "weapon designation|weapon_designation",
            "weapon description|weapon_description",
            _DELIVERED,
            _WHEN,
            "status",
            *_TIV.values(),
        ),
        lacks=("delivery year", "tiv delivery values"),
        read=read,
        joins=True,
        vintage="Data generated",
    ),
    TableLayout(
        name="the trade register's report of 2014, without volumes",
        publisher=SIPRI_TRANSFERS,
        kind=DEALS,
        needs=(
            RECIPIENT,
            SUPPLIER,
            _ORDER_YEAR,
            "no. ordered",
            "designation|weapon designation",
            "no. delivered",
            "year(s) of deliveries|year of delivery",
        ),
        lacks=tuple(each.partition("|")[0] for each in _TIV.values()),
        read=read,
        sums=True,
    ),
)
