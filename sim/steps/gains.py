"""Law 7, what offers are worth: the drop in a buyer's insecurity if it had one batch today."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.arrays import Elementwise, in_runs, namespace, put
from sim.lists import Cells, Rows, summed
from sim.rules import Rules
from sim.steps.assess import Assessment, yields
from sim.weighing import SHIELD, STRIKE
from sim.world import World


@dataclass(frozen=True, eq=False)
class Looks:
    """The offers at which buyers look: one entry an offer, buyer and run."""

    world: World
    cells: Cells  # of a table of offers and buyers

    @cached_property
    def offer(self) -> Rows:
        """Return the offer of each entry."""
        return Rows(self.world.layout.weighing.offer, self.cells)

    @cached_property
    def buyer(self) -> Rows:
        """Return the place of the buyer, among the buyers, of each entry."""
        return Rows(self.world.layout.weighing.buyer, self.cells)

    @cached_property
    def state(self) -> Rows:
        """Return the buyer, as a state, of each entry."""
        return Rows(self.world.layout.buyers[self.buyer.index], self.cells)

    def table(self, values: Elementwise, shape: tuple[int, ...]) -> Elementwise:
        """Return values (entries,) as (buyers, offers, runs), 0 where nobody looks.

        `shape` is that of (offers, buyers, runs).
        """
        xp = namespace(values)
        flat = xp.zeros(shape).reshape(-1)
        cell = self.cells.row * shape[-1] + self.cells.lane
        return xp.moveaxis(put(flat, cell, values, own=True).reshape(shape), 0, 1)


def bought(world: World) -> Elementwise:
    """Return the new-equivalent units in a batch of each offer: (offers, runs)."""
    return world.batch * world.condition


def gains(looks: Looks, rules: Rules, found: Assessment) -> Elementwise:
    """Return the drop in the buyer's insecurity by one batch of the offer: (entries,).

    Every offer adds strength; strike systems also add to the second strike, air defence takes
    from the rivals' reach.
    """
    strength = _stronger(looks, found)
    rivals = looks.cells.spread(looks.world.layout.weighing.rivals.parent)
    threat = _threat(looks, rivals, rules, found, strength.take(rivals.up))
    insecurity = in_runs(rules.insecurity, looks.cells.lane).insecurity(
        threat=summed(rivals.up, threat, strength.shape[0]),
        neighbour=looks.state.of(found.neighbour),
        strength=strength,
    )
    return looks.state.of(found.insecurity) - insecurity


def _stronger(looks: Looks, found: Assessment) -> Elementwise:
    """Return the strength of the buyer with a batch of the offer, TIV."""
    world, layout = looks.world, looks.world.layout
    cls = layout.class_of[layout.system]
    satiation = looks.offer.of(world.satiation[cls])
    cell = looks.state.index * len(layout.classes) + cls[looks.offer.index]
    full = Rows(cell, looks.cells).of(found.stock.held)
    full += satiation
    more = looks.offer.of(world.worth[layout.system] * bought(world))
    more /= full
    more += 1.0
    more = namespace(full).log(more)
    more *= satiation
    more += looks.state.of(found.strength)
    return more


def _threat(
    looks: Looks, rivals: Cells, rules: Rules, found: Assessment, strength: Elementwise
) -> Elementwise:
    """Return the threat that the buyer would perceive from each rival: (entries of rivals,)."""
    world, lane, weighing = looks.world, rivals.lane, looks.world.layout.weighing
    pair, back = (Rows(each, rivals) for each in weighing.rivals.pairs)
    rival = Rows(weighing.rivals.rival, rivals)
    striking, shielding = (
        rivals.part(*weighing.ends[kind : kind + 2]) for kind in (STRIKE, SHIELD)
    )
    answered = _answered(looks, rivals, striking, rules, found)
    shielded = _shielded(looks, rivals, shielding, rules, found)
    return in_runs(rules.threat, lane).threat(
        rivalry=back.of(world.rivalry),
        win=in_runs(rules.contest, lane).win(
            strength=rival.of(found.strength), opposed=strength + pair.of(found.support)
        ),
        exposure=put(back.of(found.exposure), shielding, shielded, own=True),
        second_strike=put(pair.of(found.second_strike), striking, answered, own=True),
        near=pair.of(rules.threat.near(distance=world.distance)),
    )


def _answered(
    looks: Looks, rivals: Cells, there: slice, rules: Rules, found: Assessment
) -> Elementwise:
    """Return the buyer's second strike with a batch of each strike offer: (entries `there`,)."""
    world, layout, at = looks.world, looks.world.layout, looks.world.layout.weighing.answers
    shots = rivals.spread(at.parent)
    shot, row, offer, asset, owner = (
        Rows(each, shots)
        for each in (at.shot, np.arange(at.shot.size), at.offer, at.asset, at.owner)
    )
    each = yields(world, rules, at.shot, layout.system[at.offer])
    value = asset.of(world.value)
    more = offer.of(bought(world)) * row.of(each) * value
    more *= owner.of(found.stock.passing)
    more += shot.of(found.hits)
    up = shots.up - there.start
    more *= _surviving(looks, rivals, rules, found).take(up)
    lost = rules.strike.destroyed(hits=more, value=value, hardness=asset.of(world.hardness))
    return summed(up, lost, there.stop - there.start)


def _surviving(looks: Looks, rivals: Cells, rules: Rules, found: Assessment) -> Elementwise:
    """Return the share of the buyer's launchers, the batch's included, that a rival misses."""
    world, at = looks.world, looks.world.layout.weighing.rivals
    first, last = world.layout.weighing.ends[STRIKE : STRIKE + 2]
    cells = rivals.rows(first, last)
    buyer, rival, back, offer = (
        Rows(each[first:last], cells) for each in (at.buyer, at.rival, at.pairs[1], at.offer)
    )
    return in_runs(rules.counterforce, cells.lane).surviving(
        find=rival.of(world.find),
        rounds_in_reach=back.of(found.stock.reach),
        launchers=buyer.of(found.stock.launchers) + offer.of(bought(world)),
    )


def _shielded(
    looks: Looks, rivals: Cells, there: slice, rules: Rules, found: Assessment
) -> Elementwise:
    """Return each rival's exposure of the buyer with a batch of each air-defence offer."""
    world, layout, at = looks.world, looks.world.layout, looks.world.layout.weighing.shields
    shots = rivals.spread(at.parent)
    shot, offer, asset = (Rows(each, shots) for each in (at.shot, at.offer, at.asset))
    passing = rules.strike.passing(defence=world.worth[layout.system] * bought(world))
    lost = rules.strike.destroyed(
        hits=shot.of(found.hits) * offer.of(passing),
        value=asset.of(world.value),
        hardness=asset.of(world.hardness),
    )
    return summed(shots.up - there.start, lost, there.stop - there.start)
