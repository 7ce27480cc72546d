"""Misfits: values refused by pydantic, in plain words and with their place in the file."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from sim.documents.leaves import DISTRIBUTIONS, REFUSED, UNCERTAIN_KEYS, Leaf, Range, Ref
from sim.documents.nodes import Node, Steps, dotted, find, mark_of
from sim.documents.tree import MARK, Unknown, fields_of, shape_at
from sim.kernel.errors import Problem
from sim.kernel.words import either, got, indefinite, meant, quoted

_WANTED = {
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "tuple_type": "a list",
    "list_type": "a list",
}
_KEY = "[key]"
COMMA = "a comma ends a value in braces: put a text with a comma in quotes"


def steps_of_error(detail: ErrorDetails) -> Steps:
    """Return the path of an error without pydantic's own marks."""
    path = detail["loc"]
    keys = {len(path) - 1} if detail["type"] == "extra_forbidden" else set()
    keys |= {place - 1 for place, each in enumerate(path) if each == _KEY}
    return tuple(
        each for place, each in enumerate(path) if place in keys or not _is_mark(each)
    )  # a key of the file may look like a mark


def _is_mark(step: str | int) -> bool:
    """Return whether a step looks like a mark of pydantic: of a key, or of one of several forms."""
    return isinstance(step, str) and (step == _KEY or step.startswith(MARK))


def problem_of(
    detail: ErrorDetails,
    document: Node,
    root: type[BaseModel],
    before: Node | None = None,
    further: Sequence[str] = (),
) -> Problem:
    """Return a shape error in plain words, at its place; a variant patches `before`.

    `further` are keys that a file has beside those of `root`.
    """
    steps, kind = steps_of_error(detail), detail["type"]
    if kind == "missing":
        mark = mark_of(document, steps[:-1])
        message = f"the key {quoted(str(steps[-1]))} is missing{_wants(steps, document, root)}"
        return mark.problem(dotted(steps[:-1]), message)
    on_key = kind == "extra_forbidden" or _KEY in detail["loc"]
    mark = mark_of(document, steps, key=on_key)
    if kind == "extra_forbidden":
        known = [*_known_keys(steps, document, root), *(further if len(steps) == 1 else ())]
        hint = meant(str(steps[-1]), known) or f" (known here: {', '.join(known)})"
        if " " in str(steps[-1]):
            hint += f"; {COMMA}"
        return mark.problem(dotted(steps), f"unknown key{hint}")
    node = find(document, steps)
    value = got(node.value) if node is not None else "nothing"
    if kind in _WANTED:
        return mark.problem(dotted(steps), f"must be {_WANTED[kind]}, got {value}")
    if kind == REFUSED:
        rivals = detail["ctx"]["rivals"]
        hint = _inherited(node, rivals, None if before is None else find(before, steps))
        return mark.problem(dotted(steps), f"{detail['msg']}{hint}")
    return mark.problem(dotted(steps), f"does not fit the schema, got {value}")


def _inherited(node: Node | None, rivals: Sequence[str], before: Node | None) -> str:
    """Return the remedy for rival keys that a patch inherits."""
    if node is None:
        return ""
    keys = [key for key in rivals if node.child(key) is not None]
    old = [
        key
        for key in keys
        if node.keys[key].file != node.mark.file
        or (before is not None and before.child(key) is node.child(key))
    ]
    if not old or len(old) == len(keys):
        return ""
    names, written = " and ".join(old), ", ".join(f"{key}: null" for key in old)
    verb, what = ("is", "it") if len(old) == 1 else ("are", "them")
    file = node.keys[old[0]].file
    return f"; {names} {verb} inherited from {file}: write `{written}` to remove {what}"


def _wants(steps: Steps, document: Node, root: type[BaseModel]) -> str:
    """Return the value that a missing key should have."""
    above, shape = (shape_at(root, each, document) for each in (steps[:-1], steps))
    if above is not None and isinstance(above.leaf, Range):  # of an uncertain number
        return f": write {above.leaf.wanted() if steps[-1] != 'dist' else either(DISTRIBUTIONS)}"
    if above is not None and isinstance(above.leaf, Unknown):  # a check without a quantity
        return f": write {either(above.leaf.names)}"
    leaf: Leaf | None = shape.leaf if shape is not None else None
    if isinstance(leaf, Ref) and leaf.kinds:
        what = f" ({leaf.doc.rstrip('.')})" if leaf.doc else ""
        return f": write the name of {indefinite(either(leaf.kinds))}{what}"
    if isinstance(leaf, Range):
        return f": write {leaf.wanted()}"
    if leaf is not None and leaf.doc:
        return f" ({leaf.doc.rstrip('.')})"
    return ""


def _known_keys(steps: Steps, document: Node, root: type[BaseModel]) -> list[str]:
    """Return the keys that the schema knows in the block of an unknown one."""
    above = find(document, steps[:-1])
    shape = shape_at(root, steps[:-1], document)
    if shape is not None and shape.block is not None:
        return list(fields_of(shape.block))
    if above is not None and above.is_mapping:
        return list(UNCERTAIN_KEYS)
    return []
