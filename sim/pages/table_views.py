"""Tables of a page from rows of a result: every number keeps its value in the table."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

import pandas as pd

from sim.pages.page_parts import Cell, Head, PageTable, Paragraph
from sim.seeing.numerals import brief
from sim.seeing.score_tables import ScoreTable

Column = tuple[str, str, bool]  # its name in the table, its head, and whether it has numbers


def number_cell(value: float, mark: str = "") -> Cell:
    """Return a number in few digits, with its exact value."""
    return Cell(brief(float(value)), float(value), mark)


def table_of(
    caption: str, frame: pd.DataFrame, columns: Sequence[Column], file: str = ""
) -> PageTable:
    """Return the rows of a frame, some of its columns."""
    heads = tuple(Head(head, number) for _, head, number in columns)
    rows = tuple(
        tuple(_cell(row[name], number=number) for name, _, number in columns)
        for row in frame.to_dict("records")
    )
    return PageTable(caption, heads, rows, file)


def score_view(shown: ScoreTable) -> tuple[object, ...]:
    """Return a table of scores, and its note."""
    heads = tuple(Head(name, number) for name, number in shown.heads)
    rows = tuple(tuple(Cell(cell.text, cell.value) for cell in row) for row in shown.rows)
    table = PageTable(shown.caption, heads, rows, shown.file)
    return (table, Paragraph(f"{shown.note}.", "note")) if shown.note else (table,)


def number_heads(*names: str) -> tuple[Head, ...]:
    """Return the heads of columns of numbers."""
    return tuple(Head(name, number=True) for name in names)


def _cell(value: object, *, number: bool) -> Cell:
    if number and isinstance(value, int | float):
        return number_cell(value)
    return Cell("" if value is None or (isinstance(value, float) and isnan(value)) else str(value))
