"""Sensitivity: which numbers drive an outcome, evaluated by a sweep that can go on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from sim.errors import InputError, Problem
from sim.experiments.adapters.missing import analysis
from sim.experiments.failures import told
from sim.experiments.gathering import Progress
from sim.experiments.options import Options, refuse_wrong
from sim.experiments.sensitivities.means import means
from sim.experiments.sensitivities.methods import METHODS, check_size
from sim.experiments.sensitivities.parameters import GROUPINGS, Chosen, chosen
from sim.experiments.sensitivities.study import Sensitivity, Study, analysed
from sim.experiments.sensitivities.tables import RUNS, refuse_strangers, write
from sim.experiments.sweeps.sweep import sweep
from sim.experiments.workplaces import Workplace
from sim.records.store import place_of
from sim.scenario.load import Scenario, load
from sim.scenario.variants import BASELINE
from sim.scenario.words import either, meant, quoted

REPLICATES = 20  # runs of each variant at each point, unless asked otherwise

Confirm = Callable[[str], bool]  # asked with the number of runs


@dataclass(frozen=True, kw_only=True, eq=False)
class Request:
    """An analysis that has passed every check and is about to run."""

    scenario: Scenario
    study: Study
    outcomes: tuple[str, ...]
    variant: str
    versus: str | None

    @property
    def variants(self) -> tuple[str, ...]:
        """Return the variants that run."""
        return (self.variant,) if self.versus is None else (self.variant, self.versus)

    def told(self, points: int) -> str:
        """Return the number of runs in words."""
        runs, count = self.scenario.base.runs, len(self.variants)
        each = f" x {count} variants" if count > 1 else ""
        total = points * runs * count
        return f"{points:,} points x {runs:,} runs{each} are {total:,} runs"


def sensitivity(
    scenario: str | Path,
    *,
    method: str = "morris",
    over: Sequence[str] = (),
    spread: float | None = None,
    facts: bool = False,
    groups: str | None = None,
    outcomes: Sequence[str] = (),
    size: int | None = None,
    runs: int | None = None,
    variant: str = BASELINE,
    versus: str | None = None,
    seed: int | None = None,
    sets: Sequence[str] = (),
    out: str | Path | None = None,
    jobs: int = 1,
    workplace: Workplace | None = None,
    block: int = Options.block,
    force: bool = False,
    confirmed: bool | Confirm = False,
    progress: Progress | None = None,
    analysing: Progress | None = None,
) -> Sensitivity:
    """Return how strongly each parameter drives each outcome.

    `method` is morris, sobol or pawn; the rest of the choice of parameters is that of `chosen`.
    `groups` (law, block or source) varies the parameters of a group as one. At each point the
    outcome is its mean over `runs` runs on the same randomness; with `versus` the mean of its
    paired difference from that variant. With `out` the runs are kept there, and the same call
    goes on where it was stopped. `confirmed` says that a Sobol' analysis may run, or asks.
    `progress` is told runs done, of how many; `analysing` outcomes analysed, of how many.
    """
    request = requested(
        scenario,
        method=method,
        over=over,
        spread=spread,
        facts=facts,
        groups=groups,
        outcomes=outcomes,
        size=size,
        runs=runs,
        variant=variant,
        versus=versus,
        seed=seed,
        sets=sets,
    )
    _confirm(request, confirmed=confirmed)
    folder = None if out is None else place_of(out)
    if folder is not None:
        refuse_strangers(folder)

    def evaluate(place: Path) -> Callable[[np.ndarray], Mapping[str, np.ndarray]]:
        def at(points: np.ndarray) -> Mapping[str, np.ndarray]:
            results = sweep(
                scenario,
                design=request.study.chosen.design(points),
                runs=request.scenario.base.runs,
                seed=seed,
                sets=sets,
                variants=request.variants,
                out=place,
                jobs=jobs,
                workplace=workplace,
                block=block,
                force=force,
                confirmed=True,
                progress=progress,
            )
            return means(results, request.outcomes, variant, versus)

        return at

    if folder is None:
        with TemporaryDirectory() as place:
            return analysed(request.study, evaluate(Path(place) / RUNS), analysing)
    found = analysed(request.study, evaluate(folder / RUNS), analysing)
    with told(str(folder)):
        write(found, folder, variant=variant, versus=versus, runs=request.scenario.base.runs)
    return found


def requested(
    scenario: str | Path,
    *,
    method: str,
    over: Sequence[str],
    spread: float | None,
    facts: bool,
    groups: str | None,
    outcomes: Sequence[str],
    size: int | None,
    runs: int | None,
    variant: str,
    versus: str | None,
    seed: int | None,
    sets: Sequence[str],
) -> Request:
    """Return an analysis ready to run; InputError lists what is wrong before anything runs."""
    refuse_wrong(runs=runs, seed=seed, sets=sets, size=size)
    _refuse(method, groups, over, variant, versus)
    analysis("SALib", "--method")
    base = load(scenario, sets=sets, runs=REPLICATES if runs is None else runs, seed=seed)
    variants = [variant] if versus is None else [variant, versus]
    about = chosen(base, variants=variants, over=over, spread=spread, facts=facts)
    _refuse_groups(about, groups)
    study = Study(about, method, check_size(method, size), base.base.seed, groups)
    return Request(
        scenario=base,
        study=study,
        outcomes=_outcomes(base, outcomes),
        variant=variant,
        versus=versus,
    )


def _refuse(
    method: str, groups: str | None, over: Sequence[str], variant: str, versus: str | None
) -> None:
    """Refuse what does not depend on the scenario."""
    problems = []
    if method not in METHODS:
        message = f"must be {either(list(METHODS))}, got {method!r}"
        problems.append(Problem("--method", 0, 0, "", message))
    if groups is not None and groups not in GROUPINGS:
        message = f"must be {either(GROUPINGS)}, got {groups!r}"
        problems.append(Problem("--groups", 0, 0, "", message))
    if method == "sobol" and not over and groups is None:
        message = (
            "sobol takes parameters named with --over, or groups of them (--groups law); "
            "morris finds out which are worth it"
        )
        problems.append(Problem("--method", 0, 0, "", message))
    if versus is not None and versus == variant:
        message = f"must be another variant than {variant!r}"
        problems.append(Problem("--versus", 0, 0, "", message))
    if problems:
        raise InputError(problems)


def _refuse_groups(about: Chosen, groups: str | None) -> None:
    """Refuse a grouping of one group: it has nothing to be compared with."""
    if groups is not None and len({each.group[groups] for each in about.parameters}) == 1:
        (only,) = {each.group[groups] for each in about.parameters}
        hint = "; --facts adds the facts that have a range" if groups == "source" else ""
        message = f"{groups}: all parameters are of one group ({only}){hint}"
        raise InputError([Problem("--groups", 0, 0, "", message)])


def _outcomes(base: Scenario, asked: Sequence[str]) -> tuple[str, ...]:
    """Return the outcomes that are analysed, in the scenario's order."""
    known = [outcome.text for outcome in base.outcomes]
    wrong = [text for text in asked if text not in known]
    if wrong:
        problems = [
            Problem(
                "--outcome", 0, 0, "", f"no outcome {quoted(t)} of {base.name}{meant(t, known)}"
            )
            for t in wrong
        ]
        raise InputError(problems)
    if not known:
        message = "the scenario has no outcomes to analyse"
        raise InputError([Problem(base.name, 0, 0, "outcomes", message)])
    return tuple(text for text in known if not asked or text in asked)


def _confirm(request: Request, *, confirmed: bool | Confirm) -> None:
    """Refuse a Sobol' analysis that nobody has confirmed."""
    if request.study.method != "sobol" or confirmed is True:
        return
    names = request.study.groups or request.study.chosen.paths
    width = (
        len({each.group[names] for each in request.study.chosen.parameters})
        if isinstance(names, str)
        else len(names)
    )
    count = request.told(request.study.size * (width + 2))
    if callable(confirmed) and confirmed(count):
        return
    message = f"{count}: confirm them with --yes, or give a smaller -n or --runs"
    raise InputError([Problem("--method", 0, 0, "sobol", message)])
