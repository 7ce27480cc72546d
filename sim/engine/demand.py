"""Demand: rows that no run of a strip reads are not computed.

Where a node chooses by a mask between numbers and a constant, the numbers of a row are not used if
the mask is false in all runs of the strip, nor are values on which only they depend. Which rows
these are is known only when the code runs: each row of the mask has a flag for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from sim.engine.graph import GraphNode, spread

NEVER = -1  # for a row that is never read
LEAST_ROWS = 64  # rows of a mask from which on flags save time


@dataclass(frozen=True, eq=False)
class Demand:
    """The rows of a node that are read: those whose row of a mask is true in some run."""

    mask: GraphNode
    rows: np.ndarray  # row of the mask for each row of the node, or NEVER

    def chosen(self, index: np.ndarray, count: int) -> "Demand | None":
        """Return the demand for a node of `count` rows that is read at `index` by this one's rows.

        It is None if two rows with different rows of the mask read the same row.
        """
        read = self.rows != NEVER
        rows = np.full(count, NEVER)
        rows[index[read]] = self.rows[read]
        return Demand(self.mask, rows) if (rows[index[read]] == self.rows[read]).all() else None

    def joined(self, other: "Demand") -> "Demand | None":
        """Return the demand of two readers; None if a row has different rows of masks in them."""
        if other.mask is not self.mask:
            return None
        rows = np.where(self.rows == NEVER, other.rows, self.rows)
        return (
            Demand(self.mask, rows)
            if ((other.rows == NEVER) | (other.rows == rows)).all()
            else None
        )


def guarded(node: GraphNode) -> bool:
    """Return whether a node chooses by a mask of its own rows between numbers and a constant."""
    if node.given.get("function") != "where" or node.count < LEAST_ROWS:
        return False
    mask, numbers, constant = node.args
    shaped = mask.rows == numbers.rows == node.rows and constant.op == "constant"
    return shaped and mask.by_run and numbers.op not in ("constant", "input", "pin")


def demands(nodes: Iterable[GraphNode], outputs: Iterable[GraphNode]) -> dict[int, Demand]:
    """Return the demand for each node of which not all rows are read."""
    whole = {node.number for node in outputs}
    asked: dict[int, list[Demand | None]] = defaultdict(list)
    found: dict[int, Demand] = {}
    for node in sorted(nodes, key=lambda each: each.number, reverse=True):
        own = None if node.number in whole else _joined(asked.pop(node.number, [None]))
        if own is not None:
            found[node.number] = own
        for place, arg in enumerate(node.args):
            asked[arg.number].append(_passed(node, place, arg, own))
    return found


def _joined(each: list[Demand | None]) -> Demand | None:
    first, *others = each
    for other in others:
        if first is None or other is None:
            return None
        first = first.joined(other)
    return first


def _passed(node: GraphNode, place: int, arg: GraphNode, own: Demand | None) -> Demand | None:
    """Return the demand of a node for one of its arguments."""
    if guarded(node) and place == 1:
        return Demand(node.args[0], np.arange(node.count))
    if own is None:
        return None
    if node.op in ("reduce", "group"):
        return _spread(own, *_members(node, arg), arg.count)
    if node.op == "join":
        return Demand(own.mask, own.rows[np.array(node.given["places"][place], dtype=np.int64)])
    index = None
    if node.op in ("elementwise", "cast", "word") or (node.op == "pick" and place == 1):
        index = spread(arg, node.rows)
    elif node.op == "rows":
        index = node.given["index"]
    return None if index is None else own.chosen(index, arg.count)


def _members(node: GraphNode, arg: GraphNode) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows that each row of a reduction reads, one after the other, and their counts."""
    if node.op == "group":
        return node.given["members"], np.diff(node.given["ends"])
    axis = node.given["axis"]
    table = np.moveaxis(np.arange(arg.count).reshape(arg.rows), axis, -1)
    return table.reshape(-1), np.full(node.count, arg.rows[axis])


def _spread(own: Demand, members: np.ndarray, counts: np.ndarray, size: int) -> Demand:
    """Return the demand for rows that belong to rows of a node."""
    rows = np.full(size, NEVER)
    rows[members] = np.repeat(own.rows, counts)
    return Demand(own.mask, rows)


def useful(
    found: Mapping[int, Demand], roots: Iterable[GraphNode], guards: Iterable[GraphNode]
) -> tuple[dict[int, Demand], set[int]]:
    """Return the demands that loops test, and the masks whose flags they need.

    Only masks with memory of their own have flags.
    """
    known = {node.number for node in roots}
    kept = {
        node.number: found[node.number]
        for node in roots
        if node.number in found
        and node.op in ("elementwise", "group")
        and found[node.number].mask.number in known
        and found[node.number].mask.number < node.number
    }
    masks = {each.mask.number for each in kept.values()}
    masks |= {node.args[0].number for node in guards if node.args[0].number in known}
    return kept, masks
