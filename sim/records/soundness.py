"""Soundness: whether a folder holds a whole result of blocsim, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from sim.kernel.errors import ResultError

MANIFEST = "manifest.json"
ESCAPED = "backslashreplace"  # how JSON keeps the bytes of a path that are no text
FIGURES = "figures"  # a folder that may be drawn again, and so goes with a result
SHAPES: dict[str, tuple[type, str]] = {
    "inputs": (dict, "a mapping"),
    "scenario": (dict, "a mapping"),
    "files": (dict, "a mapping"),
    "variants": (list, "a list"),
    "outcomes": (list, "a list"),
    "complete": (bool, "true or false"),
    "series_runs": (int, "a number"),
    "transfer_runs": (int, "a number"),
}


def stored(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a result, whole or not; None where there is none."""
    path = folder / MANIFEST
    try:
        if not path.is_file():
            return None
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        message = f"{path}: cannot be read as a manifest; give another folder"
        raise ResultError(message) from None
    if not isinstance(found, dict) or "inputs" not in found:
        message = f"{path}: is no manifest of a result; give another folder"
        raise ResultError(message)
    for key, (kind, words) in SHAPES.items():
        if key in found and not isinstance(found[key], kind):
            message = f"{path}: {key} is not {words}; the result is damaged"
            raise ResultError(message)
    for key in ("variants", "outcomes"):
        if not all(isinstance(each, str) for each in found.get(key, [])):
            message = f"{path}: {key} holds what is no text; the result is damaged"
            raise ResultError(message)
    return found


def replaceable(folder: Path) -> bool:
    """Return whether a folder is empty, or holds a result of ours and nothing beside it."""
    if not folder.is_dir() or folder.is_symlink():
        return False
    if not any(folder.iterdir()):
        return True
    try:
        found = stored(folder)
    except ResultError:
        return False
    return found is not None and _ours(found) and _stranger(folder, found) is None


def damage(folder: Path, manifest: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a result: the first file that is not as the manifest says."""
    if manifest.get("complete") is not True or not manifest.get("files"):
        return f"{folder / MANIFEST}: is of a result that was not finished"
    for name, about in sorted(manifest["files"].items()):
        path = folder / name
        if not path.is_file():
            return f"{path}: is missing"
        if not isinstance(about, dict) or path.stat().st_size != about.get("bytes"):
            return f"{path}: is not of the size that {MANIFEST} gives"
        if digest(path) != about.get("sha256"):
            return f"{path}: is not what was written ({MANIFEST} gives another sha256)"
    return None


def digest(path: Path) -> str:
    """Return the sha256 of a file."""
    with path.open("rb") as file:
        found = sha256()
        while part := file.read(2**20):
            found.update(part)
    return found.hexdigest()


def _ours(manifest: Mapping[str, Any]) -> bool:
    """Return whether blocsim has written a manifest."""
    versions = manifest["inputs"].get("versions")
    return isinstance(versions, dict) and "blocsim" in versions and "files" in manifest


def _stranger(folder: Path, manifest: Mapping[str, Any]) -> Path | None:
    """Return something in a folder that is no part of the result, if there is anything."""
    for path in sorted(folder.iterdir()):
        if path.name == FIGURES and path.is_dir() and not path.is_symlink():
            continue
        known = path.name == MANIFEST or path.name in manifest["files"]
        if not known or path.is_symlink() or not path.is_file():
            return path
    return None
