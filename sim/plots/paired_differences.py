"""Paired differences of the outcomes in every contrast of the scenario, with 95 % intervals.

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

from sim.experiments.effects import (
    LARGER,
    LARGER_OPEN,
    NONE,
    SMALLER,
    SMALLER_OPEN,
    UNDECIDED,
)
from sim.metrics.catalogue import METRICS
from sim.plots.figure_data import PAGES, Contrast, FigureData, NamedOutcome
from sim.plots.labels import outcome_words, smallest_of
from sim.plots.panels import Margins, explained, name_outcome, page
from sim.plots.style import COLOURS, GREY, PALE, counted, fitted, footed, headed, signed

Item = TypeVar("Item")

NOTHING = "there is no second variant to compare with the first, or no outcome"
_ROWS, _COLUMNS = 16, 6  # outcomes and contrasts on a page, at most
_AT = -0.09  # right end of the names of outcomes, in widths of the panel
_ROW, _LABEL, _CELL = 0.38, 2.9, 1.32  # inches
_TINY = 0.01  # in smallest effects of interest: smaller differences are shown as 0
_BLUE, _WHITE = COLOURS[2], "white"
_DOT: dict[str, Any] = {"marker": "o", "markersize": 4, "linestyle": ""}
_LOOKS: dict[str, dict[str, Any]] = {
    "larger or smaller": {"color": _BLUE, **_DOT},
    "larger or smaller, size open": {"color": _BLUE, **_DOT, "markerfacecolor": _WHITE},
    "no difference to speak of": {"color": GREY, **_DOT, "marker": "D", "markersize": 3.2},
    "undecided": {"color": GREY, **_DOT, "marker": "s", "markerfacecolor": _WHITE},
}
_CLEAR, _OPEN, _NONE, _UNDECIDED = _LOOKS
_OF_VERDICT = {
    LARGER: _CLEAR, SMALLER: _CLEAR, LARGER_OPEN: _OPEN, SMALLER_OPEN: _OPEN, NONE: _NONE,
    UNDECIDED: _UNDECIDED,
}  # fmt: skip


def subjects(tables: FigureData) -> list[str]:
    """Return the pages to draw: outcomes by kind of subject, as many as fit on each."""
    return list(_pages(tables))


def build(tables: FigureData, subject: str) -> Figure:
    """Return the figure of one page."""
    outcomes, contrasts = _pages(tables)[subject]
    rows = _compared(tables)
    cell = _CELL if len(contrasts) > 2 else 1.9 if len(contrasts) > 1 else 3.0
    size = (_LABEL + cell * len(contrasts) + 0.2, 2.05 + _ROW * len(outcomes))
    margins = Margins(left=_LABEL, right=0.62, top=0.9, bottom=1.1, across=0.6)
    figure, panels = page(1, len(contrasts), size, margins, sharex=True, sharey=True)
    spreads = np.array([_spread(tables, each.text) for each in outcomes])
    for ax, (variant, versus) in zip(panels[0], contrasts, strict=True):
        own = rows[(rows["variant"] == variant) & (rows["versus"] == versus)]
        _panel(ax, tables, outcomes, spreads, own.set_index("outcome"))
        names = [
            fitted(each, _CELL - 0.05, 8, weight="bold") for each in (variant, f"less {versus}")
        ]
        ax.set_title("\n".join(names), size=8)
        ax.locator_params(axis="x", nbins=3 if len(contrasts) > 1 else 6)
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}".replace("-", "\N{MINUS SIGN}"))
    first = panels[0][0]
    first.set_ylim(len(outcomes) - 0.5, -0.5)
    for place, each in enumerate(outcomes):
        name, below = outcome_words(tables, each)
        name_outcome(first, place, name, below.replace("per cent", "points"), _AT)
    reach = max(0.1, *(np.abs(ax.dataLim.intervalx).max() for ax in panels[0]))
    panels[0][0].set_xlim(-1.08 * reach, 1.08 * reach)
    headed(
        figure,
        f"Differences between variants: outcomes of {', page '.join(subject.split())}",
        f"Mean and 95 % interval of the paired differences over {counted(tables.runs)}; numbers "
        "are in the outcome's unit, bold if the interval lies beyond the smallest effect of "
        "interest",
    )
    axis = "difference, in standard deviations of the outcome over the runs of all variants"
    figure.supxlabel(axis, y=0.72 / size[1], size=8)
    explained(figure, [Line2D([], [], label=label, **look) for label, look in _LOOKS.items()])
    footed(figure, tables)
    return figure


def _compared(tables: FigureData) -> pd.DataFrame:
    """Return mean, ends and look of every outcome in every contrast."""
    rows = tables["differences"]
    if "verdict" in rows:
        look = rows["verdict"].map(_OF_VERDICT).fillna(_UNDECIDED)
    else:  # a result of the previous format, without verdicts on sizes
        clear = (rows["low"] > 0) | (rows["high"] < 0)
        look = clear.map({True: _OPEN, False: _UNDECIDED})
    return rows.assign(look=look)


def _pages(tables: FigureData) -> dict[str, tuple[list[NamedOutcome], list[Contrast]]]:
    rows = tables["differences"]
    known, there = set(rows["outcome"]), {*zip(rows["variant"], rows["versus"], strict=True)}
    contrasts = [pair for pair in tables.contrasts if pair in there]
    out = {}
    for name, kinds in PAGES.items():
        outcomes = [each for each in tables.of_kind(*kinds) if each.text in known]
        parts = [(o, v) for v in _parts(contrasts, _COLUMNS) for o in _parts(outcomes, _ROWS)]
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


def _panel(
    ax: Axes,
    tables: FigureData,
    outcomes: Sequence[NamedOutcome],
    spreads: np.ndarray,
    rows: pd.DataFrame,
) -> None:
    """Draw the differences of a contrast, a row for each outcome, in `spreads`."""
    ax.set_yticks([])
    ax.axvline(0, color=GREY, linewidth=0.8)
    places = np.arange(len(outcomes))
    ax.hlines(places, 0, 1, color=PALE, linewidth=0.4, zorder=0, transform=ax.get_yaxis_transform())
    own = rows.reindex([each.text for each in outcomes])
    means = own["mean"].to_numpy(dtype=float)
    low, mean, high = (
        own[name].to_numpy(dtype=float) / spreads for name in ("low", "mean", "high")
    )
    for name, look in _LOOKS.items():
        mine = ~np.isnan(mean) & (own["look"] == name).to_numpy(dtype=bool)
        if mine.any():
            ax.hlines(places[mine], low[mine], high[mine], color=look["color"], linewidth=1.3)
            ax.plot(mean[mine], places[mine], **look)
    for place, outcome in enumerate(outcomes):
        if np.isnan(means[place]):
            continue
        name, about = str(own["look"].iloc[place]), METRICS[outcome.metric]
        tiny = 0 < abs(means[place]) < _TINY * smallest_of(tables, outcome.metric)
        shown = (100 if about.percent else 1) * float(means[place])
        ax.text(
            1.03, place, "\N{ALMOST EQUAL TO} 0" if tiny else signed(shown),
            transform=ax.get_yaxis_transform(), va="center", size=6.8,
            color="black" if _LOOKS[name]["color"] == _BLUE else GREY,
            weight="bold" if name == _CLEAR else "normal",
        )  # fmt: skip
