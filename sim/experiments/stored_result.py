"""A result that is stored already: whether a folder holds the one that is asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.engine.engine_names import ENGINES
from sim.engine.selection import Engine
from sim.kernel.errors import ResultError
from sim.records.soundness import replaceable, stored
from sim.records.store import check_place, unequal


def is_stored(place: Path, inputs: Mapping[str, Any], engine: Engine, *, force: bool) -> bool:
    """Return whether a folder holds the result; the error says so if only the engine differs."""
    try:
        return check_place(place, inputs, force=force)
    except ResultError:
        there = None if force else stored(place)
        if there is None or unequal(there["inputs"], json.loads(json.dumps(inputs))) != ["options"]:
            raise
        options = there["inputs"]["options"]
        known = options.get("engine")
        if known not in ENGINES or options | {"engine": engine.name} != inputs["options"]:
            raise
        anew = "--force to run it again, " if replaceable(place) else ""
        message = (
            f"{place}: its runs were computed by the {known} engine, and here it would be "
            f"{engine.name} ({engine.reason}); give --engine {known}, {anew}or another --out"
        )
        raise ResultError(message) from None
