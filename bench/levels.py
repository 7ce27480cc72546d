"""Compare levels of trade with a register: volumes, flows by dyad, and naive forecasts.

    python -m bench.levels --transfers FILE [--runs 200] [--seeds 1,2,3,4,5] [--set PATH=VALUE ...]

FILE has the columns supplier, recipient, year and tiv_m, as for `blocsim backtest`. Up to the
vantage the hindcast is compared with the record; after it the flagship, the hindcast and naive
forecasts are. Recipients are those of the record except Ukraine, whose war aid no law here
explains. The table is printed and, without `--set`, written to docs/levels.csv.

A flow is the mean of the runs over the years of a window. `rank` and `log` are the correlations of
flows and of their logs over all dyads; `never` is the share of the volume on dyads without a
delivery in the record before the window; `misallocated` the share of the volume on other dyads than
in the record; `area` the area under the curve of precision and recall, and `brier` the Brier score,
of forecasts whether a dyad has a delivery in a year. `volume` is the ratio to the record,
`variation` the coefficient of variation of yearly imports in the median run, `suppliers` their
number.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from bench.pages import DOCS, Row, write
from sim.experiments.backtest.forecast import AtOrigin, Forecast, forecast
from sim.experiments.backtest.observed import Observed, read_transfers
from sim.experiments.backtest.scores import brier, pr_auc_over
from sim.experiments.processes import all_cores
from sim.scenario.load import load

FLAGSHIP, HINDCAST = "polonez_vs_iskander", "south_caucasus_2005"
VANTAGE, LAST = 2017, 2024
LEFT_OUT = "UKR"
BUYERS = ("KAZ", "BLR", "ARM", "AZE", "KGZ", "TJK")  # the first four have aims for their volume
LEAST = 0.005  # TIV a year from which on a flow counts as a delivery
QUANTITIES = ("rank", "log", "never", "misallocated", "area", "brier", "volume")
TABLE = DOCS / "levels.csv"
COLUMNS = ("seed", "window", "of", "quantity", "value", "record")
Level = tuple[str, str, float, float | None]  # buyer or model, quantity, value, value in the record


@dataclass(frozen=True, eq=False)
class Flows:
    """Deliveries in a window: the mean flow of each dyad, and the chance of any, by year."""

    name: str
    flow: np.ndarray  # (dyads,) TIV a year
    chance: np.ndarray  # (dyads, years)


def main() -> None:
    """Print the table; write it if there is no --set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--transfers", required=True)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seeds", default="1,2,3,4,5")
    parser.add_argument("--jobs", type=int, default=all_cores())
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE")
    options = parser.parse_args()
    record, rows = read_transfers([options.transfers]), []
    for seed in map(int, options.seeds.split(",")):
        asked = {"runs": options.runs, "jobs": options.jobs, "seed": seed, "sets": options.set}
        for row in measured(record, **asked):
            print("{seed:>4}  {window}  {of:16}{quantity:13}{value:>10}{record:>10}".format(**row))
            rows.append(row)
    if not options.set:
        write(TABLE, COLUMNS, rows)


def measured(record: Observed, **asked: Any) -> Iterator[Row]:
    """Yield the levels of a seed: a row for each window, buyer or model, and quantity."""
    up_to_now = simulated(HINDCAST, (2006, LAST), **asked)
    since = simulated(FLAGSHIP, (VANTAGE + 1, LAST), **asked)
    parts = [("2006..2017", volumes(up_to_now, record))]
    for known, window in (
        ({"hindcast": up_to_now}, years(2010, VANTAGE)),
        ({"flagship": since, "hindcast": up_to_now}, years(VANTAGE + 1, LAST)),
    ):
        parts.append((f"{window[0]}..{window[-1]}", scored(known, record, window)))
    for window, levels in parts:
        for of, quantity, value, seen in levels:
            ends = {"value": f"{value:.4g}", "record": "" if seen is None else f"{seen:.4g}"}
            yield {
                "seed": str(asked["seed"]),
                "window": window,
                "of": of,
                "quantity": quantity,
            } | ends


def years(first: int, last: int) -> range:
    """Return some years, both ends included."""
    return range(first, last + 1)


def simulated(
    name: str, window: tuple[int, int], *, runs: int, jobs: int, seed: int, sets: Sequence[str]
) -> Forecast:
    """Return the deliveries in runs of a scenario's baseline in each year of a window."""
    model = load(name, sets=sets, seed=seed).base
    at = AtOrigin(model=model, origin=window[0] - 1, last=window[1], shares={}, left_out=0.0)
    return forecast(at, runs=runs, seed=model.seed, jobs=jobs)


def judged(known: Forecast, record: Observed) -> np.ndarray:
    """Return the dyads that are judged: those of recipients in the record, except Ukraine."""
    recipients = {recipient for _, recipient, _ in record.transfers} - {LEFT_OUT}
    return np.array([recipient in recipients for _, recipient in known.dyads])


def table_of(
    record: Observed, dyads: Sequence[tuple[str, str]], window: Sequence[int]
) -> np.ndarray:
    """Return the deliveries in the record, TIV, (dyads, years)."""
    return np.array([[record.transfers.get((*d, y), 0.0) for y in window] for d in dyads])


def volumes(known: Forecast, record: Observed) -> Iterator[Level]:
    """Yield volumes up to the vantage over the record, their variation by year, and suppliers."""
    window = years(2006, VANTAGE)
    columns = [known.years.index(year) for year in window]
    for buyer in BUYERS:
        rows = [at for at, (_, recipient) in enumerate(known.dyads) if recipient == buyer]
        runs = known.tiv[rows][:, columns]
        seen = table_of(record, [known.dyads[at] for at in rows], window)
        yearly, own = runs.sum(axis=0), seen.sum(axis=0)
        uneven = np.median(yearly.std(axis=0) / np.maximum(yearly.mean(axis=0), 1e-9))
        sellers = (runs.sum(axis=1) > LEAST).sum(axis=0).mean()
        yield buyer, "volume", runs.sum(axis=(0, 1)).mean() / seen.sum(), 1.0
        yield buyer, "variation", uneven, own.std() / own.mean()
        yield buyer, "suppliers", sellers, (seen.sum(axis=1) > 0).sum()


def scored(
    known: Mapping[str, Forecast], record: Observed, window: Sequence[int]
) -> Iterator[Level]:
    """Yield the scores of models in a window, and those of naive forecasts."""
    for forecasts, dyads in compared(known, record, window):
        seen = table_of(record, dyads, window)
        before = table_of(record, dyads, range(record.first, window[0])).sum(axis=1)
        for each in forecasts:
            for quantity, value in zip(QUANTITIES, scores(each, seen, before), strict=True):
                yield each.name, quantity, value, None


def compared(
    known: Mapping[str, Forecast], record: Observed, window: Sequence[int]
) -> Iterator[tuple[list[Flows], list[tuple[str, str]]]]:
    """Yield the flows that are scored, and their dyads; naive forecasts with the first model."""
    for at, (name, each) in enumerate(known.items()):
        rows = np.flatnonzero(judged(each, record))
        dyads = [each.dyads[row] for row in rows]
        columns = [each.years.index(year) for year in window]
        tiv = each.tiv[rows][:, columns]
        flows = [Flows(name, tiv.mean(axis=(1, 2)), (tiv > LEAST).mean(axis=2))]
        for text, past in (("last year", 1), ("last five years", 5)) if at == 0 else ():
            seen = table_of(record, dyads, range(window[0] - past, window[0]))
            chance = np.repeat((seen > 0).mean(axis=1)[:, None], len(window), axis=1)
            flows.append(Flows(text, seen.mean(axis=1), chance))
        yield flows, dyads


def scores(each: Flows, seen: np.ndarray, before: np.ndarray) -> list[float]:
    """Return the scores of flows against observed deliveries, (dyads, years)."""
    flow, happened, chance = seen.mean(axis=1), (seen > 0).ravel(), each.chance.ravel()
    volume = each.flow.sum()
    return [
        float(spearmanr(each.flow, flow).statistic),
        float(np.corrcoef(np.log1p(each.flow), np.log1p(flow))[0, 1]),
        float(each.flow[before == 0].sum() / volume),
        float(np.abs(each.flow / volume - flow / flow.sum()).sum() / 2),
        float(pr_auc_over(chance, happened)(np.ones((1, chance.size)))[0]),
        float(brier(chance, happened).mean()),
        float(volume / flow.sum()),
    ]


if __name__ == "__main__":
    main()
