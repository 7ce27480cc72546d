"""`--set PATH=VALUE` and the other values of the command line, as patches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sim.errors import InputError, Problem
from sim.scenario.leaves import NAME
from sim.scenario.merge import merge
from sim.scenario.nodes import Mark, Node
from sim.scenario.reader import read_text
from sim.scenario.words import quoted

FILE = "--set"
_FORM = "write PATH=VALUE, such as states.AZE.burden=0.05"
_FIXED = {"extends": "files are merged before"}


def patched(document: Node, sets: Sequence[str], problems: list[Problem]) -> Node:
    """Return the document with every `--set` over it, in their order."""
    for line, text in enumerate(sets, start=1):
        try:
            document = merge(document, _patch(text, line), problems)
        except InputError as error:
            problems.extend(error.problems)
    return document


def overridden(document: Node, flags: dict[str, int | None]) -> Node:
    """Return the document with the values of flags such as `--runs` in place of its own."""
    for key, value in flags.items():
        if value is not None:
            mark = Mark(f"--{key}", 1, 1)
            patch = Node({key: Node(value, mark)}, document.mark, {key: mark})
            document = merge(document, patch, [])
    return document


def _patch(text: str, line: int) -> Node:
    """Return the patch that one `--set` spells."""
    path, equals, value = text.partition("=")
    start = Mark(FILE, line, 1)
    if not equals:
        raise InputError([start.problem("", f"no = in {quoted(text)}: {_FORM}")])
    names = path.strip().split(".")
    for name in names:
        if not NAME.match(name):
            message = f"no path {quoted(path.strip())}: {_FORM}"
            raise InputError([start.problem("", message)])
    if names[0] in _FIXED:
        raise InputError([start.problem(names[0], f"cannot be set: {_FIXED[names[0]]}")])
    column = len(path) + 1
    blank = re.fullmatch(r"\s*", value) is not None
    node = Node(None, Mark(FILE, line, column + 1)) if blank else _value(value, line, column)
    for name in reversed(names):
        node = Node({name: node}, start, {name: start})
    return node


def _value(text: str, line: int, column: int) -> Node:
    """Return the value that a text spells; a fault stands in the line of its `--set`."""
    try:
        return read_text(text, FILE, line=line - 1, column=column)
    except InputError as error:
        raise InputError(
            [
                each if each.line == line else replace(each, line=line, column=column + 1)
                for each in error.problems
            ]
        ) from None
