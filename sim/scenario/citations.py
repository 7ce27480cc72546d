"""The sources in force: those of a scenario's facts, events and laws, and where they are cited."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.documents.cited_numbers import Cited
from sim.documents.leaves import Uncertain
from sim.documents.nodes import DottedPath
from sim.documents.package_data import references_file
from sim.documents.sources import OWN_WORDS, Entry, entries_of
from sim.documents.tree import Shape, fields_of, sourced
from sim.kernel.rules import ROLES, rules_in_force
from sim.scenario.paths import number_paths
from sim.scenario.schema.events import ForcedOrder, SaleRequest, Transfer
from sim.scenario.schema.outcome_syntax import parts_of
from sim.scenario.schema.root import Model

_WORD = re.compile(r"[A-Za-z0-9_]+")


@dataclass(frozen=True)
class Citation:
    """A source in force and the places that cite it."""

    key: str
    entry: Entry | None  # None for a source from the scenario's own `references`
    own: str  # the text of a source of its own
    places: tuple[str, ...]


def shipped_entries() -> dict[str, Entry]:
    """Return the entries of the shipped references, by key."""
    file = references_file()
    return entries_of(file.read_text(encoding="utf-8")) if file.is_file() else {}


def citations(model: Model) -> list[Citation]:
    """Return the sources in force, sorted by key, without `assumed`."""
    known = shipped_entries()
    places: dict[str, list[str]] = {}
    for place, keys in (*_of_facts(model), *_of_laws(model, {*known, *model.references})):
        for key in keys:
            if key not in OWN_WORDS and place not in places.setdefault(key, []):
                places[key].append(place)
    return [
        Citation(key, None if own else known.get(key), own, tuple(paths))
        for key, paths in sorted(places.items())
        for own in [model.references.get(key, "")]
    ]


_APART = ("laws", "patterns")  # kept apart from the facts of the model


def unused_goods(model: Model) -> frozenset[tuple[str, str]]:
    """Return the systems and classes that a model does not use, each as block and name."""
    systems = {offer.system for offer in model.offers.values()}
    systems |= {name for arsenal in model.arsenals.values() for name in arsenal.units}
    actions = (event.action for event in model.events.values())
    systems |= {
        each.system for each in actions if isinstance(each, Transfer | ForcedOrder | SaleRequest)
    }
    systems |= {each.system for each in parts_of(model.outcomes) if each.system is not None}
    classes = {model.systems[name].class_ for name in systems & model.systems.keys()}
    return frozenset(
        {("systems", name) for name in model.systems.keys() - systems}
        | {("classes", name) for name in model.classes.keys() - classes}
    )


def words_of(text: str | None) -> set[str]:
    """Return the words of a docstring, keys of references among them."""
    return set(_WORD.findall(text or ""))


def _of_facts(model: Model) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the path and the keys of every block, or number, that names its source."""
    unused = unused_goods(model)
    for key, field in fields_of(Model).items():
        if key not in _APART:
            for place, keys in _below(getattr(model, field.attribute), field.shape, key):
                path = DottedPath(place)
                if (path.block, path.entry) not in unused:
                    yield place, keys
    for name, pattern in model.patterns.items():
        yield f"patterns.{name}", tuple(pattern.source)
        yield from ((f"patterns.{name}.{key}", keys) for key, keys in pattern.sources.items())


def _below(value: Any, shape: Shape, path: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the blocks and numbers with a source at and below a place of the model."""
    shape = shape.of_value(value)
    if isinstance(value, Uncertain | Cited):
        yield path, value.source
    elif shape.block is not None and value is not None:
        yield path, sourced(value)
        yield from ((f"{path}.{key}", keys) for key, keys in getattr(value, "sources", {}).items())
        for key, field in fields_of(shape.block).items():
            part = getattr(value, field.attribute)
            yield from _below(part, field.shape, f"{path}.{key}")
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from _below(each, shape.below, f"{path}.{name}")


def _of_laws(model: Model, known: set[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the laws in force with the sources of their files, then those of their parameters."""
    for role, variant in rules_in_force(model.rules).items():
        about = sys.modules[ROLES[role][variant].__module__].__doc__
        yield f"laws.{role}", tuple(sorted(words_of(about) & known))
    for number in number_paths(model).values():
        if number.path.of_law:
            yield number.path, number.source
