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
    mark: str = ""  # CSS class: up, down, none, open, missed, held
    key: str = ""  # its value in the tables

    @property
    def exact(self) -> str:
        """Return the number as written in tables of a result; empty if there is none."""
        return "" if self.value is None or isnan(self.value) else f"{self.value:.10g}"


@dataclass(frozen=True)
class Head:
    """The head of a column; numbers are right-aligned."""

    text: str
    number: bool = False


@dataclass(frozen=True)
class PageTable:
    """A table with its caption, and the file of the result with the complete table."""

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
    """Commands to copy, each with its purpose."""

    template: ClassVar[str] = "commands"
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FigurePart:
    """A figure: its SVG, which is safe in a page, and a description in words."""

    template: ClassVar[str] = "figure"
    title: str
    below: str
    svg: Markup
    width: float  # points
    files: tuple[str, ...] = ()  # the files of the result that it is drawn from
    numbers: PageTable | None = None


@dataclass(frozen=True)
class Folded:
    """Parts that are folded until opened."""

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
    least: float  # ends of the band that is too small to matter
    most: float


@dataclass(frozen=True)
class FindingView:
    """A finding: its name, the verdict, the numbers."""

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
    """An event: date, sentence, and remarks, each after its label."""

    date: str
    sentence: str
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class StoryPart:
    """The story of a run, by date."""

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

    kicker: str  # the kind of report
    heading: str
    below: str
    scope: str
    sections: tuple[Section, ...]
    version: str
    source: str  # hash and seed
