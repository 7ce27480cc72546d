"""A study as read for a page: its folder, manifest and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.pages.page_parts import Cell
from sim.records.frames import read_table
from sim.records.kinds import ResultKind
from sim.records.soundness import FORMAT, KEY
from sim.scenario.schema.outcome_syntax import spelled
from sim.seeing.outcome_names import plain_name


@dataclass(frozen=True)
class StudyFolder:
    """A finished study."""

    folder: Path
    manifest: Mapping[str, Any]
    kind: ResultKind

    def table(self, name: str) -> pd.DataFrame:
        """Return a table; without rows if it does not exist."""
        table, path = self.kind.table(name), self.folder / f"{name}.csv"
        form = self.manifest.get(KEY, FORMAT)
        if not path.is_file() or not path.stat().st_size:
            return pd.DataFrame(columns=table.names(form))
        return read_table(path, table, form=form)

    @property
    def document(self) -> Mapping[str, Any]:
        """Return the scenario as read; empty if the study does not have it."""
        document: Mapping[str, Any] = self.manifest.get("scenario", {}).get("document", {})
        return document

    def outcome(self, text: str) -> Cell:
        """Return an outcome in words, with its text; only the text if it cannot be read."""
        try:
            name = plain_name(spelled(text), self.document)
            return Cell(f"{name[:1].upper()}{name[1:]}", key=text)
        except ValueError:
            return Cell(text)


@dataclass(frozen=True)
class StudyAnswer:
    """The findings of a study."""

    heading: str
    below: str
    scope: str
    parts: tuple[object, ...]
