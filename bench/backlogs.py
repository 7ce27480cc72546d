"""Compare when the rest of open orders came with two rules for its date.

    python -m bench.backlogs --data DIR

For each start, these are all orders of ten years in the register, of weapons that may be on offer,
that were not complete the year before. Printed is the share of their TIV that comes in each year
after the start: in the register, by the usual lag from the order (or in the first year, where that
is past), and by the rule of `sim.cases.open_orders` at several quantiles of waits. The error is the
mean distance in years of the dates of a TIV (of an order, of equal weight) from those in the
register; years from the fifteenth on are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from bench.downloads import archive_of, parser_of
from sim.cases import stocks
from sim.cases.arms_register import number, register, years_of
from sim.cases.open_orders import AGES, last_delivery, opened, parts, waits
from sim.cases.usual_orders import usual

STARTS = {"first": (1991, 1993, 1995, 1997, 1999, 2001, 2003, 2005, 2007),
          "later": (2011, 2013, 2015)}  # fmt: skip
QUANTILES = (0.5, 0.65, 0.75, 0.9)
_YEARS = 15
_SHOWN = 8
_OUTLIER = 0.999  # quantile of volumes, above which none counts more


def main() -> None:
    """Print the shares by year, and the errors, for earlier and for later starts."""
    options = parser_of(__doc__).parse_args()
    deals = register(archive_of(options))
    deals = deals[~deals["part"].astype(bool)]
    for name, starts in STARTS.items():
        rows = pd.DataFrame([row for each in starts for row in compared(deals, each)])
        print(f"{name} starts ({', '.join(map(str, starts))}): {len(rows)} open orders")
        shown(rows)


def compared(deals: pd.DataFrame, start: int) -> Iterator[Mapping[str, Any]]:
    """Yield the volume of each order that is open at a start, and when it came, by rule."""
    year = start - 1
    known, lags = waits(deals, year), _lags(deals, year)
    recent = deals[deals["order_year"].between(year - AGES + 1, year)]
    for row in recent.to_dict("records"):
        order, dates = opened(row, year), [each - year for each in years_of(row) if each > year]
        if order is None or not dates or not number(row["tiv_unit"]):
            continue
        left = stocks.left(number(row["ordered"]), number(row["delivered"]), years_of(row), year)
        groups = [(order.class_,), (order.class_, order.supplier), (order.supplier, row["key"])]
        lag = stocks.lag(usual([lags.get(each, ()) for each in groups]))
        rules = {
            f"quantile {each}": parts(round(left), last_delivery(order, known, lag, each))
            for each in QUANTILES
        }
        yield {
            "tiv": left * number(row["tiv_unit"]),
            "register": _profile((each, 1) for each in dates),
            "lag": _profile([(max(round(lag) - order.age, 1), 1)]),
            **{name: _profile(each) for name, each in rules.items()},
        }


def _lags(deals: pd.DataFrame, year: int) -> Mapping[tuple[str, ...], list[float]]:
    """Return the lags of recent orders that were complete, by class, supplier and weapon."""
    done = deals[deals["order_year"].between(year - AGES + 1, year)]
    done = done[done["last_delivery"] <= year]
    found: dict[tuple[str, ...], list[float]] = {}
    for row in done.to_dict("records"):
        lag = min(max(row["last_delivery"] - row["order_year"], stocks.SHORTEST), stocks.LONGEST)
        class_, supplier = str(row["class_"]), str(row["supplier_iso3"])
        for group in ((class_,), (class_, supplier), (supplier, str(row["key"]))):
            found.setdefault(group, []).append(float(lag))
    return found


def _profile(coming: Iterable[tuple[int, int]]) -> np.ndarray:
    """Return the share that comes in each year from (year, units)."""
    shares = np.zeros(_YEARS)
    for year, units in coming:
        shares[min(year, _YEARS) - 1] += units
    return shares / shares.sum()


def shown(rows: pd.DataFrame) -> None:
    """Print the shares of TIV by year and the errors, by rule."""
    weight = rows["tiv"].clip(upper=rows["tiv"].quantile(_OUTLIER)).to_numpy()
    true = np.stack(rows["register"].to_list())
    for rule in [each for each in rows.columns if each != "tiv"]:
        own = np.stack(rows[rule].to_list())
        far = np.abs(np.cumsum(own - true, axis=1)).sum(axis=1)
        shares = np.average(own, axis=0, weights=weight)
        by_year = " ".join(f"{each:5.1%}" for each in shares[:_SHOWN])
        later = f"{shares[_SHOWN:].sum():5.1%}"
        errors = f"{np.average(far, weights=weight):.2f} a TIV, {far.mean():.2f} an order"
        print(f"  {rule:13s} {by_year} later {later}; off by {errors}")


if __name__ == "__main__":
    main()
