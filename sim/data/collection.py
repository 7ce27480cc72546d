"""Collections: the tables in a user's files and folders, by kind, newest first.

    data = collect([Path("~/data").expanduser()])
    data.frame(tidy_tables.SPENDING)  # columns of the kind, and `source` and `file` of each row

A file that is recognised and damaged is an error when its kind is asked for; a file that is no
known table is passed over, and stands in `faults`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from sim.data.containers import files_of
from sim.data.table_reader import Reading, readings
from sim.data.tidy_tables import Kind
from sim.kernel.errors import InputError, Problem


@dataclass(frozen=True)
class Collection:
    """Tables that were found, and files that hold none."""

    tables: tuple[Reading, ...]
    faults: tuple[Problem, ...]

    def of(self, kind: Kind) -> list[Reading]:
        """Return the tables of a kind: those that reach furthest first, then by name of the file.

        InputError if one of them is damaged.
        """
        own = [each for each in self.tables if each.kind is kind]
        return sorted(own, key=lambda each: (-each.years[1], each.file))

    def frame(self, kind: Kind) -> pd.DataFrame:
        """Return all rows of a kind, with `source` and `file`; empty if there are none.

        Where two files have a figure for the same subject, the one that stands first in `of` holds.
        """
        frames = [each.frame.assign(source=each.source, file=each.file) for each in self.of(kind)]
        if not frames:
            return pd.DataFrame(columns=[*kind.names, "source", "file"])
        frame = pd.concat(frames, ignore_index=True)
        return frame.drop_duplicates([*kind.key], ignore_index=True) if kind.key else frame

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Return the names of the kinds that are there."""
        return frozenset(each.kind.name for each in self.tables)


def collect(places: Sequence[Path]) -> Collection:
    """Return what is in files and folders; InputError if one of them is not there."""
    tables: list[Reading] = []
    faults: list[Problem] = []
    for path in files_of([*places]):
        try:
            tables += readings(path)
        except InputError as error:
            faults += error.problems
    return Collection(tuple(tables), tuple(faults))
