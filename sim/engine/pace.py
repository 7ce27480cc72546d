"""Pace: how often the value of a node can change, and which are worth keeping until then.

What rests on numbers that stand still for all periods, such as draws that are made once a run, is
computed when a strip begins, and again when an event has changed a number; what rests on draws of
the year, when a year begins; all else in every period.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable

from sim.engine.graph import GraphNode

PERIOD, YEAR, ONCE = 0, 1, 2
PARTS = {PERIOD: "period", YEAR: "year", ONCE: "once"}  # of the code, by the pace of what they do
DEAR = {"exp", "expm1", "log", "log1p", "power", "cos", "tanh"}
SIMPLE = ("elementwise", "cast", "rows", "rows_of", "input", "pin", "constant")


def paces(nodes: Iterable[GraphNode], given: Callable[[GraphNode], int]) -> dict[int, int]:
    """Return how often each node changes; `given` says it of inputs and pins."""
    found: dict[int, int] = {}
    for node in nodes:
        if node.op in ("input", "pin"):
            found[node.number] = given(node)
        elif node.op in ("true_rows", "length"):  # lists lie where they are used
            found[node.number] = PERIOD
        else:
            found[node.number] = min((found[arg.number] for arg in node.args), default=ONCE)
    return found


def kept(nodes: list[GraphNode], pace: dict[int, int]) -> set[int]:
    """Return the nodes that are kept for readers that change more often, since they cost much."""
    dear: set[int] = set()
    fastest: dict[int, int] = defaultdict(lambda: ONCE)
    for node in nodes:
        costs = node.given.get("function") in DEAR or node.op not in SIMPLE
        if costs or any(arg.number in dear for arg in node.args):
            dear.add(node.number)
    found = set()
    for node in reversed(nodes):
        own = pace[node.number]
        read_by = min(own, fastest[node.number])
        if read_by < own and node.number in dear and node.op not in ("rows", "input", "pin"):
            found.add(node.number)
            read_by = own
        for arg in node.args:
            through = read_by if node.op == "rows" else own
            fastest[arg.number] = min(fastest[arg.number], through)
    return found
