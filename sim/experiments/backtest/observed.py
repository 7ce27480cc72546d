"""Observations: transfers by supplier, recipient and year, and stages of disengagement."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.data.collection import tables_of
from sim.data.flows import KINDS, flow_tuples, flows_of_all
from sim.documents.csv_table import CsvRow, read_csv
from sim.documents.joins import Tally
from sim.kernel.errors import InputError, Problem, need_lists
from sim.kernel.words import quoted

STAGES = ("state", "bloc", "year", "stage")
EXIT = 6  # stage of a member that has left; 0 to 5 are those of the ladder
_YEARS = (1900, 2200)


@dataclass(frozen=True)
class Observed:
    """Transfers in millions of TIV, and the years that the files cover."""

    transfers: dict[tuple[str, str, int], float]  # supplier, recipient, year
    first: int
    last: int
    rows: Mapping[tuple[str, str], Tally] = field(default_factory=dict)  # of the files
    files: tuple[Path, ...] = ()
    unread: tuple[str, ...] = ()  # files in its folders that cannot be read, and why

    def before(self, year: int) -> Observed:
        """Return the observations known at the end of a year."""
        known = {key: tiv for key, tiv in self.transfers.items() if key[2] <= year}
        return Observed(known, self.first, min(self.last, year))

    def tiv(self, supplier: str, recipient: str, first: int, last: int) -> float:
        """Return the TIV delivered from the year `first` to the year `last`, both included."""
        years = range(first, last + 1)
        return math.fsum(self.transfers.get((supplier, recipient, year), 0.0) for year in years)


@dataclass(frozen=True)
class Stages:
    """Changes of stage by member: each holds from its year on; the stage is 0 before the first."""

    changes: dict[tuple[str, str], dict[int, int]]  # state, bloc -> year -> stage
    rows: Mapping[tuple[str, str], Tally] = field(default_factory=dict)  # of the file

    def at(self, member: tuple[str, str], year: int) -> int:
        """Return the stage of a member at the end of a year."""
        changes = self.changes.get(member, {})
        known = [each for each in changes if each <= year]
        return changes[max(known)] if known else 0


def read_transfers(places: Sequence[str | Path]) -> Observed:
    """Return the transfers in files and folders, of publishers or of the documented layout.

    Registers are put together as `blocsim data list` says: see `sim.data.split_tables`. Rows of one
    dyad and year add up. InputError if a place holds no transfers.
    """
    need_lists(transfers=places)
    if not places:
        raise InputError([Problem("transfers", 0, 0, "", "name a file or a folder, at least")])
    found = tables_of([*map(Path, places)], *KINDS)
    transfers: dict[tuple[str, str, int], float] = {}
    rows: dict[tuple[str, str], Tally] = {}
    for each in flow_tuples(flows_of_all(found.frame)):
        pair = each.supplier, each.recipient
        transfers[*pair, each.year] = each.tiv
        tally = rows.setdefault(pair, Tally(each.file, each.line))
        if each.file == tally.file:
            tally.line = min(tally.line, each.line)
        tally.rows += each.rows
        tally.amount += each.tiv
    years = [year for _, _, year in transfers]
    if not years:
        message = "holds orders alone, and no delivery"
        raise InputError([Problem(each.file, 0, 0, "", message) for each in found.tables])
    files = dict.fromkeys(each.path for each in found.tables)
    unread = tuple(map(str, found.named))
    return Observed(transfers, min(years), max(years), rows, (*files,), unread)


def read_stages(path: str | Path) -> Stages:
    """Return the stages in a CSV file; InputError if it is not in the documented layout."""
    table = read_csv(path, *STAGES)
    changes: dict[tuple[str, str], dict[int, int]] = {}
    rows: dict[tuple[str, str], Tally] = {}
    for row in table.rows():
        member, year, stage = (
            (row.needed("state"), row.needed("bloc")),
            _year(row),
            row.text("stage"),
        )
        own = changes.setdefault(member, {})
        if stage not in {str(each) for each in range(EXIT + 1)}:
            message = f"must be a whole number from 0 to {EXIT} (left), got {quoted(stage)}"
            row.wrong("stage", message)
        elif year in own:
            row.wrong("", f"the stage of {member[0]} in {member[1]} in {year} appears twice")
        else:
            own[year] = int(stage)
        rows.setdefault(member, Tally(table.file, row.line)).add()
    table.close()
    return Stages(changes, rows)


def _year(row: CsvRow) -> int:
    """Return the year of a row; a fault is noted if it is not one, and 0 returned."""
    text = row.text("year")
    if text.isascii() and text.isdecimal() and _YEARS[0] <= int(text) <= _YEARS[1]:
        return int(text)
    row.wrong("year", f"must be a year such as 2012, got {quoted(text)}")
    return 0
