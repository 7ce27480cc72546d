"""Arms flows between states on the map: before the start, and in the last five years."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from sim.plots.figure_data import FigureData, length
from sim.plots.panels import explained
from sim.plots.state_map import MapWindow, StateMap, bent
from sim.plots.style import COLOURS, GREY, PALE, counted, footed, headed, short, titled
from sim.seeing.numerals import per_cent

NOTHING = "ties.csv and series.csv hold no arms flow between states, or series.csv no dates"
YEARS = 5  # years that states remember, and that are drawn at the end
_LEAST = 0.01  # smallest flow that is drawn, as a share of the greatest
_MOST = 40  # flows that are drawn at each time
_BEND = 0.14  # curvature of an arrow
_WIDEST = 6.0  # points, for the greatest flow
_BLOCS = (COLOURS[2], COLOURS[1], COLOURS[4])  # colours of the first three blocs
Members = dict[str, list[str]]  # by bloc


def subjects(tables: FigureData) -> list[str]:
    """Return one figure, of all states, if any arms flow."""
    dated = len(tables["series"]) > 0
    return [""] if dated and (len(_before(tables)) or len(_after(tables)[0])) else []


def build(tables: FigureData, subject: str) -> Figure:
    """Return the figure; there is only one `subject`."""
    del subject
    before = _before(tables)
    after, span = _after(tables)
    most = max([0.0, *before, *after])
    networks = [_greatest(flows, most) for flows in (before, after)]
    drawn = sorted({state for flows in networks for pair in flows.index for state in pair})
    ground, blocs = StateMap(tables, drawn), _blocs(tables)
    figure, panels = ground.page()
    start = tables["series"]["date"].iloc[0]
    titles = (
        f"Before {start}: remembered imports",
        f"{span}: deliveries in {tables.variants[0]}" if span else "No deliveries in series.csv",
    )
    for column, (flows, title) in enumerate(zip(networks, titles, strict=True)):
        for row, window in enumerate(ground.windows):
            _panel(panels[row, column], ground, window, flows, most, blocs)
        titled(panels[0, column], title)
    headed(
        figure,
        "Arms flows before the start and at the end",
        f"TIV a year, supplier to recipient: over the five years before the start, and mean over "
        f"{counted(tables.series_runs)} of {tables.variants[0]}",
    )
    explained(figure, _handles(most, blocs))
    note = _left_out((before, after), networks)
    footed(figure, tables, f"{note} {ground.remark}".strip())
    return figure


def _before(tables: FigureData) -> pd.Series:
    rows = tables["ties"]
    rows = rows[(rows["metric"] == "imports_before") & (rows["variant"] == tables.variants[0])]
    flows = rows.set_index(["to", "from"])["mean"] / YEARS
    return flows[flows > 0]


def _after(tables: FigureData) -> tuple[pd.Series, str]:
    rows = tables.rows("supplied", variant=tables.variants[0])
    if rows.empty:
        return pd.Series(dtype=float), ""
    step = length(rows)
    rows = rows[rows["year"] > rows["year"].max() - YEARS + step / 2]
    dates = rows["date"].unique()
    flows = rows.groupby("subject")["mean"].sum() / (len(dates) * step)
    flows.index = pd.MultiIndex.from_tuples([tuple(each.split(">")) for each in flows.index])
    span = dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
    return flows[flows > 0], span


def _greatest(flows: pd.Series, most: float) -> pd.Series:
    """Return the flows that are drawn."""
    return flows[flows >= _LEAST * most].nlargest(_MOST)


def _left_out(flows: Sequence[pd.Series], drawn: Sequence[pd.Series]) -> str:
    """Return how many flows are not drawn, and their share of all TIV."""
    rests = []
    for every, some in zip(flows, drawn, strict=True):
        rest, whole = len(every) - len(some), float(every.sum())
        share = 1 - float(some.sum()) / whole if whole else 0.0
        rests.append(f"{rest} ({per_cent(share)} of the TIV)" if rest else "none")
    if rests == ["none", "none"]:
        return ""
    return (
        f"Drawn are the {_MOST} greatest flows at each time, down to {100 * _LEAST:g} % of the "
        f"greatest; left out are {rests[0]} before and {rests[1]} at the end."
    )


def _blocs(tables: FigureData) -> Members:
    """Return the members of the blocs that outcomes name, three at most."""
    named = [each.subject.rpartition(":")[2] for each in tables.of_kind("bloc", "member")]
    known = [bloc for bloc in dict.fromkeys(named) if tables.members(bloc)]
    return {bloc: tables.members(bloc) for bloc in known[: len(_BLOCS)]}


def _panel(
    ax: Axes,
    ground: StateMap,
    window: MapWindow,
    flows: pd.Series,
    most: float,
    blocs: Members,
) -> None:
    """Draw one network in one window; states without a flow are pale."""
    ground.begin(ax, window)
    for other in ground.windows:
        if other is not window and other.scale > window.scale:
            ground.frame(ax, other)
    flows, lines = flows.sort_values(ascending=False, kind="stable"), []
    for (supplier, recipient), tiv in zip(flows.index, flows, strict=True):
        ends = ground.ends(window, supplier, recipient)
        if ends is None:
            continue
        width = _width(tiv, most)
        lines.append((bent(*ends, _BEND), width))
        ax.add_artist(
            FancyArrowPatch(
                *(tuple(end) for end in ends),
                connectionstyle=f"arc3,rad={_BEND}",
                arrowstyle=f"-|>,head_length={2.2 + 0.45 * width},head_width={1.3 + 0.5 * width}",
                shrinkA=3,
                shrinkB=4,
                linewidth=width,
                color=_bloc_of(supplier, blocs) or GREY,
                alpha=0.75,
                zorder=2,
            )
        )
    there = {state for pair in flows.index for state in pair}
    looks = {state: _look(state, blocs, flows=state in there) for state in ground.states}
    ground.finish(ax, window, looks, lines)


def _look(state: str, blocs: Members, *, flows: bool) -> dict[str, Any]:
    colour = _bloc_of(state, blocs)
    return {
        "marker": "s" if colour else "o",
        "markerfacecolor": "white",
        "markeredgecolor": (colour or "#333333") if flows else PALE,
        "markeredgewidth": 1.6 if colour else 0.9,
    }


def _bloc_of(state: str, blocs: Members) -> str:
    """Return the first bloc of which a state is a member; empty if there is none."""
    pairs = zip(_BLOCS, blocs.values(), strict=False)
    return next((colour for colour, members in pairs if state in members), "")


def _width(tiv: float, most: float) -> float:
    return 0.5 + (_WIDEST - 0.5) * tiv / most


def _handles(most: float, blocs: Members) -> list[Line2D]:
    handles = []
    for part in (1, 4, 16):
        size = 10 ** floor(log10(most / part))
        value = floor(most / part / size) * size
        label = f"{value:g} TIV a year"
        handles.append(Line2D([], [], color=GREY, linewidth=_width(value, most), label=label))
    for colour, bloc in zip(_BLOCS, blocs, strict=False):
        handles.append(
            Line2D(
                [], [], color=colour, marker="s", markersize=6, markerfacecolor="white",
                markeredgewidth=1.6, label=f"member of {short(bloc, 28)}, and its deliveries",
            )
        )  # fmt: skip
    return handles
