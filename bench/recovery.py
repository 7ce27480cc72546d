"""Recovery of known numbers by `blocsim calibrate`, with the real model on a small scenario.

    python -m bench.recovery [--points N] [--repeats N] [--jobs N]

Numbers are drawn from their priors, the model is run once with each draw, and the values of some
patterns in its record are taken as history. The command prints how often 90 % intervals contain the
drawn numbers, without those that a fit calls unidentified.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from time import process_time

import numpy as np
import yaml

from sim.experiments.batch import DesignRows
from sim.experiments.calibration.calibration import CalibrationPlan, exercise_of
from sim.experiments.calibration.inference import recovery, self_recovery
from sim.experiments.calibration.solution import (
    Exercise,
    learn,
    observation,
    simulated,
)
from sim.experiments.calibration.targets import blurred
from sim.experiments.priors import PriorPoints
from sim.scenario.load import load
from tests.small import SMALL

PARAMETERS = (
    "laws.consent.base",
    "laws.consent.by_dispute",
    "laws.procurement.visits",
    "laws.procurement.noise",
    "laws.procurement.volume",
    "laws.affinity.by_supply",
    "laws.affinity.by_betrayal",
    "laws.quality.pace",
    "states.GAM.import_share",
    "states.DEL.import_share",
)
SPAN = "2018-Q1..2027-Q3"
PATTERNS = {
    "gamma": {
        "imports": {"quantity": "level", "of": {"flow": {"to": "GAM"}}},
        "alp_share": {"quantity": "share", "from": "ALP", "to": "GAM"},
        "suppliers": {"quantity": "suppliers", "to": "GAM"},
    },
    "delta": {
        "imports": {"quantity": "level", "of": {"flow": {"to": "DEL"}}},
        "alp_share": {"quantity": "share", "from": "ALP", "to": "DEL"},
        "ratio": {
            "quantity": "ratio",
            "of": {"flow": {"from": "BET", "to": "DEL"}},
            "over": {"flow": {"from": "BET", "to": "GAM"}},
        },
    },
    "bond": {
        "affinity": {
            "quantity": "level",
            "of": {"series": {"metric": "affinity", "subject": "GAM>BET"}},
        },
    },
}
BANDS = {"imports": (150, 450), "alp_share": (0.3, 0.7), "suppliers": (0.5, 2.5)}
BANDS |= {"ratio": (0.5, 4), "affinity": (-0.2, 0.2)}
LEAST, MOST = 0.80, 0.97  # pooled coverage of intervals of 90 %
FIRST = 10**6  # number of the first run that is used as history


def scenario_file(folder: Path) -> Path:
    """Return a small scenario with patterns and uncertain budgets, written to a folder."""
    document = {**SMALL, "time": {"start": "2017-Q4", "end": "2027-Q3"}}
    for state in ("GAM", "DEL"):
        share = {"value": 0.3, "dist": "uniform", "low": 0.1, "high": 0.5}
        document["states"][state] = {**document["states"][state], "import_share": share}
    document["patterns"] = {
        name: {
            "claim": name,
            "source": "assumed",
            "use": "fit",
            "checks": {
                own: {
                    **check,
                    "window": SPAN,
                    "band": dict(zip(("low", "high"), BANDS[own], strict=True)),
                }
                for own, check in checks.items()
            },
        }
        for name, checks in PATTERNS.items()
    }
    file = folder / "recovery.yaml"
    file.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return file


def known(exercise: Exercise, quantiles: np.ndarray, run: int) -> Exercise:
    """Return the exercise with one run at known quantiles as its history."""
    numbers = PriorPoints(exercise.design.priors, quantiles[None]).values()
    (values,) = exercise.simulate(DesignRows(start=0, runs=np.array([run]), numbers=numbers))
    (erring,) = blurred(exercise.targets, values[None], seed=1, runs=np.array([run]))
    targets = [
        replace(t, historical=float(v)) for t, v in zip(exercise.targets, erring, strict=True)
    ]
    return replace(exercise, targets=tuple(targets))


def main() -> None:
    """Print the coverage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=2000)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scenario = load(scenario_file(Path(folder)))
    plan = CalibrationPlan(
        points=asked.points, parameters=PARAMETERS, vantage="2027-Q3", jobs=asked.jobs, checks=2
    )
    exercise = exercise_of(scenario, plan)
    clock = process_time()
    learned = learn(
        exercise,
        simulated(exercise, exercise.design, lambda _: None),
    )
    truths = np.random.default_rng(20171009).random((asked.repeats, len(PARAMETERS)))
    fits = [
        learned.fit(observation(known(exercise, truth, FIRST + n), learned))
        for n, truth in enumerate(truths)
    ]
    found = recovery(learned, truths, fits)
    own = self_recovery(learned, seed=1, jobs=asked.jobs)
    for at, prior in enumerate(exercise.design.priors):
        explained, held, counted = learned.explained[at], found.held[at], found.counted[at]
        print(f"{prior.path:32} explained {explained:6.3f}  held {held:3d} of {counted:3d}")
    print(f"pooled coverage {found.coverage:.3f} of {found.counted.sum()} intervals of 90 %")
    print(f"on {own.counted.sum()} intervals of its own runs, held out, {own.coverage:.3f}")
    print(f"{asked.points} runs, {process_time() - clock:.0f} s of this process")
    if not LEAST <= found.coverage <= MOST:
        sys.exit(1)


if __name__ == "__main__":
    main()
