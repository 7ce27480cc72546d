"""Regard on the map: how the members of a bloc, and their rivals, regard each other."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from sim.plots.figure_data import FigureData
from sim.plots.panels import explained
from sim.plots.state_map import MapWindow, StateMap, bent
from sim.plots.style import COLOURS, GREY, counted, footed, headed, titled

NOTHING = "no outcome names a bloc whose members' regard is in ties.csv"
_LEAST = 0.05  # smallest regard, positive or negative, that is drawn
_RIVALRY = 0.3  # dispute with a member from which on a state outside is drawn
_BEND = 0.1
_WIDEST = 2.4  # points, for a regard of 1 or -1
_GOOD, _BAD = COLOURS[2], COLOURS[3]


def subjects(tables: FigureData) -> list[str]:
    """Return the blocs that outcomes name and that have members."""
    named = [each.subject.rpartition(":")[2] for each in tables.of_kind("bloc", "member")]
    return [bloc for bloc in dict.fromkeys(named) if len(_regard(tables, bloc, "affinity"))]


def build(tables: FigureData, bloc: str) -> Figure:
    """Return the figure of one bloc: at the start, and at the end of the first variant."""
    parts = [_regard(tables, bloc, name) for name in ("affinity_start", "affinity")]
    states = sorted({state for part in parts for pair in part.index for state in pair})
    ground, members = StateMap(tables, states), _members(tables, bloc)
    figure, panels = ground.page()
    dates = tables["series"]["date"]
    times = (f": {dates.iloc[0]}", f": {dates.iloc[-1]}") if len(dates) else ("", "")
    titles = (f"At the start{times[0]}", f"At the end of {tables.variants[0]}{times[1]}")
    for column, (part, title) in enumerate(zip(parts, titles, strict=True)):
        for row, window in enumerate(ground.windows):
            _panel(panels[row, column], ground, window, part, members)
        titled(panels[0, column], title)
    headed(
        figure,
        f"Regard among the members of {bloc}, and between them and their rivals",
        f"Regard of each state for the other, -1 to 1: mean over {counted(tables.series_runs)} of "
        f"{tables.variants[0]}; an arrow starts at the state that regards",
    )
    explained(figure, _handles(bloc))
    note = f"Regard between -{_LEAST:g} and {_LEAST:g} is left out."
    footed(figure, tables, f"{note} {ground.remark}".strip())
    return figure


def _members(tables: FigureData, bloc: str) -> list[str]:
    members = tables.entry("blocs", bloc).get("members")
    return list(members) if isinstance(members, list | dict) else []


def _regard(tables: FigureData, bloc: str, metric: str) -> pd.Series:
    """Return the regard among members and between them and their rivals, by pair."""
    members = set(_members(tables, bloc))
    rows = tables["ties"]
    rows = rows[rows["variant"] == tables.variants[0]]
    hostile = rows[(rows["metric"] == "rivalry") & (rows["mean"] >= _RIVALRY)]
    pairs = {*zip(hostile["from"], hostile["to"], strict=True), *_disputes(tables)}
    pairs |= {(other, one) for one, other in pairs}
    rows = rows[(rows["metric"] == metric) & (rows["mean"].abs() >= _LEAST)]
    regard = rows.set_index(["from", "to"])["mean"]
    shown = [
        {one, other} <= members or ((one, other) in pairs and bool({one, other} & members))
        for one, other in regard.index
    ]
    return regard[shown]


def _disputes(tables: FigureData) -> Iterator[tuple[str, str]]:
    """Yield the pairs of states with a dispute at the start."""
    known = tables.document.get("rivalries")
    for one, entry in known.items() if isinstance(known, dict) else ():
        sides = entry.get("with") if isinstance(entry, dict) else None
        for other, number in sides.items() if isinstance(sides, dict) else ():
            value = number.get("value") if isinstance(number, dict) else number
            if isinstance(value, int | float) and value >= _RIVALRY:
                yield str(one), str(other)


def _panel(
    ax: Axes, ground: StateMap, window: MapWindow, regard: pd.Series, members: list[str]
) -> None:
    """Draw the regard in one window, the strongest last."""
    ground.begin(ax, window)
    for other in ground.windows:
        if other is not window and other.scale > window.scale:
            ground.frame(ax, other)
    lines = []
    regard = regard.sort_values(key=abs, kind="stable")
    for (one, other), value in zip(regard.index, regard, strict=True):
        ends = ground.ends(window, one, other)
        if ends is None:
            continue
        width = _width(value)
        lines.append((bent(*ends, _BEND), width))
        ax.add_artist(
            FancyArrowPatch(
                *(tuple(end) for end in ends),
                connectionstyle=f"arc3,rad={_BEND}",
                arrowstyle=f"-|>,head_length={2 + 0.4 * width},head_width={1.2 + 0.4 * width}",
                shrinkA=3,
                shrinkB=4,
                linewidth=width,
                linestyle="-" if value > 0 else (0, (4, 1.5)),
                color=_GOOD if value > 0 else _BAD,
                alpha=0.8,
                zorder=2,
            )
        )
    colour = {state: "black" if state in members else GREY for state in ground.states}
    looks = {
        state: {
            "marker": "s" if state in members else "o",
            "markerfacecolor": "white",
            "markeredgecolor": colour[state],
            "markeredgewidth": 1.3 if state in members else 0.9,
        }
        for state in ground.states
    }
    ground.finish(ax, window, looks, lines)


def _width(value: float) -> float:
    return 0.4 + (_WIDEST - 0.4) * min(abs(value), 1.0)


def _handles(bloc: str) -> list[Line2D]:
    lines = [
        Line2D(
            [],
            [],
            color=_GOOD if value > 0 else _BAD,
            linestyle="-" if value > 0 else (0, (4, 1.5)),
            linewidth=_width(value),
            label=f"{value:g}".replace("-", "\N{MINUS SIGN}"),
        )
        for value in (0.6, 0.2, -0.2, -0.6)
    ]
    square = Line2D(
        [], [], linestyle="", marker="s", color="black", markerfacecolor="white", label=f"in {bloc}"
    )
    return [*lines, square]
