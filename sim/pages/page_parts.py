"""Parts of a page as plain data: the template of each is the macro of its `template`."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import ClassVar

from markupsafe import Markup


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its text, and the number that the text was made from."""

    text: str
    value: float | None = None
    mark: str = ""  # class of its look: up, down, none, open, missed, held
    key: str = ""  # that tables have for it

    @property
    def exact(self) -> str:
        """Return the number as tables of a result write it; nothing where there is none."""
        return "" if self.value is None or isnan(self.value) else f"{self.value:.10g}"


@dataclass(frozen=True)
class Head:
    """The head of a column; numbers stand to the right."""

    text: str
    number: bool = False


@dataclass(frozen=True)
class PageTable:
    """A table with its caption, and the file of the result that holds it whole."""

    template: ClassVar[str] = "table"
    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    file: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of text."""

    template: ClassVar[str] = "paragraph"
    text: str
    mark: str = ""  # lead, note


@dataclass(frozen=True)
class TextList:
    """Texts below each other."""

    template: ClassVar[str] = "texts"
    items: tuple[str, ...]


@dataclass(frozen=True)
class CommandLines:
    """Commands to copy, each with what it does."""

    template: ClassVar[str] = "commands"
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FigurePart:
    """A figure: its SVG, which is safe to stand in a page, and what it shows in words."""

    template: ClassVar[str] = "figure"
    title: str
    below: str
    svg: Markup
    width: float  # points
    files: tuple[str, ...] = ()  # of the result, that it is drawn from
    numbers: PageTable | None = None


@dataclass(frozen=True)
class Folded:
    """Parts that are shown when asked for."""

    template: ClassVar[str] = "folded"
    title: str
    parts: tuple[object, ...]


@dataclass(frozen=True)
class Headed:
    """Parts under a heading of their own."""

    template: ClassVar[str] = "headed"
    title: str
    parts: tuple[object, ...]
    below: str = ""


@dataclass(frozen=True)
class IntervalStrip:
    """An interval on a line: places from 0 to 100 of its width."""

    low: float
    high: float
    mean: float
    zero: float
    least: float  # ends of what is too small to matter
    most: float


@dataclass(frozen=True)
class FindingView:
    """A finding as it is read: what it is about, the verdict, the numbers."""

    name: str
    verdict: str
    mark: str
    numbers: str
    strip: IntervalStrip | None


@dataclass(frozen=True)
class Findings:
    """Findings of a contrast, one below the other."""

    template: ClassVar[str] = "findings"
    findings: tuple[FindingView, ...]


@dataclass(frozen=True)
class StoryEntry:
    """Something that happened: when, what, and what is said of it, each after the word for it."""

    date: str
    sentence: str
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class StoryPart:
    """A run, told by date."""

    template: ClassVar[str] = "story"
    entries: tuple[StoryEntry, ...]


@dataclass(frozen=True)
class Section:
    """A section of a page, with a place to link to."""

    place: str
    title: str
    parts: tuple[object, ...]
    lead: str = ""


@dataclass(frozen=True)
class ReportPage:
    """A whole report."""

    kicker: str  # what it is a report of
    heading: str
    below: str
    scope: str
    sections: tuple[Section, ...]
    version: str
    source: str  # hash and seed
