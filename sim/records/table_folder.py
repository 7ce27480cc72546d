"""The tables of a result of any kind, read with their declared types from checked files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.kernel.errors import ResultError
from sim.records.columns import Table
from sim.records.frames import read_table
from sim.records.kinds import SENSITIVITY, ResultKind
from sim.records.manifest import finished
from sim.records.soundness import FORMAT, KEY, damage, missing


@dataclass(frozen=True)
class TableFolder:
    """A finished result in its folder; its files are not links and have not changed."""

    folder: Path
    manifest: Mapping[str, Any]
    kind: ResultKind

    @classmethod
    def read(cls, folder: Path) -> TableFolder:
        """Return the tables of a folder; a ResultError says what is missing or damaged."""
        manifest, kind = finished(folder)
        known = manifest or {}
        if fault := missing(folder, known, kind):
            raise fault
        if kind is not SENSITIVITY and (wrong := damage(folder, known, whole=False)):
            raise ResultError(wrong)
        return cls(folder, known, kind)

    def frames(self) -> Iterator[tuple[Table, pd.DataFrame]]:
        """Yield each table that is there, in the order in which the kind declares them."""
        for table in self.kind.tables:
            if (self.folder / table.file).exists():
                yield table, self.frame(table)

    def frame(self, table: Table) -> pd.DataFrame:
        """Return a table of the folder."""
        outcomes = set(self.manifest.get("outcomes", ()))
        form = self.manifest.get(KEY, FORMAT)
        return read_table(self.folder / table.file, table, form=form, numeric=outcomes.__contains__)
