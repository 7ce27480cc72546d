"""Sliders: the numbers that can be changed on a page, with bounds, unit and source.

They are the numbers of the scenario's `sweep`, its uncertain numbers, and numbers set by a link.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

from sim.documents.leaves import Uncertain, value_of
from sim.documents.sources import ASSUMED
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import meant, quoted
from sim.scenario.load import Scenario
from sim.scenario.paths import NumberPath

SWEPT, DOUBTFUL, OTHER = "swept", "doubtful", "other"
_STEPS = 100  # about how many, for a slider
_PREFIX = "set:"  # prefix of the names of paths in forms and links


@dataclass(frozen=True)
class Slider:
    """A number to change: in steps between its bounds, or one of some values."""

    path: str
    group: str
    usual: float  # as set by the scenario
    value: float  # value set
    low: float
    high: float
    step: float
    values: tuple[float, ...]
    unit: str
    source: str
    assumed: bool

    @property
    def field(self) -> str:
        """Return its name in a form."""
        return _PREFIX + self.path

    @property
    def id(self) -> str:
        """Return its id on a page."""
        return "n-" + "".join(each if each.isalnum() else "-" for each in self.path)

    @property
    def changed(self) -> bool:
        """Return whether it is set to another value than the scenario's.

        A browser moves a slider in steps, so a value within half a step counts as the scenario's.
        """
        return abs(self.value - self.usual) > self.step / 2 * (1 - 1e-6) or (
            bool(self.values) and self.value != self.usual
        )

    @property
    def text(self) -> str:
        """Return the change, for `--set`."""
        return f"{self.path}={numeral_of(self.value)}"

    @property
    def shown(self) -> str:
        """Return the value on the page."""
        return numeral_of(self.value)

    @property
    def choices(self) -> tuple[tuple[str, bool], ...]:
        """Return the values to choose from, and whether each is the present one."""
        near = sorted({*self.values, self.usual})
        return tuple((numeral_of(each), each == self.value) for each in near)


def numeral_of(value: float) -> str:
    """Return a number as written in a form."""
    return f"{value:.6g}"


def sliders_of(scenario: Scenario, asked: Mapping[str, str]) -> tuple[Slider, ...]:
    """Return the sliders of a scenario; `asked` has the texts of a form or link, by name.

    InputError lists every number that is unknown or out of bounds.
    """
    known = scenario.numbers
    given = {
        name.removeprefix(_PREFIX): text for name, text in asked.items() if name.startswith(_PREFIX)
    }
    problems = [
        Problem("--set", 0, 0, path, f"no number of that name{meant(path, known)}")
        for path in given
        if path not in known
    ]
    sliders = []
    groups: dict[str, str] = {path: SWEPT for path in scenario.base.sweep if path in known}
    for path, number in known.items():
        if isinstance(number.value, Uncertain):
            groups.setdefault(path, DOUBTFUL)
    for path in given:
        if path in known:
            groups.setdefault(path, OTHER)
    for path, group in groups.items():
        try:
            sliders.append(_slider(scenario, known[path], group, given.get(path)))
        except ValueError as error:
            problems.append(Problem("--set", 0, 0, path, str(error)))
    if problems:
        raise InputError(problems)
    return tuple(sliders)


def changes_of(sliders: Sequence[Slider]) -> tuple[str, ...]:
    """Return the changes, for `--set`."""
    return tuple(each.text for each in sliders if each.changed)


def _slider(scenario: Scenario, number: NumberPath, group: str, text: str | None) -> Slider:
    path, usual = str(number.path), value_of(number.value)
    span = scenario.base.sweep.get(path)
    values = tuple(span.values or ()) if span is not None else ()
    low, high = _bounds(number, usual, None if span is None else (span.low, span.high))
    step = 1.0 if getattr(number.leaf, "whole", False) else _step(low, high)
    value = usual if text is None else _number(text)
    if fault := number.leaf.outside(value):
        raise ValueError(fault)
    return Slider(
        path=path,
        group=group,
        usual=usual,
        value=value,
        low=low if values else min(_inside(number, _down(low, step), step), value),
        high=high if values else max(_inside(number, _up(high, step), step), value),
        step=step,
        values=tuple(sorted({*values, value})) if values else (),
        unit=number.unit,
        source=", ".join(number.source),
        assumed=ASSUMED in number.source,
    )


def _bounds(
    number: NumberPath, usual: float, span: tuple[float | None, float | None] | None
) -> tuple[float, float]:
    """Return the range of a slider: the declared one, otherwise a wide default."""
    if span is not None and span[0] is not None and span[1] is not None:
        return min(span[0], usual), max(span[1], usual)
    if isinstance(number.value, Uncertain):
        own = (number.value.low, number.value.high)
        if all(map(isfinite, own)) and own[0] < own[1]:
            return min(own[0], usual), max(own[1], usual)
    low, high = number.leaf.usual or (number.low, number.high)
    reach = 2 * abs(usual) or 1.0
    return (low if isfinite(low) else usual - reach), (high if isfinite(high) else usual + reach)


def _step(low: float, high: float) -> float:
    """Return a round step, about a hundredth of the range."""
    raw = (high - low) / _STEPS if high > low else 1.0
    power: float = 10.0 ** floor(log10(raw))
    return next(each * power for each in (1, 2, 5, 10) if raw <= each * power * (1 + 1e-9))


def _down(value: float, step: float) -> float:
    return float(f"{floor(value / step + 1e-9) * step:.12g}")


def _up(value: float, step: float) -> float:
    return float(f"{ceil(value / step - 1e-9) * step:.12g}")


def _inside(number: NumberPath, value: float, step: float) -> float:
    """Return a bound within those of the number."""
    lowest = number.low + step if number.leaf.above else number.low
    return min(max(value, lowest), number.high)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        message = f"must be a number, got {quoted(text)}"
        raise ValueError(message) from None
    if not isfinite(value):
        message = f"must be a finite number, got {quoted(text)}"
        raise ValueError(message)
    return value
