"""Arms flows between states: before the start, and in the last five years of the first variant.

States stand on a map that is not to scale; arrows keep clear of them.
"""

from __future__ import annotations

from math import floor, log10

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from sim.plots.figure_data import FigureData, length
from sim.plots.panels import Margins, explained, page
from sim.plots.style import COLOURS, GREY, PALE, counted, footed, headed, short, titled

NOTHING = "ties.csv and series.csv hold no arms flow between states, or series.csv no dates"
YEARS = 5  # that states remember, and that are drawn at the end
_LEAST = 0.01  # of the greatest flow, to be drawn
_WIDEST = 7.0  # points, the greatest flow
_NODE = 9.5  # points, half a node
_BLOCS = (COLOURS[2], COLOURS[1], COLOURS[4])  # of the first three blocs
_SIDE = 4.6  # inches of a panel
Members = dict[str, list[str]]  # by bloc

_BENDS = (0.14, 0.22, -0.14, 0.06, 0.3, -0.22, -0.3, 0.4, -0.4)  # in order of preference
_CLEAR = 0.05  # of a panel's side, between an arrow and another state


def subjects(tables: FigureData) -> list[str]:
    """Return one figure, of all states, if any arms flow."""
    dated = len(tables["series"]) > 0
    return [""] if dated and (len(_before(tables)) or len(_after(tables)[0])) else []


def build(tables: FigureData, subject: str) -> Figure:
    """Return the figure; there is but one `subject`."""
    del subject
    before = _before(tables)
    after, span = _after(tables)
    most = max([0.0, *before, *after])
    networks = [flows[flows >= _LEAST * most] for flows in (before, after)]
    drawn = sorted({state for flows in networks for pair in flows.index for state in pair})
    places = places_of(tables, drawn)
    blocs = _blocs(tables)
    figure, panels = page(
        1, 2, (2 * _SIDE + 0.5, _SIDE + 1.6), Margins(0.15, 0.15, 0.8, 0.65, across=0.2)
    )
    start = tables["series"]["date"].iloc[0]
    titles = (
        f"Before {start}: remembered imports",
        f"{span}: deliveries in {tables.variants[0]}" if span else "No deliveries in series.csv",
    )
    for ax, flows, title in zip(panels[0], networks, titles, strict=True):
        _panel(ax, flows, places, most, blocs)
        titled(ax, title)
    headed(
        figure,
        "Arms flows before and after",
        f"TIV a year, supplier to recipient: over the five years before the start, and mean over "
        f"{counted(tables.series_runs)} of {tables.variants[0]}",
    )
    explained(figure, _handles(most, blocs))
    note = f"Flows below {100 * _LEAST:g} % of the greatest are left out."
    footed(figure, tables, f"{note} {how(tables, drawn)}")
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


def _blocs(tables: FigureData) -> Members:
    """Return the members of the blocs that outcomes name, three at most."""
    named = [each.subject.rpartition(":")[2] for each in tables.of_kind("bloc", "member")]
    members = {bloc: tables.entry("blocs", bloc).get("members") for bloc in named}
    known = {bloc: each for bloc, each in members.items() if isinstance(each, list | dict)}
    return {bloc: list(known[bloc]) for bloc in list(known)[: len(_BLOCS)]}


def _panel(
    ax: Axes, flows: pd.Series, places: dict[str, np.ndarray], most: float, blocs: Members
) -> None:
    """Draw one network, the states over the ends of the arrows; those without a flow are pale."""
    ax.set(xlim=(-0.07, 1.07), ylim=(-0.07, 1.07), xticks=[], yticks=[])
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    flows = flows.sort_values(ascending=False, kind="stable")
    for (supplier, recipient), tiv in zip(flows.index, flows, strict=True):
        width = _width(tiv, most)
        corners = 1.3 if _bloc_of(recipient, blocs) else 1.0  # of the squares of members
        ax.add_patch(
            FancyArrowPatch(
                tuple(places[supplier]),
                tuple(places[recipient]),
                connectionstyle=f"arc3,rad={bend(supplier, recipient, places)}",
                arrowstyle=f"-|>,head_length={2.2 + 0.45 * width},head_width={1.3 + 0.5 * width}",
                shrinkA=_NODE + 1,
                shrinkB=corners * _NODE + 1,
                linewidth=width,
                color=_bloc_of(supplier, blocs) or GREY,
                alpha=0.75,
            )
        )
    there = {state for pair in flows.index for state in pair}
    for state, (x, y) in places.items():
        colour = _bloc_of(state, blocs)
        ax.plot(
            x, y, "s" if colour else "o", markersize=2 * _NODE, markerfacecolor="white",
            markeredgecolor=colour or GREY if state in there else PALE,
            markeredgewidth=2.2 if colour else 0.8, zorder=3,
        )  # fmt: skip
        ax.text(
            x, y, short(state, 7), ha="center", va="center_baseline", size=6.5, zorder=4,
            weight="bold" if colour else "normal", color="black" if state in there else GREY,
        )  # fmt: skip


def _bloc_of(state: str, blocs: Members) -> str:
    """Return the colour of the first bloc that a state is a member of; nothing if of none."""
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
                [], [], color=colour, marker="s", markersize=9, markerfacecolor="white",
                markeredgewidth=2.2, label=f"member of {short(bloc, 28)}, and its deliveries",
            )
        )  # fmt: skip
    return handles


def places_of(tables: FigureData, states: list[str]) -> dict[str, np.ndarray]:
    """Return where states stand, 0 to 1: by longitude and latitude, else on a circle."""
    at = _spots(tables, states)
    if not at.size:
        circle = nx.circular_layout(nx.Graph([*zip(states, states, strict=True)]))
        return {state: (np.asarray(circle[state]) + 1) / 2 for state in states}
    ranks = np.argsort(np.argsort(at, axis=0, kind="stable"), axis=0)
    at = ranks / max(1, len(states) - 1)
    return dict(zip(states, apart(at), strict=True))


def _spots(tables: FigureData, states: list[str]) -> np.ndarray:
    """Return longitudes and latitudes (states, 2); none if any is unknown."""
    entries = [tables.entry("states", state) for state in states]
    spots = [(each.get("longitude"), each.get("latitude")) for each in entries]
    known = all(isinstance(part, int | float) for spot in spots for part in spot)
    return np.array(spots if known else [], dtype=float).reshape(-1, 2)


def how(tables: FigureData, states: list[str]) -> str:
    """Return how states are placed."""
    if not _spots(tables, states).size:
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
