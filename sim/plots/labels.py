"""Labels: metrics and outcomes in the same words as in the answer, and their units on axes."""

from __future__ import annotations

import re

from matplotlib.axes import Axes

from sim.metrics.catalogue import METRICS, smallest_effect
from sim.plots.figure_data import FigureData, NamedOutcome
from sim.plots.style import sentence
from sim.scenario.schema.outcome_syntax import spelled
from sim.seeing.outcome_names import phrase_of, window_in_words

SEEN = 0.02  # of the smallest effect of interest: a smaller difference cannot be seen


def title_of(tables: FigureData, metric: str, subject: str) -> str:
    """Return a metric of a subject of the series in words."""
    states, _, offer = subject.partition(" ")
    system = str(tables.entry("offers", offer).get("system", offer))
    try:
        outcome = spelled(f"{metric} {states} {system}")
    except ValueError:  # of a table of a stranger
        return f"{sentence(metric.replace('_', ' '))}: {subject}"
    return sentence(phrase_of(outcome, tables.document))


def outcome_words(tables: FigureData, outcome: NamedOutcome) -> tuple[str, str]:
    """Return an outcome in words, and its unit and window."""
    try:
        known = spelled(outcome.text)
    except ValueError:  # of a table of a stranger
        return outcome.text, unit_of(outcome.metric)
    when = window_in_words(known.window) if outcome.window else ""
    parts = (unit_of(outcome.metric), when)
    name = sentence(phrase_of(known, tables.document))
    return name, ", ".join(part for part in parts if part)


def definition_of(tables: FigureData, metric: str, subject: str) -> str:
    """Return the definition of a metric with names of states; empty if the title says it."""
    text = METRICS[metric].text
    first, pair, second = subject.partition(" ")[0].partition(">")
    if not pair:
        return text
    names = {"i": tables.called("states", first), "j": tables.called("states", second)}
    text = sentence(re.sub(r"\b[ij]\b", lambda found: names[found[0]], text))
    return "" if text == f"{title_of(tables, metric, subject)}." else text


def unit_of(metric: str) -> str:
    """Return the unit of a metric as the label of an axis."""
    about = METRICS[metric]
    return "per cent" if about.percent else about.unit


def scale_of(metric: str) -> str:
    """Return the unit of a metric, with its bounds, for an axis that may show only a part."""
    unit = unit_of(metric)
    return f"scale of {unit}" if " to " in unit else unit


def smallest_of(tables: FigureData, metric: str) -> float:
    """Return the smallest effect of interest of a metric: the scenario's own, if it sets one."""
    own = tables.document.get("smallest")
    return smallest_effect(metric, own if isinstance(own, dict) else {})


def difference_unit_of(metric: str) -> str:
    """Return the unit of a difference, without bounds that it does not have itself.

    Shares differ by percentage points, not per cent.
    """
    if METRICS[metric].percent:
        return "points"
    return scale_of(metric).partition(",")[0]  # of an index without an upper bound


def in_percent(metric: str, ax: Axes, which: str = "y") -> None:
    """Write the numbers on an axis in per cent, if the metric is in per cent."""
    if METRICS[metric].percent:
        axis = ax.yaxis if which == "y" else ax.xaxis
        axis.set_major_formatter(
            lambda value, _: f"{100 * value:.3g}".replace("-", "\N{MINUS SIGN}")
        )
