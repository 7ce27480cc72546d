"""Strategic rivalries of Thompson, Sakuwa and Suhas (to 2020) and Thompson and Dreyer (to 2010)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.data.cells import Cells
from sim.data.pairs import each_once, of_both
from sim.data.publishers import RIVALRIES as PUBLISHER
from sim.data.state_codes import COW, ISO3
from sim.data.table_layout import TableLayout, unusable
from sim.data.tidy_tables import RIVALRIES

_ISSUES = ("positional", "spatial", "ideological", "interventionary")
_SCHEMES = {"tss2020": "tss", "td2010": "td"}


def _pairs(cells: Cells) -> dict[str, list[str]]:
    if cells.has("iso3_1"):
        return cells.pair("iso3_1", "iso3_2", ISO3)
    return cells.pair("ccode1", "ccode2", COW)


def flagged(cells: Cells) -> pd.DataFrame:
    """Return rivalries whose issues are columns of 0 and 1."""
    issues = {
        each: np.nan_to_num(cells.number(each, low=0, high=1)).astype(int) for each in _ISSUES
    }
    scheme = [_SCHEMES.get(each, each) for each in cells.text("source")]
    span = {"first": cells.year("start"), "last": cells.year("end")}
    own = {"scheme": scheme if cells.has("source") else "tss"}
    return of_both(pd.DataFrame({**own, **_pairs(cells), **span, **issues}))


def worded(cells: Cells) -> pd.DataFrame:
    """Return rivalries whose issues are words in three columns."""
    words = list(zip(*(cells.words(f"type{n}") for n in (1, 2, 3)), strict=True))
    issues = {each: [int(each in row) for row in words] for each in _ISSUES}
    span = {"first": cells.year("styear"), "last": cells.year("endyear")}
    return of_both(pd.DataFrame({"scheme": "td", **_pairs(cells), **span, **issues}))


LAYOUTS = (
    TableLayout(
        name="rivalries, issues as columns",
        publisher=PUBLISHER,
        kind=RIVALRIES,
        needs=("rivalry", "ccode1|iso3_1", "ccode2|iso3_2", "start", "end", *_ISSUES),
        read=flagged,
        finish=each_once,
    ),
    TableLayout(
        name="rivalries, issues as words",
        publisher=PUBLISHER,
        kind=RIVALRIES,
        needs=("rivalryno", "ccode1", "ccode2", "styear", "endyear", "type1", "type2", "type3"),
        read=worded,
        finish=each_once,
    ),
    unusable(
        "a list of rivalries without codes of states",
        PUBLISHER,
        "names joined by a hyphen cannot be divided: take the table that peacesciencer has",
        "rivalry",
        "start",
        "end",
        "positional",
    ),
)
