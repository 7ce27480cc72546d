"""SIPRI's military expenditure: a workbook with one sheet per measure, or a sheet saved as CSV.

Header rows differ by sheet. Blue figures are estimates and red ones highly uncertain; `xxx` means
that the state did not exist. The measure of a sheet saved as CSV is known only from the lines above
the header or from the name of the file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.data.cells import MISSING, Cells
from sim.data.layouts.sipri_volumes import melted
from sim.data.publishers import SIPRI_SPENDING
from sim.data.state_codes import ISO3, NAME
from sim.data.table_layout import TableLayout, unusable
from sim.data.tidy_tables import SPENDING
from sim.documents.csv_table import number_of

_MEASURES = {  # pattern of a title -> measure, in the order of search
    r"per.?capita": "per_capita_usd",
    r"share.?of.?gov|government spending|share_government": "share_government",
    r"share.?of.?gdp|gross domestic product|share_gdp": "share_gdp",
    r"constant": "constant_usd_m",
    r"current.?us|current prices|current_usd": "current_usd_m",
}
_SHARES = ("share_gdp", "share_government")
_HIGHEST_SHARE = 2.0  # Kuwait spent 1.17 of its GDP in 1991
_BASE = re.compile(r"constant[ _]\(?([12][0-9]{3})\)?", re.IGNORECASE)
_NONE = MISSING | {"xxx", "..."}
_EXTRACT = {
    "milex_const2023_musd": "constant_usd_m",
    "milex_current_musd": "current_usd_m",
    "milex_share_gdp": "share_gdp",
    "milex_share_gov": "share_government",
    "milex_per_capita_usd": "per_capita_usd",
}


def read(cells: Cells) -> pd.DataFrame:
    """Return expenditure by state and year, in the measure of the sheet."""
    measure, base, origin = _measure(cells)
    places = [*cells.heading.years.values()]
    kept = [
        at
        for at, row in enumerate(cells.rows)
        if any(row[each].strip() not in _NONE for each in places)
    ]
    some = Cells(  # without regions and states that have no figure
        cells.heading,
        [cells.lines[at] for at in kept],
        [_plain(cells.rows[at], places, measure) for at in kept],
        [cells.marks[at] for at in kept],
        cells.ledger,
    )
    if measure in _SHARES:
        _check_shares(some, measure, origin)
    codes = np.array(some.state("country", NAME), dtype=object)
    values = melted(some, low=0.0, high=_highest(measure))
    rows = values["row"]
    flags = [
        some.marks[row][cells.heading.years[year]] if some.marks[row] else ""
        for row, year in zip(rows, values["year"], strict=True)
    ]
    return pd.DataFrame(
        {
            "iso3": codes[rows],
            "year": values["year"],
            "measure": measure,
            "value": values["value"],
            "base": base,
            "flag": flags,
        }
    )


def _highest(measure: str) -> float:
    return _HIGHEST_SHARE if measure in _SHARES else math.inf


def _check_shares(cells: Cells, measure: str, origin: str) -> None:
    """Raise InputError if most figures are too high for shares: they are of another measure."""
    texts = [row[at] for row in cells.rows for at in cells.heading.years.values()]
    values = np.array([number_of(each) for each in texts if each])
    high = int((values > _HIGHEST_SHARE).sum())
    if 2 * high <= len(values):
        return
    others = ", ".join(each for each in _MEASURES.values() if each != measure)
    message = (
        f"{high:,} of {len(values):,} figures are above {_HIGHEST_SHARE:g}, too high for shares: "
        f"{origin} gives the measure as {measure}; if it is another one, give it there ({others}); "
        "if they are in per cent, write 2% or 0.02"
    )
    cells.ledger.wrong(cells.heading.line, "", message)
    cells.ledger.close()


def _measure(cells: Cells) -> tuple[str, float, str]:
    """Return the measure of a sheet, the year of its prices (nan unless constant), and who says."""
    heading = cells.heading
    name = re.split("[/!]", heading.file)[-1]
    base = _BASE.search(" ".join((heading.title, *heading.above, name)))
    for origin, text in (
        ("the title of the sheet", heading.title),
        ("the text above the header", " ".join(heading.above)),
        ("the name of the file", name),
    ):
        for words, measure in _MEASURES.items():
            if re.search(words, text, re.IGNORECASE):
                constant = measure == "constant_usd_m"
                return measure, float(base[1]) if constant and base else np.nan, origin
    known = ", ".join(_MEASURES.values())
    message = (
        f"lacks a measure: take the workbook, or give the file a name that holds one of {known}"
    )
    cells.ledger.wrong(heading.line, "", message)
    cells.ledger.close()
    return "", np.nan, ""


def _plain(written: Sequence[str], places: list[int], measure: str) -> list[str]:
    """Return a row with figures as plain numbers: empty for xxx, 0.05 for 5 %."""
    row = [each.strip() for each in written]
    for at in places:
        text = "" if row[at] in _NONE else row[at]
        if measure in _SHARES and text.endswith("%"):
            number = text.rstrip("% ")
            text = repr(float(number) / 100) if re.fullmatch(r"[0-9.]*[0-9]", number) else text
        row[at] = text
    return row


def extract(cells: Cells) -> pd.DataFrame:
    """Return the expenditure in a long table with one column per measure."""
    frames: list[pd.DataFrame] = []
    codes, years = cells.state("iso3", ISO3), cells.year("year")
    for name, measure in _EXTRACT.items():
        values = cells.number(name, low=0.0, high=_highest(measure))
        columns = {
            "iso3": codes,
            "year": years,
            "measure": measure,
            "value": values,
            "base": 2023.0 if measure == "constant_usd_m" else np.nan,
            "flag": cells.text("flag"),
        }
        frames.append(pd.DataFrame(columns).loc[np.isfinite(values)])
    return pd.concat(frames, ignore_index=True)


LAYOUTS = (
    TableLayout(
        name="a sheet of military expenditure",
        publisher=SIPRI_SPENDING,
        kind=SPENDING,
        needs=("country",),
        lacks=("indicator code", "series code", "currency", "supplier"),
        wide=True,
        read=read,
    ),
    unusable(
        "a sheet of military expenditure in local currency",
        SIPRI_SPENDING,
        "currencies cannot be compared: take the sheets in US$ and shares",
        "country",
        "currency",
        wide=True,
    ),
    TableLayout(
        name="military expenditure by state and year",
        publisher=SIPRI_SPENDING,
        kind=SPENDING,
        needs=("iso3", "year", *_EXTRACT),
        read=extract,
    ),
)
