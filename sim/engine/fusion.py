"""Fusion: which nodes are computed where they are read, in the loop of another node.

These are rows of another node, nodes that only one loop reads, and nodes that cost no more than
reading them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import prod

from sim.engine.graph import GraphNode

FUSED = ("elementwise", "cast", "rows", "rows_of", "pick", "word")
CHEAP = {
    "add", "subtract", "multiply", "negative", "absolute", "maximum", "minimum", "less",
    "less_equal", "greater", "greater_equal", "equal", "not_equal", "logical_not",
}  # fmt: skip
WHOLE = (*FUSED, "reduce", "group", "join")  # operations whose loops write every row once
GIVEN = ("input", "pin", "constant", "length")  # nodes that have memory but are not computed


def columns_of_log(nodes: Iterable[GraphNode]) -> dict[int, int]:
    """Return the nodes that write into a column of the log in place, and the column."""
    column: dict[int, int] = {}
    for node in nodes:
        if node.op == "input" and "held" in node.given:
            column[node.number] = node.number
        elif node.op in ("place", "place_at") and node.args[0].number in column:
            column[node.number] = column[node.args[0].number]
    return column


def solid(node: GraphNode) -> list[GraphNode]:
    """Return the arguments that must be in memory, since rows that depend on data are read."""
    if node.op in ("pick", "rows_of"):
        return [node.args[0]]
    if node.op in ("place", "place_at"):
        return [node.args[0], *(node.args[2:] if node.op == "place" else ())]
    if node.op == "contract":
        return [arg for arg in node.args if not _of_one(arg)]
    return list(node.args) if node.op == "rank" else []


@dataclass(frozen=True)
class Want:
    """A place where the value of a node is read."""

    root: int  # the node in whose loop it is read
    trip: int  # number of rows that the loop reads
    aligned: bool  # whether round n of the loop reads row n
    solid: bool = False  # whether it must be in memory, since the rows depend on data


@dataclass(frozen=True, eq=False)
class Fusion:
    """The nodes that are computed where they are read, and the loops that read the others."""

    fused: set[int]
    readers: dict[int, list[int]]  # node with memory -> nodes whose loops read it
    aligned: set[tuple[int, int]]  # node with memory, node whose loop reads row n in round n only


def fusion(outputs: Collection[int], nodes: list[GraphNode], held: Collection[int]) -> Fusion:
    """Return what is computed where it is read; outputs and nodes that are `held` are not.

    No part of the log may be read after it has been overwritten.
    """
    logged = columns_of_log(nodes)
    written = {n.args[0].number: n.number for n in nodes if n.number in logged and n.args}
    wants: dict[int, list[Want]] = defaultdict(list)
    fused: set[int] = set()
    for node in reversed(nodes):
        if node.op in GIVEN:
            continue
        asked = wants[node.number]
        late = any(written.get(a.number, w.root + 1) <= w.root for a in node.args for w in asked)
        if (
            node.op in FUSED
            and node.number not in outputs
            and node.number not in held
            and not late
            and not any(want.solid for want in asked)
            and (node.op == "rows" or _once(node, asked) or _cheap(node))
        ):
            fused.add(node.number)
        else:
            asked = [Want(node.number, node.count, aligned=node.op in FUSED)]
        lists = [node.length.args[0]] if node.length is not None else []
        for arg in (*node.args, *lists):
            hard = arg in solid(node) or arg in lists
            for want in asked:
                wants[arg.number].append(
                    Want(want.root, _trip(node, arg, want.trip), _aligned(node, arg, want), hard)
                )
    readers = {number: sorted({w.root for w in each}) for number, each in wants.items()}
    moved = {(number, w.root) for number, each in wants.items() for w in each if not w.aligned}
    aligned = {(number, root) for number, each in readers.items() for root in each} - moved
    return Fusion(fused, readers, aligned)


def _once(node: GraphNode, asked: list[Want]) -> bool:
    """Return whether only one loop reads a node, each row once."""
    if len(asked) == 1:
        return node.count >= asked[0].trip
    return all(want.aligned and want.root == asked[0].root for want in asked)


def _cheap(node: GraphNode) -> bool:
    """Return whether computing a node costs no more than reading it."""
    by_run = [arg for arg in node.args if arg.by_run]
    simple = node.op == "cast" or node.given.get("function") in CHEAP
    return simple and len(by_run) == 1 and (by_run[0].op == "input" or by_run[0].op not in FUSED)


def _of_one(node: GraphNode) -> bool:
    """Return whether a node is a cheap function of one number, whose table is in memory."""
    return node.op in ("elementwise", "cast") and len(node.args) == 1 and _cheap(node)


def tables(node: GraphNode, fused: Collection[int]) -> tuple[int, ...]:
    """Return the tables in memory that a product reads."""
    return tuple((a.args[0] if a.number in fused else a).number for a in node.args)


def _trip(node: GraphNode, arg: GraphNode, trip: int) -> int:
    if node.op in ("reduce", "group", "join", "true_rows"):
        return arg.count
    return prod(node.given["over"]) if node.op in ("place", "place_at") else trip


def _aligned(node: GraphNode, arg: GraphNode, want: Want) -> bool:
    chosen = node.op == "pick" and arg is not node.args[0]
    same = chosen or node.op in ("elementwise", "cast", "word")
    return want.aligned and same and arg.rows == node.rows
