"""Tables of a user's own, already tidy and with ISO codes: members of blocs, regimes, trade."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.data.cells import Cells
from sim.data.layouts.cow_contiguity import DAY, dated
from sim.data.pairs import of_both
from sim.data.publishers import YOURS
from sim.data.state_codes import ISO3
from sim.data.table_layout import TableLayout
from sim.data.tidy_tables import MEMBERSHIPS, REGIMES, TRADE


def memberships(cells: Cells) -> pd.DataFrame:
    """Return memberships in blocs."""
    ends = cells.text("end")
    cells.each("end", lambda text: not text or bool(DAY.match(text)), "must be a date")
    return pd.DataFrame(
        {
            "bloc": cells.each("bloc", bool, "must name a bloc"),
            "iso3": cells.state("iso3", ISO3),
            "first": dated(cells, "start", DAY, "1994-04-20"),
            "last": [float(each[:4]) if DAY.match(each) else np.nan for each in ends],
        }
    )


def regimes(cells: Cells) -> pd.DataFrame:
    """Return scores of democracy."""
    return pd.DataFrame(
        {
            "iso3": cells.state("iso3", ISO3),
            "year": cells.year("year"),
            "polity2": cells.number("polity2", low=-10, high=10),
            "polyarchy": cells.number("v2x_polyarchy", low=0, high=1),
        }
    )


def trade(cells: Cells) -> pd.DataFrame:
    """Return exports by pair and year."""
    frame = pd.DataFrame(
        {
            "iso3_1": cells.state("exporter_iso3", ISO3),
            "iso3_2": cells.state("importer_iso3", ISO3),
            "year": cells.year("year"),
            "value": cells.number("exports_2010usd", needed=True, low=0.0),
        }
    )
    return of_both(frame)


LAYOUTS = (
    TableLayout(
        name="members of blocs",
        publisher=YOURS,
        kind=MEMBERSHIPS,
        needs=("bloc", "iso3", "start", "end"),
        read=memberships,
    ),
    TableLayout(
        name="scores of democracy",
        publisher=YOURS,
        kind=REGIMES,
        needs=("iso3", "year", "polity2", "v2x_polyarchy"),
        read=regimes,
    ),
    TableLayout(
        name="exports by pair and year",
        publisher=YOURS,
        kind=TRADE,
        needs=("exporter_iso3", "importer_iso3", "year", "exports_2010usd"),
        read=trade,
    ),
)
