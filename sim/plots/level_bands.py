"""A metric over time: a panel for each variant, with bands over the runs.

The line is the mean, as in answers and all figures over time, so that rare cases are not hidden.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.plots.event_marks import EventMarks
from sim.plots.figure_data import FigureData, by_variant
from sim.plots.labels import definition_of, in_percent, title_of, unit_of
from sim.plots.panels import band, panel_a_variant
from sim.plots.style import COLOURS, counted, footed, headed, sentence, short

NOTHING = "no outcome names a bloc whose cohesion is in series.csv"
_BLUE = COLOURS[2]


def subjects(tables: FigureData) -> list[str]:
    """Return the blocs whose cohesion is drawn."""
    return tables.blocs("cohesion")


def build(tables: FigureData, bloc: str) -> Figure:
    """Return the figure of the cohesion of one bloc."""
    return level_bands(tables, "cohesion", bloc)


def level_bands(
    tables: FigureData, metric: str, subject: str, variants: Sequence[str] = ()
) -> Figure:
    """Return the figure of a metric of one subject, in some variants or in all."""
    rows = tables.rows(metric, subject=subject)
    if variants:
        rows = rows[rows["variant"].isin(variants)]
    lines = by_variant(rows)
    reference = next(iter(lines))
    marks = EventMarks.of(tables, subject, rows, [(name,) for name in lines])

    def draw(ax: Axes, variant: str) -> None:
        _panel(ax, lines[variant], None if variant == reference else lines[reference])
        marks.draw(ax, (variant,))

    handles = _handles(reference if len(lines) > 1 else None)
    figure = panel_a_variant(lines, draw, sentence(unit_of(metric)), handles)
    in_percent(metric, figure.axes[0])
    low, high = (
        rows[["mean", end]].agg(which, axis=1) for end, which in (("q05", "min"), ("q95", "max"))
    )
    figure.axes[0].set_ylim(*band(low, high))
    headed(
        figure,
        title_of(tables, metric, subject),
        f"{definition_of(tables, metric, subject)} Mean over "
        f"{counted(tables.series_runs)} of each variant, and the bands that hold 50 and 90 % of "
        "the runs",
    )
    cut = "" if figure.axes[0].get_ylim()[0] <= 0 else "The axis does not start at 0."
    footed(figure, tables, f"{cut} {marks.key}".strip())
    return figure


def _panel(ax: Axes, line: pd.DataFrame, reference: pd.DataFrame | None) -> None:
    x = line["year"]
    if len(x) == 1:
        for low, high, width in (("q05", "q95", 1.5), ("q25", "q75", 5.0)):
            ax.vlines(x, line[low], line[high], color=_BLUE, alpha=0.4, linewidth=width)
        ax.plot(x, line["mean"], color=_BLUE, marker="o")
    else:
        ax.fill_between(x, line["q05"], line["q95"], color=_BLUE, alpha=0.18, linewidth=0)
        ax.fill_between(x, line["q25"], line["q75"], color=_BLUE, alpha=0.35, linewidth=0)
        ax.plot(x, line["mean"], color=_BLUE)
    if reference is not None:
        x, y = reference["year"], reference["mean"]
        marker = "_" if len(x) == 1 else ""
        ax.plot(x, y, color="black", linestyle="--", linewidth=0.9, marker=marker, markersize=12)


def _handles(reference: str | None) -> list[Line2D | Patch]:
    handles: list[Line2D | Patch] = [
        Line2D([], [], color=_BLUE, label="mean"),
        Patch(color=_BLUE, alpha=0.5, linewidth=0, label="50 % of runs"),
        Patch(color=_BLUE, alpha=0.18, linewidth=0, label="90 % of runs"),
    ]
    if reference is not None:
        label = f"mean of {short(reference, 28)}"
        handles.append(Line2D([], [], color="black", linestyle="--", linewidth=0.9, label=label))
    return handles
