"""From YAML events to nodes, without recursion, so that no nesting can exhaust the stack.

Plain scalars are read by the core schema of YAML 1.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from sim.documents.nodes import Mark, Node
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import ODD_SPACE, got, odd_space, quoted, without_comma

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTH = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_DECIMAL = re.compile(r"[-+]?[0-9]+\Z")
_OCTAL = re.compile(r"0o[0-7]+\Z")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+\Z")
_REAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_INFINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z")
_NAN = frozenset({".nan", ".NaN", ".NAN"})
LONGEST_NUMBER = 400  # characters; more is no number of this world

Scalar = None | bool | int | float | str


def plain_scalar(text: str) -> Scalar:
    """Return the value of a scalar written without quotes; ValueError if a number is too long."""
    if text in _NULL:
        return None
    if text in _TRUTH:
        return _TRUTH[text]
    if text[0] not in "+-.0123456789":
        return text
    value = _integer(text)
    if value is None and _REAL.match(text):
        value = float(_short(text))
    if value is None and _INFINITE.match(text):
        value = float("-inf" if text[0] == "-" else "inf")
    if value is None and text in _NAN:
        value = float("nan")
    return text if value is None else value


def _integer(text: str) -> int | float | None:
    """Return the integer that a scalar spells, or nothing."""
    if _DECIMAL.match(text):
        return int(_short(text), 10)
    if _OCTAL.match(text):
        return int(_short(text), 0)
    if _HEXADECIMAL.match(text):
        return int(_short(text), 0)
    return None


def _short(text: str) -> str:
    if len(text) > LONGEST_NUMBER:
        message = f"a number of {len(text)} characters is too long"
        raise ValueError(message)
    return text


def tagged_scalar(tag: str, text: str) -> Scalar:
    """Return the value of a scalar under a core tag; ValueError if the text does not fit it."""
    if tag == "str":
        return text
    value = plain_scalar(text)
    if tag == "float" and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    fits = {
        "null": value is None,
        "bool": isinstance(value, bool),
        "int": isinstance(value, int) and not isinstance(value, bool),
        "float": isinstance(value, float),
    }
    if not fits[tag]:
        message = f"the tag !!{tag} does not fit this value"
        raise ValueError(message)
    return value


DEEPEST = 40
MOST_EXPANDED = 100_000  # nodes that aliases stand for
MOST_NODES = 1_000_000  # nodes of a file
_CORE = "tag:yaml.org,2002:"
# what a terminal would obey, mirror or hide: control characters but tab and line end, marks of
# direction, ends of lines, what has no width, and what no standard gives a meaning
_STRANGE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\ud7ff\uf900-\ufffd\U00010000-\U000dffff]"
    "|[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
_AT_AN_END = re.compile(rf"\A{ODD_SPACE.pattern}|{ODD_SPACE.pattern}\Z")
_AFTER_A_KEY = re.compile(rf"\A[A-Za-z0-9_]+:({ODD_SPACE.pattern})")
_SCALARS = frozenset({"str", "int", "float", "bool", "null"})


def fault(mark: Mark, message: str, key: str = "") -> InputError:
    """Return the error that stops the reading of a file."""
    return InputError([mark.problem(key, message)])


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not been read."""

    node: Node
    anchor: str | None
    keys: dict[str, Mark] = field(default_factory=dict)
    key: str | None = None  # the key that waits for its value
    size: int = 1  # nodes inside, aliases expanded
    height: int = 1


@dataclass(frozen=True, slots=True)
class _Anchored:
    node: Node | None  # nothing while the anchor's own node is open
    size: int = 1
    height: int = 1


class Composer:
    """Builds the document of one file from its events."""

    def __init__(self, file: str, *, line: int = 0, column: int = 0) -> None:
        """Start a document; line and column shift the marks of a text that stands elsewhere."""
        self._file, self._line, self._column = file, line, column
        self._stack: list[_Open] = []
        self._anchors: dict[str, _Anchored] = {}
        self._expanded = 0
        self._nodes = 0
        self._documents = 0
        self.root: Node | None = None

    def take(self, event: yaml.Event) -> None:
        """Take the next event of the file."""
        mark = self._mark(event)
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise fault(mark, "a second document begins here: keep one document a file")
        elif isinstance(event, yaml.AliasEvent):
            self._alias(str(event.anchor), mark)
        elif isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event, mark)
            written = event.value if isinstance(value, int | float) else ""
            node = Node(value, mark, written=written)
            self._place(node, mark, event.anchor, _Anchored(node))
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._open(event, mark)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._close()

    def _mark(self, event: yaml.Event) -> Mark:
        start: Any = event.start_mark
        first = self._column if start.line == 0 else 0
        return Mark(self._file, start.line + 1 + self._line, start.column + 1 + first)

    def _scalar(self, event: yaml.ScalarEvent, mark: Mark) -> Any:
        """Return the value of a scalar, by its tag or by its looks."""
        if strange := _STRANGE.search(event.value):  # escapes in double quotes are decoded by now
            code = ord(strange.group())
            raise fault(mark, f"the character U+{code:04X} is not allowed: remove it")
        self._refuse_odd_space(event, mark)
        try:
            if event.tag is None or event.tag == "":
                return plain_scalar(event.value) if event.implicit[0] else event.value
            if event.tag == "!":
                return event.value
            tag = event.tag.removeprefix(_CORE)
            if tag != event.tag and tag in _SCALARS:
                return tagged_scalar(tag, event.value)
        except ValueError as error:
            raise fault(mark, str(error)) from None
        raise self._tag_fault(event.tag, mark)

    def _refuse_odd_space(self, event: yaml.ScalarEvent, mark: Mark) -> None:
        """Refuse what only looks like a space where YAML wants one, and in keys; texts keep it."""
        text: str = event.value
        if text.isascii():
            return
        odd = None
        if self._waits_for_key():
            odd = ODD_SPACE.search(text)
        elif not event.style:  # without quotes
            odd = _AT_AN_END.search(text)
            if odd is None and self._starts_line(mark):
                odd = _AFTER_A_KEY.match(text)
        if odd is not None:
            shift = odd.end() - 1 if not event.style else 0
            at = Mark(mark.file, mark.line, mark.column + shift)
            raise fault(at, odd_space(text[odd.end() - 1]))

    def _starts_line(self, mark: Mark) -> bool:
        """Return whether a value stands in a line of its own, where an entry may be meant."""
        top = self._stack[-1] if self._stack else None
        return top is None or top.key is None or top.keys[top.key].line < mark.line

    @staticmethod
    def _tag_fault(tag: str, mark: Mark) -> InputError:
        short = "!!" + tag.removeprefix(_CORE) if tag.startswith(_CORE) else tag
        return fault(mark, f"the tag {quoted(short)} is refused: write plain values without tags")

    def _open(self, event: yaml.CollectionStartEvent, mark: Mark) -> None:
        mapping = isinstance(event, yaml.MappingStartEvent)
        allowed = (None, "", "!", _CORE + ("map" if mapping else "seq"))
        if event.tag not in allowed:
            raise self._tag_fault(event.tag, mark)
        if self._waits_for_key():
            what = "a mapping" if mapping else "a list"
            raise fault(mark, f"a key must be text, got {what}: put {{...}} or [...] in quotes")
        if len(self._stack) >= DEEPEST:
            raise fault(mark, f"nested deeper than {DEEPEST} levels")
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(None)
        opened = _Open(Node({} if mapping else [], mark), event.anchor)
        self._stack.append(opened)

    def _close(self) -> None:
        done = self._stack.pop()
        node = Node(done.node.value, done.node.mark, done.keys)
        self._place(node, node.mark, done.anchor, _Anchored(node, done.size, done.height))

    def _alias(self, name: str, mark: Mark) -> None:
        """Place what an anchor named, once more."""
        anchored = self._anchors.get(name)
        if anchored is None:
            raise fault(mark, f"no anchor {quoted('&' + name)} before this alias")
        if anchored.node is None:
            raise fault(mark, f"the anchor {quoted('&' + name)} contains itself")
        self._expanded += anchored.size
        if self._expanded > MOST_EXPANDED:
            raise fault(mark, f"aliases expand to more than {MOST_EXPANDED:,} nodes")
        if len(self._stack) + anchored.height > DEEPEST and anchored.height > 0:
            raise fault(mark, f"nested deeper than {DEEPEST} levels")
        self._place(anchored.node, mark, None, anchored)

    def _place(self, node: Node, mark: Mark, anchor: str | None, what: _Anchored) -> None:
        """Put a finished node where it belongs: as root, key, value or entry."""
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise fault(mark, f"more than {MOST_NODES:,} values: keep large tables in CSV files")
        height = what.height if isinstance(node.value, dict | list) else 0
        if anchor is not None:
            self._anchors[anchor] = _Anchored(node, what.size, height)
        if not self._stack:
            self.root = node
            return
        top = self._stack[-1]
        if self._waits_for_key():
            self._key(top, node, mark)
            return
        top.size += what.size
        top.height = max(top.height, height + 1)
        if isinstance(top.node.value, list):
            top.node.value.append(node)
        elif top.key is not None:
            top.node.value[top.key] = node
            top.key = None

    def _waits_for_key(self) -> bool:
        top = self._stack[-1] if self._stack else None
        return top is not None and isinstance(top.node.value, dict) and top.key is None

    @staticmethod
    def _key(top: _Open, node: Node, mark: Mark) -> None:
        """Take a key; anything but new text is refused."""
        key = node.value
        if not isinstance(key, str):
            remedy = "" if isinstance(key, dict | list) else ": put it in quotes"
            remedy = _decimal_comma(top.node, node) or remedy
            raise fault(mark, f"a key must be text, got {got(key)}{remedy}")
        if "\n" in key:
            raise fault(mark, "a key must stand on one line: remove the line end from it")
        if key == "<<":
            raise fault(mark, 'merge keys ("<<") are not read: use extends, or repeat the values')
        if key in top.keys:
            line = top.keys[key].line
            raise fault(mark, f"the key {quoted(key)} stands twice: first in line {line}")
        top.keys[key] = mark
        top.key = key


def _decimal_comma(mapping: Node, key: Node) -> str:
    """Return what to write where a comma stands within a number, `{burden: 0,0205}`."""
    if not mapping.value or not key.written.isdecimal():
        return ""
    before = next(reversed(mapping.value.values()))
    joined = (before.mark.line, before.mark.column + len(before.written) + 1)
    if not before.written or joined != (key.mark.line, key.mark.column):
        return ""
    return ": " + without_comma(f"{before.written},{key.written}")


def problem(file: str, message: str) -> InputError:
    """Return an error about a file as a whole."""
    return InputError([Problem(file, 0, 0, "", message)])
