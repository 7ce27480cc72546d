"""Where the values and keys of a YAML text begin and end, as offsets: for edits of the text."""

from __future__ import annotations

import re
from typing import Any

import yaml

from sim.documents.nodes import Mark, Node
from sim.documents.reader import events_of

_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # as YAML counts lines


class Spans:
    """The ends of the values and keys of a text."""

    def __init__(self, text: str) -> None:
        """Read the text once."""
        self.text = text
        self.starts = [0, *(line_end.end() for line_end in _LINE_END.finditer(text))]
        self.scalars: dict[int, int] = {}
        self.collections: dict[int, int] = {}  # a mapping begins where its first key does
        open_at: list[int] = []
        for event in events_of(text):
            start, end = (self._offset(mark) for mark in (event.start_mark, event.end_mark))
            if isinstance(event, yaml.CollectionStartEvent):
                open_at.append(start)
            elif isinstance(event, yaml.CollectionEndEvent):
                self.collections[open_at.pop()] = end
            elif isinstance(event, yaml.NodeEvent):
                self.scalars[start] = end

    def _offset(self, mark: Any) -> int:
        after = mark.line >= len(self.starts)  # where the text ends without a line end
        return len(self.text) if after else int(self.starts[mark.line] + mark.column)

    def of(self, mark: Mark, value: object = "") -> tuple[int, int]:
        """Return the offsets of a key or value at a place."""
        start = self.starts[mark.line - 1] + mark.column - 1
        ends = self.collections if isinstance(value, dict | list) else self.scalars
        return start, ends.get(start, self.scalars.get(start, start))

    def end_of(self, node: Node, key: Mark) -> int:
        """Return the offset after a value, whatever it is; `key` is the place of its key."""
        if node.value in (None, "") and self.of(node.mark)[1] <= self.of(node.mark)[0]:
            start, end = self.of(key)  # a key without a value
            return self.text.index(":", end) + 1
        if not isinstance(node.value, dict | list):
            start, end = self.of(node.mark)
            return start + len(self.text[start:end].rstrip())
        start, end = self.of(node.mark, node.value)
        if self.text[start : start + 1] in ("{", "["):
            return end
        name, last = [*node.items()][-1]
        return self.end_of(last, node.keys.get(str(name), last.mark))
