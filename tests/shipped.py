"""The shipped scenarios, each read once in a process: they are frozen."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from sim.scenario.load import load

read = cache(load)


def of_runs(name, runs):
    """Return a scenario with another number of runs."""
    scenario = read(name)
    return replace(scenario, base=scenario.base.model_copy(update={"runs": runs}))
