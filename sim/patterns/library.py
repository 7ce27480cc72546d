"""The library of shipped patterns."""

from __future__ import annotations

from sim.scenario.library import pattern_files, shipped_pattern
from sim.scenario.patterns import Pattern


def shipped() -> dict[str, Pattern]:
    """Return every shipped pattern by name, sorted."""
    return {name: shipped_pattern(name) for name in pattern_files()}
