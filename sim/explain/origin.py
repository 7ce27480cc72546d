"""Origin: the scenario that a result was made from, found again.

A manifest holds the document of the baseline, but not the patches of the variants. So the scenario
is read from its file, with the values of the manifest's document where they differ (those of
`--set`), and must then have the hash of the result, or differ from it in nothing that runs feel.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.documents.package_data import shipped_scenarios
from sim.kernel.errors import InputError, Problem, ResultError
from sim.kernel.words import meant, quoted
from sim.records.kinds import MANIFEST, RUN, kind_of
from sim.records.results import Results
from sim.scenario.load import Scenario, load

# keys of a scenario that say how results are read: no run feels them
_READ = frozenset({
    "title", "question", "outcomes", "reference", "contrasts", "smallest", "expect", "sweep",
    "patterns", "format",
})  # fmt: skip
_FLAGS = frozenset({"runs", "seed"})


def scenario_of(results: Results, file: str | Path | None = None) -> Scenario:
    """Return the scenario of a result; `file` is where it is, if it is not a shipped one."""
    manifest = results.manifest
    kind = kind_of(manifest)
    if kind is not RUN:
        message = f"{results.folder}: holds a {kind.name}; single runs are those of `blocsim run`"
        raise ResultError(message)
    inputs = manifest["inputs"]
    place = inputs["scenario"] if file is None else file
    if file is None and place not in shipped_scenarios():
        message = (
            f"{results.folder}: was made from the scenario {quoted(str(place))}, which is not "
            "shipped: give its file with --scenario"
        )
        raise ResultError(message)
    flags = {"runs": inputs["runs"], "seed": inputs["seed"]}
    scenario = load(place, **flags)
    if scenario.hash == inputs["hash"]:
        return scenario
    then = manifest["scenario"]["document"]
    sets = dict(_changes(scenario.document, then))
    if sets:
        try:
            scenario = load(place, **flags, sets=sets)
        except InputError:
            raise _another(results, scenario, [*sets]) from None
    differing = [path for path, _ in _changes(scenario.document, then)]
    if scenario.hash != inputs["hash"] and differing:
        raise _another(results, scenario, differing)
    if missing := [name for name in results.variants if name not in scenario.variants]:
        raise _another(results, scenario, [f"variants.{name}" for name in missing])
    return scenario


def _changes(now: Mapping[str, Any], then: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the paths, and the values of then, in which two documents differ for a run."""
    keys = [key for key in {**now, **then} if key not in _READ | _FLAGS]
    yield from _differing(
        {k: now[k] for k in keys if k in now}, {k: then[k] for k in keys if k in then}
    )


def _differing(now: Any, then: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(now, Mapping) and isinstance(then, Mapping):
        for key in {**now, **then}:
            steps = f"{path}.{key}" if path else str(key)
            if key not in then:
                yield steps, None
            elif key not in now:
                yield steps, then[key]
            else:
                yield from _differing(now[key], then[key], steps)
    elif json.dumps(now, sort_keys=True) != json.dumps(then, sort_keys=True):
        yield path, then


def _another(results: Results, scenario: Scenario, paths: list[str]) -> ResultError:
    """Return the error that a scenario is not the one that a result was made from."""
    file = scenario.files[0]
    shown = ", ".join(paths[:3]) + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")  # noqa: PLR2004
    version = results.manifest["inputs"]["versions"]["blocsim"]
    return ResultError(
        f"{results.folder / MANIFEST}: was made by blocsim {version} from another scenario than "
        f"{file}: they differ in {shown}; give the file as it was with --scenario, or run it anew"
    )


def variant_in(results: Results, variant: str | None) -> str:
    """Return a variant of a result, the first unless named."""
    names = results.variants
    if variant is None:
        return names[0]
    if variant not in names:
        message = f"{results.folder} has no variant {quoted(variant)}{meant(variant, names)}"
        raise InputError([Problem("--variant", 0, 0, "", message)])
    return variant


def run_in(results: Results, run: int) -> int:
    """Return the number of a run, if a result has it."""
    runs = results.manifest["inputs"]["runs"]
    if not 0 <= run < runs:
        message = f"{results.folder} has the runs 0 to {runs - 1}, got {run}"
        raise InputError([Problem("--run", 0, 0, "", message)])
    return run
