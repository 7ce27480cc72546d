"""Plain names of what a figure is about: names of states, blocs and systems in place of keys."""

from __future__ import annotations

import re

from matplotlib.axes import Axes

from sim.metrics.catalogue import METRICS
from sim.plots.figure_data import FigureData, NamedOutcome
from sim.plots.style import sentence

_ROLES = {  # kind of subject: the roles of its names in the phrase of a metric, with their blocks
    "bloc": (("bloc", "blocs"),),
    "state": (("i", "states"),),
    "member": (("i", "states"), ("bloc", "blocs")),
}
_TWO_STATES = (("i", "states"), ("j", "states"))


def plain_name(tables: FigureData, metric: str, subject: str, system: str = "") -> str:
    """Return a metric of a subject in words, as a title; a key without a name stays as it is."""
    about = METRICS[metric]
    subject, _, of_system = subject.partition(" ")
    roles = _ROLES.get(about.kind, _TWO_STATES)
    keys = re.split("[>:]", subject)
    if len(keys) != len(roles):
        return f"{metric.replace('_', ' ')}: {subject}"
    names = {
        role: tables.called(block, key) for (role, block), key in zip(roles, keys, strict=True)
    }
    known = system or str(tables.entry("offers", of_system).get("system", of_system))
    words = about.phrase.format(**names, system=tables.called("systems", known))
    return sentence(words.replace("s's ", "s' "))


def outcome_words(tables: FigureData, outcome: NamedOutcome) -> tuple[str, str]:
    """Return an outcome's plain name, and its unit and window."""
    name = plain_name(tables, outcome.metric, outcome.subject, outcome.system)
    parts = (unit_of(outcome.metric), outcome.window)
    return name, ", ".join(part for part in parts if part)


def unit_of(metric: str) -> str:
    """Return the unit of a metric as an axis has it."""
    about = METRICS[metric]
    return "per cent" if about.percent else about.unit


def in_percent(metric: str, ax: Axes, which: str = "y") -> None:
    """Write the numbers on an axis in per cent, where those of the metric are."""
    if METRICS[metric].percent:
        axis = ax.yaxis if which == "y" else ax.xaxis
        axis.set_major_formatter(lambda value, _: f"{100 * value:.3g}")
