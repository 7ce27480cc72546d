"""Patterns: ensemble and history within the band of every check.

Quantities of different units share an axis: 0 is the lower end of the band and 1 the upper end.
A band that is open on one side is drawn up to the documented value, which is at one half.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.plots.figure_data import FigureData
from sim.plots.panels import Margins, explained, named_rows, page
from sim.plots.style import COLOURS, GREY, counted, footed, headed, short

NOTHING = "patterns.csv has no check with a band that the runs cover"
_ROWS = 24  # checks on a page, at most
_SHARED = 36  # lines on a page of several variants, at most
_ROW, _LABEL, _TEXT = 0.25, 2.5, 3.0  # inches
_ENDS = (-1.0, 2.0)  # values further out are drawn at the edge, as an arrow
_LOOKS: dict[str, dict[str, Any]] = {
    "inside": {"color": COLOURS[2], "marker": "o"},
    "outside": {"color": COLOURS[3], "marker": "s"},
    "undefined": {"color": GREY, "marker": "x"},
}
_SHADE = "#DCE6EE"


def subjects(tables: FigureData) -> list[str]:
    """Return the pages to draw: of several variants, or of one variant if it has many checks."""
    return list(_pages(tables))


def build(tables: FigureData, subject: str) -> Figure:
    """Return the figure of one page."""
    rows = _pages(tables)[subject]
    lines = _lines(rows)
    size = (7.8, 1.75 + _ROW * len(lines))
    margins = Margins(left=_LABEL, right=_TEXT, top=0.75, bottom=0.95)
    figure, panels = page(1, 1, size, margins)
    ax = panels[0, 0]
    _drawn(ax, [(at, line) for at, line in enumerate(lines) if not isinstance(line, str)])
    _labelled(ax, lines)
    variants = rows["variant"].unique()
    headed(
        figure,
        "Patterns" + (f": {short(str(variants[0]), 50)}" if len(variants) == 1 else " by variant"),
        f"Median and 5 to 95 % range over {counted(int(rows['runs'].max()))}, in the band of each "
        "check; right: median [5 %, 95 %]. Grey names are not scored",
    )
    explained(figure, _handles())
    footed(figure, tables, "Arrows point to values beyond the axis.")
    return figure


def _lines(rows: pd.DataFrame) -> list[Any]:
    """Return the lines of a page: checks, below the name of their variant if there are several."""
    lines: list[Any] = []
    several = len(rows["variant"].unique()) > 1
    for variant, part in rows.groupby("variant", sort=False):
        lines += [str(variant)] if several else []
        lines += part.itertuples(index=False)
    return lines


def _labelled(ax: Axes, lines: list[Any]) -> None:
    names = [
        short(line, 29) if isinstance(line, str) else short(f"{line.pattern} {line.check}", 34)
        for line in lines
    ]
    named_rows(ax, names)
    ax.set_ylim(len(lines) - 0.4, -0.6)
    ax.set_xlim(*_ENDS)
    for tick, line in zip(ax.yaxis.get_major_ticks(), lines, strict=True):
        if isinstance(line, str):
            tick.label1.set_fontweight("bold")
            tick.tick1line.set_visible(False)
        elif not line.scored > 0:
            tick.label1.set_color(GREY)
    ax.set_xticks([0, 1], ["lower end", "upper end"])


def _pages(tables: FigureData) -> dict[str, pd.DataFrame]:
    checks = tables["patterns"]
    banded = checks["low"].notna() | checks["high"].notna()
    checks = checks[banded & checks["verdict"].isin(_LOOKS)]
    parts = {str(variant): rows for variant, rows in checks.groupby("variant", sort=False)}
    if len(parts) > 1 and max(len(rows) for rows in parts.values()) < _ROWS // 2:
        return _shared(list(parts.values()))
    pages = {}
    for variant, rows in parts.items():
        count = ceil(len(rows) / _ROWS)
        size = ceil(len(rows) / count)
        for number in range(count):
            name = variant if count == 1 else f"{variant} {number + 1}"
            pages[name] = rows.iloc[number * size : (number + 1) * size]
    return pages


def _shared(parts: list[pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return pages of several whole variants, with about equal numbers of lines."""
    count = ceil(sum(len(rows) + 1 for rows in parts) / _SHARED)
    size = ceil(len(parts) / count)
    pages = [pd.concat(parts[at : at + size]) for at in range(0, len(parts), size)]
    names = ["variants"] if len(pages) == 1 else [f"variants {k + 1}" for k in range(len(pages))]
    return dict(zip(names, pages, strict=True))


def scale(low: float, high: float, historical: float) -> tuple[float, float]:
    """Return the values at 0 and at 1: the ends of a band; an open end is replaced."""
    if not np.isnan(low) and not np.isnan(high):
        return (low, high) if high > low else (low - 0.5, high + 0.5)
    end = high if np.isnan(low) else low
    gap = 2 * abs(historical - end) if not np.isnan(historical) else 0.0
    gap = gap or 2 * abs(end) or 1.0
    return (end - gap, end) if np.isnan(low) else (end, end + gap)


def _drawn(ax: Axes, rows: Sequence[tuple[int, Any]]) -> None:
    """Draw the band of each check at its line, the ensemble and history."""
    for place, row in rows:
        ax.annotate(
            _said(row), (1, place), xycoords=("axes fraction", "data"), xytext=(9, 0),
            textcoords="offset points", va="center", size=7,
            color="black" if row.scored > 0 else GREY,
        )  # fmt: skip
    at = np.array([place for place, _ in rows])
    spots = np.array([_spots(row) for _, row in rows])
    left, right, low, middle, high, history = spots.T
    ax.barh(at, right - left, left=left, height=0.72, color=_SHADE, linewidth=0)
    verdicts = np.array([row.verdict for _, row in rows])
    for verdict, look in _LOOKS.items():
        some = (verdicts == verdict) & ~np.isnan(middle)
        _ensembles(ax, at[some], (low[some], middle[some], high[some]), look)
    known = ~np.isnan(history)
    if known.any():
        ax.plot(
            np.clip(history[known], *_ENDS), at[known], marker="D", markersize=6.5,
            markerfacecolor="none", markeredgecolor="black", markeredgewidth=0.9,
            linestyle="none", clip_on=False, zorder=5,
        )  # fmt: skip


def _spots(row: Any) -> tuple[float, ...]:
    """Return positions on the axis: ends of the band, 5, 50 and 95 % quantiles, and history."""
    start, stop = scale(row.low, row.high, row.historical)
    left = 0.0 if not np.isnan(row.low) else _ENDS[0]
    right = 1.0 if not np.isnan(row.high) else _ENDS[1]
    if row.low == row.high:
        left, right = 0.47, 0.53
    values = (row.q05, row.q50, row.q95, row.historical)
    return (left, right, *((value - start) / (stop - start) for value in values))


def _ensembles(
    ax: Axes, at: np.ndarray, spots: tuple[np.ndarray, ...], look: dict[str, Any]
) -> None:
    """Draw the range and the median of some checks, with arrows for values beyond the axis."""
    low, middle, high = spots
    ends = [np.clip(each, *_ENDS) for each in (low, high)]
    ax.hlines(at, *ends, color=look["color"], linewidth=1.6)
    off = {"color": look["color"], "linestyle": "none", "clip_on": False}
    for beyond, end, mark in ((low < _ENDS[0], _ENDS[0], "<"), (high > _ENDS[1], _ENDS[1], ">")):
        if beyond.any():
            ax.plot(np.full(beyond.sum(), end), at[beyond], marker=mark, markersize=4, **off)
    inside = (_ENDS[0] < middle) & (middle < _ENDS[1])
    parts = ((inside, look["marker"]), (~inside & (middle > 1), ">"), (~inside & (middle < 1), "<"))
    for some, mark in parts:
        there = np.clip(middle[some], *_ENDS)
        if some.any():
            ax.plot(there, at[some], marker=mark, markersize=5, zorder=4, **off)


def _said(row: Any) -> str:
    low = "" if np.isnan(row.low) else _number(row.low)
    high = "" if np.isnan(row.high) else _number(row.high)
    ends = f"{low} to {high}" if low and high else f"{low} or more" if low else f"{high} or less"
    band = f"; band {ends}"
    if np.isnan(row.q50):
        return f"undefined{band}"
    if row.verdict == "undefined":
        return f"defined in {row.defined:.0f} of {row.runs:.0f} runs{band}"
    return f"{_number(row.q50)} [{_number(row.q05)}, {_number(row.q95)}]{band}"


def _number(value: float) -> str:
    if np.isinf(value):
        return "infinite" if value > 0 else "-infinite"
    return f"{value:.4g}" if abs(value) >= 1000 else f"{value:.3g}"


def _handles() -> Sequence[Any]:
    marks = [
        Line2D([], [], linewidth=1.6, markersize=5, label=f"median {name}", **look)
        for name, look in _LOOKS.items()
    ]
    history = Line2D(
        [], [], linestyle="none", marker="D", markersize=6.5, markerfacecolor="none",
        markeredgecolor="black", label="history",
    )  # fmt: skip
    return [*marks, history, Patch(color=_SHADE, linewidth=0, label="band")]
