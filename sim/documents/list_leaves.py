"""Leaves that take one entry or a list: names, texts, words and dates; and windows of time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.documents.leaves import NAME, Choice, Date, Json, Leaf, Ref, Text, refuse
from sim.kernel.dates import length, months
from sim.kernel.words import either, got, quoted

_SPAN = re.compile(r"\s*(\S+?)\s*\.\.\s*(\S+)\s*\Z")


class Window(NamedTuple):
    """A span of time, in months counted from year 0."""

    first: int
    stop: int  # the month after the last
    text: str  # as written

    @property
    def years(self) -> list[int]:
        """Return the years that the window touches."""
        return list(range(self.first // 12, (self.stop - 1) // 12 + 1))

    @property
    def middle(self) -> int:
        """Return the month in the middle."""
        return (self.first + self.stop) // 2

    def within(self, first: int, stop: int) -> bool:
        """Return whether the window lies in a span."""
        return first <= self.first and self.stop <= stop


@dataclass(frozen=True)
class Several(Leaf):
    """One entry, or a list of one or more."""

    def entries(self, value: Any) -> list[Any]:
        """Return the entries of a list, or a single value as one entry."""
        return list(value) if isinstance(value, list | tuple) else [value]

    def entry(self) -> Json:
        """Return the JSON Schema of one entry."""
        raise NotImplementedError

    def published(self) -> Json:
        """Return the JSON Schema of one entry or a list."""
        entry = self.entry()
        several = {"type": "array", "items": entry, "minItems": 1}
        return {"anyOf": [*entry.get("anyOf", [entry]), several]}


@dataclass(frozen=True)
class Names(Several):
    """One or several names of entities, which have to exist (checked later)."""

    kinds: tuple[str, ...] = ("state",)  # state, bloc, class or system

    def check(self, value: Any) -> tuple[str, ...]:
        """Return the names."""
        names = self.entries(value)
        what = f"the name of a {either(self.kinds)}, or a list of such names"
        for name in names or [None]:
            if not isinstance(name, str) or not NAME.match(name):
                message = f"must be {what}, got {got(name)}"
                if isinstance(name, int | float) and not isinstance(name, bool):
                    message += ": put it in quotes"
                raise refuse(message)
        if len(set(names)) < len(names):
            message = f"names {quoted(max(names, key=names.count))} twice"
            raise refuse(message)
        return tuple(names)

    def entry(self) -> Json:
        """Return the JSON Schema of a name."""
        return Ref().published()


@dataclass(frozen=True)
class Texts(Several):
    """One or several texts, such as the subjects of a metric."""

    def check(self, value: Any) -> tuple[str, ...]:
        """Return the texts."""
        texts = self.entries(value)
        for text in texts or [None]:
            if not isinstance(text, str) or not text.strip():
                message = f"must be text, or a list of texts, got {got(text)}"
                raise refuse(message)
        return tuple(text.strip() for text in texts)

    def entry(self) -> Json:
        """Return the JSON Schema of a text."""
        return Text().published()


@dataclass(frozen=True)
class Choices(Several):
    """One or several of a few words."""

    options: tuple[str, ...] = ()

    def check(self, value: Any) -> tuple[str, ...]:
        """Return the words."""
        words = tuple(Choice(options=self.options).check(each) for each in self.entries(value))
        if not words or len(set(words)) < len(words):
            message = f"must be {either(self.options)}, or a list of these, each once"
            raise refuse(message)
        return words

    def entry(self) -> Json:
        """Return the JSON Schema of a word."""
        return Choice(options=self.options).published()


@dataclass(frozen=True)
class Span(Leaf):
    """A window of time: `2011..2020`, `2018-Q4..2020-Q2`, or a single date; ends included."""

    def check(self, value: Any) -> Window:
        """Return the window."""
        if isinstance(value, Window):
            return value
        ends = _SPAN.match(value) if isinstance(value, str) else None
        if ends is None and (not isinstance(value, str) or ".." not in value):
            date = _date(value)
            return Window(months(date), months(date) + length(date), date)
        if ends is None:
            message = f"must be a window such as 2011..2020 or 2018-Q4..2020-Q2, got {got(value)}"
            raise refuse(message)
        start, end = (_date(each) for each in ends.groups())
        if months(end) + length(end) <= months(start):
            message = f"the window {start}..{end} ends before it starts"
            raise refuse(message)
        return Window(months(start), months(end) + length(end), f"{start}..{end}")

    def published(self) -> Json:
        """Return the JSON Schema of a window."""
        date = r"[0-9]{4}(-(Q[1-4]|H[12]|0[1-9]|1[0-2]))?"
        text = {"type": "string", "pattern": rf"^\s*{date}(\s*\.\.\s*{date})?\s*$"}
        return {"anyOf": [text, {"type": "integer", "minimum": 1000, "maximum": 9999}]}


@dataclass(frozen=True)
class Dates(Several):
    """One or several dates, each as a window of its own length."""

    def check(self, value: Any) -> tuple[Window, ...]:
        """Return the dates."""
        dates = self.entries(value)
        if not dates:
            message = "needs at least one date"
            raise refuse(message)
        return tuple(Span().check(_date(each)) for each in dates)

    def entry(self) -> Json:
        """Return the JSON Schema of a date."""
        return Date().published()


def _date(value: Any) -> str:
    """Return a date, if it is one."""
    if isinstance(value, Window):
        return value.text
    return str(Date().check(value))
