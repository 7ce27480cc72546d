"""ATOP: obligations of treaties by pair and year, directed (ddyr) or undirected (dy)."""

from __future__ import annotations

import pandas as pd

from sim.data.cells import Cells
from sim.data.layouts.cow_alliances import duties
from sim.data.pairs import of_both
from sim.data.publishers import ATOP
from sim.data.state_codes import COW, ISO3
from sim.data.table_layout import TableLayout, unusable
from sim.data.tidy_tables import ALLIANCES

_DUTIES = {
    "defense": "defense|atop_defense",
    "offense": "offense|atop_offense",
    "neutrality": "neutral|atop_neutral",
    "nonaggression": "nonagg|atop_nonagg",
    "consultation": "consul|atop_consul",
}
_PUBLISHED = ("year", "atopally", "defense", "offense", "neutral", "nonagg", "consul")


def read(cells: Cells) -> pd.DataFrame:
    """Return the obligations of one state to another; a pair without any has no row."""
    if cells.has("iso3_1"):
        pair = cells.pair("iso3_1", "iso3_2", ISO3)
    else:
        pair = cells.pair("statea|mem1", "stateb|mem2", COW)
    year = cells.year("year")
    own = {"scheme": "atop", **pair, "first": year, "last": year}
    frame = of_both(pd.DataFrame({**own, **duties(cells, _DUTIES)}))
    return frame[frame[[*_DUTIES]].any(axis=1)]


def both_ways(frame: pd.DataFrame) -> pd.DataFrame:
    """Return undirected rows twice, once for each direction."""
    turned = frame.rename(columns={"iso3_1": "iso3_2", "iso3_2": "iso3_1"})[[*frame.columns]]
    return pd.concat([frame, turned], ignore_index=True)


LAYOUTS = (
    TableLayout(
        name="directed dyad-years",
        publisher=ATOP,
        kind=ALLIANCES,
        needs=("statea", "stateb", *_PUBLISHED),
        read=read,
    ),
    TableLayout(
        name="dyad-years",
        publisher=ATOP,
        kind=ALLIANCES,
        needs=("mem1", "mem2", *_PUBLISHED),
        read=read,
        finish=both_ways,
    ),
    TableLayout(
        name="directed dyad-years by code",
        publisher=ATOP,
        kind=ALLIANCES,
        needs=("iso3_1", "iso3_2", "year", *(each.split("|")[1] for each in _DUTIES.values())),
        read=read,
    ),
    unusable(
        "a table with one row per phase of a treaty",
        ATOP,
        "take the directed dyad-years (atop5_1ddyr.csv)",
        "atopid",
        "begyr",
        "endyr",
        "defense",
    ),
    unusable(
        "a table with one row per member of a treaty",
        ATOP,
        "take the directed dyad-years (atop5_1ddyr.csv)",
        "atopid",
        "member",
        "yrent",
        "yrexit",
    ),
)
