"""Deals from CSV files, one row for each as in registers of transfers, and their finance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from sim.documents.csv_table import CsvRow, CsvTable, read_csv
from sim.laws.finance import Finance
from sim.patterns.history import Deals, RecordedEvent
from sim.patterns.measures import CONDITIONS, REACHED, UNITS

ROWS = {  # row_type -> kind of row; "" is left out
    "deal": "deal",
    "refusal": "refusal",
    "aggregate": "aggregate",  # counts for money alone: it overlaps the deals it sums
    **dict.fromkeys(("marker", "option", "memorandum", "unconfirmed", "rumour"), ""),
}
STATES = {  # condition of units -> its name in scenarios
    "new": "new",
    "second_hand": "second_hand",
    "refurbished": "refurbished",
    "modernised": "refurbished",
}
TERMS = {  # terms of payment -> cash, credit or grant; "" if unclear
    "cash": "cash",
    "credit": "credit",
    "grant": "grant",
    **dict.fromkeys(("discount", "grant_or_discount", "unknown"), ""),
}
MONEY = ("value", "listed", "credit", "waived")  # amounts of deals
GIVEN = ("objected", "stalled", "blocked", "late")  # stages with a column of 0 and 1
UNDELIVERED = frozenset({"undelivered", "ordered", "option_not_exercised"})  # status


@dataclass(frozen=True)
class GoodsNames:
    """The names that scenarios give to the systems and classes of a table of deals."""

    known: dict[str, tuple[str, str, float]] = field(default_factory=dict)  # -> system, class, km
    classes: dict[str, str] = field(default_factory=dict)  # category -> class

    def named(self, system: str, category: str) -> tuple[str, str, float]:
        """Return system, class and range (km, nan if unknown) of a row."""
        if system in self.known:
            return self.known[system]
        return system, self.classes.get(category, category), math.nan


@dataclass(frozen=True, kw_only=True)
class Deal:
    """One row of a table of deals; dates are months from year 0, -1 if unknown."""

    supplier: str
    recipient: str
    system: str
    category: str
    condition: str
    range: float
    dated: int  # month in the middle of the order's date
    first: int = -1  # first month of the first delivery
    stop: int = -1  # month after the last delivery
    stages: frozenset[str] = frozenset()
    amounts: dict[str, float] = field(default_factory=dict)  # by unit; nan if unknown
    terms: str = ""

    def less(self, *units: str) -> Deal:
        """Return the deal with the amounts in some units unknown."""
        return replace(self, amounts={**self.amounts, **dict.fromkeys(units, math.nan)})


def goods_of(path: str | Path) -> GoodsNames:
    """Return the names in a table of goods, whose rows name a system or only a category.

    InputError lists what is wrong with the table.
    """
    table = read_csv(path, "name", "category", "system", "class", "range")
    goods = GoodsNames()
    for row in table.rows():
        if row.text("name"):
            entry = row.needed("system"), row.needed("class"), row.number("range", low=0.0)
            goods.known[row.text("name")] = entry
        else:
            goods.classes[row.needed("category")] = row.needed("class")
    table.close()
    return goods


def read_deals(table: CsvTable, goods: GoodsNames) -> list[Deal]:
    """Return the deals, refusals and aggregates of a table; other rows are left out.

    InputError lists what is wrong with the table.
    """
    deals = []
    for row in table.rows():
        kind = row.choice("row_type", ROWS, "deal")
        if kind and (deal := _deal(row, kind, goods, table)) is not None:
            deals.append(deal)
    table.close()
    return _without_doubles(deals)


def _without_doubles(deals: list[Deal]) -> list[Deal]:
    """Return the deals, without the money that an aggregate of the same two states includes."""
    summed = {
        (deal.supplier, deal.recipient)
        for deal in deals
        if not deal.stages and deal.amounts["value"] == deal.amounts["value"]
    }
    return [
        deal.less(*MONEY) if deal.stages and (deal.supplier, deal.recipient) in summed else deal
        for deal in deals
    ]


def _deal(row: CsvRow, kind: str, goods: GoodsNames, table: CsvTable) -> Deal | None:
    ordered = row.date("order_year", needed=True)
    first, last = row.date("first_delivery"), row.date("last_delivery")
    system, category, reach = goods.named(row.text("system"), row.text("category"))
    if ordered is None:
        return None
    if first is not None and last is not None and last.stop <= first.first:
        row.wrong("last_delivery", f"lies before the first delivery, {first.text}")
    last = first if last is None else last
    came = kind == "deal" and first is not None and row.text("status") not in UNDELIVERED
    terms = row.choice("terms", TERMS, "")
    return Deal(
        supplier=row.needed("supplier"),
        recipient=row.needed("recipient"),
        system=system,
        category=category,
        condition=row.choice("condition", STATES, ""),
        range=reach,
        dated=ordered.middle,
        first=first.first if came and first is not None else -1,
        stop=last.stop if came and last is not None else -1,
        stages=_stages(row, kind, table, came=came),
        amounts=_amounts(row, kind, terms),
        terms=terms,
    )


def _stages(row: CsvRow, kind: str, table: CsvTable, *, came: bool) -> frozenset[str]:
    """Return the stages that a deal is known to have reached."""
    if kind == "aggregate":
        return frozenset()
    if kind == "refusal":
        return frozenset({"requested", "refused"})
    stages = {"requested", "ordered"}
    if came:
        whole = row.text("status") in ("", "delivered")
        stages |= {"delivered", "completed"} if whole else {"delivered"}
        stages |= {"withdrawn"} if row.text("problem") else set()
    for stage in GIVEN:
        if stage in table.columns and row.number(stage, low=0.0) > 0:
            stages.add(stage)
    return frozenset(stages)


def _amounts(row: CsvRow, kind: str, terms: str) -> dict[str, float]:
    tiv = "tiv_m" if "tiv_m" in row.table.columns else "sipri_tiv_m"
    value = row.number("value_usd_m", low=0.0)
    volume, units = row.number(tiv, low=0.0), row.number("qty", low=0.0)
    gift = {"cash": 0.0, "grant": 1.0}.get(terms, math.nan)
    single = kind == "deal"
    return {
        "tiv": volume if single else math.nan,
        "units": units if single else math.nan,
        "value": value if terms != "grant" else 0.0,
        "listed": value if terms in ("cash", "credit", "grant") else math.nan,
        "credit": value if terms == "credit" else math.nan,
        "waived": value * gift,
        "orders": 1.0 if single else math.nan,
    }


def deals_of(
    deals: Sequence[Deal], states: tuple[str, ...]
) -> tuple[Deals, tuple[str, ...], tuple[str, ...]]:
    """Return deals as columns, with the names of systems and of classes."""
    systems = tuple(sorted({deal.system for deal in deals}))
    classes = tuple(sorted({deal.category for deal in deals}))
    conditions = (*CONDITIONS, "")

    def column(values: list[int]) -> np.ndarray:
        return np.array(values, dtype=np.int64)

    return (
        Deals(
            run=np.zeros(len(deals), dtype=np.int64),
            supplier=column([states.index(deal.supplier) for deal in deals]),
            recipient=column([states.index(deal.recipient) for deal in deals]),
            system=column([systems.index(deal.system) for deal in deals]),
            category=column([classes.index(deal.category) for deal in deals]),
            condition=column([conditions.index(deal.condition) for deal in deals]),
            range=np.array([deal.range for deal in deals]),
            decided=np.ones(len(deals), dtype=np.int64),
            dated=column([deal.dated for deal in deals]),
            first=column([deal.first for deal in deals]),
            stop=column([deal.stop for deal in deals]),
            reached=_reached(deals),
            amounts={unit: np.array([deal.amounts[unit] for deal in deals]) for unit in UNITS},
        ),
        systems,
        classes,
    )


def _reached(deals: Sequence[Deal]) -> dict[str, np.ndarray]:
    """Return 0 or 1 by deal for each stage that the tables record."""
    known = {stage for deal in deals for stage in deal.stages}
    known |= {"requested", "refused", "ordered", "delivered", "completed", "withdrawn"}
    return {
        stage: np.array([stage in deal.stages for deal in deals], dtype=np.int64)
        for stage in REACHED
        if stage in known
    }


def credits_of(path: str | Path, deals: Sequence[Deal]) -> list[Deal]:
    """Return deals with the credits and grants of a table of finance in place of their own.

    The grant element of a credit is one minus the present value of its service, as in the law of
    contract. InputError lists what is wrong with the table.
    """
    kept = [  # a table of finance is the better source on credits and grants
        deal.less("listed", "credit", "waived") if deal.terms in ("credit", "grant") else deal
        for deal in deals
    ]
    table = read_csv(path, "date", "lender", "borrower", "amount_usd_m", "instrument")
    for row in table.rows():
        date, amount = row.date("date", needed=True), row.number("amount_usd_m", low=0.0)
        credit = "credit" in row.text("instrument") and "debt" not in row.text("instrument")
        grant = row.text("instrument").startswith("in-kind grant")
        if date is None or row.text("tied_to_arms") != "yes" or not (credit or grant):
            continue
        gift = 1.0 if grant else _grant_element(row) if amount == amount else math.nan  # noqa: PLR0124
        lent = amount if credit else math.nan
        kept.append(
            _funding(row, date.first, {"listed": amount, "credit": lent, "waived": amount * gift})
        )
    table.close()
    return kept


def _funding(row: CsvRow, month: int, amounts: dict[str, float]) -> Deal:
    """Return a credit or grant as a deal without goods."""
    return Deal(
        supplier=row.needed("lender"),
        recipient=row.needed("borrower"),
        system="",
        category="",
        condition="",
        range=math.nan,
        dated=month,
        amounts={**dict.fromkeys(UNITS, math.nan), **amounts},
    )


def _grant_element(row: CsvRow) -> float:
    """Return the grant element of a credit, at the market rate of the law of finance."""
    market = float(Finance().market_rate)
    rate, tenor = row.number("rate_pct"), row.number("tenor_years", low=0.0)
    return (market - rate / 100) / (market + 1 / tenor) if tenor > 0 else math.nan


def loans_of(path: str | Path) -> list[RecordedEvent]:
    """Return the loans in a table of finance as events of lender and borrower.

    InputError lists what is wrong with the table.
    """
    table = read_csv(path, "date", "lender", "borrower", "instrument")
    loans = []
    for row in table.rows():
        date = row.date("date", needed=True)
        if date is not None and "loan" in row.text("instrument"):
            states = row.needed("lender"), row.needed("borrower")
            loans.append(RecordedEvent(kind="loan", month=date.middle, states=states))
    table.close()
    return loans
