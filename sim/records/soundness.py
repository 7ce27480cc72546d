"""Soundness: whether a folder holds a whole result of blocsim, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from sim.kernel.errors import ResultError
from sim.records.manifest_shape import MANIFEST as MANIFEST_SHAPE
from sim.records.manifest_shape import OTHER as OTHER_SHAPE
from sim.records.manifest_shape import check_format, check_shape

MANIFEST = "manifest.json"
ESCAPED = "backslashreplace"  # how JSON keeps the bytes of a path that are no text
NOT_SHIPPED = "not_shipped"  # key of the tables that a published result is handed on without
FIGURES = "figures"  # a folder that may be drawn again, and so goes with a result


def stored(folder: Path, name: str = MANIFEST) -> dict[str, Any] | None:
    """Return the manifest of a result, whole or not; None where there is none."""
    path = folder / name
    manifest = _content(path)
    if manifest is None:
        return None
    check_format(path, manifest)
    check_shape(path, manifest, MANIFEST_SHAPE if name == MANIFEST else OTHER_SHAPE)
    for file in manifest.get("files", {}):
        if not _plain(file):
            message = f"{path}: {file[:60]!r} in files is no name of a table; the result is damaged"
            raise ResultError(message)
    return manifest


def _content(path: Path) -> dict[str, Any] | None:
    """Return what a manifest holds, whatever it is; None where there is none."""
    if path.is_symlink():
        message = f"{path}: is a link; a result holds its manifest itself"
        raise ResultError(message)
    try:
        if not path.is_file():
            return None
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        message = f"{path}: cannot be read as a manifest; give another folder"
        raise ResultError(message) from None
    if not isinstance(manifest, dict) or "inputs" not in manifest:
        message = f"{path}: is no manifest of a result; give another folder"
        raise ResultError(message)
    return manifest


def replaceable(folder: Path) -> bool:
    """Return whether a folder is empty, or holds a result of ours and nothing beside it.

    The result may be of any format, and damaged.
    """
    if not folder.is_dir() or folder.is_symlink():
        return False
    if not any(folder.iterdir()):
        return True
    try:
        manifest = _content(folder / MANIFEST)
    except ResultError:
        return False
    return manifest is not None and _ours(manifest) and _stranger(folder, manifest) is None


def damage(folder: Path, manifest: Mapping[str, Any], *, whole: bool = True) -> str | None:
    """Return what is wrong with a result: the first file that is not as the manifest says.

    Unless it has to be `whole`, it may be unfinished, and files may be missing.
    """
    if whole and (manifest.get("complete") is not True or not manifest.get("files")):
        return f"{folder / MANIFEST}: is of a result that was not finished"
    for name, about in sorted(manifest.get("files", {}).items()):
        path = folder / name
        if path.is_symlink():
            return f"{path}: is a link; a result holds its tables itself"
        if not path.is_file() and not whole:
            continue
        if not path.is_file():
            return f"{path}: is missing"
        size, sha = (None, about) if isinstance(about, str) else (about["bytes"], about["sha256"])
        if size not in (None, path.stat().st_size):
            return f"{path}: is not of the size that {MANIFEST} gives"
        if digest(path) != sha:
            return f"{path}: is not what was written ({MANIFEST} gives another sha256)"
    return None


def missing(folder: Path, manifest: Mapping[str, Any]) -> str | None:
    """Return what is wrong where a file is missing that the manifest names as one of the folder."""
    for name in sorted({*manifest.get("files", {})} - {*manifest.get(NOT_SHIPPED, ())}):
        path = folder / name
        if not path.is_file() and not path.is_symlink():
            return f"{path}: is missing, though the manifest names it; the result is damaged"
    return None


def digest(path: Path) -> str:
    """Return the sha256 of a file."""
    with path.open("rb") as file:
        sha = sha256()
        while part := file.read(2**20):
            sha.update(part)
    return sha.hexdigest()


def _plain(name: str) -> bool:
    """Return whether a name is that of a file within its folder."""
    return name not in ("", ".", "..") and not any(mark in name for mark in "/\\\0")


def _ours(manifest: Mapping[str, Any]) -> bool:
    """Return whether blocsim has written a manifest."""
    inputs, files = manifest["inputs"], manifest.get("files")
    versions = inputs.get("versions") if isinstance(inputs, dict) else None
    return isinstance(versions, dict) and "blocsim" in versions and isinstance(files, dict)


def _stranger(folder: Path, manifest: Mapping[str, Any]) -> Path | None:
    """Return something in a folder that is no part of the result, if there is anything."""
    for path in sorted(folder.iterdir()):
        if path.name == FIGURES and path.is_dir() and not path.is_symlink():
            continue
        known = path.name == MANIFEST or path.name in manifest["files"]
        if not known or path.is_symlink() or not path.is_file():
            return path
    return None
