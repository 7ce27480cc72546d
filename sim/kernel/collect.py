"""Collect: the metrics of every period, from what the period left behind."""

from collections.abc import Mapping

import numpy as np

from sim.kernel.arrays import NONE, Elementwise, added, logistic, namespace, put
from sim.kernel.layout.layout import Layout
from sim.kernel.layout.market_index import SHIELD
from sim.kernel.period import Passed
from sim.kernel.rules import Rules
from sim.laws.membership import FROZEN
from sim.metrics import blocs, dyads, states
from sim.steps.appeals import odds_of_coming

STRIKE_RANGE = 150.0  # km, from which a strike system counts as long-range


def subjects(layout: Layout, kind: str) -> list[str]:
    """Return the names of the subjects of a kind of metric, in the order of its rows."""
    return layout.subjects[kind]


def collect(passed: Passed, rules: Rules) -> dict[str, Elementwise]:
    """Return the metrics of one period by name, each (subjects, runs); running sums left out."""
    return {
        **_of_blocs(passed, rules),
        **_of_appeals(passed),
        **_of_dyads(passed, rules),
        **_of_states(passed),
        "affinity": passed.world.affinity[tuple(passed.world.layout.tie_index.T)],
        "consent": passed.consent,
    }


def _of_blocs(passed: Passed, rules: Rules) -> Mapping[str, Elementwise]:
    world, layout = passed.world, passed.world.layout
    xp = namespace(world.gdp)
    i, b = layout.member_index.T
    groups = layout.members_by_bloc
    leads = (layout.leader[b] == i)[:, None]
    present = world.member[i, b] * ~leads
    engagement, belief = world.engagement[i, b], world.belief[i, b]
    row, k = layout.fellow_index.T
    fellow = world.member[k, b[row]]
    count = xp.maximum(layout.fellows_by_member.sum(fellow), 1.0)
    affinity = layout.fellows_by_member.sum(world.affinity[i[row], k] * fellow) / count
    to_leader = world.affinity[i, layout.leader[b]]
    stage = rules.membership.stage(engagement=engagement) * present
    worth = added(passed.worth)
    members, rivals = world.supplied_members, world.supplied_rivals
    own = members[layout.leader, np.arange(len(layout.blocs))]
    return {
        "cohesion": blocs.cohesion(
            engagement=engagement,
            affinity=affinity,
            belief=belief,
            present=present,
            weights=world.cohesion_weights,
            blocs=groups,
        ),
        "engagement": blocs.mean(engagement, present, groups),
        "engagement_min": blocs.least(engagement, present, groups),
        "affinity_mean": blocs.mean(affinity, present, groups),
        "affinity_min": blocs.least(affinity, present, groups),
        "reliability": blocs.mean(reliability(passed, rules), world.member[i, b], groups),
        "adversary_supply": blocs.share(rivals.sum(axis=0), (members + rivals).sum(axis=0)),
        "precedent": passed.precedent,
        "hub_share": blocs.share(own, members.sum(axis=0)),
        "spread_to_leader": blocs.spread(to_leader, present, groups),
        "side_payment_dependence": blocs.dependent(
            worth=worth[i, b], by_rent=passed.worth["rent"][i, b], present=present, blocs=groups
        ),
        "ladder_stage": groups.max(stage),
        "exits": world.exited.sum(axis=0),
        "membership": 1.0 * world.member[i, b],
        "formal_exit": 1.0 * world.exited[i, b],
        "participation": engagement,
        "belief": belief,
        "rent": world.rent[i, b],
        "grievance": world.grievance[i, b],
        "stage": stage,
    }


APPEALS = ("appeals", "answers", "internal_appeals", "internal_answers")


def _of_appeals(passed: Passed) -> Mapping[str, Elementwise]:
    """Return the appeals of each member in the period and what they were answered, 0 to 1."""
    layout, heard = passed.world.layout, passed.heard
    xp = namespace(heard.answer)
    found = xp.zeros((len(APPEALS), len(layout.member_index), heard.answer.shape[-1]))
    for row, number in enumerate(heard.appeals.bloc[:, 0]):
        own = np.nonzero(layout.member_index[:, 1] == number)[0]
        made = (heard.appeals.victim[row] == layout.member_index[own, :1]) * heard.appeals.made[row]
        internal = made * (heard.appeals.attacker[row] == NONE)
        told = [made, made * heard.answer[row], internal, internal * heard.answer[row]]
        cells = (slice(None), own)
        found = put(found, cells, found[cells] + xp.stack(told), own=True)
    return dict(zip(APPEALS, found, strict=True))


def reliability(passed: Passed, rules: Rules) -> Elementwise:
    """Return the probability that a standard appeal of each member is honoured: (members, runs).

    The attacker is the state that the member fears most, else one of its own strength to which
    nobody has any ties. The bloc answers as its leader does; for the leader's own appeal, or
    one against it, as the strength-weighted mean of the others.
    """
    world, layout, found = passed.world, passed.world.layout, passed.found
    xp = namespace(world.gdp)
    i, b = layout.member_index.T
    row, k = layout.fellow_index.T
    runs = world.gdp.shape[-1]
    pairs = layout.sender_dyads[i]
    scores = (
        xp.where((pairs != NONE)[..., None], found.threat[xp.maximum(pairs, 0)], -1.0)
        if layout.dyad_from.size
        else xp.full((*pairs.shape, runs), -1.0)
    )
    best = scores.argmax(axis=1)
    feared = scores.max(axis=1) > 0
    attacker = (
        layout.dyad_to[pairs[np.arange(i.size)[:, None], best]]
        if layout.dyad_from.size
        else best * 0
    )
    attacker = xp.where(feared, attacker, NONE)
    terms = odds_of_coming(
        world,
        rules,
        found.strength,
        bloc=b[row][:, None],
        helper=k[:, None],
        victim=i[row][:, None],
        attacker=attacker[row],
        stranger=1.0,
    )
    asked = world.member[k, b[row]] * (attacker[row] != k[:, None])
    comes = logistic(added(terms)) * asked
    weight = found.strength[k] * asked
    leader = layout.leader[b][:, None]
    return rules.appeal.answer(
        leader=layout.fellows_by_member.sum(comes * (k == layout.leader[b[row]])[:, None]),
        mean=layout.fellows_by_member.sum(weight * comes)
        / xp.maximum(layout.fellows_by_member.sum(weight), 1e-9),
        party=1.0 * ((i[:, None] == leader) | (attacker == leader)),
    )


def _of_dyads(passed: Passed, rules: Rules) -> Mapping[str, Elementwise]:
    world, layout, found = passed.world, passed.world.layout, passed.found
    xp = namespace(world.gdp)
    back = layout.reverse
    wars = xp.zeros(found.win.shape)
    first = layout.rival_dyads
    wars = put(put(wars, first, passed.wars), back[first], passed.wars)
    rate = rules.crisis.rate(rivalry=world.rivalry, rivalry_back=world.rivalry[back])
    gain = xp.maximum(found.gain, found.gain[back])
    return {
        "exposure": found.exposure,
        "second_strike": found.second_strike,
        "deterrence_margin": -found.gain[back],
        "win": found.win,
        "threat": found.threat,
        "rivalry": world.rivalry,
        "parity": dyads.parity(found.exposure, found.exposure[back]),
        "war_rate": rate * rules.crisis.escalation(gain=gain),
        "wars": wars,
        "cost_exchange": dyads.cost_exchange(
            price=world.last_strike_value[layout.dyad_from],
            growth=world.last_strike_growth,
            defence_scale=rules.strike.defence_scale,
            defence_price=defence_price(passed),
        ),
    }


def defence_price(passed: Passed) -> Elementwise:
    """Return the lowest listed price of air defence, million USD a TIV: (1, runs or 1)."""
    world, layout = passed.world, passed.world.layout
    xp = namespace(world.price)
    offers = np.nonzero(layout.market.kinds == SHIELD)[0]
    if offers.size == 0:
        return xp.ones((1, 1))
    tiv = world.batch * world.worth[layout.system] * world.condition
    return (world.price / tiv)[offers].min(axis=0)[None]


def _of_states(passed: Passed) -> Mapping[str, Elementwise]:
    world, layout, flows = passed.world, passed.world.layout, passed.flows
    cells = tuple(layout.supply_index.T)
    groups = layout.supplies_by_buyer
    share = states.shares(world.recent_tiv[cells], groups)
    return {
        "insecurity": passed.found.insecurity,
        "strength": passed.found.strength,
        "fund": world.fund,
        "debt": world.debt.sum(axis=1),
        "arrears": world.arrears.sum(axis=1),
        "hhi": states.concentration(share, groups),
        "suppliers": states.suppliers(share, groups),
        "imports": flows.tiv.sum(axis=1),
        "supplied": flows.tiv[cells],
        "supplier_share": share,
    }


def running(series: dict[str, np.ndarray], layout: Layout) -> dict[str, np.ndarray]:
    """Return the series (periods, subjects, runs) with sums over the periods so far."""
    frozen = (series["ladder_stage"] >= FROZEN) * (12 * layout.calendar.dt)
    return {
        **series,
        "months_frozen": np.cumsum(frozen, axis=0),
        **{name: np.cumsum(series[name], axis=0) for name in ("wars", *APPEALS)},
    }
