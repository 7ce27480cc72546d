"""Patches over documents: files merged, values of the command line (`--set`), variants.

They are JSON Merge Patches (RFC 7396): mappings merge, `null` removes, anything else replaces.
Removing a key that does not exist is an error. Two details go beyond the RFC: a merged mapping
has the place of the patch, and a `null` inside a mapping that the patch adds is kept as a value,
which the schema then checks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sim.documents.composer import DEEPEST
from sim.documents.leaves import NAME
from sim.documents.misfit import COMMA
from sim.documents.nodes import DottedPath, Mark, Node, Steps, dotted, find, steps_of
from sim.documents.reader import read_text
from sim.kernel.errors import InputError, Problem, need_lists
from sim.kernel.words import got, meant, quoted


def merge(base: Node, patch: Node, problems: list[Problem], above: Steps = ()) -> Node:
    """Return the base with a patch over it; add keys that cannot be removed to the problems."""
    if not patch.is_mapping or not base.is_mapping:
        return patch
    value, keys = dict(base.value), dict(base.keys)
    for key, change in patch.value.items():
        steps = (*above, key)
        if change.value is not None:
            old = value.get(key)
            value[key] = change if old is None else merge(old, change, problems, steps)
            keys[key] = patch.keys[key]
        elif key in value:
            del value[key], keys[key]
        else:
            problems.append(_nothing(patch, key, base, steps))
    return Node(value, patch.mark, keys)


def _nothing(patch: Node, key: str, base: Node, steps: Steps) -> Problem:
    hint = meant(key, base.value)
    way = COMMA if " " in key else "leave this entry out"
    message = f"there is no such key to remove{hint}; {way}"
    return patch.keys[key].problem(dotted(steps), message)


Settings = Sequence[str] | Mapping[str, Any]  # PATH=VALUE, or values by path
SET_FILE = "--set"
_FORM = "write PATH=VALUE, such as states.AZE.burden=0.05"
_FIXED = {"extends": "files are merged before --set applies", "format": "it belongs to the file"}


def texts_of(sets: Settings) -> tuple[str, ...]:
    """Return settings as texts, PATH=VALUE each; refuse all but a list or a mapping."""
    need_lists(sets=sets)
    if not isinstance(sets, Mapping):
        return tuple(sets)
    return tuple(f"{path}={json.dumps(value, default=_plain)}" for path, value in sets.items())


def _plain(value: Any) -> Any:
    """Return the number of a numpy scalar, otherwise the text of a value."""
    return value.item() if hasattr(value, "item") else str(value)


def patches_of(sets: Sequence[str], problems: list[Problem]) -> list[Node]:
    """Return a patch for every `--set`, in their order; faults are added to the problems."""
    patches = []
    for line, text in enumerate(sets, start=1):
        try:
            patches.append(_patch(text, line))
        except InputError as error:
            problems.extend(error.problems)
    return patches


def overridden(document: Node, flags: dict[str, int | None]) -> Node:
    """Return the document with the values of flags such as `--runs` in place of its own."""
    for key, value in flags.items():
        if value is not None:
            mark = Mark(f"--{key}", 1, 1)
            patch = Node({key: Node(value, mark)}, document.mark, {key: mark})
            document = merge(document, patch, [])
    return document


def _patch(text: str, line: int) -> Node:
    path, equals, value = text.partition("=")
    start = Mark(SET_FILE, line, 1)
    if not equals:
        raise InputError([start.problem("", f"no = in {quoted(text)}: {_FORM}")])
    names = DottedPath(path.strip()).steps
    if len(names) > DEEPEST:
        message = f"the path has {len(names):,} steps; at most {DEEPEST} are allowed: {_FORM}"
        raise InputError([start.problem("", message)])
    if not all(NAME.match(name) for name in names):
        message = f"no path {quoted(path.strip())}: {_FORM}"
        raise InputError([start.problem("", message)])
    if names[0] in _FIXED:
        raise InputError([start.problem(names[0], f"cannot be set: {_FIXED[names[0]]}")])
    column = len(path) + 1
    blank = re.fullmatch(r"\s*", value) is not None
    node = Node(None, Mark(SET_FILE, line, column + 1)) if blank else _value(value, line, column)
    for name in reversed(names):
        node = Node({name: node}, start, {name: start})
    return node


def _value(text: str, line: int, column: int) -> Node:
    """Return the value that a text spells; faults are reported at its `--set`."""
    try:
        return read_text(text, SET_FILE, line=line - 1, column=column)
    except InputError as error:
        raise InputError(
            [
                each if each.line == line else replace(each, line=line, column=column + 1)
                for each in error.problems
            ]
        ) from None


BASELINE = "baseline"
SHARED = frozenset({
    "scenario", "title", "question", "extends", "variants", "time", "runs", "seed", "outcomes",
    "reference", "contrasts", "smallest", "expect", "sweep", "patterns",
})  # fmt: skip


def variants_of(document: Node, problems: list[Problem]) -> dict[str, Node]:
    """Return the documents of the variants by name, in their order; `baseline` first."""
    base = document.without("variants")
    documents = {BASELINE: base}
    block = document.child("variants")
    if block is None:
        return documents
    if not block.is_mapping:
        message = f"must be a mapping of names to patches, got {got(block.plain())}"
        problems.append(block.mark.problem("variants", message))
        return documents
    for name, patch in block.value.items():
        fault = _fault(name, patch)
        if fault:
            problems.append(block.keys[name].problem(f"variants.{name}", fault))
            continue
        for key in patch.value:
            if key in SHARED:
                message = "a variant cannot change this key: all variants share it"
                problems.append(patch.keys[key].problem(f"variants.{name}.{key}", message))
        kept = patch.without(*SHARED)
        documents[name] = merge(base, kept, problems, ("variants", name))
    return documents


def tried(base: Node, document: Node, path: str) -> bool:
    """Return whether a variant, or `--set`, gives the value at a path: a hypothesis."""
    node = find(document, steps_of(path))
    if node is None:
        return False
    return node is not find(base, steps_of(path)) or node.mark.file == SET_FILE


def _fault(name: str, patch: Node) -> str:
    """Return the fault of a variant as a whole, if any."""
    if not NAME.match(name):
        return "a variant's name is made of letters, digits and _"
    if name == BASELINE:
        return "this name is reserved for the scenario without changes"
    if not patch.is_mapping:
        return f"must be a mapping of changes, got {got(patch.plain())}"
    return ""
