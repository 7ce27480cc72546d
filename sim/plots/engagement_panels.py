"""Engagement of the members of a bloc over time: panels by variant, lines by member."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.metrics.catalogue import METRICS
from sim.plots.figure_data import FigureData, by_variant, first, second
from sim.plots.panels import marks, panel_a_variant
from sim.plots.style import counted, footed, headed, looks, short

NOTHING = "no outcome names a bloc whose members' participation is in series.csv"


def subjects(tables: FigureData) -> list[str]:
    """Return the blocs to draw."""
    return tables.blocs("participation")


def build(tables: FigureData, bloc: str) -> Figure:
    """Return the figure of one bloc."""
    rows = _members(tables, bloc)
    lines = by_variant(rows)
    drawn = looks(list(dict.fromkeys(rows["member"])))
    handles = [
        look.handle(short(tables.called("states", name), 28)) for name, look in drawn.items()
    ]
    leader = tables.called("states", _leader(tables, bloc))

    def draw(ax: Axes, variant: str) -> None:
        for place, (name, look) in enumerate(drawn.items()):
            line = lines[variant][lines[variant]["member"] == name]
            ax.plot(
                line["year"],
                line["mean"],
                color=look.colour,
                linestyle=look.dash,
                marker=look.marker,
                markevery=marks(len(line), place, len(drawn)),
            )
        ax.set_ylim(-0.02, 1.02)

    axis = f"engagement ({METRICS['participation'].unit})"
    figure = panel_a_variant(lines, draw, axis, handles)
    headed(
        figure,
        f"Engagement of the members of {bloc}" + (" by variant" if len(lines) > 1 else ""),
        f"Mean over {counted(tables.series_runs)} of each variant"
        + (f"; the leader, {leader}, is left out" if leader else ""),
    )
    footed(figure, tables)
    return figure


def _members(tables: FigureData, bloc: str) -> pd.DataFrame:
    """Return the rows of members, without the leader and without states that never take part."""
    rows = tables.rows("participation")
    rows = rows.assign(member=first(rows["subject"]))
    rows = rows[second(rows["subject"]) == bloc]
    followers = rows[rows["member"] != _leader(tables, bloc)]
    taking_part = followers.groupby("member")["mean"].transform("max") > 0
    for kept in (followers[taking_part], followers):
        if not kept.empty:
            return kept
    return rows


def _leader(tables: FigureData, bloc: str) -> str:
    return str(tables.entry("blocs", bloc).get("leader", ""))
