"""Export: the tables of a result for other tools, as a workbook, as Parquet, or in long form.

Texts that a spreadsheet would read as a formula (such as a system named `=1+1`) stay texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.experiments.chunk_files import replacement
from sim.experiments.keywords import by_keyword
from sim.experiments.masks import MaskedFolder
from sim.experiments.remedies import as_run_error
from sim.experiments.sweeps.sweep_results import SweepResults
from sim.kernel.errors import InputError, Problem, ResultError
from sim.kernel.words import either
from sim.records.columns import row
from sim.records.frames import write_frame
from sim.records.kinds import COMPARISON, DRAFT, MANIFEST, RUN, SWEEP
from sim.records.soundness import damaged, refuse_part, replaceable
from sim.records.store import draft, hashes, place_of, settle, write_manifest
from sim.records.study_tables import COMPARED_RUNS
from sim.records.table_folder import TableFolder
from sim.records.tables import LONG, OUTCOMES
from sim.scenario.schema.outcome_syntax import Outcome, ids, spelled

ROWS = 1_048_575  # of a sheet in a workbook, below its header
OLDEST = 1900  # first year of dates in a workbook
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # first characters of formulas
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")  # characters that a workbook cannot hold
ENDINGS = {
    "xlsx": ".xlsx",
    "parquet": "_parquet",
    "long": "_outcomes_long.csv",
    "csv": "_csv",
}
MASKED = "_masked"  # part of the name of a masked export


@by_keyword
def export(
    results: str | Path,
    *,
    form: str = "xlsx",
    masked: bool = False,
    out: str | Path | None = None,
    force: bool = False,
) -> Path:
    """Write the tables of a result for other tools; return the file or folder.

    `form` is xlsx (a workbook, one sheet per table), parquet (a folder, one file per table), long
    (a CSV file with one row per outcome and run) or csv (a folder that is a result again, for
    `plot` and the readers). With `masked` names are replaced: states by colours, systems by class
    and number, years by a count from 0. It goes beside the result unless `out` names another
    place; an existing file or folder is replaced only with `force`.
    """
    if form not in ENDINGS:
        raise InputError(
            [Problem("--format", 0, 0, "", f"must be {either(ENDINGS)}, got {form!r}")]
        )
    source = TableFolder.read(Path(results))
    folder = source.folder.resolve()
    ending = MASKED * masked + (ENDINGS[form] if not (masked and form == "csv") else "")
    place = place_of(folder.with_name(folder.name + ending) if out is None else out)
    source = MaskedFolder.of(source) if masked else source
    _refuse(place, form, force=force)
    with as_run_error(str(place)):
        if form in FOLDERS:
            with draft(place) as made:
                FOLDERS[form](source, made)
                settle(made, place)
        else:
            writer = _write_workbook if form == "xlsx" else _write_long
            place.parent.mkdir(parents=True, exist_ok=True)
            with replacement(place, place.with_name(place.name + DRAFT)) as file:
                writer(source, file)
    return place


def _refuse(place: Path, form: str, *, force: bool) -> None:
    """Raise ResultError if a place is part of a result, not an earlier export, or not `force`."""
    refuse_part(place)
    if not place.exists():
        return
    ours = place.is_file()
    if form == "csv":
        ours = replaceable(place)
    elif form == "parquet":
        ours = place.is_dir() and all(each.suffix == ".parquet" for each in place.iterdir())
    if not ours:
        message = f"{place}: is not an earlier export; give another --out"
        raise ResultError(message)
    if not force:
        message = f"{place}: already exists; give --force to replace it, or another --out"
        raise ResultError(message)


# Folders


def _write_csv(source: TableFolder, folder: Path) -> None:
    """Write the tables as they are read, and the manifest."""
    if source.kind.state or source.kind.manifest != MANIFEST:
        message = f"{source.folder}: holds {source.kind.article}; give another --format"
        raise ResultError(message)
    for table, frame in source.frames():
        write_frame(folder, table, frame)
    write_manifest(folder, {**source.manifest, "files": hashes(folder)})  # of the same format


def _write_parquet(source: TableFolder, folder: Path) -> None:
    about = dict(_about(source))
    for table, frame in source.frames():
        for name in _days(frame):
            frame[name] = [_day(cell) for cell in frame[name]]
        _write_frame(frame, about, folder / f"{table.name}.parquet")
    if source.kind is SWEEP:
        frame = SweepResults(source.folder).table()
        _write_frame(frame, about, folder / f"{OUTCOMES.name}.parquet")


def _write_frame(frame: pd.DataFrame, about: Mapping[str, str], path: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    import pyarrow.parquet as pq  # noqa: PLC0415

    made = pa.Table.from_pandas(frame, preserve_index=False)
    known = {**(made.schema.metadata or {}), **about}
    pq.write_table(made.replace_schema_metadata(known), path)


FOLDERS = {"parquet": _write_parquet, "csv": _write_csv}


# Workbook


def _write_workbook(source: TableFolder, file: Any) -> None:
    """Write one sheet per table, and one that says what they are of."""
    import openpyxl  # noqa: PLC0415 - half a second, and most exports are no workbook

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("about")
    for pair in _about(source):
        sheet.append([_text(sheet, each) for each in pair])
    for table, frame in source.frames():
        days = _days(frame)
        for part, at in enumerate(range(0, max(len(frame), 1), ROWS)):
            sheet = book.create_sheet(table.name + (f"_{part + 1}" if part else ""))
            sheet.freeze_panes = "A2"
            sheet.append([_text(sheet, str(name)) for name in frame.columns])
            for cells in frame.iloc[at : at + ROWS].itertuples(index=False, name=None):
                sheet.append(
                    [
                        _cell(sheet, cell, day=name in days)
                        for name, cell in zip(frame.columns, cells, strict=True)
                    ]
                )
    book.save(file)


def _cell(sheet: Any, cell: Any, *, day: bool) -> Any:
    """Return the value of a cell in a workbook: None for nan, a text for infinite numbers."""
    if isinstance(cell, str):
        when = _day(cell) if day else None
        return when if when is not None and when.year >= OLDEST else _text(sheet, cell)
    if isinstance(cell, (bool, np.bool_)):
        return bool(cell)
    number = float(cell)
    if isfinite(number):
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    return None if np.isnan(number) else str(number)


def _text(sheet: Any, text: str) -> Any:
    """Return a text as a cell that is not read as a formula or an error."""
    plain = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)[:32_767]
    if not plain:
        return None
    if plain[0] not in (*FORMULA, "#"):
        return plain
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - as above

    cell = WriteOnlyCell(sheet, value="")
    cell._value, cell.data_type, cell.quotePrefix = plain, "s", True  # noqa: SLF001 - setters make "=" a formula
    return cell


# Long form


Numbers = tuple[str, str, list[str], np.ndarray]  # variant, outcome, keys of its rows, values


def _write_long(source: TableFolder, file: Any) -> None:
    """Write one row per number: variant, point, run, and what the outcome is of."""
    of_kind = {RUN: _of_run, SWEEP: _of_sweep, COMPARISON: _of_comparison}
    if source.kind not in of_kind:
        what = f"{source.kind.article} has no outcomes run by run"
        message = f"{source.folder}: {what}; give another --format"
        raise ResultError(message)
    texts = _texts(source)
    outcomes = _outcomes(source, texts)
    names = LONG.names()
    if source.kind is SWEEP:
        names.insert(1, "point")
    file.write((row(names) + "\n").encode())
    for variant, text, keys, values in of_kind[source.kind](source, texts):
        outcome, name = outcomes[text]
        tail = row([_safe(each) for each in (name, outcome.metric, *_place(outcome))])
        cells = ["" if np.isnan(each) else f"{each:.10g}" for each in values.tolist()]
        first = row([_safe(variant)])
        lines = (f"{first},{key},{tail},{cell}\n" for key, cell in zip(keys, cells, strict=True))
        file.write("".join(lines).encode())


def _texts(source: TableFolder) -> list[str]:
    if source.kind is COMPARISON:
        return list(dict.fromkeys(source.frame(COMPARED_RUNS)["outcome"]))
    return list(source.manifest["outcomes"])


def _of_run(source: TableFolder, texts: Sequence[str]) -> Iterator[Numbers]:
    frame = source.frame(OUTCOMES)
    for text in texts:
        if text not in frame:
            raise damaged(source.folder / OUTCOMES.file, f"no column {text!r}")
        for variant, own in frame.groupby("variant", sort=False):
            yield str(variant), text, _runs(own), own[text].to_numpy(float)


def _of_comparison(source: TableFolder, texts: Sequence[str]) -> Iterator[Numbers]:
    frame = source.frame(COMPARED_RUNS)
    for text in texts:
        own = frame[frame["outcome"] == text]
        for side in ("one", "other"):
            yield side, text, _runs(own), own[side].to_numpy(float)


def _of_sweep(source: TableFolder, texts: Sequence[str]) -> Iterator[Numbers]:
    results = SweepResults(source.folder)
    for text in texts:
        for variant in results.variants:
            cells = results.cells(text, variant)
            points, runs = np.indices(cells.shape)
            pairs = zip(points.ravel().tolist(), runs.ravel().tolist(), strict=True)
            yield variant, text, [f"{p},{r}" for p, r in pairs], cells.ravel()


def _runs(frame: pd.DataFrame) -> list[str]:
    return [f"{run:.0f}" for run in frame["run"]]


def _outcomes(source: TableFolder, texts: Sequence[str]) -> dict[str, tuple[Outcome, str]]:
    try:
        outcomes = [spelled(text) for text in texts]
    except ValueError as error:
        raise damaged(source.folder, f"an outcome cannot be read ({error})") from None
    return dict(zip(texts, zip(outcomes, ids(outcomes), strict=True), strict=True))


def _place(outcome: Outcome) -> tuple[str, str, str]:
    """Return subject, system and window of an outcome, as they are written."""
    words = outcome.text.split()[1:]
    system = outcome.system or ""
    return words[0], system, " ".join(words[2 if system else 1 :])


def _safe(text: str) -> str:
    """Return a text that a spreadsheet does not read as a formula when it opens the file."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _days(frame: pd.DataFrame) -> set[str]:
    """Return the columns that hold first days of periods."""
    return {name for name in map(str, frame.columns) if name == "start" or name.endswith("_start")}


def _day(text: str) -> date | None:
    match = _DAY.match(text)
    try:
        return None if match is None else date(*map(int, match.groups()))
    except ValueError:  # the year 0
        return None


def _about(source: TableFolder) -> list[tuple[str, str]]:
    """Return the description of the result, as pairs of texts."""
    inputs: Mapping[str, Any] = source.manifest.get("inputs", {})
    about: Mapping[str, Any] = source.manifest.get("scenario", {})
    keys = ("scenario", "hash", "seed", "runs")
    version = inputs.get("versions", {})
    return [
        ("result", source.kind.name),
        *((key, str(about[key])) for key in ("title", "question") if key in about),
        *((key, str(inputs[key])) for key in keys if key in inputs),
        *((key, str(version[key])) for key in ("blocsim",) if key in version),
        ("what it is", "a scenario, not a forecast; `columns` says what the columns hold"),
    ]
