"""`blocsim sweep`: a design of runs, its progress, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.text import Text

from sim.cli.ending import say
from sim.cli.screen import brief, console, progress, table
from sim.experiments.executor import Executor, all_cores
from sim.experiments.sweeps.sweep import sweep
from sim.experiments.sweeps.sweep_results import SweepResults
from sim.kernel.errors import InputError, Problem
from sim.records.store import place_of
from sim.scenario.load import load


def sweep_command(
    name: str,
    *,
    cluster: Mapping[str, str | None],
    csv: bool,
    out: Path | None,
    jobs: int | None,
    **options: Any,
) -> None:
    """Run a sweep, print its summary."""
    scenario = load(name, sets=options["sets"], runs=options["runs"], seed=options["seed"])
    folder = place_of(out if out is not None else Path("results") / f"{scenario.name}_sweep")
    cores = all_cores() if jobs is None else jobs
    with workplace(cluster, cores) as place, progress(f"{scenario.name} sweep") as step:
        found = sweep(name, out=folder, jobs=cores, workplace=place, progress=step, **options)
    print_sweep(found)
    if csv:
        console().print(Text(f"every run: {found.export()}"))


@contextmanager
def workplace(asked: Mapping[str, str | None], jobs: int) -> Iterator[Executor | None]:
    """Yield the cluster that was asked for, if any."""
    scheduler, kind = asked["scheduler"], asked["cluster"]
    fault = ""
    if kind not in (None, "local"):
        fault = f"must be local, got {kind!r}; --scheduler takes an address"
    elif kind and scheduler:
        fault = "cannot stand beside --scheduler: give one of the two"
    tls = {key: asked[key] for key in ("tls_ca", "tls_cert", "tls_key")}
    if any(tls.values()) and not (scheduler or "").startswith("tls://"):
        fault = "files of certificates go with --scheduler tls://host:port"
    fault = fault or next(
        (f"no file {file}" for file in tls.values() if file and not Path(file).is_file()), ""
    )
    if fault:
        raise InputError([Problem("--cluster", 0, 0, "", fault)])
    if kind is None and scheduler is None:
        yield None
        return
    from sim.experiments.cluster import connected  # noqa: PLC0415 - only when asked for

    files = (asked["tls_ca"], asked["tls_cert"], asked["tls_key"])
    with connected(
        scheduler, jobs=jobs, tls_ca=files[0], tls_cert=files[1], tls_key=files[2]
    ) as found:
        if not found.client.nthreads():
            say(f"{scheduler}: has no worker yet; the sweep begins when one comes")
        yield found


def print_sweep(found: SweepResults) -> None:
    """Print how each outcome differs over the points."""
    out, counts = console(), found.manifest["table"]
    title = found.manifest["scenario"]["title"]
    out.print(Text(title, style="bold"))
    out.print(Text(found.manifest["scenario"]["question"]))
    out.print(
        Text(
            f"{counts['points']:,} points x {counts['replicates']:,} runs x "
            f"{len(found.variants)} variants, over {', '.join(found.paths)}"
        )
    )
    for name, paths in found.manifest["fixed_by_variant"].items():
        out.print(Text(f"not varied in variant {name}, which sets or lacks it: {', '.join(paths)}"))
    columns = ("outcome", "mean", "sd of points", "least (point)", "most (point)")
    summary = found.summary
    for variant in found.variants:
        rows = summary[summary["variant"] == variant]
        shown = table(*columns, title=str(variant), numbers=columns[1:])
        for row in rows.to_dict("records"):
            mean, sd = (brief(float(row[cell])) for cell in ("mean", "sd_of_points"))
            shown.add_row(str(row["outcome"]), mean, sd, _end(row, "least"), _end(row, "most"))
        out.print(shown)
    out.print(Text(f"{counts['rows']:,} runs, none missing or twice; sha256 {counts['sha256']}"))
    out.print(Text(f"tables: {found.folder} (design.csv, points.csv, summary.csv, chunks/)"))


def _end(row: Mapping[Any, Any], which: str) -> str:
    """Return the least or greatest mean of a point, and which point has it."""
    value, point = float(row[which]), row[f"{which}_point"]
    return brief(value) if math.isnan(value) else f"{brief(value)} ({point:.0f})"
