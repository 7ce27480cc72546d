"""The metrics of one period, by subject: blocs and their members, dyads, states, ties."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bench.reference.agents import TINY, BlocAgent, Theatre, logistic
from bench.reference.crises import Heard, War, answer_of, covered, odds_of_coming, stake
from bench.reference.orders import Flows
from bench.reference.situation import Situation

FROZEN = 3  # stage of the ladder
STAGES = 6  # full, skips drills, refuses to host, frozen, stops paying, announces exit
PAIR = 2  # members beside the leader among whom there can be a difference
SHARE = 0.01  # of remembered imports, from which a supplier counts

Values = dict[str, float]  # subject -> value
Metrics = dict[str, Values]


@dataclass
class Ended:
    """The values of a period that the metrics use."""

    view: Situation  # of the world at the end of the period
    flows: Flows
    wars: list[War]  # that begin
    fought: list[War]  # that go on, those with them
    heard: list[Heard]
    precedents: Values  # as they stood when consent was asked for
    worth: dict[tuple[str, str], tuple[float, float]]  # of membership, by bloc and state
    queries: Values


def measure(model: Theatre, ended: Ended) -> Metrics:
    """Return the metrics of one period; sums over the periods so far are left out."""
    found: Metrics = {"consent": ended.queries, "affinity": _ties(model)}
    found["holdings"] = {
        f"{i} {w}": state.arsenal.get(w, 0.0)
        for i, state in model.states.items()
        for w in model.systems
    }
    lost: Values = {}
    for (i, _), each in model.trade.items():
        lost[i] = lost.get(i, 0.0) + each.lost
    found["output_lost"] = {i: 1 - math.exp(-each) for i, each in lost.items()}
    for bloc in model.blocs.values():
        for name, value in _of_bloc(model, bloc, ended).items():
            found.setdefault(name, {})[bloc.name] = value
        for i in bloc.eligible:
            for name, value in _of_member(model, bloc, i, ended).items():
                found.setdefault(name, {})[f"{i}:{bloc.name}"] = value
    for i, j in model.pairs:
        for name, value in _of_dyad(model, i, j, ended).items():
            found.setdefault(name, {})[f"{i}>{j}"] = value
    for i in model.states:
        for name, value in _of_state(model, i, ended).items():
            found.setdefault(name, {})[i] = value
    sellers = sorted({offer.supplier for offer in model.offers.values()})
    supplies = [(i, s) for i in model.buyers for s in sellers if s != i]
    found["supplied"] = {f"{s}>{i}": ended.flows.tiv[i, s] for i, s in supplies}
    found["supplier_share"] = {f"{s}>{i}": model.states[i].familiarity(s) for i, s in supplies}
    return found


def _ties(model: Theatre) -> Values:
    return {f"{i}>{j}": a for i, s in model.states.items() for j, a in s.affinity.items()}


def stage(model: Theatre, bloc: BlocAgent, i: str) -> int:
    """Return the stage of a member on the ladder of disengagement, 0 (full) to 5."""
    law, engagement = model.law.membership, bloc.engagement[i]
    found = 0
    if engagement < law.skips:
        found = min(math.floor((law.skips - engagement) / law.step) + 1, STAGES - 1)
    if law.form != "ShockedMembership":
        return found
    return max(found, FROZEN) if bloc.frozen[i] else min(found, FROZEN - 1)


def _of_member(model: Theatre, bloc: BlocAgent, i: str, ended: Ended) -> Values:
    own = [(a, answer) for a, answer in ended.heard if (a.victim, a.bloc) == (i, bloc.name)]
    internal = [(a, answer) for a, answer in own if a.attacker is None]
    counts = bloc.member[i] and i != bloc.leader
    answered, aid = credibility(model, bloc, i, ended.view)
    return {
        "participation": bloc.engagement[i],
        "belief": bloc.belief[i],
        "rent": bloc.rent[i],
        "grievance": bloc.grievance[i],
        "stage": stage(model, bloc, i) if counts else 0,
        "membership": float(bloc.member[i]),
        "formal_exit": float(bloc.exited[i]),
        "appeals": len(own),
        "answers": sum(answer for _, answer in own),
        "internal_appeals": len(internal),
        "internal_answers": sum(answer for _, answer in internal),
        "credibility": answered,
        "aid": aid,
    }


def mean(values: list[float]) -> float:
    """Return the mean of some numbers, 0 of none."""
    return sum(values) / len(values) if values else 0.0


def _of_bloc(model: Theatre, bloc: BlocAgent, ended: Ended) -> Values:
    others = [i for i in bloc.members if i != bloc.leader]
    began = [i for i in bloc.founders if i != bloc.leader]
    engagement = [bloc.engagement[i] for i in others]
    belief = [bloc.belief[i] for i in others]
    liking = [mean([model.states[i].affinity[k] for k in bloc.members if k != i]) for i in others]
    first = [mean([model.states[i].affinity[k] for k in bloc.founders if k != i]) for i in began]
    stays = [bloc.engagement[i] if bloc.member[i] else 0.0 for i in began]
    trust = [bloc.belief[i] if bloc.member[i] else 0.0 for i in began]
    harm = [bloc.grievance[i] for i in others]
    harmed = sum(h * e for h, e in zip(harm, engagement, strict=True))
    to_leader = [model.states[i].affinity[bloc.leader] for i in others]
    supplied = sum(bloc.supplied_members.values())
    rivals = sum(bloc.supplied_rivals.values())
    worth = [ended.worth[bloc.name, i] for i in others if (bloc.name, i) in ended.worth]
    calls = [credibility(model, bloc, i, ended.view) for i in bloc.members]
    found = {
        "cohesion": cohesion(bloc, engagement, liking, belief),
        "engagement": mean(engagement),
        "engagement_min": min(engagement, default=0.0),
        "engagement_harmed": harmed / sum(harm) if sum(harm) > 0 else mean(engagement),
        "belief_mean": mean(belief),
        "affinity_mean": mean(liking),
        "affinity_min": min(liking, default=0.0),
        "reliability": mean([answered for answered, _ in calls]),
        "aid_mean": mean([aid for _, aid in calls]),
        "energy": energy(model, bloc),
        "drills": mean([float(stage(model, bloc, i) == 0) for i in others]),
        "adversary_supply": rivals / max(supplied + rivals, 1e-9),
        "precedent": ended.precedents[bloc.name],
        "hub_share": bloc.supplied_members[bloc.leader] / max(supplied, 1e-9),
        "spread_to_leader": math.sqrt(mean([(a - mean(to_leader)) ** 2 for a in to_leader])),
        "side_payment_dependence": mean([float(v >= 0 > v - rent) for v, rent in worth]),
    }
    if not others:
        found = dict.fromkeys(found, math.nan)
    if len(others) < PAIR:
        found |= dict.fromkeys(("hub_share", "spread_to_leader"), math.nan)
    since = {
        "cohesion_founders": cohesion(bloc, stays, first, trust),
        "engagement_founders": mean(stays),
        "engagement_min_founders": min(stays, default=0.0),
        "belief_founders": mean(trust),
        "affinity_founders": mean(first),
    }
    if not began:
        since = dict.fromkeys(since, math.nan)
    furthest = max((stage(model, bloc, i) for i in others), default=0)
    return found | since | {"exits": sum(bloc.exited.values()), "ladder_stage": furthest}


def cohesion(bloc: BlocAgent, *parts: list[float]) -> float:
    """Return the index over some members, of their engagement, regard and belief."""
    engagement, liking, belief = parts
    means = mean(engagement), (1 + mean(liking)) / 2 if liking else 0.0, mean(belief)
    return sum(w * part for w, part in zip(bloc.weights, means, strict=True)) / sum(bloc.weights)


def energy(model: Theatre, bloc: BlocAgent) -> float:
    """Return the share of ties of members, with each other and with rivals, against the bloc."""
    inside = set(bloc.members)
    rivals = {j for i in inside for j in model.states[i].rivalry} - inside
    against = total = 0.0
    for i in sorted(inside):
        for j in sorted(inside | rivals):
            if j in rivals or i < j:
                tie = (model.states[i].affinity[j] + model.states[j].affinity[i]) / 2
                total += abs(tie)
                against += max(tie, 0.0) if j in rivals else max(-tie, 0.0)
    return against / total if total > 0 else 0.0


def credibility(model: Theatre, bloc: BlocAgent, i: str, view: Situation) -> tuple[float, float]:
    """Return the probability that a standard appeal of a member is honoured, and its worth."""
    if bloc.shut_out[i]:
        return 0.0, 0.0
    foe, most = None, 0.0
    for j in model.states[i].rivalry:
        if view.threat[i, j] > most:
            foe, most = j, view.threat[i, j]
    comes = {}
    for k in bloc.members:
        if k in {i, foe} or bloc.shut_out[k]:
            continue
        affinity = model.states[k].affinity
        strength = view.strength[i if foe is None else foe]
        share = strength / max(strength + view.strength[k], TINY)
        against = (0.0, share, 0.0)
        if foe is not None:
            against = bloc.spared(affinity[foe]), share, stake(model, k, foe)
        bound = i in bloc.area if foe is None else covered(bloc, i, foe)
        comes[k] = logistic(odds_of_coming(model, bloc, k, affinity[i], against, bound=bound))
    own = view.strength[i]
    helped = own + sum(view.strength[k] * likely for k, likely in comes.items())
    enemy = own if foe is None else view.strength[foe]
    aid = view.contest(enemy, own) - view.contest(enemy, helped)
    return answer_of(view, bloc, {i, foe}, comes), aid


def _of_dyad(model: Theatre, i: str, j: str, ended: Ended) -> Values:
    view, state, law = ended.view, model.states[i], model.law
    exposures = view.exposure[i, j], view.exposure[j, i]
    dispute = max(state.rivalry[j], model.states[j].rivalry[i])
    gain = max(view.gain[i, j], view.gain[j, i])
    growth, exchange = state.strike_growth[j], 0.5
    if growth > 0:
        undo = law.strike.defence_scale * growth * defence_price(model)
        both = state.strike_value + undo
        exchange = state.strike_value / both if both else 0.5
    return {
        "exposure": exposures[0],
        "second_strike": view.second[i, j],
        "deterrence_margin": -view.gain[j, i],
        "win": view.win[i, j],
        "threat": view.threat[i, j],
        "rivalry": state.rivalry[j],
        "parity": min(exposures) / max(*exposures, 1e-12),
        "war_rate": law.crisis.incidents * dispute * logistic(law.crisis.calculation * gain),
        "at_war": float(any({w.attacker, w.attacked} == {i, j} for w in ended.fought)),
        "victories": sum(
            {w.attacker, w.attacked} == {i, j} and w.winner == i and w.last == model.number
            for w in ended.fought
        ),
        "wars": float(any({w.attacker, w.attacked} == {i, j} for w in ended.wars)),
        "cost_exchange": exchange,
    }


def defence_price(model: Theatre) -> float:
    """Return the lowest listed price of air defence, million USD per TIV."""
    prices = []
    for offer in model.offers.values():
        system = model.systems[offer.system]
        if system.defence and not system.strike:
            prices.append(offer.price / (offer.batch * system.worth * offer.condition))
    return min(prices, default=1.0)


def _of_state(model: Theatre, i: str, ended: Ended) -> Values:
    state = model.states[i]
    shares = [state.familiarity(s) for s in state.recent_tiv]
    return {
        "insecurity": ended.view.insecurity[i],
        "strength": ended.view.strength[i],
        "burden": state.borne,
        "spending": state.borne * state.gdp,
        "budget": state.budget,
        "reputation": state.reputation,
        "fund": state.fund,
        "debt": sum(state.debt.values()),
        "arrears": sum(state.arrears.values()),
        "hhi": sum(share**2 for share in shares),
        "suppliers": sum(share >= SHARE for share in shares),
        "imports": sum(ended.flows.tiv[i, s] for s in state.recent_tiv),
    }
