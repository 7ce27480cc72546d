"""Pace: how often the value of a node can change, and which values are kept until then.

Nodes that depend only on numbers that no period changes, such as draws made once in a run, are
computed when a strip begins, and again when an event has changed a number. Nodes that depend on
draws of the year are computed when a year begins, all others in every period.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable

from sim.engine.graph import GraphNode

PERIOD, YEAR, ONCE = 0, 1, 2
PARTS = {PERIOD: "period", YEAR: "year", ONCE: "once"}  # functions of the code, by pace
DEAR = {"exp", "expm1", "log", "log1p", "power", "cos", "tanh"}
SIMPLE = ("elementwise", "cast", "rows", "rows_of", "input", "pin", "constant")


def paces(nodes: Iterable[GraphNode], given: Callable[[GraphNode], int]) -> dict[int, int]:
    """Return the pace of each node; `given` returns that of inputs and pins."""
    found: dict[int, int] = {}
    for node in nodes:
        if node.op in ("input", "pin"):
            found[node.number] = given(node)
        elif node.op in ("true_rows", "length"):  # lists are not kept
            found[node.number] = PERIOD
        else:
            found[node.number] = min((found[arg.number] for arg in node.args), default=ONCE)
    return found


def kept(nodes: list[GraphNode], pace: dict[int, int]) -> set[int]:
    """Return the costly nodes that are kept in memory for readers with a faster pace."""
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
