"""Rule settings: parameters given by `--set` that only the rules of some variants have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.documents.nodes import DottedPath, Node, Steps, find
from sim.kernel.errors import Problem
from sim.kernel.rules import ROLES, parameters_in, rules_in_force
from sim.kernel.words import together
from sim.scenario.patches import BASELINE, SET_FILE, merge, variants_of

LEAF = 3  # steps to a parameter, such as laws.budget.elasticity


def fitted(document: Node, sets: Sequence[str], notices: list[Problem]) -> Node:
    """Return the document with each `--set` of a law's parameter where a rule in force has it.

    It is removed, with a note, from variants without the parameter; if none has it, it stays as a
    fault.
    """
    for line, text in enumerate(sets, start=1):
        path = DottedPath(text.partition("=")[0].strip())
        steps = path.steps[:LEAF]
        value = find(document, steps)
        if not path.of_law or len(steps) < LEAF or value is None or value.mark.file != SET_FILE:
            continue
        rules = {name: _rule(each, steps[1]) for name, each in variants_of(document, []).items()}
        lacking = {
            name: rule
            for name, rule in rules.items()
            if rule and steps[2] not in parameters_in(steps[1], rule)
        }
        if not lacking or len(lacking) == len(rules):
            continue
        document = _moved(document, steps, value, lacking, [*rules])
        which = together([f"{name} ({rule})" for name, rule in lacking.items()])
        message = f"is ignored in {which}: the rule in force there does not have this parameter"
        notices.append(Problem(SET_FILE, line, 1, ".".join(steps), message))
    return document


def _rule(document: Node, role: str) -> str:
    """Return the name of the rule in force for a role; empty for an unknown rule."""
    chosen = document.child("rules")
    plain = chosen.plain() if chosen is not None and chosen.is_mapping else {}
    rule = rules_in_force(plain).get(role)
    return rule if isinstance(rule, str) and rule in ROLES[role] else ""


def _moved(
    document: Node, steps: Steps, value: Node, lacking: dict[str, str], variants: Sequence[str]
) -> Node:
    """Return the document with a value removed from some variants."""
    nothing = Node(None, value.mark)
    own = [name for name in variants if name != BASELINE]
    if BASELINE not in lacking:
        for name in own:
            if name in lacking:
                document = _put(document, ("variants", name, *steps), nothing)
        return document
    document = merge(document, _put(Node({}, value.mark, {}), steps, nothing), [])
    for name in own:
        place = ("variants", name, *steps)
        if name not in lacking and find(document, place) is None:
            document = _put(document, place, value)
    return document


def _put(node: Node, steps: Steps, value: Node) -> Node:
    """Return a document with a value at a path."""
    if not steps:
        return value
    key, rest = str(steps[0]), steps[1:]
    children: dict[str, Any] = dict(node.value) if node.is_mapping else {}
    keys = dict(node.keys) if node.is_mapping else {}
    below = children.get(key, Node({}, value.mark, {}))
    children[key] = _put(below, rest, value)
    return Node(children, node.mark, {**keys, key: keys.get(key, value.mark)})
