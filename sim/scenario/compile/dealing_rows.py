"""Dealings of a model as tables of a layout: trade, civil loans, levers; and rows of dates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.kernel.dates import Calendar
from sim.kernel.layout.entity_names import table_of
from sim.scenario.compile.goods import Goods
from sim.scenario.schema.root import Model

ALWAYS = 10**6  # period number that no date reaches


def dealings(
    model: Model, goods: Goods, index: Mapping[str, int], calendar: Calendar
) -> dict[str, Any]:
    """Return the tables of trade, civil loans and levers of a model."""
    offers, levers = list(goods.offers), list(model.leverage.values())
    sales = [
        (n, offers.index(name))
        for n, each in enumerate(levers)
        for name in goods.offers_of(each.supplier, each.system)
    ]
    held = [(n, offers.index(name)) for n, each in enumerate(levers) for name in each.withholds]
    loans = (event.loan for event in model.events.values() if event.loan is not None)
    civil = {(index[each.borrower], index[each.lender]) for each in loans if each.for_ == "economy"}
    return {
        "civil_index": table_of(sorted(civil)),
        "trade_index": _trade(model, index),
        "levers": tuple(model.leverage),
        "lever_parties": table_of([(index[each.by], index[each.recipient]) for each in levers]),
        "lever_sales": table_of(sales),
        "lever_offers": table_of(held),
        "lever_from": date_rows(calendar, [each.from_ for each in levers], -ALWAYS),
        "lever_until": date_rows(calendar, [each.until for each in levers], ALWAYS, last=True),
    }


def _trade(model: Model, index: Mapping[str, int]) -> np.ndarray:
    """Return who may be hit by a sanction, and by whom: all dyads that trade, both ways."""
    pairs = {(index[i], index[j]) for i, each in model.trade.items() for j in each.with_}
    return table_of(sorted(pairs | {(j, i) for i, j in pairs}))


def date_rows(
    calendar: Calendar, dates: list[str | None], otherwise: int, *, last: bool = False
) -> np.ndarray:
    """Return dates as numbers of the periods in which they begin, or end: (dates, 1)."""
    number = calendar.last_number if last else calendar.number
    rows = [otherwise if date is None else number(date) for date in dates]
    return np.array(rows, dtype=np.int64)[:, None]
