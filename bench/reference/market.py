"""Market: a state goes to market and picks the offer that promises most."""

from __future__ import annotations

import math

from bench.reference.agents import StateAgent, Theatre, chance, terms
from bench.reference.facts import Offer
from bench.reference.sales import Ask
from bench.reference.situation import Situation


def wish(model: Theatre, state: StateAgent, slot: int, view: Situation) -> Ask | None:
    """Return what a state asks for, if it goes to market and can afford anything."""
    law, draws = model.law.procurement, model.draws
    if draws.uniform("market", state.name) >= chance(law.review, model.dt / model.rounds):
        return None
    best, top = None, -math.inf
    for offer in model.offers.values():
        if not on_sale(model, offer, state):
            continue
        price, cash = prices(model, state, offer)
        if cash > purse(model, state, offer):
            continue
        drawn = draws.gumbel("request", state.name, offer.name)
        utility = worth(model, state, offer, price, view) + law.noise * drawn
        if utility > top:
            best, top = offer, utility
    if best is None:
        return None
    return Ask(slot, state.name, best, batches=batches(model, state, best))


def on_sale(model: Theatre, offer: Offer, state: StateAgent) -> bool:
    """Return whether a supplier has an offer open to a state."""
    return (
        offer.opens <= model.number <= offer.closes
        and offer.available > 0
        and offer.stock >= offer.batch
        and offer.supplier != state.name
        and permitted(model, offer, state.name)
    )


def permitted(model: Theatre, offer: Offer, buyer: str) -> bool:
    """Return whether the offer is made to the buyer, and nobody who has a say bans it."""
    theirs = model.parties(buyer)
    words = [model.clientele[each, offer.name] for each in theirs]
    if not any(word > 0 for word in words) or any(word < 0 for word in words):
        return False
    deciders = (offer.supplier, *offer.partners)
    bans = (model.embargo[a, b] for j in deciders for a in model.parties(j) for b in theirs)
    return not any(bans)


def worth(model: Theatre, state: StateAgent, offer: Offer, price: float, view: Situation) -> float:
    """Return the utility of one batch, but for what the model does not see."""
    law, s = model.law.procurement, offer.supplier
    gain = view.insecurity[state.name] - view.insecurity_after(state.name, offer)
    return (
        law.by_gain * math.log(max(gain, 0.0) + law.least_gain)
        - law.by_price * math.log(price)
        + law.by_affinity * state.affinity[s]
        + law.by_reputation * model.states[s].reputation
        + law.by_familiarity * state.familiarity(s)
        - law.by_wait * offer.lag
        - law.by_defect * offer.defect
        - law.by_refusal * state.refusal[s]
        - law.by_risk * risk(model, state, s)
        - law.by_spread * max(state.familiarity(s) - law.spread_from, 0.0)
    )


def risk(model: Theatre, state: StateAgent, s: str) -> float:
    """Return how far a supplier arms a state's rivals, or has refused its other customers."""
    sent = {k: each.recent_tiv[s] for k, each in model.states.items() if k != s}
    whole = sum(sent.values())
    rivals = sum(dispute * sent.get(k, 0.0) for k, dispute in state.rivalry.items())
    others = {k: tiv for k, tiv in sent.items() if k != state.name}
    refused = sum(tiv * model.states[k].refusal[s] for k, tiv in others.items())
    ties = rivals / whole if whole > 0 else 0.0
    stops = refused / sum(others.values()) if sum(others.values()) > 0 else 0.0
    return 1 - (1 - ties) * (1 - stops)


def batches(model: Theatre, state: StateAgent, offer: Offer) -> float:
    """Return how many batches the purse suggests: one at least, within the stock."""
    _, cash = prices(model, state, offer)
    wanted = math.floor(model.law.procurement.volume * purse(model, state, offer) / cash)
    return min(max(wanted, 1.0), offer.stock / offer.batch)


def prices(model: Theatre, state: StateAgent, offer: Offer) -> tuple[float, float]:
    """Return the price of a batch to a state, and the part of it that is not on credit."""
    discount, credit = terms(model, state.name, offer)
    price = offer.price * (1 - discount)
    return price, price * (1 - credit)


def purse(model: Theatre, state: StateAgent, offer: Offer) -> float:
    """Return what an order may bind: fund and income until delivery, less what is bound."""
    deposit, owed = model.law.contract.deposit, 0.0
    for entry in model.log:
        if entry.holder == state.name and entry.left > 0 and not entry.gift:
            cash = (1 - deposit) * (1 - entry.credit) * entry.value
            owed += cash * (entry.left - entry.begun) / entry.instalments
    rest = 1 - (model.part + 0.5) / model.rounds
    fund = max(state.fund - state.budget * (model.dt * rest), 0.0)
    income = model.law.procurement.foresight * state.budget * offer.lag
    return max(min(fund + income - owed, fund / max(deposit, 1e-9)), 0.0)
