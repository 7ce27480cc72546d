"""From YAML events to nodes; plain scalars are read by the core schema of YAML 1.2.

PyYAML's own composer reads YAML 1.1, keeps the last of two equal keys and lets aliases grow without
bound. Nesting is bounded here, so that it cannot exhaust the stack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from sim.documents.nodes import Mark, Node
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import ODD_SPACE, got, odd_space, quoted, without_comma

Scalar = None | bool | int | float | str
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **{
        sign + word: float(sign + "inf")
        for sign in ("", "+", "-")
        for word in (".inf", ".Inf", ".INF")
    },
}
_INTEGERS = ((re.compile(r"[-+]?[0-9]+\Z"), 10), (re.compile(r"0(o[0-7]+|x[0-9a-fA-F]+)\Z"), 0))
_REAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
LONGEST_NUMBER = 400  # characters; no real quantity needs more


def plain_scalar(text: str) -> Scalar:
    """Return the value of a scalar written without quotes; ValueError if a number is too long."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    base = next((base for pattern, base in _INTEGERS if pattern.match(text)), None)
    if base is None and not _REAL.match(text):
        return text
    if len(text) > LONGEST_NUMBER:
        message = f"the number is too long ({len(text)} characters)"
        raise ValueError(message)
    return float(text) if base is None else int(text, base)


def tagged_scalar(tag: str, text: str) -> Scalar:
    """Return the value of a scalar under a core tag; ValueError if the text does not fit it."""
    value = text if tag == "str" else plain_scalar(text)
    if tag == "float" and type(value) is int:
        value = float(value)
    if type(value) is not _CORE_TYPES[tag]:
        message = f"the tag !!{tag} does not fit this value"
        raise ValueError(message)
    return value


_CORE_TYPES = {"str": str, "int": int, "float": float, "bool": bool, "null": type(None)}
_CORE = "tag:yaml.org,2002:"
DEEPEST = 40
MOST_EXPANDED = 100_000  # nodes from aliases
MOST_NODES = 1_000_000  # nodes of a file
# characters that a terminal would obey, mirror or hide: control characters except tab and line
# end, marks of direction, line ends, characters without width, and unassigned ones
_STRANGE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\ud7ff\uf900-\ufffd\U00010000-\U000dffff]"
    "|[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
_AT_AN_END = re.compile(rf"\A{ODD_SPACE.pattern}|{ODD_SPACE.pattern}\Z")
_AFTER_A_KEY = re.compile(rf"\A[A-Za-z0-9_]+:({ODD_SPACE.pattern})")


def fault(mark: Mark, message: str, key: str = "") -> InputError:
    """Return the error that stops the reading of a file."""
    return InputError([mark.problem(key, message)])


def problem(file: str, message: str) -> InputError:
    """Return an error about a file as a whole."""
    return InputError([Problem(file, 0, 0, "", message)])


@dataclass(frozen=True, slots=True)
class _Composed:
    """A node with all below it, aliases expanded."""

    node: Node
    size: int = 1
    height: int = 0


class Composer:
    """Builds the document of one file from its events."""

    def __init__(
        self, file: str, events: Iterator[yaml.Event], *, line: int = 0, column: int = 0
    ) -> None:
        """Start a document; line and column shift the places of an embedded text."""
        self._file, self._events, self._line, self._column = file, events, line, column
        self._anchors: dict[str, _Composed | None] = {}  # None while the anchor's own node is open
        self._expanded = 0
        self._nodes = 0

    def root(self) -> Node | None:
        """Return the one document, if any."""
        root = None
        for event in self._events:
            if root is not None and isinstance(event, yaml.DocumentStartEvent):
                message = "a second document begins here: a file must have only one document"
                raise fault(self._mark(event), message)
            if isinstance(event, yaml.NodeEvent):
                root = self._part(event, 0).node
        return root

    def _mark(self, event: yaml.Event) -> Mark:
        start: Any = event.start_mark
        first = self._column if start.line == 0 else 0
        return Mark(self._file, start.line + 1 + self._line, start.column + 1 + first)

    def _part(
        self, event: Any, depth: int, *, is_key: bool = False, key: Mark | None = None
    ) -> _Composed:
        """Return the node that begins with an event: a key, or a value with its key's place."""
        mark = self._mark(event)
        if isinstance(event, yaml.AliasEvent):
            part = self._aliased(str(event.anchor), mark, depth)
        elif isinstance(event, yaml.ScalarEvent):
            starts_line = not is_key and (key is None or key.line < mark.line)
            part = _Composed(self._scalar(event, mark, is_key=is_key, starts_line=starts_line))
        else:
            part = self._collection(event, mark, depth, is_key=is_key)
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise fault(mark, f"more than {MOST_NODES:,} values: keep large tables in CSV files")
        if event.anchor is not None:
            self._anchors[event.anchor] = part
        return part

    def _aliased(self, name: str, mark: Mark, depth: int) -> _Composed:
        """Return the node of an anchor again."""
        if name not in self._anchors:
            raise fault(mark, f"there is no anchor {quoted('&' + name)} before this alias")
        part = self._anchors[name]
        if part is None:
            raise fault(mark, f"the anchor {quoted('&' + name)} contains itself")
        self._expanded += part.size
        if self._expanded > MOST_EXPANDED:
            raise fault(mark, f"aliases expand to more than {MOST_EXPANDED:,} nodes")
        if depth + part.height > DEEPEST and part.height > 0:
            raise fault(mark, f"nested deeper than {DEEPEST} levels")
        return part

    def _scalar(
        self, event: yaml.ScalarEvent, mark: Mark, *, is_key: bool, starts_line: bool
    ) -> Node:
        """Return a scalar, its value by its tag or its form."""
        text: str = event.value
        if strange := _STRANGE.search(text):  # escapes in double quotes are already decoded
            code = ord(strange.group())
            raise fault(mark, f"the character U+{code:04X} is not allowed: remove it")
        if not text.isascii():
            self._refuse_odd_space(event, mark, is_key=is_key, starts_line=starts_line)
        tag = (event.tag or "").removeprefix(_CORE)
        value: Scalar = text
        try:
            if not event.tag:
                value = plain_scalar(text) if event.implicit[0] else text
            elif tag != event.tag and tag in _CORE_TYPES:
                value = tagged_scalar(tag, text)
            elif tag != "!":
                raise _tag_fault(event.tag, mark)
        except ValueError as error:
            raise fault(mark, str(error)) from None
        return Node(value, mark, written=text if isinstance(value, int | float) else "")

    @staticmethod
    def _refuse_odd_space(
        event: yaml.ScalarEvent, mark: Mark, *, is_key: bool, starts_line: bool
    ) -> None:
        """Refuse characters like a space where YAML needs one, or in keys; texts keep them.

        At the start of a line, an entry may be meant.
        """
        odd = None
        if is_key:
            odd = ODD_SPACE.search(event.value)
        elif not event.style:  # without quotes
            odd = _AT_AN_END.search(event.value)
            if odd is None and starts_line:
                odd = _AFTER_A_KEY.match(event.value)
        if odd is not None:
            shift = odd.end() - 1 if not event.style else 0
            at = Mark(mark.file, mark.line, mark.column + shift)
            raise fault(at, odd_space(event.value[odd.end() - 1]))

    def _collection(
        self, event: yaml.CollectionStartEvent, mark: Mark, depth: int, *, is_key: bool
    ) -> _Composed:
        mapping = isinstance(event, yaml.MappingStartEvent)
        if event.tag not in (None, "", "!", _CORE + ("map" if mapping else "seq")):
            raise _tag_fault(event.tag, mark)
        if is_key:
            what = "a mapping" if mapping else "a list"
            raise fault(mark, f"a key must be text, got {what}: put {{...}} or [...] in quotes")
        if depth >= DEEPEST:
            raise fault(mark, f"nested deeper than {DEEPEST} levels")
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        parts: list[_Composed] = []
        keys: dict[str, Mark] = {}
        for entry in self._entries():
            key = self._key(entry, depth + 1, keys, parts) if mapping else None
            below = next(self._events) if mapping else entry
            parts.append(self._part(below, depth + 1, key=key))
        nodes = [part.node for part in parts]
        value = dict(zip(keys, nodes, strict=True)) if mapping else nodes
        height = max((part.height for part in parts), default=0)
        return _Composed(Node(value, mark, keys), 1 + sum(part.size for part in parts), 1 + height)

    def _entries(self) -> Iterator[yaml.Event]:
        """Yield the first event of each entry until the mapping or list ends."""
        for event in self._events:
            if isinstance(event, yaml.CollectionEndEvent):
                return
            yield event

    def _key(
        self, event: yaml.Event, depth: int, keys: dict[str, Mark], before: list[_Composed]
    ) -> Mark:
        """Take a key and return its place; refuse all but a new text."""
        mark, node = self._mark(event), self._part(event, depth, is_key=True).node
        key = node.value
        if not isinstance(key, str):
            remedy = "" if isinstance(key, dict | list) else ": put it in quotes"
            remedy = (_decimal_comma(before[-1].node, node) if before else "") or remedy
            raise fault(mark, f"a key must be text, got {got(key)}{remedy}")
        if "\n" in key:
            raise fault(mark, "a key must be on one line: remove the line end from it")
        if key == "<<":
            raise fault(
                mark, 'merge keys ("<<") are not supported: use extends, or repeat the values'
            )
        if key in keys:
            line = keys[key].line
            raise fault(mark, f"the key {quoted(key)} appears twice: first in line {line}")
        keys[key] = mark
        return mark


def _tag_fault(tag: str, mark: Mark) -> InputError:
    short = "!!" + tag.removeprefix(_CORE) if tag.startswith(_CORE) else tag
    return fault(mark, f"the tag {quoted(short)} is not supported: write plain values without tags")


def _decimal_comma(before: Node, key: Node) -> str:
    """Return the remedy for a comma within a number, `{burden: 0,0205}`."""
    joined = (before.mark.line, before.mark.column + len(before.written) + 1)
    if not before.written or not key.written.isdecimal() or joined != key.mark[1:]:
        return ""
    return ": " + without_comma(f"{before.written},{key.written}")
