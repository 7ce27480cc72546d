"""JSON Merge Patches (RFC 7396) over nodes, so that every value keeps its place.

Mappings merge, `null` removes, anything else replaces. To remove what is not there is an
error. Two things are finer than in the RFC: a merged mapping stands where the patch stands,
and a `null` inside a mapping that the patch brings new removes nothing: it stays, and the
schema says whether it means something there.
"""

from __future__ import annotations

from sim.errors import Problem
from sim.scenario.nodes import Node, Steps, dotted
from sim.scenario.words import meant


def merge(base: Node, patch: Node, problems: list[Problem], above: Steps = ()) -> Node:
    """Return the base with a patch over it; what cannot be removed is added to the problems."""
    if not patch.is_mapping or not base.is_mapping:
        return patch
    value, keys = dict(base.value), dict(base.keys)
    for key, change in patch.value.items():
        steps = (*above, key)
        if change.value is not None:
            old = value.get(key)
            value[key] = change if old is None else merge(old, change, problems, steps)
            keys[key] = patch.keys[key]
        elif key in value:
            del value[key], keys[key]
        else:
            problems.append(_nothing(patch, key, base, steps))
    return Node(value, patch.mark, keys)


def _nothing(patch: Node, key: str, base: Node, steps: Steps) -> Problem:
    """Return the problem of a removal that finds nothing."""
    hint = meant(key, base.value)
    message = f"nothing to remove under this name{hint}; leave the key out"
    return patch.keys[key].problem(dotted(steps), message)
