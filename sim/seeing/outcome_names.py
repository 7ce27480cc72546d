"""Plain names of outcomes: the phrase of the metric, the names of its subject, its window."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sim.metrics.catalogue import METRICS
from sim.scenario.schema.outcome_syntax import Outcome, OutcomeWindow
from sim.seeing.running_text import possessives

_YEAR = re.compile(r"(\d{4})-(?:Q1|H1|01)\.\.\1-(?:Q4|H2|12)\Z")
_PURE = {"1": "", "number": "", "0 upwards": "", "1/year": "a year"}  # units that are left out
KEYS = {"state": "states", "system": "systems"}  # blocks of a scenario whose entries have a name


def plain_name(outcome: Outcome, document: Mapping[str, Any]) -> str:
    """Return an outcome in words, with the names that a scenario's document gives."""
    if outcome.less is not None and outcome.less.window != outcome.window:
        return ", less ".join(plain_name(part, document) for part in outcome.parts)
    return f"{phrase_of(outcome, document)}, {window_in_words(outcome.window)}"


def phrase_of(outcome: Outcome, document: Mapping[str, Any]) -> str:
    """Return the quantity that an outcome measures, without its window.

    For `A less B` both are named, with the window of B if it differs.
    """
    if outcome.less is not None:
        one, other = (phrase_of(part, document) for part in outcome.parts)
        own = outcome.less.window
        late = "" if own == outcome.window else f" {window_in_words(own)}"
        return f"{one} less {other}{late}"
    names: dict[str, list[str]] = {kind: [] for kind, _ in outcome.names}
    for kind, key in outcome.names:
        names[kind].append(name_of(kind, key, document))
    states = dict(zip("ij", names.get("state", []), strict=False))
    others = {kind: each[0] for kind, each in names.items() if kind in {"bloc", "system"}}
    return possessives(METRICS[outcome.metric].phrase.format(**states, **others))


def name_of(kind: str, key: str, document: Mapping[str, Any]) -> str:
    """Return the name of a state or system; its key if the document gives no name."""
    block = document.get(KEYS.get(kind, ""))
    entry = block.get(key) if isinstance(block, Mapping) else None
    name = entry.get("name") if isinstance(entry, Mapping) else None
    return " ".join(name.split()) if isinstance(name, str) and name.strip() else key


def window_in_words(window: OutcomeWindow) -> str:
    """Return the window of an outcome in words."""
    if window.kind == "at":
        return f"at {window.start}"
    if window.kind == "by":
        return f"by {window.start}"
    if window.kind == "after":
        return f"periods {window.first} to {window.last} after {window.event}"
    if window.kind == "mean":
        year = _YEAR.match(f"{window.start}..{window.end}")
        return f"in {year[1]}" if year else f"{window.start} to {window.end}"
    return "at the end"


def unit_of(metric: str) -> str:
    """Return the unit of a metric as written after a number or name; empty for per cent."""
    about = METRICS[metric]
    return "" if about.percent else _PURE.get(about.unit, about.unit)
