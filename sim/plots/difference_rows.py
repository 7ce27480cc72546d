"""Paired differences of an outcome: a row for each contrast, with interval and spread of runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.plots.figure_data import Contrast, FigureData, NamedOutcome
from sim.plots.labels import definition_of, difference_unit_of, in_percent, outcome_words
from sim.plots.panels import Margins, explained, named_rows, page
from sim.plots.style import COLOURS, GREY, counted, footed, headed, sentence, short

_BLUE = COLOURS[2]
_ROW = 0.34  # inches


def difference_rows(
    tables: FigureData, outcome: NamedOutcome, contrasts: Sequence[Contrast]
) -> Figure:
    """Return the figure of an outcome in some contrasts."""
    names = [short(f"{variant} less {versus}", 40) for variant, versus in contrasts]
    margins = Margins(left=0.3 + 0.075 * max(map(len, names)), top=0.7, bottom=1.05)
    figure, panels = page(1, 1, (7.0, max(2.4, 1.9 + _ROW * len(names))), margins)
    ax = panels[0, 0]
    named_rows(ax, names)
    ax.axvline(0, color=GREY, linewidth=0.8)
    table = tables["outcomes"]
    stated = tables["differences"].set_index(["variant", "versus", "outcome"])
    for at, (variant, versus) in enumerate(contrasts):
        one, other = (
            table.loc[table["variant"] == each].set_index("run")[outcome.text]
            for each in (variant, versus)
        )
        apart = (one - other).dropna()
        if not len(apart):
            ax.text(0, at, " undefined", va="center", size=7, color=GREY)
            continue
        low, high = np.quantile(apart, [0.05, 0.95])
        ax.barh(at, high - low, 0.34, left=low, color=_BLUE, alpha=0.2)
        key = (variant, versus, outcome.text)
        if key in stated.index:
            ends = stated.loc[[key]].iloc[0]
            ax.hlines(at, ends["low"], ends["high"], color=_BLUE, linewidth=2)
        ax.plot([apart.mean()], [at], "o", color=_BLUE)
    ax.set_xlabel(f"Difference ({difference_unit_of(outcome.metric)})")
    in_percent(outcome.metric, ax, "x")
    ax.grid(visible=True, axis="x")
    words, below = outcome_words(tables, outcome)
    headed(
        figure,
        f"{words}: differences",
        " ".join(
            [
                definition_of(tables, outcome.metric, outcome.subject),
                f"{sentence(below.replace('per cent', 'points'))}.",
                f"Difference run by run over {counted(tables.runs)}",
            ]
        ),
    )
    explained(
        figure,
        [
            Line2D(
                [], [], color=_BLUE, marker="o", linewidth=2, label="mean and its 95 % interval"
            ),
            Patch(color=_BLUE, alpha=0.2, linewidth=0, label="90 % of runs"),
        ],
    )
    footed(figure, tables)
    return figure
