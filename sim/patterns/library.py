"""The library of shipped patterns, one file each."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import ValidationError

from sim.documents.misfit import problem_of
from sim.documents.nodes import Node, find
from sim.documents.package_data import SUFFIXES, scenarios_folder
from sim.documents.reader import read_file
from sim.documents.sources import ASSUMED, reference_keys
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import meant, quoted
from sim.patterns.pattern import Pattern


def patterns_folder() -> Path:
    """Return the folder of shipped patterns."""
    return scenarios_folder() / "patterns"


def pattern_files() -> dict[str, Path]:
    """Return the files of the shipped patterns by name, sorted."""
    folder = patterns_folder()
    if not folder.is_dir():
        return {}
    files = (path for path in folder.iterdir() if path.suffix in SUFFIXES and path.is_file())
    return {path.stem: path for path in sorted(files)}


@cache
def shipped_pattern(name: str) -> Pattern:
    """Return a shipped pattern."""
    return read_pattern(pattern_files()[name])


def read_pattern(path: Path) -> Pattern:
    """Return the pattern of a file; InputError lists all that is wrong with it."""
    document = read_file(path)
    try:
        pattern = Pattern.model_validate(document.plain())
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise InputError([problem_of(each, document, Pattern) for each in details]) from None
    problems = _sources(document, pattern.source)
    if problems:
        raise InputError(problems)
    return pattern


def _sources(document: Node, keys: tuple[str, ...]) -> list[Problem]:
    """Return a problem for every source that is not in the references."""
    known = reference_keys()
    node = find(document, ("source",)) or document
    return [
        node.mark.problem("source", f"no reference {quoted(key)}{meant(key, known)}")
        for key in keys
        if key != ASSUMED and key not in known
    ]


def shipped() -> dict[str, Pattern]:
    """Return every shipped pattern by name, sorted."""
    return {name: shipped_pattern(name) for name in pattern_files()}
