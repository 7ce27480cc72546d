"""Accessions: candidates join a bloc by a law or by their own conduct."""

import numpy as np

from sim.kernel.arrays import added, chance, put
from sim.kernel.decision_points import AccessionPoint, Decide
from sim.kernel.noise import Noise, uniform
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.assessment import Assessment
from sim.steps.esteem import esteem, liking


def joined(
    *, world: World, rules: Rules, noise: Noise, view: Assessment, decide: Decide, dt: float
) -> World:
    """Return the world after candidates joined blocs, or not."""
    layout, law, share = world.layout, rules.accession, rules.engagement.regard
    rows = layout.candidate_rows
    if not rows.size:
        return world
    i, b = layout.member_index[rows].T
    (leader, others), (of_leader, of_others) = liking(world), esteem(world)
    known = {
        "regard": share(leader=leader[rows], others=others[rows]),
        "insecurity": view.insecurity[i],
    }
    terms = law.terms(**known)
    welcome = share(leader=of_leader[rows], others=of_others[rows])
    likely = chance(law.hazard(wish=added(terms), welcome=welcome), dt)
    names = layout.state_keys[i][:, None], layout.bloc_keys[b][:, None]
    draw = noise.draw(uniform("accession", *names))
    may = (world.member[i, b] == 0) & (world.member[layout.leader[b], b] > 0)
    point = AccessionPoint(
        terms=terms, inputs={**known, "welcome": welcome}, draw=draw, chance=likely, may=may
    )
    joins = (decide(may & (draw < likely), point) & may) * 1.0
    new = put(np.zeros(world.member.shape), (i, b), joins)
    return world.but(
        member=np.maximum(world.member, new),
        engagement=np.where(new > 0, law.part, world.engagement),
        belief=np.where(new > 0, law.trust, world.belief),
        exited=world.exited * (1 - new),
    )
