"""Scores of forecasts of deliveries, by the model and by naive methods, in docs/forecasts.csv.

    python -m bench.forecasts --transfers FILE [--jobs N]

FILE is the register of `blocsim backtest`, which is run at the start values of the hindcast for
each row of `ASKED`.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.pages import DOCS, Row, write
from sim.experiments.backtest.backtest import BacktestPlan, backtest
from sim.experiments.processes import all_cores

TABLE = DOCS / "forecasts.csv"
NAME, RUNS = "south_caucasus_2005", 200
ASKED = ((2012, 5, False), (2012, 5, True), (2017, 7, False))  # origin, years ahead, free
COLUMNS = (
    "origin", "years", "deliveries", "runs", "target", "score", "forecaster", "value", "cases",
    "skill", "low", "high",
)  # fmt: skip


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--transfers", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=all_cores())
    asked = parser.parse_args()
    write(TABLE, COLUMNS, measured(asked.transfers, asked.jobs))


def measured(transfers: Path, jobs: int) -> Iterator[Row]:
    """Yield a row for each origin, score and forecaster, with the model's skill against it."""
    for origin, years, free in ASKED:
        plan = BacktestPlan(
            transfers=[transfers], origins=(origin,), horizon=years, runs=RUNS, free=free, jobs=jobs
        )
        with tempfile.TemporaryDirectory() as folder:
            lines = backtest(NAME, plan=plan, out=Path(folder) / "backtest")
        about = {"origin": str(origin), "years": str(years), "runs": str(RUNS)}
        about["deliveries"] = "free" if free else "forced"
        for each in lines:
            ends = ("", "", "")
            if each.skill is not None:
                ends = tuple(
                    f"{x:.3g}" for x in (each.skill.value, each.skill.low, each.skill.high)
                )
            yield about | {
                "target": each.target, "score": each.score, "forecaster": each.forecaster,
                "value": f"{each.value:.4g}", "cases": str(each.cases),
                "skill": ends[0], "low": ends[1], "high": ends[2],
            }  # fmt: skip


if __name__ == "__main__":
    main()
