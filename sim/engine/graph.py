"""The graph of a period: operations on arrays whose last axis is the runs of a strip.

A node is one operation. Its value has `rows`; each row has one number for each run if the node is
`by_run`, else one number for all runs. Equal operations are one node. `evaluate` defines each
operation by numpy; tests compare the emitted code with it.
"""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from types import FrameType
from typing import Any

import numpy as np

from sim.kernel.arrays import NONE

Rows = tuple[int, ...]

# elementwise operations, by the name of numpy's function
ELEMENTWISE: Mapping[str, Callable[..., Any]] = {
    name: getattr(np, name)
    for name in [
        "add",
        "subtract",
        "multiply",
        "divide",
        "floor_divide",
        "remainder",
        "negative",
        "absolute",
        "maximum",
        "minimum",
        "power",
        "exp",
        "expm1",
        "log",
        "log1p",
        "sqrt",
        "cos",
        "tanh",
        "floor",
        "rint",
        "less",
        "less_equal",
        "greater",
        "greater_equal",
        "equal",
        "not_equal",
        "logical_and",
        "logical_or",
        "logical_xor",
        "logical_not",
        "bitwise_and",
        "bitwise_or",
        "bitwise_xor",
        "left_shift",
        "right_shift",
        "where",
    ]
}
REDUCTIONS: Mapping[str, Callable[..., Any]] = {
    "sum": np.sum, "max": np.max, "min": np.min, "any": np.any, "all": np.all, "argmax": np.argmax,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class GraphNode:
    """One operation, and the shape and type of its value."""

    number: int  # in the order of creation
    op: str
    args: tuple["GraphNode", ...] = field(repr=False)  # not printed: each would print its own
    rows: Rows
    dtype: np.dtype[Any]
    by_run: bool
    given: Mapping[str, Any]  # fixed parameters of the operation
    # number of its rows that count, where it is known only when the code runs
    length: "GraphNode | None" = field(repr=False)
    step: str  # the step of the period, or `collect`, that first used it

    @property
    def count(self) -> int:
        """Return the number of rows."""
        return prod(self.rows)


@dataclass(eq=False)
class Graph:
    """Nodes in the order of creation; each may depend on earlier ones."""

    nodes: list[GraphNode] = field(default_factory=list)
    _known: dict[Any, GraphNode] = field(default_factory=dict, repr=False)

    def add(
        self,
        op: str,
        args: Iterable[GraphNode],
        rows: Rows,
        dtype: Any,
        *,
        by_run: bool = True,
        length: GraphNode | None = None,
        **given: Any,
    ) -> GraphNode:
        """Return the node of an operation: an equal one that exists, or else a new one."""
        args, rows, dtype = tuple(args), tuple(rows), np.dtype(dtype)
        key = op, tuple(a.number for a in args), rows, dtype.str, by_run, _key(given)
        if key not in self._known:
            step = _step()
            node = GraphNode(len(self.nodes), op, args, rows, dtype, by_run, given, length, step)
            self.nodes.append(node)
            self._known[key] = node
        return self._known[key]

    def constant(self, value: Any, rows: Rows) -> GraphNode:
        """Return a node of fixed numbers, one for each row, the same in all runs."""
        value = np.ascontiguousarray(value).reshape(rows)
        return self.add("constant", (), rows, value.dtype, by_run=False, value=value)


def _step() -> str:
    """Return the step that is being traced: the function that `period` or `collect` called."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001
    below = ""
    while frame is not None:
        name, module = frame.f_code.co_name, str(frame.f_globals.get("__name__", ""))
        if module == "sim.kernel.period" and name == "period":
            return below
        if module == "sim.kernel.collect" and name == "collect":
            return name
        if module.startswith("sim.steps"):
            below = name
        frame = frame.f_back
    return below


def _key(given: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the fixed parameters of an operation in a form that can be compared."""
    return tuple(
        (name, (each.shape, each.dtype.str, each.tobytes()))
        if isinstance(each, np.ndarray)
        else (name, each)
        for name, each in sorted(given.items())
    )


def live(outputs: Iterable[GraphNode]) -> list[GraphNode]:
    """Return the nodes on which outputs depend, in order."""
    found: dict[int, GraphNode] = {}
    todo = list(outputs)
    while todo:
        node = todo.pop()
        if node.number not in found:
            found[node.number] = node
            todo += [*node.args, *([node.length] if node.length is not None else [])]
    return [found[number] for number in sorted(found)]


def spread(node: GraphNode, rows: Rows) -> np.ndarray:
    """Return the row of a node that each of these rows reads, by numpy's rules of broadcasting."""
    return np.broadcast_to(np.arange(node.count).reshape(node.rows), rows).reshape(-1)


def evaluate(
    outputs: Mapping[str, GraphNode], inputs: Mapping[str, np.ndarray], runs: int
) -> dict[str, np.ndarray]:
    """Return the values of outputs, (rows, runs), by numpy, as the emitted code must return them.

    `inputs` are arrays by name, (rows, runs); results of the prologue are `pin N`, (rows,).
    """
    values: dict[int, np.ndarray] = {}
    for node in live(outputs.values()):
        if node.op in ("input", "pin"):
            values[node.number] = _table(node, inputs[node.given["name"]], runs)
            continue
        args = [values[each.number] for each in node.args]
        with np.errstate(all="ignore"):
            value = np.asarray(_MEANING[node.op](node, args, runs)).astype(node.dtype)
        values[node.number] = _table(node, value, runs)
    return {name: np.broadcast_to(values[n.number], (n.count, runs)) for name, n in outputs.items()}


def _table(node: GraphNode, value: np.ndarray, runs: int) -> np.ndarray:
    """Return values as rows, of one number or of one for each run."""
    return value.reshape(node.count, value.size // node.count if node.count else runs)


def _by_rows(node: GraphNode, args: Sequence[np.ndarray]) -> list[np.ndarray]:
    return [a[spread(n, node.rows)] for n, a in zip(node.args, args, strict=True)]


def _elementwise(node: GraphNode, args: Sequence[np.ndarray], runs: int) -> Any:
    del runs
    return ELEMENTWISE[node.given["function"]](*_by_rows(node, args))


def _picked(_: GraphNode, args: Sequence[np.ndarray], runs: int) -> Any:
    table, cell = (np.broadcast_to(each, (each.shape[0], runs)) for each in args)
    return table[cell.astype(np.int64), np.arange(runs)]


def _reduced(node: GraphNode, args: Sequence[np.ndarray], runs: int) -> Any:
    (arg,), axis = node.args, node.given["axis"]
    table = np.broadcast_to(args[0], (arg.count, runs)).reshape(*arg.rows, runs)
    return REDUCTIONS[node.given["how"]](table, axis=axis)


def _grouped(node: GraphNode, args: Sequence[np.ndarray], runs: int) -> Any:
    ends, members = node.given["ends"], node.given["members"]
    first, step = GROUPS[node.given["how"]]
    out = np.full((node.count, runs), first, dtype=node.dtype)
    for group in range(node.count):
        for row in members[ends[group] : ends[group + 1]]:
            out[group] = step(out[group], args[0][row])
    return out


GROUPS: Mapping[str, tuple[float, Callable[..., Any]]] = {
    "sum": (0.0, np.add),
    "product": (1.0, np.multiply),
    "max": (0.0, np.maximum),
}


def _joined(node: GraphNode, args: Sequence[np.ndarray], runs: int) -> Any:
    out = np.zeros((node.count, runs), dtype=node.dtype)
    for part, rows in zip(args, node.given["places"], strict=True):
        out[list(rows)] = part
    return out


def _placed(node: GraphNode, args: Sequence[np.ndarray], runs: int) -> Any:
    base, values, *pin = args
    rows = pin[0][:, 0].astype(np.int64) if pin else node.given["places"]
    out = np.array(np.broadcast_to(base, (node.count, runs)))
    out[rows] = values[spread(node.args[1], node.given["over"])]
    return out


def _placed_at(node: GraphNode, args: Sequence[np.ndarray], runs: int) -> Any:
    base, cell, values = (np.broadcast_to(each, (each.shape[0], runs)) for each in args[:3])
    out, over = np.array(base), node.given["over"]
    cell, values = cell[spread(node.args[1], over)], values[spread(node.args[2], over)]
    there = np.ones(values.shape, dtype=bool)
    if len(args) > 3:  # noqa: PLR2004 - a mask of what is to be set
        there = np.broadcast_to(args[3][spread(node.args[3], over)], values.shape).astype(bool)
    k, run = np.nonzero(there)
    at = cell[k, run].astype(np.int64), run
    if node.given["how"] == "set":
        out[at] = values[k, run]
    else:
        np.add.at(out, at, values[k, run])
    return out


def _contracted(node: GraphNode, args: Sequence[np.ndarray], runs: int) -> Any:
    left, right = (
        np.broadcast_to(a, (n.count, runs)).reshape(*n.rows, runs)
        for a, n in zip(args, node.args, strict=True)
    )
    return np.einsum("ikr,kjr->ijr", left, right)


def _ranked(node: GraphNode, args: Sequence[np.ndarray], runs: int) -> Any:
    table = np.broadcast_to(args[0], (node.count, runs)).reshape(*node.rows, runs)
    return np.sort(table, axis=node.given["axis"])


def _true_rows(node: GraphNode, args: Sequence[np.ndarray], runs: int) -> Any:
    mask = np.broadcast_to(args[0] != 0, (node.args[0].count, runs)).copy()
    if len(args) > 1:
        mask[int(args[1][0, 0]) :] = False
    row, run = np.nonzero(mask)
    out = np.full((node.count, runs), NONE)
    out[np.cumsum(mask, axis=0)[row, run] - 1, run] = row
    return out


def _word(node: GraphNode, args: Sequence[np.ndarray], runs: int) -> Any:
    """Return a word of Threefry; arguments: its position, four key and four counter words."""
    from sim.kernel.noise import threefry  # noqa: PLC0415

    del runs
    which, *words = _by_rows(node, args)
    words = [np.broadcast_to(w, (node.count, max(w.shape[1] for w in words))) for w in words]
    flat = [w.reshape(-1).astype(np.uint32) for w in words]
    four = np.stack(threefry(tuple(flat[:4]), tuple(flat[4:])))
    chosen = np.broadcast_to(which, words[0].shape).reshape(-1).astype(np.int64)
    return four[chosen, np.arange(chosen.size)].reshape(words[0].shape)


_MEANING: Mapping[str, Callable[[GraphNode, Sequence[np.ndarray], int], Any]] = {
    "constant": lambda node, *_: node.given["value"].reshape(-1, 1),
    "elementwise": _elementwise,
    "cast": lambda _, args, *__: args[0],
    "rows": lambda node, args, _: args[0][node.given["index"]],
    "rows_of": lambda _, args, __: args[0][args[1][:, 0].astype(np.int64)],
    "pick": _picked,
    "reduce": _reduced,
    "group": _grouped,
    "join": _joined,
    "place": _placed,
    "place_at": _placed_at,
    "contract": _contracted,
    "rank": _ranked,
    "true_rows": _true_rows,
    "length": lambda _, args, __: np.max((args[0] != NONE).sum(axis=0)).reshape(1, 1),
    "word": _word,
}
