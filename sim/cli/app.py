"""The application: its commands, a file each, and the arguments and options that several share."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

FOLDER = Path(__file__).with_name("commands")
FIRST = ("run", "check", "list", "show", "plot", "compare", "sweep")  # others follow by name
HELP = {"help_option_names": ["-h", "--help"]}

Function = TypeVar("Function", bound=Callable[..., None])
_declared: dict[str, Any] = {}


def command(epilog: str) -> Callable[[Function], Function]:
    """Declare the function below it as the command of its file, whose name it bears."""

    def declare(function: Function) -> Function:
        single = typer.Typer(
            add_completion=False,
            pretty_exceptions_enable=False,
            rich_markup_mode=None,
            context_settings=HELP,
        )
        name = function.__module__.rpartition(".")[2]
        single.command(name=name, epilog=epilog, cls=Checked)(function)
        _declared[name] = typer.main.get_command(single)
        return function

    return declare


class Checked(TyperCommand):
    """A command that says in plain words which option is not a number."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Return what is left of the arguments."""
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as error:
            for kind, wanted in _NUMBERS.items():
                if error.message.startswith(f"Input should be a valid {kind}"):
                    error.message = f"must be {wanted}"
            raise


_NUMBERS = {"integer": "a whole number, such as 20", "number": "a number, such as 0.5"}


class Files(Mapping[str, Any]):
    """The commands by name: every file of the folder is one, imported when it is looked up."""

    def __iter__(self) -> Iterator[str]:
        names = {path.stem for path in FOLDER.glob("[!_]*.py")}
        yield from [*(name for name in FIRST if name in names), *sorted(names - {*FIRST})]

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, name: str) -> Any:
        if name not in [*self]:
            raise KeyError(name)
        import_module(f"sim.cli.commands.{name}")  # found by file name, not listed
        if name not in _declared:
            message = f"sim/cli/commands/{name}.py declares no command: see `sim.cli.app.command`"
            raise LookupError(message)
        return _declared[name]

    def about(self, name: str) -> str:
        """Return the help line of a command, read from its file without importing it."""
        for node in ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                return (ast.get_docstring(node) or "").partition("\n")[0]
        return ""


class Commands(TyperGroup):
    """The group of all commands; its help imports none of them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order of the help."""
        del ctx
        return list(self.commands)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write a line on every command."""
        files = Files()
        with formatter.section("Commands"):
            formatter.write_dl([(name, files.about(name)) for name in self.list_commands(ctx)])

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Return what goes on so, from names and help lines alone: no command is imported."""
        whole = self.commands
        self.commands = {name: TyperCommand(name, help=Files().about(name)) for name in whole}
        try:
            return super().shell_complete(ctx, incomplete)
        finally:
            self.commands = whole

    def _main_shell_completion(self, *arguments: Any, **options: Any) -> None:
        """Complete a line for a shell, whose classes typer registers for its own options alone."""
        if "_BLOCSIM_COMPLETE" in os.environ:
            from typer import completion  # noqa: PLC0415 - seldom asked for

            os.environ.setdefault("COMP_WORDS", "blocsim")  # a shell sets both
            os.environ.setdefault("COMP_CWORD", "0")
            completion.completion_init()  # type: ignore[attr-defined]
        super()._main_shell_completion(*arguments, **options)


app = Commands(
    name="blocsim",
    help="Simulate geopolitical scenarios as ensembles of runs: from YAML to tables and figures.",
    commands=Files(),  # type: ignore[arg-type] # a dict is asked for, but only read
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings=HELP,
)


def option(text: str, *names: str, **more: Any) -> Any:
    """Return an option with its help; it is called as its argument, or by `names`."""
    return typer.Option(*names, help=text, **more)


Scenario = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A scenario file or a shipped scenario's name.")
]
Scenarios = Annotated[
    list[str],
    typer.Argument(metavar="SCENARIO...", help="Scenario files, or names of shipped scenarios."),
]
Runs = Annotated[int | None, option("Runs of each variant (default: as the scenario says).")]
Seed = Annotated[int | None, option("Seed of the random numbers (default: as the scenario says).")]
Sets = Annotated[
    list[str] | None, option("Change a value; may be repeated.", "--set", metavar="PATH=VALUE")
]
Jobs = Annotated[int | None, option("Number of processes (default: all cores).")]
BlockSize = Annotated[int, option("Runs computed together at most.", "--block")]
Engine = Annotated[str, option("auto, numpy or compiled; auto compiles where this saves time.")]
Uncertain = Annotated[
    bool,
    option("Draw uncertain numbers, and parameters of laws with a distribution.", "--uncertain"),
]
Figures = Annotated[bool, option("Whether to draw figures.", "--figures/--no-figures")]
Formats = Annotated[
    list[str] | None, option("svg (default), png or pdf; may be repeated.", "--format")
]
Scheduler = Annotated[
    str | None, option("Dask: address of the scheduler, tcp://host:port or tls://.")
]
Cluster = Annotated[str | None, option("local: start a Dask cluster on this machine.")]
Authority = Annotated[str | None, option("Dask: certificate file of the authority.", "--tls-ca")]
Certificate = Annotated[str | None, option("Dask: certificate file of this client.", "--tls-cert")]
Key = Annotated[str | None, option("Dask: key file of this client.", "--tls-key")]
