"""Soundness: whether a folder holds a complete result of blocsim, and only that.

The manifest gives the format of the result (1 if it gives none) and lists the files with their
hashes. `SHAPE` says of which type the value of each key has to be.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import file_digest
from pathlib import Path
from typing import Any

from sim.kernel.errors import ResultError
from sim.records.kinds import FIGURES, KINDS, MANIFEST, ResultKind

FORMAT = 4  # the format that this version writes
OLDEST = 2  # the oldest that it reads
RELEASES = {1: "0.2"}  # older format -> a version that reads it
KEY = "format"
ESCAPED = "backslashreplace"  # error handler that keeps the bytes of a path that are not UTF-8
NOT_SHIPPED = "not_shipped"  # key: tables that a published result leaves out
ANY = ""  # in a shape: any key of the mapping
_SCENARIO = {
    "name": str, "title": str, "question": str, "files": dict, "document": dict, "variants": dict,
}  # fmt: skip
_SIDE = {"name": str, "variant": str, "hash": str, "sets": [str], "scenario": _SCENARIO}
SHAPE: Mapping[str, Any] = {
    "inputs": {
        "scenario": str,
        "hash": str,
        "seed": int,
        "runs": int,
        "options": dict,
        "versions": {"blocsim": str},
        "sweep": {"paths": [str]},
    },
    "complete": bool,
    "scenario": _SCENARIO,
    "variants": [str],
    "outcomes": [str],
    "reference": str,
    "contrasts": {ANY: dict},
    "numbers": {ANY: int},
    "in force": dict,
    "series_runs": int,
    "transfer_runs": int,
    "event_runs": int,
    "files": {ANY: {"bytes": int, "sha256": str}},
    NOT_SHIPPED: [str],
    "comparison": {"one": _SIDE, "other": _SIDE},
    "structural": {"points": int, "replicates": int, "rule_sets": [dict], "cost": str},
    "ablation": {"settings": int, "replicates": int, "rows": int, "mechanisms": [str]},
    "table": {"points": int, "replicates": int, "rows": int, "sha256": str},
    "fixed_by_variant": {ANY: [str]},
    "how": dict,
}
OTHER: Mapping[str, Any] = {"inputs": dict, "files": dict}  # of other manifests
NEEDED = (  # keys that every result must have to be read
    "variants", "outcomes", "inputs.scenario", "inputs.seed", "inputs.runs", "scenario.name",
    "scenario.title", "scenario.question", "scenario.document", "files",
)  # fmt: skip
PARTS = {  # keys that are needed too if the first is there
    "structural": [f"structural.{key}" for key in SHAPE["structural"]],
    "ablation": [f"ablation.{key}" for key in SHAPE["ablation"]],
    "table": [
        *(f"table.{key}" for key in SHAPE["table"]),
        "inputs.sweep.paths",
        "fixed_by_variant",
    ],
}
_WORDS = {dict: "a mapping", list: "a list", str: "a text", bool: "true or false",
          int: "a whole number"}  # fmt: skip


def stored(folder: Path, name: str = MANIFEST) -> dict[str, Any] | None:
    """Return the manifest of a result, finished or not; None if there is none.

    ResultError if it cannot be read, has a format that this version does not read, or a value of
    the wrong type.
    """
    path = folder / name
    manifest = _content(path)
    if manifest is None:
        return None
    check_format(path, manifest)
    for fault in _faults(manifest, SHAPE if name == MANIFEST else OTHER, ""):
        raise damaged(path, fault)
    for file in manifest.get("files", {}):
        if file in ("", ".", "..") or any(mark in file for mark in "/\\\0"):
            raise damaged(path, f"{file[:60]!r} in files is not the name of a table")
    return manifest


def no_result(folder: Path) -> ResultError:
    """Return the error for a folder that holds no result."""
    return ResultError(f"{folder}: is not a result (it has no {MANIFEST}); `blocsim run` makes one")


def damaged(place: Path | str, fault: str) -> ResultError:
    """Return the error for a damaged place in a result."""
    return ResultError(f"{place}: {fault}; the result is damaged")


def _content(path: Path) -> dict[str, Any] | None:
    """Return the content of a manifest, its keys unchecked; None if there is no file."""
    if path.is_symlink():
        message = f"{path}: is a link; a result must have the manifest itself"
        raise ResultError(message)
    try:
        if not path.is_file():
            return None
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        message = f"{path}: cannot be read as a manifest; give another folder"
        raise ResultError(message) from None
    if not isinstance(manifest, dict) or "inputs" not in manifest:
        message = f"{path}: is not the manifest of a result; give another folder"
        raise ResultError(message)
    return manifest


def check_format(path: Path, manifest: Mapping[str, Any]) -> int:
    """Return the format of a manifest; ResultError if this version does not read it."""
    form = manifest.get(KEY, 1)
    if not _is(form, int) or form < 1:
        raise damaged(path, f"{KEY} is not a number from 1")
    if form > FORMAT:
        message = (
            f"{path}: the result has format {form}, and this version of blocsim reads formats up "
            f"to {FORMAT}: use a newer version"
        )
        raise ResultError(message)
    if form < OLDEST:
        message = (
            f"{path}: the result has format {form}, which blocsim {RELEASES[form]} reads; this "
            f"version reads {OLDEST} to {FORMAT}: run it again, or install that version"
        )
        raise ResultError(message)
    return int(form)


def _faults(value: Any, shape: Any, name: str) -> Iterator[str]:
    """Yield a message for each value of a type that the shape does not allow."""
    kind = shape if isinstance(shape, type) else type(shape)
    if not _is(value, kind):
        yield f"{name} is not {_WORDS[kind]}"
    elif isinstance(shape, list):
        for at, item in enumerate(value):
            yield from _faults(item, shape[0], f"{name}[{at}]")
    elif isinstance(shape, dict):
        for key, item in value.items():
            if ANY in shape:
                yield from _faults(item, shape[ANY], f"{name}[{key}]")
            elif key in shape:
                yield from _faults(item, shape[key], f"{name}.{key}" if name else key)


def _is(value: object, kind: type) -> bool:
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))


def check_needed(path: Path, manifest: Mapping[str, Any], kind: ResultKind | None = None) -> None:
    """Raise ResultError if a manifest lacks a key that every result, or its kind, needs."""
    needed = NEEDED if kind is None or not kind.needed else kind.needed
    for name in (*needed, *(name for key in PARTS if key in manifest for name in PARTS[key])):
        part: Any = manifest
        for key in name.split("."):
            part = part.get(key) if isinstance(part, dict) else None
        if part is None:
            raise damaged(path, f"no {name!r}")
    for name in ("variants", "files"):
        if name in manifest and not manifest[name]:
            raise damaged(path, f"{name} is empty")


def missing(folder: Path, manifest: Mapping[str, Any], kind: ResultKind) -> ResultError | None:
    """Return the error if folder and manifest do not have the same tables; else None.

    A result that is computed chunk by chunk may have tables that were exported later.
    """
    files = manifest.get("files", {})
    for name in sorted({*files} - {*manifest.get(NOT_SHIPPED, ())}):
        path = folder / name
        if not path.is_file() and not path.is_symlink():
            return damaged(path, "is missing, though the manifest names it")
    for name in () if kind.state else (each.file for each in kind.tables):
        if manifest and name not in files and (folder / name).exists():
            return damaged(folder / name, "is not named by the manifest")
    return None


def damage(folder: Path, manifest: Mapping[str, Any], *, whole: bool = True) -> str | None:
    """Return a message on the first file that is not as the manifest says; None if all are.

    If it need not be `whole`, the result may be unfinished, and files may be missing.
    """
    if whole and (manifest.get("complete") is not True or not manifest.get("files")):
        return f"{folder / MANIFEST}: belongs to an unfinished result"
    for name, about in sorted(manifest.get("files", {}).items()):
        path = folder / name
        if path.is_symlink():
            return f"{path}: is a link; a result must have the tables themselves"
        if not path.is_file():
            if whole:
                return f"{path}: is missing"
            continue
        size, sha = (None, about) if isinstance(about, str) else (about["bytes"], about["sha256"])
        if size not in (None, path.stat().st_size):
            return f"{path}: does not have the size in {MANIFEST}"
        if digest(path) != sha:
            return f"{path}: has changed since it was written ({MANIFEST} has another sha256)"
    return None


def refuse_part(path: Path) -> None:
    """Raise ResultError if a path is a file of a result, finished or not."""
    folder = path.absolute().parent
    result = any((folder / kind.manifest).is_file() for kind in KINDS if kind.manifest)
    if result and any(path.name in kind.files for kind in KINDS):
        message = f"{path}: is part of a result; give another --out"
        raise ResultError(message)


def replaceable(folder: Path) -> bool:
    """Return whether a folder is empty, or holds a result of blocsim and no other file.

    The result may be of any format, and damaged.
    """
    if not folder.is_dir() or folder.is_symlink():
        return False
    paths = list(folder.iterdir())
    if not paths:
        return True
    try:
        manifest = _content(folder / MANIFEST) or {}
    except ResultError:
        return False
    inputs, files = manifest.get("inputs"), manifest.get("files")
    versions = inputs.get("versions") if isinstance(inputs, dict) else None
    if not isinstance(versions, dict) or "blocsim" not in versions or not isinstance(files, dict):
        return False
    known = {MANIFEST, *files}
    return not any(
        path.is_symlink()
        or not (path.is_dir() if path.name == FIGURES else path.name in known and path.is_file())
        for path in paths
    )


def digest(path: Path) -> str:
    """Return the sha256 of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
