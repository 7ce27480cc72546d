"""Checks of a scenario's patterns: shipped names exist; own ones can be read off its runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from sim.documents.nodes import Steps
from sim.documents.tree import fields_of
from sim.documents.window import Window
from sim.kernel.dates import MONTHS
from sim.kernel.errors import InputError
from sim.kernel.words import meant, quoted
from sim.metrics.catalogue import METRICS
from sim.patterns.measures import ONLY_RECORDED, Series
from sim.patterns.pattern import pattern_files, shipped_pattern
from sim.scenario.checks.consistency import calendar_of
from sim.scenario.checks.known_names import Inspection
from sim.scenario.schema.outcome_syntax import spelled
from sim.scenario.schema.root import Model


def check_patterns(check: Inspection, model: Model) -> None:
    """Note patterns that are not shipped, or that ask for what runs do not record."""
    named = model.named_patterns
    if isinstance(named, dict):
        for name, pattern in named.items():
            if check.holds(("patterns", name)):
                _own(check, model, pattern, ("patterns", name))
        return
    known = pattern_files()
    for at, name in enumerate(named):
        if name not in known:
            message = f"no shipped pattern {quoted(name)}{meant(name, known)}"
            check.wrong(("patterns", at), message)
        elif name in named[:at]:
            check.wrong(("patterns", at), f"{quoted(name)} stands twice")
        else:
            try:
                model.keep_patterns({name: shipped_pattern(name)})
            except InputError as error:
                check.problems.extend(error.problems)


def _own(check: Inspection, model: Model, pattern: Any, steps: Steps) -> None:
    """Note the parts of an own pattern that the scenario's runs cannot answer."""
    calendar = calendar_of(check, model)
    for path, part in _parts(pattern, steps):
        if isinstance(part, Series):
            _series(check, part, path)
        elif isinstance(part, Window) and calendar is not None and "dates" not in path:
            size = MONTHS[calendar.period]
            if not part.within(calendar.first * size, (calendar.last + 1) * size):
                span = f"{model.time.start} to {model.time.end}"
                check.wrong(path, f"the window {part.text} is not within {span}")


def _series(check: Inspection, about: Series, steps: Steps) -> None:
    """Note a metric that is not taken every period, and subjects written otherwise."""
    known = METRICS
    if about.metric in ONLY_RECORDED:
        return
    every = {name for name, each in known.items() if each.when == "every period"}
    if about.metric not in every:
        late = about.metric in known
        why = " (it is taken at the end of a run only)" if late else ""
        hint = meant(about.metric, {*every, *ONLY_RECORDED})
        message = f"no metric {quoted(about.metric)} of every period{why}{hint}"
        check.wrong((*steps, "metric"), message)
        return
    for subject in about.subject:
        try:
            outcome = spelled(f"{about.metric} {subject}")
        except ValueError as error:
            check.wrong((*steps, "subject"), str(error))
            continue
        for kind, name in outcome.names:
            names = check.names(kind)
            if name not in names:
                message = f"no {kind} {quoted(name)}{meant(name, names)}"
                check.wrong((*steps, "subject"), message)


def _parts(part: Any, steps: Steps) -> Iterator[tuple[Steps, Any]]:
    """Yield every part of a pattern with its path as written."""
    yield steps, part
    if isinstance(part, Window):
        return
    if isinstance(part, BaseModel):
        for key, field in fields_of(type(part)).items():
            below = getattr(part, field.attribute)
            if below is not None:
                yield from _parts(below, (*steps, key))
    elif isinstance(part, dict):
        for key, each in part.items():
            yield from _parts(each, (*steps, key))
    elif isinstance(part, tuple):
        for at, each in enumerate(part):
            yield from _parts(each, (*steps, at))
