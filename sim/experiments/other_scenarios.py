"""Runs of other scenarios with which the expectations of a scenario compare."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.experiments.comparison_sides import Side, scenario_side
from sim.experiments.evaluation import outcomes_of
from sim.experiments.executor import Executor
from sim.experiments.options import Options
from sim.experiments.outcomes import event_dates
from sim.kernel.errors import InputError
from sim.scenario.load import Scenario
from sim.scenario.schema.outcome_syntax import parse_outcome


def runs_elsewhere(
    scenario: Scenario, options: Options, *, executor: Executor | None = None
) -> dict[str, np.ndarray]:
    """Return the outcome in the other scenario, (runs,), by name of the expectation.

    Number of runs and seed are those of the scenario; of a change, it is the change in each run.
    InputError, at the place of the expectation, if the other scenario cannot be read, or lacks the
    subject of the outcome.
    """
    values = {}
    for name, each in scenario.base.expect.items():
        if each.scenario is not None:
            mark = scenario.mark(f"expect.{name}.scenario")
            try:
                side = _side(each.scenario, scenario)
                parsed = [parse_outcome(text) for text in each.texts]
            except InputError as error:
                raise InputError(
                    [
                        mark.problem(f"expect.{name}.scenario", f"{one.message} ({one.file})")
                        for one in error.problems
                    ]
                ) from None
            known = {*side.scenario.base.states, *side.scenario.base.blocs}
            known |= {*side.scenario.base.systems}
            names = (each for outcome in parsed for each in outcome.names)
            lacking = [f"{kind} {text}" for kind, text in names if text not in known]
            if lacking:
                message = f"{each.scenario} has no {lacking[0]}, which the outcome is about"
                raise InputError([mark.problem(f"expect.{name}.scenario", message)])
            table = outcomes_of(
                {side.variant: side.scenario.variants[side.variant]},
                parsed,
                runs=scenario.base.runs,
                seed=scenario.base.seed,
                dates=event_dates(side.scenario),
                options=options,
                executor=executor,
            )[side.variant][0]
            values[name] = table[:, 0] if len(parsed) == 1 else table[:, 1] - table[:, 0]
    return values


def _side(named: str, scenario: Scenario) -> Side:
    """Return another scenario; a file beside the one that names it comes first."""
    beside = scenario.files[0].parent / named
    path = str(beside) if Path(named.partition(":")[0]).suffix and _there(beside) else named
    return scenario_side(path, scenario.base.runs, scenario.base.seed)


def _there(path: Path) -> bool:
    return Path(str(path).rpartition(":")[0]).is_file() or path.is_file()
