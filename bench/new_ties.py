"""Measure how new ties of the arms trade form, for the rule of `sim/cases/new_suppliers.py`.

    python -m bench.new_ties --data DIR

A line for each start: the states, the dyads without a delivery in five years, the share of them
with one in the next four, and the share of the others. Then the logistic regression over all
starts, and the share of known ties that are renewed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from bench.downloads import archive_of, parser_of
from sim.cases import regard
from sim.cases.archive import Archive, flows
from sim.cases.case_plan import CasePlan
from sim.cases.new_suppliers import AGE, HELD, KNOWN, YEARS
from sim.cases.regard_figures import guards, votes
from sim.cases.tie_figures import all_disputes
from sim.cases.whole_world import reach

STARTS = (1997, 2001, 2005)
SOLD = 10  # years in which a supplier has sold
CAUSES = ("regard", "legacy", "renown")


def main() -> None:
    """Print the counts of each start and the regression."""
    options = parser_of(__doc__).parse_args()
    archive = archive_of(options)
    tables = []
    for year in STARTS:
        table = ties(year, archive)
        tables.append(table)
        states = {*table["supplier"], *table["recipient"]}
        print(f"{year}: {len(states)} suppliers and buyers, {_counts(table)}")
    whole = pd.concat(tables, ignore_index=True)
    new = whole[~whole["known"]]
    found = LogisticRegression(C=np.inf, max_iter=1000).fit(new[[*CAUSES]], new["tie"])
    slopes = ", ".join(f"{k} {v:.2f}" for k, v in zip(CAUSES, found.coef_[0], strict=True))
    print(f"all: {_counts(whole)}")
    print(f"log odds of a new tie: {found.intercept_[0]:.2f}, {slopes}")


def _counts(table: pd.DataFrame) -> str:
    new, old = (table[table["known"] == each]["tie"] for each in (False, True))
    return f"{len(new)} new dyads, {new.mean():.4f} with a tie; {len(old)} known, {old.mean():.3f}"


def ties(start: int, archive: Archive) -> pd.DataFrame:
    """Return the dyads of suppliers and buyers of a world: causes, whether known, and a tie."""
    year, date = start - 1, f"{start}-Q1"
    states = reach(date, f"{start + YEARS - 1}-Q4", archive).states
    archive = archive.of_case(states)
    plan = CasePlan(states, date)
    came = flows(archive)
    came = came[(came["tiv"] > 0) & came["supplier"].isin(states) & came["recipient"].isin(states)]
    recent = _sums(came, year - KNOWN + 1, year)
    ahead = _sums(came, start, start + YEARS - 1)
    held = came[came["year"].between(year - HELD + 1, year)]
    held = held.assign(tiv=held["tiv"] * np.exp(-(year - held["year"]) / AGE))
    arsenal, whole = _sums(held, 0, year), held.groupby("recipient")["tiv"].sum()
    customers = recent.reset_index().groupby("supplier").size()
    sellers = sorted({s for s, _ in _sums(came, year - SOLD + 1, year).index})
    buyers = sorted({i for _, i in recent.index})
    rows = pd.MultiIndex.from_tuples(
        [(s, i) for s in sellers for i in buyers if s != i], names=["supplier", "recipient"]
    )
    table = pd.DataFrame(index=rows)
    table["regard"] = _mutual(plan, archive, rows)
    total = whole.reindex(rows.get_level_values("recipient")).to_numpy()
    table["legacy"] = arsenal.reindex(rows).fillna(0.0).to_numpy() / np.maximum(total, 1e-9)
    own = customers.reindex(rows.get_level_values("supplier")).fillna(0).to_numpy()
    table["renown"] = np.log1p(own)
    table["known"], table["tie"] = rows.isin(recent.index), rows.isin(ahead.index)
    return table.reset_index()


def _sums(came: pd.DataFrame, first: int, last: int) -> pd.Series:
    """Return TIV by supplier and recipient over some years."""
    own = came[came["year"].between(first, last)]
    return own.groupby(["supplier", "recipient"])["tiv"].sum()


def _mutual(plan: CasePlan, archive: Archive, rows: pd.MultiIndex) -> np.ndarray:
    """Return the mean regard of both sides for each other, by the rule of a case."""
    disputes = {dyad: size for dyad, (size, _) in all_disputes(plan, archive).items()}
    guarded = {dyad: size for dyad, (size, _) in guards(plan, archive, disputes).items()}
    agreed = np.nan_to_num(votes(plan, archive)[0])
    place = {state: at for at, state in enumerate(plan.states)}
    one_way = {
        (i, j): regard.regard(
            float(agreed[place[i], place[j]]),
            guarded.get((i, j), 0.0),
            disputes.get((i, j), 0.0),
        )
        for pair in rows
        for i, j in (pair, pair[::-1])
    }
    return np.array([(one_way[s, i] + one_way[i, s]) / 2 for s, i in rows])


if __name__ == "__main__":
    main()
