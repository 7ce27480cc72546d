"""Levels by rule set, and the three spreads of every outcome: chance, parameters, rules.

Each row has its own scale, with its ends beside it, since outcomes have different units. All bars
have the same scale: each splits the variance of its outcome.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.plots.figure_data import PAGES, FigureData, NamedOutcome
from sim.plots.labels import outcome_words
from sim.plots.panels import Margins, explained, name_outcome, page
from sim.plots.style import COLOURS, FILLS, GREY, HATCHES, PALE, footed, headed

NOTHING = "the result is of one set of rules; `blocsim run --structural` crosses them"
SPREADS = ("chance", "parameters", "rules")
_LOOKS: dict[str, dict[str, Any]] = {
    name: {"facecolor": FILLS[k], "hatch": HATCHES[k], "edgecolor": "white"}
    for name, k in zip(SPREADS, (4, 1, 0), strict=True)
}
_OWN: dict[str, Any] = {"color": COLOURS[0], "marker": "D", "markersize": 4, "linestyle": ""}
_DOT: dict[str, Any] = {"color": COLOURS[2], "marker": "o", "markersize": 3, "linestyle": ""}
_ROW = 0.36  # inches
_MOST = 18  # outcomes on a page
_AT, _STEP = 1.18, 0.19  # place and distance of the numbers beside the bars, in panel widths
_DRIVER = _AT + 2 * _STEP + 0.04  # place of the role
_WHY = {"none": "never varies", "undefined": "undefined in some runs"}


def subjects(tables: FigureData) -> list[str]:
    """Return the pages to draw: each of a variant and a kind of subject."""
    return list(_pages(tables))


def build(tables: FigureData, subject: str) -> Figure:
    """Return the figure of one page."""
    outcomes, variant, versus = _pages(tables)[subject]
    rows = tables["spreads"]
    rows = rows[(rows["variant"] == variant) & (rows["versus"] == versus)].set_index("outcome")
    levels = tables["structural"]
    levels = levels[(levels["variant"] == variant) & (levels["versus"] == versus)]
    size = (11, 1.75 + _ROW * len(outcomes))
    margins = Margins(left=2.75, right=2.2, top=0.95, bottom=0.8, across=0.75)
    figure, panels = page(1, 2, size, margins, gridspec_kw={"width_ratios": [1.25, 1]})
    left, right = panels[0]
    for ax in (left, right):
        ax.set_ylim(len(outcomes) - 0.5, -0.5)
        ax.set_yticks([])
    for place, outcome in enumerate(outcomes):
        sets = levels[levels["outcome"] == outcome.text].sort_values("rule_set")
        _dots(left, place, sets, zero=bool(versus))
        _bar(right, place, rows.loc[[outcome.text]].iloc[0])
        name_outcome(left, place, *outcome_words(tables, outcome), -0.2)
    _axes(left, right, f"difference from {versus}" if versus else "level")
    about = tables.manifest.get("structural", {})
    what = f"{variant} less {versus}" if versus else f"levels of {variant}"
    headed(
        figure,
        f"Shares of chance, parameters and rules: {what}",
        f"{len(about.get('rule_sets', []))} rule sets, {about.get('points')} parameter points, "
        f"{about.get('replicates')} replicates of each; the numbers on the right are standard "
        "deviations in the outcome's unit, and the role whose choice of law moves the rule sets "
        "most, with its share in their variance"
        + ("; the vertical line is zero" if versus else ""),
    )
    explained(
        figure,
        [
            Line2D([], [], label="the scenario's own rules", **_OWN),
            Line2D([], [], label="another rule set", **_DOT),
            *(Patch(label=name, **look) for name, look in _LOOKS.items()),
        ],
    )
    footed(figure, tables)
    return figure


def _pages(tables: FigureData) -> dict[str, tuple[list[NamedOutcome], str, str]]:
    rows = tables["spreads"]
    if rows.empty:
        return {}
    names = [NamedOutcome.read(str(text)) for text in dict.fromkeys(rows["outcome"])]
    reference = tables.reference
    out = {}
    for variant in tables.variants:
        versus = "" if variant == reference else reference
        for kind, kinds in PAGES.items():
            outcomes = [each for each in names if each is not None and each.kind in kinds]
            for start in range(0, len(outcomes), _MOST):
                number = f" {start // _MOST + 1}" if len(outcomes) > _MOST else ""
                part = outcomes[start : start + _MOST]
                out[f"{variant} {kind}{number}"] = part, variant, versus
    return out


def _dots(ax: Axes, place: int, sets: pd.DataFrame, *, zero: bool) -> None:
    """Draw the means of the rule sets of one outcome, on the row's own scale."""
    means = sets["mean"].to_numpy(dtype=float)
    ax.hlines(place, 0, 1, color=PALE, linewidth=0.4, zorder=0)
    known = means[~np.isnan(means)]
    if not known.size:
        return
    low, high = float(known.min()), float(known.max())
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    wide = high - low if high > low else 1.0
    at = (means - low) / wide if high > low else np.full(means.shape, 0.5)
    apart = 0.22 * np.sin(2.4 * np.arange(means.size))  # so that equal means can be counted
    ax.plot(at[1:], place + apart[1:], alpha=0.45, markeredgewidth=0, **_DOT)
    ax.plot(at[:1], [place], **_OWN)
    if zero and high > low:
        ax.vlines(-low / wide, place - 0.4, place + 0.4, color=GREY, linewidth=0.9)
    ends = ((-0.02, "right", low), (1.02, "left", high))
    for x, side, value in ends if high > low else ends[1:]:
        ax.text(x, place, _number(value), ha=side, va="center", size=6.5, color=GREY)


def _bar(ax: Axes, place: int, row: pd.Series) -> None:
    start = 0.0
    for name in SPREADS:
        share = float(row[f"{name}_share"])
        if np.isnan(share):
            why = _WHY.get(str(row["largest"]), "undefined")
            ax.text(0.01, place, why, va="center", size=6.5, color=GREY)
            return
        ax.barh(place, share, left=start, height=0.6, linewidth=0.4, **_LOOKS[name])
        start += share
    for column, name in enumerate(SPREADS):
        bold = "bold" if row["largest"] == name else "normal"
        x = _AT + _STEP * column
        ax.text(x, place, _number(row[name]), va="center", ha="right", size=6.5, weight=bold)
    if row["driver"]:
        text = f"{row['driver']} {row['driver_share']:.0%}"
        ax.text(_DRIVER, place, text, va="center", size=6.5, color=GREY)


def _number(value: float) -> str:
    return f"{value:.2g}" if abs(value) < 100 else f"{value:.3g}"


def _axes(left: Axes, right: Axes, what: str) -> None:
    left.set_xlim(-0.03, 1.03)
    left.set_xticks([])
    for spine in ("left", "bottom"):
        left.spines[spine].set_visible(False)
    left.set_title(f"Mean {what}, by rule set")
    right.set_xlim(0, 1)
    right.set_title("Shares of the variance")
    right.set_xticks([0, 0.5, 1], ["0", "50 %", "100 %"])
    for column, text in enumerate(("chance", "param.", "rules")):
        right.text(_AT + _STEP * column, -0.62, text, ha="right", va="bottom", size=6.5, color=GREY)
    right.text(_DRIVER, -0.62, "moved most by", va="bottom", size=6.5, color=GREY)
