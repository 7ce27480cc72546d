"""Print the graph of a law after tracing, as in docs/engine.md.

    python bench/law_graph.py [ROLE METHOD]

Prints the inputs that differ by run, the numbers that are equal in all runs, and the operations,
grouped by loop. If a law returns several terms, it prints their sum. `--write` puts the graph of
`deterrence gain` into docs/engine.md.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np

from sim.conform.domains import SIZES, arguments_of, axes_of, methods_of
from sim.engine.graph import Graph, GraphNode
from sim.engine.plan import plan
from sim.engine.symbols import Tracer
from sim.engine.trace import Trace
from sim.kernel.arrays import added
from sim.kernel.parameters import parameters_of
from sim.kernel.rules import ROLES

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "engine.md"
SHOWN = ("deterrence", "gain")
BEGIN, END = "```graph\n", "```\n"
YEARS = 0.25  # a period


def main() -> None:
    """Print the graph of a law, or write the one of the page."""
    arguments = sys.argv[1:]
    if arguments == ["--write"]:
        text = PAGE.read_text(encoding="utf-8")
        before, _, rest = text.partition(BEGIN)
        after = rest.partition(END)[2]
        PAGE.write_text(before + BEGIN + written(*SHOWN) + END + after, encoding="utf-8")
        return
    role, method = (*arguments, "")[:2] if arguments else SHOWN
    _known("role", role, ROLES)
    _known("method", method, methods_of(next(iter(ROLES[role].values()))))
    print(written(role, method), end="")


def _known(what: str, name: str, names: Collection[str]) -> None:
    """Exit with a message if a name is not known."""
    if name not in names:
        message = f"{what} {name!r}: there are {', '.join(names)}"
        raise SystemExit(message)


def written(role: str, method: str) -> str:
    """Return the graph of a method of the first variant of a role, a line for each operation."""
    kind = next(iter(ROLES[role].values()))
    tracer, law = Tracer(), copy.copy(kind())
    sources = {name: tracer.source(name, getattr(law, name)) for name in parameters_of(kind)}
    for name, value in sources.items():
        object.__setattr__(law, name, value)
    axes = {name: axes_of(kind, method, name)[:-1] for name in arguments_of(kind, method)}
    rows = {name: tuple(SIZES[axis] for axis in each) for name, each in axes.items()}
    given = {
        name: YEARS if hint is float else tracer.input(name, rows[name], np.float64)
        for name, hint in arguments_of(kind, method).items()
    }
    answer = getattr(law, method)(**given)
    if isinstance(answer, Mapping):
        answer = added(answer)
    return _lines(tracer.graph, answer.node, {each.call: n for n, each in sources.items()}, method)


def _lines(graph: Graph, answer: GraphNode, sources: dict[int, str], method: str) -> str:
    whole = Trace(
        graph=graph,
        calls=(),
        outputs={"world.answer": answer},
        metrics={},
        draws=(),
        counted=frozenset(),
    )
    made = plan(whole, lanes=16)
    inputs = {n.number: str(n.given["name"]) for n in made.nodes if n.op == "input"}
    pins = {n.number: sources.get(n.given["call"], "prologue") for n in made.nodes if n.op == "pin"}
    lines = []
    for title, names in (("differ by run", inputs), ("pins", pins)):
        lines.append(f"{title}: {', '.join(names.values())}" if names else f"{title}: none")
    named = inputs | pins
    for bundle in made.bundles:
        lines += ["", "one loop over rows, 16 runs at a time:"]
        for node in _inside(bundle, made.fused):
            given = ", ".join(named.get(arg.number, f"n{arg.number}") for arg in node.args)
            lines.append(f"    n{node.number} = {node.given.get('function', node.op)}({given})")
    lines += ["", f"{method}: {named.get(answer.number, f'n{answer.number}')}"]
    return "\n".join(lines) + "\n"


def _inside(bundle: Sequence[GraphNode], fused: set[int]) -> list[GraphNode]:
    """Return the nodes that a loop computes, in order."""
    found = {root.number: root for root in bundle}
    todo = [each for root in bundle for each in root.args]
    while todo:
        node = todo.pop()
        if node.number in fused and node.number not in found:
            found[node.number] = node
            todo += node.args
    return [found[number] for number in sorted(found)]


if __name__ == "__main__":
    main()
