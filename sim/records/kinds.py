"""Kinds of results: which tables each has, and what makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.records import study_tables, tables
from sim.records.columns import Table


@dataclass(frozen=True)
class Kind:
    """A kind of result."""

    name: str
    command: str  # that makes one
    tables: tuple[Table, ...]
    sign: str = ""  # a file that tells it from others; empty where the manifest does
    figures: str = "its tables say it all"  # where to find some, if none are drawn from its tables

    def table(self, name: str) -> Table:
        """Return a table of this kind; one without columns if it has none of the name."""
        return next((each for each in self.tables if each.name == name), Table(name, ()))


RUN = Kind("a run", "blocsim run", (*tables.RUN, tables.COLUMNS))
STRUCTURAL = Kind(
    "a structural run",
    "blocsim run --structural",
    (tables.STRUCTURAL, tables.SPREADS, tables.COLUMNS),
)
SWEEP = Kind(
    "a sweep",
    "blocsim sweep",
    (*study_tables.SWEEP, study_tables.SWEEP_COLUMNS),
    "sweep.json",
    "`blocsim discover` draws the boxes that it finds in one",
)
CALIBRATION = Kind(
    "a calibration", "blocsim calibrate", study_tables.CALIBRATION, "calibration.json"
)
BACKTEST = Kind("a backtest", "blocsim backtest", study_tables.BACKTEST, "backtest.json")
SENSITIVITY = Kind(
    "a sensitivity analysis",
    "blocsim sensitivity",
    (*study_tables.SENSITIVITY, study_tables.COLUMNS),
    study_tables.INDICES.file,
    "`blocsim sensitivity` has drawn them into its folder figures",
)
DISCOVERY = Kind(
    "a discovery",
    "blocsim discover",
    (study_tables.BOXES, study_tables.TRAJECTORY, study_tables.COLUMNS),
    study_tables.BOXES.file,
    "`blocsim discover` has drawn them into its folder figures",
)
COMPARISON = Kind(
    "a comparison", "blocsim compare", study_tables.COMPARISON, study_tables.ATTRIBUTION.file
)
AUDIT = Kind("an audit", "blocsim audit", study_tables.AUDIT, study_tables.AUDIT_NUMBERS.file)
_SIGNED = (SWEEP, CALIBRATION, BACKTEST, SENSITIVITY, DISCOVERY, COMPARISON, AUDIT)


def kind_of(manifest: Mapping[str, Any]) -> Kind:
    """Return the kind of a result from its manifest."""
    if "structural" in manifest:
        return STRUCTURAL
    return SWEEP if "sweep" in manifest["inputs"] else RUN


def kind_in(folder: Path) -> Kind | None:
    """Return the kind of what a folder without a finished run holds, if it is one of ours."""
    return next((kind for kind in _SIGNED if (folder / kind.sign).is_file()), None)
