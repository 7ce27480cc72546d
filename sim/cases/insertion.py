"""Insertion of values into the text of a YAML file, all else of which stays byte for byte.

A new entry of a mapping in braces goes before its closing brace, one of an indented mapping below
its last entry, a new section at the end of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sim.documents.nodes import Node
from sim.documents.spans import Spans
from sim.documents.tree import Fact
from sim.kernel.errors import InputError

WIDTH = 118  # characters of a line
_PIECE = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^,"])+,?')

_ENTRY = 2  # depth of the entries of sections
ABOUT = Fact.at_end  # keys of sources and dates, which come last
Tree = Mapping[str, Any]  # values as YAML spells them, in mappings by key
Cut = tuple[int, int, str]  # offsets of the text replaced, and the replacement


def inserted(text: str, document: Node, tree: Tree) -> str:
    """Return the text of a document with the values of a tree, in place of those of their keys."""
    spans = Spans(text)
    line_end = "\r\n" if "\r\n" in text else "\n"
    for start, end, piece in sorted(_cuts(spans, document, tree), reverse=True):
        text = text[:start] + piece.replace("\n", line_end) + text[end:]
    return text


def _cuts(spans: Spans, block: Node, tree: Tree, depth: int = 0) -> Iterator[Cut]:
    """Yield the cuts in and below a mapping; an entry without comments is rewritten whole."""
    if depth == _ENTRY and _in_braces(spans, block) and block.value:
        start, end = spans.of(block.mark, block.value)
        if "#" not in spans.text[start:end]:
            column = start - spans.text.rfind("\n", 0, start) - 1
            yield start, end, wrapped(_anew(spans, block, tree), _indent(spans, start) + 2, column)
            return
    added: dict[str, Any] = {}
    for key, value in tree.items():
        old = block.child(key)
        if old is None:
            added[key] = value
            continue
        _need_plain(spans, old, key)
        if isinstance(value, Mapping) and depth == 0 and _too_wide(spans, block, old, value):
            yield _opened(spans, block, key, old, value)
        elif isinstance(value, Mapping) and old.value:
            yield from _cuts(spans, old, value, depth + 1)
        else:
            yield _replaced(spans, block, key, old, value)
    if added:
        yield _added(spans, block, added)


def _too_wide(spans: Spans, block: Node, section: Node, tree: Tree) -> bool:
    """Return whether a section is in braces on one line, and too long for it with new values."""
    if not section.is_mapping or not section.value or _in_braces(spans, block):
        return False
    start, end = spans.of(section.mark, section.value)
    if not _in_braces(spans, section) or "\n" in spans.text[start:end]:
        return False
    entries = all(each.is_mapping or each.value is None for _, each in section.items())
    column = start - spans.text.rfind("\n", 0, start) - 1
    return entries and column + len(_anew(spans, section, tree)) > WIDTH


def _opened(spans: Spans, block: Node, key: str, section: Node, tree: Tree) -> Cut:
    """Return the cut that gives each entry of a section a line of its own, with new values."""
    for name, old in section.items():
        if name in tree:
            _need_plain(spans, old, str(name))
    lines = (
        f"  {wrapped(f'{name}: {text}', 4, 2)}"
        for name, text in _entries(spans, section, tree).items()
    )
    after = spans.of(block.keys[key])[1]
    return after, spans.end_of(section, block.keys[key]), "\n".join([":", *lines])


def _need_plain(spans: Spans, node: Node, key: str) -> None:
    """Raise InputError for a mapping that is shared with another entry, or has a tag."""
    start = spans.of(node.mark, node.value)[0]
    if isinstance(node.value, dict | list) and spans.text[start : start + 1] in ("&", "*", "!"):
        message = "has an anchor (&), an alias (*) or a tag (!): write its values out to fill it"
        raise InputError([node.mark.problem(key, message)])


def _anew(spans: Spans, block: Node, tree: Tree) -> str:
    """Return a mapping in braces with new values, on one line."""
    spelled = (f"{key}: {text}" for key, text in _entries(spans, block, tree).items())
    return f"{{{', '.join(spelled)}}}"


def _entries(spans: Spans, block: Node, tree: Tree) -> dict[str, str]:
    """Return the entries of a mapping with new values, each on a line, by key as the file has it.

    Sources and dates come last.
    """
    entries: dict[str, str] = {}
    for key, old in block.items():
        name, new = str(key), tree.get(str(key))
        if isinstance(new, Mapping) and old.value:
            entries[name] = _anew(spans, old, new)
        elif new is not None:
            entries[name] = in_braces(new)
        else:
            start, end = spans.of(old.mark, old.value)[0], spans.end_of(old, block.keys[name])
            entries[name] = " ".join(spans.text[start:end].split())
    entries |= {key: in_braces(new) for key, new in tree.items() if key not in entries}
    last = {key: entries.pop(key) for key in ABOUT if key in entries}
    return {_key(spans, block, key): text for key, text in (entries | last).items()}


def _key(spans: Spans, block: Node, key: str) -> str:
    """Return a key as the file spells it."""
    if key not in block.keys:
        return key
    start, end = spans.of(block.keys[key])
    return spans.text[start:end]


def _replaced(spans: Spans, block: Node, key: str, old: Node, value: Any) -> Cut:
    """Return the cut that replaces a value."""
    end = spans.end_of(old, block.keys[key])
    if isinstance(value, Mapping) and block.mark.column == 1 and not _in_braces(spans, block):
        after = spans.of(block.keys[key])[1]  # a section without an entry
        return after, end, _entry("", value, 0)
    start = end if old.value is None and spans.text[end - 1] == ":" else spans.of(old.mark)[0]
    gap = " " if start == end else ""
    return start, end, gap + wrapped(in_braces(value), _indent(spans, start) + 2, start == end)


def _added(spans: Spans, block: Node, added: Mapping[str, Any]) -> Cut:
    """Return the cut that adds entries at the end of a mapping."""
    text, start = spans.text, spans.of(block.mark, block.value)[0]
    entries = [f"{key}: {in_braces(value)}" for key, value in added.items()]
    if _in_braces(spans, block):
        indent = _indent(spans, start) + 2
        if not block.value:
            return start + 1, start + 1, wrapped(", ".join(entries), indent)
        name, last = [*block.items()][-1]
        end = spans.end_of(last, block.keys[str(name)])
        comma = re.compile(r"\s*,").match(text, end)
        if comma is not None:
            return comma.end(), comma.end(), f" {wrapped(', '.join(entries), indent)}"
        column = end - text.rfind("\n", 0, end) - 1
        return end, end, "," + wrapped(" " + ", ".join(entries), indent, column + 1)
    name, last = [*block.items()][-1]
    end = spans.end_of(last, block.keys[str(name)])
    stop = text.find("\n", end)
    stop = len(text) if stop < 0 else stop - (text[stop - 1 : stop] == "\r")
    pad = " " * (block.mark.column - 1)
    apart = "\n" if block.mark.column == 1 else ""  # an empty line before a section
    lines = [apart + pad + _entry(key, value, len(pad)) for key, value in added.items()]
    return stop, stop, "\n" + "\n".join(lines)


def _entry(key: str, value: Any, indent: int) -> str:
    """Return an entry of an indented mapping; a section gets a line for each of its entries."""
    if indent == 0 and isinstance(value, Mapping):
        below = (f"  {_entry(name, each, 2)}" for name, each in value.items())
        return "\n".join([f"{key}:", *below])
    return wrapped(f"{key}: {in_braces(value)}", indent + 2, first=indent)


def in_braces(value: Any) -> str:
    """Return a value on one line; mappings are in braces."""
    if not isinstance(value, Mapping):
        return str(value)
    return f"{{{', '.join(f'{key}: {in_braces(each)}' for key, each in value.items())}}}"


def wrapped(line: str, indent: int, first: int = 0) -> str:
    """Return a text broken after commas where lines grow too long.

    The first line begins at the column `first`, the others are indented by `indent`.
    """
    lines: list[str] = []
    current = ""
    for piece in _PIECE.findall(line):
        room = WIDTH - (indent if lines else first)
        if current and len(current) + len(piece) > room:
            lines.append(current.rstrip())
            current = piece.lstrip()
        else:
            current += piece
    return f"\n{' ' * indent}".join([*lines, current])


def _in_braces(spans: Spans, block: Node) -> bool:
    start = spans.of(block.mark, block.value)[0]
    return spans.text[start : start + 1] == "{"


def _indent(spans: Spans, start: int) -> int:
    """Return the indentation of the line at an offset."""
    line = spans.text.rfind("\n", 0, start) + 1
    return len(spans.text[line:start]) - len(spans.text[line:start].lstrip(" "))
