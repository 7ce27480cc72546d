"""Equilibrium: members that start where their engagement does not drift (`engagement: rest`).

    e_ib = logistic(V_ib(e)),   the law of engagement at the start of a run

What membership is worth may depend on how far all take part, so the levels are those at which each
follows from all: found by repeating the law from the usual start until none of them moves.
"""

from __future__ import annotations

import numpy as np

from sim.kernel.arrays import logistic
from sim.kernel.errors import SimError
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.scenario.schema.bloc import RestingStart
from sim.scenario.schema.root import Model
from sim.steps.assessment import assess, inventory
from sim.steps.privileges import exits
from sim.steps.ties import worth_of_membership

NEAR = 1e-9  # a level that moves less is at rest
_STRAIGHT, _MOST = 50, 500  # repetitions before each goes half the way; all of them


def at_rest(world: World, rules: Rules, model: Model) -> World:
    """Return the world with members at rest, of blocs that ask for it; others stay."""
    asked = [name for name, b in model.blocs.items() if isinstance(b.engagement, RestingStart)]
    if not asked:
        return world
    free = np.array(
        [
            [name in asked and _may_move(state, model, name) for name in model.blocs]
            for state in model.states
        ]
    )[..., None]
    for repetition in range(_MOST):
        level = np.where(free, resting(world, rules), world.engagement)
        step = level - world.engagement
        world = world.but(engagement=level if repetition < _STRAIGHT else level - step / 2)
        if float(np.abs(step).max()) < NEAR:
            return world
    message = (
        f"blocs.{asked[0]}.engagement: finds no level at which nothing drifts: write levels in "
        "place of `rest`"
    )
    raise SimError(message)


def _may_move(state: str, model: Model, name: str) -> bool:
    bloc = model.blocs[name]
    return state in bloc.members and state not in (bloc.leader, *bloc.frozen)


def resting(world: World, rules: Rules) -> np.ndarray:
    """Return the levels to which engagement is drawn at the start: (states, blocs, runs)."""
    with np.errstate(all="ignore"):  # the run reports values that are not finite
        view = assess(world, rules, inventory(world, rules))
        outside = exits(world, rules, view.strength)
        return np.asarray(logistic(sum(worth_of_membership(world, rules, view, outside).values())))
