"""Law 7: a state goes to market and picks the offer that promises most."""

from __future__ import annotations

import math

from bench.reference.agents import StateAgent, Theatre, chance, privilege
from bench.reference.facts import Offer
from bench.reference.sales import Ask
from bench.reference.situation import Situation


def wish(model: Theatre, state: StateAgent, slot: int, view: Situation) -> Ask | None:
    """Return what a state asks for, if it goes to market and can afford anything."""
    law, draws = model.law.procurement, model.draws
    if draws.uniform("market", state.name) >= chance(law.review, model.dt):
        return None
    best, top = None, -math.inf
    for offer in model.offers.values():
        if not on_sale(model, offer, state):
            continue
        discount, credit = privilege(model, state.name, offer.supplier)
        price = offer.price * (1 - discount)
        if price * (1 - credit) > state.fund:
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
        and model.states[offer.supplier].embargo[state.name] == 0
    )


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
    )


def batches(model: Theatre, state: StateAgent, offer: Offer) -> float:
    """Return how many batches the fund suggests: one at least, within the stock."""
    price = offer.price * (1 - privilege(model, state.name, offer.supplier)[0])
    wanted = math.floor(model.law.procurement.volume * state.fund / price)
    return min(max(wanted, 1.0), offer.stock / offer.batch)
