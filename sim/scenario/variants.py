"""The variants of a scenario: patches over the merged document."""

from __future__ import annotations

from sim.errors import Problem
from sim.scenario.leaves import NAME
from sim.scenario.merge import merge
from sim.scenario.nodes import Node, find, steps_of
from sim.scenario.settings import FILE
from sim.scenario.words import got

BASELINE = "baseline"
SHARED = frozenset(
    {
        "scenario",
        "title",
        "question",
        "extends",
        "variants",
        "time",
        "runs",
        "seed",
        "outcomes",
        "expect",
        "sweep",
        "patterns",
    }
)


def variants_of(document: Node, problems: list[Problem]) -> dict[str, Node]:
    """Return the documents of the variants by name, in their order; `baseline` first."""
    base = document.without("variants") if "variants" in document.value else document
    found = {BASELINE: base}
    block = document.child("variants")
    if block is None:
        return found
    if not block.is_mapping:
        message = f"must be a mapping of names to patches, got {got(block.plain())}"
        problems.append(block.mark.problem("variants", message))
        return found
    for name, patch in block.value.items():
        fault = _fault(name, patch)
        if fault:
            problems.append(block.keys[name].problem(f"variants.{name}", fault))
            continue
        for key in patch.value:
            if key in SHARED:
                message = "a variant cannot change this: all variants share it"
                problems.append(patch.keys[key].problem(f"variants.{name}.{key}", message))
        kept = patch.without(*SHARED)
        found[name] = merge(base, kept, problems, ("variants", name))
    return found


def tried(base: Node, document: Node, path: str) -> bool:
    """Return whether a variant, or `--set`, gives the value at a path: a hypothesis."""
    node = find(document, steps_of(path))
    if node is None:
        return False
    return node is not find(base, steps_of(path)) or node.mark.file == FILE


def _fault(name: str, patch: Node) -> str:
    """Return what is wrong with a variant as a whole, or nothing."""
    if not NAME.match(name):
        return "a variant's name is made of letters, digits and _"
    if name == BASELINE:
        return "this name is taken: the scenario without a variant is the baseline"
    if not patch.is_mapping:
        return f"must be a mapping of changes, got {got(patch.plain())}"
    return ""
