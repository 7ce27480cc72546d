"""`run_structural`: rules crossed, three spreads of every outcome, as a folder of tables."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from sim.experiments.crossing import crossing
from sim.experiments.failures import told
from sim.experiments.gathering import Ensemble, Progress
from sim.experiments.options import Options, refuse_wrong
from sim.experiments.structural import POINTS, RUNS, Structure
from sim.experiments.structural_tables import Structural, write_structural
from sim.records import manifest
from sim.records.read import Results, load_results
from sim.records.store import check_place, draft, hashes, place_of, settle, write_manifest
from sim.scenario.load import Scenario, load


def run_structural(
    scenario: Scenario | str | Path,
    *,
    roles: Sequence[str] | None = None,
    points: int = POINTS,
    runs: int | None = None,
    seed: int | None = None,
    sets: Sequence[str] = (),
    jobs: int = 1,
    block: int = Options.block,
    exact_to: int = Options.exact_to,
    nu: float = Options.nu,
    xi: float = Options.xi,
    out: str | Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
    say: Callable[[str], object] | None = None,
) -> Results:
    """Return the spreads of a scenario's outcomes by chance, parameters and rules.

    `roles` are crossed over all their variants; those in dispute, if None. Every rule set and
    variant has `runs` runs, shared among `points` draws of the uncertain numbers and of the assumed
    parameters of laws. `say` is told the cost before anything runs. A scenario that is loaded
    already has its own number of runs.
    """
    options = Options(jobs=jobs, block=block, transfers=0, exact_to=exact_to, nu=nu, xi=xi)
    refuse_wrong(runs=runs, seed=seed, sets=sets)
    if not isinstance(scenario, Scenario):
        scenario = load(scenario, sets=sets, runs=RUNS if runs is None else runs, seed=seed)
    crossed = crossing(scenario, roles)
    structure = Structure(Ensemble(scenario, options), crossed, points)
    tell, step = say or _silent, progress or _silent
    if out is None:
        with told("the folder for temporary files"), tempfile.TemporaryDirectory() as folder:
            tell(cost(structure))
            _write(structure, Path(folder), step)
            return load_results(folder).in_memory()
    place = place_of(out)
    if check_place(place, structure.inputs, force=force):
        return load_results(place)
    tell(cost(structure))
    with told(str(place)), draft(place) as folder_now:
        _write(structure, folder_now, step)
        settle(folder_now, place)
    return load_results(place)


def cost(structure: Structure) -> str:
    """Return in a sentence what a structural run will compute."""
    sizes = " x ".join(f"{len(v)} {role}" for role, v in structure.crossing.choices.items())
    sets = len(structure.crossing.rule_sets)
    variants = len(structure.ensemble.scenario.variants)
    own, of_laws = structure.counts
    numbers = (
        "numbers held"
        if structure.points == 1
        else f"numbers drawn: {own} of the scenario, {of_laws} assumed of its laws"
    )
    text = (
        f"{sets} rule sets ({sizes}) x {variants} variants x {structure.points} points "
        f"({numbers}) x {structure.replicates} replicates = {structure.total:,} runs"
    )
    out = [f"{role} (variant {name})" for role, name in structure.crossing.left_out.items()]
    return text + (f"; left out, as variants choose their own: {', '.join(out)}" if out else "")


def _write(structure: Structure, folder: Path, progress: Progress) -> None:
    """Write the tables and the manifest of a structural run to a folder."""
    began, clock = datetime.now(UTC), perf_counter()
    scenario = structure.ensemble.scenario
    found = Structural(
        outcomes=scenario.outcomes,
        crossing=structure.crossing,
        values=structure.outcomes(progress),
        seed=scenario.base.seed,
    )
    write_structural(folder, found)
    options = structure.ensemble.options
    write_manifest(
        folder,
        {
            "inputs": structure.inputs,
            "complete": True,
            **manifest.described(scenario),
            "structural": {
                "points": structure.points,
                "replicates": structure.replicates,
                "rule_sets": [dict(each) for each in structure.crossing.rule_sets],
                "left_out": dict(structure.crossing.left_out),
                "drawn": dict(zip(("scenario", "laws"), structure.counts, strict=True)),
                "uncertain": structure.uncertain,
                "held": sorted(structure.held),
                "cost": cost(structure),
            },
            "files": hashes(folder),
            "how": {
                "commit": manifest.commit(),
                "jobs": options.jobs,
                "block": options.block,
                "began": began.isoformat(timespec="seconds"),
                "seconds": {
                    **{name: round(s, 3) for name, s in structure.seconds.items()},
                    "total": round(perf_counter() - clock, 3),
                },
            },
        },
    )


def _silent(*_: object) -> None:
    """Say nothing."""
