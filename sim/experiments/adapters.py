"""A scenario for other tools: a Model of ema_workbench, a problem of SALib.

Sources: kwakkel2017 (ema_workbench), kasprzyk2013 (searching for robust policies).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sim.experiments.evaluation import outcomes_of
from sim.experiments.factors import GROUPINGS, MASK, factors_of
from sim.experiments.intervals import mean_of_defined
from sim.experiments.keywords import by_keyword
from sim.experiments.options import Options, refuse_unknown
from sim.experiments.outcomes import event_dates
from sim.experiments.remedies import needed
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import either, meant, quoted
from sim.scenario.load import Scenario, load
from sim.scenario.patches import BASELINE, Settings
from sim.scenario.paths import NumberPath, named_paths
from sim.scenario.schema.outcome_syntax import Outcome

LEVERS = {  # kind -> pattern of its paths
    "preference": r"blocs\.\w+\.preference",
    "commitment": r"blocs\.\w+\.commitment",
    "credit": r"blocs\.\w+\.credit",
    "norm": r"blocs\.\w+\.norm",
    "open": r"offers\.\w+\.open",
}
USUAL = ("preference", "commitment", "credit")
KINDS = {"minimize": -1, "maximize": 1, "info": 0}


@dataclass(frozen=True, eq=False)
class Experiment:
    """A function from the values of some paths to the mean of each outcome over the runs."""

    scenario: Scenario
    variant: str
    outcomes: tuple[Outcome, ...]
    options: Options = field(default_factory=Options)

    def __call__(self, **values: float) -> dict[str, float]:
        """Return the means by outcome; runs in which it is undefined are left out."""
        table = outcomes_of(
            {self.variant: self.scenario.variants[self.variant]},
            self.outcomes,
            runs=self.scenario.base.runs,
            seed=self.scenario.base.seed,
            dates=event_dates(self.scenario),
            numbers={path: np.array([float(value)]) for path, value in values.items()},
            options=self.options,
        )[self.variant][0]
        means = mean_of_defined(table, axis=0).tolist()
        return {o.text: mean for o, mean in zip(self.outcomes, means, strict=True)}


@by_keyword
def ema_model(
    scenario: str | Path,
    *,
    variant: str = BASELINE,
    runs: int = 20,
    seed: int | None = None,
    sets: Settings = (),
    levers: Sequence[str] = USUAL,
    over: Sequence[str] = (),
    spread: float | None = None,
    facts: bool = False,
    outcomes: Mapping[str, str] | Sequence[str] = (),
) -> Any:
    """Return an ema_workbench Model of a variant, with dotted paths and outcomes as names.

    `levers` lists kinds (preference, commitment, credit or norm of every bloc; open, a yes or no,
    of every offer) or dotted paths. The uncertainties are the parameters of `blocsim sensitivity`
    (`over`, `spread` and `facts` as there) without the levers. `outcomes` lists outcomes, or maps
    each to minimize, maximize or info; by default all of the scenario. Each experiment is the mean
    over `runs` runs, with the same randomness in all experiments.
    """
    workbench = needed("ema_workbench", "ema_model")
    base = load(scenario, sets=sets, runs=runs, seed=seed)
    uncertain = factors_of(base, variants=[variant], over=over, spread=spread, facts=facts)
    known = named_paths(base.variants[variant])
    pulled = _levers(levers, known)
    kinds = _kinds(outcomes, base)
    experiment = Experiment(
        base, variant, tuple(outcome for outcome in base.outcomes if outcome.text in kinds)
    )
    model = workbench.Model("".join(re.findall(r"[A-Za-z0-9]", base.name)), function=experiment)
    model.uncertainties = [
        workbench.RealParameter(each.path, each.low, each.high, default=each.value)
        for each in uncertain.parameters
        if each.path not in pulled
    ]
    model.levers = [
        workbench.BooleanParameter(path)
        if known[path].unit == MASK
        else workbench.RealParameter(path, known[path].low, known[path].high)
        for path in pulled
    ]
    model.outcomes = [
        workbench.ScalarOutcome(text, kind=KINDS[kind]) for text, kind in kinds.items()
    ]
    return model


def _levers(names: Sequence[str], known: Mapping[str, NumberPath]) -> list[str]:
    pulled: dict[str, None] = {}
    faults = []
    for name in names:
        form = LEVERS.get(name, re.escape(name))
        paths = [path for path in known if re.fullmatch(form, path) and known[path].rides]
        if not paths:
            hint = meant(name, [*LEVERS, *known])
            faults.append(
                f"no lever {quoted(name)}{hint}: name {', '.join(LEVERS)} or a dotted path"
            )
        elif not np.isfinite([(known[path].low, known[path].high) for path in paths]).all():
            faults.append(f"{name}: has no bounds on both sides, so it cannot be a lever")
        pulled |= dict.fromkeys(paths)
    if faults:
        raise InputError([Problem("levers", 0, 0, "", fault) for fault in faults])
    return list(pulled)


def _kinds(outcomes: Mapping[str, str] | Sequence[str], base: Scenario) -> dict[str, str]:
    known = [outcome.text for outcome in base.outcomes]
    named = outcomes if isinstance(outcomes, Mapping) else None
    kinds = dict(named or dict.fromkeys(outcomes or known, "info"))
    refuse_unknown("outcome", kinds, known, flag="outcomes")
    problems = [
        Problem("outcomes", 0, 0, text, f"must be minimize, maximize or info, got {kind!r}")
        for text, kind in kinds.items()
        if kind not in KINDS
    ]
    if problems:
        raise InputError(problems)
    return kinds


@by_keyword
def salib_problem(
    scenario: str | Path,
    variant: str = BASELINE,
    *,
    over: Sequence[str] = (),
    spread: float | None = None,
    facts: bool = False,
    groups: str | None = None,
    sets: Settings = (),
) -> dict[str, Any]:
    """Return SALib's problem of a scenario: names (dotted paths), bounds and groups.

    The parameters are those of `blocsim sensitivity`: numbers with a range that have `assumed`
    among their sources. `facts` adds the facts that have a range, `spread` varies plain numbers by
    that share of their value, and `over` names the parameters instead (`PATH` or
    `PATH=LOW..HIGH`). `groups` is law, block or source (facts against assumptions); without it
    every parameter stays single. Numbers that range over orders of magnitude are `logunif`.
    """
    if groups is not None and groups not in GROUPINGS:
        message = f"must be {either(GROUPINGS)}, got {groups!r}"
        raise InputError([Problem("groups", 0, 0, "", message)])
    how: dict[str, Any] = {"over": over, "spread": spread, "facts": facts}
    return factors_of(load(scenario, sets=sets), variants=[variant], **how).problem(groups)
