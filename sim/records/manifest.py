"""The manifest: everything that a result depends on, and how it was made."""

from __future__ import annotations

import json
import platform
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from sim import __version__
from sim.documents.leaves import Uncertain
from sim.documents.package_data import shipped_scenarios
from sim.kernel.errors import ResultError
from sim.kernel.parameters import parameters_of
from sim.kernel.rules import ROLES, rules_in_force
from sim.records.kinds import RUNS, SENSITIVITY, SWEEP, ResultKind, kind_in, kind_of
from sim.records.soundness import no_result, stored
from sim.scenario.load import Scenario

_PACKAGE = Path(__file__).resolve().parent.parent
# parts that no table depends on
_SHOWS = ("agents", "cli", "dashboard", "explain", "pages", "plots", "seeing")
LIBRARIES = ("numpy", "scipy")
_FILE = re.compile(r"\w[\w .-]*\.ya?ml")  # of a scenario, in the folder that it was read from


def versions() -> dict[str, Any]:
    """Return the versions on which the bytes of tables depend."""
    return {
        "blocsim": __version__,  # of this code; the metadata of an editable install may be older
        "code": code_hash(),
        "python": ".".join(platform.python_version_tuple()[:2]),
        **{name: _version(name) for name in LIBRARIES},
        "simd": simd(),
        "machine": platform.machine(),
    }


def simd() -> list[str]:
    """Return the instruction sets that numpy uses on this machine."""
    config: Any = np.show_config(mode="dicts")
    sets = config.get("SIMD Extensions", {})
    return [*sets.get("baseline", []), *sets.get("found", [])]


@cache
def code_hash() -> str:
    """Return the hash of the sources on which tables depend."""
    digest = sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        inside = path.relative_to(_PACKAGE)
        if inside.parts[0] not in _SHOWS:
            digest.update(inside.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def commit() -> str | None:
    """Return the commit of the checkout that holds the code; None if it is installed."""
    git = shutil.which("git")
    if git is None or not (_PACKAGE.parent / ".git").exists():
        return None
    command = [git, "-C", str(_PACKAGE.parent), "rev-parse", "HEAD"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=10)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def inputs(scenario: Scenario, counting: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs of a run: runs with equal inputs have equal tables.

    `counting` holds the options that change tables.
    """
    return {
        "scenario": scenario.name,
        "hash": scenario.hash,
        "seed": scenario.base.seed,
        "runs": scenario.base.runs,
        "options": {**counting, **({} if scenario.whole else {"variants": [*scenario.variants]})},
        "versions": versions(),
    }


def of_this_version(state: Path) -> bool:
    """Return whether this version can resume the result to which a file of inputs belongs."""
    try:
        versions_then = json.loads(state.read_text(encoding="utf-8"))["inputs"]["versions"]
        now = versions()
        return all(now.get(name, then) == then for name, then in versions_then.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return True  # the attempt to resume says what is wrong


def unfinished(folder: Path, kind: ResultKind) -> str | None:
    """Return a message, with the remedy, if a folder holds an unfinished result; else None."""
    state = folder / (f"{RUNS}/{SWEEP.state}" if kind is SENSITIVITY else kind.state or ".")
    old = any((folder / name).is_file() for name in kind.older)
    if (folder / kind.manifest).is_file() or not (state.is_file() or old):
        return None
    what, how = f"{folder}: holds an unfinished {kind.name}", f"`blocsim {kind.command}`"
    if old or not of_this_version(state):
        return f"{what} of another version; {how} with --force runs it again"
    return f"{what}; the same {how}{' with ' * bool(kind.resume)}{kind.resume} continues it"


def finished(folder: Path) -> tuple[dict[str, Any] | None, ResultKind]:
    """Return manifest and kind of a finished result; ResultError if the folder holds none.

    The manifest is None for kinds that have none.
    """
    about = stored(folder)
    kind = kind_in(folder) if about is None else kind_of(about)
    if kind is None:
        raise no_result(folder)
    if said := unfinished(folder, kind):
        raise ResultError(said)
    if about is None and kind.manifest:
        about = stored(folder, kind.manifest)
    return about, kind


def named(scenario: Scenario) -> dict[str, Any]:
    """Return name, title and question of a scenario."""
    return {"name": scenario.name, "title": scenario.title, "question": scenario.question}


def described(scenario: Scenario) -> dict[str, Any]:
    """Return the parts of the manifest on the scenario: document, files, laws of every variant."""
    top = scenario.files[0].resolve().parent
    return {
        "scenario": {
            **named(scenario),
            "files": {_named(path, top): _digest(path) for path in scenario.files},
            "document": scenario.document,
            "variants": scenario.patches,
        },
        "variants": list(scenario.variants),
        "reference": scenario.base.reference,
        "contrasts": {
            name: contrast.model_dump() for name, contrast in scenario.base.contrasts.items()
        },
        "outcomes": [outcome.text for outcome in scenario.outcomes],
        "in force": {name: _in_force(scenario, name) for name in scenario.variants},
    }


def _in_force(scenario: Scenario, variant: str) -> dict[str, Any]:
    model = scenario.variants[variant]
    laws = {}
    for role, chosen in rules_in_force(model.rules).items():
        own = model.laws.get(role, {})
        known = parameters_of(ROLES[role][chosen])
        parameters = {name: _plain(own.get(name, about.value)) for name, about in known.items()}
        laws[role] = {"rule": chosen, "parameters": parameters}
    return laws


def _plain(number: Any) -> Any:
    return asdict(number) if isinstance(number, Uncertain) else number


def _named(path: Path, top: Path) -> str:
    """Return the path of a file relative to the scenario's folder; its name if it lies outside."""
    resolved = path.resolve()
    return resolved.relative_to(top).as_posix() if resolved.is_relative_to(top) else path.name


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"


def folder_argument(folder: Path) -> str:
    """Return the argument by which a command in the working folder takes a result.

    A folder elsewhere is given by its name alone, as pages name no folder of a machine.
    """
    whole, here = folder.absolute(), Path.cwd()
    return whole.relative_to(here).as_posix() if whole.is_relative_to(here) else whole.name


def scenario_argument(manifest: Mapping[str, Any]) -> str:
    """Return the argument by which a command takes the scenario of a result.

    A shipped scenario is given by its name, any other by its file, without the folder: the last
    file read that is not one of the shared patterns.
    """
    name, about = str(manifest["inputs"]["scenario"]), manifest.get("scenario") or {}
    named = (about.get("document") or {}).get("patterns") or ()
    shared = {f"{each}.yaml" for each in named}
    read = [each for each in about.get("files") or () if _FILE.fullmatch(each)]
    file = next((each for each in reversed(read) if each not in shared), f"{name}.yaml")
    return name if name in shipped_scenarios() and file == f"{name}.yaml" else file
