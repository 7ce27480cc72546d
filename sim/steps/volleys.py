"""Volleys: the missiles and other units that both sides of a war use up."""

from sim.kernel.arrays import Elementwise, Monadic, idle, put
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.assessment import Inventory, inventory


def fired(world: World, rules: Rules, *, wars: World, periods: Elementwise) -> World:
    """Return the world without the units used up in some periods of another world's latest wars.

    `periods` are the periods of war, (rival dyads, runs).
    """
    layout = world.layout
    if not layout.volley_index.size or idle(periods):
        return world
    dyad, system = layout.volley_index.T
    pair = layout.rival_place[dyad]
    shot, armed = layout.line_shot[layout.volley_lines], layout.line_system[layout.volley_lines]
    reaches = (world.range[armed] >= world.reach[shot]) & (world.cep[armed] > 0)
    part = periods / (wars.war_until - wars.war_since + 1)
    left = rules.war.unspent(
        fought=part[pair],
        intensity=wars.war_intensity[pair],
        expended=world.expended[system] * layout.lines_by_volley.max(reaches * 1.0),
    )
    index = tuple(layout.fired_index.T)
    spent = layout.volleys_by_holding.product(left)
    return world.but(arsenal=put(world.arsenal, index, world.arsenal[index] * spent))


def left(world: World, rules: Rules, stock: Inventory, remaining: Monadic) -> Inventory:
    """Return the inventory after wars: `stock` from before them, less units used up and lost."""
    if world.layout.volley_index.size:
        stock = inventory(world, rules)
    return stock.left(world, rules, remaining)
