"""Sales: consent of supplier and partners, objection, and the leader's response."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bench.reference.agents import BlocAgent, Theatre, logistic, terms
from bench.reference.crises import covered
from bench.reference.facts import Offer
from bench.reference.happenings import ASKED

PASSED, STALLED, STOPPED = 0, 1, 2

NOTHING = 1e-9  # TIV that count as none


@dataclass
class Ask:
    """A request, or an order or transfer by an event, and its result."""

    slot: int
    recipient: str
    offer: Offer
    units: float
    forced: int = ASKED
    value: float = 0.0  # of a transfer
    room: float = 0.0  # that the recipient has for credits
    consent: float = 0.0  # probability that the supplier consents
    agreed: bool = False
    objected: bool = False
    response: int = PASSED


@dataclass
class Moment:
    """The information of all states that are asked."""

    model: Theatre
    precedents: dict[str, float]  # by bloc
    strength: dict[str, float]  # by state


def ask(at: Moment, each: Ask) -> None:
    """Ask supplier and partners for consent, then fellow members for objections."""
    model, offer, i = at.model, each.offer, each.recipient
    discount = terms(model, i, offer)[0]
    value = offer.price * (1 - discount) * each.units / offer.batch
    odds = odds_of_consent(at, offer.supplier, each, value)
    each.consent = logistic(odds)
    each.agreed = held(model, i, offer.name) < each.consent
    for partner in offer.partners:
        odds = odds_of_consent(at, partner, each, 0.0)
        each.agreed &= held(model, i, f"{offer.name}/{partner}") < logistic(odds)
    if each.agreed and each.forced == ASKED:
        for bloc in model.blocs.values():
            objection(model, each, bloc, at.precedents[bloc.name])
            objection_to_buyer(model, each, bloc)


def held(model: Theatre, recipient: str, say: str) -> float:
    """Return the draw behind an answer, which is the same for `hold` years."""
    month = model.dt / model.rounds
    hold = max(model.law.consent.hold, month)
    phase = model.draws.held("consent.phase", recipient, say)
    epoch = math.floor((model.number * model.rounds + model.part) * month / hold + phase)
    return model.draws.held("consent", recipient, say, epoch)


def odds_of_consent(at: Moment, s: str, each: Ask, value: float) -> float:
    """Return the log odds that s, supplier or partner, consents to a sale."""
    model, i = at.model, each.recipient
    law, seller = model.law.consent, model.states[s]
    own = seller.rivalry.get(i, 0.0)
    regard = seller.affinity[i] if i != s else 0.0
    debt = seller.debt[i] + model.civil.get((s, i), 0.0) if i != s else 0.0
    interest = (
        law.base
        + law.by_margin * math.log(1 + value / seller.export_scale)
        + law.by_affinity * regard
        + law.by_leverage * math.tanh(debt / max(seller.spending, 1e-6))
    )
    offence, free = model.systems[each.offer.system].offence, model.law.restraint.friends_by_offence
    ties = law.by_dispute * own + friends(at, s, i) * (1 - free * (1 - offence))
    if s == each.offer.supplier:
        ties += law.by_war * seller.strain
    ties += law.by_entrapment * offence * drawn_in(model, s, i)
    if law.form == "StrictNorm":
        forbidden = harm_to_fellows(model, s, each) > law.threshold
        return interest - ties - (law.veto if forbidden else 0.0)
    interest -= norm(at, s, each)
    if law.form == "Imitation":
        following, example = imitated(model, s, each)
        by_interest = math.exp(-law.heed * following)
        share = min(max(example, law.slip), 1 - law.slip)
        cover = math.log(share / (1 - share))
        return by_interest * interest + (1 - by_interest) * cover - ties
    if law.form != "Consent":
        raise ValueError(law.form)
    return interest - ties


def harm_to_fellows(model: Theatre, s: str, each: Ask) -> float:
    """Return the harm of a sale to fellow members of s, weighted by the norms of their blocs."""
    offence, total = model.systems[each.offer.system].offence, 0.0
    for bloc in model.blocs.values():
        if bloc.member[s]:
            for m in bloc.members:
                if m != s:
                    dispute = model.states[m].rivalry.get(each.recipient, 0.0)
                    total += bloc.norm * dispute * outside(bloc, each.recipient)
    return total * offence


def outside(bloc: BlocAgent, i: str) -> float:
    """Return the share of the harm by arms for a state that counts in a bloc."""
    return bloc.inside if bloc.member[i] else 1.0


def drawn_in(model: Theatre, s: str, i: str) -> float:
    """Return how far treaties draw s into quarrels of i that are not its own."""
    total = 0.0
    for k, dispute in model.states[i].rivalry.items():
        bound = [
            bloc.commitment * bloc.engagement[s]
            for bloc in model.blocs.values()
            if s != i and bloc.member[s] and bloc.member[i] and covered(bloc, i, k)
        ]
        total += dispute * (1 - model.states[s].rivalry.get(k, 0.0)) * max(bound or [0.0])
    return total


def imitated(model: Theatre, s: str, each: Ask) -> tuple[float, float]:
    """Return how closely s looks to the leaders of its blocs, and their example."""
    offence, total, shown = model.systems[each.offer.system].offence, 0.0, 0.0
    for bloc in model.blocs.values():
        if not bloc.member[s] or s == bloc.leader:
            continue
        rivals, members = bloc.supplied_rivals[bloc.leader], bloc.supplied_members[bloc.leader]
        if rivals + members <= NOTHING:  # no record, no example
            continue
        example = rivals / (rivals + members)
        for m in bloc.members:
            if m != s:
                dispute = model.states[m].rivalry.get(each.recipient, 0.0)
                dispute *= outside(bloc, each.recipient)
                total += bloc.engagement[s] * dispute
                shown += bloc.engagement[s] * dispute * example
    return total * offence, shown / max(total, 1e-9)


def norm(at: Moment, s: str, each: Ask) -> float:
    """Return the reduction of the log odds by fear of the bloc."""
    model, i = at.model, each.recipient
    offence, total = model.systems[each.offer.system].offence, 0.0
    for name, bloc in model.blocs.items():
        if not bloc.member[s]:
            continue
        for m in bloc.members:
            dispute = model.states[m].rivalry.get(i, 0.0)
            if m == s or dispute == 0:
                continue
            exposed = bloc.exit_option(m, at.strength) if s == bloc.leader else 1.0
            weight = bloc.norm * (1 - at.precedents[name]) * outside(bloc, i)
            total += weight * bloc.engagement[s] * dispute * offence * exposed
    return model.law.restraint.norm_weight * total


def friends(at: Moment, s: str, i: str) -> float:
    """Return the reduction of the log odds by friends outside common blocs."""
    model, total = at.model, 0.0
    for k, friend in model.states.items():
        dispute = friend.rivalry.get(i, 0.0)
        if k == s or dispute == 0 or model.fellow(s, k):
            continue
        exposed = 1.0
        for bloc in model.blocs.values():
            if s == bloc.leader:
                exposed = bloc.exit_option(k, at.strength)
        total += dispute * max(0.0, model.states[s].affinity[k]) * exposed
    return model.law.restraint.friends_weight * total


def objection(model: Theatre, each: Ask, bloc: BlocAgent, precedent: float) -> None:
    """Let the members of a bloc object to a sale by one of them, and the leader respond."""
    s, i = each.offer.supplier, each.recipient
    if bloc.member[s]:
        offence = model.systems[each.offer.system].offence * outside(bloc, i)
        objectors = protests(model, each, bloc, s, i, offence)
        rule = bloc.norm * (1 - precedent), 0.0
        respond(model, each, bloc, (s, i), objectors, rule)


def objection_to_buyer(model: Theatre, each: Ask, bloc: BlocAgent) -> None:
    """Let them object to a purchase by one of them from outside, and the leader respond."""
    s, i = each.offer.supplier, each.recipient
    if bloc.member[i] and not bloc.member[s]:
        objectors = protests(model, each, bloc, i, s, bloc.custom)
        respond(model, each, bloc, (i, s), objectors, (bloc.custom, 1.0))


def protests(
    model: Theatre, each: Ask, bloc: BlocAgent, offender: str, other: str, offence: float
) -> dict[str, float]:
    """Return the members who object to dealings of one of them with another, and their harm."""
    law, objectors = model.law.objection, {}
    for m in bloc.members:
        dispute = model.states[m].rivalry.get(other, 0.0)
        harm = bloc.engagement[offender] * dispute * offence
        if m == offender or harm <= 0:
            continue
        odds = law.objection_constant + law.by_harm * harm + law.by_engagement * bloc.engagement[m]
        if law.form != "Objection":
            raise ValueError(law.form)
        if model.draws.uniform("objection", each.offer.name, each.recipient, m) < logistic(odds):
            objectors[m] = harm
    return objectors


def respond(
    model: Theatre,
    each: Ask,
    bloc: BlocAgent,
    parties: tuple[str, str],  # the member that deals, and with whom
    objectors: dict[str, float],
    rule: tuple[float, float],  # weight of the norm or custom, and whether a member buys
) -> None:
    """Let the leader pass, stall or stop sales under objection, except its own."""
    law, leader, (offender, other) = model.law.objection, bloc.leader, parties
    if not objectors:
        return
    each.objected = True
    if offender == leader:
        return
    regard = model.states[leader].affinity
    total = sum(objectors.values())
    side = sum(harm * regard[m] for m, harm in objectors.items() if m != leader) / total
    weight, buys = rule
    own = 0.0
    if other != leader:
        seller, buyer = (other, leader) if buys else (leader, other)
        memory, measure = model.law.precedent.memory, model.states[buyer].measure
        own = model.states[buyer].recent_value[seller] / memory / measure
        side -= regard[other]
    block = (
        law.block_constant
        + law.block_norm * weight
        + law.block_regard * side
        + law.block_dependence * model.states[offender].familiarity(leader)
        - law.block_supplier * regard[offender]
        - law.block_own_sales * own
        - law.block_purchase * buys
    )
    utility = [0.0, law.stall_constant, block]
    for choice, word in enumerate(("pass", "stall", "block")):
        utility[choice] += model.draws.gumbel("response", word, each.offer.name, each.recipient)
    each.response = max(each.response, utility.index(max(utility)))
