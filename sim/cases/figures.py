"""Figures: values for a scenario, each with source, year and spelling in YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.documents.sources import ASSUMED, PLACEHOLDER

DIGITS = 4  # significant digits of a figure
Path = tuple[str, ...]  # of a value, such as states, ARM, gdp


@dataclass(frozen=True)
class Figure:
    """One value of a scenario."""

    value: Any  # a number, a text, or a list of texts
    source: tuple[str, ...] = (ASSUMED,)  # keys of the references
    year: int | None = None  # of the data; the last if they are of several years
    spread: tuple[float, float] | None = None  # ends between which it is uncertain
    found: str = ""  # how, where a user has to know it; a line on the terminal

    @property
    def held(self) -> bool:
        """Return whether it comes from data or a rule: it is not a placeholder."""
        return PLACEHOLDER not in self.source

    @property
    def text(self) -> str:
        """Return the value as YAML writes it, on one line."""
        if self.spread is None:
            return spelled(self.value)
        low, high = map(spelled, self.spread)
        return f"{{value: {spelled(self.value)}, dist: uniform, low: {low}, high: {high}}}"


@dataclass(frozen=True)
class Gap:
    """A value that the data do not give."""

    path: Path
    why: str
    instead: str = ""  # what a case has in its place


Figures = Mapping[Path, Figure]
Answer = Iterator[tuple[Path, Figure] | Gap]  # values and gaps of a topic


def placeholder(value: Any) -> Figure:
    """Return a usual value that stands in for a missing figure, so that the scenario runs."""
    return Figure(value, (PLACEHOLDER,))


def spelled(value: Any) -> str:
    """Return a value as YAML, on one line: numbers to four digits, texts quoted if they need it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(spelled, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {spelled(each)}' for key, each in value.items())}}}"
    if isinstance(value, int):
        return str(value)
    return _rounded(value) if isinstance(value, float) else _quoted(str(value))


def _rounded(value: float) -> str:
    """Return a number to four significant digits, without an exponent."""
    text = f"{float(f'{value:.{DIGITS}g}'):.10f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


_PLAIN = frozenset("0123456789_ -./()+'")
_DATE = re.compile(r"[0-9]{4}-(Q[1-4]|H[12]|[0-9]{2})\Z")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n", "~"})


def _quoted(text: str) -> str:
    """Return a text as it is if YAML reads it as that text, else in double quotes."""
    known = all(each in _PLAIN or each.isalpha() for each in text)
    if _DATE.match(text):
        return text
    if text[:1].isalpha() and text[-1] != " " and known and text.casefold() not in _WORDS:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
