"""Outlines of land and borders, at 1:110m, in Miller's projection (`outlines.json`, see NOTICE).

They are for orientation and take no position on borders: land has one colour, borders are thin, and
those that the data mark as contested are dashed. `bench/outlines.py` makes the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path as File
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Bbox

from sim.documents.sources import PLACEHOLDER

FILE = File(__file__).with_name("outlines.json")
REMARK = (
    "Outlines of today (Natural Earth), for orientation, no position on borders; some contested "
    "ones dashed."
)
BEYOND = " In italics, on the frame: states beyond the map."
_HALF = 180.0  # degrees
_WIDEST = 105.0  # largest width of a map, degrees of longitude
_LAND, _COAST, _BORDER = "#EFECE4", "#B9B4A8", "#BDB8AC"
_LINE_LOOKS: tuple[tuple[str, Any], ...] = (  # of coasts, borders and contested borders
    (_COAST, "-"), (_BORDER, "-"), (_BORDER, (0, (3, 2))),
)  # fmt: skip


def place_of(state: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return longitude and latitude of a state of a scenario's document; None if unknown.

    Coordinates that only stand in for missing ones are unknown.
    """
    sources = state.get("sources") or {}
    place = []
    for key in ("longitude", "latitude"):
        value, source = state.get(key), sources.get(key, state.get("source"))
        named = source if isinstance(source, list | tuple) else [source]
        if not isinstance(value, int | float) or PLACEHOLDER in named:
            return None
        place.append(float(value))
    return place[0], place[1]


def miller(places: np.ndarray) -> np.ndarray:
    """Return places (..., 2), longitude and latitude, in Miller's projection, in degrees."""
    latitude = np.radians(np.clip(places[..., 1], -85, 85))
    up = np.degrees(1.25 * np.log(np.tan(np.pi / 4 + 0.4 * latitude)))
    return np.stack([places[..., 0], up], axis=-1)


def together(longitudes: np.ndarray) -> np.ndarray:
    """Return which states a map shows: the most that fit into its width."""
    starts = [(np.sum((longitudes >= x) & (longitudes <= x + _WIDEST)), -x) for x in longitudes]
    first = -max(starts)[1]
    return np.asarray((longitudes >= first) & (longitudes <= first + _WIDEST))


def outlined(ax: Axes) -> None:
    """Draw the land and the borders that the window of a panel shows."""
    land, *others = _paths(*ax.get_xlim(), *ax.get_ylim())
    if land:
        look: dict[str, Any] = {"facecolor": _LAND, "edgecolor": _LAND, "linewidth": 0.4}
        ax.add_artist(PathPatch(land, zorder=0, **look))
    for path, (colour, dash) in zip(others, _LINE_LOOKS, strict=True):
        if path:
            look = {"fill": False, "edgecolor": colour, "linewidth": 0.45, "linestyle": dash}
            ax.add_artist(PathPatch(path, zorder=0.2, **look))


@lru_cache(maxsize=8)  # panels side by side have the same window
def _paths(left: float, right: float, low: float, high: float) -> tuple[Path | None, ...]:
    """Return the land, coasts, borders and contested borders in a window, each as one path."""
    # larger, so that edges of the land stay outside
    window = Bbox([[left, low], [right, high]]).expanded(1.02, 1.02)
    land, *kinds = _lines()
    cut = (Path(ring, closed=True).clip_to_bbox(window) for ring in _shown(land, window))
    rings = [path for path in cut if len(path)]
    drawn = [rings, *([Path(line) for line in _shown(lines, window)] for lines in kinds)]
    return tuple(Path.make_compound_path(*paths) if paths else None for paths in drawn)


def lines_within(low: np.ndarray, high: np.ndarray) -> dict[str, list[np.ndarray]]:
    """Return the projected rings of land, coasts and borders that intersect a window."""
    window = Bbox([low, high])
    names = ("land", "coast", "border", "contested")
    return {name: _shown(lines, window) for name, lines in zip(names, _lines(), strict=True)}


def _shown(lines: list[np.ndarray], window: Bbox) -> list[np.ndarray]:
    """Return the lines whose boxes intersect a window."""
    boxes = [Bbox([line.min(axis=0), line.max(axis=0)]) for line in lines]
    return [line for line, box in zip(lines, boxes, strict=True) if box.overlaps(window)]


@cache
def _lines() -> tuple[list[np.ndarray], ...]:
    """Return rings of land, coasts, borders and contested borders, projected."""
    file: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))

    def line(steps: list[list[int]]) -> np.ndarray:
        points = np.cumsum(np.array(steps), axis=0)
        return miller(points * file["scale"] + np.array(file["shift"]))

    arcs = [line(steps) for steps in file["arcs"]]
    rings = [[arcs[arc] if arc >= 0 else arcs[~arc][::-1] for arc in ring] for ring in file["land"]]
    land = [np.concatenate(ring) for ring in rings]
    coasts, borders, contested = (
        [line(each) if isinstance(each, list) else arcs[each] for each in file[name]]
        for name in ("coasts", "borders", "contested")
    )
    kinds = (land, coasts, borders, contested)
    return tuple([part for each in lines for part in unbroken(each)] for lines in kinds)


def unbroken(line: np.ndarray) -> list[np.ndarray]:
    """Return a line as it is, or one across the 180th meridian once on each side of the map."""
    if not (np.abs(np.diff(line[:, 0])) > _HALF).any():
        return [line]
    whole = line.copy()
    whole[:, 0] = np.unwrap(line[:, 0], period=2 * _HALF)
    whole[:, 0] -= 2 * _HALF * np.round(whole[:, 0].mean() / (2 * _HALF))
    away = -2 * _HALF if whole[:, 0].max() > _HALF else 2 * _HALF
    return [whole, whole + np.array([away, 0.0])]
