"""Values as read from a file, each with its place; paths to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sim.kernel.errors import Problem

_STEP = re.compile(r"\.?([^.\[\]]+)|\[([0-9]+)\]")


class Mark(NamedTuple):
    """A place in a file, lines and columns counted from one."""

    file: str
    line: int
    column: int

    def problem(self, key: str, message: str) -> Problem:
        """Return a problem at this place."""
        return Problem(self.file, self.line, self.column, key, message)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A scalar, a list of nodes or a mapping of nodes, with its place and its keys' places."""

    value: Any  # None, bool, int, float, str, list[Node] or dict[str, Node]
    mark: Mark
    keys: Mapping[str, Mark] = field(default_factory=dict)
    written: str = ""  # spelling of a plain number in the file
    shared: str = ""  # path of a number that the events of a list have in common, in each of them

    @property
    def is_mapping(self) -> bool:
        """Return whether this is a mapping."""
        return isinstance(self.value, dict)

    def plain(self) -> Any:
        """Return the value without places, as dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value

    def child(self, step: str | int) -> Node | None:
        """Return the node under a key or at a position, if any."""
        if isinstance(self.value, dict):
            child = self.value.get(step)
            return child if isinstance(child, Node) else None
        if isinstance(self.value, list) and isinstance(step, int):
            return self.value[step] if 0 <= step < len(self.value) else None
        return None

    def items(self) -> Iterator[tuple[str | int, Node]]:
        """Yield the children with their keys or positions."""
        if isinstance(self.value, dict):
            yield from self.value.items()
        elif isinstance(self.value, list):
            yield from enumerate(self.value)

    def section(self, key: str) -> Mapping[str, Node]:
        """Return the children under a key by name; none unless it is a mapping."""
        block = self.child(key)
        return block.value if block is not None and block.is_mapping else {}

    def put(self, key: str, value: Node, mark: Mark | None = None) -> Node:
        """Return this mapping with another value under a key; `mark` is the place of a new key."""
        place = self.keys.get(key, mark or value.mark)
        return Node({**self.value, key: value}, self.mark, {**self.keys, key: place})

    def without(self, *keys: str) -> Node:
        """Return this mapping without some keys, if it has them."""
        kept = {key: child for key, child in self.value.items() if key not in keys}
        return Node(kept, self.mark, {key: self.keys[key] for key in kept})


LAWS = "laws"  # block of the parameters of laws: laws.ROLE.PARAMETER
Steps = tuple[str | int, ...]


class DottedPath(str):
    """The path of a number, such as `blocs.CSTO.engagement.ARM`: text with its parts."""

    __slots__ = ()

    @classmethod
    def of(cls, *steps: str) -> DottedPath:
        """Return the path of some steps."""
        return cls(".".join(steps))

    @property
    def steps(self) -> tuple[str, ...]:
        """Return the steps from the top of the scenario."""
        return tuple(self.split("."))

    @property
    def block(self) -> str:
        """Return the block of the scenario, such as `blocs`."""
        return self.partition(".")[0]

    @property
    def entry(self) -> str:
        """Return the entry of the block, such as `CSTO`, or the role of a law; maybe empty."""
        return self.partition(".")[2].partition(".")[0]

    @property
    def key(self) -> str:
        """Return the rest after the entry, such as `engagement.ARM`, or a law's parameter."""
        return self.partition(".")[2].partition(".")[2]

    @property
    def of_law(self) -> bool:
        """Return whether it names a parameter of a law."""
        return self.block == LAWS


def dotted(steps: Steps) -> str:
    """Return a path as text, such as `blocs.CSTO.members[3]`."""
    parts = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps]
    return "".join(parts).removeprefix(".")


def steps_of(path: str) -> Steps:
    """Return the steps of a dotted path."""
    return tuple(int(index) if index else name for name, index in _STEP.findall(path))


def find(root: Node, steps: Steps) -> Node | None:
    """Return the node at a path, if any."""
    node: Node | None = root
    for step in steps:
        node = node.child(step) if node is not None else None
    return node


def mark_of(root: Node, steps: Steps, *, key: bool = False) -> Mark:
    """Return the place of a value (or of its key); of the nearest mapping above if absent."""
    node, mark = root, root.mark
    for depth, step in enumerate(steps, start=1):
        last = depth == len(steps)
        child = node.child(step)
        if last and key and isinstance(step, str) and step in node.keys:
            return node.keys[step]
        if child is None:
            return mark
        # a mapping within a block begins at its first key: the line of its name is clearer
        block = child.is_mapping and isinstance(step, str) and step in node.keys
        mark = node.keys[str(step)] if block else child.mark
        node = child
    return mark
