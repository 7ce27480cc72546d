"""Figures of a backtest: reliability of probabilities, and skill against naive forecasts."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from sim.plots.figure_data import FigureData
from sim.plots.panels import Margins, named_rows, page
from sim.plots.style import COLOURS, GREY, MARKERS, footed, headed
from sim.seeing.score_names import forecaster_name, score_name, target_name

NOTHING = "forecasts.csv or backtest.csv has no rows"
EDGES = np.array([0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0])  # of classes of probability
DRAWN = {"model": COLOURS[2], "recent": COLOURS[1], "gravity": COLOURS[4]}


def subjects(tables: FigureData) -> list[str]:
    """Return one figure, if there are forecasts."""
    return [""] if len(tables["forecasts"]) and len(tables["backtest"]) else []


def build_reliability(tables: FigureData, _: str) -> Figure:
    """Return the figure of frequencies of deliveries by forecast probability, by forecaster."""
    figure, panels = page(1, 1, (5.2, 5.4), Margins(top=0.75, bottom=0.75))
    ax = panels[0, 0]
    ax.plot([0, 1], [0, 1], color=GREY, linewidth=0.8)
    cases = tables["forecasts"]
    cases = cases[(cases["target"] == "transfer") & cases["observed"].notna()]
    observed = cases["observed"].to_numpy(dtype=float)
    for marker, (name, colour) in zip(MARKERS, DRAWN.items(), strict=False):
        odds = cases[name].to_numpy(dtype=float)
        part = np.clip(np.digitize(odds, EDGES) - 1, 0, len(EDGES) - 2)
        count = np.bincount(part)
        there = np.flatnonzero(count)
        x, y = (np.bincount(part, sums)[there] / count[there] for sums in (odds, observed))
        ax.plot(x, y, color=colour, marker=marker, label=forecaster_name(name), linewidth=1)
        if name == "model":
            for left, up, number in zip(x, y, count[there], strict=True):
                halo = [withStroke(linewidth=2, foreground="white")]
                ax.annotate(str(number), (left, up), (4, -8), textcoords="offset points", size=6.5,
                            color=colour, path_effects=halo, zorder=5)  # fmt: skip
    ax.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    ax.set(xlabel="forecast probability", ylabel="share of cases with a delivery")
    ax.legend(loc="upper left")
    headed(
        figure,
        "Reliability of forecasts of a delivery",
        "Cases in classes of probability; the model's counts beside its points; forecasts on the "
        "diagonal are calibrated",
    )
    footed(figure, tables)
    return figure


def build_skill(tables: FigureData, _: str) -> Figure:
    """Return the figure of the model's skill against each naive forecaster, with intervals."""
    scores = tables["backtest"]
    rows = scores[scores["skill_of_model"].notna()]
    size = (6.9, 1.4 + 0.2 * max(len(rows), 3))
    figure, panels = page(1, 1, size, Margins(left=3.0, right=0.26, top=0.6, bottom=0.75))
    ax = panels[0, 0]
    names = ("skill_of_model", "low", "high")
    value, low, high = np.clip(rows[[*names]].to_numpy(dtype=float).T, -2, 1)
    at = np.arange(len(rows))
    ax.axvline(0, color=GREY, linewidth=0.8)
    ax.hlines(at, low, high, color=COLOURS[2], linewidth=1.4)
    ax.plot(value, at, "o", color=COLOURS[2])
    named_rows(
        ax,
        [
            f"{target_name(row['target'])}: {score_name(row['score'])}, over "
            f"{forecaster_name(row['forecaster'])}"
            for row in rows.to_dict("records")
        ],
    )
    ax.set_xlim(-2.05, 1.05)
    ax.set_xlabel("skill, cut off at -2; 0: as good as the naive forecast, 1: perfect")
    below = "95 % intervals by block bootstrap"
    headed(figure, "Skill of the model against naive forecasts", below)
    footed(figure, tables)
    return figure
