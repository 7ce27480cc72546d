"""The format of a manifest, and its shape: which keys of which types it has, at every level.

A result says its format in its manifest; one that does not is of format 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.kernel.errors import ResultError

FORMAT = 2  # what this version writes; it reads the one before, too
RELEASES = {1: "0.1", 2: "0.2"}  # the last version of blocsim that writes a format
KEY = "format"


@dataclass(frozen=True)
class Each:
    """A list, or a mapping of names, whose items all have one shape."""

    shape: Any
    named: bool = False


MANIFEST: Mapping[str, Any] = {
    "inputs": {
        "scenario": str,
        "hash": str,
        "seed": int,
        "runs": int,
        "options": dict,
        "versions": {"blocsim": str},
        "sweep": {"paths": Each(str)},
    },
    "complete": bool,
    "scenario": {"name": str, "title": str, "question": str, "files": dict, "document": dict},
    "variants": Each(str),
    "outcomes": Each(str),
    "in force": dict,
    "series_runs": int,
    "transfer_runs": int,
    "files": Each({"bytes": int, "sha256": str}, named=True),
    "not_shipped": Each(str),
    "structural": {"points": int, "replicates": int, "rule_sets": Each(dict), "cost": str},
    "table": {"points": int, "replicates": int, "rows": int, "sha256": str},
    "fixed_by_variant": Each(Each(str), named=True),
    "how": dict,
}
OTHER: Mapping[str, Any] = {"inputs": dict, "files": dict}  # of manifests of other names
NEEDED = (  # of a result that is read
    "variants", "outcomes", "inputs.scenario", "inputs.seed", "inputs.runs", "scenario.name",
    "scenario.title", "scenario.question", "scenario.document",
)  # fmt: skip
_PARTS = {  # of some kinds of results
    "structural": ("structural.points", "structural.replicates", "structural.rule_sets",
                   "structural.cost"),
    "table": ("table.points", "table.replicates", "table.rows", "table.sha256",
              "inputs.sweep.paths", "fixed_by_variant"),
}  # fmt: skip
_WORDS = {
    dict: "a mapping",
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a whole number",
}


def check_format(path: Path, manifest: Mapping[str, Any]) -> int:
    """Return the format of the manifest read from a path; ResultError if it is not read."""
    form = manifest.get(KEY, 1)
    if not isinstance(form, int) or isinstance(form, bool) or form < 1:
        message = f"{path}: {KEY} is not a number from 1; the result is damaged"
        raise ResultError(message)
    if form > FORMAT:
        message = (
            f"{path}: the result has format {form}, and this version of blocsim reads formats up "
            f"to {FORMAT}: a newer version reads it"
        )
        raise ResultError(message)
    if form < FORMAT - 1:
        message = (
            f"{path}: the result has format {form}, which blocsim {RELEASES[form]} reads; this "
            f"version reads {FORMAT - 1} and {FORMAT}: run it anew, or install that version"
        )
        raise ResultError(message)
    return form


def check_shape(path: Path, manifest: Mapping[str, Any], shape: Mapping[str, Any]) -> None:
    """Refuse the manifest read from a path if a key that it has is of another type."""
    for fault in _faults(manifest, shape, ""):
        message = f"{path}: {fault}; the result is damaged"
        raise ResultError(message)


def check_needed(path: Path, manifest: Mapping[str, Any]) -> None:
    """Refuse a manifest of the right shape that lacks what every result has."""
    needed = [*NEEDED, *(name for key in _PARTS if key in manifest for name in _PARTS[key])]
    for name in needed:
        part: Any = manifest
        for key in name.split("."):
            part = part.get(key) if isinstance(part, dict) else None
            if part is None:
                message = f"{path}: no {name!r}; the result is damaged"
                raise ResultError(message)
    if not manifest["variants"]:
        message = f"{path}: variants is empty; the result is damaged"
        raise ResultError(message)


def _faults(value: Any, shape: Any, name: str) -> Iterator[str]:
    """Yield what is of another type than it should be."""
    named = isinstance(shape, Each) and shape.named
    kind: type = shape if isinstance(shape, type) else dict
    kind = list if isinstance(shape, Each) and not named else kind
    parts: list[tuple[str, Any, Any]] = []
    if not _is(value, kind):
        yield f"{name} is not {_WORDS[kind]}"
    elif isinstance(shape, Each):
        pairs = value.items() if named else enumerate(value)
        parts = [(f"{name}[{key}]", each, shape.shape) for key, each in pairs]
    elif isinstance(shape, Mapping):
        known = [key for key in shape if key in value]
        parts = [(f"{name}.{key}" if name else key, value[key], shape[key]) for key in known]
    for part in parts:
        yield from _faults(part[1], part[2], part[0])


def _is(value: object, kind: type) -> bool:
    """Return whether a value is of a type; true and false are no numbers."""
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))
