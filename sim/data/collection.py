"""Collections: the tables in a user's files and folders, by kind, newest first.

    data = collect([Path("~/data").expanduser()])
    data.frame(tidy_tables.SPENDING)  # columns of the kind, and `source` and `file` of each row

A file that is recognised but damaged raises an error when its kind is read. A file that is not a
known table is left out, and is listed in `faults`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from sim.data.containers import BrokenDownloadError, files_of, refused
from sim.data.split_tables import FileShare, Whole, put_together
from sim.data.table_reader import Reading, Watch, readings
from sim.data.tidy_tables import Kind
from sim.documents.reader import shown
from sim.kernel.errors import InputError, Problem

_LISTED = 3  # files that cannot be read and are named


@dataclass(frozen=True)
class Collection:
    """The tables that were found, and the faults of files without a known table."""

    tables: tuple[Reading, ...]
    faults: tuple[Problem, ...]
    broken: frozenset[Problem] = frozenset()  # those of downloads that broke off, or are a page

    def of(self, kind: Kind) -> list[Reading]:
        """Return the tables of a kind: those with the latest last year first, then the largest.

        InputError if one of them is damaged.
        """
        own = [each for each in self.tables if each.kind is kind]
        return sorted(own, key=lambda each: (-each.years[1], -len(each.frame), each.file))

    def frame(self, kind: Kind) -> pd.DataFrame:
        """Return the rows of a kind, with `source` and `file`; empty if there are none."""
        return self.whole(kind).frame

    def whole(self, kind: Kind) -> Whole:
        """Return the rows of a kind, and what each file gives; see `split_tables`.

        Tables of which equal rows cannot be recognised, as they have different layouts, are not put
        together: those of the layout with most rows count. InputError if a table is damaged.
        """
        tables = self.of(kind)
        if not tables:
            return Whole(pd.DataFrame(columns=[*kind.names, "source", "file"]), ())
        if kind.subject:
            return put_together(kind, tables)
        by_layout: dict[str, list[Reading]] = {}
        for each in tables:
            by_layout.setdefault(each.layout.name, []).append(each)
        wholes = [put_together(kind, own) for own in by_layout.values()]
        best = max(wholes, key=lambda each: len(each.frame))
        left = [each for whole in wholes if whole is not best for each in whole.shares]
        unused = (FileShare(each.file, each.rows, 0, other=each.rows) for each in left)
        return Whole(best.frame, (*best.shares, *unused))

    @property
    def named(self) -> tuple[Problem, ...]:
        """Return the faults to name one by one: of many, the first broken downloads alone."""
        if len(self.faults) <= _LISTED:
            return self.faults
        return tuple(each for each in self.faults if each in self.broken)[:_LISTED]

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Return the names of the kinds with a table."""
        return frozenset(each.kind.name for each in self.tables)


def collect(places: Sequence[Path], watch: Watch | None = None) -> Collection:
    """Return the tables in files and folders; InputError if a path does not exist.

    `watch` is called with each file that is opened, and while its rows are read.
    """
    tables: list[Reading] = []
    faults: list[Problem] = []
    broken: set[Problem] = set()
    for path in files_of([*places], faults):
        if watch is not None:
            watch(shown(path), 0)
        try:
            tables += readings(path, watch)
        except InputError as error:
            faults += error.problems
            broken |= {*error.problems} if isinstance(error, BrokenDownloadError) else set()
    return Collection(tuple(tables), tuple(faults), frozenset(broken))


def tables_of(places: Sequence[Path], *kinds: Kind) -> Collection:
    """Return the tables of some kinds in files and folders; see `collect`.

    InputError if a place holds none of them.
    """
    tables: list[Reading] = []
    faults: list[Problem] = []
    broken: set[Problem] = set()
    lacking: list[Problem] = []
    for place in places:
        found = collect([place])
        own = [each for each in found.tables if each.kind in kinds]
        if not own:
            lacking += _lacking(place, found, kinds)
        known = {each.path.resolve() for each in tables}
        tables += [each for each in own if each.path.resolve() not in known]
        faults += [each for each in found.faults if each not in faults]
        broken |= found.broken
    if lacking:
        raise InputError(lacking)
    return Collection(tuple(tables), tuple(faults), frozenset(broken))


def _lacking(place: Path, found: Collection, kinds: Sequence[Kind]) -> Sequence[Problem]:
    """Return why a place holds no table of some kinds."""
    if found.faults and not place.is_dir():
        return found.faults
    message = f"holds no table of {' or '.join(each.name for each in kinds)}"
    more = f": `blocsim data list --data {shown(place)}` says what it holds"
    return refused(shown(place), message + more * place.is_dir()).problems
