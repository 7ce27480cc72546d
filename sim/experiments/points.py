"""Points: the numbers that structural runs draw, and their draws.

They are the numbers of the scenario that name a distribution, by that distribution, and the
assumed parameters of the laws in force, over their range (`sim.scenario.prior`). A parameter that
the scenario or one of its variants sets stands where it is set, and at its value in the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import numpy as np

from sim.experiments.crossing import Crossing, under
from sim.noise import Noise
from sim.scenario.build import fitted
from sim.scenario.draws import Draws
from sim.scenario.numbers import Uncertain
from sim.scenario.paths import number_paths
from sim.scenario.prior import LAWS, prior_of
from sim.scenario.schema import Model
from sim.scenario.sources import ASSUMED


def at_points(
    model: Model, points: np.ndarray, seed: int, held: Collection[str] = ()
) -> dict[str, Any]:
    """Return the numbers of a model that points draw by path, one for each run's point."""
    noise = Noise(seed, points.astype(np.uint32))
    draws = Draws(noise, uncertain=True, given=fitted(model, noise))
    drawn = {path: draws.number(path, about) for path, about in uncertain_of(model, held).items()}
    return {**draws.given, **drawn}


def uncertain_of(model: Model, held: Collection[str] = ()) -> dict[str, Uncertain]:
    """Return the distributions of the numbers that points draw, by path.

    They are the numbers of the scenario that name one, and the assumed parameters of the laws in
    force, but for those held.
    """
    found = {}
    for path, each in number_paths(model).items():
        free = path.startswith(LAWS) and ASSUMED in each.source and path not in held
        about = prior_of(each) if free or isinstance(each.value, Uncertain) else None
        if about is not None:
            found[path] = about
    return found


def set_by(models: Iterable[Model]) -> frozenset[str]:
    """Return the paths of the laws' parameters that some model sets to a value."""
    return frozenset(
        f"{LAWS}{role}.{name}"
        for model in models
        for role, values in model.laws.items()
        for name, value in values.items()
        if not isinstance(value, Uncertain)
    )


def drawn_by(models: Iterable[Model], crossing: Crossing, held: Collection[str]) -> list[str]:
    """Return the paths of all numbers that points draw under some rule set of a crossing."""
    single = [{}, *({role: v} for role, names in crossing.choices.items() for v in names)]
    found = {
        path
        for model in models
        for rule_set in single
        for path in uncertain_of(under(model, rule_set), held)
    }
    return sorted(found)
