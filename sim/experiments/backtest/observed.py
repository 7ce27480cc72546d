"""What was observed: transfers by supplier, recipient and year, and stages of disengagement."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.documents.leaves import NAME
from sim.documents.reader import decode, read_bytes, shown
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import quoted

TRANSFERS = ("supplier", "recipient", "year", "tiv_m")
STAGES = ("state", "bloc", "year", "stage")
EXIT = 6  # stage of a member that has left; 0 to 5 are those of the ladder
_MOST = 50  # problems told of one file
_YEARS = (1900, 2200)


@dataclass(frozen=True)
class Observed:
    """Transfers in millions of TIV, and the years that the file covers."""

    transfers: dict[tuple[str, str, int], float]  # supplier, recipient, year
    first: int
    last: int

    def before(self, year: int) -> Observed:
        """Return what was known at the end of a year."""
        known = {key: tiv for key, tiv in self.transfers.items() if key[2] <= year}
        return Observed(known, self.first, min(self.last, year))

    def tiv(self, supplier: str, recipient: str, first: int, last: int) -> float:
        """Return what was delivered in some years, both ends included."""
        years = range(first, last + 1)
        return math.fsum(self.transfers.get((supplier, recipient, year), 0.0) for year in years)


@dataclass(frozen=True)
class Stages:
    """Changes of stage by member: from each year on a stage holds, 0 before the first."""

    changes: dict[tuple[str, str], dict[int, int]]  # state, bloc -> year -> stage

    def at(self, member: tuple[str, str], year: int) -> int:
        """Return the stage of a member at the end of a year."""
        changes = self.changes.get(member, {})
        known = [each for each in changes if each <= year]
        return changes[max(known)] if known else 0


def read_transfers(path: str | Path) -> Observed:
    """Return the transfers of a CSV file; rows of one dyad and year add up.

    InputError if it is none in the documented layout.
    """
    problems: list[Problem] = []
    found: dict[tuple[str, str, int], float] = {}
    years: list[int] = []
    for line, (supplier, recipient, year, tiv) in _rows(path, TRANSFERS, problems):
        fault = _unnamed(supplier) or _unnamed(recipient) or _no_year(year)
        fault = fault or ("" if supplier != recipient else f"both are {quoted(supplier)}")
        fault = fault or _no_amount(tiv)
        if fault:
            problems.append(Problem(shown(Path(path)), line, 1, "", fault))
            continue
        key = supplier, recipient, int(year)
        found[key] = found.get(key, 0.0) + float(tiv)
        years.append(int(year))
    _refuse(path, problems, empty=not years)
    return Observed(found, min(years), max(years))


def read_stages(path: str | Path) -> Stages:
    """Return the stages of a CSV file; InputError if it is none in the documented layout."""
    problems: list[Problem] = []
    changes: dict[tuple[str, str], dict[int, int]] = {}
    for line, (state, bloc, year, stage) in _rows(path, STAGES, problems):
        fault = _unnamed(state) or _unnamed(bloc) or _no_year(year)
        if not fault and stage not in {str(each) for each in range(EXIT + 1)}:
            fault = f"stage must be a whole number from 0 to {EXIT} (left), got {quoted(stage)}"
        own = changes.setdefault((state, bloc), {})
        if not fault and int(year) in own:
            fault = f"the stage of {state} in {bloc} in {year} stands twice"
        if fault:
            problems.append(Problem(shown(Path(path)), line, 1, "", fault))
        else:
            own[int(year)] = int(stage)
    _refuse(path, problems, empty=False)
    return Stages(changes)


def _rows(
    path: str | Path, wanted: Sequence[str], problems: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of the columns wanted, with the line of each row."""
    name = shown(Path(path))
    rows = csv.reader(io.StringIO(decode(read_bytes(Path(path)), name), newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(rows, [])]
        lacking = [column for column in wanted if column not in header]
        if lacking:
            message = f"the first row must name {', '.join(wanted)}; {lacking[0]} is missing"
            problems.append(Problem(name, 1, 1, "", message))
            return
        places = [header.index(column) for column in wanted]
        for cells in rows:
            if len(cells) == len(header):
                yield rows.line_num, [cells[place].strip() for place in places]
            elif cells:
                message = f"must have {len(header)} cells, got {len(cells)}"
                problems.append(Problem(name, rows.line_num, 1, "", message))
    except csv.Error as error:
        problems.append(Problem(name, rows.line_num, 1, "", f"not readable as CSV: {error}"))


def _unnamed(code: str) -> str:
    return "" if NAME.match(code) else f"no state's code or bloc: {quoted(code)}"


def _no_year(text: str) -> str:
    known = text.isdecimal() and _YEARS[0] <= int(text) <= _YEARS[1]
    return "" if known else f"year must be a year such as 2012, got {quoted(text)}"


def _no_amount(text: str) -> str:
    try:
        value = float(text) if "_" not in text else math.nan
    except ValueError:
        value = math.nan
    known = math.isfinite(value) and value >= 0
    return "" if known else f"tiv_m must be a number, 0 or more, got {quoted(text)}"


def _refuse(path: str | Path, problems: list[Problem], *, empty: bool) -> None:
    """Raise what is wrong with a file, if anything is."""
    if problems:
        raise InputError(problems[:_MOST])
    if empty:
        raise InputError([Problem(shown(Path(path)), 0, 0, "", "holds no row")])
