"""Formats of result folders: which are read, and what is said of the others.

A folder says its format in its manifest; one that does not is of format 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.kernel.errors import ResultError

FORMAT = 2  # what this version writes; it reads the one before, too
RELEASES = {1: "0.1", 2: "0.2"}  # the last version of blocsim that writes a format
KEY = "format"


def check_format(path: Path, manifest: Mapping[str, Any]) -> int:
    """Return the format of the manifest read from a path; ResultError if it is not read."""
    form = manifest.get(KEY, 1)
    if not isinstance(form, int) or isinstance(form, bool) or form < 1:
        message = f"{path}: {KEY} is not a number from 1; the result is damaged"
        raise ResultError(message)
    if form > FORMAT:
        message = (
            f"{path}: the result has format {form}, and this version of blocsim reads formats up "
            f"to {FORMAT}: a newer version reads it"
        )
        raise ResultError(message)
    if form < FORMAT - 1:
        message = (
            f"{path}: the result has format {form}, which blocsim {RELEASES[form]} reads; this "
            f"version reads {FORMAT - 1} and {FORMAT}: run it anew, or install that version"
        )
        raise ResultError(message)
    return form
