"""The meaning of options that several commands share: a variant, cores, a folder, a cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from sim.cli.streams import say
from sim.experiments.executor import Executor
from sim.experiments.processes import all_cores
from sim.experiments.remedies import as_run_error
from sim.kernel.errors import InputError, Problem, ResultError
from sim.kernel.words import indefinite, meant, quoted
from sim.records.store import draft, place_of, settle
from sim.scenario.doubts import doubts
from sim.scenario.load import Scenario, load
from sim.scenario.schema.root import Model


def refuse(option: str, message: str) -> NoReturn:
    """Refuse an option that makes no sense."""
    raise InputError([Problem(option, 0, 0, "", message)])


def variant_of(name: str, variant: str, sets: Sequence[str] | None) -> tuple[Scenario, Model]:
    """Return a scenario and one of its variants; InputError if it has no such variant."""
    scenario = load(name, sets=tuple(sets or ()))
    if variant not in scenario.variants:
        refuse("--variant", f"no variant {quoted(variant)}{meant(variant, scenario.variants)}")
    return scenario, scenario.variants[variant]


def say_doubts(scenario: Scenario) -> None:
    """Print warnings on numbers of a scenario that may be in the wrong unit."""
    for doubt in doubts(scenario):
        say(f"warning: {doubt}")


def cores(jobs: int | None) -> int:
    """Return the number of processes; by default one for each core."""
    return all_cores() if jobs is None else jobs


def results_folder(out: Path | None, name: str) -> Path:
    """Return the folder of a result: `out`, otherwise a folder under `results`."""
    return place_of(Path("results") / name if out is None else out)


@contextmanager
def published(folder: Path) -> Iterator[Path]:
    """Yield a draft of a folder, which replaces the folder when it is complete."""
    with as_run_error(str(folder)), draft(folder) as place:
        yield place
        settle(place, folder)


def refuse_others(folder: Path, ours: Sequence[str], what: str, *, force: bool) -> None:
    """Refuse a folder with other files than an earlier result of a kind; with `force`, take that.

    `ours` are the names of the files of the kind, `what` is its name.
    """
    if not folder.exists():
        return
    there = [path.name for path in folder.iterdir()] if folder.is_dir() else [folder.name]
    if not {*there} <= {*ours}:
        message = (
            f"{folder}: holds files that are not part of {indefinite(what)}; give another --out"
        )
        raise ResultError(message)
    if there and not force:
        message = (
            f"{folder}: already holds {indefinite(what)}; "
            "give --force to replace it, or another --out"
        )
        raise ResultError(message)


@contextmanager
def executor_at(
    jobs: int,
    *,
    scheduler: str | None,
    cluster: str | None,
    tls: tuple[str | None, str | None, str | None],
) -> Iterator[Executor | None]:
    """Yield the Dask cluster that was asked for, if any.

    `tls` are the files of the authority, the certificate and the key.
    """
    fault = ""
    if cluster not in (None, "local"):
        fault = f"must be local, got {cluster!r}; --scheduler takes an address"
    elif cluster and scheduler:
        fault = "cannot be combined with --scheduler: give one of the two"
    if any(tls) and not (scheduler or "").startswith("tls://"):
        fault = "certificate files need --scheduler tls://host:port"
    absent = [file for file in tls if file and not Path(file).is_file()]
    if fault or absent:
        refuse("--cluster", fault or f"no file {absent[0]}")
    if cluster is None and scheduler is None:
        yield None
        return
    from sim.experiments.cluster import connected  # noqa: PLC0415 - an extra, only when asked for

    authority, certificate, key = tls
    with connected(
        scheduler, jobs=jobs, tls_ca=authority, tls_cert=certificate, tls_key=key
    ) as place:
        if not place.client.nthreads():
            say(f"{scheduler}: has no workers yet; the sweep begins when one connects")
        yield place
