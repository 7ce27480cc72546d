"""Reproduction of a result, on a page: the commands, and the conditions for equal bytes."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from sim.pages.page_parts import Cell, CommandLines, Folded, Head, PageTable, Paragraph, Section
from sim.records.kinds import ResultKind

_PROMISE = (
    "The same inputs, versions and machine give the same files, byte for byte; elsewhere numbers "
    "agree to nine digits."
)
_VERSIONS = ("blocsim", "code", "python", "numpy", "scipy", "machine")


def reproduction_section(
    manifest: Mapping[str, Any],
    kind: ResultKind,
    folder: str,
    commands: Sequence[tuple[str, str]] = (),
    left_out: int = 0,
) -> Section:
    """Return the section on reproduction; `commands` are those of the kind of result."""
    place = shlex.quote(folder)
    lines = [*commands, (f"blocsim plot {place}", _figures(left_out))]
    facts = tuple((Cell(name), Cell(value)) for name, value in _facts(manifest, kind))
    parts: list[object] = [Paragraph(_PROMISE), CommandLines(tuple(lines))]
    heads = (Head("what"), Head("is"))
    parts.append(PageTable(f"What this {kind.name} was made from", heads, facts))
    files = tuple(
        (Cell(name), Cell(_size(about)), Cell(_digest(about)))
        for name, about in manifest.get("files", {}).items()
    )
    if files:
        head = (Head("file"), Head("bytes", number=True), Head("sha256"))
        parts.append(Folded("The files", (PageTable("Files of the result", head, files),)))
    return Section("reproduce", "How to reproduce it", tuple(parts))


def _figures(left_out: int) -> str:
    if not left_out:
        return "draw the figures again"
    return f"draw all figures; {left_out} are left out of this page for lack of room"


def _facts(manifest: Mapping[str, Any], kind: ResultKind) -> list[tuple[str, str]]:
    inputs, how = manifest.get("inputs", {}), manifest.get("how", {})
    facts = [(name, inputs.get(name)) for name in ("scenario", "hash", "seed", "runs")]
    versions = inputs.get("versions") or {}
    facts += [(name, versions.get(name)) for name in _VERSIONS]
    facts += [("commit", how.get("commit")), ("begun", how.get("began"))]
    out = [(name, str(value)) for name, value in facts if value not in (None, "")]
    return [("made by", f"blocsim {kind.command}"), *out]


def _size(about: Any) -> str:
    return f"{about['bytes']:,}" if isinstance(about, Mapping) else ""


def _digest(about: Any) -> str:
    return str(about["sha256"] if isinstance(about, Mapping) else about)
