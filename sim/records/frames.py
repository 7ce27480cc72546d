"""Tables as pandas frames: read with their columns checked, and written in their order."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import pandas as pd

from sim.kernel.errors import ResultError
from sim.records.columns import Table
from sim.records.soundness import FORMAT, damaged

_OLD = tuple(map(int, pd.__version__.split(".")[:2])) < (3, 1)


def read_table(
    path: Path,
    table: Table,
    *,
    only: Sequence[str] = (),
    need: Sequence[str] = (),
    form: int = FORMAT,
    numeric: Callable[[str], bool] | None = None,
) -> pd.DataFrame:
    """Return a table as a frame; ResultError if a column is missing or a cell is of the wrong type.

    Empty cells are "" in columns of text and nan in columns of numbers. The file must have the
    columns `need`; by default those of `only`, or all that the table has in the format `form`.
    `only` names the columns to read; all if it is empty. `numeric` says of a column that is not
    declared whether it holds numbers.
    """
    head = header(path)
    needed = need or only or table.names(form)
    if lacking := [name for name in needed if name not in head]:
        raise damaged(path, f"no column {lacking[0]!r}")
    texts = [name for name in table.of_type(str) if name in head]
    try:
        frame = _read_csv(
            path,
            dtype=dict.fromkeys(texts, "str"),
            keep_default_na=False,
            na_values=[""],
            usecols=list(only) or None,
        )
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    if not isinstance(frame.index, pd.RangeIndex):  # pandas takes surplus cells for row labels
        raise _unreadable(path, "its rows have more cells than its header")
    numbers = set(table.of_type(float))
    for name in frame.columns:
        if name in texts:
            frame[name] = frame[name].fillna("")
        elif name in numbers or (numeric is not None and numeric(name)):
            frame[name] = _numbers(path, frame[name], head.index(name))
    return frame


def rows_of(frame: pd.DataFrame) -> Iterable[Any]:
    """Return the rows of a frame as named tuples."""
    return frame.itertuples(index=False)


def frame_text(table: Table, frame: pd.DataFrame) -> str:
    """Return a frame as the text of a file; columns that are not declared follow the keys."""
    if not len(frame.columns):
        return table.text([])
    more = [name for name in frame.columns if name not in table.names()]
    order = table.in_order(more) if more else table.names()
    return frame[[name for name in order if name in frame]].to_csv(
        index=False, float_format="%.10g", lineterminator="\n"
    )


def write_frame(folder: Path, table: Table, frame: pd.DataFrame) -> None:
    """Write a frame as the file of a table."""
    (folder / table.file).write_text(frame_text(table, frame), encoding="utf-8", newline="")


def header(path: Path) -> list[str]:
    """Return the column names of a file; ResultError if it is not a table, or is a link."""
    if path.is_symlink():
        message = f"{path}: is a link; a result must have the tables themselves"
        raise ResultError(message)
    if path.exists() and not path.is_file():  # a pipe or device may never end
        raise _unreadable(path, "it is not an ordinary file")
    try:
        with path.open(encoding="utf-8", newline="") as file:
            head = next(csv.reader(file), [])
    except (OSError, ValueError, csv.Error) as error:
        raise _unreadable(path, error) from None
    if not head:
        raise _unreadable(path, "it is empty")
    twice = next((name for at, name in enumerate(head) if name in head[:at]), None)
    if twice is not None:
        raise damaged(path, f"column {twice!r} appears twice")
    return head


def _numbers(path: Path, column: pd.Series, at: int) -> pd.Series:
    """Return a column as numbers; ResultError names the first cell that is not a number."""
    if column.dtype.kind in "iufb":
        return column.astype(float)  # float even if every number is whole
    numbers = pd.to_numeric(column, errors="coerce")
    if not (numbers.isna() & column.notna()).any():
        return numbers
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        for cells in reader:
            cell = cells[at] if at < len(cells) else ""
            if cell and pd.isna(pd.to_numeric(cell, errors="coerce")):
                place = f"{path}, line {reader.line_num}"
                raise damaged(place, f"{column.name} must be a number, got {cell[:40]!r}")
    raise _unreadable(path, f"{column.name} must hold numbers")


def _unreadable(path: Path, why: object) -> ResultError:
    reason = why.strerror if isinstance(why, OSError) else why
    return damaged(path, f"cannot be read as a table ({reason})")


def _read_csv(path: Path, **options: Any) -> pd.DataFrame:
    """Return a file as pandas reads it, with every number read to its last digit.

    From 3.1 on that is the default of pandas, and the option is deprecated.
    """
    if _OLD:
        options["float_precision"] = "round_trip"
    return cast("pd.DataFrame", pd.read_csv(path, **options))
