"""Initial state: the start of a run, in the form in which a period leaves the world behind."""

from __future__ import annotations

import numpy as np

from sim.kernel.arrays import added, logistic
from sim.kernel.period import Passed
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps import appeals, ties
from sim.steps.assessment import Assessment, assess, inventory
from sim.steps.consents import Deciders, odds_of_consent
from sim.steps.deliveries import no_flows
from sim.steps.privileges import exits, familiarity, fellows, privilege
from sim.steps.requests import Circumstances, queries
from sim.steps.restraints import precedent_of, restraints


def opening(world: World, rules: Rules) -> Passed:
    """Return the world before the first period: no flows, no wars."""
    runs = world.gdp.shape[-1]
    view = assess(world, rules, inventory(world, rules))
    return Passed(
        world=world,
        view=view,
        flows=no_flows(world),
        consent=_consent(world, rules, view),
        precedent=precedent_of(world, rules),
        wars=np.zeros((world.layout.rival_dyads.size, runs)),
        answers=appeals.no_answers(runs),
        worth=ties.worth_of_membership(world, rules, view, exits(world, rules, view.strength)),
    )


def _consent(world: World, rules: Rules, view: Assessment) -> np.ndarray:
    """Return the probability of consent to the standing queries: (queries, runs)."""
    precedent = precedent_of(world, rules)
    exit_ = exits(world, rules, view.strength)
    at = Circumstances(
        world=world,
        rules=rules,
        precedent=precedent,
        restraints=restraints(world, rules, precedent, exit_, fellows(world)),
        terms=privilege(world, rules),
        familiarity=familiarity(world),
        period=world.period,
        dt=world.layout.calendar.dt,
    )
    voices = Deciders(at, queries(world, world.gdp.shape[-1]))
    consent = voices.table(logistic(added(odds_of_consent(voices))), 0.0)
    return np.asarray(consent[0])
