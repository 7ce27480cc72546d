"""A scenario as compiled: its sections with sources, bounds and the changes of its variants."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel
from rich.table import Table

from sim.cli.app import Scenario, Sets, command, option
from sim.cli.screen import Screen, table
from sim.cli.shared import refuse, variant_of
from sim.documents.leaves import Number, Uncertain
from sim.documents.tree import fields_of
from sim.documents.window import Window
from sim.kernel.rules import rules_in_force
from sim.kernel.words import meant, quoted
from sim.scenario.load import Scenario as Compiled
from sim.scenario.patches import BASELINE
from sim.scenario.paths import NumberPath, number_paths
from sim.scenario.schema.bloc import REST, RestingStart
from sim.scenario.schema.root import Model

BLOCKS = (
    "states", "blocs", "offers", "classes", "systems", "arsenals", "assets", "rivalries",
    "affinities", "imports", "refusals", "debts", "embargoes", "grants", "trade", "backlog",
    "leverage", "tables", "events", "contrasts", "expect", "sweep", "patterns",
)  # fmt: skip
HINT = (
    "--all adds every value of every section (classes, systems, arsenals, assets, rivalries, "
    "affinities, imports, debts, grants, trade, backlog, ...), the bounds of all numbers and "
    "the changes that variants make; --what systems shows a single section."
)
WHOLE = ("leader", "members", "from", "system", "open", "parameter", "bounds", "source")
SHORT = 10  # least width of a column of texts
_BETWEEN = 2  # characters between columns
_MANY = 1000  # from here on numbers show their thousands and no more than two decimals


@command("Example: blocsim show polonez_vs_iskander --what offers --variant no_sale")
def show(
    scenario: Scenario,
    *,
    what: Annotated[
        list[str] | None,
        option("Section to show: states, blocs, offers, systems, laws, ...; may be repeated."),
    ] = None,
    all_: Annotated[
        bool, option("Show every value of every section, the bounds and the variants.", "--all")
    ] = False,
    variant: Annotated[str, option("The variant to show.")] = "baseline",
    sets: Sets = None,
) -> None:
    """Show a compiled scenario: states, blocs, offers, events and laws, with sources."""
    for name in what or ():
        if name not in PARTS:
            near = meant(name, PARTS)
            refuse("--what", f"no {quoted(name)}{near}: one of {', '.join(PARTS)}")
    compiled, model = variant_of(scenario, variant, sets)
    screen = Screen()
    screen.print(f"{compiled.title} ({compiled.name}, variant {variant})", style="bold")
    screen.print(compiled.question, style="italic")
    screen.print(
        f"{model.time.start} to {model.time.end} by {model.time.period}, {model.runs} runs, "
        f"seed {model.seed}; variants: {', '.join(compiled.variants)}"
    )
    for name in what or TABLES:
        if name in TABLES:
            screen.print(TABLES[name].table(compiled, variant, screen.width))
        if name in MORE or (what and all_ and name in BLOCKS):
            _print_more(screen, name, compiled, model)
    if all_ and not what:
        for name in dict.fromkeys((*BLOCKS, *MORE)):
            if name not in BLOCKS or getattr(model, name):
                _print_more(screen, name, compiled, model)
    elif not what:
        screen.print(HINT)


def _print_more(screen: Screen, name: str, scenario: Compiled, model: Model) -> None:
    if name == "variants":
        screen.print(_changes(scenario))
    elif name == "bounds":
        screen.print(_keys(model))
    else:
        screen.print(_details(name, model))
        if name == "tables":
            screen.print(_csv_ties(model))


class Part(NamedTuple):
    """A table of a scenario: its title, its columns, those of numbers, and its rows."""

    title: str
    columns: list[str]
    numbers: list[str]
    rows: Callable[[Compiled, str], Iterator[Sequence[str]]]

    def table(self, scenario: Compiled, variant: str, width: int) -> Table:
        """Return the table: numbers stay whole, names as far as there is room, others wrap.

        Where even short pieces of names have no room, numbers go below the names.
        """
        rows = [*self.rows(scenario, variant)]
        columns = [*zip(self.columns, *rows, strict=True)]
        sizes = [max(map(len, "\n".join(cells).split("\n"))) for cells in columns]
        words = [max(map(len, " ".join(cells).split())) for cells in columns]
        numbers = [name in self.numbers for name in self.columns]
        least = [
            word if number else min(size, SHORT)
            for number, word, size in zip(numbers, words, sizes, strict=True)
        ]
        room = width - _BETWEEN * len(self.columns)
        stacked = sum(least) > room
        shown = table(*self.columns, title=self.title, numbers=tuple(self.numbers), whole=stacked)
        if not stacked:
            whole = [name in (self.columns[0], *WHOLE) for name in self.columns]
            widths = _filled(least, sizes, whole, room)
            widths = _filled(widths, sizes, [True] * len(sizes), room)
            for column, wide in zip(shown.columns, widths, strict=True):
                column.no_wrap, column.width = False, wide
            shown.padding = (0, 1, 0, 0)
        for row in rows:
            shown.add_row(*(" ".join(each.split("\n")) if stacked else each for each in row))
        return shown


def _filled(
    least: Sequence[int], sizes: Sequence[int], wider: Sequence[bool], room: int
) -> list[int]:
    """Return the widths of columns: some wider than their least, up to the same width if needed."""
    for most in range(max(sizes), 0, -1):
        widths = [
            max(low, min(size, most)) if grows else low
            for low, size, grows in zip(least, sizes, wider, strict=True)
        ]
        if sum(widths) <= room:
            return widths
    return [*least]


TABLES: dict[str, Part] = {}


def part(title: str, columns: str, numbers: str = "") -> Callable[[Any], Any]:
    """Declare the function below as the rows of a table, named after it in `--what`."""

    def declare(rows: Any) -> Any:
        TABLES[rows.__name__] = Part(title, columns.split("|"), numbers.split("|"), rows)
        return rows

    return declare


@part(
    "States (gdp in M USD of 2016)",
    "state|name|gdp|growth|burden|import share|find|source",
    "gdp|growth|burden|import share|find",
)
def states(scenario: Compiled, variant: str) -> Iterator[Sequence[str]]:
    """Yield one row per state."""
    for code, s in scenario.variants[variant].states.items():
        cells = (s.gdp, s.growth, s.burden, s.import_share, s.find)
        yield (code, s.name, *map(_words, cells), ",\n".join(s.source))


@part(
    "Blocs (members with their engagement)",
    "bloc|leader|members|commitment|norm|preference|credit|source",
    "commitment|norm|preference|credit",
)
def blocs(scenario: Compiled, variant: str) -> Iterator[Sequence[str]]:
    """Yield one row per bloc."""
    for code, b in scenario.variants[variant].blocs.items():
        rests = isinstance(b.engagement, RestingStart)
        members = "\n".join(f"{i} {REST if rests else _words(b.engagement[i])}" for i in b.members)
        cells = (b.commitment, b.norm, b.preference, b.credit)
        yield (code, b.leader, members, *map(_words, cells), ",\n".join(b.source))


@part(
    "Offers (price in M USD of 2016 a batch, lag in years)",
    "offer|from|system|price|batch|lag|stock|consent|open|sources",
    "price|batch|lag|stock",
)
def offers(scenario: Compiled, variant: str) -> Iterator[Sequence[str]]:
    """Yield one row per offer."""
    for code, o in scenario.variants[variant].offers.items():
        span = f"{o.opens or ''}..{o.closes or ''}".strip(".") or "yes"
        partners = " ".join(sorted({*o.licensors, *o.components}))
        cells = [_words(each) for each in (o.price, o.batch, o.lag, o.stock)]
        cells = [
            re.sub(r"\(\w+ ", "(", cell) for cell in cells
        ]  # --all also shows the distribution
        sources = ", ".join(o.source)
        yield (code, o.supplier, o.system, *cells, partners, span if o.open else "no", sources)


@part("Events", "date|event|what|probability|source")
def events(scenario: Compiled, variant: str) -> Iterator[Sequence[str]]:
    """Yield one row per event, by date."""
    known = scenario.variants[variant].events.items()
    for name, event in sorted(known, key=lambda item: (item[1].at or "~", item[0])):
        fields = event.action.model_dump(by_alias=True, exclude_none=True)
        text = (
            event.kind
            + ": "
            + ", ".join(
                f"{key} {' '.join(value) if isinstance(value, tuple) else value}"
                for key, value in fields.items()
                if value != ()
            )
        )
        chance = _words(event.probability) + (f" with {event.with_}" if event.with_ else "")
        if event.when is not None:
            later = f", {_words(event.lag)} years later" if event.lag else ""
            text = f"once {event.when.words}{later}: {text}"
        title = scenario.episodes.get(name, "")
        head = f"{name}\n(of {title})" if title else name
        yield (event.at or "waits", head, text, chance, ",\n".join(event.source))


@part("Laws in force", "law: rule|parameter|value|bounds|unit|source", "value")
def laws(scenario: Compiled, variant: str) -> Iterator[Sequence[str]]:
    """Yield one row per parameter of the laws in force."""
    model, sources = scenario.variants[variant], scenario.sources_of(variant)
    rules = rules_in_force(model.rules)
    known = [each for each in number_paths(model).values() if each.path.of_law]
    for role, numbers in groupby(known, key=lambda each: each.path.entry):
        for at, each in enumerate(numbers):
            head = "" if at else f"{role}: {rules[role]}"
            cells = (_words(each.value), _bounds(each), each.unit, sources.get(each.path, ""))
            yield (head, each.path.key, *cells)


@part("Outcomes", "outcome")
def outcomes(scenario: Compiled, variant: str) -> Iterator[Sequence[str]]:
    """Yield one row per outcome, the same in every variant."""
    del variant
    yield from ((outcome.text,) for outcome in scenario.outcomes)


MORE = (*(block for block in BLOCKS if block not in TABLES), "bounds", "variants")
PARTS = dict.fromkeys((*TABLES, *MORE))  # the choices of `--what`


def _number(value: float) -> str:
    """Return a number as text: with separators of thousands, exponents only if tiny."""
    return f"{value:,.2f}".rstrip("0").rstrip(".") if abs(value) >= _MANY else f"{value:.6g}"


def _words(value: Number | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, Uncertain):
        ends = f"{_number(value.low)} to {_number(value.high)}"
        return f"{_number(value.value)} ({value.dist} {ends})"
    return _number(float(value))


def _bounds(each: NumberPath) -> str:
    if math.isfinite(each.low) and math.isfinite(each.high) and not each.leaf.above:
        return f"{_number(each.low)} to {_number(each.high)}"
    return each.leaf.bounds() if math.isfinite(each.low) else "any"


def _details(block: str, model: Model) -> Table:
    """Return a table of every value of a block, one entry a row."""
    shown = table(block, "values", "source", title=f"All of {block}")
    shown.columns[0].no_wrap = True
    shown.columns[1].ratio = 4
    shown.columns[2].ratio = 1
    for name, entry in _entries(getattr(model, block)).items():
        shown.add_row(name, _inside(entry), ", ".join(getattr(entry, "source", ())))
    return shown


def _csv_ties(model: Model) -> Table:
    """Return the dyads that CSV tables give, one state a row."""
    shown = table("table", "from", "to: value", title="Entries of CSV tables")
    for name in ("affinity", "rivalry", "distance"):
        ties: dict[str, list[str]] = {}
        for (one, other), value in sorted(model.table(name).items()):
            ties.setdefault(one, []).append(f"{other} {_number(value)}")
        for one, others in ties.items():
            shown.add_row(name, one, ", ".join(others))
    return shown


def _keys(model: Model) -> Table:
    """Return the unit and the bounds of every kind of number that the scenario gives."""
    shown = table("block", "key", "unit", "bounds", title="Bounds of the scenario's numbers")
    seen = set()
    for each in number_paths(model).values():
        path = each.path
        if path.of_law or not path.key:
            continue
        key = (path.block, path.key if path.block == "events" else path.steps[2])
        if key not in seen:
            seen.add(key)
            shown.add_row(*key, each.unit, _bounds(each))
    return shown


def _changes(scenario: Compiled) -> Table:
    shown = table("variant", "path", "baseline", "here", title="Changes of the variants")
    for column in shown.columns[:2]:
        column.no_wrap = True
    for name, model in scenario.variants.items():
        head = name
        if name != BASELINE:
            whole = {each for block in BLOCKS for each in _apart(block, scenario.base, model)}
            before, here = _flat(scenario.base, whole), _flat(model, whole)
            for path in sorted({*before, *here}):
                pair = before.get(path, "-"), here.get(path, "-")
                if pair[0] != pair[1]:
                    shown.add_row(head, path, *pair)
                    head = ""
    return shown


def _apart(block: str, base: Model, here: Model) -> set[str]:
    """Return the entries of a block that one of two models does not have."""
    return _entries(getattr(base, block)).keys() ^ _entries(getattr(here, block)).keys()


def _flat(model: Model, whole: set[str]) -> dict[str, str]:
    """Return the values of a model as texts by path; of some entries in one text."""
    values = {f"rules.{role}": rule for role, rule in rules_in_force(model.rules).items()}
    known = number_paths(model).values()
    values |= {each.path: _words(each.value) for each in known if each.path.of_law}
    for block in BLOCKS:
        for name, entry in _entries(getattr(model, block)).items():
            if name in whole or block == "events":
                values[f"{block}.{name}"] = _inside(entry, {"note"})
                continue
            for key, value in _parts(entry):
                path = f"{block}.{name}.{key}"
                inner = value if isinstance(value, Mapping) else {"": value}
                values |= {f"{path}.{one}".rstrip("."): _text(each) for one, each in inner.items()}
    return values


def _entries(block: Any) -> dict[str, Any]:
    if isinstance(block, BaseModel):
        return {key: value for key, value in _parts(block) if value is not None}
    return dict(block)


def _parts(entry: BaseModel) -> Iterator[tuple[str, Any]]:
    """Yield the keys of an entry, spelt as in YAML, with their values."""
    for key, field in fields_of(type(entry)).items():
        if key != "source":  # which has a column of its own
            yield key, getattr(entry, field.attribute)


def _inside(entry: BaseModel, apart: Collection[str] = ()) -> str:
    """Return the contents of an entry, except some keys and empty values."""
    parts = ((key, value) for key, value in _parts(entry) if key not in apart)
    return "; ".join(f"{key}: {_text(v)}" for key, v in parts if v not in (None, (), {}))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or isinstance(value, float | int | Uncertain):
        return _words(value)
    if isinstance(value, Window):
        return value.text
    if isinstance(value, BaseModel):
        return f"({_inside(value)})"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_text(each)}" for key, each in value.items())
    return ", ".join(map(_text, value)) if isinstance(value, tuple) else str(value)
