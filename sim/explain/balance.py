"""Balance: one choice as a function of the inputs of its law, all else equal.

The law's own functions are called with the original draws; many values of a number are tried at
once, as if they were runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.conform.domains import range_of
from sim.experiments.watch.choices import (
    ACCESSION,
    ANSWER,
    CONCESSION,
    CONSENT,
    CONTRIBUTION,
    EXIT,
    EXPULSION,
    FREEZE,
    OBJECTION,
    POINTS,
    READMISSION,
    REQUEST,
    RESPONSE,
    SUSPENSION,
    THAW,
    Choices,
    luck,
)
from sim.experiments.watch.recorder import Moment
from sim.explain.vocabulary import INPUTS, METHODS, ROLES
from sim.kernel.arrays import NONE, added, chance, logistic
from sim.kernel.parameters import parameters_of
from sim.steps.purses import NEAR, serviceable

OF_HARM = "_of_harm"
TWO_VALUED = frozenset({"covered"})

Key = tuple[str, int]  # an input, and its offer or seller, or NONE
Values = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class Balance:
    """A choice, its inputs with their bounds, and the choice that other inputs would lead to."""

    choice: int
    inputs: Mapping[Key, float]
    ends: Mapping[Key, tuple[float, float]]
    verdict: Callable[[Key, np.ndarray], np.ndarray]  # of values of one number: (values,)


def balance_of(moment: Moment, choices: Choices, row: int) -> Balance:
    """Return the balance of a choice, a row of those of a kind."""
    kind = choices.kind
    if kind == REQUEST:
        return _request(moment, choices, row)
    law = law_of(moment, ROLES[kind], int(choices.column[row]))
    known = {name: float(each[row]) for name, each in choices.inputs.items()}
    known = {name: value for name, value in known.items() if name in INPUTS[kind]}
    decide = _DECIDE[kind](moment, choices, row, law)

    def verdict(key: Key, values: np.ndarray) -> np.ndarray:
        case = {name: np.full(values.shape, value) for name, value in known.items()}
        return np.asarray(decide({**case, key[0]: values}))

    inputs = {(name, NONE): value for name, value in known.items()}
    others = {"price": type(moment.rules.membership)} if kind == EXIT else {}
    return Balance(
        choice=int(choices.choice[row]),
        inputs=inputs,
        ends={
            key: ends_of(others.get(key[0], type(law)), key[0], value)
            for key, value in inputs.items()
        },
        verdict=verdict,
    )


def law_of(moment: Moment, role: str, column: int) -> Any:
    """Return the law in force in one run: its parameters are plain numbers."""
    law = getattr(moment.rules, role)
    values = {name: np.asarray(getattr(law, name)) for name in parameters_of(type(law))}
    return replace(law, **{n: float(v if v.ndim == 0 else v[column]) for n, v in values.items()})


def ends_of(law: type, name: str, value: float) -> tuple[float, float]:
    """Return the range of an argument of a law, extended to contain the value."""
    argument = "engagement" if name == "before" else name.removesuffix(OF_HARM)
    low, high = range_of(law, argument)
    return min(low, value), max(high, value)


Decide = Callable[[Values], Any]


def _consent(moment: Moment, choices: Choices, row: int, law: Any) -> Decide:
    del moment
    draw = choices.draw[row]
    return lambda case: (draw < logistic(added(law.terms(**case)))) * 1


def _objection(moment: Moment, choices: Choices, row: int, law: Any) -> Decide:
    del moment
    draw = choices.draw[row]

    def decide(case: Values) -> Any:
        parts = {n.removesuffix(OF_HARM): v for n, v in case.items() if n.endswith(OF_HARM)}
        harm = law.harm(**parts)
        odds = added(law.protest(harm=harm, engagement=case["engagement"]))
        return ((draw < logistic(odds)) & (harm > 0)) * 1

    return decide


def _response(moment: Moment, choices: Choices, row: int, law: Any) -> Decide:
    at, run = (each[row] for each in choices.cell)
    _, point = moment.point(POINTS[RESPONSE])
    passing, stall, block = point.draw[:, at, run]

    def decide(case: Values) -> Any:
        utility = block + added(law.block(**case))
        others = np.full(utility.shape, passing), np.full(utility.shape, stall + law.stall_constant)
        return np.stack([*others, utility]).argmax(axis=0)

    return decide


def _concession(moment: Moment, choices: Choices, row: int, law: Any) -> Decide:
    threat, run = (int(each[row]) for each in choices.cell)
    _, point = moment.point(POINTS[CONCESSION])
    own, ways = int(choices.other["way"][row]), np.flatnonzero(point.open[threat, :, run])
    kept = float(np.broadcast_to(point.keep_draw, point.there.shape)[threat, run])
    of_way = {
        name: np.broadcast_to(point.inputs[name], point.open.shape)[threat, :, run]
        for name in ("regard", "diverted")
    }

    def decide(case: Values) -> Any:
        known = [0.0 * case["gain"] + kept]
        for way in ways.tolist():
            mine = {name: 0.0 * case["gain"] + each[way] for name, each in of_way.items()}
            given = {**case, **mine, **({"regard": case["regard"]} if way == own else {})}
            known.append(added(law.terms(**given)) + point.draw[threat, way, run])
        best = np.stack(known).argmax(axis=0)
        return np.where(best == 0, 0, np.where(np.append(-1, ways)[best] == 0, 1, 2))

    return decide


def _exit(moment: Moment, choices: Choices, row: int, law: Any) -> Decide:
    draw, dt = choices.draw[row], moment.layout.calendar.dt
    membership = law_of(moment, "membership", int(choices.column[row]))
    _, point = moment.point(POINTS[EXIT])
    world, cell = moment.passed.world, tuple(each[row] for each in choices.cell)
    out, frozen = point.shut_out[cell] > 0, world.frozen[cell] > 0

    def decide(case: Values) -> Any:
        reasons = {name: each for name, each in case.items() if name not in ("before", "price")}
        worth = added(law.terms(**reasons))
        moved = law.moved(engagement=case["before"], worth=worth, dt=dt)
        if out:
            moved = 0.0 * moved
        elif frozen:
            moved = membership.kept(engagement=moved, frozen=1.0)
        hazard = membership.hazard(wish=added(membership.terms(engagement=moved, **case)))
        return (draw < chance(hazard, dt)) * 1

    return decide


def _hazard(moment: Moment, choices: Choices, row: int, law: Any) -> Decide:
    """Return a decision that has a hazard, to which its terms add up."""
    draw, dt = choices.draw[row], moment.layout.calendar.dt
    (method,) = METHODS[choices.kind]
    more = {"dt": dt} if choices.kind == FREEZE else {}

    def decide(case: Values) -> Any:
        speaks = added(getattr(law, method)(**case, **more))
        if choices.kind == FREEZE:
            speaks = law.freeze_hazard(shaken=speaks)
        return (draw < chance(np.maximum(speaks, 0.0), dt)) * 1

    return decide


def _accession(moment: Moment, choices: Choices, row: int, law: Any) -> Decide:
    draw, dt = choices.draw[row], moment.layout.calendar.dt

    def decide(case: Values) -> Any:
        wish = added(law.terms(regard=case["regard"], insecurity=case["insecurity"]))
        return (draw < chance(law.hazard(wish=wish, welcome=case["welcome"]), dt)) * 1

    return decide


_DECIDE: Mapping[str, Callable[[Moment, Choices, int, Any], Decide]] = {
    CONSENT: _consent,
    OBJECTION: _objection,
    RESPONSE: _response,
    ANSWER: _consent,
    CONTRIBUTION: _consent,
    EXIT: _exit,
    CONCESSION: _concession,
    ACCESSION: _accession,
    **dict.fromkeys((SUSPENSION, READMISSION, EXPULSION, FREEZE, THAW), _hazard),
}


def _request(moment: Moment, choices: Choices, row: int) -> Balance:
    """Return the balance of a request: numbers of offers on sale, of suppliers and of the purse."""
    buyer, run = (int(each[row]) for each in choices.cell)
    _, point = moment.point(POINTS[REQUEST])
    law, contract = (law_of(moment, role, run) for role in (ROLES[REQUEST], "contract"))
    offers = np.flatnonzero(_row(point.on_sale, buyer, run))
    place = moment.layout.seller_place[offers]
    by_offer = {
        name: _row(each, buyer, run)[offers]
        for name, each in point.inputs.items()
        if name != "best"
    }
    by_seller = {name: _row(each, buyer, run) for name, each in point.supplier_inputs.items()}
    money = _money(point, buyer, run, offers)
    purse = {name: float(money[name]) for name in ("fund", "budget")}
    purse["owed"] = float(money["owed"][1.0])
    cost, largest, there = (
        _row(each, buyer, run)[offers] for each in (point.cost, point.largest, point.open)
    )
    seen = _row(point.looked_at, buyer, run)[place]
    may = (seen & (there | (cost > largest)))[:, None]  # otherwise ignored, or out of stock
    unseen = luck(moment, point)[buyer, offers, run][:, None]
    none = law.reserve + law.noise * point.none_draw[buyer, run]
    dt = moment.layout.calendar.dt / moment.layout.rounds

    def verdict(key: Key, values: np.ndarray) -> np.ndarray:
        name, which = key
        case = {}
        for each, numbers in {**by_offer, **by_seller}.items():
            column = np.repeat(numbers[:, None], values.size, axis=1)
            if each == name:
                column[np.searchsorted(offers, which) if name in by_offer else which] = values
            case[each] = column if each in by_offer else column[place]
        case["best"] = case["gain"].max(axis=0)
        given = {each: values if each == name else number for each, number in purse.items()}
        served, soon = _served(law, money, given)
        value = law.value(
            purse=np.where(case["lag"] < NEAR, soon, served),
            cash=np.maximum(given["fund"], 0.0),
            room=law.room(budget=given["budget"], lent=money["lent"]),
            credit=money["credit"][:, None],
            gift=money["gift"][:, None],
            budget=given["budget"],
            deposit=contract.deposit,
        )
        utility = added(request_terms(law, case)) + unseen
        utility = np.where(may & (cost[:, None] <= value), utility, -np.inf)
        goes = point.visit[buyer, run] < chance(law.rate(purse=served, budget=given["budget"]), dt)
        asks = goes & (utility.max(axis=0) > none)
        return np.where(asks, offers[utility.argmax(axis=0)], NONE)

    inputs = {(name, NONE): value for name, value in purse.items()}
    inputs |= {
        (name, int(o)): float(v)
        for name, column in by_offer.items()
        for o, v in zip(offers, column, strict=True)
    }
    inputs |= {
        (name, int(s)): float(column[s])
        for name, column in by_seller.items()
        for s in np.unique(place)
    }
    ends = {key: ends_of(type(law), key[0], value) for key, value in inputs.items()}
    most = 2 * float(by_offer["gain"].max())  # derived, and small: a range of its own
    for key, value in inputs.items():
        if key[0] == "gain":
            ends[key] = min(0.0, value), max(most, 2 * value)
    return Balance(choice=int(choices.choice[row]), inputs=inputs, ends=ends, verdict=verdict)


def _money(point: Any, buyer: int, run: int, offers: np.ndarray) -> dict[str, Any]:
    """Return the components of a buyer's funds; credits and gifts by offer on sale."""
    whole = point.purse_inputs()
    money = {name: float(whole[name][buyer, run]) for name in ("fund", "budget", "income", "lent")}
    owed = {years: each[buyer, run] for years, each in whole["owed"].items()}
    shares = {name: _row(whole[name], buyer, run)[offers] for name in ("credit", "gift")}
    return {**money, **shares, "owed": owed}


def _served(law: Any, money: Values, given: Values) -> tuple[Any, Any]:
    """Return the debt that can be served, and how much of it by near income, with some changes."""
    service = money["budget"] - money["income"]
    income = np.maximum(given["budget"] - service, 0.0)
    more = given["owed"] - money["owed"][1.0]  # from the first year on
    owed = {years: each + more * (years >= 1.0) for years, each in money["owed"].items()}
    return serviceable(law, fund=given["fund"], income=income, owed=owed)


def request_terms(law: Any, case: Values) -> dict[str, Any]:
    """Return the terms of offers from the inputs of the law of procurement."""
    of_offers = ("gain", "best", "lag", "defect", "at_stake")
    of_suppliers = (
        "affinity", "reputation", "familiarity", "refusal", "ties", "stops", "displeasure",
    )  # fmt: skip
    return {
        **law.offer_terms(**{name: case[name] for name in of_offers if name in case}),
        **law.supplier_terms(**{name: case[name] for name in of_suppliers if name in case}),
    }


def _row(table: Any, buyer: int, run: int) -> np.ndarray:
    """Return the values for a buyer in a run, from a table (buyers, x, runs) or (x, runs)."""
    array = np.asarray(table)
    array = array[None] if array.ndim == 2 else array  # noqa: PLR2004
    array = array[0 if array.shape[0] == 1 else buyer]
    return np.asarray(array[:, 0 if array.shape[-1] == 1 else run])
