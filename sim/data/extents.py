"""Extents: between which latitudes and longitudes the land of each state of today lies.

A capital lies within them. Coordinates far outside are misplaced, and if those of most states are,
their table is in another notation: latitude and longitude have changed places, angles are in
radians or in degrees and minutes, or a sign is turned. `bench/extents.py` makes `extents.csv`.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("extents.csv")
COLUMNS = ("iso3", "south", "north", "west", "east")
FAR = 300.0  # km outside the extent: a capital is misplaced
_FEWEST = 3  # states from which a notation is judged
_KM = 111.2  # of a degree
_CIRCLE = 360.0
_MINUTES = 0.6  # fractions of degrees and minutes, 24.38 for 24 degrees 38 minutes, are below
_FEWEST_NUMBERS, _FEWEST_FRACTIONS = 20, 12  # tables in tenths of a degree have 10
Places = tuple[np.ndarray, np.ndarray]  # latitudes, longitudes


_NOTATIONS: Mapping[str, Callable[[np.ndarray, np.ndarray], Places]] = {
    "latitude and longitude have changed places: exchange them": lambda lat, lon: (lon, lat),
    "they are radians: multiply them by 57.29578": lambda lat, lon: (
        np.degrees(lat),
        np.degrees(lon),
    ),
    "longitudes are positive in the west: turn their signs": lambda lat, lon: (lat, -lon),
    "latitudes are positive in the south: turn their signs": lambda lat, lon: (-lat, lon),
}


@cache
def _boxes() -> Mapping[str, tuple[float, float, float, float]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return {code: (float(s), float(n), float(w), float(e)) for code, s, n, w, e in rows}


def outside(state: str, latitude: float, longitude: float) -> float:
    """Return how many km a place lies outside the extent of a state; 0 if that is unknown."""
    if state not in _boxes():
        return 0.0
    south, north, west, east = _boxes()[state]
    beyond = (longitude - west) % _CIRCLE
    width = (east - west) % _CIRCLE
    away = 0.0 if beyond <= width else min(beyond - width, _CIRCLE - beyond)
    nearest = min(max(latitude, south), north)
    up = latitude - nearest
    return _KM * math.hypot(up, away * math.cos(math.radians(nearest)))


def misplaced(states: Sequence[str], latitudes: np.ndarray, longitudes: np.ndarray) -> np.ndarray:
    """Return which places lie far outside the extent of their state."""
    places = zip(states, latitudes.tolist(), longitudes.tolist(), strict=True)
    return np.array([outside(*each) > FAR for each in places], dtype=bool)


def stray(state: str, latitude: float, longitude: float) -> str:
    """Return what is wrong with a place far outside the extent of its state; empty if it is not."""
    away = outside(state, latitude, longitude)
    if not away > FAR:  # unknown places, too
        return ""
    one = np.array([latitude]), np.array([longitude])
    turned = (
        said for said, turn in _NOTATIONS.items() if not misplaced([state], *turn(*one)).any()
    )
    why = next(turned, "write degrees, north and east")
    return f"{latitude:g}, {longitude:g} is {away:,.0f} km outside {state}: {why}"


def notation(states: Sequence[str], latitudes: np.ndarray, longitudes: np.ndarray) -> str:
    """Return what is wrong with a table of places if most are misplaced; empty if they are not."""
    named = np.array([each in _boxes() for each in states], dtype=bool)
    known = named & ~np.isnan(latitudes + longitudes)
    own = [state for state, each in zip(states, known, strict=True) if each]
    places = latitudes[known], longitudes[known]
    if len({*own}) < _FEWEST:
        return ""
    lost = int(misplaced(own, *places).sum())
    if 2 * lost > len(own):
        what = f"{lost:,} of {len(own):,} places are more than {FAR:g} km outside their states"
        left = {said: misplaced(own, *turned(*places)).sum() for said, turned in _NOTATIONS.items()}
        best = min(left, key=lambda said: left[said])
        return f"{what}: {best if 2 * left[best] < lost else 'are they degrees, north and east?'}"
    return _in_minutes(np.concatenate(places))


def _in_minutes(angles: np.ndarray) -> str:
    """Return that angles are degrees and minutes, if no fraction of a degree is 0.60 or above."""
    fractions = np.abs(angles) % 1
    different = len(np.unique(np.round(fractions, 4)))
    few = len(angles) < _FEWEST_NUMBERS or different < _FEWEST_FRACTIONS
    if few or (fractions > _MINUTES - 1e-9).any():
        return ""
    return (
        f"none of {len(angles):,} numbers has a fraction of 0.60 or more: they are degrees and "
        "minutes; write decimal degrees, 24.63 for 24.38"
    )
