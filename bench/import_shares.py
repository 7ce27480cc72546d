"""Compute the share of military spending that goes to arms imports, at the prices of the model.

    python -m bench.import_shares --transfers FILE [--runs 100] [--rounds 6]

`--transfers` is a register that you have (columns supplier, recipient, year, tiv_m). The hindcast
is run to 2017, and for each buyer of the catalogues

    share = TIV of the record * price / (military spending * spent)

where `price` is the mean price that the buyer agreed to pay for a TIV of the deliveries in the
model, gifts included, and `spent` the part of its budget that it used for them. Both depend on the
share: each round runs with the shares of the previous one. The share of 2005 is that of the years
2006-2017, the share of 2017 that of 2013-2017, from the last round; no data after 2017 are used.
The largest share, 0.3, is the ratio of Azerbaijan's contracts with Russia (3 bn USD executed by
2014) and Israel (4.85 bn by 2016, most of it executed) to its military spending of 2005-2016 (24
bn): it buys less than its budget could pay for.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.documents.leaves import value_of
from sim.experiments.backtest.forecast import years_of
from sim.experiments.backtest.observed import Observed, read_transfers
from sim.experiments.batch import Batch, BatchRecord
from sim.kernel.world import ORDERED
from sim.scenario.load import load
from sim.scenario.schema.root import Model

HINDCAST = "south_caucasus_2005_to_2017"
YEARS = {"2005": range(2006, 2018), "2017": range(2013, 2018)}  # years that count, by catalogue
LEAST, MOST = 0.002, 0.3  # bounds of a share

Purses = Mapping[tuple[str, str], "Purse"]  # by catalogue and state


@dataclass(frozen=True)
class Purse:
    """A buyer's deliveries, agreed payments and budget in the runs; means of runs."""

    tiv: float
    paid: float  # million USD
    budget: float  # million USD, of all years

    @property
    def spent(self) -> float:
        """Return the part of the budget that was used for deliveries."""
        return self.paid / self.budget

    @property
    def price(self) -> float:
        """Return the price that it paid for a TIV, million USD; 1 without deliveries."""
        return self.paid / self.tiv if self.tiv > 0 else 1.0


def main() -> None:
    """Print the shares, round by round."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--transfers", required=True)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    record = read_transfers([options.transfers])
    shares: dict[str, float] = {}
    for number in range(1, options.rounds + 1):
        sets = [f"states.{state}.import_share={share:.4g}" for state, share in shares.items()]
        model = load(HINDCAST, sets=sets, seed=options.seed).base
        found = purses(model, options.runs)
        shares = print_shares(f"round {number}", model, found, record, "2005")
    print_shares("from the last round", model, found, record, "2017")


def purses(model: Model, runs: int) -> Purses:
    """Return the purses of buyers in runs of a model, by catalogue."""
    return Batch(model=model, runs=np.arange(runs), seed=model.seed, read=read_purses).result()


def read_purses(batch: BatchRecord) -> Purses:
    """Return the purses of buyers from the record of a batch."""
    record, count = batch.record, batch.count
    end, layout, calendar = record.end, record.end.layout, record.end.layout.calendar
    log = end.log
    offer, came = np.maximum(log.offer, 0), (log.stage == ORDERED) & (log.delivered > 0)
    worth = np.take_along_axis(end.worth, layout.system[offer], axis=0)
    tiv = log.delivered * worth * np.take_along_axis(end.condition, offer, axis=0)
    paid = log.value * log.delivered / np.where(log.units > 0, log.units, 1.0)
    found: dict[tuple[str, str], Purse] = {}
    for catalogue, years in YEARS.items():
        within = np.isin(years_of(record), years)
        budget = record.series["budget"][within, :, :count].mean(axis=2).sum(axis=0)
        late = came & (log.first - calendar.first >= int(np.flatnonzero(within)[0]))
        for row, state in enumerate(layout.states):
            own = (late & (log.recipient == row))[:, :count]
            found[catalogue, state] = Purse(
                tiv=float(tiv[:, :count][own].sum()) / count,
                paid=float(paid[:, :count][own].sum()) / count,
                budget=float(budget[row]) * calendar.dt,
            )
    return found


def print_shares(
    title: str, model: Model, found: Purses, record: Observed, catalogue: str
) -> dict[str, float]:
    """Print the shares of a catalogue that follow from runs, and return them."""
    years = YEARS[catalogue]
    print(f"\n{title}, {years[0]}-{years[-1]}; volumes TIV, price M USD of 2016 a TIV")
    print(f"  {'':4}{'record':>9}{'model':>9}{'price':>7}{'spent':>7}{'share':>8}{catalogue:>9}")
    shares = {}
    for state, present in buyers(model).items():
        purse = found[catalogue, state]
        had = sum(record.tiv(other, state, years[0], years[-1]) for other in model.states)
        share = float(np.clip(present * had / max(purse.tiv, 1e-9), LEAST, MOST))
        shares[state] = share
        print(
            f"  {state:4}{had:9.0f}{purse.tiv:9.0f}{purse.price:7.2f}{purse.spent:7.2f}"
            f"{present:8.3f}{share:9.3f}"
        )
    return shares


def buyers(model: Model) -> dict[str, float]:
    """Return the import share of each state that imports."""
    shares = {name: value_of(state.import_share) for name, state in model.states.items()}
    return {name: share for name, share in shares.items() if share > 0}


if __name__ == "__main__":
    main()
