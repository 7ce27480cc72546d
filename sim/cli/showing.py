"""`blocsim list`, `show` and `schema`: what is there, and what a scenario says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.cli.detail import BLOCKS, bounds, changes, csv_ties, details, keys, said
from sim.cli.reference import page
from sim.cli.screen import console
from sim.cli.screen import table as plain_table
from sim.documents.package_data import shipped_scenarios
from sim.documents.reader import read_file
from sim.kernel.errors import InputError, Problem
from sim.kernel.rules import rules_in_force
from sim.kernel.words import meant, quoted
from sim.scenario.load import Scenario, load
from sim.scenario.paths import number_paths
from sim.scenario.scenario_files import Files
from sim.scenario.schema.json_schema import json_schema
from sim.scenario.schema.root import Model


def list_command() -> None:
    """Print the shipped scenarios and their questions."""
    made = table("scenario", "question")
    for name, path in shipped_scenarios().items():
        try:
            own = read_file(path).child("question")
            question = Files(path).document().child("question") if own is None else own
        except InputError:
            question = None
        text = "(cannot be read: see `blocsim check`)" if question is None else str(question.value)
        made.add_row(name, " ".join(text.split()))
    console().print(made)


def schema_command(*, patch: bool, markdown: bool) -> None:
    """Print the JSON Schema of a scenario or of a file that others extend, or all keys in words."""
    if markdown:
        typer.echo(page().rstrip())
        return
    typer.echo(json.dumps(json_schema(patch=patch), indent=2, ensure_ascii=False))


def show_command(
    name: str, *, what: list[str], everything: bool, variant: str, sets: tuple[str, ...]
) -> None:
    """Print a variant of a scenario as compiled."""
    scenario = _found(name, what, variant, sets)
    model = scenario.variants[variant]
    screen = console()
    title = Text(scenario.title, style="bold")
    screen.print(title.append(f" ({scenario.name}, variant {variant})", style="not bold"))
    screen.print(Text(scenario.question, style="italic"))
    screen.print(
        f"{model.time.start} to {model.time.end} by {model.time.period}, {model.runs} runs, "
        f"seed {model.seed}; variants: {', '.join(scenario.variants)}"
    )
    sources = scenario.sources_of(variant)
    for each in what or TABLES:
        if each in TABLES:
            screen.print(TABLES[each](scenario, model, sources))
        if each in MORE or (what and everything and each in BLOCKS):
            _add(screen, each, scenario, model)
    if everything and not what:
        for each in dict.fromkeys((*BLOCKS, *MORE)):
            if each not in BLOCKS or getattr(model, each):
                _add(screen, each, scenario, model)
    elif not what:
        screen.print(HINT)


def _found(name: str, what: list[str], variant: str, sets: tuple[str, ...]) -> Scenario:
    """Return the scenario, if there are such a variant and such parts of it."""
    for each in what:
        if each not in PARTS:
            message = f"no {quoted(each)}{meant(each, PARTS)}: one of {', '.join(PARTS)}"
            raise InputError([Problem("--what", 0, 0, "", message)])
    scenario = load(name, sets=sets)
    if variant not in scenario.variants:
        message = f"no variant {quoted(variant)}{meant(variant, scenario.variants)}"
        raise InputError([Problem("--variant", 0, 0, "", message)])
    return scenario


def _add(screen: Console, part: str, scenario: Scenario, model: Model) -> None:
    """Print a part of what `--all` adds."""
    if part == "variants":
        screen.print(changes(scenario))
    elif part == "bounds":
        screen.print(keys(model))
    else:
        screen.print(details(part, model))
        if part == "tables":
            screen.print(csv_ties(model))


Sources = Mapping[str, str]


WHOLE = ("leader", "members", "from", "system", "open", "parameter", "bounds", "source")


def table(*columns: str, title: str | None = None, numbers: tuple[str, ...] = ()) -> Table:
    """Return an empty table whose names and sources stay whole while the others go on below."""
    made = plain_table(*columns, title=title, numbers=numbers)
    whole = {columns[0], *WHOLE}
    for name, column in zip(columns, made.columns, strict=True):
        column.no_wrap = name in whole
        column.overflow = "fold"
    made.padding = (0, 1, 0, 0)
    return made


def _cited(source: tuple[str, ...]) -> str:
    return ",\n".join(source)


def _states(scenario: Scenario, model: Model, sources: Sources) -> Table:
    del scenario, sources
    numbers = ("gdp", "growth", "burden", "import share", "find")
    made = table(
        "state", "name", *numbers, "source", title="States (gdp in M USD of 2016)", numbers=numbers
    )
    for code, s in model.states.items():
        cells = (s.gdp, s.growth, s.burden, s.import_share, s.find)
        made.add_row(code, s.name, *map(said, cells), _cited(s.source))
    return made


def _blocs(scenario: Scenario, model: Model, sources: Sources) -> Table:
    del scenario, sources
    numbers = ("commitment", "norm", "preference", "credit")
    made = table(
        "bloc",
        "leader",
        "members",
        *numbers,
        "source",
        title="Blocs (members with their engagement)",
        numbers=numbers,
    )
    for code, b in model.blocs.items():
        members = "\n".join(f"{i} {said(b.engagement[i])}" for i in b.members)
        cells = (b.commitment, b.norm, b.preference, b.credit)
        made.add_row(code, b.leader, members, *map(said, cells), _cited(b.source))
    return made


def _offers(scenario: Scenario, model: Model, sources: Sources) -> Table:
    del scenario, sources
    numbers = ("price", "batch", "lag", "stock")
    made = table(
        "offer", "from", "system", *numbers, "consent", "open", "sources",
        title="Offers (price in M USD of 2016 a batch, lag in years)", numbers=numbers,
    )  # fmt: skip
    for code, o in model.offers.items():
        span = f"{o.opens or ''}..{o.closes or ''}".strip(".") or "yes"
        partners = " ".join(sorted({*o.licensors, *o.components}))
        cells = [said(each) for each in (o.price, o.batch, o.lag, o.stock)]
        cells = [re.sub(r"\(\w+ ", "(", cell) for cell in cells]  # the kind of spread: under --all
        made.add_row(
            code, o.supplier, o.system, *cells, partners,
            span if o.open else "no", ", ".join(o.source),
        )  # fmt: skip
    return made


def _events(scenario: Scenario, model: Model, sources: Sources) -> Table:
    del scenario, sources
    made = table("date", "event", "what", "probability", "source", title="Events")
    for name, event in sorted(model.events.items(), key=lambda item: (item[1].at, item[0])):
        fields = event.action.model_dump(by_alias=True, exclude_none=True)
        text = event.kind + ": " + ", ".join(f"{key} {value}" for key, value in fields.items())
        made.add_row(event.at, name, text, said(event.probability), _cited(event.source))
    return made


def _laws(scenario: Scenario, model: Model, sources: Sources) -> Table:
    del scenario
    made = table(
        "law: rule",
        "parameter",
        "value",
        "bounds",
        "unit",
        "source",
        title="Laws in force",
        numbers=("value",),
    )
    chosen = rules_in_force(model.rules)
    known = number_paths(model)
    before = ""
    for path, each in known.items():
        if not each.path.of_law:
            continue
        role, name = each.path.entry, each.path.key
        head = f"{role}: {chosen[role]}" if role != before else ""
        before = role
        made.add_row(head, name, said(each.value), bounds(each), each.unit, sources.get(path, ""))
    return made


def _outcomes(scenario: Scenario, model: Model, sources: Sources) -> Table:
    del model, sources
    made = table("outcome", title="Outcomes")
    for outcome in scenario.outcomes:
        made.add_row(outcome.text)
    return made


TABLES: dict[str, Callable[[Scenario, Model, Sources], Table]] = {
    "states": _states,
    "blocs": _blocs,
    "offers": _offers,
    "events": _events,
    "laws": _laws,
    "outcomes": _outcomes,
}
HINT = (
    "--all adds every value of every block (classes, systems, arsenals, assets, rivalries, "
    "affinities, imports, debts, embargoes, ...), the bounds of all numbers, and what the variants "
    "change; --what systems shows one of them."
)
MORE = (*(block for block in BLOCKS if block not in TABLES), "bounds", "variants")
PARTS = dict.fromkeys((*TABLES, *MORE))  # what `--what` can name
