"""The profile of cohesion of a bloc over time: columns by side, panels by metric, lines by variant.

A bar beside the lines is as high as the smallest effect of interest of the metric.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.metrics.catalogue import METRICS
from sim.metrics.declaration import SIDES
from sim.plots.figure_data import FigureData, by_variant
from sim.plots.labels import smallest_of
from sim.plots.panels import Margins, band, dated, explained, marks, page
from sim.plots.style import GREY, Look, counted, footed, headed, looks, sentence, short, titled

NOTHING = "no outcome names a bloc with a side of the profile of cohesion in series.csv"
_NAMES = {  # of metrics, as wide as a panel
    "engagement": "members' part in it",
    "engagement_min": "least member's part",
    "engagement_harmed": "part of the harmed",
    "reliability": "chance that it comes",
    "belief_mean": "belief in its aid",
    "aid_mean": "worth of its aid",
    "affinity_mean": "regard of members",
    "affinity_min": "lowest regard of one",
    "energy": "regard for rivals' side",
    "similarity": "likeness of regard",
    "drills": "members in its drills",
    "answered": "appeals answered",
    "contributions": "contributions made",
    "votes": "votes as it asked",
}
_PANEL = (1.75, 1.35)  # inches


def subjects(tables: FigureData) -> list[str]:
    """Return the blocs to draw, with metrics of two sides or more."""
    blocs = tables.blocs("cohesion")
    return [bloc for bloc in blocs if sum(map(bool, _columns(tables, bloc).values())) > 1]


def build(tables: FigureData, bloc: str) -> Figure:
    """Return the figure of one bloc."""
    columns = {side: metrics for side, metrics in _columns(tables, bloc).items() if metrics}
    rows = max(map(len, columns.values()))
    width, tall = len(columns) * _PANEL[0] + 1.2, rows * _PANEL[1] + 1.7
    room = Margins(left=0.55, top=0.95, bottom=0.85, across=0.45, down=0.4)
    figure, panels = page(rows, len(columns), (max(width, 6.0), tall), room)
    drawn: dict[str, Look] = {}
    for column, (side, metrics) in enumerate(columns.items()):
        for ax, metric in zip(panels[:, column], metrics, strict=False):
            lines = tables.rows(metric, subject=bloc)
            drawn = drawn or looks(list(by_variant(lines)))
            _panel(ax, lines, drawn, smallest_of(tables, metric))
            titled(ax, _NAMES.get(metric, metric.replace("_", " ")))
        for ax in panels[len(metrics) :, column]:
            ax.set_visible(False)
        panels[0, column].annotate(
            sentence(side), (0.0, 1.0), xycoords="axes fraction", xytext=(0, 18),
            textcoords="offset points", size=9.0, color=GREY,
        )  # fmt: skip
    explained(figure, [look.handle(short(name, 28)) for name, look in drawn.items()])
    headed(
        figure,
        f"Sides of the cohesion of {tables.called('blocs', bloc)}",
        f"Sides of cohesion (0 to 1, regard -1 to 1): mean over {counted(tables.series_runs)} of "
        "each variant; grey bars are as high as the smallest effect of interest",
    )
    footed(figure, tables, "Axes do not start at 0.")
    return figure


def _columns(tables: FigureData, bloc: str) -> dict[str, list[str]]:
    """Return the metrics of a bloc by side of cohesion, without those of founders."""
    rows = tables["series"]
    there = set(rows.loc[(rows["subject"] == bloc) & rows["mean"].notna(), "metric"])
    return {
        side: [
            name
            for name, each in METRICS.items()
            if each.side == side
            and not each.cohort
            and each.kind in {"bloc", "asker"}
            and name in there
        ]
        for side in SIDES
    }


def _panel(ax: Axes, rows: pd.DataFrame, drawn: dict[str, Look], smallest: float) -> None:
    lines = by_variant(rows)
    for place, (name, line) in enumerate(lines.items()):
        look = drawn[name]
        ax.plot(
            line["year"], line["mean"], color=look.colour, linestyle=look.dash, marker=look.marker,
            markevery=marks(len(line), place, len(lines)),
        )  # fmt: skip
    low, high = band(rows["mean"], rows["mean"])
    middle = (low + high) / 2
    ax.set_ylim(min(low, middle - smallest), max(high, middle + smallest))
    bar = [middle - smallest / 2, middle + smallest / 2]
    ax.plot(
        [1.04, 1.04], bar, transform=ax.get_yaxis_transform(), color=GREY, linewidth=3,
        clip_on=False, solid_capstyle="butt",
    )  # fmt: skip
    dated(ax, rows, most=4)
