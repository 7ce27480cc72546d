"""An ablation: effects of each mechanism, off and alone, in smallest effects of interest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.experiments.ablation.ablation_rows import CONTRAST, OUTCOME, own_rows
from sim.experiments.ablation.settings import ALONE, OFF
from sim.plots.figure_data import FigureData, NamedOutcome
from sim.plots.labels import outcome_words
from sim.plots.panels import Margins, explained, name_outcome, page
from sim.plots.style import COLOURS, PALE, fitted, footed, headed, sentence
from sim.records.frames import rows_of

NOTHING = "no mechanism was switched off, or no outcome that it could move is defined"
KEYS = ["kind", "subject", "variant", "versus"]
_SUBJECTS, _MECHANISMS = 18, 34  # drawn at most
_ROW, _COLUMN, _LABEL, _NAMES = 0.36, 0.24, 3.1, 1.5  # inches
_LEAST, _MOST = 2.5, 9.0  # points of the marks of half a smallest effect, and of a hundred
HALF = 0.5  # in smallest effects: smaller differences have no mark
_UP, _DOWN = COLOURS[2], COLOURS[3]
BOX = {"marker": "s", "linestyle": "", "color": "black", "markersize": 12, "fillstyle": "none",
       "markeredgewidth": 0.7}  # fmt: skip
_SAID = {
    OFF: "off, all others on: the difference from all on",
    ALONE: "alone, all others off: the difference from none on",
}


def subjects(tables: FigureData) -> list[str]:
    """Return the settings that are drawn: off and alone."""
    there = {*_rows(tables)["setting"]}
    return [name for name in _SAID if name in there]


def build(tables: FigureData, subject: str) -> Figure:
    """Return the figure of a setting: subjects by mechanisms, with the largest effects."""
    rows = _rows(tables)
    rows = rows[rows["setting"] == subject]
    by_mechanism = rows[rows["moved"]].groupby("mechanism", sort=False)["size"].max()
    every = list(dict.fromkeys(rows["mechanism"]))
    moving = [name for name in every if name in by_mechanism.index]
    names = sorted(moving, key=lambda name: -by_mechanism[name])[:_MECHANISMS] or every[:1]
    texts = [fitted(name, _NAMES, 7.5) for name in names]
    own = rows[rows["mechanism"].isin(names)]
    shown = _subjects(own)
    width = _LABEL + 0.3 + max(_COLUMN * len(names), 3.6)
    size = (width, 0.85 + _NAMES + _ROW * len(shown) + 0.6)
    figure, panels = page(
        1, 1, size, Margins(left=_LABEL, right=0.3, top=0.85, bottom=_NAMES + 0.6)
    )
    ax = panels[0, 0]
    ax.set_xlim(-0.6, len(names) - 0.4)
    ax.set_ylim(len(shown) - 0.5, -0.5)
    ax.set_yticks([])
    ax.set_xticks(range(len(names)), texts, rotation=90)
    ax.grid(visible=False)
    ax.hlines(range(len(shown)), -0.6, len(names) - 0.4, color=PALE, linewidth=0.4, zorder=0)
    at = {name: place for place, name in enumerate(names)}
    for place, key in enumerate(shown):
        name_outcome(ax, place, *_words(tables, key), -0.02)
        mine = own[(own[KEYS] == list(key)).all(axis=1)]
        marks = [_mark(row, at[row.mechanism]) for row in rows_of(mine)]
        _draw(ax, place, [each for pair in marks for each in pair])
    headed(
        figure,
        f"Effects of mechanisms, {subject}",
        f"Each mechanism {_SAID[subject]}, run by run, in smallest effects of interest. Subjects "
        "and mechanisms with the largest effects; no mark: less than half of one",
    )
    explained(figure, _legend())
    left = len(every) - len(names)
    footed(figure, tables, f"{left} mechanisms with smaller effects are left out." if left else "")
    return figure


def _rows(tables: FigureData) -> pd.DataFrame:
    """Return the rows of mechanisms themselves that have a difference."""
    rows = own_rows(tables["ablation"])
    return rows[rows["size"].notna()]


def _subjects(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the rows to draw: for each outcome the variant or contrast with the largest effect."""
    moved = rows[rows["moved"]] if rows["moved"].any() else rows
    weight = np.log1p(moved["size"]).groupby([moved[key] for key in KEYS], sort=False).sum()
    found: dict[str, tuple[str, ...]] = {}
    for key in weight.sort_values(ascending=False, kind="stable").index:
        found.setdefault(str(key[1]), tuple(map(str, key)))
    return list(found.values())[:_SUBJECTS]


def _words(tables: FigureData, key: tuple[str, ...]) -> tuple[str, str]:
    """Return a subject in words, and its variant or contrast."""
    kind, subject, variant, versus = key
    where = f"{variant} less {versus}" if versus else variant
    outcome = NamedOutcome.read(subject) if kind in (OUTCOME, CONTRAST) else None
    if outcome is None:
        return sentence(f"{kind} {subject}"), where
    name, below = outcome_words(tables, outcome)
    return name, f"{below}; {where}"


def _mark(row: Any, at: int) -> list[tuple[int, tuple[tuple[str, Any], ...]]]:
    """Return the mark of a difference: form and colour show its sign, filling its certainty."""
    marks: list[dict[str, Any]] = []
    if row.size >= HALF or row.moved:
        step = np.clip(np.log10(max(row.size, HALF) / HALF) / np.log10(200.0), 0.0, 1.0)
        points = round(_LEAST + float(step) * (_MOST - _LEAST), 1)
        marks.append({**_look(up=row.difference > 0, sure=row.moved), "markersize": points})
    if row.turned:
        marks.append(BOX)
    return [(at, tuple(each.items())) for each in marks]


def _draw(ax: Axes, place: int, marks: list[tuple[int, tuple[tuple[str, Any], ...]]]) -> None:
    """Draw the marks of a row, equal ones by one call."""
    alike: dict[tuple[tuple[str, Any], ...], list[int]] = {}
    for at, look in marks:
        alike.setdefault(look, []).append(at)
    for look, places in alike.items():
        ax.plot(places, [place] * len(places), **dict(look))


def _look(*, up: bool, sure: bool) -> dict[str, Any]:
    colour = _UP if up else _DOWN
    return {
        "marker": "^" if up else "v",
        "linestyle": "",
        "color": colour,
        "markerfacecolor": colour if sure else "white",
        "markeredgewidth": 0.7,
    }


def _legend() -> list[Line2D]:
    looks: dict[str, dict[str, Any]] = {
        "higher, beyond the smallest effect": {**_look(up=True, sure=True), "markersize": 6},
        "lower": {**_look(up=False, sure=True), "markersize": 6},
        "not certain": {**_look(up=True, sure=False), "markersize": 6},
        "judged otherwise": {**BOX, "markersize": 8},
    }
    return [Line2D([], [], label=label, **look) for label, look in looks.items()]
