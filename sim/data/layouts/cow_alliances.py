"""Correlates of War: formal alliances, by pair (spells or years) or by member.

A treaty without an end was in force at the end of the data, 2012. Members of a treaty owe each
other its obligations while both are members.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.data.cells import COW_MISSING, YEARS, Cells
from sim.data.pairs import each_once, of_both
from sim.data.publishers import COW_ALLIANCES
from sim.data.state_codes import COW, ISO3
from sim.data.table_layout import TableLayout
from sim.data.tidy_tables import ALLIANCES

END = 2012  # of version 4.1
_DUTIES = {
    "defense": "defense|cow_defense",
    "neutrality": "neutrality|cow_neutral",
    "nonaggression": "nonaggression|cow_nonagg",
    "consultation": "entente|cow_entente",
}


def duties(cells: Cells, columns: dict[str, str]) -> dict[str, np.ndarray]:
    """Return obligations as 0 and 1; a missing one is 0."""
    numbers = {
        own: cells.number(name, low=0, high=1, whole=True, missing=COW_MISSING)
        for own, name in columns.items()
    }
    none = np.zeros(len(cells), dtype=np.int64)
    known = {own: np.nan_to_num(values).astype(np.int64) for own, values in numbers.items()}
    return {"offense": none, "neutrality": none} | known


def _span(cells: Cells, start: str, end: str) -> dict[str, np.ndarray]:
    if cells.has("year"):
        year = cells.year("year")
        return {"first": year, "last": year}
    last = cells.number(end, low=YEARS[0], high=YEARS[1], whole=True, missing=COW_MISSING)
    return {"first": cells.year(start), "last": np.where(np.isnan(last), END, last).astype(int)}


def pairs(cells: Cells) -> pd.DataFrame:
    """Return the obligations of pairs."""
    if cells.has("iso3_1"):
        pair = cells.pair("iso3_1", "iso3_2", ISO3)
    else:
        pair = cells.pair("ccode1", "ccode2", COW)
    span = _span(cells, "dyad_st_year", "dyad_end_year")
    return of_both(pd.DataFrame({"scheme": "cow", **pair, **span, **duties(cells, _DUTIES)}))


def members(cells: Cells) -> pd.DataFrame:
    """Return members of treaties; `paired` pairs them when the whole table is read."""
    span = _span(cells, "mem_st_year", "mem_end_year")
    own = {"treaty": cells.text("version4id"), "iso3": cells.state("ccode", COW)}
    return pd.DataFrame({**own, **span, **duties(cells, _DUTIES)})


def paired(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of members of each treaty, with the years in which both belong to it."""
    known = frame[frame["iso3"] != ""]
    terms = [each for each in ("offense", *_DUTIES) if each in known]
    both = known.merge(known[["treaty", "iso3", "first", "last"]], on="treaty", suffixes=("", "_2"))
    both = both[both["iso3"] < both["iso3_2"]]
    spans = both.assign(
        first=both[["first", "first_2"]].max(axis=1), last=both[["last", "last_2"]].min(axis=1)
    )
    met = spans[spans["first"] <= spans["last"]].rename(columns={"iso3": "iso3_1"})
    columns = ["scheme", "iso3_1", "iso3_2", "first", "last", *terms]
    return met.assign(scheme="cow")[columns].drop_duplicates(ignore_index=True)


LAYOUTS = (
    TableLayout(
        name="formal alliances by pair",
        publisher=COW_ALLIANCES,
        kind=ALLIANCES,
        needs=(
            "version4id",
            "ccode1",
            "ccode2",
            "dyad_st_year",
            "dyad_end_year",
            "defense",
            "neutrality",
            "nonaggression",
            "entente",
        ),
        read=pairs,
        finish=each_once,
    ),
    TableLayout(
        name="formal alliances by member",
        publisher=COW_ALLIANCES,
        kind=ALLIANCES,
        needs=(
            "version4id",
            "ccode",
            "mem_st_year",
            "mem_end_year",
            "defense",
            "neutrality",
            "nonaggression",
            "entente",
        ),
        read=members,
        finish=paired,
    ),
    TableLayout(
        name="formal alliances by code and year",
        publisher=COW_ALLIANCES,
        kind=ALLIANCES,
        needs=("iso3_1", "iso3_2", "year", *(_DUTIES[each].split("|")[1] for each in _DUTIES)),
        read=pairs,
        finish=each_once,
    ),
)
