"""Which policy of a leader holds a bloc together at low cost, under all assumptions?

Levers: preference, commitment and credit of the bloc. Objectives, each as its mean over the same
scenarios of uncertain assumptions: the members' engagement (more is better) and the cost of the
bloc's stability (less is better). Searched with ema_workbench's optimiser (epsilon-NSGA-II):

    python examples/robust_policy.py polonez_vs_iskander CSTO --nfe 200 --scenarios 8 --runs 10

Needs the extra `analysis`. Source: kasprzyk2013 (many-objective robust decision making).
"""
# ruff: noqa: INP001, T201 - a script that prints its table

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np
import pandas as pd
from ema_workbench import ScalarOutcome, SequentialEvaluator
from ema_workbench.em_framework import sample_uncertainties

import sim

PRECISION = 0.01  # of objectives: policies that differ by less count as one


def search(
    scenario: str,
    bloc: str,
    *,
    variant: str = "baseline",
    nfe: int = 200,
    scenarios: int = 8,
    runs: int = 10,
    seed: int = 1,
    over: Sequence[str] = (),
) -> pd.DataFrame:
    """Return the policies that no other beats in both objectives, the most engaging first."""
    engagement, cost = f"engagement {bloc}", f"subsidy {bloc}"
    model = sim.ema_model(
        scenario,
        variant=variant,
        runs=runs,
        over=over,
        levers=[f"blocs.{bloc}.{name}" for name in ("preference", "commitment", "credit")],
        outcomes=[engagement, cost],
    )
    robustness = [
        ScalarOutcome("engagement", ScalarOutcome.MAXIMIZE, engagement, function=np.mean),
        ScalarOutcome("cost", ScalarOutcome.MINIMIZE, cost, function=np.mean),
    ]
    np.random.seed(seed)  # noqa: NPY002 - ema_workbench's samplers draw from the global state
    drawn = sample_uncertainties(model, scenarios)
    with SequentialEvaluator(model) as evaluator:
        found = evaluator.robust_optimize(
            robustness,
            drawn,
            nfe=nfe,
            epsilons=[PRECISION] * len(robustness),
            population_size=min(nfe, 20),
        )
    return found.sort_values("engagement", ascending=False, ignore_index=True)


def main() -> None:
    """Search, and print the policies."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario")
    parser.add_argument("bloc")
    parser.add_argument("--variant", default="baseline")
    for name, usual in (("nfe", 200), ("scenarios", 8), ("runs", 10), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    given = vars(parser.parse_args())
    print(search(given.pop("scenario"), given.pop("bloc"), **given).round(3).to_string())


if __name__ == "__main__":
    main()
