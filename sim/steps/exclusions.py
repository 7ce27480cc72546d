"""Exclusions: members are excluded from a bloc, readmitted or expelled; and frozen members."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.kernel.arrays import Elementwise, Memberwise, added, chance, put
from sim.kernel.decision_points import Decide, ExpulsionPoint, FreezePoint, SuspensionPoint
from sim.kernel.noise import Noise, uniform
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.appeals import Answers
from sim.steps.esteem import esteem


def judged(*, world: World, rules: Rules, noise: Noise, decide: Decide, dt: float) -> World:
    """Return the world after blocs excluded, readmitted or expelled members."""
    layout = world.layout
    if not rules.discipline.acts:
        return world
    law: Any = rules.discipline
    i, b = layout.member_index.T
    leader, others = esteem(world)
    has_say = world.member[layout.leader[b], b]  # one that has left has none
    known = {"leader": leader * has_say, "others": others}
    names = layout.state_keys[i][:, None], layout.bloc_keys[b][:, None]
    turns, ends = noise.draws(uniform("discipline", *names), uniform("expulsion", *names))
    out = world.shut_out[i, b]
    back, shut = law.readmission(**known), law.shutting(**known)
    turning = {name: np.where(out > 0, back[name], shut[name]) for name in shut}
    going = law.expulsion(**known)
    may = world.member[i, b] * (layout.leader[b] != i)[:, None] > 0
    turn, go = (chance(law.hazard(wish=added(each)), dt) for each in (turning, going))
    turned = may & decide(
        may & (turns < turn),
        SuspensionPoint(
            terms=turning, inputs=known, draw=turns, chance=turn, may=may, shut_out=out
        ),
    )
    barred = may & (out > 0)
    gone = barred & decide(
        barred & (ends < go),
        ExpulsionPoint(terms=going, inputs=known, draw=ends, chance=go, may=barred),
    )
    left = np.where(turned, 1 - out, out) * ~gone
    zero = np.zeros(world.member.shape)
    expelled = put(zero, (i, b), gone * 1.0)
    return world.but(
        shut_out=put(zero, (i, b), left),
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
) -> tuple[World, Mapping[str, Elementwise]]:
    """Return the world with the shocks of refused appeals and harm by fellow members.

    Also returns the parts of the memory of shocks: (members, runs).
    """
    layout, appeals = world.layout, answers.appeals
    law: Any = rules.membership
    i, b = layout.member_index.T
    refused = 0.0 * harm
    for at in range(appeals.bloc.shape[0]):
        own = (b[:, None] == appeals.bloc[at]) & (i[:, None] == appeals.victim[at])
        refused = refused + own * (appeals.made[at] * answers.felt[at] * (1 - answers.answer[at]))
    known = {"shaken": world.shaken[i, b], "refused": refused, "harm": harm}
    shaken = added(law.shocks(**known, dt=dt))
    return world.but(shaken=put(np.zeros(world.member.shape), (i, b), shaken)), known


def frozen(
    *,
    world: World,
    rules: Rules,
    noise: Noise,
    shocks: Mapping[str, Elementwise],  # of `shocked`
    worth: Memberwise,  # log odds of taking part
    engagement: Memberwise,
    decide: Decide,
    dt: float,
) -> tuple[World, Memberwise]:
    """Return the world after members froze or resumed their membership, and engagement."""
    layout = world.layout
    if not rules.membership.shocked:
        return world, engagement
    law: Any = rules.membership
    i, b = layout.member_index.T
    draw = noise.draw(
        uniform("freeze", layout.state_keys[i][:, None], layout.bloc_keys[b][:, None])
    )
    was = world.frozen[i, b]
    thawing = law.thaw_hazard(worth=worth[i, b])
    hazard = np.where(was > 0, added(thawing), law.freeze_hazard(shaken=world.shaken[i, b]))
    likely = chance(hazard, dt)
    may = world.member[i, b] * (layout.leader[b] != i)[:, None] > 0
    memory = law.shocks(**shocks, dt=dt)
    point = FreezePoint(
        terms={name: law.freeze_hazard(shaken=each) for name, each in memory.items()},
        inputs=shocks,
        draw=draw,
        chance=likely,
        may=may,
        frozen=was,
        thawing=thawing,
        worth=worth[i, b],
    )
    turned = may & decide(may & (draw < likely), point)
    now = np.where(turned, 1 - was, was)
    world = world.but(frozen=put(np.zeros(world.member.shape), (i, b), now))
    return world, law.kept(engagement=engagement, frozen=world.frozen)
