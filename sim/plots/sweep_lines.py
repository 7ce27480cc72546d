"""An outcome against each swept path: a line for each variant, with the band of the points."""

from __future__ import annotations

from math import ceil

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.plots.figure_data import FigureData, NamedOutcome
from sim.plots.labels import (
    definition_of,
    in_percent,
    outcome_words,
    scale_of,
    smallest_of,
    width_note,
)
from sim.plots.panels import Margins, explained, page, widened
from sim.plots.style import (
    Look,
    fitted,
    footed,
    headed,
    looks,
    make_room,
    sentence,
    short,
)
from sim.plots.swept_points import SweptPoints, places, variants_of

_VARIANTS, _PATHS = 7, 9  # drawn at most
_BANDS = 2  # variants up to which each has a band


def build(tables: FigureData, subject: str) -> Figure:
    """Return the figure of one outcome."""
    points, outcome = SweptPoints(tables), NamedOutcome.read(subject)
    assert outcome is not None  # noqa: S101 - subjects are outcomes
    variants = variants_of(tables, _VARIANTS)
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
                _line(ax, points.rows(name), path, outcome.text, drawn[name], banded=banded)
        ax.set_xlabel(fitted(path, size[0] / columns - 0.3, 7.5), size=7.5)
        ax.locator_params(axis="x", nbins=5)
    for ax in panels.flat[len(paths) :]:
        ax.set_visible(False)
    for ax in panels[:, 0]:
        ax.set_ylabel(sentence(scale_of(outcome.metric)))
    in_percent(outcome.metric, panels[0, 0])
    low, high = panels[0, 0].get_ylim()
    wide = widened(low, high, smallest_of(tables, outcome.metric))
    panels[0, 0].set_ylim(*wide)
    make_room(figure)
    name, below = outcome_words(tables, outcome)
    said = definition_of(tables, outcome.metric, outcome.subject)
    others = "" if alone else ", while the other paths vary"
    band = "; band: 5 to 95 % of the points" if banded else ""
    headed(
        figure,
        f"{name}, by swept path",
        f"{said} {sentence(below)}. Mean over the points at about the value{others}{band}",
    )
    explained(figure, [look.handle(short(each, 28)) for each, look in drawn.items()])
    left = len(points.paths) - len(paths)
    notes = (
        f"{left} more paths were swept (--over)." if left else "",
        width_note(tables, outcome.metric) if wide != (low, high) else "",
    )
    footed(figure, tables, " ".join(filter(None, notes)))
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
