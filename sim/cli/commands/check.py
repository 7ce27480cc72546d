"""The command `check`."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.app import BLOCK, BlockSize, Jobs, Runs, Scenarios, Seed, Sets, app


@app.command(epilog="Example: blocsim check my_scenario.yaml polonez_vs_iskander --expect")
def check(
    scenarios: Scenarios,
    *,
    expect: Annotated[
        bool, typer.Option("--expect", help="Run them and judge what they must show.")
    ] = False,
    runs: Runs = None,
    sets: Sets = None,
    jobs: Jobs = None,
    block: BlockSize = BLOCK,
    seed: Seed = None,
) -> None:
    """Check scenarios; with --expect, also whether they show what they must."""
    from sim.cli.checking import check_command  # noqa: PLC0415 - costly, only when it runs

    check_command(
        scenarios,
        expect=expect,
        jobs=jobs,
        block=block,
        runs=runs,
        seed=seed,
        sets=tuple(sets or ()),
    )
