"""Slights: customers that were refused, or whom debts press."""

from sim.kernel.arrays import Dyadic
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.privileges import own_budget


def pressing(world: World, rules: Rules) -> Dyadic:
    """Return what is overdue, or falls due in a year, in years of the debtor's import budget."""
    yearly = world.debt * (world.rate + 1 / world.tenor)
    return (world.arrears + yearly) / own_budget(world, rules)[:, None]


def cooled(affinity: Dyadic, world: World, rules: Rules, dt: float) -> Dyadic:
    """Return the affinities after what suppliers and creditors did to their customers."""
    return rules.slight.cooled(
        affinity=affinity, refusal=world.refusal, pressing=pressing(world, rules), dt=dt
    )
