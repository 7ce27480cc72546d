"""Correlates of War: members of the system of states, and their material capabilities."""

from __future__ import annotations

import pandas as pd

from sim.data.cells import COW_MISSING, YEARS, Cells
from sim.data.publishers import COW as PUBLISHER
from sim.data.state_codes import COW, ISO3
from sim.data.table_layout import TableLayout, unusable
from sim.data.tidy_tables import CAPABILITIES, STATES

_CODE = "ccode|cow_ccode"
_PARTS = ("milex", "milper", "irst", "pec", "tpop", "upop")


def coded(cells: Cells) -> list[str]:
    """Return the codes of states, from ISO codes if there are any, else from COW numbers."""
    return cells.state("iso3", ISO3) if cells.has("iso3") else cells.state(_CODE, COW)


def states(cells: Cells) -> pd.DataFrame:
    """Return the spells of membership in the system of states."""
    return pd.DataFrame(
        {
            "iso3": coded(cells),
            "cow": [each.partition(".")[0] for each in cells.text(_CODE)],
            "name": cells.text("statenme|cow_name"),
            "first": cells.number("styear|cow_start", low=YEARS[0], high=YEARS[1], whole=True),
            "last": cells.number("endyear|cow_end", low=YEARS[0], high=YEARS[1], whole=True),
        }
    )


def capabilities(cells: Cells) -> pd.DataFrame:
    """Return national material capabilities; -9 means missing."""
    parts = {name: cells.number(name, low=0.0, missing=COW_MISSING) for name in _PARTS}
    shares = {"cinc": cells.number("cinc", low=0.0, high=1.0, missing=COW_MISSING)}
    return pd.DataFrame({"iso3": coded(cells), "year": cells.year("year"), **parts, **shares})


def of_states(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the spells with a first year; a state without one was never a member."""
    known = frame.dropna(subset=["first"])
    return known.assign(first=known["first"].astype(int))


LAYOUTS = (
    TableLayout(
        name="members of the system of states",
        publisher=PUBLISHER,
        kind=STATES,
        needs=("ccode", "statenme", "styear", "endyear"),
        read=states,
        finish=of_states,
    ),
    TableLayout(
        name="members of the system of states by code",
        publisher=PUBLISHER,
        kind=STATES,
        needs=("iso3", "cow_ccode", "cow_name", "cow_start", "cow_end"),
        read=states,
        finish=of_states,
    ),
    TableLayout(
        name="national material capabilities",
        publisher=PUBLISHER,
        kind=CAPABILITIES,
        needs=(_CODE, "year", *_PARTS, "cinc"),
        read=capabilities,
    ),
    unusable(
        "a list of the codes of the Correlates of War",
        PUBLISHER,
        "blocsim knows them; take the members of the system of states (states2016.csv or later)",
        "stateabb",
        "ccode",
        "statenme",
    ),
)
