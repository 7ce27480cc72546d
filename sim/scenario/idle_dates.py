"""Idle dates: what a scenario has that no period of it can see."""

from __future__ import annotations

from collections.abc import Iterator

from sim.documents.leaves import value_of
from sim.kernel.dates import Calendar
from sim.kernel.errors import Problem
from sim.scenario.load import Scenario
from sim.scenario.schema.root import Model

Place = tuple[str, str]  # path, and what is wrong there


def idle_dates(scenario: Scenario) -> Iterator[Problem]:
    """Yield what lies before the start or after the end of every variant that has it.

    Tables that scenarios share may hold more than one of them sees: what stands in the file itself
    is meant.
    """
    first: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for variant, model in scenario.variants.items():
        for path, message in _idle(model):
            first.setdefault(path, variant)
            found.setdefault(path, []).append(message)
    for path, messages in found.items():
        has = [model for model in scenario.variants.values() if _has(model, path)]
        mark = scenario.mark(path, first[path])
        if len(messages) == len(has) and mark.file == scenario.mark("scenario").file:
            yield mark.problem(path, messages[0])


def _has(model: Model, path: str) -> bool:
    """Return whether a model has the entry of a path."""
    block, name, *rest = path.split(".")
    entry = getattr(model, block).get(name)
    return entry is not None and (block != "blocs" or rest[1] in entry.credit_until)


def _idle(model: Model) -> Iterator[Place]:
    """Yield paths of what no period of a model can see, and why."""
    calendar = Calendar.between(model.time.start, model.time.end, model.time.period)
    for block in ("grants", "threats", "leverage"):
        for name, entry in getattr(model, block).items():
            until = entry.ends if block == "grants" else entry.until
            key = "until" if entry.until is not None else "from"
            if until is not None and calendar.last_index(until) < 0:
                yield f"{block}.{name}.{key}", f"{until} is before the start: it never counts"
            elif entry.from_ is not None and calendar.index(entry.from_) >= len(calendar):
                yield f"{block}.{name}.from", f"{entry.from_} is after the end: it never counts"
    for name, offer in model.offers.items():
        if offer.opens is not None and calendar.index(offer.opens) >= len(calendar):
            yield f"offers.{name}.opens", f"{offer.opens} is after the end: it is never open"
    yield from _lines(model, calendar)
    yield from _events(model, calendar)


def _lines(model: Model, calendar: Calendar) -> Iterator[Place]:
    """Yield ends of lines of credit that are none, or are over before the start."""
    for name, bloc in model.blocs.items():
        for member, until in bloc.credit_until.items():
            if value_of(bloc.credit_lines[member]) == 0:
                message = f"{member} has no line of its own to end: add one to credit_lines"
                yield f"blocs.{name}.credit_until.{member}", message
            elif calendar.last_index(until) < 0:
                message = f"{until} is before the start: nothing is ever drawn on the line"
                yield f"blocs.{name}.credit_until.{member}", message


def _events(model: Model, calendar: Calendar) -> Iterator[Place]:
    """Yield events that cannot happen."""
    for name, event in model.events.items():
        if value_of(event.probability) == 0:
            yield f"events.{name}.probability", "0: it never happens"
        lag = 0.0 if event.lag is None else value_of(event.lag)
        if event.when is not None and lag / calendar.dt >= len(calendar):
            yield f"events.{name}.lag", "is longer than the scenario: it never happens"
