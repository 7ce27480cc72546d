"""The map of a period: states by bloc, regard of one of them, sales, wars and aid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from sim.dashboard.run_trace import RunTrace
from sim.experiments.watch.choices import EXIT, OBJECTION
from sim.experiments.watch.run_events import APPEAL, CAME, INCIDENT, RESCUE, WAR, WITHHELD
from sim.kernel.arrays import NONE
from sim.kernel.world import BLOCKED, REFUSED
from sim.plots.outlines import BEYOND, REMARK, lines_within, miller, place_of, together

WIDTH, TALLEST, SHORTEST = 900.0, 620.0, 300.0
_ROOM = 4.0  # degrees around the states
_EDGE = 16.0  # distance of a state beyond the map from its edge
_LEAST = 0.05  # smallest regard that is drawn
HOSTILE = {WAR, INCIDENT, OBJECTION, WITHHELD}
HELP = {CAME, RESCUE, APPEAL}
Side = tuple[int, int, str]  # of a state, for its label: shift and anchor
_SIDES: tuple[Side, ...]
_SIDES = ((11, 4, "start"), (-11, 4, "end"), (0, -11, "middle"), (0, 20, "middle"))
_LETTER = 7.6  # width of one


@dataclass(frozen=True)
class MapState:
    """A state on the map."""

    key: str
    name: str
    x: float
    y: float
    mark: str  # CSS class
    about: str  # description
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True)
class MapLine:
    """A line between two states."""

    path: str
    mark: str
    width: float
    about: str


@dataclass(frozen=True)
class MapView:
    """A map ready to be drawn."""

    height: float
    ground: tuple[tuple[str, str], ...]  # class and path
    lines: tuple[MapLine, ...]
    states: tuple[MapState, ...]
    blocs: tuple[tuple[str, str], ...]  # class and name
    remark: str


def _colour_of(bloc: int) -> str:
    """Return the class of the states of a bloc; the style has four colours."""
    return f"bloc-{bloc % 4}"


@lru_cache(maxsize=4)
def map_of(trace: RunTrace) -> RunMap:
    """Return the map of a run, and keep it."""
    return RunMap(trace)


class RunMap:
    """The places of the states of a run, and the ground below them."""

    def __init__(self, trace: RunTrace) -> None:
        """Place the states; on a circle if the scenario does not give their positions."""
        again = trace.book.replay
        self.trace = trace
        self.document: Mapping[str, Any] = again.scenario.document["states"]
        self.names = list(again.layout.states)
        spots = [place_of(self.document.get(name) or {}) for name in self.names]
        self.known = all(spot is not None for spot in spots)
        if self.known:
            places = miller(np.array(spots, dtype=float))
        else:
            turn = np.linspace(0, 2 * np.pi, len(self.names), endpoint=False)
            places = 20 * np.stack([1.5 * np.cos(turn), np.sin(turn)], axis=-1)
        near = together(places[:, 0])
        low, high = places[near].min(axis=0) - _ROOM, places[near].max(axis=0) + _ROOM
        wide, tall = np.maximum(high - low, 12.0)
        self.height = float(np.clip(WIDTH * tall / wide, SHORTEST, TALLEST))
        scale = min(WIDTH / wide, self.height / tall)
        middle, half = (low + high) / 2, np.array([WIDTH, self.height]) / scale / 2
        self.low, self.high, self.scale = middle - half, middle + half, scale
        edge = np.array([_EDGE, _EDGE])
        self.spots = np.clip(self._at(places), edge, [WIDTH - _EDGE, self.height - _EDGE])
        self.beyond = ~np.all((places > self.low) & (places < self.high), axis=1)
        self.ground = tuple(self._ground()) if self.known else ()
        self.labels = tuple(self._labels())

    def _at(self, places: np.ndarray) -> np.ndarray:
        """Return places on the page."""
        at = (places - self.low) * self.scale
        return np.stack([at[..., 0], self.height - at[..., 1]], axis=-1)

    def _ground(self) -> Iterator[tuple[str, str]]:
        for name, lines in lines_within(self.low, self.high).items():
            paths = (self._path(line, closed=name == "land") for line in lines)
            yield name, " ".join(paths)

    def _path(self, line: np.ndarray, *, closed: bool) -> str:
        points = " ".join(f"{x:.0f} {y:.0f}" for x, y in self._at(line))
        return f"M{points}{'Z' if closed else ''}"

    def view(self, at: int, about: str | None = None) -> MapView:
        """Return the map of a period; regard is drawn for the selected state."""
        lines = (*self._regard(at, about), *self._orders(at), *self._deeds(at))
        remark = (REMARK + BEYOND * bool(self.beyond.any())) * self.known
        blocs = tuple(
            (_colour_of(place), name)
            for place, name in enumerate(self.trace.book.replay.layout.blocs)
        )
        states = tuple(self._states(at, about))
        return MapView(self.height, self.ground, lines, states, blocs, remark)

    def _labels(self) -> Iterator[tuple[str, str, Side]]:
        """Yield the name of each state, as it is shown, and on which side of it there is room."""
        taken = [(x, y, 8.0, 8.0) for x, y in self.spots]
        for key, (x, y) in zip(self.names, self.spots, strict=True):
            name = str((self.document.get(key) or {}).get("name") or key)
            text = " ".join(name.split())
            shown = text if len(text) <= 20 else key  # noqa: PLR2004 - room for a name
            side = min(_SIDES, key=lambda each: _covered(x, y, each, len(shown), taken))
            taken.append(_box(x, y, side, len(shown)))
            yield text, shown, side

    def _states(self, at: int, about: str | None) -> Iterator[MapState]:
        again = self.trace.book.replay
        world, layout = again.moments[at].passed.world, again.layout
        for i, (key, (text, shown, side)) in enumerate(zip(self.names, self.labels, strict=True)):
            member = [b for b in range(len(layout.blocs)) if world.member[i, b, 0] > 0]
            frozen = [b for b in member if world.frozen[i, b, 0] > 0]
            marks = [_colour_of(member[0]) if member else "alone"]
            marks += ["frozen"] * bool(frozen) + ["beyond"] * bool(self.beyond[i])
            marks += ["looked-at"] * (key == about)
            ties = ", ".join(
                f"{'frozen in' if b in frozen else 'member of'} {layout.blocs[b]}, takes part "
                f"{world.engagement[i, b, 0]:.2f}"
                for b in member
            )
            x, y = self.spots[i]
            yield MapState(
                key, shown, float(x), float(y), " ".join(marks), f"{text}: {ties or 'in no bloc'}",
                float(x + side[0]), float(y + side[1]), side[2],
            )  # fmt: skip

    def _regard(self, at: int, about: str | None) -> Iterator[MapLine]:
        if about not in self.names:
            return
        i = self.names.index(about)
        affinity = self.trace.book.replay.moments[at].passed.world.affinity[i, :, 0]
        for j, value in enumerate(affinity):
            if j != i and abs(value) >= _LEAST:
                mark = "regard good" if value > 0 else "regard bad"
                said = f"{about} regards {self.names[j]}: {value:+.2f}"
                yield self._line(i, j, mark, 1 + 4 * abs(float(value)), said, bend=0.06)

    def _orders(self, at: int) -> Iterator[MapLine]:
        """Yield the sales ordered in a period, and those refused or blocked."""
        again = self.trace.book.replay
        layout, log = again.layout, again.moments[at].passed.world.log
        seen: dict[tuple[int, int, str], list[str]] = {}
        for row in range(at * layout.rows, (at + 1) * layout.rows):
            offer, buyer = int(log.offer[row, 0]), int(log.recipient[row, 0])
            if NONE in (offer, buyer):
                continue
            stage = int(log.stage[row, 0])
            mark = {BLOCKED: "sale blocked", REFUSED: "sale refused"}.get(stage, "sale")
            seller = int(layout.supplier[offer])
            seen.setdefault((seller, buyer, mark), []).append(layout.offers[offer])
        for (seller, buyer, mark), offers in seen.items():
            said = f"{self.names[seller]} to {self.names[buyer]}, {mark}: {', '.join(offers)}"
            yield self._line(seller, buyer, mark, 2.0, said, bend=-0.12)

    def _deeds(self, at: int) -> Iterator[MapLine]:
        for each in self.trace.happened(at):
            kind = each.kind
            if kind in HOSTILE and NONE not in (each.actor, each.against):
                said = f"{kind}: {self.names[each.actor]} against {self.names[each.against]}"
                yield self._line(each.actor, each.against, f"hostile {kind}", 3.0, said, bend=0.18)
            elif kind in HELP and NONE not in (each.actor, each.aided):
                said = f"{kind}: {self.names[each.actor]}, {self.names[each.aided]}"
                yield self._line(each.actor, each.aided, "help", 3.0, said, bend=0.18)
            elif kind == EXIT and each.actor != NONE:
                x, y = self.spots[each.actor]
                ring = f"M{x - 13:.0f} {y:.0f}a13 13 0 1 0 26 0a13 13 0 1 0 -26 0"
                yield MapLine(ring, "exit", 2.0, f"{self.names[each.actor]} leaves")

    def _line(self, i: int, j: int, mark: str, width: float, about: str, *, bend: float) -> MapLine:
        start, end = self.spots[i], self.spots[j]
        way = end - start
        length = float(np.hypot(*way)) or 1.0
        start, end = start + way * 9 / length, end - way * 12 / length
        turn = (start + end) / 2 + bend * np.array([way[1], -way[0]])
        path = (
            f"M{start[0]:.1f} {start[1]:.1f}Q{turn[0]:.1f} {turn[1]:.1f} {end[0]:.1f} {end[1]:.1f}"
        )
        return MapLine(path, mark, width, about)


Box = tuple[float, float, float, float]  # middle, half its width and height


def _box(x: float, y: float, side: Side, letters: int) -> Box:
    half = _LETTER * letters / 2
    shift = {"start": half, "end": -half, "middle": 0.0}[side[2]]
    return x + side[0] + shift, y + side[1] - 4, half, 8.0


def _covered(x: float, y: float, side: Side, letters: int, taken: list[Box]) -> float:
    """Return how much of what is there a label would cover, and of what lies beyond the map."""
    at, up, wide, tall = _box(x, y, side, letters)
    area = 0.0
    for other, level, half, high in taken:
        across = min(at + wide, other + half) - max(at - wide, other - half)
        along = min(up + tall, level + high) - max(up - tall, level - high)
        area += max(across, 0.0) * max(along, 0.0)
    out = max(0.0, wide - at) + max(0.0, at + wide - WIDTH)
    return area + 100 * out
