"""The ranges of the arguments of laws, by name, and the axes of their arrays."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from sim.kernel.array_fields import arrays_of
from sim.kernel.arrays import Dyadic, Monadic
from sim.kernel.parameters import parameters_of
from sim.kernel.world import World

Ends = tuple[float, float]
UNIT, BOTH = (0.0, 1.0), (-1.0, 1.0)
MONEY, YEARS, AMOUNT = (0.0, 5000.0), (0.05, 20.0), (0.0, 3000.0)


def each(names: str, ends: Ends) -> dict[str, Ends]:
    """Return the same ends for each of some names, separated by blanks."""
    return dict.fromkeys(names.split(), ends)


# by name of the argument; arrays of the world with two ends have the range declared there
RANGES: Mapping[str, Ends] = {
    **{name: (a.low, a.high) for name, a in arrays_of(World).items() if a.bounded},
    **each("answer asked at_war attacked bad came covered dependence deposit done example", UNIT),
    **each("best cost diverted faith gift legacy payable purchase resolve risk shift stops", UNIT),
    **each("ties trusted", UNIT),
    **each("exposed exposure familiarity fellow good harm heard imposed imposed_before", UNIT),
    **each("duty intensity leads mean near own", UNIT),
    **each("outside party precedent pull rivalry_back second_strike victim war ways_out win", UNIT),
    **each("access coerces dispute embargoed frozen refused willing", UNIT),
    **each("base mutual others regard regard_attacker regard_opponent regard_supplier", BOTH),
    **each("shared standing target welcome", BOTH),
    **each("budget cash claims debt fund income lent listed need overdue owed prepaid", MONEY),
    **each("flow purse room unused usual", MONEY),
    **each("arms held helpers leader members neighbour opposed reach rivals strength", AMOUNT),
    **each("strength_attacker", AMOUNT),
    **each("defence export_scale satiation", (1.0, 3000.0)),
    **each("at_stake orders", (0.0, 3.0)),
    **each("betrayal displeasure following friends grievance loss", (0.0, 3.0)),
    **each("loss_before lost norm own_sales wait", (0.0, 3.0)),
    **each("drawn_in harm_others pressing", (0.0, 3.0)),
    **each("insecurity reference", (0.0, 3.0)),
    **each("shaken within", (0.0, 3.0)),
    **each("fought protection rent stake supply threat won", (0.0, 3.0)),
    **each("cep hits launchers rounds_in_reach", (0.0, 500.0)),
    **each("lag tenor", YEARS),
    **each("most rounds", (1.0, 100.0)),
    **each("users", (0.0, 200.0)),
    **each("withdrawn", (0.0, 100.0)),
    "arming": (0.2, 5.0),
    "burden": (0.001, 0.3),
    "delay": (0.0, 3.0),
    "distance": (0.0, 20_000.0),
    "gain": (-0.5, 0.5),
    "gdp": (1.0, 1e6),
    "growth": (-0.3, 0.3),
    "hardness": (0.1, 100.0),
    "instalments": (1.0, 20.0),
    "length": (-1.0, 10.0),  # below zero: not stated
    "market_rate": (0.02, 0.3),
    "payload": (0.0, 2000.0),
    "price": (0.1, 1000.0),
    "radius": (1.0, 2000.0),
    "rate": (0.0, 0.3),
    "shock": (-4.0, 4.0),
    "spending": (1.0, 5000.0),
    "wish": (-20.0, 20.0),
    "worth": (-20.0, 20.0),
    "years": (0.5, 6.0),
}
ELSEWHERE: Mapping[tuple[str, str], Ends] = {
    ("Coercion", "gain"): UNIT,
    ("Coercion", "price"): (0.0, 3.0),
    ("Coercion", "usual"): UNIT,
    ("Affinity", "pull"): (-0.5, 0.5),  # of third parties, a year
    ("Commerce", "budget"): (1.0, 5000.0),
    ("Affinity", "custom"): (0.0, 3.0),  # years of budget
    ("Breach", "harm"): (0.0, 3.0),  # years of budget
    ("Affinity", "purchase"): (0.0, 3.0),  # sales that are noticed
    ("Contract", "value"): MONEY,
    ("Contribution", "gain"): (-3.0, 3.0),  # log odds
    ("Contribution", "refused"): (0.0, 3.0),  # worth of what was refused
    ("Engagement", "leader"): BOTH,
    ("Finance", "budget"): (1.0, 5000.0),
    ("Finance", "debt"): (0.0, 10.0),
    ("LeaderSpeaks", "leader"): UNIT,
    ("Leverage", "lost"): UNIT,
    ("Objection", "regard"): (-2.0, 2.0),  # a difference of two
    ("Discipline", "leader"): BOTH,
    ("Leniency", "leader"): BOTH,
    ("Membership", "price"): UNIT,
    ("Membership", "harm"): (0.0, 3.0),
    ("Restraint", "harm"): (0.0, 3.0),  # a sum
    ("Procurement", "value"): MONEY,
}

# axes by law, method and argument ("" for the answer) where they are not those of the annotation
AXES: Mapping[tuple[str, str, str], str] = {
    ("Strength", "arms", "held"): "states classes",
    ("Strength", "arms", "satiation"): "classes",
    ("ExitOption", "exit", "affinity"): "states states",
    ("ExitOption", "exit", "pull"): "states",
    ("ExitOption", "exit", "outside"): "states",
    ("ExitOption", "exit", "strength"): "states",
    ("ExitOption", "exit", "own"): "states",
    ("ExitOption", "exit", "willing"): "states states",
    ("ExitOption", "exit", "shared"): "states",
    ("ExitOption", "exit", ""): "states",
    ("Precedent", "precedent", "members"): "states blocs",
    ("Precedent", "precedent", "rivals"): "states blocs",
    ("Precedent", "precedent", ""): "blocs",
}
SIZES: Mapping[str, int] = {"states": 4, "classes": 3, "blocs": 2, "rows": 5}
PERIODS = (1 / 12, 0.25, 0.5, 1.0)
WHOLE = {  # 0 or 1
    "done", "fellow", "leads", "asked", "heard", "outside", "party", "trusted", "victim", "war",
}  # fmt: skip


def in_range(law: type, argument: str) -> bool:
    """Return whether the range of an argument is declared."""
    return argument in RANGES or _elsewhere(law, argument) is not None


@cache
def methods_of(law: type) -> dict[str, Callable[..., Any]]:
    """Return the public methods of a law, by name."""
    return {
        name: method
        for name, method in inspect.getmembers(law, inspect.isfunction)
        if not name.startswith("_")
    }


@cache
def arguments_of(law: type, method: str) -> dict[str, Any]:
    """Return the annotations of a method's arguments, by name, in order.

    A method with `**` also has the arguments of the method that it extends.
    """
    arguments: dict[str, Any] = {}
    for kind in reversed(law.__mro__):
        if method in vars(kind):
            function = vars(kind)[method]
            parameters = inspect.signature(function).parameters.values()
            hints = typing.get_type_hints(function)
            inherited = arguments if any(p.kind is p.VAR_KEYWORD for p in parameters) else {}
            own = {p.name: hints.get(p.name) for p in parameters if p.kind is p.KEYWORD_ONLY}
            arguments = {**inherited, **own}
    return arguments


def range_of(law: type, argument: str) -> Ends:
    """Return the least and the largest value of an argument of a law."""
    ends = _elsewhere(law, argument)
    return RANGES[argument] if ends is None else ends


def _elsewhere(law: type, argument: str) -> Ends | None:
    """Return the ends of an argument that are special to a law or its bases; else None."""
    for (name, which), ends in ELSEWHERE.items():
        if which == argument and any(name in kind.__name__ for kind in law.__mro__):
            return ends
    return None


def axes_of(law: type, method: str, argument: str) -> tuple[str, ...]:
    """Return the names of an argument's axes, the runs last; argument "" is the answer."""
    hints = arguments_of(law, method)
    hint = hints[argument] if argument else next(iter(hints.values()))
    axes = {Monadic: "states", Dyadic: "states states"}.get(hint, "rows")
    for kind in (each.__name__ for each in law.__mro__):
        if not argument and any((kind, method, name) in AXES for name in hints):
            axes = "states"
        if (kind, method, argument) in AXES:
            axes = AXES[kind, method, argument]
            break
    return (*axes.split(), "runs")


def total(answer: Any) -> Any:
    """Return an answer, or the sum of its terms."""
    return sum(answer.values()) if isinstance(answer, Mapping) else answer


def arrays_for(
    law: type, method: str, seed: int, runs: int = 3, where: Mapping[str, Ends] | None = None
) -> dict[str, Any]:
    """Return random keyword arguments for a method: arrays on their axes, ends included.

    In the first run all are at their low ends, in the second at their high ends. `where` narrows
    the range of some arguments.
    """
    rng = np.random.default_rng(seed)
    arguments: dict[str, Any] = {}
    for name, hint in arguments_of(law, method).items():
        if hint is float:
            arguments[name] = float(rng.choice(PERIODS))
            continue
        low, high = (where or {}).get(name, range_of(law, name))
        shape = [runs if axis == "runs" else SIZES[axis] for axis in axes_of(law, method, name)]
        share = rng.random(shape)
        share = np.where(rng.random(shape) < 0.1, np.round(share), share)  # noqa: PLR2004 - a tenth
        share[..., :1], share[..., 1:2] = 0.0, 1.0
        if name in WHOLE:
            share = np.round(share)
        arguments[name] = low + share * (high - low)
    return arguments


def drawn_law(law: type, seed: int, runs: int | None = None) -> Any:
    """Return a law with parameters drawn within their bounds: floats, or (runs,)."""
    rng = np.random.default_rng(seed)
    return law(
        **{
            name: rng.uniform(about.low, about.high, runs)
            for name, about in parameters_of(law).items()
        }
    )
