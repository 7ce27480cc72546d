"""Hold the price of a TIV in filled cases against the prices that the register's comments name.

    python -m bench.deal_prices --data DIR

Of each order of 1990 to 2020 with more than 5 TIV whose comment names its price as "$572 m deal",
the price in M USD of 2016 over its TIV. Parts of a larger deal are left out, and orders that share
a price in a year. Printed are number, quartiles and total price over total TIV, of new and of used
arms, and of new ones by supplier, if it has 15 orders or more. A price often covers training, spare
parts and ammunition, which have no TIV.
"""

from __future__ import annotations

import pandas as pd

from bench.downloads import archive_of, parser_of
from sim.cases.dollars import deflator
from sim.cases.stocks import condition_of
from sim.data import tidy_tables as tables

FIRST, LAST = 1990, 2020
_LEAST_TIV, _FEWEST = 5, 15
_PRICE = r"(?<!art of )\$ ?(?P<number>[\d.,]*\d)(?:-[\d.,]+)? ?(?P<unit>m|b)n? (?:\([^)]*\) )?deal"
_UNITS = {"m": 1.0, "b": 1000.0}  # M USD


def main() -> None:
    """Print the table."""
    options = parser_of(__doc__).parse_args()
    archive = archive_of(options)
    found = priced(archive.frame(tables.DEALS))
    used = found["status"].map(condition_of) != "new"
    print(line("new", found[~used]))
    print(line("used", found[used]))
    for supplier, own in found[~used].groupby("supplier", sort=True):
        if len(own) >= _FEWEST:
            print(line(str(supplier), own))


def priced(deals: pd.DataFrame) -> pd.DataFrame:
    """Return the orders with a price, in M USD of 2016 and in M USD a TIV."""
    named = deals["comments"].fillna("").str.extract(_PRICE)
    usd = pd.to_numeric(named["number"].str.replace(",", ""), errors="coerce")
    whole = deals.assign(usd=usd * named["unit"].map(_UNITS))
    kept = whole["order_year"].between(FIRST, LAST) & (whole["tiv_ordered"] > _LEAST_TIV)
    own = whole[kept & whole["usd"].notna()]
    alone = ~own.duplicated(["supplier", "recipient", "order_year", "usd"], keep=False)
    own = own[alone]
    usd = own["usd"] * own["order_year"].astype(int).map(deflator)
    return own.assign(usd=usd, price=usd / own["tiv_ordered"])


def line(name: str, own: pd.DataFrame) -> str:
    """Return number, quartiles and mean price of some orders."""
    low, middle, high = own["price"].quantile([0.25, 0.5, 0.75])
    mean = own["usd"].sum() / own["tiv_ordered"].sum()
    return f"{name}: {len(own)} orders, {low:.2f} {middle:.2f} {high:.2f}, in all {mean:.2f}"


if __name__ == "__main__":
    main()
