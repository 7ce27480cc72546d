"""The folder of a sweep: whose it is, how far it has come, and whether it may go on."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.errors import ResultError
from sim.experiments.sweeps.designs import Design, read, write
from sim.experiments.sweeps.ledger import CHUNKS, LEDGER, LOCK
from sim.records.soundness import ESCAPED, FIGURES, MANIFEST
from sim.scenario.paths import NumberPath

STATE, DESIGN = "sweep.json", "design.csv"
SUMMARY, COLUMNS, OUTCOMES, POINTS = "summary.csv", "columns.csv", "outcomes.csv", "points.csv"
OURS = frozenset(
    {STATE, DESIGN, SUMMARY, COLUMNS, OUTCOMES, POINTS, CHUNKS, LEDGER, LOCK, MANIFEST, FIGURES}
)
DRAFTS = frozenset(f"{name}.tmp" for name in (*OURS, "design", "outcomes")) | {
    "design.tmp",
    "outcomes.tmp",
}
EMPTY = frozenset({LOCK, DESIGN}) | DRAFTS  # what a sweep may hold before it says what it is


def refuse_foreign(folder: Path) -> None:
    """Refuse a place that is no folder, or holds anything but a sweep; nothing is touched."""
    if not folder.exists():
        return
    if not folder.is_dir():
        message = f"{folder}: is a file; give another --out"
        raise ResultError(message)
    names = {path.name for path in folder.iterdir()}
    ours = names <= OURS | DRAFTS and (STATE in names or names <= EMPTY)
    if not ours:
        stranger = next((name for name in sorted(names) if name not in OURS | DRAFTS), "")
        what = f"{stranger} is in it" if stranger else f"it has no {STATE}"
        message = f"{folder}: is there already and holds no sweep ({what}); give another --out"
        raise ResultError(message)


def made_at(folder: Path) -> None:
    """Make a folder; ResultError where there can be none."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"{folder}: cannot be used ({error.strerror}); give another --out"
        raise ResultError(message) from None


def taken_up(
    folder: Path,
    inputs: Mapping[str, Any],
    design: Design,
    known: Mapping[str, NumberPath],
    *,
    force: bool,
) -> tuple[int, ...]:
    """Return how many points the design had at each time that it grew, this time included.

    A folder that holds the same sweep goes on where it stopped; one whose points are the first of
    the design's grows; another is refused unless `force`.
    """
    for draft in DRAFTS:
        (folder / draft).unlink(missing_ok=True)
    state = _state(folder)
    if force:
        _clear(folder)
        state = None
    wanted = json.loads(json.dumps(inputs))
    segments: tuple[int, ...] = ()
    if state is not None:
        _refuse_other(folder, state["inputs"], wanted)
        segments = tuple(state["segments"])
        old = read(folder / DESIGN, known)
        if not design.begins_with(old) or len(design) < segments[-1]:
            message = (
                f"{folder}: holds a sweep of other points; a design goes on only if it begins with "
                "theirs (a Sobol' design of the same seed does); give --force or another --out"
            )
            raise ResultError(message)
    if not segments or segments[-1] != len(design):
        segments = (*segments, len(design))
        write(design, folder / "design.tmp")
        (folder / "design.tmp").replace(folder / DESIGN)
        replaced(folder / STATE, json.dumps({"inputs": wanted, "segments": segments}, indent=1))
        (folder / MANIFEST).unlink(missing_ok=True)
    return segments


def replaced(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    draft = path.with_name(path.name + ".tmp")
    try:
        with draft.open("w", encoding="utf-8", errors=ESCAPED, newline="") as file:
            file.write(text if text.endswith("\n") else text + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _state(folder: Path) -> dict[str, Any] | None:
    """Return what a sweep's folder says of itself; None where there is none."""
    path = folder / STATE
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        sizes: Sequence[int] = found["segments"]
        sound = isinstance(found["inputs"], dict) and all(isinstance(n, int) for n in sizes)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        sound = False
    if not sound or not sizes:
        message = f"{path}: is damaged; remove the folder, or give another --out"
        raise ResultError(message)
    return dict(found)


def _refuse_other(folder: Path, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Refuse to go on with a sweep of other inputs."""
    keys = ", ".join(sorted(key for key in {*old, *new} if old.get(key) != new.get(key)))
    if keys:
        message = (
            f"{folder}: holds a sweep of other inputs ({keys}); "
            "give --force to replace it, or another --out"
        )
        raise ResultError(message)


def _clear(folder: Path) -> None:
    """Empty the folder of a sweep."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()
