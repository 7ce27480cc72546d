"""The shipped scenarios, each read once in a process, and one with all kinds of events."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

from sim.scenario.load import load

SCENARIOS = Path(__file__).parents[1] / "scenarios"
EVENTS = Path(__file__).with_name("every_event.yaml")
FORMS = (  # variants of every_event.yaml: every form of a rule is in one of them
    "baseline", "other_rules", "strict", "imitating", "without_record", "counted", "halves",
    "warlike", "customary", "disciplined", "shaken",
)  # fmt: skip

read = cache(load)


def of_runs(name, runs):
    """Return a scenario with another number of runs."""
    scenario = read(name)
    return replace(scenario, base=scenario.base.model_copy(update={"runs": runs}))


def every_event(folder):
    """Return the models of a scenario with every kind of event, one a form of the rules."""
    shutil.copytree(SCENARIOS, folder, dirs_exist_ok=True)
    return load(shutil.copy(EVENTS, folder)).variants
