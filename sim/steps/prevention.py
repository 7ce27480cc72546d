"""Prevention: what attackers would lose by waiting until what others have under way has come."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from sim.kernel.arrays import Holdings, Pairwise
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.assessment import Assessment, destroyed, yields
from sim.steps.pipeline import coming


def foreseen(world: World, rules: Rules, view: Assessment) -> tuple[World, Assessment]:
    """Return the world with the shift that orders under way will bring, and what it adds to gains.

    `view` is of the end of the period.
    """
    layout = world.layout
    fall = view.threat - threat_with(world, rules, view, coming(world))
    shift = np.maximum(fall, 0.0)[layout.reverse]
    gain = rules.deterrence.gain(
        rivalry=world.rivalry,
        win=view.win,
        second_strike=view.second_strike[layout.reverse],
        shift=shift,
    )
    return world.but(shift=shift), replace(view, gain=gain)


def threat_with(world: World, rules: Rules, view: Assessment, more: Holdings) -> Pairwise:
    """Return the threat that each state would perceive from each rival with more units of its own.

    Its rivals' arms are those of today.
    """
    layout, stock, back = world.layout, view.stock, world.layout.reverse
    held = stock.held + np.stack(
        [
            (more[:, start:stop] * world.worth[start:stop]).sum(axis=1)
            for start, stop in pairwise(layout.class_ends)
        ],
        axis=1,
    )
    strength = view.strength + (
        rules.strength.arms(held=held, satiation=world.satiation) - stock.arms
    )
    passing = rules.strike.passing(defence=held[:, layout.shields].sum(axis=1))
    owner = layout.dyad_to[layout.shot_dyad]
    shot, system = layout.line_shot, layout.line_system
    fresh = more[layout.dyad_from[layout.shot_dyad[shot]], system] * yields(
        world, rules, shot, system
    )
    fire = stock.fire + layout.lines_by_shot.sum(fresh) * world.value[layout.shot_asset]
    launchers = stock.launchers + more[:, layout.strikers].sum(axis=1)
    surviving = rules.counterforce.surviving(
        find=world.find[layout.dyad_to],
        rounds_in_reach=stock.reach[back],
        launchers=launchers[layout.dyad_from],
    )
    exposure = destroyed(world, rules, stock.fire * passing[owner])
    answered = destroyed(world, rules, fire * stock.passing[owner] * surviving[layout.shot_dyad])
    win = rules.contest.win(
        strength=view.strength[layout.dyad_to], opposed=strength[layout.dyad_from] + view.support
    )
    return rules.threat.threat(
        rivalry=world.rivalry[back],
        win=win,
        exposure=exposure[back],
        second_strike=answered,
        near=rules.threat.near(distance=world.distance),
    )
