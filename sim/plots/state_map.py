"""States on a map: a window with most of them, and a second one for those that are close together.

If a scenario has no coordinates, states are placed on a circle, without outlines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import networkx as nx
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.plots.figure_data import FigureData
from sim.plots.outlines import BEYOND, REMARK, miller, outlined, place_of, together
from sim.plots.panels import Margins, page
from sim.plots.style import GREY, inches, short

_PANEL = (4.6, 3.3)  # inches of a panel
_CROWD = 0.32  # inches between two states below which they are too close together
_AT_EDGE = 6  # states far from the others that stand at the edge; with more, the map is wider
_SIZE = 6.5  # points of names
_DOT = 0.05  # radius of the dot of a state, inches
_MARK: dict[str, Any] = {"marker": "o", "markersize": 4.5, "zorder": 4}
_SIDES = ((0, 1), (1, 0), (-1, 0), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
_APART = 0.34  # inches between a state on the frame and any other
_STEP, _STEPS = 0.1, 40  # inches between spots on the frame that are tried; spots each way
_AHEAD = 0.075  # inches from a state on the frame to its arrow head
_FAR = 0.12  # inches further away, where a name has no room beside its state
_DEAR = 0.25  # of the area of a name: what has to be covered before it goes there


@dataclass(frozen=True)
class MapWindow:
    """A part of the map, in degrees, that fills a panel."""

    low: np.ndarray  # left and lower end
    high: np.ndarray
    size: tuple[float, float]
    states: tuple[str, ...]  # states whose names it shows

    @property
    def scale(self) -> float:
        """Return the scale, inches per degree."""
        return self.size[0] / float(self.high[0] - self.low[0])

    @classmethod
    def around(
        cls, places: np.ndarray, size: tuple[float, float], states: Sequence[str], room: float
    ) -> MapWindow:
        """Return the window around some places, with room around them, in degrees."""
        low, high = places.min(axis=0) - room, places.max(axis=0) + room
        span = np.maximum(high - low, [4.0, 4.0])
        across = max(span[0], span[1] * size[0] / size[1])
        middle, half = (low + high) / 2, np.array([across, across * size[1] / size[0]]) / 2
        return cls(middle - half, middle + half, size, tuple(states))


class StateMap:
    """Positions of some states, and the windows that show them."""

    def __init__(self, tables: FigureData, states: Sequence[str]) -> None:
        """Compute the positions of the states, and the windows."""
        self.tables, self.states = tables, list(states)
        spots = _spots(tables, self.states)
        self.outlined = bool(spots.size)
        if not self.outlined:
            circle = nx.circular_layout(nx.Graph([*zip(states, states, strict=True)]))
            spots = np.array([circle[state] for state in self.states]) * 40
        else:
            spots = miller(spots)
        self.places = dict(zip(self.states, spots, strict=True))
        self.windows = self._windows(spots)
        self.edge = self._edge(self.windows[0])

    def page(self) -> tuple[Figure, np.ndarray]:
        """Return a figure with two times side by side, and its panels, (windows, 2)."""
        heights = [window.size[1] for window in self.windows]
        rows = len(heights)
        return page(
            rows,
            2,
            (2 * _PANEL[0] + 0.4, sum(heights) + 0.08 * (rows - 1) + 1.55),
            Margins(0.1, 0.1, 0.8, 0.75, across=0.2, down=0.08),
            height_ratios=heights,
        )

    @property
    def remark(self) -> str:
        """Return the remark on outlines and on states beyond the map."""
        beyond = any(not self.is_inside(self.windows[0], state) for state in self.states)
        return (REMARK + BEYOND * beyond) * self.outlined

    def _windows(self, spots: np.ndarray) -> list[MapWindow]:
        inside = together(spots[:, 0]) if self.outlined else np.full(len(spots), fill_value=True)
        if np.count_nonzero(~inside) > _AT_EDGE:
            inside[:] = True
        near = [name for name, here in zip(self.states, inside, strict=True) if here]
        whole = MapWindow.around(spots[inside], _PANEL, self.states, 5.0)
        for name in set(self.states) - {*near}:
            turn = _turn(float(self.places[name][0]), spots[inside][:, 0])
            self.places[name] = self.places[name] + [turn, 0.0]
        crowd = self._crowd(near, whole.scale) if self.outlined else []
        if not crowd:
            return [whole]
        own = np.array([self.places[name] for name in crowd])
        close = MapWindow.around(own, (_PANEL[0], 0.62 * _PANEL[1]), (), 2.2)
        inner = [name for name in self.states if self.is_inside(close, name)]
        outer = [name for name in self.states if name not in inner]
        return [replace(whole, states=tuple(outer)), replace(close, states=tuple(inner))]

    def _crowd(self, near: Sequence[str], scale: float) -> list[str]:
        """Return the largest group of states that are too close together to be distinguished."""
        graph: nx.Graph[str] = nx.Graph()
        for at, one in enumerate(near):
            for other in near[at + 1 :]:
                apart = float(np.linalg.norm(self.places[one] - self.places[other])) * scale
                if apart < _CROWD:
                    graph.add_edge(one, other)
        groups = [sorted(group) for group in nx.connected_components(graph)]
        return min(groups, key=lambda group: (-len(group), group), default=[])

    def _edge(self, window: MapWindow) -> dict[str, np.ndarray]:
        """Return where on the frame of the wide window each state stands that lies beyond it.

        It is the spot in its direction, or the next one along the frame that is free.
        """
        taken = [self.places[name] for name in self.states if self.is_inside(window, name)]
        edge: dict[str, np.ndarray] = {}
        for name in self.states:
            if self.is_inside(window, name):
                continue
            straight = np.clip(self.places[name], window.low, window.high)
            at_side = straight[0] in (window.low[0], window.high[0])
            along = np.array([0.0, 1.0] if at_side else [1.0, 0.0])
            steps = np.arange(-_STEPS, _STEPS + 1)[:, None] * (_STEP / window.scale) * along
            steps = steps[np.argsort(np.abs(steps).sum(axis=1), kind="stable")]
            spots = np.clip(straight + steps, window.low, window.high)
            gaps = np.linalg.norm(spots[:, None] - np.array(taken)[None], axis=2).min(axis=1)
            edge[name] = spots[int(np.argmax(np.minimum(gaps * window.scale, _APART)))]
            taken.append(edge[name])
        return edge

    def place_in(self, window: MapWindow, state: str) -> np.ndarray:
        """Return the position of a state in a window: on the frame, if the state lies beyond."""
        return self.places[state] if self.is_inside(window, state) else self.edge[state]

    def ends(self, window: MapWindow, one: str, other: str) -> tuple[np.ndarray, np.ndarray] | None:
        """Return the ends of a line between two states in a window; None if it is not in it.

        The line ends at the edge if a state lies beyond the window.
        """
        if not {one, other} & {name for name in self.states if self.is_inside(window, name)}:
            return None
        inner = {*window.states}
        spots = [self.places[one], self.places[other]]
        for at, name in enumerate((one, other)):
            if name in inner or self.is_inside(window, name):
                spots[at] = self.place_in(window, name)
                continue
            here, way = spots[1 - at], spots[at] - spots[1 - at]
            room = np.where(way > 0, window.high - here, window.low - here)
            shares = room / np.where(way == 0, np.nan, way)
            spots[at] = here + way * min(1.0, float(np.nanmin(shares)))
        return spots[0], spots[1]

    def is_inside(self, window: MapWindow, state: str) -> bool:
        """Return whether a state lies in a window."""
        at = self.places[state]
        return bool((at > window.low).all() and (at < window.high).all())

    def begin(self, ax: Axes, window: MapWindow) -> None:
        """Draw the background of a window: land and borders.

        Its limits are set here. Shapes are added as artists: as patches they would be measured too.
        """
        ax.set(xlim=(window.low[0], window.high[0]), ylim=(window.low[1], window.high[1]))
        ax.set(xticks=[], yticks=[])
        ax.grid(visible=False)
        for spine in ax.spines.values():
            spine.set(visible=True, color="#D8D4CA", linewidth=0.6)
        if self.outlined:
            outlined(ax)

    def frame(self, ax: Axes, window: MapWindow) -> None:
        """Draw a frame in the wide window around the part that another window shows."""
        (left, low), (wide, tall) = window.low.tolist(), (window.high - window.low).tolist()
        look: dict[str, Any] = {"fill": False, "edgecolor": GREY, "linewidth": 0.6, "zorder": 3}
        ax.add_artist(Rectangle((left, low), wide, tall, **look))

    def finish(
        self,
        ax: Axes,
        window: MapWindow,
        looks: Mapping[str, Mapping[str, Any]],
        lines: Sequence[tuple[np.ndarray, float]],
    ) -> None:
        """Draw the states of a window on top, with names that avoid each other and lines.

        Lines are points and a width in printer's points.
        """
        halves = [max(0.012, width / 144) / window.scale for _, width in lines]
        taken = [
            np.array([at - half, at + half])
            for (line, _), half in zip(lines, halves, strict=True)
            for at in line
        ]
        shown = [each for each in self.states if self.is_inside(window, each)]
        beyond = [each for each in window.states if each not in shown]
        spots = {state: self.place_in(window, state) for state in (*shown, *beyond)}
        alike: dict[tuple[Any, ...], list[np.ndarray]] = {}
        for state, at in spots.items():
            look = {**_MARK, "clip_on": False, **looks.get(state, {})}
            alike.setdefault(tuple(look.items()), []).append(at)
            half = _DOT / window.scale
            taken += [np.array([at - half, at + half])] * 5  # worse to cover than a line
        for each, places in alike.items():
            ax.plot(*np.transpose(places), linestyle="", **dict(each))
        for state in beyond:
            self._point_out(ax, window, state)
        for state in sorted(window.states, key=lambda each: -spots[each][1]):
            self._name(ax, window, state, spots[state], taken, looks.get(state, {}))

    def _point_out(self, ax: Axes, window: MapWindow, state: str) -> None:
        """Draw an arrow head outside the frame, towards a state that lies beyond it."""
        at = self.edge[state]
        way = (at >= window.high).astype(float) - (at <= window.low)
        turn = float(np.degrees(np.arctan2(way[1], way[0]))) - 90.0
        ax.plot(
            *(at + _AHEAD / window.scale * way / np.linalg.norm(way)),
            marker=(3, 0, turn), markersize=5, color=GREY, markeredgewidth=0, clip_on=False,
        )  # fmt: skip

    def _name(
        self,
        ax: Axes,
        window: MapWindow,
        state: str,
        at: np.ndarray,
        taken: list[np.ndarray],
        look: Mapping[str, Any],
    ) -> None:
        """Write a name on the side where it covers least."""
        beyond = not self.is_inside(window, state)
        name = short(self.tables.called("states", state), 22)
        wide, tall = (each / window.scale for each in (inches(name, _SIZE) + 0.03, 0.115))
        away = (_DOT + 0.015) / window.scale

        half, there = np.array([wide, tall]) / 2, np.array(taken)

        def box(side: tuple[int, int], far: float) -> np.ndarray:
            middle = at + np.array(side) * (half + away + far / window.scale)
            return np.array([middle - half, middle + half])

        def cost(here: np.ndarray, far: float) -> float:
            out = np.clip(window.low - here[0], 0, None) + np.clip(here[1] - window.high, 0, None)
            covered = _covered(here, there) + (_DEAR * wide * tall if far else 0.0)
            return float(out.sum()) * 1e3 + covered

        boxes = [(box(side, far), far) for far in (0.0, _FAR) for side in _SIDES]
        best, far = min(boxes, key=lambda each: cost(*each))  # of equal ones the first
        if far:
            ends = np.array([at, np.clip(at, *best)])
            ax.plot(*ends.T, color=GREY, linewidth=0.5, zorder=3)
        taken += [best] * 20
        x, y = best.mean(axis=0).tolist()
        ax.text(
            x, y, name, size=_SIZE, ha="center", va="center_baseline", zorder=5,
            color=GREY if beyond else str(look.get("markeredgecolor", "black")),
            style="italic" if beyond else "normal",
            bbox={"facecolor": "white", "alpha": 0.7, "pad": 0.4, "linewidth": 0},
        )  # fmt: skip


def _turn(longitude: float, others: np.ndarray) -> float:
    """Return the degrees, full turns, that take a place to the side on which most others see it."""
    ways = (longitude - others + 180.0) % 360.0 - 180.0
    middle = float(others.min() + others.max()) / 2
    east = middle + (longitude - middle) % 360.0
    return east - longitude - (0.0 if np.median(ways) > 0 else 360.0)


def _covered(box: np.ndarray, others: np.ndarray) -> float:
    """Return the area that a box shares with others, (boxes, ends, 2)."""
    sides = np.minimum(box[1], others[:, 1]) - np.maximum(box[0], others[:, 0])
    return float(np.prod(np.clip(sides, 0, None), axis=1).sum())


def _spots(tables: FigureData, states: Sequence[str]) -> np.ndarray:
    """Return longitudes and latitudes (states, 2); without rows if any is unknown."""
    spots = [place_of(tables.entry("states", state)) for state in states]
    return np.array([] if None in spots else spots, dtype=float).reshape(-1, 2)


def bent(start: np.ndarray, end: np.ndarray, bend: float) -> np.ndarray:
    """Return points (points, 2) on the curve of a bent arrow."""
    way = end - start
    middle = (start + end) / 2 + bend * np.array([way[1], -way[0]])
    along = np.linspace(0, 1, 80)[:, None]
    return np.asarray((1 - along) ** 2 * start + 2 * along * (1 - along) * middle + along**2 * end)
