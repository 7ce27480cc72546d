"""Second layer of checks: every name and every source means something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sim.documents.leaves import NAME, Leaf, Ref, Several, Source
from sim.documents.nodes import Mark, Node, Steps, dotted, find, mark_of
from sim.documents.sources import ASSUMED
from sim.documents.tree import Shape, fields_of
from sim.kernel.errors import Problem
from sim.kernel.words import either, meant, quoted
from sim.scenario.checks.shape import Shaped
from sim.scenario.schema.root import Model

_BLOCKS = {
    "state": "states",
    "system": "systems",
    "class": "classes",
    "bloc": "blocs",
    "offer": "offers",
    "event": "events",
}


@dataclass
class Inspection:
    """A document under check: its names, its model, and the problems found so far."""

    document: Node
    shaped: Shaped
    keys: frozenset[str]  # of the references
    variants: frozenset[str] | None  # None if the name of one is at fault
    problems: list[Problem] = field(default_factory=list)

    def names(self, kind: str) -> frozenset[str]:
        """Return the names of a kind, those of entities in the wrong shape included."""
        if kind == "variant":
            return self.variants or frozenset()
        block = self.document.child(_BLOCKS[kind])
        return frozenset(block.value) if block is not None and block.is_mapping else frozenset()

    def node(self, *steps: str | int) -> Node | None:
        """Return what stands at a path, unless its block is in the wrong shape."""
        return find(self.document, steps) if self.holds(steps) else None

    def holds(self, steps: Steps) -> bool:
        """Return whether the block of a path has the right shape."""
        return not self.shaped.broken or self.shaped.holds(*(str(step) for step in steps))

    def wrong(self, steps: Steps, message: str, *, key: bool = False) -> None:
        """Note a problem at a path, or at its last key."""
        mark = mark_of(self.document, steps, key=key)
        self.problems.append(mark.problem(dotted(steps), message))

    def has_names_of(self, other: Inspection) -> bool:
        """Return whether the same names are known here as in another document."""
        return (
            self.keys == other.keys
            and self.shaped.broken == other.shaped.broken
            and all(self.names(kind) == other.names(kind) for kind in _BLOCKS)
        )

    def known(self, kinds: tuple[str, ...], name: str, steps: Steps, mark: Mark) -> None:
        """Note a problem if there is nothing of this name among some kinds."""
        if any(name in self.names(kind) for kind in kinds):
            return
        known = frozenset[str]().union(*(self.names(kind) for kind in kinds))
        refused = any((_BLOCKS.get(kind),) in self.shaped.broken for kind in kinds)
        unknown = "variant" in kinds and self.variants is None
        sound = {each for each in known if NAME.match(each)}
        if not refused and not unknown and not meant(name, known - sound):
            message = f"no {either(kinds)} {quoted(name)}{meant(name, sound)}"
            self.problems.append(mark.problem(dotted(steps), message))


def check_names(check: Inspection, before: Inspection | None = None) -> None:
    """Note every name of a state, system, class, bloc, variant or source that means nothing.

    What a variant has in common with the document that it patches, `before`, is checked there.
    """
    done = before.document if before is not None and check.has_names_of(before) else None
    for leaf, node, mark, steps in _leaves(check.document, Shape(block=Model), (), check, done):
        one = leaf.of if isinstance(leaf, Several) else leaf
        several = isinstance(node.value, list)
        entries = [(str(e.value), e.mark) for e in node.value] if several else [(node.value, mark)]
        for entry, at in entries:
            if isinstance(leaf, Source):
                _check_key(check, entry, steps, at)
            elif isinstance(one, Ref) and one.kinds:
                check.known(one.kinds, entry, steps, at)


def _check_key(check: Inspection, key: str, steps: Steps, mark: Mark) -> None:
    """Note a problem if no reference has this key."""
    if key == ASSUMED or key in check.keys:
        return
    hint = meant(key, {*check.keys, ASSUMED})
    message = f"no reference {quoted(key)}{hint}; add it to `references`, or write assumed"
    check.problems.append(mark.problem(dotted(steps), message))


def _leaves(
    node: Node, shape: Shape, steps: Steps, check: Inspection, done: Node | None
) -> Iterator[tuple[Leaf, Node, Mark, Steps]]:
    """Yield every leaf that the schema knows, keys of mappings included, less what is done."""
    if node is done or not check.holds(steps) or node.value is None:
        return
    shape = shape.of(node)
    if shape.leaf is not None:
        yield shape.leaf, node, node.mark, steps
        uncertain = node.child("source")  # of an uncertain number
        if uncertain is not None and node.is_mapping:
            yield Source(), uncertain, uncertain.mark, (*steps, "source")
    elif shape.block is not None:
        fields = fields_of(shape.block)
        for name, child in node.items():
            if name in fields:
                old = done and done.child(name)
                yield from _leaves(child, fields[str(name)].shape, (*steps, name), check, old)
    else:
        for name, child in node.items():
            below, old = (*steps, name), done and done.child(name)
            if child is not old and shape.key is not None and check.holds(below):
                mark = node.keys[str(name)]
                yield shape.key, Node(name, mark), mark, below
            yield from _leaves(child, shape.below, below, check, old)
