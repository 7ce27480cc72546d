"""A table in the layout of a publisher: its bytes, and the columns that tests can spoil."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from sim.data.tidy_tables import Kind


@dataclass(frozen=True, kw_only=True)
class Sample:
    """An invented file: its bytes, and the columns that tests can spoil."""

    kind: Kind
    lines: list[str]
    number: str = "2019"  # a column of numbers or years
    state: str = ""  # a column of states
    encoding: str = "utf-8"
    end: str = "\n"
    tail: str = ""  # at the end of every line
    sign: str = ","
    name: str = "table.csv"
    table_of: bool = True  # rows and cells, which can be spoilt one by one
    any_codes: bool = False  # states may bear codes of a scenario
    names_states: bool = True  # in columns of their own

    def bytes(self) -> bytes:
        """Return the file."""
        return self.end.join(line + self.tail for line in [*self.lines, ""]).encode(self.encoding)

    def table(self) -> tuple[int, list[list[str]]]:
        """Return the line of the header, counted from 0, and the cells of all lines."""
        rows = list(csv.reader(io.StringIO("\n".join(self.lines)), delimiter=self.sign))
        at = next(n for n, row in enumerate(rows) if self.state in row)
        return at, rows

    def spoilt(self, rows: list[list[str]]) -> bytes:
        """Return the file with other cells."""
        text = io.StringIO()
        csv.writer(text, delimiter=self.sign, lineterminator="\n").writerows(rows)
        return text.getvalue().encode(self.encoding, errors="replace")
