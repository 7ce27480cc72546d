"""Sales: consent of supplier and partners, objection, and the leader's response."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bench.reference.agents import BlocAgent, Theatre, logistic, terms
from bench.reference.facts import Offer
from bench.reference.happenings import ASKED

PASSED, STALLED, STOPPED = 0, 1, 2

NOTHING = 1e-9  # TIV that count as none


@dataclass
class Ask:
    """A request, or an order or transfer by an event, and what becomes of it."""

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
    """What all who are asked know."""

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


def held(model: Theatre, recipient: str, say: str) -> float:
    """Return the draw behind an answer, which stands for `hold` years."""
    month = model.dt / model.rounds
    hold = max(model.law.consent.hold, month)
    phase = model.draws.held("consent.phase", recipient, say)
    epoch = math.floor((model.number * model.rounds + model.part) * month / hold + phase)
    return model.draws.held("consent", recipient, say, epoch)


def odds_of_consent(at: Moment, s: str, each: Ask, value: float) -> float:
    """Return the log odds that s, supplier or partner, consents to a sale."""
    model, i = at.model, each.recipient
    law, seller, buyer = model.law.consent, model.states[s], model.states[i]
    own = seller.rivalry.get(i, 0.0)
    regard = seller.affinity[i] if i != s else 0.0
    debt = seller.debt[i] if i != s else 0.0
    overdue = buyer.arrears[s] if i != s else 0.0
    interest = (
        law.base
        + law.by_margin * math.log(1 + value / seller.export_scale)
        + law.by_affinity * regard
        + law.by_leverage * math.tanh(debt / max(seller.spending, 1e-6))
        - law.by_arrears * overdue / buyer.measure
    )
    ties = law.by_dispute * own + friends(at, s, i)
    if s == each.offer.supplier:
        ties += law.by_war * seller.strain
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
                    total += bloc.norm * model.states[m].rivalry.get(each.recipient, 0.0)
    return total * offence


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
                total += bloc.engagement[s] * dispute
                shown += bloc.engagement[s] * dispute * example
    return total * offence, shown / max(total, 1e-9)


def norm(at: Moment, s: str, each: Ask) -> float:
    """Return what fear of the bloc takes from the log odds."""
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
            weight = bloc.norm * (1 - at.precedents[name])
            total += weight * bloc.engagement[s] * dispute * offence * exposed
    return model.law.restraint.norm_weight * total


def friends(at: Moment, s: str, i: str) -> float:
    """Return what friends outside common blocs take from the log odds."""
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
    law, s, offer = model.law.objection, each.offer.supplier, each.offer
    if not bloc.member[s]:
        return
    objectors = {}
    for m in bloc.members:
        dispute = model.states[m].rivalry.get(each.recipient, 0.0)
        harm = bloc.engagement[s] * dispute * model.systems[offer.system].offence
        if m == s or harm <= 0:
            continue
        odds = law.objection_constant + law.by_harm * harm + law.by_engagement * bloc.engagement[m]
        if model.draws.uniform("objection", offer.name, each.recipient, m) < logistic(odds):
            objectors[m] = harm
    if objectors:
        each.objected = True
        if s != bloc.leader:
            each.response = max(each.response, respond(model, each, bloc, precedent, objectors))


def respond(
    model: Theatre, each: Ask, bloc: BlocAgent, precedent: float, objectors: dict[str, float]
) -> int:
    """Return whether the leader lets the sale pass, stalls or stops it."""
    law, leader, s, i = model.law.objection, bloc.leader, each.offer.supplier, each.recipient
    regard, buyer = model.states[leader].affinity, model.states[i]
    total = sum(objectors.values())
    side = sum(harm * regard[m] for m, harm in objectors.items() if m != leader) / total
    sales = 0.0
    if i != leader:
        sales = buyer.recent_value[leader] / model.law.precedent.memory / buyer.measure
        side -= regard[i]
    block = (
        law.block_constant
        + law.block_norm * bloc.norm * (1 - precedent)
        + law.block_regard * side
        + law.block_dependence * model.states[s].familiarity(leader)
        - law.block_supplier * regard[s]
        - law.block_own_sales * sales
    )
    utility = [0.0, law.stall_constant, block]
    for choice, word in enumerate(("pass", "stall", "block")):
        utility[choice] += model.draws.gumbel("response", word, each.offer.name, i)
    return utility.index(max(utility))
