"""The spread of runs in a metric at the last date, or in an outcome: a row for each variant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.metrics.catalogue import METRICS
from sim.plots.figure_data import FigureData, NamedOutcome
from sim.plots.labels import (
    definition_of,
    in_percent,
    outcome_words,
    smallest_of,
    title_of,
    unit_of,
)
from sim.plots.panels import Margins, explained, named_rows, page
from sim.plots.style import COLOURS, GREY, counted, footed, headed, sentence, short

_BLUE = COLOURS[2]
_ROW = 0.34  # inches
_MEAN: dict[str, Any] = {"marker": "D", "color": COLOURS[3], "markersize": 4, "linestyle": ""}
_SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
_NAMES = ("q05", "q25", "q50", "q75", "q95")


def spread_at_end(
    tables: FigureData, metric: str, subject: str, variants: Sequence[str] = ()
) -> Figure:
    """Return the figure of a metric of one subject at the last date."""
    rows = tables.rows(metric, subject=subject)
    rows = rows[rows["date"] == rows["date"].iloc[-1]]
    if variants:
        rows = rows[rows["variant"].isin(variants)]
    words = title_of(tables, metric, subject)
    about = (metric, subject)
    return _boxes(tables, about, words, rows["date"].iloc[0], rows, tables.series_runs)


def spread_of_outcome(
    tables: FigureData, outcome: NamedOutcome, variants: Sequence[str] = ()
) -> Figure:
    """Return the figure of an outcome over its runs."""
    table = tables["outcomes"]
    parts = {
        name: table.loc[table["variant"] == name, outcome.text].dropna()
        for name in variants or tables.variants
    }
    rows = pd.DataFrame(
        [
            {"variant": name, "mean": part.mean()}
            | dict(zip(_NAMES, np.quantile(part, _SHARES), strict=True))
            for name, part in parts.items()
            if len(part)
        ],
        columns=["variant", "mean", *_NAMES],
    )
    words, below = outcome_words(tables, outcome)
    about = (outcome.metric, outcome.subject)
    return _boxes(tables, about, words, below, rows, tables.runs)


def _boxes(
    tables: FigureData,
    about: tuple[str, str],
    words: str,
    when: str,
    rows: pd.DataFrame,
    runs: int,
) -> Figure:
    metric, subject = about
    names = [short(str(name), 28) for name in rows["variant"]]
    margins = Margins(left=0.3 + 0.075 * max(map(len, names)), top=0.7, bottom=1.05)
    figure, panels = page(1, 1, (7.0, max(2.4, 1.9 + _ROW * len(names))), margins)
    ax = panels[0, 0]
    named_rows(ax, names)
    whole = METRICS[metric].unit == "0 or 1"
    (_shares if whole else _quantiles)(ax, rows)
    if not whole:
        ax.set_xlim(*_limits(rows, smallest_of(tables, metric)))
    ax.set_xlabel("Share of runs, per cent" if whole else sentence(unit_of(metric)))
    in_percent(metric, ax, "x")
    ax.grid(visible=True, axis="x")
    said = "Share of" if whole else "Median, the middle 50 and 90 %, and mean of"
    headed(
        figure,
        words,
        " ".join(
            [
                definition_of(tables, metric, subject),
                f"{sentence(when)}." if when else "",
                f"{said} {counted(runs)} of each variant",
            ]
        ),
    )
    if not whole:
        explained(figure, _handles())
    footed(figure, tables, "" if ax.get_xlim()[0] <= 0 else "The axis does not start at 0.")
    return figure


def _limits(rows: pd.DataFrame, least: float) -> tuple[float, float]:
    """Return the limits of the axis: no narrower than the smallest effect of interest."""
    low, high = rows[["mean", "q05"]].min().min(), rows[["mean", "q95"]].max().max()
    room = max(0.03 * (high - low), (1.06 * least - (high - low)) / 2)
    return low - room, high + room


def _quantiles(ax: Axes, rows: pd.DataFrame) -> None:
    at = np.arange(len(rows))
    ax.barh(at, rows["q95"] - rows["q05"], 0.16, left=rows["q05"], color=_BLUE, alpha=0.35)
    ax.barh(at, rows["q75"] - rows["q25"], 0.5, left=rows["q25"], color=_BLUE, alpha=0.5)
    ax.vlines(rows["q50"], at - 0.3, at + 0.3, color=_BLUE, linewidth=1.8)
    ax.plot(rows["mean"], at, **_MEAN)


def _shares(ax: Axes, rows: pd.DataFrame) -> None:
    at = np.arange(len(rows))
    ax.barh(at, rows["mean"], 0.5, color=_BLUE, alpha=0.6)
    for place, share in zip(at.tolist(), rows["mean"], strict=True):
        ax.text(share + 0.01, place, f"{100 * share:.0f} %", va="center", size=7, color=GREY)
    ax.set_xlim(0, 1.08)


def _handles() -> list[Line2D | Patch]:
    return [
        Line2D([], [], color=_BLUE, linewidth=1.8, label="median"),
        Patch(color=_BLUE, alpha=0.6, linewidth=0, label="50 % of runs"),
        Patch(color=_BLUE, alpha=0.3, linewidth=0, label="90 % of runs"),
        Line2D([], [], label="mean", **_MEAN),
    ]
