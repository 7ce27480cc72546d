"""Figures of a backtest: reliability of probabilities, and skill against naive forecasts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.plots.figure_data import FigureData
from sim.plots.style import COLOURS, GREY, MARKERS, headed

NOTHING = "forecasts.csv or backtest.csv has no rows"
EDGES = np.array([0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0])  # of the classes of probability
DRAWN = ("model", "recent", "gravity")


def subjects(tables: FigureData) -> list[str]:
    """Return one figure, if a case was forecast."""
    return [""] if len(tables.forecasts) and len(tables.scores) else []


def build_reliability(tables: FigureData, _: str) -> Figure:
    """Return the figure of probabilities and what came."""
    return _reliability(tables.forecasts)


def build_skill(tables: FigureData, _: str) -> Figure:
    """Return the figure of the model's skill."""
    return _skill(tables.scores)


def _reliability(forecasts: pd.DataFrame) -> Figure:
    """Return how often a delivery came where it was given a probability, by forecaster."""
    figure = Figure(figsize=(5.2, 5.0))
    ax = figure.add_axes((0.12, 0.1, 0.84, 0.78))
    headed(
        figure,
        "Reliability of forecasts of a delivery",
        "Cases in classes of probability; the model's counts beside its points; on the diagonal a "
        "forecast keeps what it says",
    )
    ax.plot([0, 1], [0, 1], color=GREY, linewidth=0.8)
    rows = forecasts[(forecasts["target"] == "transfer") & forecasts["observed"].notna()]
    observed = rows["observed"].to_numpy(dtype=float)
    for at, name in enumerate(DRAWN):
        odds = rows[name].to_numpy(dtype=float)
        part = np.clip(np.digitize(odds, EDGES) - 1, 0, len(EDGES) - 2)
        count = np.bincount(part, minlength=len(EDGES) - 1)
        there = np.flatnonzero(count)
        x = np.bincount(part, odds, len(EDGES) - 1)[there] / count[there]
        y = np.bincount(part, observed, len(EDGES) - 1)[there] / count[there]
        colour = COLOURS[(2, 1, 4)[at]]
        ax.plot(x, y, color=colour, marker=MARKERS[at], label=name, linewidth=1)
        if name == "model":
            for left, up, number in zip(x, y, count[there], strict=True):
                ax.annotate(str(number), (left, up), (4, -8), textcoords="offset points", size=6.5,
                            color=colour)  # fmt: skip
    ax.set_xlabel("probability given")
    ax.set_ylabel("share of cases with a delivery")
    ax.set_xlim(-0.02, 1.02)
    ax.set_ylim(-0.02, 1.02)
    ax.legend(loc="upper left")
    return figure


def _skill(scores: pd.DataFrame) -> Figure:
    """Return the model's skill against each naive forecaster, with intervals."""
    rows = scores[scores["skill_of_model"].notna()].reset_index(drop=True)
    height = 1.0 + 0.2 * max(len(rows), 3)
    figure = Figure(figsize=(6.4, height))
    ax = figure.add_axes((0.4, 0.45 / height, 0.56, 1 - 0.85 / height))
    headed(figure, "Skill of the model against naive forecasts", "")
    value, low, high = (
        np.clip(rows[name].to_numpy(dtype=float), -2, 1)
        for name in ("skill_of_model", "low", "high")
    )
    at = np.arange(len(rows))
    ax.axvline(0, color=GREY, linewidth=0.8)
    ax.hlines(at, low, high, color=COLOURS[2], linewidth=1.4)
    ax.plot(value, at, "o", color=COLOURS[2])
    labels = rows["target"] + ", " + rows["score"] + " against " + rows["forecaster"]
    ax.set_yticks(at, list(labels))
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xlim(-2.05, 1.05)
    ax.set_xlabel("skill, cut at -2; 0 as good, 1 perfect; 95 % by a bootstrap of blocks")
    ax.grid(visible=False)
    return figure
