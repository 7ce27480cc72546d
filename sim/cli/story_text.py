"""The story of a run as lines of a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from textwrap import wrap

from sim.explain.chronicle import Chronicle, ChronicleEntry, Movement
from sim.explain.sentences import cases
from sim.metrics.catalogue import METRICS
from sim.seeing.numerals import digits_for, numeral

WIDTH = 80


def story_lines(chronicle: Chronicle, *, ids: bool = False) -> Iterator[str]:
    """Yield the lines of a story; with `ids` those of the decisions, for `blocsim explain`."""
    head = f"{chronicle.scenario}, {chronicle.variant}, run {chronicle.run}: {chronicle.picked}"
    yield from wrap(head, WIDTH)
    if not chronicle.entries:
        yield "nothing of that happened"
        return
    indent = " " * (2 + max(len(each.date) for each in chronicle.entries))
    before = ""
    for each in chronicle.entries:
        date = each.date if each.date != before else ""
        before = each.date
        yield ""
        yield from _hung(f"{date:{len(indent)}}", each.sentence)
        yield from _reasons(each, indent)
        if ids and each.decision:
            yield f"{indent}id    {each.decision}"
        if each.moved:
            moved = "; ".join(_moved(movement) for movement in each.moved)
            yield from _hung(f"{indent}moved ", moved)
    yield ""
    told = f"{len(chronicle.entries)} of {chronicle.candidates} things that happened"
    yield f"{told} in one run of a scenario, not a forecast"


def _reasons(entry: ChronicleEntry, indent: str) -> Iterator[str]:
    parts = []
    for (actor, unit), reasons in groupby(entry.reasons, key=lambda each: (each.actor, each.unit)):
        told = ", ".join(f"{each.words} {each.value:+.2f}" for each in reasons)
        parts.append(f"{actor}: {told} ({unit})")
    if entry.chance is not None:
        parts.append(f"so in {cases(entry.chance)} such cases")
    if parts:
        yield from _hung(f"{indent}why   ", "; ".join(parts))


def _moved(movement: Movement) -> str:
    times = 100 if movement.percent else 1
    ends = (movement.before * times, movement.after * times)
    smallest = METRICS[movement.metric].smallest * times
    digits = digits_for(ends, smallest, percent=movement.percent)
    first, last = (numeral(each, digits) for each in ends)
    unit = " %" if movement.percent else f" {movement.unit}" if movement.unit else ""
    unit = "" if " to " in unit else unit
    return f"{movement.words}: {first} to {last}{unit}"


def _hung(label: str, text: str) -> list[str]:
    """Return a text after a label, its other lines below the text."""
    return wrap(text, WIDTH, initial_indent=label, subsequent_indent=" " * len(label))
