"""Every law of the register, traced alone, returns the same compiled and by numpy."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from sim.kernel.parameters import parameters_of
from tests.engine.programs import program
from tests.strategies import METHODS, arrays_for, drawn_law, total

RUNS = 37  # two strips and a part of one
NAMES = [f"{law.__name__}.{method}" for law, method in METHODS]


def asked(by_run):
    """Return laws, their arguments and their parameters, by name of law and method."""
    laws, arguments, numbers = {}, {}, {}
    for name, (kind, method) in zip(NAMES, METHODS, strict=True):
        laws[name] = drawn_law(kind, 11, RUNS if by_run else None)
        arguments[name] = arrays_for(kind, method, 12, RUNS)
        for each in parameters_of(kind):
            numbers[f"{name}.{each}"] = np.asarray(getattr(laws[name], each))
    return laws, arguments, numbers


def answered(laws, arguments, numbers):
    """Return the results of every law, with these numbers as its parameters."""
    answers = {}
    for name, (_, method) in zip(NAMES, METHODS, strict=True):
        law = copy.copy(laws[name])
        for each in vars(law):
            object.__setattr__(law, each, numbers[f"{name}.{each}"])
        answers[name] = total(getattr(law, method)(**arguments[name]))
    return answers


@pytest.fixture(scope="module", params=["parameters by run", "parameters for all runs"])
def answers(request):
    """Return every law's answers by numpy, by the graph, and compiled."""
    by_run = request.param == "parameters by run"
    laws, arguments, numbers = asked(by_run)
    arrays = {
        f"{name} {each}": value
        for name, given in arguments.items()
        for each, value in given.items()
        if not isinstance(value, float)
    }

    def function(**symbols):
        given = {
            name: {each: symbols.get(f"{name} {each}", value) for each, value in parts.items()}
            for name, parts in arguments.items()
        }
        return answered(laws, given, {n: symbols[n] for n in numbers})

    wide, fixed = (arrays | numbers, {}) if by_run else (arrays, numbers)
    made = program(function, wide, fixed)
    return answered(laws, arguments, numbers), made.evaluated(wide), made.compiled(wide)


@pytest.mark.parametrize("name", NAMES)
def test_a_compiled_law_gives_what_numpy_gives(answers, name):
    by_numpy, by_graph, compiled = answers
    expected = np.broadcast_to(by_numpy[name], (*np.shape(by_numpy[name])[:-1], RUNS))
    expected = expected.reshape(-1, RUNS)
    assert np.isfinite(expected).all()
    scale = np.maximum(np.abs(expected), 1.0)
    assert np.all(np.abs(by_graph[name] - expected) <= 1e-12 * scale)
    assert np.all(np.abs(compiled[name] - expected) <= 1e-12 * scale)
