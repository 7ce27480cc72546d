"""Discovery: the steps that led to a box, and its limits on its two most restrictive paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.plots.figure_data import FigureData
from sim.plots.panels import Margins, explained, page
from sim.plots.style import COLOURS, GREY, PALE, footed, headed, short

MOST = 4000  # dots that are drawn
_LETTER = 0.055  # inches of a letter in the names on the second axis
_TEXT = 40  # letters of a name on an axis
_JITTER = 0.16  # for values that are texts, so that dots do not hide each other


def build(
    tables: FigureData,
    trajectory: pd.DataFrame,
    limits: Sequence[Mapping[str, Any]],
    table: pd.DataFrame,
    wanted: np.ndarray,
    title: str,
    below: str,
) -> Figure:
    """Return the figure of a box: its rows of `boxes.csv`, trajectory and cases of a sweep."""
    shown = list(limits)[:2]
    across = 0.75 + _LETTER * _longest(shown, table)
    figure, panels = page(
        1, 2, (7.6 + across - 0.75, 4.1), Margins(across=across, top=0.8, bottom=1.0)
    )
    draw_steps(panels[0, 0], trajectory)
    _cases(panels[0, 1], shown, table, wanted)
    headed(figure, title, below)
    explained(figure, panels[0, 1].get_legend_handles_labels()[0])
    footed(figure, tables)
    return figure


def _longest(limits: Sequence[Mapping[str, Any]], table: pd.DataFrame) -> int:
    if len(limits) < 2 or not limits[1]["texts"]:
        return 0
    return min(_TEXT, max(len(name) for name in table[limits[1]["path"]].astype(str)))


def draw_steps(ax: Axes, trajectory: pd.DataFrame) -> None:
    """Draw coverage and density after each step of peeling, and the box."""
    ax.plot(trajectory["coverage"], trajectory["density"], "o", color=GREY, markersize=3)
    chosen = trajectory[trajectory["chosen"]]
    ax.plot(chosen["coverage"], chosen["density"], "D", color=COLOURS[3], markersize=7)
    for _, row in chosen.iterrows():
        above = row["coverage"] < 0.75
        ax.annotate(
            f"{row['res_dim']:.0f} restricted", (row["coverage"], row["density"]),
            (5, 3) if above else (-5, -3), textcoords="offset points", size=7, color=COLOURS[3],
            va="bottom" if above else "top", ha="left" if above else "right",
        )  # fmt: skip
    ax.set(xlim=(0, 1.05), ylim=(0, 1.05), title="Steps of peeling, and the box")
    ax.set_xlabel("coverage: share of cases of interest inside")
    ax.set_ylabel("density: share of cases\ninside that are of interest")


def _cases(
    ax: Axes, limits: Sequence[Mapping[str, Any]], table: pd.DataFrame, wanted: np.ndarray
) -> None:
    """Draw the cases on two paths, and the box as a frame; a single path against random heights."""
    rows = np.arange(len(table))
    if len(rows) > MOST:
        rows = np.sort(np.random.default_rng(0).choice(rows, MOST, replace=False))
    axes = [_scaled(limit, table.iloc[rows]) for limit in limits]
    if len(axes) == 1:
        spread = np.random.default_rng(1).random(rows.size)
        axes.append((spread, (0.0, 1.0), []))
    (x, (left, right), names_x), (y, (low, high), names_y) = axes
    inside = wanted[rows]
    ax.scatter(
        x[~inside], y[~inside], 9, COLOURS[2], marker="x", linewidths=0.6, alpha=0.55, label="other"
    )
    ax.scatter(x[inside], y[inside], 9, COLOURS[1], marker="o", label="case of interest")
    frame = Rectangle((left, low), right - left, high - low, fill=False, linewidth=1.4)
    ax.add_patch(frame)
    ax.grid(visible=True, color=PALE, alpha=0.4)
    ax.set_xlabel(short(str(limits[0]["path"]), 44))
    ax.set_ylabel(short(str(limits[1]["path"]), 40) if len(limits) > 1 else "(spread out)")
    for names, which in ((names_x, ax.set_xticks), (names_y, ax.set_yticks)):
        if names:
            which(range(len(names)), [short(name, _TEXT) for name in names])
    ax.set_title("The box on its most restrictive paths")


def _scaled(
    limit: Mapping[str, Any], table: pd.DataFrame
) -> tuple[np.ndarray, tuple[float, float], list[str]]:
    """Return positions of the cases on a path, the limits of the box, and names of texts."""
    column = table[limit["path"]]
    if limit["texts"]:
        inside = [text for text in str(limit["texts"]).split("|") if text]
        names = [*inside, *sorted(set(column.astype(str)) - set(inside))]
        places = column.astype(str).map({name: at for at, name in enumerate(names)})
        moved = np.random.default_rng(2).uniform(-_JITTER, _JITTER, len(column))
        return places.to_numpy(dtype=float) + moved, (-0.4, len(inside) - 0.6), names
    values = column.to_numpy(dtype=float)
    low, high = float(limit["low"]), float(limit["high"])
    ends = (values.min() if np.isnan(low) else low, values.max() if np.isnan(high) else high)
    return values, (float(ends[0]), float(ends[1])), []
