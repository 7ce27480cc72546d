"""Arguments of the laws, drawn by their names, and the axes that their arrays have."""

from __future__ import annotations

import inspect
import typing
from functools import cache

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from sim.arrays import Dyadic, Monadic
from sim.parameters import parameters_of
from sim.rules import ROLES

few = settings(max_examples=30)  # a law is smooth: thirty cases of a claim will do

UNIT, BOTH = (0.0, 1.0), (-1.0, 1.0)
MONEY, TIV, YEARS = (0.0, 5000.0), (1.0, 3000.0), (0.05, 20.0)


def each(names, ends):
    """Return one pair of ends for each of some names."""
    return dict.fromkeys(names.split(), ends)


# what a law's argument may be, by its name; the schema and the kernel hold them to it
RANGES = {
    **each(
        "answer asked bad belief came commitment credit defect dependence engagement exit", UNIT
    ),
    **each(
        "example exposed exposure familiarity fellow find good heard leads offence outside", UNIT
    ),
    **each("precedent preference pull refusal reliability reputation rivalry rivalry_back", UNIT),
    **each("second_strike victim war win", UNIT),
    **each("affinity base regard_attacker regard_opponent regard_supplier", BOTH),
    **each("debt fund listed need spending", MONEY),
    **each("defence export_scale leader neighbour opposed satiation strength", TIV),
    **each("arrears betrayal friends grievance norm own_sales protection rent supply", (0.0, 3.0)),
    "cep": (0.0, 500.0),
    "discount": (0.0, 0.95),
    "distance": (0.0, 20_000.0),
    "following": (0.0, 3.0),
    "gain": (-0.5, 0.5),
    "gdp": (1.0, 1e6),
    "growth": (-0.3, 0.3),
    "hardness": (0.1, 100.0),
    "harm": UNIT,
    "held": (0.0, 3000.0),
    "helpers": (0.0, 3000.0),
    "hits": (0.0, 500.0),
    "instalments": (1.0, 20.0),
    "lag": YEARS,
    "lost": (0.0, 3.0),
    "market_rate": (0.02, 0.3),
    "members": (0.0, 3000.0),
    "payload": (0.0, 2000.0),
    "price": (0.1, 1000.0),
    "radius": (1.0, 2000.0),
    "reach": (0.0, 3000.0),
    "rate": (0.0, 0.3),
    "regard": BOTH,
    "ways_out": UNIT,
    "rivals": (0.0, 3000.0),
    "rounds": (1.0, 100.0),
    "launchers": (0.0, 500.0),
    "rounds_in_reach": (0.0, 500.0),
    "shock": (-4.0, 4.0),
    "stock": (1.0, 100.0),
    "strength_attacker": (0.0, 3000.0),
    "tenor": YEARS,
    "threat": (0.0, 3.0),
    "value": UNIT,
    "won": (0.0, 3.0),
    "worth": (-20.0, 20.0),
}
ELSEWHERE = {
    ("Affinity", "pull"): (-0.5, 0.5),  # of third parties, a year
    ("Contract", "value"): MONEY,
    ("Finance", "debt"): (0.0, 10.0),
    ("Objection", "regard"): (-2.0, 2.0),  # a difference of two
    ("Restraint", "harm"): (0.0, 3.0),  # a sum
    ("Procurement", "stock"): (1.0, 50.0),
}

# axes by law, method and argument ("" for the answer) where they are not those of the annotation
AXES = {
    ("Strength", "strength", "held"): "states classes",
    ("Strength", "strength", "satiation"): "classes",
    ("ExitOption", "exit", "affinity"): "states states",
    ("ExitOption", "exit", "pull"): "states",
    ("ExitOption", "exit", ""): "states",
    ("Precedent", "precedent", "members"): "states blocs",
    ("Precedent", "precedent", "rivals"): "states blocs",
    ("Precedent", "precedent", "leads"): "states blocs",
    ("Precedent", "precedent", ""): "blocs",
}
SIZES = {"states": 4, "classes": 3, "blocs": 2, "rows": 5}
PERIODS = (1 / 12, 0.25, 0.5, 1.0)
WHOLE = {"fellow", "leads", "asked", "heard", "outside", "victim", "war"}  # 0 or 1

LAWS = [law for variants in ROLES.values() for law in variants.values()]


@cache
def methods_of(law):
    """Return the public methods of a law, by name."""
    return {
        name: method
        for name, method in inspect.getmembers(law, inspect.isfunction)
        if not name.startswith("_")
    }


METHODS = [(law, name) for law in LAWS for name in methods_of(law)]


@cache
def arguments_of(law, method):
    """Return the annotations of a method's arguments, by name, in order."""
    hints = typing.get_type_hints(methods_of(law)[method])
    hints.pop("return")
    return hints


def range_of(law, argument):
    """Return the least and the largest value of an argument."""
    for (name, which), ends in ELSEWHERE.items():
        if which == argument and name in law.__name__:
            return ends
    return RANGES[argument]


def axes_of(law, method, argument):
    """Return the names of an argument's axes, the runs last; argument "" is the answer."""
    given = AXES.get((law.__name__, method, argument))
    if given is None:
        hints = arguments_of(law, method)
        hint = hints[argument] if argument else next(iter(hints.values()))
        given = {Monadic: "states", Dyadic: "states states"}.get(hint, "rows")
        if not argument and any((law.__name__, method, name) in AXES for name in hints):
            given = "states"
    return (*given.split(), "runs")


def total(answer):
    """Return an answer, or the sum of its terms."""
    return sum(answer.values()) if isinstance(answer, dict) else answer


def arrays_for(law, method, seed, runs=3):
    """Return keyword arguments for a method: arrays of their axes, ends included."""
    rng = np.random.default_rng(seed)
    given = {}
    for name, hint in arguments_of(law, method).items():
        if hint is float:
            given[name] = float(rng.choice(PERIODS))
            continue
        low, high = range_of(law, name)
        shape = [runs if axis == "runs" else SIZES[axis] for axis in axes_of(law, method, name)]
        share = rng.random(shape)
        share = np.where(rng.random(shape) < 0.1, np.round(share), share)
        if name in WHOLE:
            share = np.round(share)
        given[name] = low + share * (high - low)
    return given


def drawn_law(law, seed, runs=None):
    """Return a law with parameters drawn within their bounds: floats, or one for each run."""
    rng = np.random.default_rng(seed)
    return law(
        **{
            name: rng.uniform(about.low, about.high, runs)
            for name, about in parameters_of(law).items()
        }
    )


@st.composite
def lawful(draw, law):
    """Return a law with each parameter somewhere within its bounds."""
    return law(
        **{
            name: draw(st.floats(about.low, about.high))
            for name, about in parameters_of(law).items()
        }
    )


def shape_of(law, method, argument):
    """Return the shape of one number: an axis for each that the law has to have."""
    axes = axes_of(law, method, argument)
    return (1,) if axes == ("rows", "runs") else (1,) * len(axes)


@st.composite
def numbers(draw, law, method):
    """Return keyword arguments for a method: arrays of one number, and a length of period."""
    given = {}
    for name, hint in arguments_of(law, method).items():
        if hint is float:
            given[name] = draw(st.sampled_from(PERIODS))
            continue
        low, high = range_of(law, name)
        values = st.sampled_from((0.0, 1.0)) if name in WHOLE else st.floats(low, high)
        given[name] = np.full(shape_of(law, method, name), draw(values))
    return given


def assert_moves(data, law, method, argument, sign, *, fixed=None):
    """Assert that the answer never moves against the sign as the argument grows (0: never).

    Parameters and the other arguments lie anywhere within their bounds, but for the fixed ones.
    """
    given = {**data.draw(numbers(law, method)), **(fixed or {})}
    law = data.draw(lawful(law))
    low, high = range_of(type(law), argument)
    ends = sorted((data.draw(st.floats(low, high)), data.draw(st.floats(low, high))))
    lower, higher = (
        total(getattr(law, method)(**{**given, argument: np.full_like(given[argument], end)}))
        for end in ends
    )
    slack = 1e-9 * (1.0 + np.abs(lower))
    if sign == 0:
        assert np.all(np.abs(higher - lower) <= slack)
    else:
        assert np.all(sign * (higher - lower) >= -slack)
