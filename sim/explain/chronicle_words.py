"""Words of a chronicle: the reasons of each event, and the series that moved."""

from __future__ import annotations

from itertools import groupby

from sim.explain.chronicle import Chronicle, ChronicleEntry, Movement
from sim.explain.sentences import such_cases
from sim.metrics.catalogue import METRICS
from sim.seeing.numerals import digits_for, numeral, weighed

WHY, ALSO = "why", "also"  # labels of the reasons and of the movements of an entry


def chronicle_heading(chronicle: Chronicle) -> str:
    """Return the run and variant of the story, and why this run was chosen."""
    return f"{chronicle.scenario}, {chronicle.variant}, run {chronicle.run}: {chronicle.picked}"


def chronicle_end(chronicle: Chronicle) -> str:
    """Return how many of the events are in the story."""
    told = f"{len(chronicle.entries)} of {chronicle.candidates} events"
    return f"{told} in one run of a scenario, not a forecast"


def why_of(entry: ChronicleEntry) -> str:
    """Return the reasons for an entry, and how often they lead to the decision."""
    parts = []
    for (actor, unit), reasons in groupby(entry.reasons, key=lambda each: (each.actor, each.unit)):
        told = ", ".join(f"{each.words} {weighed(each.value)}" for each in reasons)
        parts.append(f"{actor}: {told} ({unit})")
    if entry.chance is not None:
        parts.append(f"same decision in {such_cases(entry.chance)}")
    return "; ".join(parts)


def movements_of(entry: ChronicleEntry) -> str:
    """Return the series that moved with an entry."""
    return "; ".join(_moved(movement) for movement in entry.moved)


def _moved(movement: Movement) -> str:
    times = 100 if movement.percent else 1
    ends = (movement.before * times, movement.after * times)
    smallest = METRICS[movement.metric].smallest * times
    digits = digits_for(ends, smallest, percent=movement.percent)
    first, last = (numeral(each, digits) for each in ends)
    unit = " %" if movement.percent else f" {movement.unit}" if movement.unit else ""
    unit = "" if " to " in unit else unit
    return f"{movement.words}: {first} to {last}{unit}"
