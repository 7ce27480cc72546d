"""Publishers' tables as parts of a history: flows and deals of arms, military expenditure."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from sim.data.flows import flow_tuples
from sim.documents.window import Window
from sim.kernel.dates import YEAR
from sim.patterns.deal_files import Deal, GoodsNames
from sim.patterns.measures import UNITS

_CONDITIONS = {
    "new": "new",
    "second hand": "second_hand",
    "secondhand": "second_hand",
    "second hand but modernized": "refurbished",
    "refurbished": "refurbished",
}
_METRICS = {"current_usd_m": "spending", "share_gdp": "burden"}
Flows = dict[tuple[str, str], dict[int, float]]  # supplier, recipient -> year -> TIV
Points = dict[tuple[str, str], list[tuple[Window, float]]]  # metric, subject -> values


def flows_by_pair(frame: pd.DataFrame) -> Flows:
    """Return a table of flows as series of supplier and recipient."""
    flows: Flows = {}
    for each in flow_tuples(frame):
        flows.setdefault((each.supplier, each.recipient), {})[each.year] = each.tiv
    return flows


def deals_of_register(frame: pd.DataFrame, goods: GoodsNames) -> list[Deal]:
    """Return the deals in a register, delivered or not."""
    columns = {str(name): values.tolist() for name, values in frame.items()}
    rows = zip(*columns.values(), strict=True)
    return [_deal(dict(zip(columns, row, strict=True)), goods) for row in rows]


def _deal(row: dict[str, Any], goods: GoodsNames) -> Deal:
    came = row["delivery_years"] != ""
    stages = {"requested", "ordered"}
    if came:
        stages |= {"delivered"} if row["delivered"] < row["ordered"] else {"delivered", "completed"}
    system, category, reach = goods.named(row["designation"], row["description"])
    return Deal(
        supplier=row["supplier_iso3"] or row["supplier"],
        recipient=row["recipient_iso3"] or row["recipient"],
        system=system,
        category=category,
        condition=_CONDITIONS.get(row["status"], ""),
        range=reach,
        dated=row["order_year"] * YEAR + YEAR // 2,
        first=int(row["first_delivery"]) * YEAR if came else -1,
        stop=int(row["last_delivery"] + 1) * YEAR if came else -1,
        stages=frozenset(stages),
        amounts=dict.fromkeys(UNITS, math.nan)
        | {"tiv": row["tiv_delivered"], "units": row["delivered"], "orders": 1.0},
    )


def add_spending(frame: pd.DataFrame, points: Points) -> None:
    """Add a publisher's figures of military expenditure to `points`."""
    own = frame[frame["measure"].isin([*_METRICS])]
    columns = (own[each].tolist() for each in ("measure", "iso3", "year", "value"))
    for measure, state, year, value in zip(*columns, strict=True):
        window = Window(year * YEAR, (year + 1) * YEAR, str(year))
        points.setdefault((_METRICS[measure], state), []).append((window, value))
