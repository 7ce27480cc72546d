"""A contrast over time: the paired difference of each metric that answers it, one to a panel."""

from __future__ import annotations

from math import ceil

import pandas as pd
from matplotlib.figure import Figure

from sim.plots.difference_bands import draw_difference, handles, limits_of
from sim.plots.event_marks import EventMarks
from sim.plots.figure_data import FigureData, NamedOutcome
from sim.plots.labels import SEEN, difference_unit_of, in_percent, outcome_words, smallest_of
from sim.plots.panels import Margins, dated, explained, page
from sim.plots.style import counted, footed, headed, make_room, wrapped

NOTHING = "contrasts_series.csv has no metric over time that a contrast is about"
_MOST, _CONTRASTS = 6, 6  # panels of a figure; contrasts that are drawn
_WIDE = 3.1  # width of a panel, inches


def subjects(tables: FigureData) -> list[str]:
    """Return the names of the contrasts whose outcomes have metrics over time."""
    return [name for name in tables.named_contrasts if _outcomes(tables, name)][:_CONTRASTS]


def known(tables: FigureData) -> list[str]:
    """Return the names of all contrasts that can be drawn."""
    return [name for name in tables.named_contrasts if _outcomes(tables, name)]


def build(tables: FigureData, name: str) -> Figure:
    """Return the figure of one contrast."""
    contrast = tables.named_contrasts[name]
    of, versus = str(contrast["of"]), str(contrast["versus"])
    outcomes = shown(tables, name)
    columns = min(3, len(outcomes)) if len(outcomes) != 4 else 2
    rows = ceil(len(outcomes) / columns)
    size = (_WIDE * columns + 0.9, 2.35 * rows + 1.55)
    margins = Margins(top=0.95, bottom=0.95, down=0.75, across=0.85)
    figure, panels = page(rows, columns, size, margins)
    lines = [_line(tables, name, each) for each in outcomes]
    about = " ".join(each.subject for each in outcomes)
    marks = EventMarks.of(tables, about, pd.concat(lines), [(of, versus)])
    for ax, outcome, line in zip(panels.flat, outcomes, lines, strict=False):
        draw_difference(ax, line)
        marks.draw(ax, (of, versus))
        ax.set_ylim(*limits_of(tables, outcome.metric, line))
        in_percent(outcome.metric, ax)
        dated(ax, line)
        name_of, _ = outcome_words(tables, outcome)
        title = wrapped(name_of, _WIDE - 0.7, 8, most=2, weight="bold")
        ax.set_title("\n".join(title), size=8)
        ax.set_ylabel(difference_unit_of(outcome.metric), size=7.5)
    for ax in panels.flat[len(outcomes) :]:
        ax.set_visible(False)
    make_room(figure)
    asks = " ".join(str(contrast.get("asks") or "").split())
    headed(
        figure,
        asks or f"{of} less {versus}, over time",
        f"{of} less {versus}, run by run over {counted(tables.series_runs)}: mean, its 95 % "
        "interval, and the band of 90 % of the runs",
    )
    explained(figure, handles())
    left = len(_outcomes(tables, name)) - len(outcomes)
    lack = f"{left} more outcome{'s' * (left > 1)} without a visible difference. " if left else ""
    footed(figure, tables, f"{lack}{marks.key}")
    return figure


def shown(tables: FigureData, name: str) -> list[NamedOutcome]:
    """Return the outcomes with a panel in the figure of a contrast.

    They are those with a difference that can be seen; without any, the one that differs most.
    """
    found = _outcomes(tables, name)
    sizes = [_size(tables, name, each) for each in found]
    seen = [each for each, size in zip(found, sizes, strict=True) if size >= SEEN]
    return seen or [found[sizes.index(max(sizes))]]


def _size(tables: FigureData, name: str, outcome: NamedOutcome) -> float:
    """Return the largest difference over time, in smallest effects of interest."""
    line = _line(tables, name, outcome)[["mean", "q05", "q95"]]
    return float(line.abs().max().max()) / smallest_of(tables, outcome.metric)


def _outcomes(tables: FigureData, name: str) -> list[NamedOutcome]:
    """Return the outcomes of a contrast, each metric of a subject once; else the first outcomes."""
    texts = [str(text) for text in tables.named_contrasts[name].get("about") or ()]
    named = [NamedOutcome.read(text) for text in texts] if texts else tables.named
    once = {(each.metric, each.subject): each for each in reversed(named) if each is not None}
    chosen = [each for each in reversed(once.values()) if len(_line(tables, name, each)) > 1]
    return chosen[:_MOST]


def _line(tables: FigureData, name: str, outcome: NamedOutcome) -> pd.DataFrame:
    contrast = tables.named_contrasts[name]
    rows = tables["contrasts_series"]
    mine = (rows["variant"] == contrast["of"]) & (rows["versus"] == contrast["versus"])
    rows = rows[mine & (rows["metric"] == outcome.metric)]
    own = [text for text in rows["subject"].unique() if text.partition(" ")[0] == outcome.subject]
    line: pd.DataFrame = rows[rows["subject"].isin(own)]
    return line
