"""A folder of results: written beside its place, moved there when it is whole."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from sim.errors import ResultError

MANIFEST = "manifest.json"
PARTIAL = ".partial"  # ends the name of a folder that an interrupted run leaves


def stored(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a finished result; None where there is none."""
    path = folder / MANIFEST
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        message = f"{path}: cannot be read as a manifest; give another --out, or --force"
        raise ResultError(message) from None
    if not isinstance(found, dict) or "inputs" not in found:
        message = f"{path}: is no manifest of a result; give another --out, or --force"
        raise ResultError(message)
    return found


def check_place(folder: Path, inputs: Mapping[str, Any], *, force: bool) -> bool:
    """Return whether the folder holds the result of equal inputs; refuse to overwrite another."""
    if force:
        if folder.exists() and not replaceable(folder):
            message = f"{folder}: holds no result of blocsim, so --force does not replace it"
            raise ResultError(message)
        return False
    found = stored(folder)
    if found is not None:
        if found["inputs"] == json.loads(json.dumps(inputs)):
            return True
        keys = ", ".join(_unequal(found["inputs"], json.loads(json.dumps(inputs))))
        message = (
            f"{folder}: holds a result of other inputs ({keys}); "
            "give --force to replace it, or another --out"
        )
        raise ResultError(message)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        message = f"{folder}: is there already and holds no result; give another --out"
        raise ResultError(message)
    return False


@contextmanager
def draft(folder: Path) -> Iterator[Path]:
    """Yield a new folder beside the place; it is gone when the block is left, unless moved."""
    folder = folder.absolute()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        place.chmod(0o777 & ~_umask())
    except OSError as error:
        message = f"{folder}: cannot be written ({error.strerror}); give another --out"
        raise ResultError(message) from None
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def settle(place: Path, folder: Path) -> None:
    """Move a finished draft to its place; what was there goes only when the new one stands."""
    folder = folder.absolute()
    aside = place.with_name(place.name + ".old")
    there = folder.exists()
    if there:
        folder.rename(aside)
    try:
        place.rename(folder)
    except BaseException:
        if there:
            aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def hashes(folder: Path) -> dict[str, dict[str, Any]]:
    """Return size and hash of every table of a folder, sorted by name."""
    tables = sorted(folder.glob("*.csv"))
    return {path.name: {"bytes": path.stat().st_size, "sha256": _hash(path)} for path in tables}


def write_manifest(folder: Path, content: Mapping[str, Any]) -> None:
    """Write the manifest of a folder."""
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def replaceable(folder: Path) -> bool:
    """Return whether a folder is empty or holds a result, so that it may be replaced."""
    if not folder.is_dir():
        return False
    return (folder / MANIFEST).is_file() or not any(folder.iterdir())


def _unequal(stored_inputs: Any, inputs: Mapping[str, Any]) -> list[str]:
    """Return the names of the inputs that differ."""
    old = stored_inputs if isinstance(stored_inputs, dict) else {}
    return sorted(key for key in {*old, *inputs} if old.get(key) != inputs.get(key))


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        digest = sha256()
        while part := file.read(2**20):
            digest.update(part)
    return digest.hexdigest()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
