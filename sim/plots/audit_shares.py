"""An audit: sources of the numbers, and their shares in the variance of each outcome."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.plots.figure_data import FigureData, NamedOutcome
from sim.plots.labels import outcome_words
from sim.plots.panels import Margins, explained, name_outcome, named_rows, page
from sim.plots.style import FILLS, GREY, HATCHES, MARKERS, PALE, footed, headed

NOTHING = "audit_numbers.csv has no rows"
NO_SHARES = "audit_outcomes.csv has no shares: `blocsim audit --runs 128` estimates them"
_ROWS = 14  # outcomes on a page
_ROW, _LABEL = 0.42, 3.0  # inches
_KINDS = ("sourced", "mixed", "assumed", "hypothesis")  # kinds of sources, the best first


def subjects(tables: FigureData) -> list[str]:
    """Return one figure of the numbers, if there are any."""
    return [""] if len(tables["audit_numbers"]) else []


def build_numbers(tables: FigureData, _: str) -> Figure:
    """Return the figure of the numbers of each block, by kind of source."""
    numbers = tables["audit_numbers"]
    counts = pd.crosstab(numbers["block"], numbers["kind"])
    kinds = [kind for kind in _KINDS if kind in counts]
    kinds += [str(kind) for kind in counts.columns if kind not in kinds]
    counts = counts.loc[counts.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    size = (7.0, 1.75 + 0.25 * len(counts))
    figure, panels = page(1, 1, size, Margins(left=1.3, right=0.6, top=0.65, bottom=0.95))
    ax = panels[0, 0]
    at, left = np.arange(len(counts)), np.zeros(len(counts))
    for kind, look in zip(kinds, _looks(), strict=False):
        width = counts[kind].to_numpy(dtype=float)
        ax.barh(at, width, 0.7, left=left, **look)
        left += width
    for place, whole in zip(at.tolist(), left.tolist(), strict=True):
        ax.text(whole, place, f" {whole:,.0f}", va="center", size=6.8, color=GREY)
    named_rows(ax, [str(block) for block in counts.index])
    ax.grid(visible=True, axis="x")
    ax.set_xlabel("Numbers in force")
    own = int(counts[kinds[0]].sum()) if kinds[0] == _KINDS[0] else 0
    headed(
        figure,
        f"Sources of the numbers: {own:,} of {len(numbers):,} only on references",
        "Numbers in force by block of the scenario",
    )
    looks = dict(zip(kinds, _looks(), strict=False))
    explained(figure, [Patch(label=kind, **look) for kind, look in looks.items()])
    footed(figure, tables)
    return figure


def _looks() -> list[dict[str, Any]]:
    return [
        {"facecolor": FILLS[k], "hatch": HATCHES[k], "edgecolor": "white", "linewidth": 0.4}
        for k in (0, 1, 3, 4, 2)
    ]


def pages(tables: FigureData) -> list[str]:
    """Return the numbers of the pages of outcomes whose variance has shares."""
    count = -(-len(_outcomes(tables)) // _ROWS)
    return [""] if count == 1 else [str(each + 1) for each in range(count)]


def _outcomes(tables: FigureData) -> list[str]:
    rows = tables["audit_outcomes"]
    known = rows.loc[rows["first"].notna(), "outcome"].unique()
    return [str(name) for name in known if NamedOutcome.read(str(name)) is not None]


def build_shares(tables: FigureData, subject: str) -> Figure:
    """Return the figure of shares of variance by group, alone and with its interactions."""
    at = _ROWS * (int(subject or "1") - 1)
    names = _outcomes(tables)[at : at + _ROWS]
    rows = tables["audit_outcomes"]
    groups = [str(group) for group in rows["group"].unique()]
    size = (_LABEL + 5.2, 1.9 + _ROW * len(names))
    margins = Margins(left=_LABEL, top=0.8, bottom=0.95, across=0.2)
    figure, panels = page(1, 2, size, margins, sharex=True, sharey=True)
    for ax, part, title in zip(panels[0], ("first", "total"), ("alone", "in all"), strict=True):
        ax.set_title(title)
        ax.set_yticks([])
        ax.axvline(0, color=GREY, linewidth=0.8)
        for place, group in enumerate(groups):
            own = rows[rows["group"] == group].set_index("outcome").reindex(names)
            _dots(ax, own, part, place, len(groups))
        ax.set_xlim(-0.15, 1.15)
        ax.set_xticks([0, 0.5, 1], ["0", "50 %", "100 %"])
    first = panels[0][0]
    first.set_ylim(len(names) - 0.5, -0.5)
    for place, text in enumerate(names):
        outcome = NamedOutcome.read(text)
        assert outcome is not None  # noqa: S101 - the others are left out
        name_outcome(first, place, *outcome_words(tables, outcome), -0.03)
    headed(
        figure,
        "Which numbers make the outcomes vary",
        "Share of the variance by group of numbers, and by chance, with 95 % intervals, cut off "
        "at the edge; alone: the share that knowing the group would remove",
    )
    handles = [
        Line2D([], [], color=FILLS[k], marker=MARKERS[k], label=group)
        for k, group in enumerate(groups)
    ]
    explained(figure, handles)
    footed(figure, tables)
    return figure


def _dots(ax: Axes, rows: pd.DataFrame, part: str, place: int, count: int) -> None:
    at = np.arange(len(rows)) + 0.7 * ((place + 0.5) / count - 0.5)
    value, low, high = (
        np.clip(rows[name].to_numpy(dtype=float), -0.15, 1.15)
        for name in (part, f"{part}_low", f"{part}_high")
    )
    if place == 0:
        ax.hlines(np.arange(len(rows)) + 0.5, -0.15, 1.15, color=PALE, linewidth=0.4)
    ax.hlines(at, low, high, color=FILLS[place], linewidth=1.1)
    ax.plot(value, at, linestyle="", marker=MARKERS[place], color=FILLS[place], markersize=3.4)
