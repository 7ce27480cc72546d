"""A comparison: the difference of every outcome, and the shares of the inputs in one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.experiments.effects import NONE
from sim.metrics.catalogue import METRICS
from sim.plots.figure_data import FigureData, NamedOutcome
from sim.plots.labels import in_percent, outcome_words, unit_of
from sim.plots.panels import Margins, explained, name_outcome, named_rows, page
from sim.plots.style import (
    COLOURS,
    FILLS,
    GREY,
    HATCHES,
    PALE,
    fitted,
    footed,
    headed,
    sentence,
    signed,
)
from sim.records.frames import rows_of

NO_ROWS = "differences.csv has no outcome that is defined on both sides"
NO_SHARES = "attribution.csv has no rows: `blocsim compare --attribute` shares differences out"
_ROWS = 18  # outcomes on a page
_OUTCOMES, _INPUTS = 6, 14  # waterfalls that are drawn by default; inputs that are named in one
_ROW, _LABEL, _NUMBER = 0.36, 3.0, 1.5  # inches
_BLUE = COLOURS[2]
# by verdict, since an interval may exclude zero by very little
_LOOKS: dict[str, dict[str, Any]] = {
    "larger or smaller": {"color": _BLUE, "marker": "o"},
    "no difference to speak of": {"color": GREY, "marker": "D"},
    "undecided": {"color": GREY, "marker": "o", "markerfacecolor": "white"},
}
_CLEAR, _NONE, _OPEN = _LOOKS


def pages(tables: FigureData) -> list[str]:
    """Return the numbers of the pages of outcomes."""
    count = -(-len(_compared(tables)) // _ROWS)
    return [""] if count == 1 else [str(each + 1) for each in range(count)]


def build_rows(tables: FigureData, subject: str) -> Figure:
    """Return the forest of a page: differences with their intervals, each on its own scale."""
    at = _ROWS * (int(subject or "1") - 1)
    rows = _compared(tables).iloc[at : at + _ROWS]
    size = (7.4, 1.75 + _ROW * len(rows))
    margins = Margins(left=_LABEL, right=_NUMBER, top=0.7, bottom=0.85)
    figure, panels = page(1, 1, size, margins)
    ax = panels[0, 0]
    ax.set_yticks([])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.grid(visible=False)
    ax.axvline(0, color=GREY, linewidth=0.8)
    ax.hlines(range(len(rows)), -1, 1, color=PALE, linewidth=0.4, zorder=0)
    for place, row in enumerate(rows_of(rows)):
        _interval(ax, tables, place, row)
    ax.set_xlim(-1.06, 1.06)
    one, other = sides(tables.manifest.get("comparison", {}))
    ax.set_xticks([-1, 0, 1], [f"lower in {fitted(other, 1.6, 7.5)}", "0", "higher"])
    headed(
        figure,
        "Differences of the two sides",
        f"{other} less {one}, run by run: mean and 95 % interval, each row on a scale of its own; "
        "right: the level of both sides and the difference",
    )
    explained(figure, [Line2D([], [], label=label, **look) for label, look in _LOOKS.items()])
    footed(figure, tables)
    return figure


def sides(known: Mapping[str, Any]) -> tuple[str, str]:
    """Return the names of the sides of a comparison: their variants if only these differ."""
    both = [known.get(side, {}) for side in ("one", "other")]
    names = [str(each.get("name", "")) for each in both]
    if len({str(each.get("scenario", {}).get("name")) for each in both}) == 1:
        variants = [str(each.get("variant", "")) for each in both]
        names = variants if len(set(variants)) > 1 else names
    return (names[0], names[1]) if all(names) and len(set(names)) > 1 else ("the one", "the other")


def _compared(tables: FigureData) -> pd.DataFrame:
    rows = tables["differences"]
    return rows[rows["difference"].notna() & rows["outcome"].map(_is_outcome)]


def _is_outcome(text: str) -> bool:
    return NamedOutcome.read(text) is not None


def _interval(ax: Axes, tables: FigureData, place: int, row: pd.Series) -> None:
    outcome = NamedOutcome.read(row.outcome)
    assert outcome is not None  # noqa: S101 - the others are left out
    name_outcome(ax, place, *outcome_words(tables, outcome), -0.03)
    ends = np.array([row.low, row.difference, row.high], dtype=float)
    reach = np.nanmax(np.abs(ends)) or 1.0
    low, middle, high = ends / reach
    apart = row.low > 0 or row.high < 0
    name = _NONE if getattr(row, "verdict", "") == NONE else _CLEAR if apart else _OPEN
    clear, look = name == _CLEAR, _LOOKS[name]
    ax.hlines(place, low, high, color=look["color"], linewidth=1.3)
    ax.plot(middle, place, markersize=4, **look)
    factor = 100 if METRICS[outcome.metric].percent else 1
    one, other, apart = (factor * each for each in (row.one, row.other, row.difference))
    ax.annotate(
        f"{one:.3g} to {other:.3g}, {signed(apart)}", (1, place),
        xycoords=ax.get_yaxis_transform(), xytext=(6, 0), textcoords="offset points", va="center",
        size=6.8, color="black" if clear else GREY, weight="bold" if clear else "normal",
    )  # fmt: skip


def outcomes(tables: FigureData) -> list[str]:
    """Return the outcomes with a waterfall: those with intervals beyond zero, else the first."""
    names = known(tables)
    rows = tables["differences"].set_index("outcome").reindex(names)
    clear = [name for name, low, high in zip(names, rows["low"], rows["high"], strict=True)
             if low > 0 or high < 0]  # fmt: skip
    return (clear or names)[:_OUTCOMES]


def known(tables: FigureData) -> list[str]:
    """Return every outcome that is shared out."""
    shared = tables["attribution"]["outcome"].unique()
    return [str(name) for name in shared if _is_outcome(str(name))]


def build_shares(tables: FigureData, subject: str) -> Figure:
    """Return the waterfall of an outcome: from the level of one side to that of the other."""
    outcome = NamedOutcome.read(subject)
    assert outcome is not None  # noqa: S101 - subjects are outcomes
    rows = tables["differences"]
    one, other = rows.loc[rows["outcome"] == subject, ["one", "other"]].to_numpy(dtype=float)[0]
    names, shares = _shares(tables, subject)
    first, last = sides(tables.manifest.get("comparison", {}))
    names = [first, *names, last]
    size = (7.4, 1.75 + 0.3 * len(names))
    figure, panels = page(1, 1, size, Margins(left=2.7, right=0.75, top=0.75, bottom=0.95))
    ax = panels[0, 0]
    named_rows(ax, [fitted(name, 2.55, 7.5) for name in names])
    starts = one + np.concatenate([[0.0], np.cumsum(shares["share"])[:-1]])
    for place, (start, row) in enumerate(zip(starts, rows_of(shares), strict=True), start=1):
        up = row.share >= 0
        fill = {"color": FILLS[0] if up else FILLS[1], "hatch": "" if up else HATCHES[1]}
        ax.barh(place, row.share, 0.6, left=start, edgecolor="white", linewidth=0.4, **fill)
        ax.hlines(place, start + row.low, start + row.high, color="black", linewidth=0.7)
        ax.vlines(start + row.share, place, place + 1, color=GREY, linewidth=0.6)
    for place, side in ((0, one), (len(names) - 1, other)):
        ax.plot([side], [place], "D", color="black", markersize=5)
    ax.use_sticky_edges = False  # of bars: the marks of both sides need room
    ax.margins(x=0.04)
    ax.vlines(one, 0, 1, color=GREY, linewidth=0.6)
    ax.set_xlabel(sentence(unit_of(outcome.metric)))
    in_percent(outcome.metric, ax, "x")
    ax.grid(visible=True, axis="x")
    name, below = outcome_words(tables, outcome)
    headed(
        figure,
        f"What makes the difference: {name[:1].lower() + name[1:]}",
        f"{sentence(below)}. Shares of the inputs in which the two sides differ (Shapley), which "
        "add up to the difference; lines: 95 % intervals",
    )
    explained(
        figure,
        [
            Line2D([], [], marker="D", color="black", linestyle="", label="level of a side"),
            Patch(color=FILLS[0], label="raises it"),
            Patch(facecolor=FILLS[1], hatch=HATCHES[1], edgecolor="white", label="lowers it"),
        ],
    )
    footed(figure, tables)
    return figure


def _shares(tables: FigureData, outcome: str) -> tuple[Sequence[str], pd.DataFrame]:
    """Return the inputs with the greatest shares, and the others as one."""
    rows = tables["attribution"]
    rows = rows[rows["outcome"] == outcome]
    order = rows["share"].abs().sort_values(ascending=False, kind="stable").index
    first, rest = rows.loc[order[:_INPUTS]], rows.loc[order[_INPUTS:]]
    names = [str(name) for name in first["input"]]
    if len(rest):
        names.append(f"{len(rest)} others")
        whole = pd.DataFrame({"share": [rest["share"].sum()], "low": [np.nan], "high": [np.nan]})
        first = pd.concat([first, whole])
    return names, first[["share", "low", "high"]]
