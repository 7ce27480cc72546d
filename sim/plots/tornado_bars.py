"""Tornado: means of an outcome at the lowest and at the highest values of each swept path."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.plots.figure_data import FigureData
from sim.plots.labels import SEEN, in_percent, scale_of
from sim.plots.panels import Margins, explained, named_rows, page
from sim.plots.style import COLOURS, FILLS, GREY, HATCHES, fitted, headed, sentence, titled
from sim.plots.swept_outcome import SweptOutcome

_VARIANTS, _PATHS = 3, 20  # drawn at most
_ROW, _NAME = 0.3, 2.4  # inches


def build(tables: FigureData, subject: str) -> Figure:
    """Return the figure of one outcome, panels by variant; the first sets the order of paths."""
    swept = SweptOutcome.read(tables, subject, _VARIANTS)
    points, variants = swept.points, swept.variants
    order = [str(path) for path in points.effects(subject, variants[0]).index]
    paths = [*order, *(path for path in points.paths if path not in order)][:_PATHS]
    size = (_NAME + 2.4 * max(len(variants), 2), 1.9 + _ROW * len(paths))
    margins = Margins(left=_NAME, top=0.8, bottom=1.05, across=0.25)
    figure, panels = page(1, len(variants), size, margins, sharey=True, sharex=True)
    for ax, name in zip(panels[0], variants, strict=True):
        _bars(ax, swept, name, paths)
        titled(ax, name)
        ax.set_xlabel(fitted(sentence(scale_of(swept.metric)), 2.2, 8))
        ax.locator_params(axis="x", nbins=5)
        in_percent(swept.metric, ax, "x")
    ends = panels[0, 0].get_xlim()
    panels[0, 0].set_xlim(*swept.scale(*ends))
    named_rows(panels[0, 0], [fitted(path, _NAME - 0.2, 7.5) for path in paths])
    for ax in panels[0]:
        ax.grid(visible=True, axis="x")
    name, said = swept.words
    headed(
        figure,
        f"What moves it: {name[:1].lower() + name[1:]}",
        f"{said} Mean over the third of the points with "
        "the lowest, and with the highest values of a path",
    )
    explained(
        figure,
        [
            Patch(facecolor=FILLS[4], label="lowest values"),
            Patch(facecolor=FILLS[1], hatch=HATCHES[1], edgecolor="white", label="highest values"),
            Line2D([], [], color=COLOURS[0], linewidth=0.9, label="mean over all points"),
        ],
    )
    swept.footed(figure, ends, swept.paths_left(paths))
    return figure


def _bars(ax: Axes, swept: SweptOutcome, variant: str, paths: list[str]) -> None:
    points, outcome = swept.points, swept.outcome.text
    effects = points.effects(outcome, variant).reindex(paths)
    middle = float(points.rows(variant)[outcome].mean())
    at = np.arange(len(paths))
    for name, fill, hatch in (("low", FILLS[4], ""), ("high", FILLS[1], HATCHES[1])):
        width = effects[name].to_numpy() - middle
        ax.barh(
            at, width, 0.62, left=middle, color=fill, hatch=hatch, edgecolor="white", linewidth=0.4
        )
    for place in at[effects["low"].isna()].tolist():
        ax.text(middle, place, " not varied", size=6.5, color=GREY, va="center")
    moves = points.moves(outcome, variant)
    if not moves or not (effects.sub(middle).abs() >= SEEN * swept.least).any(axis=None):
        said = "too little to see" if moves else "the same at all points"
        ax.text(0.5, 0.5, said, transform=ax.transAxes, size=6.5, color=GREY,
                ha="center", va="center")  # fmt: skip
    ax.axvline(middle, color=COLOURS[0], linewidth=0.9)
