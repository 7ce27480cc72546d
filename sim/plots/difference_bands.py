"""Paired differences of a metric over time: the first variant of a contrast less the second.

Each contrast has a panel. If a result has no paired differences by date, differences of the means
over runs are drawn: the same line, without interval and band.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.plots.event_marks import EventMarks
from sim.plots.figure_data import Contrast, FigureData
from sim.plots.labels import (
    definition_of,
    difference_unit_of,
    in_percent,
    smallest_of,
    title_of,
)
from sim.plots.panels import band, panel_a_variant
from sim.plots.style import COLOURS, GREY, counted, footed, headed, sentence

_COLOUR = COLOURS[2]


def difference_bands(
    tables: FigureData, metric: str, subject: str, contrasts: Sequence[Contrast]
) -> Figure:
    """Return the figure of some contrasts of a metric of one subject."""
    others = {versus for _, versus in contrasts}
    only = others.pop() if len(others) == 1 else ""
    pairs = {
        variant if only else f"{variant} less {versus}": (variant, versus)
        for variant, versus in contrasts
    }
    lines = {name: _line(tables, metric, subject, pair) for name, pair in pairs.items()}
    lines = {name: line for name, line in lines.items() if len(line)}
    rows = pd.concat(lines.values())
    known = bool(rows["low"].notna().any())
    marks = EventMarks.of(tables, subject, rows, [pairs[name] for name in lines])

    def draw(ax: Axes, name: str) -> None:
        draw_difference(ax, lines[name])
        marks.draw(ax, pairs[name])

    label = sentence(f"difference ({difference_unit_of(metric)})")
    figure = panel_a_variant(lines, draw, label, handles() if known else [])
    in_percent(metric, figure.axes[0])
    figure.axes[0].set_ylim(*limits_of(tables, metric, rows))
    definition, runs = definition_of(tables, metric, subject), counted(tables.series_runs)
    pair = f"{next(iter(lines))} less {only}" if len(lines) == 1 else f"variants less {only}"
    headed(
        figure,
        f"{title_of(tables, metric, subject)}: {pair if only else 'differences'}",
        f"{definition} Difference run by run over {runs}: mean, its 95 % interval, and the band of "
        "90 % of the runs"
        if known
        else f"{definition} Difference of the means over {runs}",
    )
    bare = [name for name, line in lines.items() if line["low"].isna().all()]
    lack = "" if known else "The result has no interval by date for this difference."
    if known and bare:
        lack = "Only contrasts have intervals by date; other panels show the mean."
    footed(figure, tables, f"{lack} {marks.key}".strip())
    return figure


def _line(tables: FigureData, metric: str, subject: str, contrast: Contrast) -> pd.DataFrame:
    """Return the difference by date, with an interval if the result has one."""
    variant, versus = contrast
    rows = tables["contrasts_series"]
    rows = rows[(rows["metric"] == metric) & (rows["subject"] == subject)]
    rows = rows[(rows["variant"] == variant) & (rows["versus"] == versus)]
    if len(rows):
        return rows
    ends = [
        tables.rows(metric, subject=subject, variant=each).set_index("date")
        for each in (variant, versus)
    ]
    mean = (ends[0]["mean"] - ends[1]["mean"]).dropna()
    lines = pd.DataFrame({"mean": mean, "year": ends[0]["year"].reindex(mean.index)})
    return lines.reset_index().reindex(columns=[*lines.reset_index(), "low", "high", "q05", "q95"])


def limits_of(tables: FigureData, metric: str, rows: pd.DataFrame) -> tuple[float, float]:
    """Return the ends of an axis of differences.

    The axis includes zero, and half of the smallest effect of interest either way, so that a
    negligible difference does not fill the panel.
    """
    least = smallest_of(tables, metric) / 2
    low = rows[["mean", "low", "q05"]].min(axis=1).clip(upper=-least)
    high = rows[["mean", "high", "q95"]].max(axis=1).clip(lower=least)
    return band(low, high)


def draw_difference(ax: Axes, line: pd.DataFrame) -> None:
    """Draw a difference by date, with its interval and the band of the runs."""
    x = line["year"]
    ax.axhline(0, color=GREY, linewidth=0.8)
    if (line[["mean", "q05", "q95"]] == 0).all(axis=None):  # limits would be about zero alone
        ax.plot(x, line["mean"], color=_COLOUR)
        ax.annotate(
            "no difference in these runs", (0.5, 0.5), (0, 4), "axes fraction",
            textcoords="offset points", size=6.5, color=GREY, ha="center",
        )  # fmt: skip
        return
    if len(x) == 1:
        for low, high, width in (("q05", "q95", 5.0), ("low", "high", 1.5)):
            ax.vlines(x, line[low], line[high], color=_COLOUR, alpha=0.4, linewidth=width)
        ax.plot(x, line["mean"], color=_COLOUR, marker="o")
        return
    ax.fill_between(x, line["q05"], line["q95"], color=_COLOUR, alpha=0.15, linewidth=0)
    ax.fill_between(x, line["low"], line["high"], color=_COLOUR, alpha=0.45, linewidth=0)
    ax.plot(x, line["mean"], color=_COLOUR)


def handles() -> list[Line2D | Patch]:
    """Return the legend of a difference."""
    return [
        Line2D([], [], color=_COLOUR, label="mean of the differences"),
        Patch(color=_COLOUR, alpha=0.55, linewidth=0, label="95 % interval of the mean"),
        Patch(color=_COLOUR, alpha=0.15, linewidth=0, label="90 % of runs"),
    ]
