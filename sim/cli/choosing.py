"""A variant of a scenario, chosen by name on the command line."""

from __future__ import annotations

from sim.kernel.errors import InputError, Problem
from sim.kernel.words import meant, quoted
from sim.scenario.load import Scenario, load
from sim.scenario.schema.root import Model


def chosen(name: str, variant: str, sets: tuple[str, ...] = ()) -> tuple[Scenario, Model]:
    """Return a scenario and one of its variants; InputError if it has no such variant."""
    scenario = load(name, sets=sets)
    if variant not in scenario.variants:
        message = f"no variant {quoted(variant)}{meant(variant, scenario.variants)}"
        raise InputError([Problem("--variant", 0, 0, "", message)])
    return scenario, scenario.variants[variant]
