"""Checks of conditional events: their conditions can be read, their draws are well defined."""

from __future__ import annotations

from collections.abc import Iterator

from sim.documents.leaves import NAME
from sim.kernel.layout.layout import Layout
from sim.kernel.words import meant, quoted
from sim.metrics import burdens, profile
from sim.metrics.catalogue import END, METRICS
from sim.scenario.checks.inspection import Inspection
from sim.scenario.compile.layouts import disputes, row_of, unrecorded
from sim.scenario.schema.outcome_syntax import Outcome, OutcomeWindow, spelled
from sim.scenario.schema.root import Model


def check_conditions(check: Inspection, model: Model) -> None:
    """Note conditions that cannot be read each period, and events that share their own draw."""
    for name, event in model.events.items():
        if event.when is not None:
            for message in _faults(check, event.when.outcome):
                check.wrong(("events", name, "when", "outcome"), message)
        if event.with_ is not None and (circle := _circle(model, name)):
            check.wrong(("events", name, "with"), circle)


def check_gauged(check: Inspection, model: Model, layout: Layout) -> None:
    """Note conditions whose subject is not recorded, such as a dyad without a dispute."""
    for name, when in model.waiting.items():
        for part in spelled(when.outcome).parts:
            idle = part.kind == "dyad" and not disputes(model)
            if idle or row_of(part, layout) is None:
                check.wrong(("events", name, "when", "outcome"), unrecorded(part))


def _faults(check: Inspection, text: str) -> Iterator[str]:
    try:
        parts = spelled(text).parts
    except ValueError as error:
        yield str(error)
        return
    for part in parts:
        yield from _unread(part)
        for kind, name in part.names:
            known = {each for each in check.names(kind) if NAME.match(each)}
            if name not in check.names(kind):
                yield f"no {kind} {quoted(name)}{meant(name, known)}"


def _unread(part: Outcome) -> Iterator[str]:
    """Yield the reasons why an outcome cannot be read at the end of every period."""
    if part.window != OutcomeWindow():
        yield "is read at the end of every period: remove the window"
    elif METRICS[part.metric].when == END and part.kind != "sale":
        yield (
            f"{part.metric} is known only at the end of a run: "
            "use a metric recorded every period or a stage of a sale"
        )
    elif part.metric in {*profile.OF_RUNS, *burdens.OF_RUNS}:
        yield f"{part.metric} is not recorded each period: use the numbers that it is computed from"


def _circle(model: Model, name: str) -> str:
    """Return the fault if an event shares its own draw."""
    seen, other = [name], model.events[name].with_
    while other is not None and other in model.events:
        if other == name:
            by = f" through {', '.join(seen[1:])}" if seen[1:] else ""
            return f"shares its own draw{by}: `with` must lead to an event with a draw of its own"
        if other in seen:
            return ""  # reported for the events in the circle
        seen.append(other)
        other = model.events[other].with_
    return ""
