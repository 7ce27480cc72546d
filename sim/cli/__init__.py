"""The command `blocsim`: each subcommand is one call into the Python API.

What a command needs is imported when it runs, so that `--help` answers at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.ending import ended

app = typer.Typer(
    name="blocsim",
    help="Geopolitical scenarios as ensembles: from YAML to tables and figures.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Scenario = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A scenario file, or the name of a shipped one.")
]
Scenarios = Annotated[
    list[str],
    typer.Argument(metavar="SCENARIO...", help="Scenario files, or names of shipped ones."),
]
Runs = Annotated[int | None, typer.Option(help="Runs of each variant, in place of its own.")]
Seed = Annotated[int | None, typer.Option(help="Seed of the randomness, in place of its own.")]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a value; may be repeated."),
]
Jobs = Annotated[int | None, typer.Option(help="Processes; all cores unless given.")]
BlockSize = Annotated[int, typer.Option("--block", help="Runs computed together.")]
Uncertain = Annotated[
    bool, typer.Option("--uncertain", help="Draw the uncertain numbers in each run.")
]


@app.command(epilog="Example: blocsim run polonez_vs_iskander --runs 200 --out results/first")
def run(
    scenario: Scenario,
    *,
    runs: Runs = None,
    sets: Sets = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the results; results/SCENARIO unless given.")
    ] = None,
    jobs: Jobs = None,
    block: BlockSize = 500,
    seed: Seed = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier result.")] = False,
    transfers: Annotated[
        int, typer.Option(help="Runs whose requests and orders are listed one by one.")
    ] = 100,
    exact_to: Annotated[
        int, typer.Option(help="States up to which frustration is exact, 20 at most.")
    ] = 14,
    nu: Annotated[
        float, typer.Option(help="Worth of a year of budget in terms (cost of stability).")
    ] = 0.1,
    xi: Annotated[float, typer.Option(help="Cost of entrapment (cost of stability).")] = 0.3,
    figures: Annotated[
        bool, typer.Option("--figures/--no-figures", help="Draw figures of the tables.")
    ] = True,
    uncertain: Uncertain = False,
) -> None:
    """Run all variants of a scenario: tables, figures and a summary."""
    from sim.cli.running import run_command  # noqa: PLC0415 - costly, only when it runs

    run_command(
        scenario,
        out=out,
        figures=figures,
        runs=runs,
        seed=seed,
        sets=tuple(sets or ()),
        uncertain=uncertain or None,
        jobs=jobs,
        block=block,
        transfers=transfers,
        exact_to=exact_to,
        nu=nu,
        xi=xi,
        force=force,
    )


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
    block: BlockSize = 500,
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


@app.command(name="list", epilog="Example: blocsim list")
def list_() -> None:
    """List the shipped scenarios and the questions that they ask."""
    from sim.cli.showing import list_command  # noqa: PLC0415 - costly, only when it runs

    list_command()


@app.command(epilog="Example: blocsim show polonez_vs_iskander --what offers --variant no_sale")
def show(
    scenario: Scenario,
    *,
    what: Annotated[
        list[str] | None,
        typer.Option(help="states, blocs, offers, systems, laws, ...; may be repeated."),
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="Every value of every block, bounds, and variants.")
    ] = False,
    variant: Annotated[str, typer.Option(help="The variant to show.")] = "baseline",
    sets: Sets = None,
) -> None:
    """Show a scenario as compiled: states, blocs, offers, events and laws, with sources."""
    from sim.cli.showing import show_command  # noqa: PLC0415 - costly, only when it runs

    show_command(
        scenario, what=what or [], everything=all_, variant=variant, sets=tuple(sets or ())
    )


@app.command(epilog="Example: blocsim metrics")
def metrics(
    *,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the page docs/metrics.md.")
    ] = False,
) -> None:
    """List the metrics that an outcome can name: subject, windows, unit and definition."""
    from sim.cli.naming import metrics_command  # noqa: PLC0415 - costly, only when it runs

    metrics_command(markdown=markdown)


@app.command(epilog="Example: blocsim plot results/polonez_vs_iskander")
def plot(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="Folder of a result.")],
    *,
    what: Annotated[
        list[str] | None, typer.Option(help="Names of figures; may be repeated. All unless given.")
    ] = None,
) -> None:
    """Draw the figures of a result from its tables."""
    from sim.cli.drawing import plot_command  # noqa: PLC0415 - costly, only when it runs

    plot_command(results, what)


@app.command(epilog="Example: blocsim schema > scenario.schema.json")
def schema(
    *,
    patch: Annotated[
        bool, typer.Option("--patch", help="The schema of a file that others extend.")
    ] = False,
) -> None:
    """Print the JSON Schema of a scenario file, for editors."""
    from sim.cli.showing import schema_command  # noqa: PLC0415 - costly, only when it runs

    schema_command(patch=patch)


@app.command(epilog="Example: blocsim new my_scenario.yaml")
def new(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to write, such as my_scenario.yaml.")
    ],
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace a file.")] = False,
) -> None:
    """Write a commented scenario to start from."""
    from sim.cli.starting import new_command  # noqa: PLC0415 - costly, only when it runs

    new_command(file, force=force)


@app.command(epilog="Example: blocsim version")
def version() -> None:
    """Print the version."""
    from sim import __version__  # noqa: PLC0415 - costly, only when it runs

    typer.echo(f"blocsim {__version__}")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    raise SystemExit(ended(app, arguments))
