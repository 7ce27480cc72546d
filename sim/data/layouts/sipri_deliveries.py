"""SIPRI's trade register, one row per deal and year of delivery, the only one with yearly volumes.

The export of the new site ends its lines with a semicolon. DealsAndTIVs.txt of the old site, to
2023, is separated by semicolons, with columns Seller and Buyer.
"""

from __future__ import annotations

import pandas as pd

from sim.data.cells import Cells
from sim.data.layouts.sipri_deals import RECIPIENT, SUPPLIER, YES, parties
from sim.data.publishers import SIPRI_TRANSFERS
from sim.data.table_layout import TableLayout, unusable
from sim.data.tidy_tables import DELIVERIES

_DEAL = "sipri at database id|deal id|deal_id"
_ORDERED, _YEAR = "order date|order_year", "delivery year|delivery_year"
_NUMBER = "numbers delivered|number"
_UNIT, _TIV = "tiv deal unit|tiv_deal_unit", "tiv delivery values|tiv_delivered"


def read(cells: Cells) -> pd.DataFrame:
    """Return deliveries."""
    return pd.DataFrame(
        parties(cells)
        | {
            "deal": cells.text(_DEAL),
            "designation": cells.text("designation"),
            "description": cells.text("description"),
            "category": cells.text("armament category|category"),
            "order_year": cells.year(_ORDERED),
            "year": cells.year(_YEAR),
            "number": cells.number(_NUMBER, low=0.0),
            "status": [each.lower() for each in cells.text("status")],
            "tiv_unit": cells.number(_UNIT, low=0.0),
            "tiv": cells.number(_TIV, low=0.0),
            "licensed": cells.flag("local production|local_production", YES),
        }
    )


LAYOUTS = (
    TableLayout(
        name="the trade register, one row per delivery",
        publisher=SIPRI_TRANSFERS,
        kind=DELIVERIES,
        needs=(
            _DEAL,
            SUPPLIER,
            RECIPIENT,
            "designation",
            "description",
            "armament category|category",
            _ORDERED,
            _NUMBER,
            _YEAR,
            "status",
            _UNIT,
            _TIV,
        ),
        read=read,
        vintage="Data generated",
    ),
    unusable(
        "deliveries by seller, one file per year",
        SIPRI_TRANSFERS,
        "its year is only in its name: take the trade register, one row per delivery",
        "buyercod",
        "sellercod",
        "desig2",
        "tivdel",
    ),
)
