"""Sensitivity: the largest indices, as bars with their 95 % intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.plots.figure_data import FigureData, NamedOutcome
from sim.plots.labels import outcome_words
from sim.plots.panels import Margins, explained, page
from sim.plots.style import FILLS, GREY, HATCHES, PALE, fitted, footed, headed

NOTHING = "indices.csv has no rows: no outcome differs from point to point"
MOST = 20  # bars of a figure
FIRST = 12  # outcomes that are drawn by default
BARS = {  # method -> indices that are drawn, with their names
    "morris": {"mu_star": "\u03bc*, mean absolute effect of crossing the range"},
    "sobol": {"ST": "ST, total", "S1": "S1, alone"},
    "pawn": {"median": "median distance of the distributions"},
}
_METHODS = {"morris": "Morris", "sobol": "Sobol'", "pawn": "PAWN"}
_PAIR = (FILLS[4], FILLS[1])  # light, since the whiskers are black
_ROW, _NAME = 0.27, 3.1  # inches


def subjects(tables: FigureData) -> list[str]:
    """Return the outcomes that are drawn by default."""
    return known(tables)[:FIRST]


def known(tables: FigureData) -> list[str]:
    """Return all outcomes with indices."""
    rows = tables["indices"]
    return [str(name) for name in rows["outcome"].unique()] if _method(rows) else []


def _method(rows: pd.DataFrame) -> str:
    """Return the method to which the columns of indices belong; empty if to none."""
    return next((name for name, bars in BARS.items() if {*bars} <= {*rows.columns}), "")


def build(tables: FigureData, subject: str) -> Figure:
    """Return the figure of one outcome: the largest of its rows of `indices.csv`."""
    rows = tables["indices"]
    rows = rows[rows["outcome"] == subject]
    method = _method(rows)
    real = rows[rows["rank"] > 0].nsmallest(MOST, "rank")
    names = list(BARS[method])
    size = (7.0, 1.75 + _ROW * len(real) * (1.0 if len(names) == 1 else 1.35))
    margins = Margins(left=_NAME, top=0.75, bottom=0.95, right=0.25)
    figure, panels = page(1, 1, size, margins)
    ax: Axes = panels[0, 0]
    at = np.arange(len(real))
    tall = 0.72 / len(names)
    fact = np.asarray(real["source" if "source" in real else "parameter"] == "facts")  # or a group
    for place, name in enumerate(names):
        down = (place - (len(names) - 1) / 2) * tall
        _bars(ax, at + down, real, name, tall, _fills(fact, place, len(names)))
    dummy = rows.loc[rows["rank"] == 0, names[0]]
    if len(dummy):
        ax.axvline(float(dummy.iloc[0]), color=GREY, linewidth=0.9, linestyle=(0, (4, 2)))
        ax.text(float(dummy.iloc[0]), -0.75, " dummy", size=6.5, color=GREY, va="bottom")
    ax.set_yticks(at, [fitted(str(name), _NAME - 0.2, 7.5) for name in real["parameter"]])
    ax.set_ylim(len(real) - 0.4, -0.6 - 0.5 * bool(len(dummy)))
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x")
    ax.axvline(0, color=GREY, linewidth=0.8)
    unit = "share of the variance" if len(names) > 1 else BARS[method][names[0]]
    ax.set_xlabel(unit)
    _headed(figure, tables, subject, method)
    explained(figure, _handles(method, fact))
    footed(figure, tables)
    return figure


def _headed(figure: Figure, tables: FigureData, subject: str, method: str) -> None:
    outcome = NamedOutcome.read(subject)
    name, below = (subject, "") if outcome is None else outcome_words(tables, outcome)
    about = tables["outcomes"]
    own = about[about["outcome"] == subject] if "outcome" in about else about
    pair, points = "", ""
    if len(own) and "versus" in own and str(own["versus"].iloc[0]) not in ("", "nan"):
        pair = f", {own['variant'].iloc[0]} less {own['versus'].iloc[0]}"
    if len(own) and "points" in own:
        points = f", {own['points'].iloc[0]:,.0f} points"
    said = f"{below[:1].upper() + below[1:]}." if below else ""
    headed(
        figure,
        f"What drives it: {name[:1].lower() + name[1:]}{pair}",
        f"{said} {_METHODS[method]}{points}, 95 % intervals by bootstrap",
    )


def _fills(fact: np.ndarray, place: int, count: int) -> list[tuple[str, str]]:
    """Return colour and hatch of each bar: two indices differ in colour, facts in hatch."""
    if count > 1:
        return [(_PAIR[place], HATCHES[1] if each else "") for each in fact]
    return [(FILLS[1], HATCHES[1]) if each else (FILLS[4], "") for each in fact]


def _bars(
    ax: Axes,
    at: np.ndarray,
    rows: pd.DataFrame,
    name: str,
    tall: float,
    fills: Sequence[tuple[str, str]],
) -> None:
    values = rows[name].to_numpy(dtype=float)
    for place, value, (colour, hatch) in zip(at, values, fills, strict=True):
        ax.barh(place, value, tall, color=colour, hatch=hatch, edgecolor="white", linewidth=0.4)
    if f"{name}_low" in rows:
        low, high = (rows[f"{name}_{end}"].to_numpy(dtype=float) for end in ("low", "high"))
        ax.hlines(at, low, high, color="black", linewidth=1.0)


def _handles(method: str, fact: np.ndarray) -> list[Patch]:
    names = list(BARS[method].values())
    several = len(names) > 1
    handles = [Patch(facecolor=fill, label=n) for fill, n in zip(_PAIR, names, strict=False)]
    if not several:
        handles = [Patch(facecolor=FILLS[4], label="assumption")]
    if fact.any():
        look: dict[str, Any] = {"hatch": HATCHES[1], "edgecolor": "white"}
        look |= {"facecolor": PALE, "label": "hatched: fact"} if several else {"label": "fact"}
        handles.append(Patch(**{"facecolor": FILLS[1], **look}))
    return handles
