"""The application, and the arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

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
BLOCK = 500  # as in sim.experiments.options, which takes long to import
Uncertain = Annotated[
    bool, typer.Option("--uncertain", help="Draw the uncertain numbers in each run.")
]
