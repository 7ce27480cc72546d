"""Distances and capitals: CEPII, Gleditsch, CShapes through peacesciencer."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.data.cells import YEARS, Cells
from sim.data.extents import notation, stray
from sim.data.layouts.cow_contiguity import DAY, dated
from sim.data.pairs import each_once, of_both
from sim.data.publishers import CEPII
from sim.data.publishers import DISTANCES as PUBLISHER
from sim.data.state_codes import COW, GW, ISO3
from sim.data.table_layout import TableLayout
from sim.data.tidy_tables import CAPITALS, DISTANCES

ALWAYS = (1946, 2200)  # first and last year of distances without a year


Years = tuple[int, int] | tuple[np.ndarray, np.ndarray]


def _rows(
    cells: Cells, pair: dict[str, list[str]], measure: str, name: str, span: Years
) -> pd.DataFrame:
    km = cells.number(name, low=0.0)
    own = {"measure": measure, "first": span[0], "last": span[1], "km": km}
    return of_both(pd.DataFrame({**pair, **own}).dropna(subset=["km"]))


def cepii(cells: Cells) -> pd.DataFrame:
    """Return distances between capitals, and between cities weighted by population."""
    pair = cells.pair("iso_o", "iso_d", ISO3)
    return pd.concat(
        [
            _rows(cells, pair, "capitals", "distcap", ALWAYS),
            _rows(cells, pair, "cities", "distw", ALWAYS),
        ],
        ignore_index=True,
    )


def gleditsch(cells: Cells) -> pd.DataFrame:
    """Return distances between capitals in km; the table has miles too."""
    pair = cells.pair("numa", "numb", GW)
    return _rows(cells, pair, "capitals", "kmdist", ALWAYS)


def borders(cells: Cells) -> pd.DataFrame:
    """Return distances between borders by year."""
    pair = cells.pair("ccode1", "ccode2", COW)
    year = cells.year("year")
    return _rows(cells, pair, "borders", "mindist", (year, year))


def coded(cells: Cells) -> pd.DataFrame:
    """Return distances between borders by interval, and between capitals."""
    pair = cells.pair("iso3_1", "iso3_2", ISO3)
    span = (cells.year("year_start"), cells.year("year_end"))
    return pd.concat(
        [
            _rows(cells, pair, "borders", "min_distance_km", span),
            _rows(cells, pair, "capitals", "capital_distance_km", ALWAYS),
        ],
        ignore_index=True,
    )


def cities(cells: Cells) -> pd.DataFrame:
    """Return the capitals among the cities of CEPII."""
    main: np.ndarray = cells.number("cap", low=0, high=2) == 1
    codes = cells.state("iso3", ISO3)
    lat, lon = _degrees(cells, codes)
    frame = pd.DataFrame(
        {
            "iso3": codes,
            "capital": cells.text("city_en"),
            "first": ALWAYS[0],
            "last": ALWAYS[1],
            "lat": lat,
            "lon": lon,
        }
    )
    own = frame[main & (frame["iso3"] != "").to_numpy()]
    return own.drop_duplicates(ignore_index=True)


def spells(cells: Cells) -> pd.DataFrame:
    """Return capitals by spell of years or days."""
    if cells.has("stdate"):
        first, last = (dated(cells, each, DAY, "1991-12-25") for each in ("stdate", "enddate"))
    else:
        first = cells.year("styear")
        last = cells.number("endyear", low=YEARS[0], high=YEARS[1], whole=True)
    codes = cells.state("iso3", ISO3) if cells.has("iso3") else cells.state("ccode|gwcode", COW)
    lat, lon = _degrees(cells, codes)
    own = {"iso3": codes, "capital": cells.text("capital"), "first": first}
    last = np.where(np.isnan(last), ALWAYS[1], last).astype(int)
    frame = pd.DataFrame({**own, "last": last, "lat": lat, "lon": lon})
    return frame[frame["iso3"] != ""]


def _degrees(cells: Cells, codes: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return latitudes and longitudes; those in another notation are a fault of the table."""
    lat, lon = (cells.number(each, low=-180, high=180) for each in ("lat", "lon"))
    if said := notation(codes, lat, lon):
        cells.ledger.wrong(cells.heading.line, "lat, lon", said)
        return lat, lon
    for line, *place in zip(cells.lines, codes, lat.tolist(), lon.tolist(), strict=True):
        if said := stray(*place):
            cells.ledger.notes.append(f"line {line}: {said}")
    return cells.number("lat", low=-90, high=90), lon


LAYOUTS = (
    TableLayout(
        name="distances of CEPII",
        publisher=CEPII,
        kind=DISTANCES,
        needs=("iso_o", "iso_d", "dist", "distcap", "distw"),
        read=cepii,
        finish=each_once,
    ),
    TableLayout(
        name="distances of capitals by Gleditsch",
        publisher=PUBLISHER,
        kind=DISTANCES,
        needs=("numa", "numb", "kmdist"),
        read=gleditsch,
        finish=each_once,
    ),
    TableLayout(
        name="distances of borders",
        publisher=PUBLISHER,
        kind=DISTANCES,
        needs=("ccode1", "ccode2", "year", "mindist"),
        read=borders,
        finish=each_once,
    ),
    TableLayout(
        name="distances by code",
        publisher=PUBLISHER,
        kind=DISTANCES,
        needs=("iso3_1", "iso3_2", "year_start", "year_end", "min_distance_km",
               "capital_distance_km"),
        read=coded,
        finish=each_once,
    ),
    TableLayout(
        name="cities of CEPII",
        publisher=CEPII,
        kind=CAPITALS,
        needs=("iso3", "dis_int", "city_en", "lat", "lon", "cap"),
        read=cities,
    ),
    TableLayout(
        name="capitals by spell",
        publisher=PUBLISHER,
        kind=CAPITALS,
        needs=("statenme", "capital", "ccode|iso3", "styear|stdate", "endyear|enddate"),
        read=spells,
    ),
)  # fmt: skip
