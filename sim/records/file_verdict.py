"""Verdicts on files: whether a table equals the one computed again, and where they differ."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import isclose
from pathlib import Path
from typing import Any

CLOSE = 1e-9  # tolerance, relative and absolute
EQUAL, AGREES = "equal, byte for byte", "agrees to 1e-9"
MOST = 3  # differences that are reported for a file


@dataclass(frozen=True)
class FileVerdict:
    """How a file compares with the one computed again."""

    name: str
    holds: bool  # whether the file is what the promise says
    said: str


def compared(path: Path, anew: Path, promise: str) -> FileVerdict:
    """Return how a table compares with the one computed again.

    The promise `bytes` asks for equal bytes, any other for numbers that agree to 1e-9.
    """
    if path.read_bytes() == anew.read_bytes():
        return FileVerdict(path.name, holds=True, said=EQUAL)
    if promise == "bytes":
        found = list(differences(path, anew, 0.0)) or [_offset(path, anew)]
        return FileVerdict(path.name, holds=False, said=_listed(found))
    found = list(differences(path, anew, CLOSE))
    return FileVerdict(path.name, holds=not found, said=_listed(found) if found else AGREES)


def differences(path: Path, anew: Path, close: float) -> Iterator[str]:
    """Yield the places in which two tables differ, by line and column.

    Only columns of both are compared. `close` is the tolerance of numbers, relative and absolute;
    with 0 the headers have to be equal too.
    """
    try:
        with (
            path.open(encoding="utf-8", newline="") as one,
            anew.open(encoding="utf-8", newline="") as other,
        ):
            rows, again = csv.reader(one), csv.reader(other)
            heads = next(rows, []), next(again, [])
            both = [name for name in heads[0] if name in heads[1]]
            places = [(name, heads[0].index(name), heads[1].index(name)) for name in both]
            if close == 0 and heads[0] != heads[1]:
                yield "line 1: the headers differ"
            for line, pair in enumerate(zip_longest(rows, again), start=2):
                if pair[0] is None or pair[1] is None:
                    which = "no such row in the result" if pair[0] is None else "an additional row"
                    yield f"line {line}: {which}"
                    return
                yield from _in_row(line, places, pair, close)
    except (OSError, ValueError, csv.Error) as error:
        yield f"cannot be read as a table ({error})"


def _in_row(
    line: int, places: Sequence[tuple[str, int, int]], pair: Any, close: float
) -> Iterator[str]:
    for name, here, there in places:
        one = pair[0][here] if here < len(pair[0]) else ""
        other = pair[1][there] if there < len(pair[1]) else ""
        if one != other and not (close and _close(one, other, close)):
            yield (
                f"line {line}, column {name}: {one[:40]!r} in the result, {other[:40]!r} when run "
                "again"
            )


def _close(one: str, other: str, close: float) -> bool:
    try:
        return isclose(float(one), float(other), rel_tol=close, abs_tol=close)
    except ValueError:
        return False


def _offset(path: Path, anew: Path) -> str:
    one, other = path.read_bytes(), anew.read_bytes()
    at = next((i for i, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
    return f"byte {at or min(len(one), len(other))}"


def _listed(found: Sequence[str]) -> str:
    more = f"; {len(found) - MOST:,} more" if len(found) > MOST else ""
    return "; ".join(found[:MOST]) + more
