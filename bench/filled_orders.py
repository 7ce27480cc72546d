"""Compare the orders in runs of filled cases with those of the register in the same years.

    python -m bench.filled_orders --data DIR [--runs 60]

Two cases of ten years are filled from public data and run. The weapons that may be on offer count
(not `part` in `sim.cases.arms_register`), ordered by states of the case from each other. Printed
are TIV in the runs' mean and in the register, in all, by buyer, and beyond the register by
supplier, buyer and class; the share of simulated orders larger than any that their supplier took
for the class since ten years before the start; and the most ordered systems, in units.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd

from bench.downloads import archive_of, parser_of
from sim.cases import stocks
from sim.cases.archive import Archive
from sim.cases.arms_register import register
from sim.cases.case_skeleton import new_case, order_of
from sim.documents.reader import read_mapping
from sim.experiments.ensemble import run

CASES = {
    "gulf": ("SAU,ARE,QAT,IRN,USA,GBR,FRA", "GCC=SAU,ARE,QAT"),
    "korea": ("KOR,JPN,USA,CHN,PRK", "ALLIES=USA"),
}
FIRST, LAST = 2010, 2019
_BEFORE = 10  # years of orders before the start
_SHOWN = 6  # systems
_SIDES = ["supplier", "recipient"]


def main() -> None:
    """Print the comparison of each case."""
    parser = parser_of(__doc__)
    parser.add_argument("--runs", type=int, default=60)
    options = parser.parse_args()
    archive = archive_of(options)
    for name in CASES:
        compare(name, archive, options.runs)


def compare(name: str, archive: Archive, runs: int) -> None:
    """Print what a case orders in runs and in the register."""
    states, bloc = CASES[name]
    order = order_of(states, [bloc], f"{FIRST}-Q1", f"{LAST}-Q4")
    text = new_case(order, name, f"{name}.yaml", archive).text
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{name}.yaml"
        file.write_text(text, encoding="utf-8")
        bought = simulated(run(file, runs=runs, variants=["baseline"]).transfers, text)
    sold = recorded(archive)
    own = {*states.split(",")}
    within = sold[sold["supplier"].isin(own) & sold["recipient"].isin(own)]
    within = within[within["year"] >= FIRST]
    both = _both(bought, within, [*_SIDES, "class"], runs)
    largest = sold.groupby(["supplier", "class"])["tiv"].max()
    keys = pd.MultiIndex.from_frame(bought[["supplier", "class"]])
    beyond = (bought["tiv"].to_numpy() > largest.reindex(keys).to_numpy() * 1.001).mean()
    excess = (both["runs"] - both["register"]).clip(lower=0).sum()
    print(f"{name}: {both['runs'].sum():,.0f} TIV in runs, {both['register'].sum():,.0f} recorded")
    print(f"  beyond the register by supplier, buyer and class: {excess:,.0f} TIV")
    print(f"  orders above the supplier's largest of the class: {beyond:.1%}")
    print(_both(bought, within, ["recipient"], runs).round().to_string())
    units = _both(bought, within, [*_SIDES, "system"], runs, "units")
    print(units.sort_values("runs", ascending=False).head(_SHOWN).round(1).to_string(), "\n")


def simulated(transfers: pd.DataFrame, text: str) -> pd.DataFrame:
    """Return the orders that runs place, with class and TIV."""
    plain = read_mapping(text, "").plain()
    rows = transfers[(transfers["origin"] != "under_way") & transfers["ordered"].notna()]
    systems = rows["system"].map(plain["systems"])
    condition = [plain["offers"][each].get("condition", "new") for each in rows["offer"]]
    worth = [each["worth"] for each in systems]
    kept = pd.Series(map(stocks.CONDITION.get, condition), index=rows.index)
    return rows.assign(
        **{"class": [each["class"] for each in systems]},
        tiv=rows["units"] * worth * kept,
    )


def recorded(archive: Archive) -> pd.DataFrame:
    """Return the orders in the register of weapons that may be on offer, from before the start."""
    deals = register(archive)
    years = deals["order_year"].between(FIRST - _BEFORE, LAST)
    deals = deals[years & ~deals["part"].astype(bool)]
    names = {"supplier_iso3": "supplier", "recipient_iso3": "recipient", "class_": "class",
             "key": "system", "ordered": "units", "tiv_ordered": "tiv",
             "order_year": "year"}  # fmt: skip
    return deals[[*names]].rename(columns=names)


def _both(
    bought: pd.DataFrame, sold: pd.DataFrame, keys: list[str], runs: int, what: str = "tiv"
) -> pd.DataFrame:
    """Return sums by some keys: the mean of runs, and the register."""
    sums = {
        "runs": bought.groupby(keys)[what].sum() / runs,
        "register": sold.groupby(keys)[what].sum(),
    }
    return pd.DataFrame(sums).fillna(0.0)


if __name__ == "__main__":
    main()
