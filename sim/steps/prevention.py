"""Prevention: the loss of attackers from waiting until orders under way are delivered."""

from dataclasses import replace

import numpy as np

from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.assessment import Assessment, inventory
from sim.steps.pipeline import coming
from sim.steps.pressure import pressed


def foreseen(world: World, rules: Rules, view: Assessment, number: int) -> tuple[World, Assessment]:
    """Return the world with the expected shift from orders under way, and its effect on gains.

    `view` is of the end of the period, given by date, or of the one before the start. Support is
    unchanged. Threats count as in the next period.
    """
    if not rules.deterrence.foresees:
        return world, pressed(world, rules, view, number + 1)
    layout, back = world.layout, world.layout.reverse
    later = inventory(world.but(arsenal=world.arsenal + coming(world)), rules)
    strength = view.strength + (later.arms - view.stock.arms)
    win = rules.contest.win(
        strength=strength[layout.dyad_from], opposed=strength[layout.dyad_to] + view.support[back]
    )
    law, rivalry, none = rules.deterrence, world.rivalry, 0.0 * view.win
    second = view.second_strike[back]
    now = law.gain(rivalry=rivalry, win=view.win, second_strike=second, shift=none)
    then = law.gain(rivalry=rivalry, win=win, second_strike=later.second_strike[back], shift=none)
    shift = np.maximum(now - then, 0.0)
    gain = law.gain(rivalry=rivalry, win=view.win, second_strike=second, shift=shift)
    return world.but(shift=shift), pressed(world, rules, replace(view, gain=gain), number + 1)
