"""Splice: the inputs in which two scenarios differ, and one with some of the other's."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from sim.documents.nodes import DottedPath, Node, dotted
from sim.documents.package_data import catalogue_folder
from sim.kernel.errors import InputError
from sim.scenario.checks.examination import Examination
from sim.scenario.patches import BASELINE, SHARED
from sim.scenario.schema.root import Model

DEEP = 3  # steps of an input at most: blocs.CSTO.preference, events.polonez_sale.at
_OF_RUNS = (  # not part of the model
    "expect", "contrasts", "reference", "smallest", "variants", "patterns", "sweep", "outcomes",
)  # fmt: skip
_NOT_INPUTS = SHARED | {"references"}

Path3 = tuple[str, ...]


def differing(one: Node, other: Node) -> list[str]:
    """Return the dotted names of the inputs in which two merged documents differ, sorted."""
    names = {dotted(steps) for steps in _below(one, other, ()) if steps[0] not in _NOT_INPUTS}
    return sorted(names)


def spliced(one: Node, other: Node, inputs: Collection[str]) -> Node:
    """Return a document with some inputs of another; inputs that the other lacks are removed."""
    for name in inputs:
        one = _with(one, other, DottedPath(name).steps)
    return one


def model_of(document: Node, folder: Path) -> Model:
    """Return the model of a merged document without variants; InputError lists all problems."""
    examination = Examination(folder, (folder.resolve(), catalogue_folder().resolve()))
    examination.examine({BASELINE: document.without(*_OF_RUNS)})
    if examination.problems:
        raise InputError(examination.problems)
    return examination.models[BASELINE]


def _below(one: Node, other: Node, above: Path3) -> Iterator[Path3]:
    """Yield the places in which two mappings differ, `DEEP` steps down at most."""
    for key in sorted({*one.value, *other.value}):
        here, there = one.child(key), other.child(key)
        steps = (*above, key)
        if here is not None and there is not None:
            if here.plain() == there.plain():
                continue
            if here.is_mapping and there.is_mapping and len(steps) < DEEP:
                yield from _below(here, there, steps)
                continue
        elif len(steps) == 1:
            both = here if there is None else there
            if both is not None and both.is_mapping:
                yield from ((*steps, each) for each in both.value)
                continue
        yield steps


def _with(one: Node, other: Node, steps: Path3) -> Node:
    """Return a mapping whose value at a place is that of another mapping."""
    key, *rest = steps
    theirs, ours = other.child(key), one.child(key)
    if rest:
        empty = Node({}, one.mark)
        value: Node | None = _with(ours or empty, theirs or empty, tuple(rest))
        if value is not None and not value.value and theirs is None:
            value = None
    else:
        value = theirs
    if value is None:
        return one.without(key)
    mark = other.keys.get(key, one.keys.get(key, value.mark))
    return Node({**one.value, key: value}, one.mark, {**one.keys, key: mark})
