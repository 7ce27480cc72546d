"""Paired differences of the outcomes from the reference variant, with 95 % intervals.

Outcomes of different units share an axis: a difference is divided by the standard deviation of
the outcome over the runs of all variants together. The number beside it is in the outcome's unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.plots.figure_data import PAGES, FigureData, NamedOutcome
from sim.plots.panels import Margins, explained, name_outcome, page
from sim.plots.style import COLOURS, GREY, PALE, counted, footed, headed, short

Item = TypeVar("Item")

NOTHING = "there is no second variant to compare with the first, or no outcome"
_ROWS, _COLUMNS = 18, 7  # outcomes and variants of a page, at most
_AT = -0.09  # where outcomes end, in widths of the panel
_ROW, _LABEL, _CELL = 0.3, 2.55, 1.2  # inches
_CLEAR: dict[str, Any] = {"color": COLOURS[2], "marker": "o", "markersize": 3.6}
_UNCLEAR: dict[str, Any] = {**_CLEAR, "color": GREY, "marker": "s", "markerfacecolor": "white"}


def subjects(tables: FigureData) -> list[str]:
    """Return the pages to draw: outcomes by kind of subject, as many as fit."""
    return list(_pages(tables))


def build(tables: FigureData, subject: str) -> Figure:
    """Return the figure of one page."""
    outcomes, variants = _pages(tables)[subject]
    texts = [each.text for each in outcomes]
    rows = _compared(tables).set_index(["variant", "outcome"])[["mean", "low", "high"]]
    scale = np.array([_spread(tables, text) for text in texts])
    size = (max(7.0, _LABEL + _CELL * len(variants) + 0.2), 1.75 + _ROW * len(outcomes))
    margins = Margins(left=_LABEL, right=0.62, top=0.75, bottom=0.95, across=0.55)
    figure, panels = page(1, len(variants), size, margins, sharex=True, sharey=True)
    for ax, variant in zip(panels[0], variants, strict=True):
        intervals = rows.reindex([(variant, text) for text in texts])
        _panel(ax, intervals.to_numpy(dtype=float), scale)
        ax.set_title(short(variant, 13 if len(variants) > 2 else 24))
        ax.locator_params(axis="x", nbins=3 if len(variants) > 2 else 6)
    first = panels[0][0]
    first.set_ylim(len(outcomes) - 0.5, -0.5)
    for place, each in enumerate(outcomes):
        name_outcome(first, place, each, _AT, transform=first.get_yaxis_transform())
    reach = max(0.1, *(np.abs(ax.dataLim.intervalx).max() for ax in panels[0]))
    panels[0][0].set_xlim(-1.08 * reach, 1.08 * reach)
    reference = tables.reference
    headed(
        figure,
        f"Differences from {reference}: outcomes of {subject}",
        f"Mean and 95 % interval of the paired differences over {counted(tables.runs)}; numbers "
        "are in the outcome's unit",
    )
    axis = "difference, in standard deviations of the outcome over the runs of all variants"
    figure.supxlabel(axis, y=0.58 / size[1], size=8)
    looks = (("interval excludes zero", _CLEAR), ("interval includes zero", _UNCLEAR))
    explained(figure, [Line2D([], [], label=label, **look) for label, look in looks])
    footed(figure, tables)
    return figure


def _compared(tables: FigureData) -> pd.DataFrame:
    rows = tables["differences"]
    return rows[rows["versus"] == tables.reference]


def _pages(tables: FigureData) -> dict[str, tuple[list[NamedOutcome], list[str]]]:
    rows = _compared(tables)
    variants = list(rows["variant"].unique())
    known = set(rows["outcome"])
    out = {}
    for name, kinds in PAGES.items():
        outcomes = [each for each in tables.of_kind(*kinds) if each.text in known]
        parts = [(o, v) for v in _parts(variants, _COLUMNS) for o in _parts(outcomes, _ROWS)]
        for place, part in enumerate(parts, start=1):
            out[name if len(parts) == 1 else f"{name} {place}"] = part
    return out


def _parts(items: Sequence[Item], most: int) -> list[list[Item]]:
    """Return items in parts of about equal length, none longer than `most`."""
    if not items:
        return []
    size = ceil(len(items) / ceil(len(items) / most))
    return [list(items[at : at + size]) for at in range(0, len(items), size)]


def _spread(tables: FigureData, outcome: str) -> float:
    """Return the standard deviation of an outcome over the runs of all variants, 1 if it is 0."""
    values = tables["outcomes"][outcome].to_numpy(dtype=float)
    values = values[~np.isnan(values)]
    return float(values.std()) if values.size and np.ptp(values) > 0 else 1.0


def _panel(ax: Axes, intervals: np.ndarray, scale: np.ndarray) -> None:
    mean, low, high = intervals.T
    clear = (low > 0) | (high < 0)
    rows = np.arange(len(intervals))
    ax.set_yticks([])
    ax.axvline(0, color=GREY, linewidth=0.8)
    ax.hlines(rows, 0, 1, color=PALE, linewidth=0.4, zorder=0, transform=ax.get_yaxis_transform())
    for mask, look in ((clear, _CLEAR), (~clear & ~np.isnan(mean), _UNCLEAR)):
        at = rows[mask]
        ax.hlines(at, (low / scale)[mask], (high / scale)[mask], color=look["color"], linewidth=1.3)
        ax.plot((mean / scale)[mask], at, linestyle="", **look)
    for place in rows[~np.isnan(mean)]:
        ax.text(
            1.03, place, _signed(mean[place]), transform=ax.get_yaxis_transform(), va="center",
            size=6.8, color="black" if clear[place] else GREY,
            weight="bold" if clear[place] else "normal",
        )  # fmt: skip


def _signed(value: float) -> str:
    size = abs(value)
    if size < 1e-12:  # rounding
        return "0"
    digits = 3 if size < 0.0995 else 2 if size < 9.95 else 0
    text = f"{size:.{digits}f}" if size >= 0.0005 else f"{size:.0e}".replace("e-0", "e-")
    return ("+" if value > 0 else "\N{MINUS SIGN}") + text
