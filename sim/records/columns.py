"""Columns and tables: how a file of a result is declared, and written as CSV.

CSV is UTF-8 with one header row, floats as `%.10g`, empty where a number is undefined.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

ROWS = 1000  # formatted at a time


@dataclass(frozen=True)
class Column:
    """A column, or several that share a definition (`low, high`).

    A name that begins with a bracket or a dot is a placeholder for columns whose names depend on
    the result.
    """

    name: str
    unit: str = ""
    text: str = ""  # definition; a column without one is not in `columns.csv`
    dtype: type = float
    when: str = ""
    key: bool = False  # keys identify a row; they come first in file and description
    since: int = 1  # the format of results from which on the table has it

    @property
    def names(self) -> list[str]:
        """Return the names of the columns of the file; none for a placeholder."""
        return [] if self.name[0] in "(." else self.name.split(", ")


@dataclass(frozen=True)
class Table:
    """A file of a result and its columns, in their order."""

    name: str
    columns: tuple[Column, ...]
    metrics: tuple[Column, ...] = ()  # what the names in the column `metric` mean
    label: str = ""  # what `columns.csv` calls the file; empty for its name

    @property
    def file(self) -> str:
        """Return the name of the file."""
        return f"{self.name}.csv"

    def names(self, form: int | None = None) -> list[str]:
        """Return the names of the columns: all, or those that the format of results `form` has."""
        known = (each for each in self.columns if form is None or each.since <= form)
        return [name for each in known for name in each.names]

    def of_type(self, dtype: type) -> list[str]:
        """Return the names of the columns of a type: float, str or bool."""
        return [name for each in self.columns if each.dtype is dtype for name in each.names]

    def header(self, more: Sequence[str] = ()) -> str:
        """Return the first line of the file; the columns `more` follow the keys."""
        return row(self.in_order(more) if more else self.names())

    def in_order(self, more: Sequence[str]) -> list[str]:
        """Return the names in order: keys, `more` (which depend on the result), the rest."""
        keys, rest = self._parts()
        return [*_names(keys), *more, *_names(rest)]

    def text(self, lines: Sequence[str], more: Sequence[str] = ()) -> str:
        """Return the whole file as text."""
        return "\n".join([self.header(more), *lines]) + "\n"

    def append(self, folder: Path, lines: Sequence[str], more: Sequence[str] = ()) -> None:
        """Write lines at the end of the file, after the header if the file is new."""
        append(folder / self.file, self.header(more), lines)

    def described(self, more: Sequence[Column] = ()) -> Iterator[tuple[str, Column]]:
        """Yield (file, column) for each column with a definition; `more` depend on the result."""
        keys, rest = self._parts()
        for each in (*keys, *self.metrics, *more, *rest):
            if each.text:
                yield self.label or self.file, each

    def _parts(self) -> tuple[list[Column], list[Column]]:
        keys = [each for each in self.columns if each.key]
        return keys, [each for each in self.columns if not each.key]


def text(name: str, text: str = "", when: str = "", *, key: bool = False, since: int = 1) -> Column:
    """Return a column of texts."""
    return Column(name, "", text, str, when, key=key, since=since)


def measured(unit: str, when: str = "", **texts: str) -> tuple[Column, ...]:
    """Return columns of numbers in one unit, by name."""
    return tuple(Column(name, unit, text, when=when) for name, text in texts.items())


def newer(form: int, *columns: Column) -> tuple[Column, ...]:
    """Return the columns, marked as in the table since the format `form` of results."""
    return tuple(replace(each, since=form) for each in columns)


def plain(names: str, dtype: type = float) -> tuple[Column, ...]:
    """Return columns from their names, joined by commas; only the documentation defines them."""
    return tuple(Column(name, dtype=dtype) for name in names.split(","))


def _names(columns: Iterable[Column]) -> list[str]:
    return [name for each in columns for name in each.names]


def number(value: float) -> str:
    """Return a number as CSV has it: ten significant digits, empty if it is undefined."""
    return "" if value != value else f"{value:.10g}"  # noqa: PLR0124 - true of nan alone


def numbers(table: np.ndarray) -> list[str]:
    """Return the rows of a table of floats (rows, columns) as lines of CSV."""
    if table.shape[0] == 0 or table.shape[1] == 0:
        return [""] * table.shape[0]
    line = ",".join(["%.10g"] * table.shape[1])
    out: list[str] = []
    for at in range(0, table.shape[0], ROWS):
        part = table[at : at + ROWS] + 0.0
        text = "\n".join([line] * part.shape[0]) % tuple(part.ravel().tolist())
        out += text.replace("nan", "").split("\n")
    return out


def field(text: str) -> str:
    """Return a text as a field of CSV, quoted if it has to be."""
    if any(mark in text for mark in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


def row(fields: Iterable[str | float]) -> str:
    """Return texts and numbers as a line of CSV, without its end."""
    return ",".join(field(each) if isinstance(each, str) else number(each) for each in fields)


def append(path: Path, header: str, lines: Sequence[str]) -> None:
    """Write lines at the end of a file, after the header if the file is new."""
    new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        if new:
            file.write(header + "\n")
        if lines:
            file.write("\n".join(lines) + "\n")
