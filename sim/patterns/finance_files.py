"""Credits, gifts and loans from a table of finance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sim.laws.finance import Finance
from sim.patterns.csvfile import Row, read_csv
from sim.patterns.deal_files import Deal
from sim.patterns.history import Happening
from sim.scenario.measures import UNITS


def credits_of(path: str | Path, deals: Sequence[Deal]) -> list[Deal]:
    """Return deals with the credits and gifts of a table of finance in place of their own.

    A credit's gift is its grant element (law 9): one minus the present value of its service.
    """
    kept = [_without_terms(deal) for deal in deals]
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


def _without_terms(deal: Deal) -> Deal:
    """Return a deal without credit and gift, which a table of finance tells better."""
    if deal.terms not in ("credit", "grant"):
        return deal
    unknown = dict.fromkeys(("listed", "credit", "waived"), math.nan)
    return replace(deal, amounts={**deal.amounts, **unknown})


def _funding(row: Row, month: int, amounts: dict[str, float]) -> Deal:
    """Return a credit or gift as a deal without goods."""
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


def _grant_element(row: Row) -> float:
    """Return the share of a credit that is a gift, at the market rate that the law assumes."""
    market = float(Finance().market_rate)
    rate, tenor = row.number("rate_pct"), row.number("tenor_years", low=0.0)
    return (market - rate / 100) / (market + 1 / tenor) if tenor > 0 else math.nan


def loans_of(path: str | Path) -> list[Happening]:
    """Return the loans of a table of finance as events of lender and borrower."""
    table = read_csv(path, "date", "lender", "borrower", "instrument")
    found = []
    for row in table.rows():
        date = row.date("date", needed=True)
        if date is not None and "loan" in row.text("instrument"):
            month = (date.first + date.stop) // 2 if date.stop - date.first > 1 else date.first
            states = row.needed("lender"), row.needed("borrower")
            found.append(Happening(kind="loan", month=month, states=states))
    table.close()
    return found
