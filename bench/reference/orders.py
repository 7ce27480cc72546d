"""Orders: instalments, deliveries, defects, and payments of both sides."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field

from bench.reference.agents import DUST, StateAgent, Theatre, lines_of, terms
from bench.reference.facts import Offer
from bench.reference.happenings import ASKED, TRANSFERRED, Sale
from bench.reference.sales import STALLED, STOPPED, Ask

REFUSED, BLOCKED, ORDERED = 1, 2, 3
LEAST = 1e-9  # of an instalment: a difference that does not count

Table = Counter[tuple[str, str]]  # deliveries to i from s, or debt of i to s


@dataclass
class Entry:
    """One line of the log."""

    period: int
    slot: int
    recipient: str
    offer: Offer
    stage: int
    objected: bool
    stalled: bool
    forced: int
    consent: float
    name: str | None = None  # of an order that was under way at the start
    units: float = 0.0
    value: float = 0.0
    listed: float = 0.0
    credit: float = 0.0
    start: float = 0.0
    wait: float = 0.0
    left: int = 0
    begun: float = 0.0  # share of the next that has come
    due: int = 0
    first: int | None = None
    last: int = 0
    delivered: float = 0.0
    withdrawn: float = 0.0
    short: float = 0.0
    repaired: float = 0.0
    mended: int | None = None  # period in which what is repaired returns
    suspended: int | None = None  # period in which it was first held up
    threatened: int | None = None
    fate: int = 0
    cause: int = 0
    opposed: int = 0  # states that stopped the request, as bits
    ended: int | None = None
    heir: str | None = None
    kept: float = 0.0  # units that had come before another took it over
    kept_withdrawn: float = 0.0  # of these, withdrawn by then

    @property
    def holder(self) -> str:
        """Return the recipient: the state that placed the order or took it over."""
        return self.recipient if self.heir is None else self.heir

    @property
    def gift(self) -> bool:
        """Return whether an event transferred it."""
        return self.forced == TRANSFERRED

    @property
    def instalments(self) -> int:
        """Return the number of instalments."""
        return 1 if self.gift else self.offer.instalments

    def date(self, which: int) -> int:
        """Return the period in which an instalment is due; the first is number 1."""
        return math.floor(self.start + self.wait * which / self.instalments)


@dataclass
class Flows:
    """The flows of a period."""

    tiv: Table = field(default_factory=Counter)
    listed: Table = field(default_factory=Counter)
    waived: Table = field(default_factory=Counter)
    claims: Table = field(default_factory=Counter)
    lent: Table = field(default_factory=Counter)
    interest: Table = field(default_factory=Counter)  # a year, on what is lent
    repaid: Table = field(default_factory=Counter)  # a year, of what is lent
    strike_value: Counter[str] = field(default_factory=Counter)
    good: Counter[str] = field(default_factory=Counter)
    bad: Counter[str] = field(default_factory=Counter)


def order(model: Theatre, asks: list[Ask], flows: Flows) -> list[Entry]:
    """Return the log of a round's requests; stocks shrink and deposits fall due."""
    forget = math.exp(-model.dt / model.rounds / model.law.consent.memory)
    for state in model.states.values():
        for s in state.refusal:
            state.refusal[s] *= forget
    for bloc in model.blocs.values():
        bloc.credit_before = dict(bloc.credit_left)  # what all orders of the round may draw on
    return [_entered(model, each, flows) for each in asks]


def stopped(model: Theatre, sale: Sale, why: int, by: int) -> Entry:
    """Return the entry of a request by an event that is stopped."""
    return Entry(
        period=model.number,
        slot=sale.slot,
        recipient=sale.recipient,
        offer=model.offers[sale.offer],
        stage=REFUSED,
        objected=False,
        stalled=False,
        forced=ASKED,
        consent=0.0,
        cause=why,
        opposed=by,
    )


def _entered(model: Theatre, each: Ask, flows: Flows) -> Entry:
    free = each.forced != ASKED
    blocked = each.agreed and each.response == STOPPED and not free
    offer, i = each.offer, each.recipient
    units = 0.0
    if free or (each.agreed and not blocked):
        units = each.units
        if each.forced == ASKED:
            units = min(units, offer.stock)
        if each.forced != TRANSFERRED:
            offer.stock = max(offer.stock - units, 0.0)
    entry = Entry(
        period=model.number,
        slot=each.slot,
        recipient=i,
        offer=offer,
        stage=ORDERED if units > 0 else BLOCKED if blocked else REFUSED,
        objected=each.objected,
        stalled=units > 0 and each.response == STALLED and not free,
        forced=each.forced,
        consent=each.consent,
    )
    if units > 0:
        _signed(model, entry, each, units)
        if not entry.gift:
            cash = (1 - entry.credit) * entry.value
            flows.claims[i, offer.supplier] += model.law.contract.deposit * cash
    elif not free and not each.agreed:
        model.states[i].refusal[offer.supplier] = 1.0
    return entry


def _signed(model: Theatre, entry: Entry, each: Ask, units: float) -> None:
    """Write price, terms and dates into an entry."""
    offer, law = each.offer, model.law.contract
    discount, credit = terms(model, each.recipient, offer)
    entry.units, entry.left = units, entry.instalments
    entry.listed = offer.price * units / offer.batch
    entry.value = each.value if entry.gift else entry.listed * (1 - discount)
    drawn = [] if entry.gift else lines_of(model, each.recipient, offer)
    for bloc in drawn:
        left = bloc.credit_before[each.recipient] / max(entry.value, 1e-12)
        credit = min(credit, max(left, bloc.credit))
    entry.credit = 0.0 if entry.gift else min(credit, each.room / max(entry.value, 1e-12))
    for bloc in drawn:
        left = bloc.credit_left[each.recipient] - entry.credit * entry.value
        bloc.credit_left[each.recipient] = max(left, 0.0)
    entry.start = float(model.number)
    if not entry.gift:
        shock = model.draws.normal("wait", each.recipient, offer.name)
        entry.wait = offer.lag * math.exp(law.spread * shock) / model.dt
        entry.start += (model.part + 0.5) / model.rounds
    if entry.stalled:
        entry.start += model.law.objection.stall_years / model.dt
    entry.due = entry.date(1)


def deliver(model: Theatre, log: list[Entry], slots: int, flows: Flows) -> None:
    """Deliver instalments that are due and ready, as far as they are paid for or on account."""
    _give(model, [entry for entry in log if entry.gift and entry.left > 0])
    ready = {}
    for at, entry in enumerate(log):
        _repair(model, entry)
        amount = _ready(model, entry)
        if amount > 0:
            ready[at] = amount
    before: Counter[str] = Counter()
    for (i, _), claim in flows.claims.items():
        before[i] += claim  # deposits
    claims: Counter[str] = Counter()
    for at, amount in ready.items():
        entry = log[at]
        if entry.gift:
            before[entry.holder] += entry.value
        else:
            claims[entry.holder] += amount * _cash(model, entry)
    for at, amount in ready.items():
        entry = log[at]
        comes = amount * _paid_for(model, entry, before, claims)
        if abs(entry.begun + comes - round(entry.begun + comes)) < LEAST:
            comes = round(entry.begun + comes) - entry.begun
        if comes > LEAST / 2:
            _instalment(model, entry, comes, slots, flows)
    for name, state in model.states.items():
        pace, good, bad = model.law.quality.pace, flows.good[name], flows.bad[name]
        state.reputation = (state.reputation + pace * good) / (1 + pace * (good + bad))


def _cash(model: Theatre, entry: Entry) -> float:
    """Return the payment with an instalment."""
    share = (1 - model.law.contract.deposit) * (1 - entry.credit)
    return share * entry.value / entry.instalments


def _trusted(model: Theatre, entry: Entry) -> bool:
    return model.states[entry.holder].arrears[entry.offer.supplier] <= DUST


def held_up(model: Theatre, entry: Entry) -> bool:
    """Return whether an event or an embargo holds an order up."""
    sale, deciders = (entry.offer.name, entry.holder), (entry.offer.supplier, *entry.offer.partners)
    held = sale in model.ended_sales.suspended or model.withholder(*sale) is not None
    return held or model.ban(deciders, entry.holder) > 1


def _ready(model: Theatre, entry: Entry) -> float:
    """Return how many instalments are due and not held up; suppliers at war are late."""
    due, law = 0, model.law.contract
    while due < entry.left:
        if entry.date(entry.instalments - entry.left + due + 1) > model.number:
            break
        due += 1
    if due == 0 or entry.gift:
        return float(due)
    if held_up(model, entry):
        return 0.0
    late = law.late * model.states[entry.offer.supplier].strain
    if _trusted(model, entry):
        memory = model.states[entry.holder].refusal
        memory[entry.offer.supplier] = max(
            memory[entry.offer.supplier], law.slight * _still(late, 1.0)
        )
    return (due - entry.begun) * (1 - _still(late, model.dt))


def _still(late: float, years: float) -> float:
    """Return the share still late after some years, if deliveries are late by a mean time."""
    return math.exp(-years / late) if late > 0 else 0.0


def _paid_for(model: Theatre, entry: Entry, before: Counter[str], claims: Counter[str]) -> float:
    """Return the share of ready instalments that is delivered."""
    trusted = 1.0 if _trusted(model, entry) else 0.0
    if entry.gift:
        return 1.0
    if _cash(model, entry) == 0:
        return trusted
    i = entry.holder
    left = model.states[i].fund - before[i]
    left = left if left > DUST else 0.0
    paid = min(1.0, left / max(claims[i], 1e-12))
    return paid + model.law.contract.on_account * (1 - paid) * trusted


def _give(model: Theatre, gifts: list[Entry]) -> None:
    """Take transfers from their givers; if one has too little, all recipients get equal shares."""
    wanted: Table = Counter()
    for entry in gifts:
        giver, system = entry.offer.supplier, entry.offer.system
        wanted[giver, system] += entry.units * entry.offer.condition
    for (giver, system), amount in wanted.items():
        held = model.states[giver].arsenal.get(system, 0.0)
        share = min(1.0, held / amount)
        model.states[giver].arsenal[system] = max(held - share * amount, 0.0)
        for entry in gifts:
            if (entry.offer.supplier, entry.offer.system) == (giver, system):
                entry.short = entry.units * (1 - share)
                entry.units *= share
                entry.value *= share
                entry.listed *= share
                if share == 0:
                    entry.stage = REFUSED


def _repair(model: Theatre, entry: Entry) -> None:
    """Return withdrawn units of an order that are repaired."""
    if entry.mended == model.number:
        law, system = model.law.quality, entry.offer.system
        back = law.repaired * entry.withdrawn - entry.repaired
        first = min(max(law.repaired * entry.kept_withdrawn - entry.repaired, 0.0), back)
        for owner, units in ((entry.recipient, first), (entry.holder, back - first)):
            arsenal = model.states[owner].arsenal
            arsenal[system] = arsenal.get(system, 0.0) + units * entry.offer.condition
        entry.repaired += back


def _instalment(model: Theatre, entry: Entry, comes: float, slots: int, flows: Flows) -> None:
    """Deliver instalments, record their worth, and set the date of the next."""
    offer, i, parts = entry.offer, entry.holder, entry.instalments
    system, pair, part = model.systems[offer.system], (i, offer.supplier), comes / parts
    units = entry.units * part
    place = entry.slot - len(model.buyers) + 1
    own: str | int = place if 0 < place <= slots else 0
    if entry.name is not None:
        own = entry.name
    draw = model.draws.uniform("defect", i, offer.name, own)
    bad = draw < offer.defect and not entry.gift
    flows.tiv[pair] += units * system.worth * offer.condition
    flows.listed[pair] += entry.listed * part
    flows.waived[pair] += _waived(model, entry) * part
    flows.claims[pair] += entry.value if entry.gift else comes * _cash(model, entry)
    lent = entry.credit * entry.value * part
    rate, tenor = credit_terms(model.states[i], offer)
    flows.lent[pair] += lent
    flows.interest[pair] += rate * lent
    flows.repaid[pair] += lent / tenor
    if system.strike:
        flows.strike_value[i] += entry.value * part
    for maker in (offer.supplier, *offer.makers) if entry.units > 0 else ():
        (flows.bad if bad else flows.good)[maker] += comes
    if bad:
        entry.withdrawn += units
        if model.law.quality.repaired > 0:
            wait = max(round(model.law.quality.repair_years / model.dt), 1)
            entry.mended = model.number + wait
    else:
        arsenal = model.states[i].arsenal
        arsenal[system.name] = arsenal.get(system.name, 0.0) + units * offer.condition
    entry.delivered += units
    entry.begun += comes
    entry.left -= math.floor(entry.begun)
    entry.begun -= math.floor(entry.begun)
    if entry.units > 0:
        entry.first = model.number if entry.first is None else entry.first
        entry.last = model.number
    entry.due = entry.date(min(parts - entry.left + 1, parts))


def credit_terms(buyer: StateAgent, offer: Offer) -> tuple[float, float]:
    """Return interest and years of a credit on an offer: its own, else those of the debt."""
    rate, tenor = buyer.rate[offer.supplier], buyer.tenor[offer.supplier]
    return (
        offer.offer_rate if offer.offer_rate >= 0 else rate,
        offer.offer_tenor if offer.offer_tenor >= 0 else tenor,
    )


def blend(model: Theatre, flows: Flows) -> None:
    """Let credit on an offer's own terms change interest and tenor of the debt."""
    if all(max(o.offer_rate, o.offer_tenor) < 0 for o in model.offers.values()):
        return
    for (i, s), lent in flows.lent.items():
        if lent > DUST:
            buyer = model.states[i]
            whole, yearly = buyer.debt[s] + lent, buyer.debt[s] / buyer.tenor[s]
            buyer.rate[s] = (buyer.rate[s] * buyer.debt[s] + flows.interest[i, s]) / whole
            buyer.tenor[s] = whole / (yearly + flows.repaid[i, s])


def _waived(model: Theatre, entry: Entry) -> float:
    """Return the worth of preferential terms: the discount and the grant element."""
    buyer = model.states[entry.holder]
    market = model.law.finance.market_rate
    rate, tenor = credit_terms(buyer, entry.offer)
    gift = (market - rate) / (market + 1 / tenor)
    return (entry.listed - entry.value) + entry.credit * entry.value * gift
