"""Militarised interstate disputes: dyad-years (Gibler, Miller and Little; COW), or participants.

MIDB has one row per participant. Every two of them on opposite sides in overlapping years are a
pair, whose hostility is the higher of the two.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.data.cells import COW_MISSING, Cells
from sim.data.pairs import by_year, each_once, of_both
from sim.data.publishers import MIDS
from sim.data.state_codes import COW, ISO3
from sim.data.table_layout import TableLayout, unusable
from sim.data.tidy_tables import DISPUTES

_NUMBER = "dispnum|dispnum3|disno"


def _hostile(cells: Cells, *columns: str) -> dict[str, np.ndarray]:
    """Return the highest hostility and action over several columns."""

    def highest(names: tuple[str, ...], high: int) -> np.ndarray:
        values = [
            cells.number(name, low=0, high=high, missing=COW_MISSING)
            for name in names
            if cells.has(name)
        ]
        return np.fmax.reduce(values) if values else np.full(len(cells), np.nan)

    levels = (*(f"hostlev{each}" for each in columns), "hihost|hihosta|hihostb")
    actions = (*(f"hiact{each}" for each in columns), "highact|mid5hiact")
    return {"hostility": highest(levels, 5), "action": highest(actions, 21)}


def dyads(cells: Cells) -> pd.DataFrame:
    """Return disputes by pair and year."""
    if cells.has("iso3_1"):
        pair = cells.pair("iso3_1", "iso3_2", ISO3)
    else:
        pair = cells.pair("ccode1|statea", "ccode2|stateb", COW)
    year = cells.year("year")
    if cells.has("strtyr"):
        onset = (cells.year("strtyr") == year).astype(int)
    else:
        onset = np.nan_to_num(cells.number("midonset|onset", low=0, high=1)).astype(int)
    own = {"year": year, "dispute": cells.text(_NUMBER), **_hostile(cells, "1", "2")}
    return of_both(pd.DataFrame({**pair, **own, "onset": onset}))


def participants(cells: Cells) -> pd.DataFrame:
    """Return participants; `opposed` pairs them when the whole table is read."""
    side = cells.number("sidea", needed=True, low=0, high=1)
    return pd.DataFrame(
        {
            "dispute": cells.text(_NUMBER),
            "iso3": cells.state("ccode", COW),
            "side": side,
            "first": cells.year("styear"),
            "last": cells.year("endyear"),
            **_hostile(cells, ""),
        }
    )


def opposed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return pairs of participants on opposite sides, by year."""
    known = frame[frame["iso3"] != ""]
    both = known.merge(known, on="dispute", suffixes=("_1", "_2"))
    both = both[(both["side_1"] == 1) & (both["side_2"] == 0)]
    rows = both.assign(
        first=both[["first_1", "first_2"]].max(axis=1),
        last=both[["last_1", "last_2"]].min(axis=1),
        hostility=both[["hostility_1", "hostility_2"]].max(axis=1),
        action=both[["action_1", "action_2"]].max(axis=1),
    )
    years = by_year(rows)
    years = years.assign(onset=(years["year"] == years["first"]).astype(int))
    return each_once(years[DISPUTES.names])


LAYOUTS = (
    TableLayout(
        name="disputes by pair and year",
        publisher=MIDS,
        kind=DISPUTES,
        needs=("dispnum", "ccode1|iso3_1", "ccode2|iso3_2", "year", "hostlev1", "hostlev2",
               "hiact1", "hiact2", "midonset|onset"),
        read=dyads,
        finish=each_once,
    ),
    TableLayout(
        name="dyadic disputes",
        publisher=MIDS,
        kind=DISPUTES,
        needs=("disno", "statea", "stateb", "year", "strtyr", "hihost"),
        read=dyads,
        finish=each_once,
    ),
    TableLayout(
        name="participants of disputes (MIDB)",
        publisher=MIDS,
        kind=DISPUTES,
        needs=("dispnum|dispnum3", "ccode", "styear", "endyear", "sidea", "hiact", "hostlev"),
        read=participants,
        finish=opposed,
    ),
    unusable(
        "a list of disputes without their states (MIDA)",
        MIDS,
        "take the participants (MIDB) or dyad-years",
        "dispnum|dispnum3",
        "hiact",
        "numa",
        "numb",
    ),
    unusable(
        "a list of incidents (MIDI)",
        MIDS,
        "take the participants (MIDB) or dyad-years",
        "incidnum",
        "dispnum|dispnum3",
    ),
)  # fmt: skip
