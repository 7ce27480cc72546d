"""Crises: incidents between rivals, their escalation to war, and the effects of wars."""

from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import NONE, Elementwise, Monadic, Pairwise, chance, idle, put
from sim.kernel.inputs import Inputs
from sim.kernel.layout.layout import Layout
from sim.kernel.noise import Noise, uniform
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.assessment import Assessment
from sim.steps.pressure import comes_to_a_head
from sim.steps.volleys import fired


@dataclass(frozen=True, kw_only=True, eq=False)
class Clash:
    """The incidents and wars of a period: one row an unordered rival dyad."""

    incident: Elementwise  # 0 or 1
    war: Elementwise  # 0 or 1: whether one begins
    first_won: Elementwise  # 1 if the first side wins it
    periods: Elementwise  # duration in periods
    intensity: Elementwise  # intensity: share of the losses of a full war, 0 to 1
    pleading: Pairwise  # 1 where i was attacked by j and appeals
    alone: Pairwise  # 1 where i was attacked by j and does not appeal
    felt: Pairwise  # bitterness and lessons of a war of i and j, 0 to 1


def no_clash(layout: Layout, runs: int) -> Clash:
    """Return the record of a period of peace."""
    pairs, dyads = np.zeros((layout.rival_dyads.size, runs)), np.zeros((layout.dyad_to.size, runs))
    return Clash(
        incident=pairs,
        war=pairs,
        first_won=pairs,
        periods=pairs,
        intensity=pairs,
        pleading=dyads,
        alone=dyads,
        felt=dyads,
    )


def clash(
    *, world: World, rules: Rules, noise: Noise, inputs: Inputs, view: Assessment, dt: float
) -> Clash:
    """Return incidents, wars, attackers and winners."""
    layout = world.layout
    first, second = layout.rival_dyads, layout.reverse[layout.rival_dyads]
    keys = layout.dyad_keys[:, None]
    starts, escalates, wins = noise.draws(
        uniform("incident", keys), uniform("escalation", keys), uniform("victory", keys)
    )
    rate = rules.crisis.rate(rivalry=world.rivalry[first], rivalry_back=world.rivalry[second])
    peace = world.war_until < inputs.number
    incident = (starts < chance(rate, dt)) & peace
    incident = incident | (inputs.incident > 0)
    if layout.threats:
        incident = incident | (comes_to_a_head(world, inputs.number) & peace)
    by_gain = view.gain[second] > view.gain[first]
    by_second = np.where(inputs.attacker == NONE, by_gain, inputs.attacker == 1)
    gain = np.where(by_second, view.gain[second], view.gain[first])
    wars = incident & (escalates < rules.crisis.escalation(gain=gain))
    war = np.where(inputs.war == NONE, wars, inputs.war == 1)
    win = np.where(by_second, view.win[second], view.win[first])
    first_won = np.where(inputs.winner == NONE, (wins < win) ^ by_second, inputs.winner == 0)
    attacked = np.zeros(view.gain.shape)
    attacked = put(attacked, first, (war & by_second) * 1.0, inplace=True)
    attacked = put(attacked, second, (war & ~by_second) * 1.0, inplace=True)
    pleads = np.zeros((view.gain.shape[0], inputs.pleads.shape[-1]))
    felt, size = np.zeros(view.gain.shape), rules.war.felt(intensity=inputs.intensity)
    for side in (first, second):
        pleads = put(pleads, side, inputs.pleads, inplace=True)
        felt = put(felt, side, size + 0.0 * gain, inplace=True)
    return Clash(
        incident=incident * 1.0,
        war=war * 1.0,
        first_won=first_won * 1.0,
        periods=rules.war.periods(length=inputs.length, dt=dt),
        intensity=inputs.intensity,
        pleading=attacked * pleads,
        alone=attacked * (1 - pleads),
        felt=felt,
    )


def begin(*, world: World, wars: Clash, number: int) -> World:
    """Return the world with the wars under way that begin in a period, given by date."""
    begins = wars.war > 0
    return world.but(
        war_since=np.where(begins, number, world.war_since),
        war_until=np.where(begins, number + wars.periods - 1, world.war_until),
        war_won=np.where(begins, wars.first_won, world.war_won),
        war_intensity=np.where(begins, wars.intensity, world.war_intensity),
    )


def under_way(world: World, number: int) -> Elementwise:
    """Return 1 where two rivals are at war in a period, given by date: (rival dyads, runs)."""
    return (world.war_until >= number) * 1.0


def aftermath(
    *, world: World, rules: Rules, wars: Clash, strength: Monadic, number: int
) -> tuple[World, Monadic]:
    """Return the world after wars began and embittered, and the shares of arsenals that are left.

    The losses are applied together with ageing, at delivery; units used up are removed at once. If
    a new war of the same two ends another, the remaining costs of that one fall due at once.
    """
    layout, before = world.layout, world
    world = begin(world=world, wars=wars, number=number)
    first, second = layout.rival_dyads, layout.reverse[layout.rival_dyads]
    rest = under_way(before, number) * (wars.war > 0) * (before.war_until - number + 1)
    left_first, left_second = _left(world, rules, under_way(world, number))
    if not idle(rest):
        cut_first, cut_second = _left(before, rules, rest)
        left_first, left_second = left_first * cut_first, left_second * cut_second
        world = fired(world, rules, wars=before, periods=rest)
    world = fired(world, rules, wars=world, periods=under_way(world, number))
    remaining = layout.rival_dyads_by_side[0].product(left_first) * layout.rival_dyads_by_side[
        1
    ].product(left_second)
    war = np.zeros(wars.pleading.shape)
    for side in (first, second):
        war = put(war, side, wars.war, inplace=True)
    war = war * wars.felt
    cells = (layout.dyad_from, layout.dyad_to)
    world = world.but(
        rivalry=rules.war.dispute(rivalry=world.rivalry, war=war),
        affinity=put(
            world.affinity,
            cells,
            rules.war.enmity(affinity=world.affinity[cells], war=war),
        ),
    )
    world = stood_by(world=world, rules=rules, strength=strength, alone=wars.alone * wars.felt)
    return world, remaining


def _left(world: World, rules: Rules, periods: Elementwise) -> tuple[Elementwise, Elementwise]:
    """Return the shares of both arsenals left after some periods of the latest war."""
    part = periods / (world.war_until - world.war_since + 1)
    won, lost, intensity = part * world.war_won, part * (1 - world.war_won), world.war_intensity
    return (
        rules.war.remaining(won=won, lost=lost, intensity=intensity),
        rules.war.remaining(won=lost, lost=won, intensity=intensity),
    )


def stood_by(*, world: World, rules: Rules, strength: Monadic, alone: Pairwise) -> World:
    """Return the world after members that fought without an appeal and aid judged the others."""
    layout, law = world.layout, rules.war
    if idle(alone):
        return world
    bloc, pair = layout.appeal_index.T
    i = layout.dyad_from[pair]
    left = law.unasked * alone[pair] * world.member[i, bloc]  # by bloc and pair
    judges, judged = tuple(layout.pleader_index.T), layout.appeals_by_pleader.max(left)
    appeal, k = layout.aid_index.T
    duty = None
    if law.weighs_duty:
        attacker = layout.dyad_to[pair[appeal]]
        covered = 1 - world.member[attacker, bloc[appeal]]
        if layout.has_scope:
            victim = layout.dyad_from[pair[appeal]]
            covered = covered * layout.covers[bloc[appeal], victim, attacker]
        duty = law.duty(
            commitment=world.commitment[bloc[appeal]],
            covered=covered,
            strength=strength[k],
            strength_attacker=strength[attacker],
        )
    blame = law.blame(leads=(layout.leader[bloc[appeal]] == k)[:, None] * 1.0, duty=duty)
    ties = tuple(layout.bystander_index.T)
    share = layout.aids_by_bystander.max(blame * left[appeal] * world.member[k, bloc[appeal]])
    belief = law.belief(
        belief=world.belief[judges], answer=0 * judged, victim=0 * judged + 1, heard=judged
    )
    affinity = world.affinity[ties]
    return world.but(
        belief=put(world.belief, judges, belief),
        affinity=put(world.affinity, ties, affinity - share * (1 + affinity)),
    )


def strain(*, world: World, rules: Rules, number: int, dt: float) -> World:
    """Return the world with the strain of wars on the states that fight them."""
    binding = under_way(world, number) * world.war_intensity
    first, second = (side.max(binding) for side in world.layout.rival_dyads_by_side)
    intensity = np.maximum(first, second)
    return world.but(strain=rules.war.strained(strain=world.strain, intensity=intensity, dt=dt))
