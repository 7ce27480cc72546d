"""Deterrence: the assets that two rivals could destroy of each other, by first and second strike.

The lines of both often coincide: that of the first strike is broad and pale, the other thin and
dark.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.plots.figure_data import FigureData, by_variant
from sim.plots.panels import panel_a_variant
from sim.plots.style import COLOURS, GREY, counted, footed, headed, short

_SEEN = 0.01  # share of the highest mean: about the width of a line
NOTHING = "no strikes to draw: no rivals that outcomes name could destroy assets of each other"
_METRICS: dict[str, tuple[str, dict[str, Any]]] = {
    "exposure": ("striking first", {"linewidth": 3.5, "alpha": 0.45}),
    "second_strike": ("struck first, striking back", {"linewidth": 1.0, "linestyle": (0, (4, 2))}),
}
_WAYS = (COLOURS[2], COLOURS[3])
_REFERENCE: dict[str, Any] = {"color": "black", "linestyle": ":", "linewidth": 1.0}


def subjects(tables: FigureData) -> list[str]:
    """Return the dyads to draw, each once, in the direction that outcomes name first.

    Dyads without any value above 0, as where no state has assets, are left out.
    """
    rows = tables["series"]
    present = set(rows.loc[rows["metric"].isin(_METRICS) & (rows["mean"] > 0), "subject"])
    dyads: list[str] = []
    for named in tables.of_kind("dyad"):
        there = {named.subject, _back(named.subject)}
        if there & present and not there & set(dyads):
            dyads.append(named.subject)
    return dyads


def build(tables: FigureData, dyad: str) -> Figure:
    """Return the figure of one dyad, both ways, with a panel for each variant."""
    ways = dict(zip((dyad, _back(dyad)), _WAYS, strict=True))
    parts = {
        (metric, way): by_variant(tables.rows(metric, subject=way))
        for way in ways
        for metric in _METRICS
    }
    rows = pd.concat([pd.concat(part.values()) for part in parts.values() if part])
    lines = by_variant(rows)
    reference = next(iter(lines))
    alike = [] if tables.shown else _alike([*parts.values()], reference, [*lines][1:])
    lines = {name: line for name, line in lines.items() if name not in alike}

    def draw(ax: Axes, variant: str) -> None:
        for (metric, way), part in parts.items():
            if variant in part:
                _drawn(ax, part[variant], ways[way], metric)
            if metric == "exposure" and variant != reference and reference in part:
                ax.plot(part[reference]["year"], part[reference]["mean"], **_REFERENCE)

    handles: list[Line2D | Patch] = []
    for way, colour in ways.items():
        called = (tables.called("states", name) for name in way.split(">"))
        names = " against ".join(short(name, 14) for name in called)
        for said, look in _METRICS.values():
            handles.append(Line2D([], [], color=colour, label=f"{names}, {said}", **look))
    shade: dict[str, Any] = {"color": GREY, "alpha": 0.25, "linewidth": 0}
    handles.append(Patch(label="90 % of runs, striking first", **shade))
    if len(lines) > 1:
        label = f"striking first in {short(reference, 20)}"
        handles.append(Line2D([], [], label=label, **_REFERENCE))
    figure = panel_a_variant(lines, draw, "share of asset value", handles)
    figure.axes[0].set_ylim(bottom=0)
    first, second = (tables.called("states", name) for name in dyad.split(">"))
    headed(
        figure,
        f"Exposure and second strike between {first} and {second}",
        f"Share of the other's asset value that each could destroy: mean over "
        f"{counted(tables.series_runs)} of each variant",
    )
    footed(figure, tables, f"As in {reference}: {', '.join(alike)}." if alike else "")
    return figure


def _alike(
    parts: Sequence[dict[str, pd.DataFrame]], reference: str, others: Sequence[str]
) -> list[str]:
    """Return the variants whose lines of means look the same as those of the first."""
    least = _SEEN * max(float(line["mean"].max()) for part in parts for line in part.values())

    def same(part: dict[str, pd.DataFrame], name: str) -> bool:
        both = [part[each]["mean"].to_numpy() for each in (name, reference) if each in part]
        return not both or (
            len(both) > 1
            and both[0].shape == both[1].shape
            and bool(np.abs(both[0] - both[1]).max() <= least)
        )

    return [name for name in others if all(same(part, name) for part in parts)]


def _drawn(ax: Axes, line: pd.DataFrame, colour: str, metric: str) -> None:
    """Draw one metric one way; around a first strike also the band of the runs."""
    x = line["year"]
    _, look = _METRICS[metric]
    if metric == "exposure":
        width = 0.0 if len(x) > 1 else 6.0
        ax.fill_between(x, line["q05"], line["q95"], color=colour, alpha=0.15, linewidth=width)
    ax.plot(x, line["mean"], color=colour, marker="o" if len(x) == 1 else "", **look)


def _back(dyad: str) -> str:
    first, _, second = dyad.partition(">")
    return f"{second}>{first}"
