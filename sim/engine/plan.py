"""Plan: which nodes have loops and memory of their own, their order, and the layout of that memory.

A node whose value is read once is computed where it is read (fused). The others have loops, of
which those over the same rows are joined (bundles), and memory: of the world, whose arrays are
overwritten, or of the arena, which is reused after the last reader.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from sim.engine.arena import Arena
from sim.engine.bundles import bundled
from sim.engine.demand import Demands, demands, flags
from sim.engine.fusion import FUSED, GIVEN, WHOLE, columns_of_log, fusion, tables
from sim.engine.graph import GraphNode, live, spread
from sim.engine.pace import ONCE, PERIOD, YEAR, kept, paces
from sim.engine.trace import Trace
from sim.kernel.dates import YEAR as MONTHS

BY_MONTH = tuple(f"month {part}" for part in range(MONTHS))  # draws of each month of a period
GROUPS = (
    "world", "fixed", "log", "draws", "inputs", "prologue", "metrics", "arena", "lists", "check",
    "year", *BY_MONTH, "kept",
)  # fmt: skip
CHECK = "check"  # a sum that stays zero as long as all metrics are finite
STRIDE = len(GROUPS)  # slot after the groups: bytes from a row of metrics to the next
CLOCK = STRIDE + 1  # slot after that: cycles of each loop, if they are timed
LINE = 64  # bytes of a cache line, to which rows are aligned


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
    _groups: dict[str, dict[str, Place]] = field(default_factory=dict)  # once they are asked for

    def add(self, group: str, name: str, rows: int, dtype: Any, *, by_run: bool = True) -> Place:
        """Add an array after all others of its group, and return its place."""
        held = stored_as(dtype)
        size = rows * held.itemsize * (self.lanes if by_run else 1)
        place = Place(group, self.sizes[group], rows, held, by_run)
        self.places[name] = place
        self.sizes[group] += -(-size // LINE) * LINE
        return place

    def of_group(self, group: str) -> dict[str, Place]:
        """Return the places of a group by name."""
        if sum(map(len, self._groups.values())) != len(self.places):
            self._groups = {}
            for name, place in self.places.items():
                self._groups.setdefault(place.group, {})[name] = place
        return self._groups.get(group, {})


def stored_as(dtype: Any) -> np.dtype[Any]:
    """Return the type in which numbers are stored in memory."""
    return np.dtype(np.int8) if np.dtype(dtype).kind == "b" else np.dtype(dtype)


@dataclass(eq=False)
class Plan:
    """The nodes that are computed in loops, in order, and the layout of the memory."""

    trace: Trace
    nodes: list[GraphNode]
    memory: Memory
    fused: set[int]  # nodes that are computed where they are read
    readers: dict[int, list[int]]  # node with memory -> nodes whose loops read it
    aligned: set[tuple[int, int]]  # node with memory, node whose loop reads row n in round n only
    names: dict[int, str]  # node with memory -> name of its place
    pace: dict[int, int]  # of every node
    bundles: list[list[GraphNode]]  # nodes with a loop of their own; a bundle has one loop
    demands: Demands
    # outputs that are copied to their place at the end
    copies: list[tuple[str, GraphNode]] = field(default_factory=list)
    # outputs that are written to the results as well as to their own place
    also: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def roots(self) -> list[GraphNode]:
        """Return the nodes that are computed in a loop and not where they are read, in order."""
        return [node for bundle in self.bundles for node in bundle]

    @cached_property
    def order(self) -> dict[int, tuple[int, int]]:
        """Return the bundle of each node with a loop, and its place there."""
        return {
            node.number: (at, place)
            for at, bundle in enumerate(self.bundles)
            for place, node in enumerate(bundle)
        }

    def last_reader(self, number: int) -> tuple[int, int]:
        """Return the order of the last node whose loop reads a node."""
        return max((self.order[each] for each in self.readers.get(number, ())), default=(-1, 0))


def plan(trace: Trace, lanes: int) -> Plan:
    """Return the plan of a graph for strips of `lanes` runs."""
    nodes = live(trace.outputs.values())
    pace = paces(nodes, lambda node: _pace(trace, node))
    outputs = {node.number for node in trace.outputs.values()}
    period = {number for number, each in pace.items() if each == PERIOD}
    held = kept(nodes, pace) | flags(nodes, period)
    found = fusion(outputs, nodes, held)
    roots = [node for node in nodes if node.op not in GIVEN and node.number not in found.fused]
    left_out = demands(nodes, outputs | held, found, period)
    order = [(each.mask.number, number) for number, each in left_out.skipped.items()]
    products = {
        n.number: (n.rows, pace[n.number], tables(n, found.fused))
        for n in roots if n.op == "contract"
    }  # fmt: skip
    bundles = bundled(
        roots, found.readers, found.aligned, _overwritten(trace, nodes), order,
        {n.number: _kind(n, pace, left_out) for n in roots if n.op in FUSED} | products,
    )  # fmt: skip
    memory = Memory(lanes)
    names: dict[int, str] = {}
    _place_given(trace, nodes, memory, names)
    memory.add("check", CHECK, 1, np.float64)
    for number, base in columns_of_log(nodes).items():
        names[number] = names[base]
    made = Plan(
        trace, nodes, memory, **vars(found), names=names, pace=pace, bundles=bundles,
        demands=left_out,
    )  # fmt: skip
    _place_outputs(made)
    _place_arena(made, outputs | held)
    flagged = left_out.flagged
    for node in roots:
        if node.number in flagged:  # a flag for each row: whether it is true in some run
            made.memory.add("arena", f"flags {node.number}", node.count, np.int8, by_run=False)
    return made


def _kind(node: GraphNode, pace: Mapping[int, int], left_out: Demands) -> tuple[Any, ...]:
    """Return what is equal in loops that can be joined: their rows, and when they run."""
    lengths = [each.length.number for each in (node, *node.args) if each.length is not None]
    own = left_out.skipped.get(node.number)
    rows = () if own is None else (own.mask.number, own.rows.tobytes())
    return node.count, pace[node.number], *lengths[:1], rows


def _overwritten(trace: Trace, nodes: Iterable[GraphNode]) -> list[tuple[int, int]]:
    """Return the nodes in whose place another may be computed, and the other."""
    inputs = {n.given["name"]: n.number for n in nodes if n.op == "input"}
    pairs = [(n.args[0].number, n.number) for n in nodes if n.op in ("place", "place_at")]
    return pairs + [(inputs[name], n.number) for name, n in trace.outputs.items() if name in inputs]


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
            free = free and node.op in WHOLE
            if free and (made.readers.get(node.number) or named[node.number] > 1):
                made.also[node.number].append(name)
                continue
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

    A loop may read a row before it writes the same row.
    """
    if before is None:
        return True
    own = node.op in ("place", "place_at") and node.args[0] is before and not _rereads(made, node)
    for reader in made.readers.get(before.number, ()):
        at, now = made.order[reader], made.order[node.number]
        joined = (before.number, reader) in made.aligned or (own and reader == node.number)
        if at > now or (at[0] == now[0] and not joined):
            return False
    return True


def _place_bases(
    made: Plan, node: GraphNode, before: GraphNode | None, named: Mapping[int, int]
) -> None:
    """Compute the base of an update, and its own base, in the place of the update, if possible."""
    while node.op in ("place", "place_at"):
        base = node.args[0]
        free = base.op not in GIVEN and not named[base.number] and base.number not in made.fused
        free = free and base.number not in made.names and made.pace[base.number] == PERIOD
        free = (
            free
            and made.last_reader(base.number) == made.order[node.number]
            and base.dtype == node.dtype
        )
        if not free or _rereads(made, node) or not _overwrites(made, base, before):
            return
        made.names[base.number] = made.names[node.number]
        node = base


def _place_arena(made: Plan, stored: Collection[int]) -> None:
    """Give the other nodes memory of the arena, which is reused after their last reader.

    A node that only its own bundle reads needs none, unless it is `stored` all the same.
    """
    last: dict[int, int] = {}  # node -> the bundle after which its memory is free
    for number, (at, _) in made.order.items():
        last[number] = max(at, made.last_reader(number)[0])
    for _, node in made.copies:
        last[node.number] = len(made.bundles)
    arenas = {"arena": Arena(), "lists": Arena()}
    ends: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
    for now, bundle in enumerate(made.bundles):
        for node in bundle:
            if node.number in made.names or (node.number not in stored and _within(made, node)):
                continue
            if made.pace[node.number] != PERIOD:
                name = made.names[node.number] = f"node {node.number}"
                made.memory.add("kept", name, node.count, node.dtype)
                continue
            base = node.args[0] if node.op in ("place", "place_at") else None
            if base is not None and _passes_on(made, base, node, last):
                made.names[node.number] = made.names[base.number]
                place = made.memory.places[made.names[base.number]]
                own = place.group, place.offset
                spot = next(s for s in ends[last[base.number]] if s[:2] == own)
                ends[last[base.number]].remove(spot)
            else:
                # lists are apart, since only their first rows are used
                group = "lists" if node.op == "true_rows" or node.length is not None else "arena"
                size = _bytes(made, node)
                offset = arenas[group].take(size)
                spot = group, offset, size
                name = made.names[node.number] = f"node {node.number}"
                made.memory.places[name] = Place(
                    group, offset, node.count, stored_as(node.dtype), by_run=True
                )
            ends[last[node.number]].append(spot)
        for group, offset, size in ends.pop(now, []):
            arenas[group].give_back(offset, size)
    for group, arena in arenas.items():
        made.memory.sizes[group] = arena.size


def _within(made: Plan, node: GraphNode) -> bool:
    """Return whether only the node's own bundle reads it, and only in registers."""
    readers, (bundle, _) = made.readers.get(node.number, ()), made.order[node.number]
    return len(made.bundles[bundle]) > 1 and all(
        made.order[each][0] == bundle and (node.number, each) in made.aligned for each in readers
    )


def _bytes(made: Plan, node: GraphNode) -> int:
    """Return the size of a node's memory; a list has its length, and lengths by run, after it."""
    lanes = made.memory.lanes
    size = -(-node.count * stored_as(node.dtype).itemsize * lanes // LINE) * LINE
    return max(size, LINE) + (2 * LINE + lanes * 8) * (node.op == "true_rows")


def _passes_on(made: Plan, base: GraphNode, node: GraphNode, last: Mapping[int, int]) -> bool:
    """Return whether an update may overwrite its base, since no later node reads the base."""
    name = made.names.get(base.number)
    if name is None or made.memory.places[name].group != "arena" or base.dtype != node.dtype:
        return False
    return last.get(base.number) == made.order[node.number][0] and not _rereads(made, node)


def _rereads(made: Plan, node: GraphNode) -> bool:
    """Return whether the values that an update writes also depend on its base.

    They may depend on the very rows that they replace: a round reads a row before it writes it.
    """
    base, places = node.args[0], node.given.get("places")
    if places is not None and np.unique(places).size < places.size:
        places = None  # a row that is written twice
    rows = [spread(each, node.given["over"]) for each in node.args[1:]]
    todo = list(zip(node.args[1:], rows, strict=True))
    while todo:
        each, read = todo.pop()
        if each is base:
            if node.op != "place" or places is None or not np.array_equal(read, places):
                return True
        elif each.number in made.fused:
            index = each.given["index"] if each.op == "rows" else None
            for arg in each.args:
                if index is not None:
                    todo.append((arg, index[read]))
                elif each.op in ("elementwise", "cast", "word"):
                    todo.append((arg, spread(arg, each.rows)[read]))
                else:  # rows that depend on data
                    todo.append((arg, np.full(1, -1)))
    return False
