"""The keys of the references that a `source` may name."""

from __future__ import annotations

import re
from pathlib import Path

from sim.scenario.shipped import references_file

ASSUMED = "assumed"
POSTERIOR = "posterior"  # the source of a value that a calibration has fitted
HYPOTHESIS = "hypothesis"  # the source of a value from a variant, --set or a sweep
_ENTRY = re.compile(r"^[ \t]*@(\w+)\s*\{\s*([^\s,{}]+)\s*,", re.MULTILINE)
_NO_SOURCE = frozenset({"comment", "string", "preamble"})


def keys_of(text: str) -> frozenset[str]:
    """Return the keys of the entries of a BibTeX text."""
    return frozenset(key for kind, key in _ENTRY.findall(text) if kind.lower() not in _NO_SOURCE)


def reference_keys(path: Path | None = None) -> frozenset[str]:
    """Return the keys of the shipped references, or of another file."""
    file = references_file() if path is None else path
    return keys_of(file.read_text(encoding="utf-8")) if file.is_file() else frozenset()
