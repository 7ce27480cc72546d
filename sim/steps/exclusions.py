"""Exclusions: members that are shut out of a bloc, let in again or expelled; and frozen ones."""

from typing import Any

import numpy as np

from sim.kernel.arrays import Elementwise, Memberwise, chance, put
from sim.kernel.noise import Noise, uniform
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.appeals import Answers
from sim.steps.esteem import esteem


def judged(*, world: World, rules: Rules, noise: Noise, dt: float) -> World:
    """Return the world after blocs shut members out, let them in again or expelled them."""
    layout = world.layout
    if not rules.discipline.acts:
        return world
    law: Any = rules.discipline
    i, b = layout.member_index.T
    leader, others = esteem(world)
    regard = law.esteem(leader=leader, others=others)
    names = layout.state_keys[i][:, None], layout.bloc_keys[b][:, None]
    turns, ends = noise.draws(uniform("discipline", *names), uniform("expulsion", *names))
    out = world.shut_out[i, b]
    hazard = np.where(out > 0, law.readmission(esteem=regard), law.shutting(esteem=regard))
    may = world.member[i, b] * (layout.leader[b] != i)[:, None] > 0
    turned = may & (turns < chance(hazard, dt))
    gone = may & (out > 0) & (ends < chance(law.expulsion(esteem=regard), dt))
    shut = np.where(turned, 1 - out, out) * ~gone
    zero = np.zeros(world.member.shape)
    expelled = put(zero, (i, b), gone * 1.0)
    return world.but(
        shut_out=put(zero, (i, b), shut),
        member=world.member * (1 - expelled),
        engagement=world.engagement * (1 - expelled),
        exited=np.maximum(world.exited, expelled),
    )


def shocked(
    *,
    world: World,
    rules: Rules,
    answers: Answers,
    harm: Elementwise,  # by fellow members, by row of `member_index`
    dt: float,
) -> World:
    """Return the world after refused appeals, and harm by fellow members, shook members."""
    layout, appeals = world.layout, answers.appeals
    law: Any = rules.membership
    i, b = layout.member_index.T
    refused = 0.0 * harm
    for at in range(appeals.bloc.shape[0]):
        own = (b[:, None] == appeals.bloc[at]) & (i[:, None] == appeals.victim[at])
        refused = refused + own * (appeals.made[at] * (1 - answers.answer[at]))
    shaken = law.shaken(shaken=world.shaken[i, b], refused=refused, harm=harm, dt=dt)
    return world.but(shaken=put(np.zeros(world.member.shape), (i, b), shaken))


def frozen(
    *,
    world: World,
    rules: Rules,
    noise: Noise,
    worth: Memberwise,  # log odds of taking part
    engagement: Memberwise,
    dt: float,
) -> tuple[World, Memberwise]:
    """Return the world after members froze their membership, or thawed, and the engagement left."""
    layout = world.layout
    if not rules.membership.shocked:
        return world, engagement
    law: Any = rules.membership
    i, b = layout.member_index.T
    draw = noise.draw(
        uniform("freeze", layout.state_keys[i][:, None], layout.bloc_keys[b][:, None])
    )
    was = world.frozen[i, b]
    hazard = np.where(
        was > 0, law.thaw_hazard(worth=worth[i, b]), law.freeze_hazard(shaken=world.shaken[i, b])
    )
    may = world.member[i, b] * (layout.leader[b] != i)[:, None] > 0
    now = np.where(may & (draw < chance(hazard, dt)), 1 - was, was)
    world = world.but(frozen=put(np.zeros(world.member.shape), (i, b), now))
    return world, law.kept(engagement=engagement, frozen=world.frozen)
