"""Ties: regard, memories, rents and grievances, engagement and exit."""

from __future__ import annotations

import math

from bench.reference.agents import TINY, BlocAgent, StateAgent, Theatre, chance, logistic
from bench.reference.crises import Heard
from bench.reference.orders import Flows, Table
from bench.reference.sanctions import resent
from bench.reference.situation import Situation


def regard(
    model: Theatre, flows: Flows, betrayal: Table, cut: dict[tuple[str, str], float]
) -> None:
    """Move affinities by deliveries, then by third parties and forgetting."""
    law = model.law.affinity
    for i, state in model.states.items():
        for j, a in state.affinity.items():
            more = law.fellow if model.fellow(i, j) else 1.0
            x = 1 - math.exp(-law.by_supply * flows.listed[i, j] / state.measure)
            y = 1 - math.exp(-law.by_betrayal * more * betrayal[i, j])
            state.affinity[j] = a + x * (1 - a) - y * (1 + a)
    for (i, s), listed in flows.listed.items():
        supplier = model.states[s]
        stake = listed / supplier.export_scale
        supplier.affinity[i] += (1 - math.exp(-law.by_purchase * stake)) * (
            1 - supplier.affinity[i]
        )
    resent(model, cut)
    for i, state in model.states.items():
        for j, a in state.affinity.items():
            custom = sum(_custom(model, flows, bloc, i, j) for bloc in model.blocs.values())
            state.affinity[j] = a - (1 - math.exp(-law.by_custom * custom)) * (1 + a)
    embitter(model)
    pulls = {
        (i, j): _pull(model, state, j) for i, state in model.states.items() for j in state.affinity
    }
    for (i, j), pull in pulls.items():
        state = model.states[i]
        away = state.affinity_base[j] - state.affinity[j]
        memory = law.memory * (law.grudge if away > 0 else 1.0)
        back = (1 - math.exp(-model.dt / memory)) * away
        state.affinity[j] = min(max(state.affinity[j] + pull * model.dt + back, -1.0), 1.0)


def _pull(model: Theatre, state: StateAgent, j: str) -> float:
    """Return the pull of third parties on a state's regard for another, a year."""
    law = model.law.affinity
    if law.form != "BalancedAffinity":
        return 0.0
    paths = size = 0.0
    for k, to_third in state.affinity.items():
        if k != j:
            path = to_third * model.states[k].affinity[j]
            paths += path
            size += abs(path)
    return law.balance * (1 - state.affinity[j] ** 2) * paths / (size + 0.1)


def _custom(model: Theatre, flows: Flows, bloc: BlocAgent, i: str, j: str) -> float:
    """Return the purchases of j from i's rivals outside their bloc, in years of its budget."""
    if i == j or not (bloc.member[i] and bloc.member[j]):
        return 0.0
    bought = sum(
        dispute * flows.listed[j, k] / model.states[j].measure
        for k, dispute in model.states[i].rivalry.items()
        if not bloc.member[k]
    )
    return bloc.custom * bought


def _for_fellows(model: Theatre, flows: Flows, bloc: BlocAgent, i: str, j: str) -> float:
    """Return the deliveries of j to rivals of i that are fellow members of both."""
    return sum(
        _harm(model, flows, i, j, k)
        for k in model.states[i].rivalry
        if bloc.member[k] and k != j and flows.listed[k, j] > 0
    )


def betrayals(model: Theatre, flows: Flows) -> Table:
    """Return the deliveries of j to rivals of i, in years of their budgets, times the dispute."""
    table = Table()
    for k, j in flows.listed:
        for i, state in model.states.items():
            if i != j and k in state.rivalry:
                table[i, j] += _harm(model, flows, i, j, k)
    return table


def _harm(model: Theatre, flows: Flows, i: str, j: str, k: str) -> float:
    """Return the harm to i by deliveries of j to its rival k."""
    law, state, rival, listed = model.law.harm, model.states[i], model.states[k], flows.listed[k, j]
    if law.form == "DepartureFromHabit":
        listed = max(0.0, listed - rival.unused[j])
        listed *= 1 - law.by_dependence * state.familiarity(j)
    elif law.form != "WholeHarm":
        raise ValueError(law.form)
    return state.rivalry[k] * listed / rival.measure


def keep_habits(model: Theatre, flows: Flows) -> None:
    """Use up the usual deliveries, or keep them for later."""
    law = model.law.harm
    if law.form == "WholeHarm":
        return
    fade = math.exp(-model.dt / law.memory)
    for k, state in model.states.items():
        for j in state.unused:
            usual = state.recent_value[j] / model.law.precedent.memory
            rest = max(0.0, state.unused[j] - flows.listed[k, j])
            state.unused[j] = rest * fade + law.habit * usual * law.memory * (1 - fade)


def embitter(model: Theatre) -> None:
    """Let refusals, embargoes and debts that press embitter customers."""
    law = model.law.slight
    if law.form == "UnfeltSlight":
        return
    if law.form != "FeltSlight":
        raise ValueError(law.form)
    for state in model.states.values():
        for j, a in state.affinity.items():
            yearly = state.debt[j] * (state.rate[j] + 1 / state.tenor[j])
            pressing = (state.arrears[j] + yearly) / state.measure
            embargoed = _embargoed(model, state, j)
            rate = law.by_refusal * state.refusal[j] + law.by_embargo * embargoed
            rate += law.by_debt * pressing
            state.affinity[j] = a - (1 + a) * (1 - math.exp(-rate * model.dt))


def _embargoed(model: Theatre, state: StateAgent, j: str) -> float:
    """Return how far j withholds from a state its usual or ordered arms, 0 to 1."""
    banned = model.ban([j], state.name)
    for entry in model.log:
        offer = entry.offer
        if entry.left > 0 and entry.holder == state.name:
            by_embargo = banned > 1 and j in {offer.supplier, *offer.partners}
            sale = offer.name, entry.holder
            if by_embargo or (offer.supplier == j and sale in model.ended_sales.suspended):
                return 1.0
    return state.familiarity(j) if banned > 0 else 0.0


Harms = dict[tuple[str, str], float]  # by bloc and member, years of import budget


def remember(model: Theatre, flows: Flows, betrayal: Table, refused: Harms) -> Harms:
    """Let memories fade and take in the deliveries of the period; return the harm by fellows."""
    harms: Harms = {}
    fade = math.exp(-model.dt / model.law.precedent.memory)
    for bloc in model.blocs.values():
        _remember(model, bloc, flows, fade)
        for i in bloc.members:
            harm = _by_fellows(model, bloc, flows, betrayal, i) + refused[bloc.name, i]
            bloc.grievance[i] += harm
            harms[bloc.name, i] = harm
        _note(bloc, {i: harms[bloc.name, i] for i in bloc.members})
    keep_habits(model, flows)
    for i, state in model.states.items():
        for s in state.recent_tiv:
            state.recent_tiv[s] = state.recent_tiv[s] * fade + flows.tiv[i, s]
            state.recent_value[s] = state.recent_value[s] * fade + flows.listed[i, s]
    return harms


def _remember(model: Theatre, bloc: BlocAgent, flows: Flows, fade: float) -> None:
    forget = math.exp(-model.dt / model.law.patronage.memory)
    members = bloc.members
    for i in model.states:
        bloc.supplied_members[i] *= fade
        bloc.supplied_rivals[i] *= fade
        bloc.rent[i] *= forget
        bloc.grievance[i] *= forget
    for (i, s), tiv in flows.tiv.items():
        if not bloc.member[s]:
            continue
        if bloc.member[i]:
            bloc.supplied_members[s] += tiv
        else:
            dispute = max(model.states[m].rivalry.get(i, 0.0) for m in members)
            bloc.supplied_rivals[s] += dispute * tiv
    for i in members:
        if bloc.member[bloc.leader]:
            worth = max(flows.waived[i, bloc.leader], 0.0)
            for each in model.gifts():
                if (each.donor, each.recipient) == (bloc.leader, i):
                    worth += each.yearly * model.dt
            bloc.rent[i] += worth / model.states[i].measure


def _by_fellows(model: Theatre, bloc: BlocAgent, flows: Flows, betrayal: Table, i: str) -> float:
    """Return the harm to a member by its fellows, as inside and custom have it."""
    return sum(
        betrayal[i, j]
        - (1 - bloc.inside) * _for_fellows(model, flows, bloc, i, j)
        + _custom(model, flows, bloc, i, j)
        for j in bloc.members
        if j != i
    )


def _note(bloc: BlocAgent, harm: dict[str, float]) -> None:
    """Let members believe less in the aid of those that harm them, or each other."""
    law = bloc.model.law.breach
    if law.form == "NoBreach":
        return
    if law.form != "NotedBreach":
        raise ValueError(law.form)
    for i, own in harm.items():
        bloc.belief[i] *= math.exp(-law.by_harm * (own + law.note * (sum(harm.values()) - own)))


def gains(model: Theatre, bloc: BlocAgent, i: str, view: Situation) -> tuple[float, float]:
    """Return the terms of protection and of preferential terms in the log odds of taking part."""
    law = model.law.engagement
    protection = view.insecurity_without(i, bloc.name) - view.insecurity[i]
    given = 1.0
    if law.form == "MutualEngagement":
        given = math.exp(law.by_standing * (esteem(model, bloc, i, law.leader_share) - 1))
        protection *= 1 - model.states[bloc.leader].rivalry.get(i, 0.0)
    elif law.form != "Engagement":
        raise ValueError(law.form)
    by_rent = law.by_rent * math.log(1 + bloc.rent[i])
    return law.by_protection * protection * given, by_rent * given


def worth_of_membership(
    model: Theatre, bloc: BlocAgent, i: str, view: Situation, exit_option: float
) -> tuple[float, float]:
    """Return the log odds of taking part, and the part of preferential terms in them."""
    law = model.law.engagement
    by_protection, by_rent = gains(model, bloc, i, view)
    within = 0.0
    if law.form == "MutualEngagement":
        rivals = [j for j in bloc.members if j in model.states[i].rivalry]
        within = sum(
            (law.leader_share if j == bloc.leader else 1 - law.leader_share) * view.threat[i, j]
            for j in rivals
        )
        within *= law.by_within
    worth = (
        law.base
        + by_protection
        + by_rent
        - within
        + law.by_affinity * liking(model, bloc, i, law.leader_share)
        + law.by_belief * (2 * bloc.belief[i] - 1)
        - law.by_grievance * math.log(1 + bloc.grievance[i])
        - law.by_exit * exit_option
    )
    return worth, by_rent


def liking(model: Theatre, bloc: BlocAgent, i: str, share: float) -> float:
    """Return how a state regards the leader, by its share, and the other members of a bloc."""
    affinity = model.states[i].affinity
    toward = [affinity[k] for k in bloc.members if k not in {i, bloc.leader}]
    to_leader = affinity[bloc.leader] if i != bloc.leader else 0.0
    return share * to_leader + (1 - share) * sum(toward) / max(len(toward), 1)


def esteem(model: Theatre, bloc: BlocAgent, i: str, share: float) -> float:
    """Return how the leader, by its share, and the other members regard a member."""
    toward = [model.states[k].affinity[i] for k in bloc.members if k not in {i, bloc.leader}]
    of_leader = model.states[bloc.leader].affinity[i] if i != bloc.leader else 0.0
    return share * of_leader + (1 - share) * sum(toward) / max(len(toward), 1)


def judge(model: Theatre) -> None:
    """Let blocs shut members out, let them in again or expel them."""
    law = model.law.discipline
    if law.form == "Leniency":
        return
    if law.form != "Discipline":
        raise ValueError(law.form)
    verdicts = []
    for name, bloc in model.blocs.items():
        for i in bloc.members:
            if i == bloc.leader:
                continue
            regard, out = esteem(model, bloc, i, law.decides), bloc.shut_out[i] > 0
            if not bloc.member[bloc.leader]:
                regard -= law.decides * model.states[bloc.leader].affinity[i]
            hazard = law.readmits * max(0.0, regard) if out else law.shuts * max(0.0, -regard)
            turned = model.draws.uniform("discipline", i, name) < chance(hazard, model.dt)
            ends = chance(law.expels * max(0.0, -regard), model.dt)
            gone = out and model.draws.uniform("expulsion", i, name) < ends
            verdicts.append((bloc, i, out != turned, gone))
    for bloc, i, out, gone in verdicts:
        bloc.shut_out[i] = float(out and not gone)
        if gone:
            bloc.member[i], bloc.engagement[i], bloc.exited[i] = 0.0, 0.0, 1.0


def join(model: Theatre, view: Situation) -> list[tuple[str, str]]:
    """Let candidates join blocs, or not; return which blocs and who."""
    law, share = model.law.accession, model.law.engagement.leader_share
    joins = []
    for name, bloc in model.blocs.items():
        for i in bloc.candidates:
            if bloc.member[i] or not bloc.member[bloc.leader] or law.form == "ClosedAccession":
                continue
            if law.form != "OpenAccession":
                raise ValueError(law.form)
            regard = liking(model, bloc, i, share)
            wish = law.base + law.by_affinity * regard + law.by_insecurity * view.insecurity[i]
            welcome = max(0.0, esteem(model, bloc, i, share))
            hazard = law.rate * logistic(wish) * welcome
            if model.draws.uniform("accession", i, name) < chance(hazard, model.dt):
                joins.append((bloc, i))
    for bloc, i in joins:
        bloc.member[i], bloc.exited[i] = 1.0, 0.0
        bloc.engagement[i], bloc.belief[i] = law.part, law.trust
    return [(bloc.name, i) for bloc, i in joins]


def shake(model: Theatre, heard: list[Heard], harms: Harms) -> None:
    """Let refused appeals and harm by fellow members shake members."""
    law = model.law.membership
    if law.form != "ShockedMembership":
        return
    for name, bloc in model.blocs.items():
        for i in bloc.eligible:
            refused = sum(
                a.felt * (1 - answer) for a, answer in heard if (a.victim, a.bloc) == (i, name)
            )
            harm = harms.get((name, i), 0.0)
            faded = bloc.shaken[i] * math.exp(-model.dt / law.shock_memory)
            bloc.shaken[i] = faded + refused + law.breach * harm


def freeze(model: Theatre, bloc: BlocAgent, i: str, worth: float) -> None:
    """Let a member freeze its membership, or thaw."""
    law = model.law.membership
    if law.form != "ShockedMembership" or i == bloc.leader:
        return
    hazard = law.freezing * bloc.shaken[i]
    if bloc.frozen[i]:
        hazard = law.thaw if logistic(worth) >= law.skips else 0.0
    if model.draws.uniform("freeze", i, bloc.name) < chance(hazard, model.dt):
        bloc.frozen[i] = 1.0 - bloc.frozen[i]
    if bloc.frozen[i]:
        bloc.engagement[i] = min(bloc.engagement[i], max(law.skips - 2 * law.step, 0.0))


def exit_hazard(
    model: Theatre, bloc: BlocAgent, i: str, view: Situation, exit_option: float
) -> float:
    """Return the hazard of formal exit, a year."""
    law = model.law.membership
    hazard = law.exit_rate * math.exp(-bloc.engagement[i] / law.exit_scale)
    if law.form == "Membership":
        return hazard
    if law.form not in {"PricedMembership", "ShockedMembership"}:
        raise ValueError(law.form)
    leader, own = view.strength[bloc.leader], view.strength[i]
    near = math.exp(-bloc.to_leader[i] / model.law.threat.reach)
    way = 1.0 if bloc.by_land[i] else law.overseas
    price = bloc.coercion * leader / max(leader + own, TINY) * near * way
    return hazard * math.exp(-law.by_coercion * price - law.by_need * (1 - exit_option))


def take_part(
    model: Theatre, view: Situation, exits: dict[tuple[str, str], float]
) -> dict[tuple[str, str], tuple[float, float]]:
    """Move engagement and let members leave, or not; return the worth of membership to each."""
    found, left = {}, []
    judge(model)
    waiting = {
        (name, i): worth_of_membership(model, bloc, i, view, bloc.exit_option(i, view.strength))
        for name, bloc in model.blocs.items()
        for i in bloc.candidates
        if not bloc.member[i]
    }
    for name, bloc in model.blocs.items():
        pace = 1 - math.exp(-model.dt / model.law.engagement.inertia)
        for i in bloc.members:
            worth = worth_of_membership(model, bloc, i, view, exits[name, i])
            found[name, i] = worth
            if i == bloc.leader:
                bloc.engagement[i] = 1.0
                continue
            bloc.engagement[i] += (logistic(worth[0]) - bloc.engagement[i]) * pace
            bloc.engagement[i] *= 1 - bloc.shut_out[i]
            freeze(model, bloc, i, worth[0])
            hazard = exit_hazard(model, bloc, i, view, exits[name, i])
            if model.draws.uniform("exit", i, name) < chance(hazard, model.dt):
                left.append((bloc, i))
    for bloc, i in left:
        bloc.member[i], bloc.engagement[i], bloc.exited[i] = 0.0, 0.0, 1.0
    for bloc in model.blocs.values():
        for i in model.states:
            if not bloc.member[i]:
                bloc.shut_out[i] = bloc.frozen[i] = bloc.shaken[i] = bloc.denied[i] = 0.0
    for name, i in join(model, view):
        found[name, i] = waiting[name, i]
    return found
