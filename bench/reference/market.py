"""Market: a state goes to market and requests the best use of its money, or makes no request."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bench.reference import levers
from bench.reference.agents import StateAgent, Theatre, chance, logistic, terms
from bench.reference.facts import Offer
from bench.reference.orders import Flows, credit_terms
from bench.reference.sales import Ask
from bench.reference.situation import Situation

YEARS = (1, 2, 3, 4, 5, 6)
HORIZON = 6  # years after the order from which on payments are one sum
SHUT, BANNED, SOLD_OUT = 3, 4, 5
NEAR, SOON = 0.75, 0.5  # years: bound of short lags, and the time that counts for them


def wish(model: Theatre, state: StateAgent, slot: int, view: Situation, flows: Flows) -> Ask | None:
    """Return the request of a state in a round, or None."""
    law, draws = model.law.procurement, model.draws
    money = purse(model, state, flows)
    worth_while = law.programme + law.by_budget * state.budget
    rate = law.visits * (money.later / worth_while) ** law.by_purse
    if draws.uniform("market", state.name) >= chance(rate, model.dt / model.rounds):
        return None
    best, top = None, law.reserve + law.noise * draws.gumbel("request.none", state.name)
    for name, worth in worths(model, state, view).items():
        offer = model.offers[name]
        if not in_stock(offer):
            continue
        if offer.least * price(model, state, offer) > largest(model, state, offer, money):
            continue
        s = offer.supplier
        utility = (
            worth
            - law.by_refusal * state.refusal[s]
            + law.noise * draws.gumbel("request", state.name, s)
        )
        if utility > top:
            best, top = offer, utility
    if best is None:
        return None
    return Ask(slot, state.name, best, suggested(model, state, best, money), room=money.room)


def worths(model: Theatre, state: StateAgent, view: Situation) -> dict[str, float]:
    """Return the utility of the offers that a state considers, without this month's draw."""
    if state.name not in model.worths:
        model.worths[state.name] = _worths(model, state, view)
    return model.worths[state.name]


def _worths(model: Theatre, state: StateAgent, view: Situation) -> dict[str, float]:
    law, now, gains = model.law.procurement, view.insecurity[state.name], {}
    for offer in model.offers.values():
        if on_sale(model, offer, state):
            free = credit(model, state, offer) * gift(model, state, offer)
            worth = 1 - model.law.contract.by_offset * offer.offset
            net = price(model, state, offer) * (1 - free) * worth
            bought = law.trial / net * offer.condition
            drop = now - view.insecurity_after(state.name, offer, bought)
            gains[offer.name] = max(drop, 0.0) / max(now, 1e-9)
    best, stakes = max(gains.values(), default=0.0), levers.weights(model, state.name, gains)
    found = {}
    for name, gain in gains.items():
        offer = model.offers[name]
        s = offer.supplier
        if not looked_at(model, state, s):
            continue
        found[name] = (
            law.by_gain * (math.log(gain + 1e-6) - math.log(best + 1e-6))
            + law.by_affinity * state.affinity[s]
            + law.by_reputation * model.states[s].reputation
            + law.by_familiarity * state.familiarity(s)
            - law.by_wait * offer.lag
            - law.by_defect * offer.defect
            - law.by_leverage * stakes[name]
            - law.by_risk * risk(model, state, s)
            - law.by_spread * max(state.familiarity(s) - law.spread_from, 0.0)
            - law.by_custom * displeasure(model, state.name, s)
            + law.within * model.draws.yearly("request.system", state.name, s, offer.system)
        )
    return found


def risk(model: Theatre, state: StateAgent, s: str) -> float:
    """Return how far a supplier arms a state's rivals, or has refused its other customers."""
    sent = {k: each.recent_tiv[s] for k, each in model.states.items() if k != s}
    whole = sum(sent.values())
    rivals = sum(dispute * sent.get(k, 0.0) for k, dispute in state.rivalry.items())
    others = {k: tiv for k, tiv in sent.items() if k != state.name}
    refused = sum(tiv * model.refusals[k][s] for k, tiv in others.items())
    ties = rivals / whole if whole > 0 else 0.0
    stops = refused / sum(others.values()) if sum(others.values()) > 0 else 0.0
    return 1 - (1 - ties) * (1 - stops)


def displeasure(model: Theatre, i: str, s: str) -> float:
    """Return the displeasure of the fellow members of a state at purchases from a supplier."""
    return sum(
        bloc.custom * bloc.engagement[i] * model.states[m].rivalry.get(s, 0.0)
        for bloc in model.blocs.values()
        if bloc.member[i] and not bloc.member[s]
        for m in bloc.members
        if m != i
    )


def looked_at(model: Theatre, state: StateAgent, s: str) -> bool:
    """Return whether a state considers a supplier: it knows it, or a lasting draw decides so."""
    law = model.law.procurement
    if state.recent_tiv.get(s, 0.0) > law.known:
        return True
    if s == state.name:
        return False
    own = {model.systems[o.system].family for o in model.offers.values() if o.supplier == s}
    offered = {w for w, each in model.systems.items() if each.family in own}
    tiv = {w: units * model.systems[w].worth for w, units in state.arsenal.items()}
    legacy = sum(each for w, each in tiv.items() if w in offered) / max(sum(tiv.values()), 1e-12)
    mutual = (state.affinity[s] + model.states[s].affinity[state.name]) / 2
    users = sum(each.recent_tiv.get(s, 0.0) > law.known for each in model.states.values())
    odds = law.approach + law.by_regard * mutual + law.by_legacy * legacy
    odds += law.by_renown * math.log1p(users)
    phase = model.draws.held("approach.phase", state.name, s)
    epoch = math.floor(model.number * model.dt / law.hold + phase)
    return model.draws.held("approach", state.name, s, epoch) < logistic(odds)


def on_sale(model: Theatre, offer: Offer, state: StateAgent) -> bool:
    """Return whether a supplier has an offer open to a state, without regard to its stock."""
    return (
        is_open(model, offer)
        and offer.supplier != state.name
        and permitted(model, offer, state.name)
    )


def is_open(model: Theatre, offer: Offer) -> bool:
    """Return whether an offer is on the market, for any buyer."""
    return offer.available > 0 and offer.opens <= model.number <= offer.closes


def offered(model: Theatre, offer: Offer, buyer: str) -> bool:
    """Return whether the offer is made to the buyer."""
    words = [model.clientele[each, offer.name] for each in model.parties(buyer)]
    return any(word > 0 for word in words) and not any(word < 0 for word in words)


def permitted(model: Theatre, offer: Offer, buyer: str) -> bool:
    """Return whether the offer is open to the buyer, without a lever or embargo against it."""
    if not offered(model, offer, buyer) or model.withholder(offer.name, buyer):
        return False
    return model.ban((offer.supplier, *offer.partners), buyer) == 0


def stopped(model: Theatre, offer: Offer, buyer: str) -> tuple[int, int]:
    """Return why a request is stopped, 0 if it is not, and by which states, as bits."""
    deciders = (offer.supplier, *offer.partners)
    by = sum(2**part for part, who in enumerate(deciders) if model.ban((who,), buyer) > 0)
    if by:
        return BANNED, by
    holder = model.withholder(offer.name, buyer)
    if not (offered(model, offer, buyer) and is_open(model, offer)) or holder is not None:
        return SHUT, sum(2**part for part, who in enumerate(deciders) if who == holder) or 1
    return (0, 0) if in_stock(offer) else (SOLD_OUT, 0)


def price(model: Theatre, state: StateAgent, offer: Offer) -> float:
    """Return the price of a unit to a state."""
    return offer.price / offer.batch * (1 - terms(model, state.name, offer)[0])


def credit(model: Theatre, state: StateAgent, offer: Offer) -> float:
    """Return the share of the price that is on credit, as far as there is room for it."""
    return terms(model, state.name, offer)[1]


def gift(model: Theatre, state: StateAgent, offer: Offer) -> float:
    """Return the share of a credit that is a gift."""
    if offer.supplier == state.name:
        return 0.0
    rate, tenor = credit_terms(state, offer)
    market = model.law.finance.market_rate
    return max((market - rate) / (market + 1 / tenor), 0.0)


@dataclass
class Purse:
    """The payments that a state can serve, million USD."""

    later: float
    soon: float
    cash: float
    room: float


def purse(model: Theatre, state: StateAgent, flows: Flows) -> Purse:
    """Return the payments for new orders that a state can serve, given those due each year."""
    law, months = model.law.procurement, model.rounds
    passed = (model.part + 0.5) / months
    deposits = sum(claim for (i, _), claim in flows.claims.items() if i == state.name)
    fund = state.fund - sum(state.arrears.values()) - deposits
    fund -= state.budget * model.dt * (1 - passed)
    due: dict[int, float] = {}
    promised = dict.fromkeys(state.debt, 0.0)
    for entry in model.log:
        if entry.holder != state.name or entry.left == 0 or entry.gift:
            continue
        parts, ordered = entry.instalments, max(entry.period, model.first)
        each = (1 - model.law.contract.deposit) * (1 - entry.credit) * entry.value / parts
        promised[entry.offer.supplier] += (
            entry.credit * entry.value * (entry.left - entry.begun) / parts
        )
        first = parts - entry.left + 1
        for which in range(first, parts + 1):
            date = min(entry.date(which), ordered + HORIZON * 12 // months)
            at = max(date - model.number, 0)
            due[at] = due.get(at, 0.0) + each * (1 - entry.begun * (which == first))

    service = sum(
        (debt + promised[j]) * (state.rate[j] + 1 / state.tenor[j])
        for j, debt in state.debt.items()
    )
    income = max(state.budget - service, 0.0)

    def slack(years: float) -> float:
        whole, share = divmod(years * 12 / months + passed, 1)
        owed = sum(each for at, each in due.items() if at < whole) + share * due.get(
            int(whole), 0.0
        )
        return fund + law.foresight * years * income - owed

    lent = sum(state.arms_debt.values()) + sum(promised.values())
    later = min(slack(years) for years in YEARS)
    return Purse(
        later=max(later, 0.0),
        soon=max(min(later, slack(SOON)), 0.0),
        cash=max(fund, 0.0),
        room=max(law.lending * state.budget - lent, 0.0),
    )


def largest(model: Theatre, state: StateAgent, offer: Offer, money: Purse) -> float:
    """Return the largest value of an order under an offer, million USD."""
    law, deposit = model.law.procurement, max(model.law.contract.deposit, 1e-9)
    served = money.soon if offer.lag < NEAR else money.later
    lent, free = credit(model, state, offer), gift(model, state, offer)
    value = min(served / max(1 - lent * free, 1e-9), served + free * money.room)
    value = min(
        value, money.cash / deposit / max(1 - lent, 1e-9), money.cash / deposit + money.room
    )
    return min(law.volume * value, law.largest * state.budget)


def suggested(model: Theatre, state: StateAgent, offer: Offer, money: Purse) -> float:
    """Return how many units a state asks for."""
    units = math.floor(largest(model, state, offer, money) / price(model, state, offer))
    return min(units, math.floor(min(offer.most, offer.stock)))


def in_stock(offer: Offer) -> bool:
    """Return whether the stock has the smallest order left, in whole units."""
    return offer.stock == math.inf or math.floor(offer.stock) >= offer.least
