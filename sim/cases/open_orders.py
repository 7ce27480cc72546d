"""Open orders: in which years the rest of an order comes that is under way at the start.

    last    the last delivery, in years after the start: the usual wait (`usual_orders`) of earlier
            orders that were open at the same age, with or without a first delivery: among all
            orders, those of the class, and those of the supplier in the class; in full years
    parts   equal parts, in whole units, one a year until the last, or evenly among these years
            if there are fewer units

What is open is by selection late: the time that orders usually take says nothing of the rest of one
that has taken longer. Earlier orders are those made 20 to 10 years before the start. For them the
register up to the start knows how long they were open, so no year after the start counts. One that
is still open then is taken to end with it. Without such orders the last delivery is due by the
usual lag from the order, or in the first year.

The wait is a quantile of 75 %, not the median, since large orders take longer than most, and
volume counts. It was chosen among 0.5, 0.65, 0.75 and 0.9 by starts up to 2007, and then judged by
later ones (`python -m bench.backlogs`; docs/case.md). Source: sipri_arms.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from sim.cases import stocks
from sim.cases.arms_register import number, years_of
from sim.cases.usual_orders import usual

AGES = 10  # years: orders under way are younger at the start, earlier ones older
LATE = 0.75  # quantile of waits


class OpenOrder(NamedTuple):
    """What is known of an order that is not complete, at the end of a year."""

    age: int  # years
    begun: bool  # whether a unit has come
    class_: str
    supplier: str


Waits = Mapping[OpenOrder | tuple[int | bool | str, ...], Sequence[float]]
_WIDTHS = range(2, len(OpenOrder._fields) + 1)  # from all orders of an age to the supplier's


def opened(row: Mapping[Hashable, object], year: int) -> OpenOrder | None:
    """Return what is known at the end of a year of a deal of the register; None if complete."""
    dates = years_of(row)
    if stocks.left(number(row["ordered"]), number(row["delivered"]), dates, year) < 1:
        return None
    begun = any(each <= year for each in dates)
    age = year - int(number(row["order_year"]))
    return OpenOrder(age, begun, str(row["class_"]), str(row["supplier_iso3"]))


def waits(deals: pd.DataFrame, until: int) -> Waits:
    """Return the years that earlier orders waited for their last delivery, by what was known.

    No delivery after the year `until` counts.
    """
    first = until - 2 * AGES
    earlier = deals[deals["order_year"].between(first + 1, first + AGES)]
    found: dict[tuple[int | bool | str, ...], list[float]] = {}
    for row in earlier[earlier["last_delivery"].notna()].to_dict("records"):
        made, last = int(row["order_year"]), min(int(row["last_delivery"]), until)
        for year in range(made, min(made + AGES, last)):
            if (order := opened(row, year)) is not None:
                for width in _WIDTHS:
                    found.setdefault(order[:width], []).append(float(last - year))
    return found


def last_delivery(order: OpenOrder, known: Waits, lag: float, quantile: float = LATE) -> int:
    """Return the years until the last delivery of an open order; `lag` is that of new ones."""
    years = usual([known.get(order[:width], ()) for width in _WIDTHS], quantile)
    return max(round(lag - order.age if years is None else years), 1)


def parts(units: int, last: int) -> Sequence[tuple[int, int]]:
    """Return the parts in which units come: years from the start, and units."""
    count = min(units, last)
    ends = [round(units * at / count) for at in range(count + 1)]
    return [(math.ceil(last * at / count), ends[at] - ends[at - 1]) for at in range(1, count + 1)]
