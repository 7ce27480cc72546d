"""A box of a discovery: its limits on each path, and its trade-off of coverage and density."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.plots.box_trajectory import draw_steps
from sim.plots.figure_data import FigureData
from sim.plots.panels import Margins, explained, named_rows, page
from sim.plots.style import COLOURS, GREY, PALE, fitted, footed, headed

NOTHING = "boxes.csv has no box"
_ROW, _NAME = 0.34, 2.3  # inches


def subjects(tables: FigureData) -> list[str]:
    """Return the boxes, by number."""
    return [f"{box:.0f}" for box in tables["boxes"]["box"].unique()]


def build(tables: FigureData, subject: str) -> Figure:
    """Return the figure of one box."""
    boxes, steps = tables["boxes"], tables["trajectory"]
    rows = boxes[boxes["box"] == float(subject)]
    size = (9.0, max(3.6, 1.75 + _ROW * len(rows)))
    margins = Margins(left=0.6, across=_NAME + 0.35, top=0.8, bottom=0.95, right=1.15)
    figure, panels = page(1, 2, size, margins)
    draw_steps(panels[0, 0], steps[steps["box"] == float(subject)])
    _limits(panels[0, 1], rows)
    one = rows.iloc[0]
    inside, cases, whole = (f"{100 * one[name]:.0f} %" for name in ("density", "coverage", "mass"))
    headed(
        figure,
        f"Box {subject}: {inside} of the cases inside are of interest",
        f"It contains {cases} of the cases of interest and {whole} of all cases; left: trade-off "
        "at each step of peeling, right: limits of the box on each path",
    )
    explained(
        figure,
        [
            Patch(color=PALE, label="range that was swept"),
            Patch(color=COLOURS[2], label="inside the box"),
            Line2D([], [], marker="D", color=COLOURS[3], linestyle="", label="the box"),
        ],
    )
    footed(figure, tables)
    return figure


def _limits(ax: Axes, rows: pd.DataFrame) -> None:
    """Draw the limits of the box, each path on its own scale."""
    at = range(len(rows))
    named_rows(ax, [fitted(str(path), _NAME, 7.5) for path in rows["path"]])
    ax.barh(at, 1, 0.5, color=PALE)
    for place, row in zip(at, rows.to_dict("records"), strict=True):
        least, most = float(row["least"]), float(row["most"])
        texts = str(row["texts"]) if isinstance(row["texts"], str) else ""
        if texts:
            ax.text(0.02, place, fitted(texts.replace("|", ", "), 2.4, 7), va="center", size=7)
            continue
        width = most - least if most > least else 1.0
        low, high = (
            end if np.isnan(float(row[name])) else float(row[name])
            for name, end in (("low", least), ("high", most))
        )
        ax.barh(place, (high - low) / width, 0.5, left=(low - least) / width, color=COLOURS[2])
        ax.annotate(
            f"{low:.3g} to {high:.3g}", (1, place), xytext=(4, 0), textcoords="offset points",
            va="center", size=6.8, color=GREY,
        )  # fmt: skip
    ax.set_xlim(0, 1)
    ax.set_xticks([0, 1], ["least", "most"])
    ax.set_title("Limits of the box on each path")
