"""Laws and their arguments for hypothesis; ranges and axes are those of `blocsim conform`."""

from __future__ import annotations

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from sim.conform.domains import (
    PERIODS,
    SIZES,
    WHOLE,
    arguments_of,
    arrays_for,
    axes_of,
    drawn_law,
    methods_of,
    range_of,
    total,
)
from sim.kernel.parameters import parameters_of
from sim.kernel.rules import ROLES

__all__ = [
    "LAWS",
    "METHODS",
    "SIZES",
    "arguments_of",
    "arrays_for",
    "axes_of",
    "drawn_law",
    "few",
    "methods_of",
    "total",
]

few = settings(max_examples=30)  # a law is smooth: thirty cases of a claim will do

LAWS = [law for variants in ROLES.values() for law in variants.values()]
METHODS = [(law, name) for law in LAWS for name in methods_of(law)]


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
