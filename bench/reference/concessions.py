"""Concessions: buyers under a threat keep, cancel or pass on their orders."""

from __future__ import annotations

import math
from collections.abc import Iterator

from bench.reference.agents import Theatre, logistic
from bench.reference.orders import Entry
from bench.reference.pipeline import cancel, compensate, divert, prepaid
from bench.reference.situation import Situation

BY_THREAT = 2


Parties = tuple[str, str, str, str]  # name, threatening state, buyer, seller


def concede(model: Theatre, view: Situation, log: list[Entry]) -> None:
    """Let each threatened buyer decide on the orders under the threat."""
    for parties, mine in _against(model, log, model.number):
        for each in mine:
            if each.threatened is None:
                each.threatened = model.number
        _decide(model, view, mine, parties)


def _against(
    model: Theatre, log: list[Entry], number: int
) -> Iterator[tuple[Parties, list[Entry]]]:
    """Yield the threats in force in a period, each with the open orders under it."""
    for name, by, buyer, seller, offers, first, last in model.threats:
        mine = [
            each
            for each in log
            if each.left > 0
            and each.heir is None
            and each.recipient == buyer
            and each.offer.name in offers
        ]
        if mine and first <= number <= last and model.resolve[name] > 0:
            yield (name, by, buyer, seller), mine


def press(model: Theatre, view: Situation, log: list[Entry], number: int) -> None:
    """Add the pressure of the threats of a period to gains of attack."""
    for (name, by, buyer, _), mine in _against(model, log, number):
        more = _pressure(model, name, mine, number)
        view.gain[by, buyer] += more
        view.pressure[by, buyer] += more


def pressed(model: Theatre, view: Situation, log: list[Entry]) -> set[tuple[str, str]]:
    """Add the pressure of the period to gains of attack; return where a threat comes to a head."""
    press(model, view, log, model.number)
    return _heads(model, log)


def _pressure(model: Theatre, name: str, mine: list[Entry], number: int) -> float:
    law, near, whole = model.law.coercion, 0.0, 0.0
    for each in mine:
        worth = model.systems[each.offer.system].worth * each.units
        worth *= (each.left - each.begun) / each.instalments
        near += worth * math.exp(-law.by_wait * max(each.due - number, 0) * model.dt)
        whole += worth
    return model.resolve[name] * near / whole


def _heads(model: Theatre, log: list[Entry]) -> set[tuple[str, str]]:
    """Return threatening and threatened state where a threatened delivery falls due."""
    return {
        (by, buyer)
        for (_, by, buyer, _), mine in _against(model, log, model.number)
        if any(each.due <= model.number for each in mine)
    }


def _decide(model: Theatre, view: Situation, mine: list[Entry], parties: Parties) -> None:
    name, by, buyer, _ = parties
    law = model.law.coercion
    goods: dict[str, float] = {}
    price = lost = 0.0
    for each in mine:
        part = (each.left - each.begun) / each.instalments
        system = each.offer.system
        goods[system] = goods.get(system, 0.0) + each.units * each.offer.condition * part
        price += (1 - each.credit) * each.value * part
        lost += prepaid(model, each)
    gain, win = relief(view, buyer, goods), view.win[by, buyer]
    attack = view.gain[by, buyer]
    usual = attack - view.pressure[by, buyer]
    risk, in_any_case = (logistic(model.law.crisis.calculation * each) for each in (attack, usual))
    cost = model.law.deterrence.threshold
    keep = law.stakes * (gain * (1 - risk * win) - (risk - in_any_case) * (win + cost))
    keep += _gumbel(model, name, "keep")
    best = -law.face - law.by_deposit * lost / model.states[buyer].measure
    best += _gumbel(model, name, "cancel")
    heir = None
    for k in _friends(model, parties, price):
        friend = model.states[k]
        regard = friend.affinity[buyer]
        odds = law.stakes * relief(view, k, goods) + law.by_regard * regard
        odds -= law.by_cost * price / friend.measure
        if model.draws.held("takeover", name, k) >= logistic(odds):
            continue
        worth = law.stakes * law.kept * regard * gain - law.face + _gumbel(model, name, k)
        if worth > best:
            best, heir = worth, k
    if best <= keep:
        return
    if heir is None:
        for each in mine:
            cancel(model, each, BY_THREAT)
        return
    compensations = [(heir, each.holder, prepaid(model, each)) for each in mine]
    for each in mine:
        divert(model, each, heir, BY_THREAT)
    compensate(model, compensations)


def _friends(model: Theatre, parties: tuple[str, str, str, str], price: float) -> list[str]:
    """Return the states that could take an order over: friends at odds with the threatening one."""
    _, by, buyer, seller = parties
    return [
        k
        for k, friend in model.states.items()
        if k in model.buyers
        and k not in {by, buyer, seller}
        and friend.rivalry.get(by, 0.0) > 0
        and friend.affinity[buyer] > 0
        and friend.fund >= price
        and model.ban([seller], k) == 0
    ]


def relief(view: Situation, state: str, goods: dict[str, float]) -> float:
    """Return the fall of the threats to a state if it had some goods."""
    rivals = view.model.states[state].rivalry
    fall = sum(view.threat[state, j] - view.threat_with(state, j, goods) for j in rivals)
    return max(fall, 0.0)


def _gumbel(model: Theatre, threat: str, option: str) -> float:
    return -math.log(-math.log(model.draws.held("yield", threat, option)))
