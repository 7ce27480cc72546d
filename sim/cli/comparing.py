"""`blocsim compare`: paired differences, what pairing gained, and what made them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from rich.text import Text

from sim.cli.screen import brief, console, progress, table
from sim.experiments.comparison import Comparison, compare
from sim.experiments.executor import all_cores
from sim.experiments.failures import as_run_error
from sim.experiments.options import Options
from sim.kernel.errors import ResultError
from sim.records.store import draft, place_of, settle

FILES = ("differences", "attribution", "runs")


def compare_command(
    one: str,
    other: str,
    *,
    runs: int | None,
    seed: int | None,
    outcomes: tuple[str, ...],
    attribute: bool,
    out: Path | None,
    force: bool,
    jobs: int | None,
) -> None:
    """Compare two sides, print and keep what was found."""
    if out is not None:
        out = place_of(out)
        _refuse(out, force=force)
    options = Options(jobs=all_cores() if jobs is None else jobs)
    with progress("compare") as step:
        found = compare(
            one,
            other,
            runs=runs,
            seed=seed,
            outcomes=outcomes,
            attribute=attribute,
            options=options,
            progress=step,
        )
    print_comparison(found)
    if out is not None:
        with as_run_error(str(out)), draft(out) as place:
            for name in FILES:
                frame: pd.DataFrame = getattr(found, name)
                frame.to_csv(
                    place / f"{name}.csv", index=False, float_format="%.10g", lineterminator="\n"
                )
            settle(place, out)
        console().print(Text(f"tables: {out} ({', '.join(f'{name}.csv' for name in FILES)})"))


def print_comparison(found: Comparison) -> None:
    """Print the differences, and their attribution if it was asked for."""
    out = console()
    out.print(Text(f"{found.other} less {found.one}", style="bold"))
    out.print(Text(f"they differ in {len(found.inputs)} inputs: {', '.join(found.inputs)}"))
    columns = ("outcome", "one", "other", "difference", "95 % interval", "changed", "pairing")
    shown = table(*columns, numbers=columns[1:])
    for row in found.differences.to_dict("records"):
        shown.add_row(
            str(row["outcome"]),
            *(brief(float(row[key])) for key in ("one", "other", "difference")),
            f"{brief(float(row['low']))} to {brief(float(row['high']))}",
            *(brief(float(row[key])) for key in ("changed", "pairing")),
        )
    out.print(shown)
    out.print(
        Text(
            "changed: share of runs whose outcome differs; pairing: by how much shared randomness "
            "cut the variance of the difference (- where no run differs from another)"
        )
    )
    if len(found.attribution) == 0:
        return
    how = "all orders" if found.exact else "sampled orders"
    right = ("share", "95 % interval")
    shares = table("outcome", "input", *right, title=f"Shapley shares, {how}", numbers=right)
    for row in found.attribution.to_dict("records"):
        ends = f"{brief(float(row['low']))} to {brief(float(row['high']))}"
        shares.add_row(str(row["outcome"]), str(row["input"]), brief(float(row["share"])), ends)
    out.print(shares)


def _refuse(out: Path, *, force: bool) -> None:
    """Refuse a folder that holds anything but an earlier comparison, and that without force."""
    if not out.exists():
        return
    ours = {f"{name}.csv" for name in FILES}
    there = [path.name for path in out.iterdir()] if out.is_dir() else [out.name]
    if any(name not in ours for name in there):
        message = f"{out}: holds no comparison, or more than that; give another --out"
        raise ResultError(message)
    if there and not force:
        message = f"{out}: holds a comparison; give --force to replace it, or another --out"
        raise ResultError(message)
