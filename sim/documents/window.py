"""Leaves of time: dates, and windows such as `2011..2020`, `2018-Q4..2020-Q2` or a single date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from sim.documents.leaves import Leaf, refuse
from sim.kernel.dates import YEAR, length, months
from sim.kernel.words import got

_YEARS = range(1000, 10_000)
_DATE = r"[0-9]{4}(-(Q[1-4]|H[12]|0[1-9]|1[0-2]))?"
_SPAN = re.compile(r"\s*(\S+?)\s*\.\.\s*(\S+)\s*\Z")


@dataclass(frozen=True)
class Date(Leaf):
    """A date: 2018, 2018-H1, 2018-Q2 or 2018-06."""

    form: ClassVar = {
        "anyOf": [
            {"type": "string", "pattern": f"^{_DATE}$"},
            {"type": "integer", "minimum": _YEARS.start, "maximum": _YEARS.stop - 1},
        ]
    }

    def check(self, value: Any) -> str:
        """Return the date as text."""
        year = isinstance(value, int) and not isinstance(value, bool) and value in _YEARS
        text = str(value) if year else value
        try:
            months(text if isinstance(text, str) else "")
        except ValueError:
            refuse(f"must be a date such as 2018, 2018-H1, 2018-Q2 or 2018-06, got {got(value)}")
        return str(text)


class Window(NamedTuple):
    """A span of time, in months counted from year 0."""

    first: int
    stop: int  # the month after the last
    text: str  # as written

    @property
    def years(self) -> list[int]:
        """Return the years that the window touches."""
        return list(range(self.first // YEAR, (self.stop - 1) // YEAR + 1))

    @property
    def middle(self) -> int:
        """Return the month in the middle."""
        return (self.first + self.stop) // 2

    def holds(self, months: Any) -> Any:
        """Return which months lie in the window."""
        return (self.first <= months) & (months < self.stop)

    def within(self, first: int, stop: int) -> bool:
        """Return whether the window lies in a span."""
        return first <= self.first and self.stop <= stop


@dataclass(frozen=True)
class Span(Leaf):
    """A window of time, ends included."""

    form: ClassVar = {
        "anyOf": [
            {"type": "string", "pattern": rf"^\s*{_DATE}(\s*\.\.\s*{_DATE})?\s*$"},
            Date.form["anyOf"][1],
        ]
    }

    def check(self, value: Any) -> Window:
        """Return the window."""
        if isinstance(value, Window):
            return value
        text = value if isinstance(value, str) else ""
        ends = _SPAN.match(text)
        if ends is None and ".." in text:
            refuse(f"must be a window such as 2011..2020 or 2018-Q4..2020-Q2, got {got(value)}")
        start, end = (Date().check(each) for each in (ends.groups() if ends else (value, value)))
        written = f"{start}..{end}" if ends else start
        if months(end) + length(end) <= months(start):
            refuse(f"the window {written} ends before it starts: write {end}..{start}")
        return Window(months(start), months(end) + length(end), written)


@dataclass(frozen=True)
class DatedWindow(Leaf):
    """A date, as a window of its own length."""

    form: ClassVar = Date.form

    def check(self, value: Any) -> Window:
        """Return the window."""
        return value if isinstance(value, Window) else Span().check(Date().check(value))
