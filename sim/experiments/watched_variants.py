"""Watched variants: events and reasons of the first runs of several variants, computed together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.experiments.batch import case_of
from sim.experiments.watch.joined_cases import groups_of, joined
from sim.experiments.watch.watch import Notes, Watch
from sim.kernel.errors import RunError
from sim.kernel.simulate import steps
from sim.scenario.compile.build import Built
from sim.scenario.schema.root import Model


def notes_of(
    models: Mapping[str, Model], built: Mapping[str, Built], runs: np.ndarray
) -> dict[str, Notes]:
    """Return the events and reasons of some runs of variants that were built for them."""
    notes: dict[str, Notes] = {}
    for group in groups_of({name: case_of(each) for name, each in built.items()}):
        try:
            notes |= _together(group, models, built, runs)
        except RunError:  # a run fails: its variant is named if it is computed alone
            for name in group:
                notes |= _together([name], models, built, runs)
    return {name: notes[name] for name in built}


def _together(
    names: list[str], models: Mapping[str, Model], built: Mapping[str, Built], runs: np.ndarray
) -> dict[str, Notes]:
    case = joined([case_of(built[name]) for name in names])
    watch = Watch(*((models[name], built[name]) for name in names))
    passing = steps(case.world, case.rules, case.inputs, case.noise, watch.recorder, inplace=True)
    for inputs, (passed, rules) in zip(case.inputs, passing, strict=True):
        watch(passed, rules, inputs.resolved(passed.world.due))
    width = case.noise.runs.size // len(names)
    return {name: watch.notes(name, runs, at * width) for at, name in enumerate(names)}
