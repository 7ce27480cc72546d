"""Law 7, what offers are worth: the drop in a buyer's insecurity if it had one batch today."""

from dataclasses import dataclass
from functools import cached_property

from sim.arrays import Elementwise, Index, in_runs, namespace, pick, put
from sim.lists import Cells, summed
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
    def offer(self) -> Index:
        """Return the offer of each entry."""
        return self.world.layout.weighing.offer[self.cells.row]

    @cached_property
    def buyer(self) -> Index:
        """Return the place of the buyer among the buyers, of each entry."""
        return self.world.layout.weighing.buyer[self.cells.row]

    @cached_property
    def state(self) -> Index:
        """Return the buyer, as a state, of each entry."""
        return self.world.layout.buyers[self.buyer]

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
    world, layout, lane = looks.world, looks.world.layout, looks.cells.lane
    state = looks.state
    strength = _stronger(looks, found)
    rivals = looks.cells.spread(layout.weighing.rivals[0])
    threat = _threat(looks, rivals, rules, found, strength[rivals.up])
    insecurity = in_runs(rules.insecurity, lane).insecurity(
        threat=summed(rivals.up, threat, strength.shape[0]),
        neighbour=pick(found.neighbour, state, lane),
        strength=strength,
    )
    return pick(found.insecurity, state, lane) - insecurity


def _stronger(looks: Looks, found: Assessment) -> Elementwise:
    """Return the strength of the buyer with a batch of the offer, TIV."""
    world, layout, lane = looks.world, looks.world.layout, looks.cells.lane
    xp = namespace(found.strength)
    offer, state = looks.offer, looks.state
    cls = layout.class_of[layout.system]
    satiation = pick(world.satiation[cls], offer, lane)
    cell = state * len(layout.classes) + cls[offer]
    full = pick(found.stock.held.reshape(-1, found.stock.held.shape[-1]), cell, lane)
    full += satiation
    more = pick(world.worth[layout.system] * bought(world), offer, lane)
    more = xp.log1p(more / full)
    more *= satiation
    more += pick(found.strength, state, lane)
    return more


def _threat(
    looks: Looks, rivals: Cells, rules: Rules, found: Assessment, strength: Elementwise
) -> Elementwise:
    """Return the threat that the buyer would perceive from each rival: (entries of rivals,)."""
    world, layout, lane = looks.world, looks.world.layout, rivals.lane
    pair = layout.weighing.rivals[1][rivals.row]
    back = layout.back[pair]
    striking, shielding = (
        rivals.part(*layout.weighing.ends[kind : kind + 2]) for kind in (STRIKE, SHIELD)
    )
    answered = _answered(looks, rivals, striking, rules, found)
    shielded = _shielded(looks, rivals, shielding, rules, found)
    return in_runs(rules.threat, lane).threat(
        rivalry=pick(world.rivalry, back, lane),
        win=in_runs(rules.contest, lane).win(
            strength=pick(found.strength, layout.pair_j[pair], lane),
            opposed=strength + pick(found.support, pair, lane),
        ),
        exposure=put(pick(found.exposure, back, lane), shielding, shielded, own=True),
        second_strike=put(pick(found.second_strike, pair, lane), striking, answered, own=True),
        near=pick(rules.threat.near(distance=world.distance), pair, lane),
    )


def _answered(
    looks: Looks, rivals: Cells, there: slice, rules: Rules, found: Assessment
) -> Elementwise:
    """Return the buyer's second strike with a batch of each strike offer: (entries `there`,)."""
    world, layout = looks.world, looks.world.layout
    parent, shot_of = layout.weighing.answers
    offer_of = layout.weighing.offer[layout.weighing.rivals[0][parent]]
    shots = rivals.spread(parent)
    shot, offer, lane = shot_of[shots.row], offer_of[shots.row], shots.lane
    up = shots.up - there.start
    asset = layout.shot_asset[shot]
    value = pick(world.value, asset, lane)
    more = pick(yields(world, rules, shot_of, layout.system[offer_of]), shots.row, lane)
    more = pick(bought(world), offer, lane) * more * value
    passing = rules.strike.passing(defence=found.defence)
    more *= pick(passing, layout.pair_j[layout.shot_pair[shot]], lane)
    surviving = _surviving(looks, rivals, there, rules, found)
    lost = rules.strike.destroyed(
        hits=(pick(found.hits, shot, lane) + more) * surviving[up],
        value=value,
        hardness=pick(world.hardness, asset, lane),
    )
    return summed(up, lost, there.stop - there.start)


def _surviving(
    looks: Looks, rivals: Cells, there: slice, rules: Rules, found: Assessment
) -> Elementwise:
    """Return the share of the buyer's launchers, the batch's included, that a rival misses."""
    world, layout = looks.world, looks.world.layout
    row, lane = rivals.row[there], rivals.lane[there]
    parent, pairs = layout.weighing.rivals
    pair = pairs[row]
    held = pick(found.stock.launchers, layout.pair_i[pair], lane)
    return in_runs(rules.counterforce, lane).surviving(
        find=pick(world.find, layout.pair_j[pair], lane),
        rounds_in_reach=pick(found.stock.reach, layout.back[pair], lane),
        launchers=held + pick(bought(world), layout.weighing.offer[parent[row]], lane),
    )


def _shielded(
    looks: Looks, rivals: Cells, there: slice, rules: Rules, found: Assessment
) -> Elementwise:
    """Return each rival's exposure of the buyer with a batch of each air-defence offer."""
    world, layout = looks.world, looks.world.layout
    parent, shot_of = layout.weighing.shields
    shots = rivals.spread(parent)
    shot, lane, up = shot_of[shots.row], shots.lane, shots.up - there.start
    asset = layout.shot_asset[shot]
    passing = rules.strike.passing(defence=world.worth[layout.system] * bought(world))
    offer = layout.weighing.offer[layout.weighing.rivals[0][parent]][shots.row]
    lost = rules.strike.destroyed(
        hits=pick(found.hits, shot, lane) * pick(passing, offer, lane),
        value=pick(world.value, asset, lane),
        hardness=pick(world.hardness, asset, lane),
    )
    return summed(up, lost, there.stop - there.start)
