"""An outcome over two swept paths: a heat map with contours, a panel for each variant."""

from __future__ import annotations

from math import ceil, sqrt
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.metrics.catalogue import METRICS
from sim.plots.figure_data import FigureData
from sim.plots.labels import scale_of
from sim.plots.panels import Margins, page
from sim.plots.style import GREY, fitted, headed, sentence, titled
from sim.plots.swept_outcome import SweptOutcome
from sim.plots.swept_points import SweptPoints
from sim.plots.swept_points import known as every_outcome
from sim.plots.swept_points import subjects as outcomes_of

NOTHING = "fewer than two numbers were swept, or no outcome differs from point to point"
_VARIANTS = 4  # drawn at most
_CELLS = 3  # approximate number of points in a cell of the map
_BAR = 1.1  # width of the colour scale, inches


def subjects(tables: FigureData) -> list[str]:
    """Return the outcomes, if two numbers were swept."""
    return outcomes_of(tables) if len(SweptPoints(tables).paths) > 1 else []


def known(tables: FigureData) -> list[str]:
    """Return all outcomes that can be drawn, if two numbers were swept."""
    return every_outcome(tables) if len(SweptPoints(tables).paths) > 1 else []


def build(tables: FigureData, subject: str) -> Figure:
    """Return the figure of one outcome over the two paths that move it most."""
    swept = SweptOutcome.read(tables, subject, _VARIANTS)
    points, variants = swept.points, swept.variants
    first, second = _paths(points, subject, variants[0])
    columns = min(2, len(variants))
    down = ceil(len(variants) / columns)
    size = (3.1 * columns + 0.9 + _BAR, 2.7 * down + 1.45)
    margins = Margins(left=0.7, right=_BAR + 0.2, bottom=0.8, down=0.4, across=0.2)
    figure, panels = page(down, columns, size, margins, sharex=True, sharey=True)
    values = points.frame.loc[points.frame["variant"].isin(variants), subject]
    factor = 100 if METRICS[swept.metric].percent else 1
    ends = float(values.min()), float(values.max())
    low, high = swept.scale(*ends)
    levels = np.linspace(factor * low, factor * high, 9)
    for ax, name in zip(panels.flat, variants, strict=False):
        rows = points.rows(name)
        mesh = _map(ax, rows, (first, second), factor * rows[subject], levels)
        titled(ax, name)
    for ax in panels.flat[len(variants) :]:
        ax.set_visible(False)
    figure.supxlabel(fitted(first, size[0] - 1, 8), size=8, y=0.33 / size[1])
    figure.supylabel(fitted(second, size[1] - 1, 8), size=8, x=0.1 / size[0])
    place = figure.add_axes((1 - _BAR / size[0], 1 / size[1], 0.14 / size[0], 1 - 2 / size[1]))
    bar = figure.colorbar(mesh, cax=place)
    bar.set_label(fitted(sentence(scale_of(swept.metric)), size[1] - 2, 7.5), size=7.5)
    name, said = swept.words
    headed(
        figure,
        f"{name}, over two swept paths",
        f"{said} Mean over the points of a cell; white: no point; lines join equal means",
    )
    swept.footed(figure, ends, "" if len(points.paths) == 2 else "The other paths vary, too.")
    return figure


def _paths(points: SweptPoints, outcome: str, variant: str) -> tuple[str, str]:
    """Return the two paths that the user asks for, else those that move an outcome most."""
    if len(points.tables.over) > 1:
        return points.tables.over[0], points.tables.over[1]
    order = [str(path) for path in (*points.effects(outcome, variant).index, *points.paths)]
    first, second, *_ = dict.fromkeys(order)
    return first, second


def _map(
    ax: Axes,
    rows: pd.DataFrame,
    paths: tuple[str, str],
    values: pd.Series,
    levels: np.ndarray,
) -> Any:
    """Draw the means of cells, and contours where every cell has a point."""
    edges = [_edges(rows[path], len(rows)) for path in paths]
    at = [
        np.clip(np.searchsorted(each, rows[path], side="right") - 1, 0, len(each) - 2)
        for each, path in zip(edges, paths, strict=True)
    ]
    known = values.notna().to_numpy()
    shape = (len(edges[1]) - 1, len(edges[0]) - 1)
    total, count = np.zeros(shape), np.zeros(shape)
    np.add.at(total, (at[1][known], at[0][known]), values.to_numpy()[known])
    np.add.at(count, (at[1][known], at[0][known]), 1)
    cells = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    ends = (float(levels[0]), float(levels[-1]))
    mesh = ax.pcolormesh(*edges, cells, cmap="viridis", vmin=ends[0], vmax=ends[1], linewidth=0)
    ax.grid(visible=False)
    ax.plot(rows[paths[0]], rows[paths[1]], ".", color=GREY, markersize=1.2)
    if min(shape) > 3 and not np.isnan(cells).any():
        middles = [(each[1:] + each[:-1]) / 2 for each in edges]
        ax.contour(*middles, cells, levels=levels[1:-1:2], colors="white", linewidths=0.8)
    ax.locator_params(nbins=5)
    return mesh


def _edges(values: pd.Series, count: int) -> np.ndarray:
    """Return the limits of cells: between the values of a grid, else at equal distances."""
    known = np.sort(values.unique())
    most = int(np.clip(round(sqrt(count / _CELLS)), 2, 20))
    if len(known) <= max(most, 12) and len(known) ** 2 <= 1.5 * count:
        middles = (known[1:] + known[:-1]) / 2
        return np.array([2 * known[0] - middles[0], *middles, 2 * known[-1] - middles[-1]])
    return np.linspace(known[0], known[-1], most + 1)
