"""Shortfall: what a file cannot do without, lacks, and public data may have."""

from __future__ import annotations

from pydantic import BaseModel

from sim.cases.figures import Path
from sim.documents.nodes import Node
from sim.scenario.schema.bloc import Bloc
from sim.scenario.schema.entities import State

_FILLED: dict[str, type[BaseModel]] = {"states": State, "blocs": Bloc}  # sections -> an entry
_TYPED = {"blocs": ("leader", "source")}  # keys that no data give


def shortfall(document: Node) -> list[Path]:
    """Return the values that a document lacks and `blocsim fill` can fill, as it is merged."""
    return [
        (section, name, key)
        for section, block in _FILLED.items()
        for name, entry in document.section(section).items()
        if entry.is_mapping
        for key, field in block.model_fields.items()
        if field.is_required() and key not in _TYPED.get(section, ()) and entry.child(key) is None
    ]
