"""What `blocsim show --all` adds: every value of every block, its bounds, and the variants."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from rich.table import Table

from sim.cli.screen import table
from sim.documents.leaves import Number, Uncertain
from sim.documents.list_leaves import Window
from sim.documents.tree import fields_of
from sim.kernel.rules import rules_in_force
from sim.scenario.load import Scenario
from sim.scenario.patches import BASELINE
from sim.scenario.paths import NumberPath, number_paths
from sim.scenario.schema.root import Model

BLOCKS = (
    "states", "blocs", "offers", "classes", "systems", "arsenals", "assets", "rivalries",
    "affinities", "imports", "refusals", "debts", "embargoes", "tables", "events", "expect",
    "sweep", "patterns",
)  # fmt: skip
_APART = frozenset({"source"})  # has a column of its own
_MANY = 1000  # from here on numbers show their thousands and no more than two decimals


def number(value: float) -> str:
    """Return a number as one writes it: thousands apart, without exponents unless tiny."""
    if abs(value) >= _MANY:
        text = f"{value:,.2f}"
        return text.rstrip("0").rstrip(".")
    return f"{value:.6g}"


def said(value: Number | None) -> str:
    """Return a number in words, with its spread if it is uncertain."""
    if value is None:
        return "-"
    if isinstance(value, Uncertain):
        return f"{number(value.value)} ({value.dist} {number(value.low)} to {number(value.high)})"
    return number(float(value))


def bounds(each: NumberPath) -> str:
    """Return the bounds of a number in words."""
    if math.isfinite(each.low) and math.isfinite(each.high) and not each.leaf.above:
        return f"{number(each.low)} to {number(each.high)}"
    return each.leaf.bounds() if math.isfinite(each.low) else "any"


def details(block: str, model: Model) -> Table:
    """Return a table of every value of a block, one entry a row."""
    made = table(block, "values", "source", title=f"All of {block}")
    made.columns[0].no_wrap = True
    made.columns[1].ratio = 4
    made.columns[2].ratio = 1
    made.columns[2].overflow = "fold"
    for name, entry in _entries(getattr(model, block)).items():
        made.add_row(name, _inside(entry), ", ".join(getattr(entry, "source", ())))
    return made


def csv_ties(model: Model) -> Table:
    """Return the dyads that CSV tables give, one state a row."""
    made = table("table", "from", "to: value", title="Entries of CSV tables")
    for name in ("affinity", "rivalry", "distance"):
        ties: dict[str, list[str]] = {}
        for (one, other), value in sorted(model.table(name).items()):
            ties.setdefault(one, []).append(f"{other} {number(value)}")
        for one, others in ties.items():
            made.add_row(name, one, ", ".join(others))
    return made


def keys(model: Model) -> Table:
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
            made.add_row(*key, each.unit, bounds(each))
    return made


def changes(scenario: Scenario) -> Table:
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
    found |= {each.path: said(each.value) for each in known if each.path.of_law}
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
        return said(value)
    if isinstance(value, BaseModel):
        return "(" + _inside(value) + ")"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_text(each)}" for key, each in value.items())
    if isinstance(value, tuple) and not isinstance(value, Window):
        return ", ".join(map(_text, value))
    return str(value.text if isinstance(value, Window) else value)
