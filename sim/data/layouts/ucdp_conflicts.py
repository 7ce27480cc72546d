"""UCDP/PRIO: armed conflicts by year, and by dyad; sides are Gleditsch-Ward numbers.

A cell may list several states: `651, 666`.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from sim.data.cells import Cells
from sim.data.pairs import each_once, of_both
from sim.data.publishers import UCDP
from sim.data.state_codes import GW, ISO3, iso3_of
from sim.data.table_layout import TableLayout, unusable
from sim.data.tidy_tables import CLASHES, CONFLICTS

_TYPES = {
    "1": "extrasystemic",
    "2": "interstate",
    "3": "intrastate",
    "4": "internationalized_intrastate",
}
_ISSUES = {"1": "territory", "2": "government", "3": "both"}
_SIDES = {
    "side_a": "gwno_a|iso3_a",
    "side_a_2nd": "gwno_a_2nd|iso3_a_2nd",
    "side_b": "gwno_b|iso3_b",
    "side_b_2nd": "gwno_b_2nd|iso3_b_2nd",
}
_NEEDS = ("conflict_id", "year", "type_of_conflict", "incompatibility", "intensity_level")
_INTENSITIES = {"1": 1, "2": 2}


def read(cells: Cells) -> pd.DataFrame:
    """Return armed conflicts by year."""
    scheme = ISO3 if cells.has("iso3_a") else GW
    sides = {own: _coded(cells, name, scheme) for own, name in _SIDES.items()}
    return pd.DataFrame(
        {
            "conflict": cells.text("conflict_id"),
            "year": cells.year("year"),
            "type": _worded(cells, "type_of_conflict", _TYPES),
            "incompatibility": _worded(cells, "incompatibility", _ISSUES),
            "intensity": _intensity(cells),
            **sides,
        }
    )


def _coded(cells: Cells, name: str, scheme: str) -> list[str]:
    """Return the codes of cells that may list several states."""
    lists = []
    for text in cells.words(name):
        own = [each.strip() for each in re.split("[,;]", text) if each.strip()]
        codes = [iso3_of(each, scheme) for each in own]
        for each, code in zip(own, codes, strict=True):
            cells.ledger.state(name.partition("|")[0], each, code)
        lists.append(";".join(filter(None, codes)))
    return lists


def _worded(cells: Cells, name: str, words: dict[str, str]) -> list[str]:
    """Return a column of numbers as words; it may hold the words themselves."""
    known = words | {each: each for each in words.values()}
    texts = cells.each(name, known.__contains__, f"must be one of {', '.join(words)}")
    return [known.get(each, "") for each in texts]


def _intensity(cells: Cells) -> np.ndarray:
    values = cells.number("intensity_level", needed=True, low=1, high=2, whole=True)
    known: np.ndarray = np.nan_to_num(values).astype(int)
    return known


def clashes(cells: Cells) -> pd.DataFrame:
    """Return pairs of states on opposite sides of a conflict."""
    roles = [cells.text("role_a"), cells.text("role_b")]
    frame = pd.DataFrame(
        {
            "iso3_1": cells.state("iso3_a", ISO3),
            "iso3_2": cells.state("iso3_b", ISO3),
            "year": cells.year("year"),
            "conflict": cells.text("conflict_id"),
            "intensity": _intensity(cells),
            "primary": [int(a == b == "primary") for a, b in zip(*roles, strict=True)],
        }
    )
    return of_both(frame)


LAYOUTS = (
    TableLayout(
        name="armed conflicts by year",
        publisher=UCDP,
        kind=CONFLICTS,
        needs=(*_NEEDS, *(each.split("|")[0] for each in _SIDES.values())),
        read=read,
    ),
    TableLayout(
        name="armed conflicts by code and year",
        publisher=UCDP,
        kind=CONFLICTS,
        needs=(*_NEEDS, *(each.split("|")[1] for each in _SIDES.values())),
        read=read,
    ),
    TableLayout(
        name="pairs of states in conflicts, by year",
        publisher=UCDP,
        kind=CLASHES,
        needs=("iso3_a", "iso3_b", "year", "conflict_id", "intensity_level", "role_a", "role_b"),
        read=clashes,
        finish=each_once,
    ),
    unusable(
        "a list of events (GED)",
        UCDP,
        "take the armed conflicts by year (UCDP/PRIO)",
        "relid",
        "priogrid_gid",
    ),
)
