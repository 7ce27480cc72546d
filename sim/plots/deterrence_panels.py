"""Deterrence: what two rivals could destroy of each other, striking first and striking back."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.plots.figure_data import FigureData
from sim.plots.panels import Margins, dated, explained, legend_height, marks, page
from sim.plots.style import PALE, Look, counted, footed, headed, looks, short, titled

NOTHING = "no outcome names two rivals whose exposure is in series.csv"
_ROWS = {"exposure": "striking first", "second_strike": "struck first, striking back"}
_UNIT = "share of asset value"


def subjects(tables: FigureData) -> list[str]:
    """Return the dyads to draw, each once, in the direction that is named first."""
    rows = tables.series
    present = set(rows.loc[rows["metric"].isin(_ROWS), "subject"])
    dyads: list[str] = []
    for named in tables.of_kind("dyad"):
        there = {named.subject, _back(named.subject)}
        if there & present and not there & set(dyads):
            dyads.append(named.subject)
    return dyads


def build(tables: FigureData, dyad: str) -> Figure:
    """Return the figure of one dyad, both ways."""
    ways = [dyad, _back(dyad)]
    lines = {(name, way): tables.lines(name, way) for name in _ROWS for way in ways}
    drawn = looks(list(next(each for each in lines.values() if each)))
    reference = next(iter(drawn))
    shade = Patch(color=PALE, alpha=0.5, linewidth=0, label=f"90 % of runs, {short(reference, 20)}")
    handles = [*(look.handle(short(name, 34)) for name, look in drawn.items()), shade]
    below = 0.62 + legend_height([str(each.get_label()) for each in handles], 7.4)
    margins = Margins(bottom=below, across=0.2, down=0.45)
    figure, panels = page(2, 2, (7.4, 4.2 + below), margins, sharex=True, sharey=True)
    for (name, way), ax in zip(lines, panels.flat, strict=True):
        _panel(ax, lines[name, way], drawn)
        striker, target = way.split(">")
        names = f"{short(striker, 14)} against {short(target, 14)}"
        titled(ax, f"{names}, {_ROWS[name]}")
    every = pd.concat(part for each in lines.values() for part in each.values())
    dated(panels[0, 0], every)
    panels[0, 0].set_ylim(bottom=0)
    for ax in panels[:, 0]:
        ax.set_ylabel(_UNIT)
    first, second = dyad.split(">")
    headed(
        figure,
        f"Exposure and second strike between {first} and {second}",
        f"Share of the other's asset value that each could destroy: mean over "
        f"{counted(tables.series_runs)} of each variant",
    )
    explained(figure, handles)
    footed(figure, tables, "Markers are staggered, so that lines that coincide can be told apart.")
    return figure


def _panel(ax: Axes, lines: dict[str, pd.DataFrame], drawn: dict[str, Look]) -> None:
    """Draw one metric one way: a line a variant, a band for the first."""
    for place, (name, look) in enumerate(drawn.items()):
        if name not in lines:
            continue
        line = lines[name]
        if place == 0:
            width = 0.0 if len(line) > 1 else 6.0
            ax.fill_between(
                line["year"],
                line["q05"],
                line["q95"],
                color=PALE,
                alpha=0.5,
                linewidth=width,
            )
        ax.plot(
            line["year"],
            line["mean"],
            color=look.colour,
            linestyle=look.dash,
            marker=look.marker,
            markevery=marks(len(line), place, len(drawn)),
        )


def _back(dyad: str) -> str:
    """Return a dyad the other way."""
    first, _, second = dyad.partition(">")
    return f"{second}>{first}"
