"""Kinds of results: which files each has, what makes it, and where its figures come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.records import study_tables, tables
from sim.records.columns import Table

MANIFEST = "manifest.json"
FIGURES = "figures"  # a folder that may be drawn again, and so goes with a result
CHUNKS, LEDGER, LOCK = "chunks", "ledger.jsonl", ".lock"
RUNS = "runs"  # folder of the sweep that a sensitivity analysis is of
DRAFT = ".tmp"  # ends the name of a file that is not whole yet


@dataclass(frozen=True, kw_only=True)
class ResultKind:
    """A kind of result folder: what it is called, and the files that it may hold."""

    name: str
    command: str  # that makes it
    tables: tuple[Table, ...]
    manifest: str = ""
    state: str = ""  # file of the inputs, of a kind that is filled chunk by chunk
    more: tuple[str, ...] = ()  # what it holds beside its tables
    early: tuple[str, ...] = ()  # tables that may be there before the state
    older: tuple[str, ...] = ()  # files of version 0.1, which cannot be gone on with
    needed: tuple[str, ...] = ()  # in its manifest, where that is not what all others need
    resume: str = ""  # how to go on, where that has to be said; else the same command does

    @property
    def table_files(self) -> tuple[str, ...]:
        """Return the names of what a finished folder holds beside its manifest."""
        return (*(table.file for table in self.tables), *self.more)

    @property
    def files(self) -> frozenset[str]:
        """Return every name that a finished folder may hold."""
        chunks = {self.state, CHUNKS, LEDGER, LOCK} if self.state else set[str]()
        return frozenset({self.manifest, FIGURES, *self.table_files, *self.older, *chunks})

    @property
    def drafts(self) -> frozenset[str]:
        """Return the names of files that were not finished, in this version and in 0.1."""
        named = {f"{name}{DRAFT}" for name in self.files}
        return frozenset(named | {Path(name).stem + DRAFT for name in self.files})

    @property
    def article(self) -> str:
        """Return the name with its article."""
        return f"an {self.name}" if self.name[0] in "aeiou" else f"a {self.name}"

    def table(self, name: str) -> Table:
        """Return a table of this kind; one without columns if it has none of the name."""
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
_SIGNED = (SWEEP, ABLATION, CALIBRATION, BACKTEST, SENSITIVITY, DISCOVERY, COMPARISON, AUDIT)


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
    """Return the kind of what a folder without a finished run holds, if it is one of ours."""
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else set[str]()
    for kind in _SIGNED:
        signs = {kind.manifest, kind.state, kind.tables[0].file, *kind.older}
        if names & (signs - {"", MANIFEST}):
            return kind
    return SENSITIVITY if (folder / RUNS / SWEEP.state).is_file() else None
