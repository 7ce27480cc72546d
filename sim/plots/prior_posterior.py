"""Figures of a calibration: prior against posterior of numbers, and the fit of patterns."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.plots.figure_data import FigureData
from sim.plots.panels import Margins, named_rows, page
from sim.plots.style import COLOURS, GREY, PALE, footed, headed, short
from sim.records.frames import rows_of

NOTHING = "identified.csv or fit.csv has no rows"
MOST = 20  # numbers that are drawn
EDGE = 4  # half-widths of a band; values further out are drawn here
BLUE, ORANGE = COLOURS[2], COLOURS[1]


def subjects(tables: FigureData) -> list[str]:
    """Return one figure, if a number was fitted."""
    return [""] if len(tables["identified"]) and len(tables["fit"]) else []


def build_numbers(tables: FigureData, _: str) -> Figure:
    """Return the figure of 90 % intervals before and after, as shares of the prior interval."""
    table = tables["identified"]
    moved = table[table["sd_ratio"] != 1]
    rows = (table if moved.empty else moved).head(MOST)
    below = "Grey: prior; blue: posterior, 90 % and median"
    if len(rows) < len(table):
        below += (
            f"; {len(rows)} of {len(table):,} numbers ({len(table) - len(moved):,} keep theirs)"
        )
    title = "Prior and posterior of the numbers best identified"
    figure, ax = _page(tables, title, below, rows["path"])
    for at, row in enumerate(rows_of(rows)):
        ends = np.array([row.posterior_q05, row.posterior_q50, row.posterior_q95])
        left, centre, right = (ends - row.prior_q05) / max(row.prior_q95 - row.prior_q05, 1e-300)
        ax.hlines(at, 0, 1, color=PALE, linewidth=5)
        ax.hlines(at, left, right, color=BLUE, linewidth=2)
        ax.plot(centre, at, "o", color=BLUE)
        if row.identified != "yes":
            ax.text(1.04, at, "not identified", va="center", size=6.5, color=GREY)
    ax.set_xlabel("share of the prior's interval of 90 %")
    return figure


def build_checks(tables: FigureData, _: str) -> Figure:
    """Return the figure of checks, in half-widths of bands: prior, posterior and history."""
    rows = tables["fit"]
    below = "Grey: band; orange: prior, blue: posterior, 90 % of runs and median; bar: history"
    figure, ax = _page(tables, "Patterns before and after the fit", below, rows["check"])
    for at, row in enumerate(rows_of(rows)):
        low, high = np.nan_to_num([row.low, -row.high], nan=-np.inf) * (1, -1)
        middle, half = _scale(low, high)
        band = np.clip((np.array([low, high]) - middle) / half, -EDGE, EDGE)
        ax.hlines(at, *band, color=PALE, linewidth=7)
        for shift, name, colour in ((0.17, "prior", ORANGE), (-0.17, "posterior", BLUE)):
            ends = np.array([getattr(row, f"{name}_{part}") for part in ("q05", "q50", "q95")])
            left, centre, right = np.clip((ends - middle) / half, -EDGE, EDGE)
            ax.hlines(at + shift, left, right, color=colour, linewidth=1.4)
            ax.plot(centre, at + shift, "o", color=colour)
        if np.isfinite(row.historical):
            history = np.clip((row.historical - middle) / half, -EDGE, EDGE)
            ax.plot(history, at, "k|", markersize=10)
    ax.set_xlim(-EDGE - 0.2, EDGE + 0.2)
    ax.set_xlabel(f"half-widths from the middle of the band, cut off at {EDGE}")
    return figure


def _scale(low: float, high: float) -> tuple[float, float]:
    """Return the middle and the half-width of a band; of an open band its end, and half of it."""
    if np.isfinite(low) and np.isfinite(high):
        return (low + high) / 2, max((high - low) / 2, 1e-9)
    edge = low if np.isfinite(low) else high
    return edge, abs(edge) / 2 or 1.0


def _page(tables: FigureData, title: str, below: str, names: pd.Series) -> tuple[Figure, Axes]:
    size = (7.2, 1.4 + 0.24 * max(len(names), 3))
    figure, panels = page(1, 1, size, Margins(left=2.6, right=0.86, top=0.65, bottom=0.75))
    named_rows(panels[0, 0], [short(name, 40) for name in names])
    headed(figure, title, below)
    footed(figure, tables)
    return figure, panels[0, 0]
