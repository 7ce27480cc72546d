"""Ties: regard, memories, precedent, rents and grievances, engagement and exit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import (
    Dyadic,
    Elementwise,
    Exportwise,
    Memberwise,
    added,
    chance,
    put,
)
from sim.kernel.decision_points import Decide, WithdrawalPoint
from sim.kernel.noise import Noise, uniform
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.accessions import joined
from sim.steps.appeals import Answers
from sim.steps.assessment import Assessment, protection
from sim.steps.customs import offences
from sim.steps.deliveries import Flows
from sim.steps.esteem import leaving, liking, standing
from sim.steps.exclusions import frozen, judged, shocked
from sim.steps.grants import given, granted
from sim.steps.habits import departures, used
from sim.steps.privileges import excludes, own_budget
from sim.steps.sanctions import harm, resented, with_sanctions
from sim.steps.slights import cooled


@dataclass(frozen=True, kw_only=True, eq=False)
class Deeds:
    """Effects of a period's deliveries on others, in years of import budget unless stated."""

    supply: Exportwise  # what each exporter delivered to i
    betrayal: Dyadic  # [i, j]: what j delivered to i's rivals, weighted by the dispute
    purchase: Exportwise  # the same, in sales that matter to that state's exporters
    cut: Elementwise  # by row of `trade_index`: harm by the other's sanctions
    harm: Dyadic  # [i, j]: what j did to i by arms for its rivals, and by sanctions
    custom: Mapping[int, Dyadic]  # by bloc with a custom; [i, j]: what j bought from i's rivals
    inside: Mapping[int, Dyadic]  # by bloc, [i, j]: of the betrayal, what does not count in it
    refused: Memberwise  # harm by burdens that fellow members refused


def deeds(world: World, rules: Rules, flows: Flows, dt: float, refused: Memberwise) -> Deeds:
    """Return the effects of deliveries, of arms for rivals, and of refusals."""
    layout = world.layout
    budget = own_budget(world, rules)[:, None]
    supply = harming = flows.listed / budget
    minded = None
    if rules.harm.looks_back:
        fresh, minded = departures(world, rules, flows)
        harming = fresh / budget
    column = layout.seller_column
    to_rival = world.rivalry[:, None] * harming[layout.dyad_to[:, None], column]
    if minded is not None:
        to_rival = to_rival * minded[layout.dyad_from[:, None], column]
    betrayal = put(
        np.zeros((*world.affinity.shape[:2], supply.shape[-1])),
        (slice(None), layout.sellers),
        layout.dyads_by_sender.sum(to_rival),
        inplace=True,
    )
    states = np.arange(len(layout.states))
    betrayal = put(betrayal, (states, states), 0.0)
    cut = harm(world, rules, dt) if layout.trades else world.trade
    return Deeds(
        supply=supply,
        betrayal=betrayal,
        purchase=flows.listed / world.export_scale[layout.exporters],
        cut=cut,
        harm=with_sanctions(betrayal, world, cut) if layout.trades else betrayal,
        custom=offences(world, supply) if layout.customs.size else {},
        inside=_inside(world, to_rival) if layout.has_inside else {},
        refused=refused,
    )


def _inside(world: World, to_rival: Elementwise) -> Mapping[int, Dyadic]:
    """Return by bloc the harm by arms for fellow members that does not count in it."""
    layout, found = world.layout, {}
    for bloc in range(len(layout.blocs)):
        fellow = world.member[layout.dyad_to, bloc][:, None]
        lost = layout.dyads_by_sender.sum(to_rival * fellow) * (1 - world.inside[bloc])
        zero = 0.0 * world.affinity
        found[bloc] = put(zero, (slice(None), layout.sellers), lost, inplace=True)
    return found


def regard(*, world: World, rules: Rules, deeds: Deeds, fellow: Dyadic, dt: float) -> World:
    """Return the world after affinities changed and returned towards their base."""
    moved = _courted(_moved(world, rules, deeds, fellow), world, rules, deeds)
    if world.layout.trades:
        moved = resented(moved, world, rules, deeds.cut, fellow)
    if deeds.custom:
        moved = rules.affinity.offended(affinity=moved, custom=sum(deeds.custom.values()))
    if rules.slight.is_felt:
        moved = cooled(moved, world, rules, dt)
    drifted = rules.affinity.drifted(
        affinity=moved,
        base=world.affinity_base,
        pull=rules.affinity.pull(affinity=moved),
        dt=dt,
    )
    states = np.arange(len(world.layout.states))
    return world.but(affinity=put(drifted, (states, states), 0.0, inplace=True))


def _moved(world: World, rules: Rules, deeds: Deeds, fellow: Dyadic) -> Dyadic:
    """Return the affinities after the deliveries of a period; only sellers deliver."""
    toward = (slice(None), world.layout.sellers)
    moved = rules.affinity.moved(
        affinity=world.affinity[toward],
        supply=deeds.supply[:, world.layout.seller_column],
        betrayal=deeds.betrayal[toward],
        fellow=fellow[toward],
    )
    return put(world.affinity, toward, moved)


def _courted(affinity: Dyadic, world: World, rules: Rules, deeds: Deeds) -> Dyadic:
    """Return the affinities after the purchases of a period: of sellers for their buyers."""
    sellers, column = world.layout.sellers, world.layout.seller_column
    courted = rules.affinity.courted(
        affinity=affinity[sellers], purchase=np.moveaxis(deeds.purchase[:, column], 0, 1)
    )
    return put(affinity, sellers, courted)


def remember(
    *, world: World, rules: Rules, flows: Flows, deeds: Deeds, number: int, dt: float
) -> World:
    """Return the world after memories faded and took in the deliveries of a period, by date."""
    layout = world.layout
    fade = np.exp(-dt / rules.precedent.memory)
    forget = np.exp(-dt / rules.patronage.memory)
    k, b = layout.seller_member_index.T
    disputes = layout.appeals_by_adversary.max(
        world.rivalry[layout.appeal_index[:, 1]]
        * world.member[layout.dyad_from[layout.appeal_index[:, 1]], layout.appeal_index[:, 0]]
    )
    outside = disputes.reshape(-1, *world.gdp.shape) * (1 - np.moveaxis(world.member, 1, 0))
    sent = flows.tiv[:, layout.export_column[k]] * world.member[k, b]
    to_members = (sent * world.member[:, b]).sum(axis=0)
    to_rivals = (sent * np.moveaxis(outside, 0, 1)[:, b]).sum(axis=0)
    leads = world.member[layout.leader, np.arange(len(layout.blocs))]
    terms = np.maximum(flows.waived, 0.0)  # a price above the list is not a side payment
    if layout.grants:
        terms = terms + given(world, granted(world, number, dt))[:, layout.leader]
    gift = terms / own_budget(world, rules)[:, None] * world.member * leads
    i, bloc = layout.member_index.T
    harmed = by_fellows(world, deeds)
    grievance = put(
        np.zeros(world.grievance.shape), (i, bloc), harmed * world.member[i, bloc], inplace=True
    )
    if rules.harm.looks_back:
        world = used(world, rules, flows, dt)
    if rules.breach.is_noted:
        world = world.but(belief=_noted(world, rules, grievance))
    return world.but(
        recent_tiv=world.recent_tiv * fade + flows.tiv,
        recent_value=world.recent_value * fade + flows.listed,
        imported_tiv=world.imported_tiv + flows.tiv,
        supplied_members=_added(world.supplied_members * fade, (k, b), to_members),
        supplied_rivals=_added(world.supplied_rivals * fade, (k, b), to_rivals),
        rent=world.rent * forget + gift,
        grievance=world.grievance * forget + grievance,
    )


def _noted(world: World, rules: Rules, harm: Memberwise) -> Memberwise:
    """Return beliefs in aid after harm by fellow members: (states, blocs, runs)."""
    others = (harm.sum(axis=0) - harm) * world.member
    return rules.breach.belief(belief=world.belief, harm=harm, harm_others=others)


def by_fellows(world: World, deeds: Deeds) -> Elementwise:
    """Return the harm by fellow members, by row of `member_index`, as inside and custom have it."""
    i, b = world.layout.member_index.T
    row, j = world.layout.fellow_index.T
    harm = world.layout.fellows_by_member.sum(deeds.harm[i[row], j] * world.member[j, b[row]])
    if world.layout.asks:
        harm = harm + deeds.refused[i, b]
    if not (deeds.custom or deeds.inside):
        return harm
    more = np.zeros(world.grievance.shape)
    for bloc in range(len(world.layout.blocs)):
        member = world.member[:, bloc]
        of_bloc = 0.0 * member
        if bloc in deeds.inside:
            of_bloc = of_bloc - (deeds.inside[bloc] * member).sum(axis=1)
        if bloc in deeds.custom:
            of_bloc = of_bloc + deeds.custom[bloc].sum(axis=1)
        more = put(more, (slice(None), bloc), of_bloc, inplace=True)
    return np.maximum(harm + more[i, b], 0.0)


def case_of_membership(
    world: World, rules: Rules, view: Assessment, ways_out: Memberwise
) -> Mapping[str, Memberwise]:
    """Return the inputs of the utility of taking part: (states, blocs, runs)."""
    layout = world.layout
    i, b = layout.member_index.T
    leader, others = liking(world)
    regards = rules.engagement.regard(leader=leader, others=others)
    return {
        "protection": protection(world, rules, view),
        "rent": world.rent,
        "regard": put(np.zeros(world.rent.shape), (i, b), regards),
        "belief": world.belief,
        "grievance": world.grievance,
        "ways_out": ways_out,
        **(standing(world, rules, view) if rules.engagement.mutual else {}),
    }


def worth_of_membership(
    world: World, rules: Rules, view: Assessment, ways_out: Memberwise
) -> Mapping[str, Memberwise]:
    """Return the log odds of taking part, by reason: (states, blocs, runs)."""
    return rules.engagement.terms(**case_of_membership(world, rules, view, ways_out))


def take_part(
    *,
    world: World,
    rules: Rules,
    noise: Noise,
    view: Assessment,
    ways_out: Memberwise,
    ways_by: Callable[[], Elementwise],
    answers: Answers,
    deeds: Deeds,
    decide: Decide,
    dt: float,
) -> tuple[World, Mapping[str, Memberwise]]:
    """Return the world after changes of engagement and exits, with the reasons."""
    layout, before = world.layout, world.engagement
    shocks: Mapping[str, Elementwise] = {}
    if rules.membership.shocked:
        harm = by_fellows(world, deeds)
        world, shocks = shocked(world=world, rules=rules, answers=answers, harm=harm, dt=dt)
    world = judged(world=world, rules=rules, noise=noise, decide=decide, dt=dt)
    known = case_of_membership(world, rules, view, ways_out)
    terms = rules.engagement.terms(**known)
    worth = sum(terms.values())
    moved = rules.engagement.moved(engagement=world.engagement, worth=worth, dt=dt)
    engagement = np.where(layout.leads > 0, 1.0, moved) * world.member
    world, engagement = frozen(
        world=world,
        rules=rules,
        noise=noise,
        shocks=shocks,
        worth=worth,
        engagement=engagement,
        decide=decide,
        dt=dt,
    )
    if excludes(world, rules):
        engagement = engagement * (1 - world.shut_out)
    i, b = layout.member_index.T
    price = leaving(world, rules, view)
    case = {"engagement": engagement[i, b], "ways_out": ways_out[i, b], **price}
    goes = rules.membership.terms(**case)
    draw = noise.draw(uniform("exit", layout.state_keys[i][:, None], layout.bloc_keys[b][:, None]))
    likely = chance(rules.membership.hazard(wish=added(goes)), dt)
    left = (draw < likely) & (layout.leader[b] != i)[:, None]
    leaves = put(np.zeros(engagement.shape, dtype=bool), (i, b), left, inplace=True)
    point = WithdrawalPoint(
        terms=terms,
        inputs=known,
        draw=draw,
        before=before,
        engagement=engagement,
        price=price,
        leaving=goes,
        ways_out=ways_by,
        shut_out=world.shut_out,
        chance=likely,
    )
    leaves = decide(leaves, point)
    leaves = leaves & (world.member > 0)
    world = world.but(
        member=world.member * ~leaves,
        engagement=engagement * ~leaves,
        exited=np.maximum(world.exited, leaves * 1.0),
    )
    if excludes(world, rules):
        world = world.but(shut_out=world.shut_out * world.member)
    if rules.membership.shocked:
        world = world.but(frozen=world.frozen * world.member, shaken=world.shaken * world.member)
    if layout.asks:
        world = world.but(denied=world.denied * world.member)
    world = joined(world=world, rules=rules, noise=noise, view=view, decide=decide, dt=dt)
    return world, terms


def _added(table: Memberwise, cells: tuple[np.ndarray, ...], values: Elementwise) -> Memberwise:
    """Return a new table (states, blocs, runs) with values added to some cells."""
    return put(table, cells, table[cells] + values, inplace=True)
