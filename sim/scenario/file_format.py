"""Formats of scenario files: the changes from one to the next, and the upgrade of files.

A file says `format: 2`; without this key it is of format 1. A file of an earlier format is read as
if it were written in the present one; `blocsim upgrade` rewrites it and keeps its comments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sim.documents.leaves import NAME
from sim.documents.nodes import Mark, Node, Steps, dotted
from sim.documents.reader import read_mapping, read_text
from sim.documents.spans import Spans
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import got, number, quoted

KEY, FIRST, PRESENT = "format", 1, 2
ANY, DEEP = "*", "**"  # in paths of old keys: one step, any number of steps


def as_name(text: str) -> str:
    """Return a text as a name of letters, digits and _."""
    return text if NAME.match(text) else re.sub(r"[^A-Za-z0-9]+", "_", text) or "_"


def always(block: Node) -> bool:
    """Return that a change touches every block."""
    del block
    return True


@dataclass(frozen=True)
class FormatChange:
    """A key that is written differently from some format on."""

    format: int  # the first format that has it
    old: tuple[str, ...]  # path of the key before; `*` is any name, `**` any path
    what: str  # in words
    key: Callable[[str], str] = str  # the key's new name; empty if it is removed
    value: Callable[[str], str] = str  # the change of a text, or of the texts of a list
    touches: Callable[[Node], bool] = always  # whether it applies to the key in this block
    undecided: str = ""  # a question that only the author can decide
    legal: bool = False  # whether the old form has another meaning now


CHANGES = (
    FormatChange(2, ("references", ANY), "keys of references are names", key=as_name),
    FormatChange(2, (DEEP, "source"), "keys of references are names", value=as_name),
    FormatChange(
        2,
        ("expect", ANY, "versus"),
        "bounds beside `versus` apply to the difference",
        key=lambda _: "",
        touches=lambda block: any(block.child(each) is not None for each in ("low", "high")),
        undecided="the bounds applied to the level, so `versus` was removed: put it back if "
        "they should apply to the difference",
        legal=True,
    ),
)


@dataclass(frozen=True)
class FileEdit:
    """The edit of one key of a file by a change."""

    change: FormatChange
    steps: Steps  # of the old key
    key: str  # the new key; empty if it is removed
    value: Node  # the new value
    before: Node
    block: Node  # that holds the key
    mark: Mark  # of the old key

    def message(self) -> str:
        """Return the edit as an instruction."""
        if not self.key:
            return "remove it"
        value = self.value.plain()
        if isinstance(value, dict | list | None):
            return f"write {self.key}: ..."
        return f"write {self.key}: {value if isinstance(value, str) else number(value)}"


def format_of(document: Node) -> int:
    """Return the format that a file names; InputError if it cannot be read."""
    node = document.child(KEY)
    if node is None:
        return FIRST
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int) or not FIRST <= value <= PRESENT:
        remedy = ""
        if isinstance(value, int) and value > PRESENT:
            remedy = ": use a later version of blocsim"
        elif value in (*range(FIRST, PRESENT + 1),) and not isinstance(value, bool):
            remedy = ": write it without a point or exponent"
        message = f"must be {FIRST} to {PRESENT}, got {node.written or got(node.plain())}{remedy}"
        raise InputError([node.mark.problem(KEY, message)])
    return value


def edits_of(
    document: Node, since: int, changes: tuple[FormatChange, ...] = CHANGES
) -> list[FileEdit]:
    """Return the edits of a file by all changes after a format, variants included."""
    variants = document.child("variants")
    roots: list[tuple[Steps, Node]] = [((), document.without("variants"))]
    if variants is not None and variants.is_mapping:
        roots += [(("variants", name), node) for name, node in variants.value.items()]
    return [
        edit
        for change in changes
        if change.format > since
        for above, root in roots
        for edit in _edits(root, change, change.old, above)
    ]


def _edits(
    block: Node, change: FormatChange, old: tuple[str, ...], above: Steps
) -> Iterator[FileEdit]:
    """Yield the edits by a change at and below a block; `old` is the rest of its path."""
    if isinstance(block.value, list) and old[0] == DEEP:
        for at, entry in enumerate(block.value):
            yield from _edits(entry, change, old, (*above, at))
    if not block.is_mapping:
        return
    step, *rest = old
    for name, node in block.value.items():
        if step == DEEP:
            yield from _edits(node, change, old, (*above, name))
            if name == rest[0] and len(rest) == 1:
                yield from _edit(block, change, name, above)
        elif step in (ANY, name) and rest:
            yield from _edits(node, change, tuple(rest), (*above, name))
        elif step in (ANY, name):
            yield from _edit(block, change, name, above)


def _edit(block: Node, change: FormatChange, name: str, above: Steps) -> Iterator[FileEdit]:
    before = block.value[name]
    key, value = change.key(name), _valued(before, change.value)
    if change.touches(block) and (key != name or value is not before):
        yield FileEdit(change, (*above, name), key, value, before, block, block.keys[name])


def _valued(node: Node, new: Callable[[str], str]) -> Node:
    """Return a text, or a list of texts, with other values; the node itself if none differs."""
    if isinstance(node.value, str):
        text = new(node.value)
        return node if text == node.value else Node(text, node.mark)
    if isinstance(node.value, list):
        entries = [_valued(entry, new) for entry in node.value]
        alike = all(new is old for new, old in zip(entries, node.value, strict=True))
        return node if alike else Node(entries, node.mark)
    return node


def _refuse_collisions(edits: list[FileEdit]) -> None:
    """Refuse a new key that exists already: the author has to rename one."""
    problems = []
    for edit in edits:
        others = [name for name in edit.block.value if name != edit.steps[-1]]
        taken = [name for name in others if edit.key and edit.change.key(name) == edit.key]
        if taken and edit.key != edit.steps[-1]:
            message = f"it and {quoted(taken[0])} would both be {edit.key}: rename one of them"
            problems.append(edit.mark.problem(dotted(edit.steps), message))
    if problems:
        raise InputError(problems)


def converted(document: Node, edits: list[FileEdit]) -> Node:
    """Return a document with all edits made."""
    for edit in sorted(edits, key=lambda edit: len(edit.steps), reverse=True):  # the inner first
        document = _converted(document, edit.steps, edit)
    return document


def _converted(block: Node, steps: Steps, edit: FileEdit) -> Node:
    """Return a block with the edit made at a path below it."""
    step, *rest = steps
    if isinstance(block.value, list):
        entries = list(block.value)
        entries[int(step)] = _converted(entries[int(step)], tuple(rest), edit)
        return Node(entries, block.mark)
    value, keys = {}, {}
    for name, node in block.value.items():
        new, child = name, node
        if name == step and rest:
            child = _converted(node, tuple(rest), edit)
        elif name == step:
            new, child = edit.key, edit.value
        if new:
            value[new], keys[new] = child, block.keys[name]
    return Node(value, block.mark, keys)


@dataclass(frozen=True)
class Current:
    """A file as the present format has it."""

    document: Node  # without its format
    outdated: tuple[Problem, ...]  # keys that are read though they are of an earlier format


def current(document: Node) -> Current:
    """Return a file in the present format; InputError if its format cannot be read."""
    form = format_of(document)
    edits = edits_of(document, form)
    if form == PRESENT:
        edits = edits_of(document, FIRST)
        old = [edit for edit in edits if not edit.change.legal]
        if old:
            raise InputError([_old_key(edit) for edit in old])
        return Current(document.without(KEY), ())
    _refuse_collisions(edits)
    outdated = tuple(_outdated(edit) for edit in edits)
    return Current(converted(document, edits).without(KEY), outdated)


def _old_key(edit: FileEdit) -> Problem:
    message = f"is of format {edit.change.format - 1}: {edit.message()} ({edit.change.what})"
    return edit.mark.problem(dotted(edit.steps), message)


def _outdated(edit: FileEdit) -> Problem:
    message = (
        f"is written differently in format {edit.change.format} ({edit.change.what}); the next "
        "version "
        f"will read only that format: `blocsim upgrade {edit.mark.file}` rewrites the file"
    )
    return edit.mark.problem(dotted(edit.steps), message)


@dataclass(frozen=True)
class Upgrade:
    """A file as `blocsim upgrade` writes it."""

    text: str
    edits: tuple[FileEdit, ...]
    undecided: tuple[Problem, ...]  # points that the author has to decide


def upgraded(text: str, file: str) -> Upgrade:
    """Return the text of a file in the present format, comments kept."""
    document = read_mapping(text, file)
    form = format_of(document)
    edits = edits_of(document, form)
    _refuse_collisions(edits)
    cuts = [cut for edit in edits for cut in _cuts(Spans(text), edit)]
    new = text
    for start, end, piece in sorted([*cuts, _format_cut(Spans(text), document)], reverse=True):
        new = new[:start] + piece + new[end:]
    if not _says(new, file, current(document).document.plain()):
        message = "cannot be rewritten with the same meaning: change these keys by hand"
        raise InputError([Problem(file, 0, 0, "", message), *(_old_key(edit) for edit in edits)])
    open_ends = tuple(
        edit.mark.problem(dotted(edit.steps), edit.change.undecided)
        for edit in edits
        if edit.change.undecided
    )
    return Upgrade(new, tuple(edits), open_ends)


def _says(text: str, file: str, plain: Any) -> bool:
    try:
        return bool(current(read_text(text, file)).document.plain() == plain)
    except InputError:
        return False


Cut = tuple[int, int, str]  # offsets of the text replaced, and the replacement


def _cuts(spans: Spans, edit: FileEdit) -> Iterator[Cut]:
    start, end = spans.of(edit.mark)
    if not edit.key:
        yield _removal(spans, start, spans.of(edit.before.mark, edit.before.value)[1])
        return
    if edit.key != edit.steps[-1]:
        yield start, end, _spelled(edit.key)
    pairs = [(edit.before, edit.value)]
    if isinstance(edit.before.value, list):
        pairs = list(zip(edit.before.value, edit.value.value, strict=True))
    for before, value in pairs:
        if value is not before:
            yield (*spans.of(before.mark), _spelled(value.value))


def _removal(spans: Spans, start: int, end: int) -> Cut:
    """Return the cut that removes an entry with its comma, or its line except a comment."""
    text = spans.text
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip():  # within braces
        if after := re.compile(r"\s*,\s*").match(text, end):
            return start, after.end(), ""
        before = re.search(r",\s*\Z", text[:start])
        return (start if before is None else before.start()), end, ""
    rest = re.compile(r"[ \t]*(#[^\n]*)?(\n|\Z)").match(text, end)
    if rest is None:
        return start, end, ""
    if rest.group(1):
        return start, rest.start(1), ""
    return line, rest.end(), ""


def _format_cut(spans: Spans, document: Node) -> Cut:
    node = document.child(KEY)
    if node is not None:
        return (*spans.of(node.mark), str(PRESENT))
    start = spans.starts[document.mark.line - 1] + document.mark.column - 1
    if spans.text[start : start + 1] == "{":
        return start + 1, start + 1, f"{KEY}: {PRESENT}, "
    line_end = "\r\n" if "\r\n" in spans.text else "\n"
    indent = " " * (document.mark.column - 1)
    return start, start, f"{KEY}: {PRESENT}{line_end}{indent}"


def _spelled(text: str) -> str:
    """Return a text as a plain scalar if it is a name, otherwise in double quotes."""
    return (
        text if NAME.match(text) and not text.isdecimal() else json.dumps(text, ensure_ascii=False)
    )
