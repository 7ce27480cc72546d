"""Kinds of results: the files of each, and the command that makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.records import study_tables, tables
from sim.records.columns import Table

MANIFEST = "manifest.json"
FIGURES = "figures"  # folder; removed with a result, since figures can be drawn again
CHUNKS, LEDGER, LOCK = "chunks", "ledger.jsonl", ".lock"
RUNS = "runs"  # folder in a sensitivity analysis, which holds its sweep
DRAFT = ".tmp"  # suffix of a file that is being written


@dataclass(frozen=True, kw_only=True)
class ResultKind:
    """A kind of result folder: what it is called, and the files that it may hold."""

    name: str
    command: str  # makes it
    tables: tuple[Table, ...]
    manifest: str = ""
    state: str = ""  # file of the inputs, of a kind that is computed chunk by chunk
    more: tuple[str, ...] = ()  # files and folders beside its tables
    early: tuple[str, ...] = ()  # tables that may be written before `state`
    older: tuple[str, ...] = ()  # files of version 0.1, from which a run cannot be resumed
    needed: tuple[str, ...] = ()  # keys of its manifest, if not those of other kinds
    resume: str = ""  # option that resumes it; empty if the same command does

    @property
    def table_files(self) -> tuple[str, ...]:
        """Return the names of what a finished folder may hold beside its manifest."""
        return (*(table.file for table in self.tables), *self.more)

    @property
    def files(self) -> frozenset[str]:
        """Return every name that a finished folder may hold."""
        chunks = {self.state, CHUNKS, LEDGER, LOCK} if self.state else set[str]()
        return frozenset({self.manifest, FIGURES, *self.table_files, *self.older, *chunks})

    @property
    def drafts(self) -> frozenset[str]:
        """Return the names of half-written files, as this version and 0.1 name them."""
        named = {f"{name}{DRAFT}" for name in self.files}
        return frozenset(named | {Path(name).stem + DRAFT for name in self.files})

    @property
    def article(self) -> str:
        """Return the name with its article."""
        return f"an {self.name}" if self.name[0] in "aeiou" else f"a {self.name}"

    def table(self, name: str) -> Table:
        """Return the table of a name; one without columns if this kind has no such table."""
        return next((each for each in self.tables if each.name == name), Table(name, ()))


RUN = ResultKind(name="run", command="run", manifest=MANIFEST, tables=(*tables.RUN, tables.COLUMNS))
STRUCTURAL = ResultKind(
    name="structural run",
    command="run --structural",
    manifest=MANIFEST,
    tables=(tables.STRUCTURAL, tables.SPREADS, tables.COLUMNS),
)
SWEEP = ResultKind(
    name="sweep",
    command="sweep",
    manifest=MANIFEST,
    tables=(*study_tables.SWEEP, study_tables.SWEEP_COLUMNS),
    state="sweep.json",
    early=(study_tables.DESIGN.file,),
)
ABLATION = ResultKind(
    name="ablation",
    command="ablate",
    manifest=MANIFEST,
    tables=(*study_tables.ABLATION, study_tables.COLUMNS),
    state="ablation.json",
)
SENSITIVITY = ResultKind(
    name="sensitivity analysis",
    command="sensitivity",
    manifest="sensitivity.json",
    tables=(*study_tables.SENSITIVITY, study_tables.COLUMNS),
    more=(RUNS,),
)
DISCOVERY = ResultKind(
    name="discovery",
    command="discover",
    manifest="discovery.json",
    tables=(study_tables.BOXES, study_tables.TRAJECTORY, study_tables.COLUMNS),
)
COMPARISON = ResultKind(
    name="comparison",
    command="compare",
    manifest=MANIFEST,
    tables=(
        study_tables.ATTRIBUTION,
        study_tables.COMPARED,
        study_tables.COMPARED_RUNS,
        study_tables.INPUTS,
    ),
    needed=(
        "inputs.seed",
        "inputs.runs",
        "inputs.options.outcomes",
        "inputs.options.attribute",
        "inputs.options.match",
        "comparison.one.variant",
        "comparison.other.variant",
        "outcomes",
        "files",
    ),
)
CALIBRATION = ResultKind(
    name="calibration",
    command="calibrate",
    manifest="calibration.json",
    tables=study_tables.CALIBRATION,
    more=("posterior.parquet",),
    state="inputs.json",
    older=("ledger.json",),
    resume="--resume",
)
BACKTEST = ResultKind(
    name="backtest", command="backtest", manifest="backtest.json", tables=study_tables.BACKTEST
)
AUDIT = ResultKind(name="audit", command="audit", tables=study_tables.AUDIT)
KINDS = (
    RUN, STRUCTURAL, SWEEP, ABLATION, SENSITIVITY, DISCOVERY, COMPARISON, CALIBRATION, BACKTEST,
    AUDIT,
)  # fmt: skip
_BY_FILES = (SWEEP, ABLATION, CALIBRATION, BACKTEST, SENSITIVITY, DISCOVERY, COMPARISON, AUDIT)


def kind_of(manifest: Mapping[str, Any]) -> ResultKind:
    """Return the kind of a result from its manifest."""
    if "structural" in manifest:
        return STRUCTURAL
    if "comparison" in manifest:
        return COMPARISON
    if "ablation" in manifest:
        return ABLATION
    return SWEEP if "sweep" in manifest["inputs"] else RUN


def kind_in(folder: Path) -> ResultKind | None:
    """Return the kind of the result in a folder without `manifest.json`, by the names of its files.

    None if no kind has a file of these names.
    """
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else set[str]()
    for kind in _BY_FILES:
        signs = {kind.manifest, kind.state, kind.tables[0].file, *kind.older}
        if names & (signs - {"", MANIFEST}):
            return kind
    return SENSITIVITY if (folder / RUNS / SWEEP.state).is_file() else None
