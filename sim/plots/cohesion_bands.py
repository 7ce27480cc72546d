"""Cohesion of a bloc over time: a panel a variant, with bands over the runs."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.metrics.catalogue import METRICS
from sim.plots.figure_data import FigureData, by_variant
from sim.plots.panels import band, panel_a_variant
from sim.plots.style import COLOURS, counted, footed, headed, short

NOTHING = "no outcome names a bloc whose cohesion is in series.csv"
_BLUE = COLOURS[2]


def subjects(tables: FigureData) -> list[str]:
    """Return the blocs to draw."""
    return tables.blocs("cohesion")


def build(tables: FigureData, bloc: str) -> Figure:
    """Return the figure of one bloc."""
    rows = tables.rows("cohesion", subject=bloc)
    lines = by_variant(rows)
    reference = next(iter(lines))

    def draw(ax: Axes, variant: str) -> None:
        _panel(ax, lines[variant], None if variant == reference else lines[reference])

    handles = _handles(reference if len(lines) > 1 else None)
    figure = panel_a_variant(lines, draw, f"cohesion ({METRICS['cohesion'].unit})", handles)
    figure.axes[0].set_ylim(*band(rows["q05"], rows["q95"]))
    headed(
        figure,
        f"Cohesion of {bloc}" + (" by variant" if len(lines) > 1 else ""),
        f"Median over {counted(tables.series_runs)} of each variant, and the bands "
        "that hold 50 and 90 % of the runs",
    )
    footed(figure, tables, "The axis does not start at 0.")
    return figure


def _panel(ax: Axes, line: pd.DataFrame, reference: pd.DataFrame | None) -> None:
    x = line["year"]
    if len(x) == 1:
        for low, high, width in (("q05", "q95", 1.5), ("q25", "q75", 5.0)):
            ax.vlines(x, line[low], line[high], color=_BLUE, alpha=0.4, linewidth=width)
        ax.plot(x, line["q50"], color=_BLUE, marker="o")
    else:
        ax.fill_between(x, line["q05"], line["q95"], color=_BLUE, alpha=0.18, linewidth=0)
        ax.fill_between(x, line["q25"], line["q75"], color=_BLUE, alpha=0.35, linewidth=0)
        ax.plot(x, line["q50"], color=_BLUE)
    if reference is not None:
        x, y = reference["year"], reference["q50"]
        marker = "_" if len(x) == 1 else ""
        ax.plot(x, y, color="black", linestyle="--", linewidth=0.9, marker=marker, markersize=12)


def _handles(reference: str | None) -> list[Line2D | Patch]:
    handles: list[Line2D | Patch] = [
        Line2D([], [], color=_BLUE, label="median"),
        Patch(color=_BLUE, alpha=0.5, linewidth=0, label="50 % of runs"),
        Patch(color=_BLUE, alpha=0.18, linewidth=0, label="90 % of runs"),
    ]
    if reference is not None:
        label = f"median of {short(reference, 28)}"
        handles.append(Line2D([], [], color="black", linestyle="--", linewidth=0.9, label=label))
    return handles
