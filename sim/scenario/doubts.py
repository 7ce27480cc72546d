"""Doubts: warnings on allowed values that look like slips, such as a number in another unit."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator

import numpy as np

from sim.data.extents import notation, stray
from sim.data.state_codes import NAME, iso3_of
from sim.documents.leaves import Number, Range, value_of
from sim.documents.nodes import DottedPath, Mark, find
from sim.documents.sources import PLACEHOLDER
from sim.kernel.dates import Calendar
from sim.kernel.errors import Problem
from sim.kernel.words import number
from sim.metrics.catalogue import METRICS
from sim.metrics.exact.coalitions import left_out
from sim.metrics.exact.frustration import EXACT, MOST
from sim.scenario.compile.build import build
from sim.scenario.compile.equilibrium import resting
from sim.scenario.compile.layouts import rivals
from sim.scenario.idle_entries import idle_entries, may_sell
from sim.scenario.load import Scenario
from sim.scenario.paths import NumberPath, number_paths
from sim.scenario.schema.entities import MONEY, USD_PER_TIV
from sim.scenario.schema.events import EventCondition
from sim.scenario.schema.outcome_syntax import Outcome, spelled
from sim.scenario.schema.root import Model
from sim.scenario.waiting_circles import waiting_circle

_USD = (1e-6, "is it in USD? give millions of USD")
_BILLIONS = (1e3, "is it in billions of USD? give millions")
_METRES = (1e-3, "is it in m? give km")
_PERCENT = (0.01, "is it in per cent? give a share from 0 to 1")
_RATE = (0.01, "is it in per cent? 3 % a year is 0.03")
_DWARF = 200  # ratio of the median GDP to a state's from which the latter looks like a slip
_CHEAP = 50  # the same for the usual price of the worth and the price of an offer
_FAR = 0.2  # between an engagement and its resting level
_LONG = 10**9  # runs x states x periods x variants from which a run is reported as long
_OF_COALITIONS = ("subsidy", "subsidy_without_terms", "best_share", "in_best_coalition")
_LARGE = (MONEY, "km")  # units of numbers with many digits
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}\Z")


_Slip = tuple[float, str]  # factor from another unit to the right one, and the question to ask

_BY_PLACE: dict[tuple[str, str], tuple[float, float, tuple[_Slip, ...]]] = {
    # block and field: the usual range, and likely slips
    ("states", "gdp"): (10, 1e8, (_USD, _BILLIONS)),
    ("states", "fund"): (0, 1e6, (_USD,)),
    ("states", "export_scale"): (0, 1e6, (_USD,)),
    ("states", "burden"): (0, 0.4, (_PERCENT,)),
    ("offers", "price"): (1e-3, 1e5, (_USD, _BILLIONS)),
    ("offers", "lag"): (0, 20, ((1 / 12, "is it in months? give years"),)),
    ("systems", "range"): (0, 2e4, (_METRES,)),
    ("systems", "cep"): (0.5, 5e3, ((1e3, "is it in km? give m"),)),
    ("systems", "worth"): (
        0, 5e3, ((1e-3, "is it the worth of a batch? give that of one unit"),),
    ),
    ("assets", "radius"): (1, 5e4, ((1e3, "is it in km? give m"),)),
    ("debts", "amount"): (0, 1e6, (_USD,)),
    ("debts", "arrears"): (0, 1e6, (_USD,)),
    ("debts", "rate"): (0, 0.5, (_RATE,)),
    ("blocs", "rate"): (0, 0.5, (_RATE,)),
}  # fmt: skip


def doubts(scenario: Scenario) -> list[Problem]:
    """Return the warnings on a scenario, sorted by place; the scenario is valid and runs."""
    numbers = list(_numbers(scenario))
    drifts = () if numbers else _drifts(scenario)  # a number in another unit affects all others
    others = (
        *_idle_outcomes(scenario),
        *_small_blocs(scenario),
        *_large_blocs(scenario),
        *_idle_conditions(scenario),
        *idle_entries(scenario),
        *_idle_variants(scenario),
        *_size(scenario),
        *_placeholders(scenario),
        *_stray_capitals(scenario),
    )
    return sorted([*scenario.outdated, *numbers, *drifts, *others])


def _numbers(scenario: Scenario) -> Iterable[Problem]:
    """Return the numbers of unusual size in their unit, each place once."""
    problems: dict[tuple[Mark, str], Problem] = {}
    asked: set[tuple[str, Number, float]] = set()  # a variant leaves most numbers as they are
    for variant, model in scenario.variants.items():
        gdps = [value_of(state.gdp) for state in model.states.values()]
        slips = max(gdps) > _BY_PLACE["states", "gdp"][1]  # by which other GDPs are not judged
        median = 0.0 if slips else float(np.median(gdps))
        for path, each in number_paths(model).items():
            if (path, each.value, median) in asked:
                continue
            asked.add((path, each.value, median))
            if PLACEHOLDER in each.source:
                continue  # see `_placeholders`
            question = (
                _question(each.path, value_of(each.value))
                or _thousands(scenario, variant, each)
                or _dwarfed(each, median)
                or _cheap(each, model)
            )
            if question is None:
                continue
            mark = scenario.mark(path, variant)
            size = f"{number(value_of(each.value))} {each.unit}".strip()
            message = f"{size} is unusual: {question}"
            problems.setdefault((mark, path), mark.problem(path, message))
    return problems.values()


def _size(scenario: Scenario) -> Iterator[Problem]:
    """Yield the size of a scenario that will take long to run."""
    base = scenario.base
    periods = len(Calendar.between(base.time.start, base.time.end, base.time.period))
    size = base.runs * len(base.states) * periods * len(scenario.variants)
    if size > _LONG:
        message = (
            f"{base.runs:,} runs of {len(base.states)} states over {periods:,} periods in "
            f"{len(scenario.variants)} variants are {size:.2g} state-periods: this will take long"
        )
        yield scenario.mark("runs").problem("runs", message)


def _placeholders(scenario: Scenario) -> Iterator[Problem]:
    """Yield the values that wait for a figure; coordinates once for each state."""
    lost: dict[str, str] = {}
    for path, each in number_paths(scenario.base).items():
        if PLACEHOLDER in each.source:
            if path.startswith("states.") and path.rpartition(".")[2] in _PLACE:
                lost.setdefault(path.split(".")[1], path)
                continue
            message = (
                f"{number(value_of(each.value))} only keeps the place of a figure that the data "
                "lacked: write it, and its source"
            )
            yield scenario.mark(path).problem(path, message)
    for state, path in lost.items():
        own = scenario.base.states[state]
        message = (
            f"{own.latitude:g}, {own.longitude:g} only keeps the place of a capital that the data "
            "lacked, so distances from it mean nothing, and maps are without places: write "
            "latitude and longitude, and their source"
        )
        yield scenario.mark(path).problem(path, message)


_PLACE = ("latitude", "longitude")


def _stray_capitals(scenario: Scenario) -> Iterator[Problem]:
    """Yield the capitals far outside of their states; invented states may have codes of others."""
    places = {
        code: (state.latitude, state.longitude)
        for code, state in scenario.base.states.items()
        if PLACEHOLDER not in state.sources.get("latitude", state.source)
    }
    if not any(stray(code, *place) for code, place in places.items()):
        return  # names are looked up only where they matter
    names = {code: scenario.base.states[code].name for code in places}
    real = {code: place for code, place in places.items() if iso3_of(names[code], NAME) == code}
    if whole := notation([*real], *np.array([*real.values()], dtype=float).reshape(-1, 2).T):
        yield scenario.mark("states").problem("states", f"latitude, longitude: {whole}")
        return
    for code, place in real.items():
        if said := stray(code, *place):
            path = f"states.{code}.latitude"
            yield scenario.mark(path).problem(path, said)


def _drifts(scenario: Scenario) -> Iterator[Problem]:
    """Yield the engagements of members that start far from their resting level."""
    model = scenario.base.model_copy(update={"uncertain": False})
    built = build(model, runs=np.arange(2), seed=model.seed)
    world, rules = built.world, built.rules
    levels = resting(world, rules)
    for b, (name, bloc) in enumerate(model.blocs.items()):
        for i, state in enumerate(model.states):
            start, rest = float(world.engagement[i, b, 0]), float(levels[i, b, 0])
            free = state in bloc.members and state not in (bloc.leader, *bloc.frozen)
            if free and abs(start - rest) > _FAR:
                path = f"blocs.{name}.engagement.{state}"
                message = (
                    f"starts at {start:.2f} but drifts to {rest:.2f} without any event: is this "
                    "intended? "
                    "Otherwise start it there, or change the terms, regard or belief"
                )
                yield scenario.mark(path).problem(path, message)


def _thousands(scenario: Scenario, variant: str, each: NumberPath) -> str | None:
    """Return the question on a number whose point may separate thousands, such as 869.680."""
    node = find(scenario.document_of(variant), each.path.steps)
    if node is None or each.unit not in _LARGE or not _THOUSANDS.match(node.written):
        return None
    return f"does the point separate thousands? then write {node.written.replace('.', '')}"


def _dwarfed(each: NumberPath, median: float) -> str | None:
    """Return the question on a GDP that is tiny beside that of the median state."""
    ratio = median / max(value_of(each.value), 1e-9)
    if (each.path.block, each.path.key) != ("states", "gdp") or ratio < _DWARF:
        return None
    times = number(round(ratio))
    return f"the median state has {times} times as much; is it in billions of USD? give millions"


def _cheap(each: NumberPath, model: Model) -> str | None:
    """Return the question on a price that is tiny beside the worth of the units sold."""
    if (each.path.block, each.path.key) != ("offers", "price") or value_of(each.value) == 0:
        return None
    offer = model.offers[each.path.entry]
    batch = value_of(offer.batch)
    usual = USD_PER_TIV * batch * value_of(model.systems[offer.system].worth)
    if usual < _CHEAP * value_of(each.value):
        return None
    units = number(batch)
    return (
        f"new, {units} of them cost about {usual:.3g}: is it in billions of USD, or for one unit?"
    )


def _question(path: DottedPath, value: float) -> str | None:
    low, high, slips = _BY_PLACE.get((path.block, path.steps[-1]), (-math.inf, math.inf, ()))
    if value == 0 or low <= value <= high:
        return None
    questions = (question for factor, question in slips if low <= factor * value <= high)
    return next(questions, "is this intended?")


def _parts(scenario: Scenario) -> Iterator[tuple[int, Outcome]]:
    """Yield the single outcomes in all outcomes, each with its place."""
    for at, outcome in enumerate(scenario.outcomes):
        for part in outcome.parts:
            yield at, part


def _idle_outcomes(scenario: Scenario) -> Iterator[Problem]:
    """Yield the outcomes of sales without an offer in any variant: they are 0 in every run."""
    sales = {each for model in scenario.variants.values() for each in _sales(model)}
    for at, outcome in _parts(scenario):
        supplier = outcome.subject[0]
        if outcome.kind != "sale" or (supplier, outcome.system) in sales:
            continue
        path = f"outcomes[{at}]"
        message = (
            f"{supplier} does not offer {outcome.system} in any variant: the outcome is 0 in "
            "every run"
        )
        yield scenario.mark(path).problem(path, message)


def _small_blocs(scenario: Scenario) -> Iterator[Problem]:
    """Yield the outcomes that are undefined in all runs: their bloc always has too few members."""
    for at, outcome in _parts(scenario):
        fewest, name = METRICS[outcome.metric].fewest, outcome.subject[0]
        most = max(_members(model, name) for model in scenario.variants.values()) if fewest else 0
        if most < fewest:
            path, few = f"outcomes[{at}]", f"{most} member{'s' * (most != 1)}"
            message = f"{outcome.metric} needs {fewest} members, and {name} never has more than "
            yield scenario.mark(path).problem(path, f"{message}{few}: it is undefined in every run")


def _large_blocs(scenario: Scenario) -> Iterator[Problem]:
    """Yield the outcomes that are undefined in all runs: their bloc has too many members."""
    for at, outcome in _parts(scenario):
        bloc, path = outcome.subject[-1], f"outcomes[{at}]"
        known = [(model, _joined(model, bloc)) for model in scenario.variants.values()]
        if outcome.metric in _OF_COALITIONS:
            least = min(len(members) for _, members in known)
            if reason := left_out(range(least)):
                message = f"{bloc} has {reason} (subsidy_lower and subsidy_bound)"
                yield scenario.mark(path).problem(path, message)
        elif outcome.metric == "frustration":
            least = min(len(members | _rivals(model, members)) for model, members in known)
            if least > EXACT:
                to = f"give --exact-to {least}, or " if least <= MOST else ""
                message = (
                    f"the network of {bloc} has {least} states, too many for the exact value: {to}"
                    "ask for frustration_lower and frustration_bound"
                )
                yield scenario.mark(path).problem(path, message)


def _rivals(model: Model, members: Collection[str]) -> set[str]:
    """Return the states with which members have a dispute."""
    names = list(model.states)
    return {names[j] for i, j in rivals(model) if names[i] in members}


def _members(model: Model, bloc: str) -> int:
    """Return the number of present and possible members of a bloc."""
    return len(_joined(model, bloc))


def _joined(model: Model, bloc: str) -> set[str]:
    """Return the states that are members of a bloc or may become members."""
    if bloc not in model.blocs:
        return set()
    joining = {
        each.membership.state
        for each in model.events.values()
        if each.membership is not None and each.membership.bloc == bloc
    }
    about = model.blocs[bloc]
    return {*about.members, *about.candidates} | joining


def _sales(model: Model) -> set[tuple[str, str]]:
    """Return supplier and system of all offers, and of all transfers by events."""
    transfers = (each.transfer for each in model.events.values())
    return {
        (sale.supplier, sale.system)
        for sale in (*model.offers.values(), *transfers)
        if sale is not None
    }


def _idle_conditions(scenario: Scenario) -> Iterator[Problem]:
    """Yield conditions that no run can meet: on sales without an offer, out of range, circular."""
    waiting: dict[str, tuple[str, EventCondition]] = {}
    for variant, model in scenario.variants.items():
        for name, when in model.waiting.items():
            waiting.setdefault(name, (variant, when))
    for name, (variant, when) in waiting.items():
        models = [model for model in scenario.variants.values() if name in model.waiting]
        circles = [waiting_circle(model, name) for model in models]
        message = _idle(when, models) or (circles[0] if all(circles) else "")
        if message:
            path = f"events.{name}.when"
            yield scenario.mark(path, variant).problem(path, message)


def _idle(when: EventCondition, models: list[Model]) -> str:
    """Return why a condition is never met in some models, or met at once."""
    outcome = spelled(when.outcome)
    ends = Range(low=METRICS[outcome.metric].low, high=METRICS[outcome.metric].high)
    least, most = (None if end is None else value_of(end) for end in (when.least, when.most))
    if outcome.kind == "sale" and least is not None and least > 0:
        supplier, recipient = outcome.subject
        if not any(may_sell(model, supplier, recipient, outcome.system) for model in models):
            return (
                f"{supplier} does not offer {recipient} {outcome.system}: the condition is never "
                "met"
            )
    if outcome.less is not None:
        return ""
    known = f"{outcome.metric} is {ends.bounds()}"
    if (least is not None and least > ends.high) or (most is not None and most < ends.low):
        return f"{known}: the condition is never met"
    if (least is not None and least <= ends.low) or (most is not None and most >= ends.high):
        return f"{known}: the condition is met at once"
    return ""


def borrowed_dates(scenario: Scenario) -> Iterator[Problem]:
    """Yield the outcomes whose window follows an event that a variant lacks or has at another date.

    Comparing a sale with no sale is a usual case: only `check` reports it, not every run.
    """
    for at, outcome in _parts(scenario):
        event = outcome.window.event or ""
        dates = {
            name: date
            for name, model in scenario.variants.items()
            if event in model.events and (date := model.events[event].at) is not None
        }
        if not dates:
            continue
        first, date = next(iter(dates.items()))
        others = [name for name in scenario.variants if dates.get(name) != date]
        if others:
            path = f"outcomes[{at}]"
            message = (
                f"the event {event} is not at {date} in {', '.join(others)}: there the window "
                "also counts "
                f"from this date, that of {first}"
            )
            yield scenario.mark(path).problem(path, message)


def _idle_variants(scenario: Scenario) -> Iterator[Problem]:
    for name in list(scenario.variants)[1:]:
        if scenario.document_of(name).plain() == scenario.document:
            path = f"variants.{name}"
            message = (
                "changes nothing: its runs equal those of the baseline; give it a value that "
                "differs, or remove it"
            )
            yield scenario.mark_of_variant(name).problem(path, message)
