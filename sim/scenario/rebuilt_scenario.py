"""A scenario rebuilt from the manifest of a result: its document and patches, as a new file.

The manifest may come from another person. The only files written are one in the given folder and
copies of tables, which must be ordinary files with the hash in the manifest.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from sim.documents.nodes import Node
from sim.documents.reader import read_bytes, read_text, shown
from sim.kernel.errors import InputError, Problem, ResultError
from sim.scenario.csv_inputs import BOUNDS
from sim.scenario.file_format import PRESENT
from sim.scenario.load import Scenario, load
from sim.scenario.patches import BASELINE, variants_of

FILE = "scenario.yaml"


def rebuilt(about: Mapping[str, Any], folder: Path, files: Path | None = None) -> Scenario:
    """Return the scenario that a manifest describes, written to a folder.

    `files` is the folder of its tables; without it those in the working folder are read, if they
    are the same. Its title and patterns are those of the document.
    """
    patches = about.get("variants")
    document = {"format": PRESENT, **about["document"]}
    if patches:
        document["variants"] = patches
    for name in _tables(about):
        _copy(name, about["files"], files, folder)
    path = folder / FILE
    text = json.dumps(document, ensure_ascii=False)
    path.write_text(text, encoding="utf-8", errors="backslashreplace")  # half a character
    try:
        return load(path)
    except InputError as error:
        raise InputError([_of_manifest(each, folder) for each in error.problems]) from None


def _of_manifest(problem: Problem, folder: Path) -> Problem:
    """Return a problem without a place in the temporary file, which users do not see."""
    if problem.file == shown(folder / FILE):
        return replace(problem, file="the scenario in the manifest", line=0, column=0)
    return problem


def _tables(about: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the CSV files that a document or a variant names."""
    documents = [about["document"], *(about.get("variants") or {}).values()]
    for document in documents:
        for block, keys in (("tables", BOUNDS), ("parameters", ("posterior",))):
            part = document.get(block) if isinstance(document, dict) else None
            entries = [part.get(key) for key in keys] if isinstance(part, dict) else []
            for entry in entries:
                name = entry.get("file") if isinstance(entry, dict) else entry
                if isinstance(name, str):
                    yield name


def _copy(name: str, known: Mapping[str, Any], files: Path | None, folder: Path) -> None:
    """Copy a table beside the scenario, if it is the one that the result was made from."""
    inside = Path(name)
    if inside.is_absolute() or ".." in inside.parts or "\\" in name or "\0" in name:
        message = f"the scenario names {name[:60]!r}, which lies outside its folder"
        raise ResultError(message)
    found = (files or Path.cwd()) / inside
    data = read_bytes(found) if files or found.is_file() else b""
    if sha256(data).hexdigest() not in known.values():
        if files is None:
            message = f"the scenario reads {name}, not here as it was: give its folder with --files"
            raise InputError([Problem("--files", 0, 0, "", message)])
        message = f"{found}: is not the file that the result was made from"
        raise ResultError(message)
    place = folder / inside
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


def same_variants(about: Mapping[str, Any]) -> bool:
    """Return whether a manifest has the changes of its variants, or no variants."""
    return "variants" in about or set(about.get("in force", {})) <= {BASELINE}


def documents_in(about: Mapping[str, Any]) -> dict[str, Node]:
    """Return the merged document of each variant that a manifest describes, unchecked."""
    whole = {**about["document"], "variants": about.get("variants") or {}}
    text = json.dumps(whole, ensure_ascii=False)
    return variants_of(read_text(text, "the manifest"), [])
