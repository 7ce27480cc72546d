"""A scenario as compiled: its blocks with sources, bounds, and what its variants change."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from rich.table import Table

from sim.cli.app import Scenario, Sets, command
from sim.cli.screen import Screen
from sim.cli.screen import table as plain_table
from sim.cli.shared import refuse, variant_of
from sim.documents.leaves import Number, Uncertain
from sim.documents.list_leaves import Window
from sim.documents.tree import fields_of
from sim.kernel.rules import rules_in_force
from sim.kernel.words import meant, quoted
from sim.scenario.load import Scenario as Compiled
from sim.scenario.patches import BASELINE
from sim.scenario.paths import NumberPath, number_paths
from sim.scenario.schema.root import Model

Sources = Mapping[str, str]
BLOCKS = (
    "states", "blocs", "offers", "classes", "systems", "arsenals", "assets", "rivalries",
    "affinities", "imports", "refusals", "debts", "embargoes", "tables", "events", "expect",
    "sweep", "patterns",
)  # fmt: skip
HINT = (
    "--all adds every value of every block (classes, systems, arsenals, assets, rivalries, "
    "affinities, imports, debts, embargoes, ...), the bounds of all numbers, and what the variants "
    "change; --what systems shows one of them."
)
WHOLE = ("leader", "members", "from", "system", "open", "parameter", "bounds", "source")
_APART = frozenset({"source"})  # has a column of its own
_MANY = 1000  # from here on numbers show their thousands and no more than two decimals


@command("Example: blocsim show polonez_vs_iskander --what offers --variant no_sale")
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
    for part in what or ():
        if part not in PARTS:
            near = meant(part, PARTS)
            refuse("--what", f"no {quoted(part)}{near}: one of {', '.join(PARTS)}")
    compiled, model = variant_of(scenario, variant, sets)
    screen = Screen()
    screen.print(f"{compiled.title} ({compiled.name}, variant {variant})", style="bold")
    screen.print(compiled.question, style="italic")
    screen.print(
        f"{model.time.start} to {model.time.end} by {model.time.period}, {model.runs} runs, "
        f"seed {model.seed}; variants: {', '.join(compiled.variants)}"
    )
    sources = compiled.sources_of(variant)
    for part in what or TABLES:
        if part in TABLES:
            screen.print(TABLES[part](compiled, model, sources))
        if part in MORE or (what and all_ and part in BLOCKS):
            _print_more(screen, part, compiled, model)
    if all_ and not what:
        for part in dict.fromkeys((*BLOCKS, *MORE)):
            if part not in BLOCKS or getattr(model, part):
                _print_more(screen, part, compiled, model)
    elif not what:
        screen.print(HINT)


def _print_more(screen: Screen, part: str, scenario: Compiled, model: Model) -> None:
    """Print a part of what `--all` adds."""
    if part == "variants":
        screen.print(_changes(scenario))
    elif part == "bounds":
        screen.print(_keys(model))
    else:
        screen.print(_details(part, model))
        if part == "tables":
            screen.print(_csv_ties(model))


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


def _states(scenario: Compiled, model: Model, sources: Sources) -> Table:
    del scenario, sources
    numbers = ("gdp", "growth", "burden", "import share", "find")
    made = table(
        "state", "name", *numbers, "source", title="States (gdp in M USD of 2016)", numbers=numbers
    )
    for code, s in model.states.items():
        cells = (s.gdp, s.growth, s.burden, s.import_share, s.find)
        made.add_row(code, s.name, *map(_said, cells), _cited(s.source))
    return made


def _blocs(scenario: Compiled, model: Model, sources: Sources) -> Table:
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
        members = "\n".join(f"{i} {_said(b.engagement[i])}" for i in b.members)
        cells = (b.commitment, b.norm, b.preference, b.credit)
        made.add_row(code, b.leader, members, *map(_said, cells), _cited(b.source))
    return made


def _offers(scenario: Compiled, model: Model, sources: Sources) -> Table:
    del scenario, sources
    numbers = ("price", "batch", "lag", "stock")
    made = table(
        "offer", "from", "system", *numbers, "consent", "open", "sources",
        title="Offers (price in M USD of 2016 a batch, lag in years)", numbers=numbers,
    )  # fmt: skip
    for code, o in model.offers.items():
        span = f"{o.opens or ''}..{o.closes or ''}".strip(".") or "yes"
        partners = " ".join(sorted({*o.licensors, *o.components}))
        cells = [_said(each) for each in (o.price, o.batch, o.lag, o.stock)]
        cells = [re.sub(r"\(\w+ ", "(", cell) for cell in cells]  # the kind of spread: under --all
        made.add_row(
            code, o.supplier, o.system, *cells, partners,
            span if o.open else "no", ", ".join(o.source),
        )  # fmt: skip
    return made


def _events(scenario: Compiled, model: Model, sources: Sources) -> Table:
    del scenario, sources
    made = table("date", "event", "what", "probability", "source", title="Events")
    for name, event in sorted(model.events.items(), key=lambda item: (item[1].at, item[0])):
        fields = event.action.model_dump(by_alias=True, exclude_none=True)
        text = event.kind + ": " + ", ".join(f"{key} {value}" for key, value in fields.items())
        made.add_row(event.at, name, text, _said(event.probability), _cited(event.source))
    return made


def _laws(scenario: Compiled, model: Model, sources: Sources) -> Table:
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
        made.add_row(head, name, _said(each.value), _bounds(each), each.unit, sources.get(path, ""))
    return made


def _outcomes(scenario: Compiled, model: Model, sources: Sources) -> Table:
    del model, sources
    made = table("outcome", title="Outcomes")
    for outcome in scenario.outcomes:
        made.add_row(outcome.text)
    return made


TABLES: dict[str, Callable[[Compiled, Model, Sources], Table]] = {
    "states": _states,
    "blocs": _blocs,
    "offers": _offers,
    "events": _events,
    "laws": _laws,
    "outcomes": _outcomes,
}
MORE = (*(block for block in BLOCKS if block not in TABLES), "bounds", "variants")
PARTS = dict.fromkeys((*TABLES, *MORE))  # what `--what` can name


def _number(value: float) -> str:
    """Return a number as one writes it: thousands apart, without exponents unless tiny."""
    if abs(value) >= _MANY:
        text = f"{value:,.2f}"
        return text.rstrip("0").rstrip(".")
    return f"{value:.6g}"


def _said(value: Number | None) -> str:
    """Return a number in words, with its spread if it is uncertain."""
    if value is None:
        return "-"
    if isinstance(value, Uncertain):
        return (
            f"{_number(value.value)} ({value.dist} {_number(value.low)} to {_number(value.high)})"
        )
    return _number(float(value))


def _bounds(each: NumberPath) -> str:
    """Return the bounds of a number in words."""
    if math.isfinite(each.low) and math.isfinite(each.high) and not each.leaf.above:
        return f"{_number(each.low)} to {_number(each.high)}"
    return each.leaf.bounds() if math.isfinite(each.low) else "any"


def _details(block: str, model: Model) -> Table:
    """Return a table of every value of a block, one entry a row."""
    made = table(block, "values", "source", title=f"All of {block}")
    made.columns[0].no_wrap = True
    made.columns[1].ratio = 4
    made.columns[2].ratio = 1
    made.columns[2].overflow = "fold"
    for name, entry in _entries(getattr(model, block)).items():
        made.add_row(name, _inside(entry), ", ".join(getattr(entry, "source", ())))
    return made


def _csv_ties(model: Model) -> Table:
    """Return the dyads that CSV tables give, one state a row."""
    made = table("table", "from", "to: value", title="Entries of CSV tables")
    for name in ("affinity", "rivalry", "distance"):
        ties: dict[str, list[str]] = {}
        for (one, other), value in sorted(model.table(name).items()):
            ties.setdefault(one, []).append(f"{other} {_number(value)}")
        for one, others in ties.items():
            made.add_row(name, one, ", ".join(others))
    return made


def _keys(model: Model) -> Table:
    """Return the unit and the bounds of every kind of number that the scenario gives."""
    made = table("block", "key", "unit", "bounds", title="Bounds of the scenario's numbers")
    seen = set()
    for each in number_paths(model).values():
        path = each.path
        if path.of_law or not path.key:
            continue
        key = (path.block, path.key if path.block == "events" else path.steps[2])
        if key not in seen:
            seen.add(key)
            made.add_row(*key, each.unit, _bounds(each))
    return made


def _changes(scenario: Compiled) -> Table:
    """Return what every variant changes in the baseline."""
    made = table("variant", "path", "baseline", "here", title="What the variants change")
    for column in made.columns[:2]:
        column.no_wrap = True
    for column in made.columns[2:]:
        column.overflow = "fold"
    for name, model in scenario.variants.items():
        head = name
        for row in _changed(scenario.base, model) if name != BASELINE else ():
            made.add_row(head, *row)
            head = ""
    return made


def _changed(base: Model, here: Model) -> Iterator[tuple[str, str, str]]:
    """Yield path, text in the baseline and text here of all that differs."""
    whole = {
        name
        for block in BLOCKS
        for name in _entries(getattr(base, block)).keys() ^ _entries(getattr(here, block)).keys()
    }
    before, after = _flat(base, whole), _flat(here, whole)
    for path in sorted({*before, *after}):
        pair = before.get(path, "-"), after.get(path, "-")
        if pair[0] != pair[1]:
            yield path, *pair


def _flat(model: Model, whole: set[str]) -> dict[str, str]:
    """Return the values of a model as texts by path; of some entries in one text."""
    found = {f"rules.{role}": rule for role, rule in rules_in_force(model.rules).items()}
    known = number_paths(model).values()
    found |= {each.path: _said(each.value) for each in known if each.path.of_law}
    for block in BLOCKS:
        for name, entry in _entries(getattr(model, block)).items():
            if name in whole or block == "events":
                found[f"{block}.{name}"] = _inside(entry, {"note"})
                continue
            for key, value in _parts(entry):
                path = f"{block}.{name}.{key}"
                if isinstance(value, Mapping):
                    found |= {f"{path}.{one}": _text(each) for one, each in value.items()}
                else:
                    found[path] = _text(value)
    return found


def _entries(block: Any) -> dict[str, Any]:
    """Return the entries of a block by name."""
    if isinstance(block, BaseModel):
        return {key: value for key, value in _parts(block) if value is not None}
    return dict(block)


def _parts(entry: BaseModel) -> Iterator[tuple[str, Any]]:
    """Yield key and value of what an entry holds, as the keys stand in YAML."""
    for key, field in fields_of(type(entry)).items():
        if key not in _APART:
            yield key, getattr(entry, field.attribute)


def _inside(entry: BaseModel, apart: Collection[str] = ()) -> str:
    """Return what an entry holds, but for some keys and for what is empty."""
    parts = (
        (key, value)
        for key, value in _parts(entry)
        if key not in apart and value not in (None, (), {})
    )
    return "; ".join(f"{key}: {_text(value)}" for key, value in parts)


def _text(value: Any) -> str:
    """Return a value of any kind as text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or isinstance(value, float | int | Uncertain):
        return _said(value)
    if isinstance(value, BaseModel):
        return "(" + _inside(value) + ")"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_text(each)}" for key, each in value.items())
    if isinstance(value, tuple) and not isinstance(value, Window):
        return ", ".join(map(_text, value))
    return str(value.text if isinstance(value, Window) else value)
