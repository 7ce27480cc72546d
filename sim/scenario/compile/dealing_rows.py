"""Dealings of a model as tables of a layout: trade, loans, levers, calls; and rows of dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from sim.kernel.arrays import NONE
from sim.kernel.dates import Calendar
from sim.kernel.layout.entity_names import table_of
from sim.scenario.compile.goods import Goods
from sim.scenario.schema.dealings import VOTE, BurdenCall
from sim.scenario.schema.root import Model

ALWAYS = 10**6  # a period number beyond every date


def dealings(
    model: Model,
    goods: Goods,
    index: Mapping[str, int],
    calendar: Calendar,
    eligible: np.ndarray,  # (states, blocs): present and possible members
) -> dict[str, Any]:
    """Return the tables of trade, civil loans, levers and calls on members of a model."""
    offers, levers = list(goods.offers), list(model.leverage.values())
    sales = [
        (n, offers.index(name))
        for n, each in enumerate(levers)
        for name in goods.offers_of(each.supplier, each.system)
    ]
    held = [(n, offers.index(name)) for n, each in enumerate(levers) for name in each.withholds]
    loans = (event.loan for event in model.events.values() if event.loan is not None)
    civil = {(index[each.borrower], index[each.lender]) for each in loans if each.for_ == "economy"}
    calls = {n: e.contribution for n, e in model.events.items() if e.contribution is not None}
    return {
        "asks": tuple(calls),
        "ask_target": np.array(
            [NONE if c.against is None else index[c.against] for c in calls.values()],
            dtype=np.int64,
        ),
        "ask_votes": np.array([[1.0 * (c.for_ == VOTE)] for c in calls.values()]).reshape(-1, 1),
        "duty_index": _duties(model, calls.values(), index, eligible),
        "civil_index": table_of(sorted(civil)),
        "trade_index": _trade(model, index),
        "levers": tuple(model.leverage),
        "lever_parties": table_of([(index[each.by], index[each.recipient]) for each in levers]),
        "lever_sales": table_of(sales),
        "lever_offers": table_of(held),
        "lever_from": date_rows(calendar, [each.from_ for each in levers], -ALWAYS),
        "lever_until": date_rows(calendar, [each.until for each in levers], ALWAYS, last=True),
    }


def _duties(
    model: Model, calls: Iterable[BurdenCall], index: Mapping[str, int], eligible: np.ndarray
) -> np.ndarray:
    """Return each call on members, and the states that may be asked by bloc."""
    blocs, rows = list(model.blocs), []
    for ask, call in enumerate(calls):
        bloc = blocs.index(call.bloc)
        leader = index[model.blocs[call.bloc].leader]
        named = None if call.of is None else {index[name] for name in call.of}
        rows += [
            (ask, i, bloc)
            for i in np.flatnonzero(eligible[:, bloc]).tolist()
            if i != leader and (named is None or i in named)
        ]
    return table_of(rows, 3)


def _trade(model: Model, index: Mapping[str, int]) -> np.ndarray:
    """Return the dyads that sanctions may hit: all that trade, both ways."""
    pairs = {(index[i], index[j]) for i, each in model.trade.items() for j in each.with_}
    return table_of(sorted(pairs | {(j, i) for i, j in pairs}))


def date_rows(
    calendar: Calendar, dates: list[str | None], otherwise: int, *, last: bool = False
) -> np.ndarray:
    """Return dates as numbers of the periods in which they begin, or end: (dates, 1)."""
    number = calendar.last_number if last else calendar.number
    rows = [otherwise if date is None else number(date) for date in dates]
    return np.array(rows, dtype=np.int64)[:, None]
