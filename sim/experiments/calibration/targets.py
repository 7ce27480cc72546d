"""Targets: the checks that a calibration fits, none of which may look beyond the vantage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from pydantic import BaseModel

from sim.dates import MONTHS, months
from sim.errors import InputError, Problem
from sim.experiments.calibration.summaries import Target
from sim.scenario.words import meant, quoted

FIT = "fit"


def targets_of(
    patterns: Mapping[str, Any], *, chosen: Sequence[str] = (), vantage: str, start: str, where: Any
) -> tuple[Target, ...]:
    """Return the targets: checks to be fitted that count, of all patterns or of those chosen.

    InputError if a window ends after the vantage, if there is nothing to fit, or if no pattern
    has a chosen name. `where` returns the place of a path of the scenario as file:line:column.
    """
    for name in chosen:
        if name not in patterns:
            message = f"no pattern {quoted(name)}{meant(name, patterns)}"
            raise InputError([Problem("--patterns", 0, 0, "", message)])
    checks = [
        (f"{name}.{own}", check)
        for name, pattern in patterns.items()
        if not chosen or name in chosen
        for own, check in pattern.checks.items()
        if pattern.use_of(check) == FIT and check.band is not None
    ]
    problems = [
        _problem(where, name, window.text, vantage)
        for name, check in checks
        for window in _windows(check)
        if window.stop > end_of(vantage)
    ]
    if problems:
        raise InputError(problems)
    if not checks:
        what = " among those named" if chosen else ""
        message = f"no pattern is for fitting{what}: give `patterns` one with use: fit and a band"
        raise InputError([Problem("--patterns" if chosen else start, 0, 0, "patterns", message)])
    return tuple(_target(name, check, vantage) for name, check in checks)


def end_of(date: str) -> int:
    """Return the month after a date."""
    part = date.partition("-")[2][:1]
    sizes = {"": MONTHS["year"], "H": MONTHS["half"], "Q": MONTHS["quarter"]}
    return months(date) + sizes.get(part, 1)


def _windows(part: Any) -> Iterator[Any]:
    """Yield every window that a check names, at whatever depth."""
    if hasattr(part, "stop") and hasattr(part, "text"):
        yield part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _windows(getattr(part, name))
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _windows(each)


def _target(name: str, check: Any, vantage: str) -> Target:
    """Return a check as a target; a window that is left out ends at the vantage."""
    band = check.band
    windows = list(_windows(check))
    last = max(windows, key=lambda window: int(window.stop)) if windows else None
    return Target(
        name=name,
        low=-np.inf if band.low is None else band.low,
        high=np.inf if band.high is None else band.high,
        historical=check.historical,
        ends=vantage if last is None else _label(last.stop - 1),
        window="" if last is None else last.text,
    )


def _label(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def _problem(where: Any, name: str, window: str, vantage: str) -> Problem:
    """Return that a window ends too late, at the place of the pattern."""
    own, check = name.split(".")
    place = where(f"patterns.{own}.checks.{check}").rsplit(":", 2)
    message = (
        f"the window {window} ends after the vantage {vantage}: fit on an earlier one, "
        "use: judge, or give a later --vantage"
    )
    return Problem(place[0], int(place[1]), int(place[2]), f"patterns.{name}", message)
