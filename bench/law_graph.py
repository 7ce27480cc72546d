"""Draw the graph that a law leaves when it is traced, as docs/engine.md shows it.

    python bench/law_graph.py [ROLE METHOD]

Prints a figure in Mermaid's language: what differs by run, numbers on which all runs agree, and the
operations, those together that one loop computes. Where a law gives several terms, it draws
their sum. `--write` puts the figure of `deterrence gain` into docs/engine.md.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Collection, Mapping
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
BEGIN, END = "```mermaid\n", "```\n"
YEARS = 0.25  # a period


def main() -> None:
    """Print the figure of a law, or write the one of the page."""
    arguments = sys.argv[1:]
    if arguments == ["--write"]:
        text = PAGE.read_text(encoding="utf-8")
        before, _, rest = text.partition(BEGIN)
        after = rest.partition(END)[2]
        PAGE.write_text(before + BEGIN + figure(*SHOWN) + END + after, encoding="utf-8")
        return
    role, method = (*arguments, "")[:2] if arguments else SHOWN
    _known("role", role, ROLES)
    _known("method", method, methods_of(next(iter(ROLES[role].values()))))
    print(figure(role, method), end="")


def _known(what: str, name: str, names: Collection[str]) -> None:
    """End where a name is none of those that there are."""
    if name not in names:
        message = f"{what} {name!r}: there are {', '.join(names)}"
        raise SystemExit(message)


def figure(role: str, method: str) -> str:
    """Return the figure of a method of the first variant of a role."""
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
    return _drawn(tracer.graph, answer.node, {each.call: n for n, each in sources.items()}, method)


def _drawn(graph: Graph, answer: GraphNode, sources: dict[int, str], method: str) -> str:
    whole = Trace(
        graph=graph,
        calls=(),
        outputs={"world.answer": answer},
        metrics={},
        draws=(),
        counted=frozenset(),
    )
    made = plan(whole, lanes=16)
    lines = ["flowchart LR"]
    for node in made.nodes:
        if node.op == "input":
            lines.append(f"    n{node.number}[/{node.given['name']}/]")
        elif node.op == "pin":
            lines.append(f"    n{node.number}{{{{{sources.get(node.given['call'], 'prologue')}}}}}")
    for root in made.roots:
        lines.append(f'    subgraph loop{root.number} ["one loop over rows, 16 runs at a time"]')
        inside = _inside(root, made.fused)
        lines += [f"        n{n.number}({n.given.get('function', n.op)})" for n in inside]
        lines.append("    end")
    for node in made.nodes:
        lines += [f"    n{arg.number} --> n{node.number}" for arg in node.args]
    lines.append(f"    n{answer.number} --> answer[/{method}/]")
    return "\n".join(lines) + "\n"


def _inside(root: GraphNode, fused: set[int]) -> list[GraphNode]:
    """Return the nodes that the loop of a node computes, itself included, in order."""
    found, todo = {root.number: root}, list(root.args)
    while todo:
        node = todo.pop()
        if node.number in fused and node.number not in found:
            found[node.number] = node
            todo += node.args
    return [found[number] for number in sorted(found)]


if __name__ == "__main__":
    main()
