"""Compute the regard of states for each other at the start of a scenario, from data of the time.

    python -m bench.affinities south_caucasus_2005 --votes FILE --years 2001..2004
    python -m bench.affinities polonez_vs_iskander --votes FILE --years 2012..2016 --transfers FILE
    python -m bench.affinities two_blocs_2017 --among polonez_vs_iskander --votes FILE --years ...

Prints the numbers of `scenarios/catalogue/affinities_2005.yaml`, `affinities_2017.yaml` and
`affinities_nato_2017.yaml`:

    a_ij = 0.1 + v_ij + 0.4 g_ij - d_ij

`v` is the agreement of i and j in votes of the UN General Assembly, less their agreement with
others (median polish of the matrix; without it all states of a region seem friends), within 0.4
either way. With `--among` the others are the states of another scenario, whose numbers stay. `g` is
1 between the leader of a bloc and a member that it guards; `d` is the dispute that i has with j.
`--votes` is a CSV with the columns state_a, state_b, year, n_votes and agreement (0 to 1).

With `--transfers` (columns supplier, recipient, year, tiv_m) it also prints how well indices of
that form predict the deliveries in the years before the start: the gain in log likelihood of a
logit with effects of suppliers and recipients over one without the index.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from sim.cases.regard import BY_GUARD, CORRECT, MOST, beyond_habit
from sim.documents.leaves import value_of
from sim.experiments.backtest.observed import Observed, read_transfers
from sim.scenario.load import load
from sim.scenario.schema.root import Model

TRIED = {
    "votes": (0, 1, 2, 4),
    "most": (0.1, 0.2, 0.4),
    "guard": (0, 0.2, 0.4, 0.6),
    "fellow": (0, 0.4),
}
RIDGE = 0.5  # penalty on the effects of suppliers and recipients


def main() -> None:
    """Print the numbers, and how well the rule predicts deliveries."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario")
    parser.add_argument("--votes", required=True)
    parser.add_argument("--years", required=True, help="first..last, both before the start")
    parser.add_argument("--among", help="scenario whose states are the others in votes")
    parser.add_argument("--transfers")
    options = parser.parse_args()
    first, last = map(int, options.years.split(".."))
    model = load(options.scenario).base
    states = sorted(model.states)
    among = sorted(load(options.among).base.states) if options.among else states
    known = sorted({*states, *among})
    votes = beyond_habit(
        agreement(options.votes, known, range(first, last + 1)), [known.index(s) for s in among]
    )
    own = [known.index(state) for state in states]
    votes = votes[np.ix_(own, own)]
    for row, state in zip(regard(model, states, votes), states, strict=True):
        cells = ", ".join(
            f"{other}: {value:.2f}"
            for other, value in zip(states, row, strict=True)
            if other != state
        )
        print(f"  {state}: {{toward: {{{cells}}}}}")
    if options.transfers:
        record = read_transfers([options.transfers])
        print_fit(model, states, votes, record, range(max(first, record.first), last + 1))


def agreement(file: str | Path, states: Sequence[str], years: Sequence[int]) -> np.ndarray:
    """Return agreement in votes, the mean over roll calls; NaN on the diagonal."""
    index = {state: at for at, state in enumerate(states)}
    total, calls = np.zeros((2, len(states), len(states)))
    with Path(file).open(encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            pair = row["state_a"], row["state_b"]
            if int(row["year"]) in years and set(pair) <= index.keys():
                i, j = (index[state] for state in pair)
                for at in ((i, j), (j, i)):
                    total[at] += float(row["agreement"]) * int(row["n_votes"])
                    calls[at] += int(row["n_votes"])
    return np.divide(total, calls, out=np.full_like(total, np.nan), where=calls > 0)


def regard(model: Model, states: Sequence[str], votes: np.ndarray) -> np.ndarray:
    """Return the regard of each state (rows) for each other by the rule, -1 to 1."""
    guard, _ = pacts(model, states)
    found = CORRECT + votes.clip(-MOST, MOST) + BY_GUARD * guard - disputes(model, states)
    return np.clip(found, -1, 1)


def pacts(model: Model, states: Sequence[str]) -> np.ndarray:
    """Return pairs of guard and guarded state, either way, and pairs under one guard."""
    index = {state: at for at, state in enumerate(states)}
    found = np.zeros((2, len(states), len(states)))
    for bloc in model.blocs.values():
        for one, other in product(bloc.members, repeat=2):
            if one != other:
                found[int(bloc.leader not in (one, other)), index[one], index[other]] = 1
    return found


def disputes(model: Model, states: Sequence[str]) -> np.ndarray:
    """Return the dispute that each state (rows) has with each other."""
    found = np.zeros((len(states), len(states)))
    for one, rivalry in model.rivalries.items():
        for other, dispute in rivalry.with_.items():
            found[states.index(one), states.index(other)] = value_of(dispute)
    return found


def print_fit(
    model: Model, states: Sequence[str], votes: np.ndarray, record: Observed, years: range
) -> None:
    """Print the gain in log likelihood of deliveries by indices of the form of the rule."""
    suppliers = sorted({offer.supplier for offer in model.offers.values()})
    recipients = sorted({pair[1] for pair in record.transfers} & set(states))
    pairs = [each for each in product(suppliers, recipients) if each[0] != each[1]]
    rows = [(suppliers.index(one), recipients.index(other)) for one, other in pairs]
    came = np.array([record.tiv(*pair, years[0], years[-1]) > 0 for pair in pairs], dtype=float)
    cells = np.array([[states.index(one), states.index(other)] for one, other in pairs])

    def gain(matrix: np.ndarray) -> float:
        both = (matrix + matrix.T)[cells[:, 0], cells[:, 1]] / 2
        return log_likelihood(both, came, np.array(rows)) - alone

    alone = log_likelihood(np.zeros(len(pairs)), came, np.array(rows))
    print(f"deliveries of {years[0]}-{years[-1]}: {came.sum():.0f} of {len(pairs)} dyads")
    print(f"  {gain(regard(model, states, votes)):6.2f}  the rule")
    for each, index in indices(model, states, votes):
        print(f"  {gain(index):6.2f}  {each}")


def indices(
    model: Model, states: Sequence[str], votes: np.ndarray
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield indices of the form of the rule, with different weights."""
    guard, fellow = pacts(model, states)
    dispute = disputes(model, states)
    for weights in product(*TRIED.values()):
        tried = dict(zip(TRIED, weights, strict=True))
        index = tried["votes"] * votes.clip(-tried["most"], tried["most"]) - dispute
        index += tried["guard"] * guard + tried["fellow"] * fellow
        yield ", ".join(f"{name} {weight}" for name, weight in tried.items()), index


def log_likelihood(index: np.ndarray, came: np.ndarray, rows: np.ndarray) -> float:
    """Return the penalised log likelihood of a logit on an index and effects of both sides."""
    suppliers, recipients = rows.max(axis=0) + 1
    design = np.column_stack(
        [index, np.ones(len(index)), np.eye(suppliers)[rows[:, 0]], np.eye(recipients)[rows[:, 1]]]
    )
    ridge = np.concatenate([np.zeros(2), np.full(suppliers + recipients, RIDGE)])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        odds = design @ weights
        slope = design.T @ (1 / (1 + np.exp(-odds)) - came)
        value = (np.logaddexp(0, odds) - came * odds).sum() + (ridge * weights**2).sum() / 2
        return float(value), slope + ridge * weights

    return -float(minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B").fun)


if __name__ == "__main__":
    main()
