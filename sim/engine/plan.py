"""Plan: which nodes have memory of their own, their order, and the layout of that memory.

A node whose value is read once is computed where it is read (fused). The others have memory: of the
world, whose arrays are overwritten, or of the arena, which is reused after the last reader.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from sim.engine.demand import Demand, demands, guarded, useful
from sim.engine.fusion import GIVEN, columns_of_log, fusion
from sim.engine.graph import GraphNode, live
from sim.engine.pace import ONCE, PERIOD, YEAR, kept, paces
from sim.engine.trace import Trace
from sim.kernel.dates import YEAR as MONTHS

BY_MONTH = tuple(f"month {part}" for part in range(MONTHS))  # draws of each month of a period
GROUPS = (
    "world", "fixed", "log", "draws", "inputs", "prologue", "metrics", "arena", "check",
    "year", *BY_MONTH, "kept",
)  # fmt: skip
CHECK = "check"  # a sum that stays zero as long as all metrics are finite
STRIDE = len(GROUPS)  # slot after the groups: bytes from a row of metrics to the next
CLOCK = STRIDE + 1  # slot after that: cycles of each loop, if they are timed
LINE = 64  # bytes of a cache line, to which rows are aligned
UPDATES = ("place", "place_at", "rank", "true_rows")  # operations that read what they write


@dataclass(frozen=True)
class Place:
    """The place of an array in memory: rows of one number, or of one for each run of a strip."""

    group: str
    offset: int  # bytes
    rows: int
    dtype: np.dtype[Any]
    by_run: bool


@dataclass(eq=False)
class Memory:
    """The places of all arrays, by name, and the size of each group in bytes."""

    lanes: int
    places: dict[str, Place] = field(default_factory=dict)
    sizes: Counter[str] = field(default_factory=Counter)

    def add(self, group: str, name: str, rows: int, dtype: Any, *, by_run: bool = True) -> Place:
        """Add an array after all others of its group, and return its place."""
        held = stored(dtype)
        size = rows * held.itemsize * (self.lanes if by_run else 1)
        place = Place(group, self.sizes[group], rows, held, by_run)
        self.places[name] = place
        self.sizes[group] += -(-size // LINE) * LINE
        return place

    def of_group(self, group: str) -> dict[str, Place]:
        """Return the places of a group by name."""
        return {name: place for name, place in self.places.items() if place.group == group}


def stored(dtype: Any) -> np.dtype[Any]:
    """Return the type in which numbers are stored in memory."""
    return np.dtype(np.int8) if np.dtype(dtype).kind == "b" else np.dtype(dtype)


@dataclass(eq=False)
class Plan:
    """The nodes that are computed into memory, in order, and the layout of the memory."""

    trace: Trace
    nodes: list[GraphNode]
    memory: Memory
    fused: set[int]  # nodes that are computed where they are read
    readers: dict[int, list[int]]  # node with memory -> nodes whose loops read it
    aligned: set[tuple[int, int]]  # node with memory, node whose loop reads row n in round n only
    names: dict[int, str]  # node with memory -> name of its place
    pace: dict[int, int]  # of every node
    # outputs that are copied to their place at the end
    copies: list[tuple[str, GraphNode]] = field(default_factory=list)
    demands: dict[int, Demand] = field(default_factory=dict)  # nodes whose loops skip rows
    flagged: set[int] = field(default_factory=set)  # masks with a flag for each row, "flags N"

    @property
    def roots(self) -> list[GraphNode]:
        """Return the nodes that have a loop of their own, in order."""
        return [n for n in self.nodes if n.op not in GIVEN and n.number not in self.fused]


def plan(trace: Trace, lanes: int) -> Plan:
    """Return the plan of a graph for strips of `lanes` runs."""
    nodes = live(trace.outputs.values())
    pace = paces(nodes, lambda node: _pace(trace, node))
    outputs = {node.number for node in trace.outputs.values()}
    found = fusion(outputs, nodes, kept(nodes, pace))
    memory = Memory(lanes)
    names: dict[int, str] = {}
    _place_given(trace, nodes, memory, names)
    memory.add("check", CHECK, 1, np.float64)
    for number, base in columns_of_log(nodes).items():
        names[number] = names[base]
    made = Plan(trace, nodes, memory, **vars(found), names=names, pace=pace)
    _place_outputs(made)
    _place_arena(made)
    _place_flags(made)
    return made


def _pace(trace: Trace, node: GraphNode) -> int:
    """Return the pace of an input or of a result of the prologue."""
    if node.given["name"].startswith("year "):
        return YEAR
    named = node.given["call"] if node.op == "pin" else node.given["name"]
    return ONCE if named in trace.still else PERIOD


def _place_given(
    trace: Trace, nodes: Iterable[GraphNode], memory: Memory, names: dict[int, str]
) -> None:
    """Place inputs, pins and the outputs of a period."""
    for name, node in trace.outputs.items():
        group = {"world": "world", "stock": "world", "metric": "metrics"}.get(name.split(".")[0])
        if group is not None:
            memory.add(group, name, node.count, node.dtype if group == "world" else np.float64)
    for node in nodes:
        if node.op not in ("pin", "input"):
            continue
        name = names[node.number] = node.given["name"]
        if node.op == "pin":
            memory.add("prologue", name, node.count, node.dtype, by_run=False)
        elif name not in memory.places:
            _place_input(trace, memory, name, node)
    for name, node in trace.outputs.items():  # columns of the log that are never read
        if name.startswith("log.") and name not in memory.places:
            column = node
            while column.args:
                column = column.args[0]
            memory.add("log", name, column.count, column.given["held"])


def _place_input(trace: Trace, memory: Memory, name: str, node: GraphNode) -> None:
    """Place an input; draws of each month have a group of their own, of the same layout."""
    if not name.startswith("month "):
        group = _group(name)
        if group == "log" and name not in trace.outputs:  # a column that no period writes
            group = "fixed"
        memory.add(group, name, node.count, node.given.get("held", node.dtype))
        return
    _, part, table = name.split(" ", 2)
    own = f"month {table}"
    place = memory.places.get(own) or memory.add("month", own, node.count, node.dtype)
    memory.places[name] = replace(place, group=f"month {part}")


def _group(name: str) -> str:
    first = re.split(r"[. ]", name, maxsplit=1)[0]
    known = {"log": "log", "draw": "draws", "year": "year", "inputs": "inputs"}
    return known.get(first, "fixed")


def _place_outputs(made: Plan) -> None:
    """Compute outputs in their final place where the old value is not read any more."""
    taken: set[int] = set()
    inputs = {n.given["name"]: n for n in made.nodes if n.op == "input"}
    named = Counter(node.number for node in made.trace.outputs.values())
    for name, node in made.trace.outputs.items():
        if name.startswith("log.") or inputs.get(name) is node:
            continue
        free = node.op not in GIVEN and node.number not in made.names
        free = free and made.pace[node.number] == PERIOD
        if name.startswith("metric."):  # written once, straight to the results, without the cache
            read = made.readers.get(node.number) or named[node.number] > 1  # copied elsewhere
            free = free and not read and node.op not in UPDATES
        before = inputs.get(name)
        free = free and _overwrites(made, node, before)
        if free and node.number not in taken and made.memory.places[name].dtype == node.dtype:
            taken.add(node.number)
            made.names[node.number] = name
            _place_bases(made, node, before, named)
        else:
            made.copies.append((name, node))


def _overwrites(made: Plan, node: GraphNode, before: GraphNode | None) -> bool:
    """Return whether a node may be computed in the place of an input, which no later loop reads.

    The node's own loop may read it, if it reads a row only before it writes the same row.
    """
    last = -1 if before is None else max(made.readers.get(before.number, [-1]))
    if before is None or last != node.number:
        return last < node.number
    own = node.op in ("place", "place_at") and node.args[0] is before
    return (own and not _rereads(made, node)) or (before.number, node.number) in made.aligned


def _place_bases(
    made: Plan, node: GraphNode, before: GraphNode | None, named: Mapping[int, int]
) -> None:
    """Compute the base of an update, and its own base, in the place of the update, if possible."""
    while node.op in ("place", "place_at"):
        base = node.args[0]
        free = base.op not in GIVEN and not named[base.number] and base.number not in made.fused
        free = free and base.number not in made.names and made.pace[base.number] == PERIOD
        free = free and made.readers[base.number][-1] == node.number and base.dtype == node.dtype
        if not free or _rereads(made, node) or not _overwrites(made, base, before):
            return
        made.names[base.number] = made.names[node.number]
        node = base


def _place_arena(made: Plan) -> None:
    """Give the other nodes memory of the arena, which is reused after their last reader."""
    roots = made.roots
    order = {node.number: n for n, node in enumerate(roots)}
    last: dict[int, int] = {}
    for node in roots:
        numbers = [order[r] for r in made.readers.get(node.number, [])]
        last[node.number] = max([order[node.number], *numbers])
    for _, node in made.copies:
        last[node.number] = len(roots)
    free: list[tuple[int, int]] = []  # offset and size, in order
    top = 0
    ends: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for now, node in enumerate(roots):
        if node.number in made.names:
            continue
        if made.pace[node.number] != PERIOD:
            name = made.names[node.number] = f"node {node.number}"
            made.memory.add("kept", name, node.count, node.dtype)
            continue
        base = node.args[0] if node.op in ("place", "place_at") else None
        if base is not None and _passes_on(made, base, node, last, order):
            made.names[node.number] = made.names[base.number]
            spot = next(s for s in ends[last[base.number]] if s[0] == _offset(made, base))
            ends[last[base.number]].remove(spot)
        else:
            size = -(-node.count * stored(node.dtype).itemsize * made.memory.lanes // LINE) * LINE
            size = max(size, LINE) + (2 * LINE + made.memory.lanes * 8) * (node.op == "true_rows")
            fit = min((f for f in free if f[1] >= size), key=lambda f: f[1], default=None)
            if fit is None:
                offset, top = top, top + size
            else:
                free.remove(fit)
                offset = fit[0]
                if fit[1] > size:
                    free.append((fit[0] + size, fit[1] - size))
            spot = offset, size
            name = f"node {node.number}"
            made.memory.places[name] = Place(
                "arena", offset, node.count, stored(node.dtype), by_run=True
            )
            made.names[node.number] = name
        ends[last[node.number]].append(spot)
        free = _merged(free + ends.pop(now, []))
    made.memory.sizes["arena"] = top


def _place_flags(made: Plan) -> None:
    """Place the flags of masks whose false rows need not be computed."""
    found = demands(made.nodes, made.trace.outputs.values())
    guards = [node for node in made.nodes if guarded(node)]
    found = {number: each for number, each in found.items() if made.pace[number] == PERIOD}
    made.demands, made.flagged = useful(found, made.roots, guards)
    for node in made.nodes:
        if node.number in made.flagged:
            made.memory.add("arena", f"flags {node.number}", node.count, np.int8, by_run=False)


def _offset(made: Plan, node: GraphNode) -> int:
    return made.memory.places[made.names[node.number]].offset


def _passes_on(
    made: Plan, base: GraphNode, node: GraphNode, last: Mapping[int, int], order: Mapping[int, int]
) -> bool:
    """Return whether an update may overwrite its base, since no later node reads the base."""
    name = made.names.get(base.number)
    if name is None or made.memory.places[name].group != "arena" or base.dtype != node.dtype:
        return False
    return last.get(base.number) == order[node.number] and not _rereads(made, node)


def _rereads(made: Plan, node: GraphNode) -> bool:
    """Return whether the values that an update writes also depend on its base."""
    todo, base = list(node.args[1:]), node.args[0]
    while todo:
        each = todo.pop()
        if each is base:
            return True
        if each.number in made.fused:
            todo += each.args
    return False


def _merged(free: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for offset, size in sorted(free):
        if merged and sum(merged[-1]) == offset:
            merged[-1] = merged[-1][0], merged[-1][1] + size
        else:
            merged.append((offset, size))
    return merged
