"""Figures of history: the documented values of patterns, as the user's register has them.

A check of a pattern is a quantity over a record. Here the record is SIPRI's register, or yearly
flows, and military expenditure; docs/patterns.md has the quantities. Unlike all other figures they
are of the years of the check, not of those before the start: they are what runs are held against.
Suppliers are all of the register, also those outside the case. Classes are those of
`weapon_classes`; the register has no ranges of fire. Source: sipri_arms (what was delivered, and
when), sipri_milex (expenditure).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from pydantic import ValidationError

from sim.cases.archive import Archive, flows
from sim.cases.case_plan import CasePlan, slug
from sim.cases.figures import Answer, Figure, Gap
from sim.cases.weapon_classes import CLASSES, class_of
from sim.data import tidy_tables as tables
from sim.patterns.deal_files import GoodsNames
from sim.patterns.files import history_of_tables
from sim.patterns.history import History, NotCovered
from sim.patterns.measures import Series
from sim.patterns.pattern import Difference, Pattern
from sim.patterns.quantity import Quantity, parts_of


def of_patterns(plan: CasePlan, archive: Archive) -> Answer:
    """Yield the documented value of each check of the patterns of a plan."""
    patterns = {name: _pattern(raw) for name, raw in plan.patterns.items()}
    if not patterns:
        return
    history = _history(plan, archive)
    for name, pattern in patterns.items():
        if pattern is None:
            yield Gap(("patterns", name, "historical"), "it is not sound: `blocsim check` says why")
            continue
        for own, check in pattern.checks.items():
            yield _answer(("patterns", name, "checks", own, "historical"), check, plan, history)


def _pattern(raw: Any) -> Pattern | None:
    try:
        return Pattern.model_validate(raw)
    except ValidationError:
        return None


def _history(plan: CasePlan, archive: Archive) -> History:
    """Return the history of the user's tables."""
    deals = archive.frame(tables.DEALS)
    known = {str(each): str(kind) for each, kind in _designations(deals)}
    goods = GoodsNames(
        {
            each: (plan.systems.get(slug(each), slug(each)), class_of(kind, each), math.nan)
            for each, kind in known.items()
        }
    )
    blocs = {name: bloc.members for name, bloc in plan.blocs.items()}
    return history_of_tables(
        flows(archive), deals, archive.frame(tables.SPENDING), goods=goods, blocs=blocs
    )


def _designations(deals: pd.DataFrame) -> Iterator[tuple[Any, Any]]:
    if len(deals):
        yield from zip(deals["designation"], deals["description"], strict=True)


def _answer(
    path: tuple[str, ...], check: Quantity, plan: CasePlan, history: History
) -> tuple[tuple[str, ...], Figure] | Gap:
    """Return what history gives for a check, or why it gives nothing."""
    if isinstance(check, Difference) and check.versus is not None:
        return Gap(path, "it compares variants, of which history has one")
    if (why := _unknown(check, plan, history)) is not None:
        return Gap(path, why)
    try:
        value = float(check.value(history)[0])
    except NotCovered as error:
        return Gap(path, str(error))
    if math.isnan(value):
        return Gap(path, "it is undefined in the record")
    if math.isinf(value):
        return Gap(path, "it is infinite in the record: the event never came, or over nothing")
    return path, Figure(value, _sources(check))  # the window says the years


def _sources(check: Quantity) -> tuple[str, ...]:
    """Return the sources of a value: expenditure for series, the register for all else."""
    parts = [part for _, part in parts_of(check, ())]
    series = any(isinstance(part, Series) for part in parts)
    arms = any(getattr(part, each, None) is not None for part in parts for each in _ARMS)
    return (*(("sipri_milex",) if series else ()), *(("sipri_arms",) if arms or not series else ()))


_ARMS = ("flow", "orders", "to", "from_")


def _unknown(check: Quantity, plan: CasePlan, history: History) -> str | None:
    """Return why the register cannot answer a check although it has rows, if so."""
    bought = {recipient for _, recipient in history.flows}
    systems = {*history.systems}
    for _, part in parts_of(check, ()):
        if getattr(part, "range", None) is not None:
            return "the register has no ranges of fire"
        for each in getattr(part, "classes", None) or ():
            if each not in CLASSES:
                return f"the kinds of the register do not tell the class {each}"
        for each in getattr(part, "systems", None) or ():
            if each not in systems:
                return f"no deal of the register is called {each}"
        for each in _recipients(getattr(part, "to", None), plan.blocs):
            if each not in bought:
                return f"no transfer to {each} in any year: the register may not hold the state"
    return None


def _recipients(named: Any, blocs: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the states that a side names, members of blocs included."""
    names = named if isinstance(named, tuple) else ()
    return tuple(
        state
        for each in names
        if isinstance(each, str)
        for state in (blocs[each].members if each in blocs else (each,))
    )
