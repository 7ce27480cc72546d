"""An outcome against each swept path: a line for each variant, with the band of the points."""

from __future__ import annotations

from math import ceil

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.plots.figure_data import FigureData
from sim.plots.labels import in_percent, scale_of
from sim.plots.panels import Margins, explained, page
from sim.plots.style import Look, fitted, headed, looks, make_room, sentence, short
from sim.plots.swept_outcome import SweptOutcome
from sim.plots.swept_points import places

_VARIANTS, _PATHS = 7, 9  # drawn at most
_BANDS = 2  # variants up to which each has a band


def build(tables: FigureData, subject: str) -> Figure:
    """Return the figure of one outcome."""
    swept = SweptOutcome.read(tables, subject, _VARIANTS)
    points, variants = swept.points, swept.variants
    paths = points.paths[:_PATHS]
    columns = min(3, len(paths))
    rows = ceil(len(paths) / columns)
    size = (max(5.6, 2.6 * columns + 0.9), 2.2 * rows + 1.75)
    margins = Margins(bottom=1.1, down=0.65, across=0.2)
    figure, panels = page(rows, columns, size, margins, sharey=True)
    drawn = looks(list(variants))
    alone = len(points.swept) == 1
    banded = not alone and len(variants) <= _BANDS
    for ax, path in zip(panels.flat, paths, strict=False):
        for name in variants:
            if path in points.varied(name):
                _line(ax, points.rows(name), path, subject, drawn[name], banded=banded)
        ax.set_xlabel(fitted(path, size[0] / columns - 0.3, 7.5), size=7.5)
        ax.locator_params(axis="x", nbins=5)
    for ax in panels.flat[len(paths) :]:
        ax.set_visible(False)
    for ax in panels[:, 0]:
        ax.set_ylabel(sentence(scale_of(swept.metric)))
    in_percent(swept.metric, panels[0, 0])
    ends = panels[0, 0].get_ylim()
    panels[0, 0].set_ylim(*swept.scale(*ends))
    make_room(figure)
    name, said = swept.words
    others = "" if alone else ", while the other paths vary"
    band = "; band: 5 to 95 % of the points" if banded else ""
    headed(
        figure,
        f"{name}, by swept path",
        f"{said} Mean over the points at about the value{others}{band}",
    )
    explained(figure, [look.handle(short(each, 28)) for each, look in drawn.items()])
    swept.footed(figure, ends, swept.paths_left(paths))
    return figure


def _line(
    ax: Axes, rows: pd.DataFrame, path: str, outcome: str, look: Look, *, banded: bool
) -> None:
    place, at = places(rows[path])
    groups = rows[outcome].groupby(place)
    if banded:
        low, high = groups.quantile(0.05), groups.quantile(0.95)
        ax.fill_between(at, low, high, color=look.colour, alpha=0.14, linewidth=0)
    ax.plot(at, groups.mean(), color=look.colour, linestyle=look.dash, marker=look.marker)
