"""Work out what share of military spending goes to arms imports, by what the model pays for them.

    python -m bench.import_shares --transfers FILE [--runs 100] [--rounds 3]

`--transfers` is a register of your own (columns supplier, recipient, year, tiv_m). The hindcast is
run to 2017, and for each buyer of the catalogues

    share = TIV of the record in 2006-2017 * price / military spending of those years

where the price is what the buyer agreed to pay for a TIV of what the model delivered to it. It
depends on the share, so each round runs with the shares of the round before. The last table says
what `import_share` in states_2005.yaml and states_2017.yaml is to be: nothing after 2017 enters.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.documents.leaves import value_of
from sim.experiments.backtest.observed import Observed, read_transfers
from sim.experiments.batch import Batch, BatchRecord
from sim.kernel.dates import MONTHS
from sim.kernel.world import ORDERED
from sim.scenario.load import load
from sim.scenario.schema.root import Model

HINDCAST, FIRST, LAST = "south_caucasus_2005_to_2017", 2006, 2017
LEAST, MOST = 0.002, 0.6  # what a share may be


@dataclass(frozen=True)
class Purse:
    """What a buyer got in the runs, what it agreed to pay, and what it had; means of runs."""

    tiv: float
    paid: float  # million USD
    budget: float  # million USD, of all years

    @property
    def price(self) -> float:
        """Return what it paid for a TIV, million USD; 1 where it got nothing."""
        return self.paid / self.tiv if self.tiv > 0 else 1.0


def main() -> None:
    """Print the shares, round by round."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--transfers", required=True)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    record = read_transfers(options.transfers)
    shares: dict[str, float] = {}
    for number in range(1, options.rounds + 1):
        sets = [f"states.{state}.import_share={share:.4g}" for state, share in shares.items()]
        model = load(HINDCAST, sets=sets, seed=options.seed).base
        shares = print_round(number, model, purses(model, options.runs), record)


def purses(model: Model, runs: int) -> Mapping[str, Purse]:
    """Return what runs of a model show of each buyer in the years that count."""
    return Batch(model=model, runs=np.arange(runs), seed=model.seed, read=read_purses).result()


def read_purses(batch: BatchRecord) -> Mapping[str, Purse]:
    """Return the purses of buyers."""
    record, count = batch.record, batch.count
    end, layout, calendar = record.end, record.end.layout, record.end.layout.calendar
    years = (MONTHS[calendar.period] * (calendar.first + np.arange(len(calendar)))) // MONTHS[
        "year"
    ]
    within = (years >= FIRST) & (years <= LAST)
    budget = record.series["budget"][within, :, :count].mean(axis=2).sum(axis=0)
    log = end.log
    offer, came = np.maximum(log.offer, 0), (log.stage == ORDERED) & (log.delivered > 0)
    came &= log.first - calendar.first >= int(np.flatnonzero(within)[0])
    worth = np.take_along_axis(end.worth, layout.system[offer], axis=0)
    tiv = log.delivered * worth * np.take_along_axis(end.condition, offer, axis=0)
    paid = log.value * log.delivered / np.where(log.units > 0, log.units, 1.0)
    found = {}
    for row, state in enumerate(layout.states):
        own = (came & (log.recipient == row))[:, :count]
        found[state] = Purse(
            tiv=float(tiv[:, :count][own].sum()) / count,
            paid=float(paid[:, :count][own].sum()) / count,
            budget=float(budget[row]) * MONTHS[calendar.period] / MONTHS["year"],
        )
    return found


def print_round(
    number: int, model: Model, found: Mapping[str, Purse], record: Observed
) -> dict[str, float]:
    """Print the shares that follow from a round, and return them."""
    print(f"\nround {number}: {FIRST}-{LAST}; volumes TIV, price M USD of 2016 a TIV, budget M USD")
    print(f"  {'':4}{'record':>9}{'model':>9}{'price':>7}{'budget':>9}{'share':>8}{'by rule':>9}")
    shares = {}
    for state, purse in found.items():
        had = sum(record.tiv(other, state, FIRST, LAST) for other in model.states)
        present = value_of(model.states[state].import_share)
        if present > 0 and had > 0:
            share = present * had * purse.price / purse.budget
            shares[state] = float(np.clip(share, LEAST, MOST))
            print(
                f"  {state:4}{had:9.0f}{purse.tiv:9.0f}{purse.price:7.2f}{purse.budget:9.0f}"
                f"{present:8.3f}{share:9.3f}"
            )
    return shares


if __name__ == "__main__":
    main()
