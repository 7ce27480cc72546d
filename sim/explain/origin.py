"""Origin: the scenario that a result was made from.

A shipped scenario is read from its file, with the values of the manifest's document where they
differ (those of `--set`), so that its numbers keep their own sources. Any other is rebuilt from
the manifest. Either must have the hash of the result; for a result of format 2, whose manifest
does not have the changes of variants, a shipped scenario may differ in keys without effect on runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from sim.documents.package_data import shipped_scenarios
from sim.experiments.remedies import as_run_error
from sim.kernel.errors import InputError, Problem, ResultError
from sim.kernel.words import first_few, meant, quoted
from sim.records.kinds import MANIFEST, RUN, kind_of
from sim.records.results import Results
from sim.records.store import scratch_folder
from sim.scenario.load import Scenario, load
from sim.scenario.rebuilt_scenario import rebuilt, same_variants

# keys of a scenario about the reading of results: they do not affect runs
_READ = frozenset({
    "title", "question", "outcomes", "reference", "contrasts", "smallest", "expect", "sweep",
    "patterns", "format",
})  # fmt: skip
_FLAGS = frozenset({"runs", "seed"})


def scenario_of(results: Results, files: str | Path | None = None) -> Scenario:
    """Return the scenario of a result; `files` is the folder of the tables that it names."""
    manifest = results.manifest
    kind = kind_of(manifest)
    if kind is not RUN:
        message = (
            f"{results.folder}: holds {kind.article}; only results of `blocsim run` have single "
            "runs"
        )
        raise ResultError(message)
    shipped = _shipped(results) if manifest["inputs"]["scenario"] in shipped_scenarios() else None
    if shipped is not None and shipped.hash == manifest["inputs"]["hash"]:
        return shipped
    if same_variants(manifest["scenario"] | {"in force": manifest.get("in force", {})}):
        return _rebuilt(results, files)
    then = manifest["scenario"]["document"]
    differing = [] if shipped is None else [p for p, _ in _changes(shipped.document, then)]
    if shipped is None or differing or not {*results.variants} <= {*shipped.variants}:
        _refuse(results, differing)
    return shipped


def _shipped(results: Results) -> Scenario | None:
    """Return the shipped scenario of the name, with the values of the result's document."""
    manifest = results.manifest
    inputs = manifest["inputs"]
    flags = {"runs": inputs["runs"], "seed": inputs["seed"]}
    scenario = load(inputs["scenario"], **flags)
    sets = dict(_changes(scenario.document, manifest["scenario"]["document"]))
    if scenario.hash == inputs["hash"] or not sets:
        return scenario
    try:
        return load(inputs["scenario"], **flags, sets=sets)
    except InputError:
        return None


def _rebuilt(results: Results, files: str | Path | None) -> Scenario:
    """Return the scenario that the manifest describes."""
    place = None if files is None else Path(files)
    with as_run_error("the folder for temporary files"), scratch_folder() as scratch:
        scenario = rebuilt(results.manifest["scenario"], scratch, place)
    if scenario.hash != results.manifest["inputs"]["hash"]:
        message = (
            f"{results.folder / MANIFEST}: its document does not have the hash of the inputs: it "
            "was changed, or patterns differ in this version"
        )
        raise ResultError(message)
    return scenario


def _changes(now: Mapping[str, Any], then: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the paths, with their old values, in which two documents differ for a run."""
    left_out = _READ | _FLAGS
    one, other = ({k: v for k, v in d.items() if k not in left_out} for d in (now, then))
    yield from _differing(one, other)


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


def _refuse(results: Results, paths: list[str]) -> NoReturn:
    """Refuse a result of format 2 whose scenario is no longer known."""
    inputs = results.manifest["inputs"]
    name, version = inputs["scenario"], inputs.get("versions", {}).get("blocsim", "unknown")
    where = f"the shipped one differs in {first_few(paths, 3)}" if paths else (
        f"there is no shipped {quoted(name)} with its values"
    )  # fmt: skip
    message = (
        f"{results.folder / MANIFEST}: was made by blocsim {version}, whose manifests lack the "
        f"changes of variants, and {where}: run it again"
    )
    raise ResultError(message)


def variant_in(results: Results, variant: str | None) -> str:
    """Return a variant of a result; by default the first."""
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
