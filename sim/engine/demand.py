"""Demand: rows that no run of a strip reads are not computed.

Where a node chooses by a mask between numbers and a constant, or is the conjunction of a mask and
of other truth values, the numbers of a row are not used if the mask is false in all runs of the
strip, nor are values on which only they depend. Which rows these are is known only when the code
runs: each row of the mask has a flag for it. A branch costs time, too, so that only costly numbers
are left out.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.engine.fusion import GIVEN, WHOLE, Fusion
from sim.engine.graph import GraphNode, spread
from sim.engine.pace import DEAR

NEVER = -1  # for a row that is never read
LEAST_ROWS = 64  # rows of a choice from which on a branch saves time, whatever it leaves out
LEAST_COST = 25.0  # cycles of a row from which on a branch saves time
MOST_COST = 1e4  # of a row that depends on many others
CYCLES = {"word": 45.0, "pick": 14.0}  # of a row, by operation; of DEAR functions and of others:
DEAR_CYCLES, OTHER_CYCLES = 18.0, 0.5


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


@dataclass(frozen=True, eq=False)
class Demands:
    """Rows that are left out."""

    skipped: dict[int, Demand]  # nodes whose loops leave out rows
    guards: dict[int, tuple[int, Demand]]  # choices: the place of the numbers, and their demand

    @property
    def flagged(self) -> set[int]:
        """Return the masks that need a flag for each row."""
        of_guards = (each for _, each in self.guards.values())
        return {each.mask.number for each in (*self.skipped.values(), *of_guards)}


def demands(
    nodes: Sequence[GraphNode], whole: Collection[int], found: Fusion, period: Collection[int]
) -> Demands:
    """Return which rows of which nodes are left out.

    Nodes that are `whole` are computed in full, as are all that are not computed every period.
    Masks have loops of their own.
    """
    roots = {n.number for n in nodes if n.op not in GIVEN and n.number not in found.fused}
    shared = {number for number in roots if len(found.readers.get(number, ())) > 1}
    costs = _costs(nodes, period, shared)
    masks = {
        n.number for n in nodes
        if n.number in roots and n.number in period and n.op in WHOLE and n.dtype.kind == "b"
    }  # fmt: skip
    made = Demands({}, {})
    asked: dict[int, list[Demand | None]] = defaultdict(list)
    for node in reversed(nodes):
        own = None if node.number in whole else _joined(asked.pop(node.number, [None]))
        if own is not None and node.number in roots:
            if node.number in period and _skips(node, own, costs):
                made.skipped[node.number] = own
            else:
                own = None
        guard = _guard(node, masks, costs) if node.number in period else None
        if guard and own and own.mask.number < node.args[guard[0]].number:
            guard = None  # rows that nobody reads are left out already
        if guard is not None:
            made.guards[node.number] = guard
        for place, arg in enumerate(node.args):
            used = guard and guard[0] == place
            asked[arg.number].append(guard[1] if guard and used else _passed(node, place, arg, own))
    return made


def flags(nodes: Sequence[GraphNode], period: Collection[int]) -> set[int]:
    """Return the masks of costly choices, which are to have a loop of their own."""
    costs, found = _costs(nodes, period), set()
    for node in nodes:
        choice = node.number in period and node.given.get("function") == "where"
        if choice and node.args[2].op == "constant" and costs[node.args[1].number] >= LEAST_COST:
            mask = node.args[0]
            while mask.op == "rows":
                mask = mask.args[0]
            if mask.op == "elementwise" and mask.by_run:
                found.add(mask.number)
    return found


def _costs(
    nodes: Sequence[GraphNode], period: Collection[int], shared: Collection[int] = ()
) -> dict[int, float]:
    """Return the cycles of a row of each node with those of its arguments, unless these are shared.

    They are rough, and those of arguments that are read twice count twice.
    """
    costs: dict[int, float] = {}
    for node in nodes:
        dear = node.given.get("function") in DEAR
        own = CYCLES.get(node.op, DEAR_CYCLES if dear else OTHER_CYCLES)
        for arg in node.args:
            members = arg.count / max(node.count, 1) if node.op in ("reduce", "group") else 1
            own += members * OTHER_CYCLES
            if arg.op in WHOLE and arg.number in period and arg.number not in shared:
                own += members * costs[arg.number]
        costs[node.number] = min(own, MOST_COST)
    return costs


def _skips(node: GraphNode, own: Demand, costs: Mapping[int, float]) -> bool:
    """Return whether a loop leaves out rows, since they cost something and the mask is known."""
    dear = own.rows.size >= LEAST_ROWS or costs[node.number] >= LEAST_COST
    return dear and node.op in WHOLE and own.mask.number < node.number


def _guard(
    node: GraphNode, masks: Collection[int], costs: Mapping[int, float]
) -> tuple[int, Demand] | None:
    """Return the place of costly numbers that are used only where a mask is true, by that mask."""
    function, ways = node.given.get("function"), list[tuple[int, int]]()
    if function == "where" and node.args[2].op == "constant":
        ways = [(0, 1)]
    elif function == "logical_and":
        ways = [(1, 0), (0, 1)]
    for given, place in ways:
        numbers = node.args[place]
        many = function == "where" and node.count >= LEAST_ROWS and numbers.op not in GIVEN
        if many or costs[numbers.number] >= LEAST_COST:
            demand = _anchored(node.args[given], spread(node.args[given], node.rows), masks)
            index = spread(numbers, node.rows)
            one = demand and demand.chosen(index, numbers.count)
            if one is not None and numbers.rows == node.rows:
                return place, one
    return None


def _anchored(node: GraphNode, rows: np.ndarray, masks: Collection[int]) -> Demand | None:
    """Return the rows of a mask that are true wherever these rows of a node are."""
    if node.number in masks:
        return Demand(node, rows)
    if node.op == "rows":
        return _anchored(node.args[0], node.given["index"][rows], masks)
    if node.given.get("function") == "logical_and":
        each = (_anchored(a, spread(a, node.rows)[rows], masks) for a in node.args)
        return next((one for one in each if one is not None), None)
    return None


def _joined(each: list[Demand | None]) -> Demand | None:
    first, *others = each
    for other in others:
        if first is None or other is None:
            return None
        first = first.joined(other)
    return first


def _passed(node: GraphNode, place: int, arg: GraphNode, own: Demand | None) -> Demand | None:
    """Return the demand of a node for one of its arguments."""
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
