"""Whether the main counterfactuals of each case keep their sign over draws of the parameters.

    python -m bench.case_draws [--draws 200] [SCENARIO ...]

A draw varies the numbers of the file that have a distribution and the assumed parameters of the
laws in force over their range, as a point of `run --structural` does; numbers that the file or a
variant sets stay. Each draw has `runs` runs of both variants with the same randomness, more of them
for rare outcomes; its difference is the mean over the runs that define it. docs/case_draws.csv has
a row for each counterfactual: in how many draws the difference has the sign that a specialist
expects (`kept`), no sign, or the opposite one (`turned`); the share of draws in which it is kept,
with its 95 % interval, and in which it is beyond the smallest effect of interest; and its size. The
file is written if all cases run.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.pages import DOCS, Row, write
from sim.experiments.batch import Batch, blocks_of, engine_of
from sim.experiments.intervals import mean_of_defined, share_interval
from sim.experiments.options import Options
from sim.experiments.outcomes import OutcomeReader, event_dates
from sim.experiments.structural.rule_sets import at_points, set_by
from sim.metrics.catalogue import smallest_effect
from sim.scenario.load import Scenario, load

TABLE = DOCS / "case_draws.csv"
COLUMNS = (
    "scenario", "name", "outcome", "variant", "versus", "sign", "draws", "runs", "kept",
    "none", "turned", "share", "low", "high", "beyond", "median", "from_5", "to_95",
)  # fmt: skip
RUNS = {  # runs of each draw and variant
    "turkey_s400_2017": 200, "gulf_2017": 40, "albania_1961": 200, "cyprus_s300_1997": 40,
    "two_blocs_2017": 4,
}  # fmt: skip


@dataclass(frozen=True)
class Counterfactual:
    """Two variants, an outcome, and the sign of the difference that a specialist expects."""

    scenario: str
    name: str
    outcome: str
    variant: str
    versus: str
    sign: int


ASKED = (
    Counterfactual("turkey_s400_2017", "no punishment", "sold RUS>TUR s400 by 2019-Q4",
                   "market_unpunished", "market", 1),
    Counterfactual("turkey_s400_2017", "no sale", "affinity USA>TUR", "sale", "no_sale", -1),
    Counterfactual("turkey_s400_2017", "no sale", "participation TUR:NATO",
                   "sale", "no_sale", -1),
    Counterfactual("turkey_s400_2017", "no sale", "cohesion NATO mean 2018-Q1..2020-Q4",
                   "sale", "no_sale", -1),
    Counterfactual("gulf_2017", "no blockade", "imports QAT mean 2021-Q1..2023-Q4",
                   "baseline", "no_blockade", 1),
    Counterfactual("gulf_2017", "no blockade", "affinity QAT>SAU mean 2018-Q1..2020-Q4",
                   "baseline", "no_blockade", -1),
    Counterfactual("gulf_2017", "no outside option", "participation QAT:GCC at 2020-Q4",
                   "no_outside_option", "baseline", 1),
    Counterfactual("albania_1961", "no China", "formal_exit ALB:WP by 1968-H2",
                   "baseline", "no_china", 1),
    Counterfactual("cyprus_s300_1997", "no threat", "delivered RUS>CYP s300 by 2000-Q4",
                   "no_threat", "baseline", 1),
    Counterfactual("two_blocs_2017", "no deal", "cohesion NATO mean 2018-Q4..2020-Q4",
                   "deals", "baseline", -1),
    Counterfactual("two_blocs_2017", "no deal", "cohesion CSTO mean 2018-Q4..2020-Q4",
                   "deals", "baseline", -1),
    Counterfactual("two_blocs_2017", "answered", "cohesion NATO at 2023-Q4",
                   "refused", "answered", -1),
    Counterfactual("two_blocs_2017", "answered", "cohesion CSTO at 2023-Q4",
                   "refused", "answered", -1),
    Counterfactual("two_blocs_2017", "answered",
                   "cohesion NATO at 2023-Q4 less cohesion CSTO at 2023-Q4",
                   "refused", "answered", 1),
)  # fmt: skip


def main() -> None:
    """Write the table, or print the rows of the cases named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenarios", nargs="*", choices=[*RUNS, []], default=[])
    parser.add_argument("--draws", type=int, default=200)
    options = parser.parse_args()
    rows = []
    for name in options.scenarios or RUNS:
        for row in measured(name, options.draws, RUNS[name]):
            rows.append(row)
            print(*(f"{key}={value}" for key, value in row.items()), flush=True)
    if not options.scenarios:
        write(TABLE, COLUMNS, rows)


def measured(name: str, draws: int, runs: int) -> Iterator[Row]:
    """Yield the rows of a case."""
    asked = [each for each in ASKED if each.scenario == name]
    scenario = load(name, runs=draws * runs)
    needed = dict.fromkeys(variant for each in asked for variant in (each.variant, each.versus))
    values = _values(scenario, [*needed], draws)
    places = {outcome.text: at for at, outcome in enumerate(scenario.outcomes)}
    for each in asked:
        at = places[each.outcome]
        by_run = values[each.variant][at] - values[each.versus][at]
        size = mean_of_defined(by_run, axis=1)
        least = smallest_effect(scenario.outcomes[at].metric, scenario.base.smallest)
        yield _row(each, size, runs, least)


def _values(scenario: Scenario, variants: Sequence[str], draws: int) -> Mapping[str, np.ndarray]:
    """Return the outcomes of all runs of all draws, by variant: (outcomes, draws, runs)."""
    models = {
        name: scenario.variants[name].model_copy(update={"uncertain": False}) for name in variants
    }
    fixed, seed = set_by(scenario.variants.values()), scenario.base.seed
    runs = scenario.base.runs
    read = OutcomeReader(scenario.outcomes, event_dates(scenario), Options())
    found = {}
    for name, model in models.items():
        every = at_points(model, np.arange(runs) // (runs // draws), seed, fixed)
        engine = engine_of("auto", runs, [(model, every)])
        parts = [
            Batch(
                model=model,
                runs=block.runs,
                numbers={path: values[block.runs] for path, values in every.items()},
                read=read,
                engine=engine,
            ).result()
            for block in blocks_of([name], range(runs))
        ]
        found[name] = np.concatenate(parts, axis=1).reshape(len(parts[0]), draws, -1)
    return found


def _row(asked: Counterfactual, size: np.ndarray, runs: int, least: float) -> Row:
    """Return a row: how often a difference has the expected sign, and its size."""
    towards = size * asked.sign
    kept = towards > 0
    share = share_interval(kept.astype(float))
    low, middle, high = np.nanquantile(size, (0.05, 0.5, 0.95))
    counts = {"kept": kept, "none": towards == 0, "turned": towards < 0}
    numbers = {
        "share": share.mean, "low": share.low, "high": share.high,
        "beyond": (towards > least).mean(), "median": middle, "from_5": low, "to_95": high,
    }  # fmt: skip
    return {
        **{key: str(value) for key, value in vars(asked).items()},
        "draws": str(size.size),
        "runs": str(runs),
        **{key: str(each.sum()) for key, each in counts.items()},
        **{key: f"{value:.3g}" for key, value in numbers.items()},
    }


if __name__ == "__main__":
    main()
