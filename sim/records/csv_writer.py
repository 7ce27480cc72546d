"""CSV as text: UTF-8, one header row, floats as `%.10g`, empty where a number is undefined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

ROWS = 1000  # formatted in one stroke


def number(value: float) -> str:
    """Return a number as it is written."""
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
    """Return a text as a field, quoted if it has to be."""
    if any(mark in text for mark in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


def row(fields: Iterable[str | float]) -> str:
    """Return a row of texts and numbers."""
    return ",".join(field(each) if isinstance(each, str) else number(each) for each in fields)


def append(path: Path, header: str, lines: Sequence[str]) -> None:
    """Write lines at the end of a file, after the header if the file is new."""
    new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        if new:
            file.write(header + "\n")
        if lines:
            file.write("\n".join(lines) + "\n")
