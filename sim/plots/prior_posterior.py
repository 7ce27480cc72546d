"""Figures of a calibration: prior against posterior of numbers, and the fit of patterns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.plots.figure_data import FigureData
from sim.plots.style import COLOURS, GREY, PALE, short

NOTHING = "identified.csv or fit.csv has no rows"
MOST = 20  # numbers drawn
BLUE, ORANGE = COLOURS[2], COLOURS[1]


def subjects(tables: FigureData) -> list[str]:
    """Return one figure, if a number was fitted."""
    return [""] if len(tables.identified) and len(tables.fit) else []


def build_numbers(tables: FigureData, _: str) -> Figure:
    """Return the figure of the numbers."""
    return _numbers(tables.identified.head(MOST))


def build_checks(tables: FigureData, _: str) -> Figure:
    """Return the figure of the checks."""
    return _patterns(tables.fit)


def _numbers(rows: pd.DataFrame) -> Figure:
    """Return intervals of 90 % of numbers, before and after, as shares of the prior's width."""
    figure, ax = _page(len(rows), "Prior and posterior of the numbers best identified")
    for at, row in enumerate(_rows(rows)):
        width = max(row.prior_q95 - row.prior_q05, 1e-300)
        ends = [
            (each - row.prior_q05) / width
            for each in (row.posterior_q05, row.posterior_q50, row.posterior_q95)
        ]
        ax.hlines(at, 0, 1, color=PALE, linewidth=5)
        ax.hlines(at, ends[0], ends[2], color=BLUE, linewidth=2)
        ax.plot(ends[1], at, "o", color=BLUE)
        if row.identified != "yes":
            ax.text(1.04, at, "not identified", va="center", size=6.5, color=GREY)
    _labelled(ax, list(rows["path"]))
    ax.set_xlabel("share of the prior's interval of 90 % (grey); posterior 90 % and median (blue)")
    return figure


def _patterns(rows: pd.DataFrame) -> Figure:
    """Return the checks: prior, posterior and history in half-widths from the middle of bands."""
    figure, ax = _page(len(rows), "Patterns before and after the fit")
    for at, row in enumerate(_rows(rows)):
        low = row.low if np.isfinite(row.low) else -np.inf
        high = row.high if np.isfinite(row.high) else np.inf
        middle, half = _scale(low, high)
        ax.hlines(at, max((low - middle) / half, -4), min((high - middle) / half, 4),
                  color=PALE, linewidth=7)  # fmt: skip
        for shift, name, colour in ((0.17, "prior", ORANGE), (-0.17, "posterior", BLUE)):
            ends = [getattr(row, f"{name}_{part}") for part in ("q05", "q50", "q95")]
            left, centre, right = np.clip((np.array(ends) - middle) / half, -4, 4)
            ax.hlines(at + shift, left, right, color=colour, linewidth=1.4)
            ax.plot(centre, at + shift, "o", color=colour)
        if np.isfinite(row.historical):
            ax.plot(np.clip((row.historical - middle) / half, -4, 4), at, "k|", markersize=10)
    _labelled(ax, list(rows["check"]))
    ax.set_xlim(-4.2, 4.2)
    ax.set_xlabel("half-widths from the middle of the band (grey), cut off at 4")
    note = "orange: prior, blue: posterior (90 % of the runs and median); black bar: history"
    figure.text(0.01, 1 - 0.3 / figure.get_figheight(), note, va="top", size=7, color=GREY)
    return figure


def _rows(frame: pd.DataFrame) -> Iterable[Any]:
    return frame.itertuples(index=False)


def _scale(low: float, high: float) -> tuple[float, float]:
    """Return the middle and the half-width of a band; of an open one its end, and half of it."""
    if np.isfinite(low) and np.isfinite(high):
        return (low + high) / 2, max((high - low) / 2, 1e-9)
    edge = low if np.isfinite(low) else high
    return edge, abs(edge) / 2 or 1.0


def _page(rows: int, title: str) -> tuple[Figure, Axes]:
    """Return an empty page for some rows."""
    figure = Figure(figsize=(7.2, 1.0 + 0.24 * max(rows, 3)))
    ax = figure.add_axes(
        (0.36, 0.55 / figure.get_figheight(), 0.52, 1 - 0.95 / figure.get_figheight())
    )
    figure.text(0.01, 1 - 0.08 / figure.get_figheight(), title, va="top", size=10.5, weight="bold")
    return figure, ax


def _labelled(ax: Axes, names: list[str]) -> None:
    """Name the rows, the first on top."""
    ax.set_yticks(range(len(names)), [short(name, 40) for name in names])
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.grid(visible=False)
