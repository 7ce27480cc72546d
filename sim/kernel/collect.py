"""Collect: the metrics of every period, from the record that the period leaves.

This file gathers the inputs of metrics by kind of subject; the metrics are in `sim.metrics`.
"""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from sim.kernel.arrays import NONE, Elementwise, Pairwise, added, idle, put
from sim.kernel.dates import YEAR
from sim.kernel.layout.layout import Layout
from sim.kernel.layout.market_index import SHIELD
from sim.kernel.period import Passed
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.laws.membership import FROZEN
from sim.metrics import blocs, burdens, dyads, profile, sales, states
from sim.metrics.credibility import credibility
from sim.metrics.declaration import Metric
from sim.metrics.profile import by_bloc
from sim.steps.appeals import odds_of_coming
from sim.steps.crises import under_way
from sim.steps.privileges import excludes

PERIODIC: Mapping[str, Metric] = {
    **blocs.BLOC,
    **profile.BLOC,
    **blocs.MEMBER,
    **profile.MEMBER,
    **dyads.DYAD,
    **dyads.TIE,
    **states.STATE,
    **states.SUPPLY,
    **states.HOLDING,
    **states.TRADER,
    **burdens.ASKER,
    **burdens.BEARER,
    **sales.QUERY,
}


def collect(
    passed: Passed, rules: Rules, names: Collection[str] = PERIODIC
) -> dict[str, Elementwise]:
    """Return metrics of one period by name, each (subjects, runs), without running sums."""
    wanted = {name: PERIODIC[name] for name in PERIODIC if name in names}
    known = {each: each(passed, rules) for each in {_KNOWN[m.kind]: 0 for m in wanted.values()}}
    return {
        name: metric.function(known[_KNOWN[metric.kind]])
        for name, metric in wanted.items()
        if metric.function is not None
    }


def whole(series: dict[str, np.ndarray], end: World) -> dict[str, np.ndarray]:
    """Return the series (periods, subjects, runs) of a run so far, from those of its periods.

    Running sums are made in place over the periods so far. Metrics that derive from them or from
    the log are added. Metrics for which a bloc is too small are NaN.
    """
    for name, values in series.items():
        if PERIODIC[name].summed:
            for before, now in pairwise(values):
                np.add(now, before, out=now)
    layout = end.layout
    present = by_bloc(series["membership"], layout)
    strikes = states.long_range_strikes(end)
    series |= {name: values[: len(present)] for name, values in strikes.items()}
    series["answered"] = profile.answered(series, layout)
    series |= burdens.shares(series, layout)
    founders = layout.members_by_bloc.sum(layout.founders)[None]
    for name, metric in PERIODIC.items():
        small = (founders if metric.cohort else present) < metric.fewest
        if metric.fewest and small.any():
            series[name] = np.where(small, np.nan, series[name])
    return series


def _members(passed: Passed, rules: Rules) -> blocs.Members:
    world, layout = passed.world, passed.world.layout
    i, b = layout.member_index.T
    row, k = layout.fellow_index.T
    member = world.member[i, b]
    present = member * (layout.leader[b] != i)[:, None]
    fellow, founder = world.member[k, b[row]], 1.0 * layout.founded[k, b[row]][:, None]
    toward, sums = world.affinity[i[row], k], layout.fellows_by_member.sum
    help_ = credibility(
        world,
        strength=passed.view.strength,
        threat=passed.view.threat,
        odds=partial(odds_of_coming, world, rules, passed.view.strength, stranger=1.0),
        answer=rules.appeal.answer,
        win=rules.contest.win,
        excludes=excludes(world, rules),
    )
    return blocs.Members(
        blocs=layout.members_by_bloc,
        member=1.0 * member,
        present=present,
        founders=layout.founders * (layout.leader[b] != i)[:, None],
        engagement=world.engagement[i, b],
        belief=world.belief[i, b],
        affinity=sums(toward * fellow) / np.maximum(sums(fellow), 1.0),
        to_founders=sums(toward * founder) / np.maximum(sums(founder), 1.0),
        to_leader=world.affinity[i, layout.leader[b]],
        credibility=help_.answered,
        aid=help_.aid,
        worth=added(passed.worth)[i, b],
        by_rent=passed.worth["rent"][i, b],
        rent=world.rent[i, b],
        grievance=world.grievance[i, b],
        stage=rules.membership.stage(engagement=world.engagement[i, b], frozen=world.frozen[i, b])
        * present,
        exited=1.0 * world.exited[i, b],
        **_appeals(passed),
        weights=world.cohesion_weights,
        supplied=world.supplied_members,
        supplied_rivals=world.supplied_rivals,
        supplied_by_leader=world.supplied_members[layout.leader, np.arange(len(layout.blocs))],
        precedent=passed.precedent,
        exits=world.exited.sum(axis=0),
        frozen=FROZEN,
        months=YEAR * layout.calendar.dt,
        **_camps(world),
    )


def _camps(world: World) -> dict[str, Any]:
    """Return the pairs of states near each bloc: regard for each other, and which are opponents.

    Near a bloc are its members and the states with which a member has a dispute.
    """
    layout = world.layout
    b, i, j = layout.camp_index.T
    rival = layout.dyads_by_target.max(world.member[layout.dyad_from])
    inside = world.member[i, b], world.member[j, b]
    outside = (1 - inside[0]) * rival[i, b], (1 - inside[1]) * rival[j, b]
    across = inside[0] * outside[1] + outside[0] * inside[1]
    mutual = (world.affinity[i, j] + world.affinity[j, i]) / 2
    return {
        "camps": layout.camps_by_bloc,
        "near": (across + inside[0] * inside[1]) * mutual,
        "across": across,
    }


def _appeals(passed: Passed) -> dict[str, Elementwise]:
    """Return the appeals of each member in the period, and their answers, 0 to 1."""
    layout, answers = passed.world.layout, passed.answers
    appeals, member = answers.appeals, layout.member_index
    names = ("appeals", "answers", "internal_appeals", "internal_answers")
    sums = np.zeros((len(names), len(member), answers.answer.shape[-1]))
    for row in range(appeals.bloc.shape[0]):
        if idle(appeals.made[row]):
            continue
        own = (member[:, 1:] == appeals.bloc[row]) & (member[:, :1] == appeals.victim[row])
        made = own * appeals.made[row]
        internal = made * (appeals.attacker[row] == NONE)
        answer = answers.answer[row]
        sums = sums + np.stack([made, made * answer, internal, internal * answer])
    return dict(zip(names, sums, strict=True))


def _dyads(passed: Passed, rules: Rules) -> dyads.RivalDyads:
    world, layout, view = passed.world, passed.world.layout, passed.view
    back = layout.reverse
    fought = under_way(world, world.period)
    over = (world.war_until == world.period) * 1.0
    rate = rules.crisis.rate(rivalry=world.rivalry, rivalry_back=world.rivalry[back])
    gain = np.maximum(view.gain, view.gain[back])
    return dyads.RivalDyads(
        exposure=view.exposure,
        exposure_back=view.exposure[back],
        second_strike=view.second_strike,
        gain_back=view.gain[back],
        win=view.win,
        threat=view.threat,
        rivalry=world.rivalry,
        war_rate=rate * rules.crisis.escalation(gain=gain),
        wars=_both_ways(layout, passed.wars.war, passed.wars.war),
        at_war=_both_ways(layout, fought, fought),
        victories=_both_ways(layout, over * world.war_won, over * (1 - world.war_won)),
        strike_price=world.last_strike_value[layout.dyad_from],
        strike_growth=world.last_strike_growth,
        defence_scale=rules.strike.defence_scale,
        defence_price=_defence_price(world),
    )


def _both_ways(layout: Layout, first: Elementwise, second: Elementwise) -> Pairwise:
    """Return values of the first and second sides of unordered rival dyads, by directed dyad."""
    sides = np.zeros((layout.dyad_to.size, first.shape[-1]))
    sides = put(sides, layout.rival_dyads, first, inplace=True)
    return put(sides, layout.reverse[layout.rival_dyads], second, inplace=True)


def _defence_price(world: World) -> Elementwise:
    """Return the lowest listed price of air defence, million USD per TIV: (1, runs or 1)."""
    layout = world.layout
    offers = np.nonzero(layout.market.kinds == SHIELD)[0]
    if offers.size == 0:
        return np.ones((1, 1))
    tiv = world.batch * world.worth[layout.system] * world.condition
    return (world.price / tiv)[offers].min(axis=0)[None]


def _states(passed: Passed, _: Rules) -> states.States:
    world, flows = passed.world, passed.flows
    buyer, seller = world.layout.supply_index.T
    cells = buyer, world.layout.export_column[seller]
    return states.States(
        insecurity=passed.view.insecurity,
        strength=passed.view.strength,
        burden=world.borne,
        spending=world.borne * world.gdp,
        budget=world.budget,
        reputation=world.reputation,
        fund=world.fund,
        debt=world.debt.sum(axis=1),
        arrears=world.arrears.sum(axis=1),
        imports=flows.tiv.sum(axis=1),
        buyers=world.layout.supplies_by_buyer,
        remembered=world.recent_tiv[cells],
        supplied=flows.tiv[cells],
    )


def _ties(passed: Passed, _: Rules) -> dyads.Ties:
    return dyads.Ties(affinity=passed.world.affinity[tuple(passed.world.layout.tie_index.T)])


def _holdings(passed: Passed, _: Rules) -> states.Inventories:
    cells = tuple(passed.world.layout.holding_index.T)
    return states.Inventories(holdings=passed.world.arsenal[cells])


def _traders(passed: Passed, _: Rules) -> states.Traders:
    world, layout = passed.world, passed.world.layout
    lost = layout.trade_by_state.sum(world.output_lost)[layout.traders]
    return states.Traders(output_lost=-np.expm1(-lost))


def _bearers(passed: Passed, _: Rules) -> burdens.Bearers:
    layout, done = passed.world.layout, passed.burdens
    vote = layout.ask_votes[layout.duty_index[:, 0]]
    sums = layout.duties_by_bearer.sum
    return burdens.Bearers(
        contributed=sums(done.borne * (1 - vote)),
        refused=sums(done.refused * (1 - vote)),
        voted=sums(done.borne * vote),
        abstained=sums(done.refused * vote),
    )


def _queries(passed: Passed, _: Rules) -> sales.Queries:
    return sales.Queries(consent=passed.consent)


# kind of subject -> function that gathers the inputs of its metrics
_KNOWN: Mapping[str, Callable[[Passed, Rules], Any]] = {
    "bloc": _members,
    "member": _members,
    "dyad": _dyads,
    "tie": _ties,
    "state": _states,
    "supply": _states,
    "holding": _holdings,
    "trader": _traders,
    "asker": _bearers,
    "bearer": _bearers,
    "query": _queries,
}
