"""Tidy tables of which every figure is invented, for cases of four real names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from sim.cases.archive import Archive
from sim.cases.case_file import fill_text
from sim.cases.topics import TOPICS
from sim.data import tidy_tables as tables
from sim.data.tidy_tables import Kind
from sim.documents.reader import read_mapping

STATES = ("FIN", "NOR", "SWE", "DNK")
START = "2015-Q1"  # figures are those of 2014


@dataclass
class InventedTables:
    """Rows by kind of table; a kind without rows is empty."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def frame(self, kind: Kind) -> pd.DataFrame:
        """Return the rows of a kind."""
        frame = pd.DataFrame(self.rows.get(kind.name, []), columns=[*kind.names])
        return frame.assign(source="a publisher", file="a file", line=1)


def of_series(name: str, values: dict[str, dict[int, float]], **only: str) -> list[dict[str, Any]]:
    """Return rows of figures by state and year."""
    return [
        {"iso3": state, "year": year, name: value, **only}
        for state, series in values.items()
        for year, value in series.items()
    ]


def _pair(one: str, other: str, **more: Any) -> dict[str, Any]:
    return {"iso3_1": min(one, other), "iso3_2": max(one, other), **more}


_DEAL = ("supplier_iso3", "recipient_iso3", "order_year", "ordered", "designation", "description",
         "delivered", "delivery_years", "tiv_unit", "status")  # fmt: skip


def deal(*cells: Any) -> dict[str, Any]:
    """Return a row of a register; the status may be left out."""
    row = dict(zip(_DEAL, (*cells, "new"), strict=False))
    dates = [int(each) for each in row["delivery_years"].split(";")]
    return {
        **row,
        "supplier": row["supplier_iso3"],
        "recipient": row["recipient_iso3"],
        "order_year_estimated": 0,
        "first_delivery": float(dates[0]),
        "last_delivery": float(dates[-1]),
        "tiv_ordered": row["tiv_unit"] * row["ordered"],
        "tiv_delivered": row["tiv_unit"] * row["delivered"],
        "comments": "",
    }


def everything() -> InventedTables:
    """Return tables of all kinds that rules ask for."""
    gdp = {state: dict.fromkeys(range(2004, 2015), 1e11) for state in STATES}
    real = {state: {year: 1.02 ** (year - 2004) for year in range(2004, 2015)} for state in STATES}
    shares = {"FIN": {2014: 0.02}, "NOR": {2013: 0.03}, "SWE": {2014: 0.01}}
    agree = {("FIN", "NOR"): 0.9, ("FIN", "SWE"): 0.8, ("NOR", "SWE"): 0.7, ("DNK", "FIN"): 0.6,
             ("DNK", "NOR"): 0.5, ("DNK", "SWE"): 0.4}  # fmt: skip
    treaty = {"scheme": "atop", "first": 2000, "last": 2018, "offense": 0, "neutrality": 0}
    return InventedTables(
        {
            tables.INDICATORS.name: [
                *of_series("value", gdp, indicator="NY.GDP.MKTP.CD"),
                *of_series("value", real, indicator="NY.GDP.MKTP.KD"),
            ],
            tables.SPENDING.name: of_series("value", shares, measure="share_gdp", flag=""),
            tables.CAPITALS.name: [
                {"iso3": s, "capital": "C", "first": 1900, "last": 2024, "lat": 60.0, "lon": 10.0}
                for s in STATES
            ],
            tables.CONTIGUITY.name: [
                _pair("FIN", "NOR", first=1950, last=2016, type=1),
                _pair("FIN", "SWE", first=1950, last=2000, type=1),
                _pair("NOR", "DNK", first=1950, last=2016, type=3),
            ],
            tables.RIVALRIES.name: [
                _pair("FIN", "NOR", scheme="tss", first=1990, last=2020, spatial=1, positional=0,
                      ideological=0, interventionary=0),
                _pair("DNK", "SWE", scheme="tss", first=1990, last=2000, spatial=1, positional=0,
                      ideological=0, interventionary=0),
            ],
            tables.DISPUTES.name: [
                _pair("FIN", "NOR", year=2010, dispute=1, hostility=4, action=15, onset=1),
                _pair("FIN", "NOR", year=2011, dispute=1, hostility=4, action=15, onset=0),
                _pair("FIN", "NOR", year=1999, dispute=2, hostility=5, action=20, onset=1),
            ],
            tables.ALLIANCES.name: [
                _pair("SWE", "NOR", defense=1, nonaggression=1, consultation=1, **treaty),
                _pair("SWE", "DNK", defense=0, nonaggression=1, consultation=1, **treaty),
            ],
            tables.DEALS.name: [
                deal("SWE", "NOR", 2012, 10, "Lynx-9", "tank", 10, "2013;2014", 4.0),
                deal("SWE", "FIN", 2013, 20, "Lynx-9", "tank", 20, "2014;2016", 4.0),
                deal("SWE", "FIN", 2009, 30, "Old Lynx", "tank", 30, "2010", 1.2, "Second hand"),
                deal("SWE", "DNK", 2010, 5, "Hawk", "turbofan", 5, "2011", 9.0),
                deal("SWE", "NOR", 1990, 40, "Gull", "surface-to-surface missile", 40, "1994", 2.0),
                deal("DEU", "SWE", 2012, 3, "Wolf", "tank", 3, "2013", 1.0),
                deal("SWE", "NOR", 2016, 90, "Owl", "armed UAV", 90, "2017", 2.0),
            ],
            tables.AGREEMENT.name: [
                _pair(*pair, year=year, agree=value)
                for pair, value in agree.items()
                for year in (2012, 2013, 2014)
            ],
        }
    )  # fmt: skip


def archive(**changed: list[dict[str, Any]]) -> Archive:
    """Return everything as an archive, some kinds with other rows."""
    rows = everything()
    rows.rows |= changed
    return Archive(rows)


TEXT = """format: 2
scenario: north   # my case
title: A case
question: Does it fill?
time: {start: 2015-Q1, end: 2018-Q4}
states:
  FIN: {}
  NOR: {gdp: 500000, source: assumed}  # my own guess
  SWE:
    # by indentation
    name: Svea
    source: assumed
  DNK: {}
blocs:
  NORDIC: {leader: SWE, source: assumed}
rivalries: {}
"""


def filled(text: str = TEXT, **changed: list[dict[str, Any]]) -> Any:
    """Return the content of a case filled from everything, some kinds with other rows."""
    return read_mapping(fill_text(text, "x.yaml", archive(**changed), [*TOPICS]).text, "").plain()
