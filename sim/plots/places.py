"""Places of states on a map that is not to scale, and arrows that keep clear of them."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np

from sim.plots.figure_data import FigureData

_BENDS = (0.14, 0.22, -0.14, 0.06, 0.3, -0.22, -0.3, 0.4, -0.4)  # in order of preference
_CLEAR = 0.05  # of a panel's side, between an arrow and another state


def places_of(tables: FigureData, states: list[str]) -> dict[str, np.ndarray]:
    """Return where states stand, 0 to 1: by longitude and latitude, else on a circle."""
    spots = _spots(tables, states)
    if not spots:
        circle = nx.circular_layout(nx.Graph([*zip(states, states, strict=True)]))
        return {state: (np.asarray(circle[state]) + 1) / 2 for state in states}
    at = np.array(spots, dtype=float).reshape(-1, 2)
    ranks = np.argsort(np.argsort(at, axis=0, kind="stable"), axis=0)
    at = ranks / max(1, len(states) - 1)
    return dict(zip(states, apart(at), strict=True))


def _spots(tables: FigureData, states: list[str]) -> list[tuple[float, float]]:
    """Return longitudes and latitudes, none if any is unknown."""
    entries = [tables.entry("states", state) for state in states]
    spots: list[tuple[Any, Any]] = [
        (each.get("longitude"), each.get("latitude")) for each in entries
    ]
    numbers = all(isinstance(part, int | float) for spot in spots for part in spot)
    return spots if numbers else []


def how(tables: FigureData, states: list[str]) -> str:
    """Return how states are placed."""
    if not _spots(tables, states):
        return ""
    return "States stand in the order of their longitudes and latitudes, not to scale."


def apart(at: np.ndarray, least: float = 0.17) -> np.ndarray:
    """Return points of the unit square moved apart until none are nearer than `least`."""
    for _ in range(300):
        way = at[:, None] - at[None]
        gap = np.linalg.norm(way, axis=2)
        np.fill_diagonal(gap, np.inf)
        if gap.min() >= least:
            break
        push = np.clip(least - gap, 0, None) / np.maximum(gap, 1e-9) / 2
        at = np.clip(at + 0.6 * (way * push[..., None]).sum(axis=1), 0, 1)
    return at


def bend(supplier: str, recipient: str, places: dict[str, np.ndarray]) -> float:
    """Return how much an arrow bends: as little as keeps it clear of the other states."""
    start, end = places[supplier], places[recipient]
    others = np.array([at for name, at in places.items() if name not in {supplier, recipient}])
    if not others.size:
        return _BENDS[0]
    along = np.linspace(0, 1, 25)[:, None]
    way = end - start

    def room(bend: float) -> float:
        middle = (start + end) / 2 + bend * np.array([way[1], -way[0]])
        curve = (1 - along) ** 2 * start + 2 * along * (1 - along) * middle + along**2 * end
        return float(np.linalg.norm(curve[:, None] - others, axis=2).min())

    rooms = [room(bend) for bend in _BENDS]
    clear = [bend for bend, free in zip(_BENDS, rooms, strict=True) if free > _CLEAR]
    return clear[0] if clear else _BENDS[int(np.argmax(rooms))]
