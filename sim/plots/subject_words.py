"""Words for what a figure is about: names of states, blocs and systems in place of their keys."""

from __future__ import annotations

import re

from sim.metrics.catalogue import METRICS
from sim.plots.figure_data import FigureData

_FORMS = {  # kind of subject: the blocks of its names, and how they are joined
    "bloc": (("blocs",), "{0}"),
    "state": (("states",), "{0}"),
    "member": (("states", "blocs"), "{0} in {1}"),
    "dyad": (("states", "states"), "{0} towards {1}"),
    "tie": (("states", "states"), "{0} towards {1}"),
    "supply": (("states", "states"), "{0} to {1}"),
    "query": (("states", "states"), "{2}, {0} to {1}"),
    "sale": (("states", "states"), "{2}, {0} to {1}"),
}


def subject_words(tables: FigureData, metric: str, subject: str, system: str = "") -> str:
    """Return the subject of a metric in words; a key without a name of its own stays as it is."""
    subject, _, of_system = subject.partition(" ")
    blocks, form = _FORMS[METRICS[metric].kind]
    keys = re.split("[>:]", subject)
    if len(keys) != len(blocks):
        return subject
    names = [tables.called(block, key) for block, key in zip(blocks, keys, strict=True)]
    return form.format(
        *names, *([""] * (2 - len(names))), tables.called("systems", system or of_system)
    )


def metric_words(metric: str) -> str:
    """Return what a metric is called."""
    return metric.replace("_", " ")


def unit_of(metric: str) -> str:
    """Return the unit of a metric, in brackets where it has one."""
    unit = METRICS[metric].unit
    return f"({unit})" if unit else ""
