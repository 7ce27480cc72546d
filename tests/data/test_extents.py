"""Places of capitals: those far outside their states are named, with the notation that fits."""

from __future__ import annotations

import numpy as np
import pytest

from sim.data.collection import collect
from sim.data.extents import notation, outside, stray
from sim.data.table_reader import readings
from sim.data.tidy_tables import CAPITALS
from sim.kernel.errors import InputError

CAPITAL = {  # latitude and longitude
    "NOR": (59.91, 10.75), "CHL": (-33.45, -70.67), "SAU": (24.71, 46.68), "KEN": (-1.29, 36.82),
    "USA": (38.9, -77.04), "FJI": (-18.14, 178.44), "RUS": (55.76, 37.62), "NZL": (-41.29, 174.78),
    "PRK": (39.03, 125.75), "BHR": (26.23, 50.59), "DNK": (55.68, 12.57), "PER": (-12.05, -77.04),
}  # fmt: skip
STATES = [*CAPITAL]
LAT, LON = np.array([*CAPITAL.values()]).T


def table(folder, latitudes, longitudes):
    head = "iso3,dis_int,city_en,lat,lon,cap"
    rows = zip(STATES, latitudes, longitudes, strict=True)
    text = "\n".join((head, *(f"{code},1,City,{lat},{lon},1" for code, lat, lon in rows)))
    (folder / "capitals.csv").write_text(text + "\n", encoding="utf-8")
    return folder / "capitals.csv"


def test_every_capital_lies_within_its_state():
    assert [outside(code, *place) for code, place in CAPITAL.items()] == [0.0] * len(CAPITAL)
    assert outside("S01", 50.0, 50.0) == 0.0  # not a state of today


def test_the_distance_is_that_from_the_nearest_side():
    assert outside("NOR", 90.0, 10.0) == pytest.approx(9 * 111.2)  # Svalbard reaches to 81
    assert outside("KEN", 0.0, 50.0) == pytest.approx(8 * 111.2)  # land up to 42 degrees east
    assert outside("FJI", -18.0, -170.0) == pytest.approx(8 * 111.2 * np.cos(np.radians(18)))


@pytest.mark.parametrize(
    ("latitudes", "longitudes", "said"),
    [
        (LON, LAT, "latitude and longitude have changed places: exchange them"),
        (np.radians(LAT), np.radians(LON), "they are radians: multiply them by 57.29578"),
        (LAT, -LON, "longitudes are positive in the west: turn their signs"),
        (-LAT, LON, "latitudes are positive in the south: turn their signs"),
        (LAT[::-1], LON[::-1], "are they degrees, north and east?"),
    ],
)
def test_a_table_in_another_notation_is_refused_in_one_line(tmp_path, latitudes, longitudes, said):
    place = table(tmp_path, latitudes, longitudes)
    with pytest.raises(InputError) as error:
        collect([place]).frame(CAPITALS)
    (problem,) = error.value.problems
    assert (problem.line, problem.key) == (1, "lat, lon")
    assert problem.message.endswith(said)
    assert "places are more than 300 km outside their states" in problem.message


def test_degrees_and_minutes_are_known_by_their_fractions(tmp_path):
    def packed(angles):
        minutes = np.round(np.abs(angles) % 1 * 60) % 60
        return np.round(np.sign(angles) * (np.abs(angles) // 1 + minutes / 100), 2)

    with pytest.raises(InputError, match=r"none of 24 numbers has a fraction of 0\.60 or more"):
        collect([table(tmp_path, packed(LAT), packed(LON))]).frame(CAPITALS)
    assert not notation(STATES, np.floor(LAT), np.floor(LON))  # whole degrees are degrees
    assert not notation([], np.array([]), np.array([]))


def test_a_few_strange_places_are_noted_and_the_table_is_read(tmp_path):
    latitudes, longitudes = LAT.copy(), LON.copy()
    latitudes[2], longitudes[2] = LON[2], LAT[2]
    (reading,) = readings(table(tmp_path, latitudes, longitudes))
    assert len(reading.frame) == len(STATES)
    assert [each for each in reading.notes if each.startswith("line 4: 46.68, 24.71 is ")]


def test_a_strange_place_is_named_with_what_would_be_right():
    assert stray("SAU", 46.68, 24.71).endswith(
        "km outside SAU: latitude and longitude have changed places: exchange them"
    )
    assert stray("SAU", 0.0, 0.0).endswith("km outside SAU: write degrees, north and east")
    assert not stray("SAU", 23.33, 45.33)
