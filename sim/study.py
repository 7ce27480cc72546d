"""A study: a scenario with the options of its runs, and experiments on it as methods."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from functools import cached_property, wraps
from pathlib import Path
from typing import Any, TypeVar, cast

from sim.documents.leaves import NAME
from sim.documents.package_data import shipped_scenarios
from sim.engine.engine_names import ENGINES
from sim.experiments.ablation.ablation import Ablation, ablate
from sim.experiments.audit import Audit, document
from sim.experiments.calibration.calibration import CalibrationPlan, calibrate
from sim.experiments.comparison import Comparison, compare
from sim.experiments.comparison_sides import Side
from sim.experiments.design import Design
from sim.experiments.ensemble import FirstNumbers, run
from sim.experiments.executor import Executor, Serial
from sim.experiments.keywords import by_keyword
from sim.experiments.options import Options, Progress, refuse_unknown, silent
from sim.experiments.sensitivity import Sensitivity, sensitivity
from sim.experiments.structural.structural_run import POINTS, run_structural
from sim.experiments.sweeps.sweep import sweep
from sim.experiments.sweeps.sweep_results import SweepResults
from sim.kernel.errors import InputError, Problem, need_flags, need_lists
from sim.kernel.words import either, meant
from sim.records.results import Results
from sim.scenario.load import Scenario, load
from sim.scenario.patches import BASELINE, Settings, texts_of

F = TypeVar("F", bound=Callable[..., Any])
_FLAG = re.compile(r"--([a-z]+(?:-[a-z]+)*)\Z")
_KEYWORDS = {
    "set": "sets",
    "outcome": "outcomes",
    "mechanism": "mechanisms",
}  # flags that are given once for each
_OF_AUDIT = {"runs": "points"}


def _named(method: F) -> F:
    """Name keywords of Python in errors of the experiments, which name flags of commands."""
    method = by_keyword(method)
    keywords_of = _KEYWORDS | (_OF_AUDIT if method.__name__ == "audit" else {})

    def named(flag: str) -> str:
        match = _FLAG.match(flag)
        name = match.group(1).replace("-", "_") if match else flag
        return keywords_of.get(name, name) if match else flag

    @wraps(method)
    def taken(*arguments: Any, **keywords: Any) -> Any:
        try:
            return method(*arguments, **keywords)
        except InputError as error:
            problems = [replace(each, file=named(each.file)) for each in error.problems]
            raise InputError(problems) from None

    return cast("F", taken)


@dataclass(frozen=True)
class Study:
    """The options that experiments on a scenario share; each method is one experiment.

    Results are kept in `folder` under the names that the commands give them, and a result that is
    there already is read. With `folder=None` a result is held in memory if the experiment allows
    it. The argument `out` of a method is another folder for one result.
    """

    scenario: str | Path
    _: KW_ONLY
    runs: int | None = None
    seed: int | None = None
    sets: Settings = ()
    uncertain: bool = False
    executor: Executor = Serial()
    block: int = Options.block
    engine: str = Options.engine
    transfers: int = Options.transfers
    dyads: str = Options.dyads
    exact_to: int = Options.exact_to
    nu: float = Options.nu
    xi: float = Options.xi
    folder: str | Path | None = "results"
    progress: Progress = silent
    say: Callable[[str], object] = silent
    first_numbers: FirstNumbers = silent

    def __post_init__(self) -> None:
        """Check scenario, settings and executor; an InputError says what is wrong."""
        need_lists(sets=self.sets)
        need_flags(uncertain=self.uncertain)
        problems = []
        scenario: Any = self.scenario
        if not isinstance(scenario, (str, Path)):
            message = f"must be the name or the file of a scenario, got {scenario!r}"
            problems.append(Problem("scenario", 0, 0, "", message))
        if self.engine not in ENGINES:
            message = f"must be {either(ENGINES)}, got {self.engine!r}"
            problems.append(Problem("engine", 0, 0, "", message))
        if not all(hasattr(self.executor, name) for name in ("workers", "losses")):
            message = (
                f"must be sim.Serial(), sim.Processes(N) or sim.Dask(...), got {self.executor!r}"
            )
            problems.append(Problem("executor", 0, 0, "", message))
        if problems:
            raise InputError(problems)

    @cached_property
    @_named
    def loaded(self) -> Scenario:
        """Return the scenario, read and checked."""
        return load(self.scenario, **self._inputs)

    @_named
    def run(
        self,
        *,
        variants: Sequence[str] = (),
        out: str | Path | None = None,
        force: bool = False,
    ) -> Results:
        """Return the tables of an ensemble of every variant, or of some (`sim.run`)."""
        return run(
            self.loaded,
            variants=variants,
            transfers=self.transfers,
            dyads=self.dyads,
            out=self._place(out, ""),
            force=force,
            say=self.say,
            first_numbers=self.first_numbers,
            **self._options,
            **self._weights,
        )

    @_named
    def structural(
        self,
        *,
        roles: Sequence[str] | None = None,
        points: int = POINTS,
        out: str | Path | None = None,
        force: bool = False,
    ) -> Results:
        """Return the spreads by chance, parameters and rules (`sim.run_structural`), by numpy."""
        options = {name: each for name, each in self._options.items() if name != "engine"}
        return run_structural(
            self.scenario,
            roles=roles,
            points=points,
            out=self._place(out, "_structural"),
            force=force,
            say=self.say,
            **self._inputs,
            **options,
            **self._weights,
        )

    @_named
    def sweep(
        self,
        design: str | Path | Design = "lhs",
        *,
        over: Sequence[str] = (),
        points: int | None = None,
        variants: Sequence[str] = (),
        noise: str = "shared",
        out: str | Path | None = None,
        force: bool = False,
        confirmed: bool = False,
    ) -> SweepResults:
        """Return the outcomes at every point of a design (`sim.sweep`)."""
        return sweep(
            self.scenario,
            design=design,
            over=over,
            points=points,
            variants=variants,
            noise=noise,
            out=self._kept(out, "_sweep"),
            force=force,
            confirmed=confirmed,
            **self._inputs,
            **self._options,
            **self._weights,
        )

    @_named
    def ablate(
        self,
        mechanisms: Sequence[str] = (),
        *,
        variants: Sequence[str] = (),
        out: str | Path | None = None,
        force: bool = False,
    ) -> Ablation:
        """Return the effects of each mechanism, off and alone (`sim.ablate`)."""
        return ablate(
            self.scenario,
            mechanisms=mechanisms,
            variants=variants,
            out=self._kept(out, "_ablation"),
            force=force,
            **self._inputs,
            **self._options,
            **self._weights,
        )

    @_named
    def compare(
        self,
        one: str | Path,
        other: str | Path,
        *,
        outcomes: Sequence[str] = (),
        match: Sequence[str] = (),
        attribute: bool = False,
    ) -> Comparison:
        """Return the paired differences of two variants (`sim.compare`).

        A side may also be another scenario: a file, a shipped name or `NAME:VARIANT`.
        """
        options = Options(
            jobs=self.executor.workers, block=self.block, engine=self.engine, **self._weights
        )
        return compare(
            self._side(one),
            self._side(other),
            runs=self.loaded.base.runs,
            seed=self.loaded.base.seed,
            outcomes=outcomes,
            match=match,
            attribute=attribute,
            options=options,
            executor=self.executor,
            progress=self.progress,
            say=self.say,
        )

    @_named
    def sensitivity(
        self,
        method: str = "morris",
        *,
        over: Sequence[str] = (),
        spread: float | None = None,
        facts: bool = False,
        groups: str | None = None,
        outcomes: Sequence[str] = (),
        size: int | None = None,
        variant: str = BASELINE,
        versus: str | None = None,
        out: str | Path | None = None,
        force: bool = False,
        confirmed: bool | Callable[[str], bool] = False,
    ) -> Sensitivity:
        """Return how strongly each number drives each outcome (`sim.sensitivity`)."""
        return sensitivity(
            self.scenario,
            method=method,
            over=over,
            spread=spread,
            facts=facts,
            groups=groups,
            outcomes=outcomes,
            size=size,
            variant=variant,
            versus=versus,
            out=self._place(out, f"_sensitivity_{method}"),
            force=force,
            confirmed=confirmed,
            **self._inputs,
            **self._options,
        )

    @_named
    def calibrate(
        self,
        *,
        points: int = CalibrationPlan.points,
        replicates: int = CalibrationPlan.replicates,
        checks: int = CalibrationPlan.checks,
        vantage: str = CalibrationPlan.vantage,
        patterns: Sequence[str] = (),
        parameters: Sequence[str] = (),
        out: str | Path | None = None,
        resume: bool = False,
        force: bool = False,
    ) -> dict[str, Any]:
        """Return the manifest of a calibration to the scenario's patterns (`blocsim calibrate`)."""
        return calibrate(
            self.loaded,
            plan=CalibrationPlan(
                points=points,
                replicates=replicates,
                checks=checks,
                vantage=vantage,
                patterns=tuple(patterns),
                parameters=tuple(parameters),
                jobs=self.executor.workers,
            ),
            out=self._kept(out, "_calibration"),
            resume=resume,
            force=force,
            executor=self.executor,
            progress=self.progress,
        )

    @_named
    def audit(self, variant: str = BASELINE, *, points: int = 128) -> dict[str, Any]:
        """Return the sources of the numbers, and their shares in the variance of the outcomes.

        This is the document of `blocsim audit --json`.
        """
        refuse_unknown("variant", [variant], self.loaded.variants)
        plan = Audit(self.loaded, variant, points)
        return document(plan, plan.findings(self.progress, self.executor))

    @property
    def _inputs(self) -> dict[str, Any]:
        sets = (*texts_of(self.sets), "uncertain=true") if self.uncertain else self.sets
        return {"runs": self.runs, "seed": self.seed, "sets": sets}

    @property
    def _options(self) -> dict[str, Any]:
        return {
            "jobs": self.executor.workers,
            "executor": self.executor,
            "block": self.block,
            "engine": self.engine,
            "progress": self.progress,
        }

    @property
    def _weights(self) -> dict[str, Any]:
        return {"exact_to": self.exact_to, "nu": self.nu, "xi": self.xi}

    def _place(self, out: str | Path | None, ending: str) -> Path | None:
        """Return the folder of a result; None for one that is held in memory."""
        if out is not None:
            return Path(out)
        return None if self.folder is None else Path(self.folder) / f"{self.loaded.name}{ending}"

    def _kept(self, out: str | Path | None, ending: str) -> Path:
        """Return the folder of a result that cannot be held in memory."""
        place = self._place(out, ending)
        if place is None:
            message = "this result is kept in a folder: give out=, or the study a folder"
            raise InputError([Problem("out", 0, 0, "", message)])
        return place

    def _side(self, side: str | Path) -> str | Path | Side:
        text, own = str(side), self.loaded.variants
        if text in own:
            return Side(self.loaded, text)
        shipped = shipped_scenarios()
        name = NAME.match(text) is not None and text not in shipped and not Path(text).exists()
        if name and (meant(text, own) or not meant(text, shipped)):
            refuse_unknown("variant", [text], own, flag=self.loaded.name)
        return side
