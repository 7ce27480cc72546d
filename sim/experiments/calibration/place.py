"""The folder of a calibration: what may stand in it, and when it may be replaced."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from sim.errors import ResultError
from sim.experiments.calibration.chunks import FOLDER, LEDGER

MANIFEST = "calibration.json"
TABLES = ("posterior.csv", "posterior.parquet", "identified.csv", "fit.csv", "recovery.csv")
_OURS = {MANIFEST, LEDGER, FOLDER, "figures", *TABLES}


def prepare(folder: Path, *, resume: bool, force: bool) -> None:
    """Make the folder ready; ResultError if something stands there that is not to be touched."""
    try:
        _prepare(folder, resume=resume, force=force)
    except OSError as error:
        message = f"{folder}: cannot be used ({error.strerror}); give another --out"
        raise ResultError(message) from None


def _prepare(folder: Path, *, resume: bool, force: bool) -> None:
    there = sorted(each.name for each in folder.iterdir()) if folder.exists() else []
    strange = [name for name in there if name not in _OURS]
    if strange or (there and LEDGER not in there):
        what = strange[0] if strange else there[0]
        message = f"{folder}: holds {what}, which is no part of a calibration; give another --out"
        raise ResultError(message)
    if force:
        for name in there:
            path = folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    elif there and not resume:
        state = "a calibration" if MANIFEST in there else "an unfinished calibration"
        message = (
            f"{folder}: holds {state}; --resume goes on with it, --force starts anew, "
            "or give another --out"
        )
        raise ResultError(message)
    folder.mkdir(parents=True, exist_ok=True)


def manifest_of(folder: Path) -> dict[str, Any]:
    """Return the manifest of a calibration; ResultError if there is none."""
    path = folder / MANIFEST
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(found, dict) and isinstance(found["inputs"], dict):
            return found
    except (OSError, ValueError, KeyError, RecursionError):
        pass
    message = f"{path}: no manifest of a calibration; `blocsim calibrate` makes one"
    raise ResultError(message)
