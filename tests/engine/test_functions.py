"""exp, log and the other functions of the engine: their errors, and their values at limits."""

from __future__ import annotations

import re

import numpy as np
import pytest

from sim.engine import functions
from sim.kernel.noise import threefry
from tests.engine.programs import program
from tests.kernel.test_noise import ANSWERS, words

N = 20_000
LARGE = 709.5  # of which the exponential is a number, of 709.8 no more
NAMES = ("exp", "log", "log1p", "expm1", "tanh", "cos")
CLAIMS = {
    name: float(most)
    for most, names in re.findall(r"([\d.]+) for\s+(\w+(?:\s+and\s+\w+)?)", functions.__doc__)
    for name in names.replace("and", " ").split()
}
exactly = pytest.mark.skipif(
    np.finfo(np.longdouble).nmant < 63, reason="no longer number to compare with"
)


def spread(low, high, *, both=False):
    """Return numbers whose powers of ten are spread evenly, of both signs if asked."""
    numbers = 10.0 ** np.random.default_rng(1).uniform(low, high, N)
    return np.concatenate([numbers, -numbers]) if both else numbers


def even(low, high):
    return np.random.default_rng(2).uniform(low, high, N)


RANGES = {
    "exp": [even(-1, 1), even(-707.9, LARGE), spread(-300, -3, both=True)],
    "log": [spread(-323, 308), even(0.7, 1.3), 1 + spread(-15, -3, both=True)],
    "log1p": [spread(-300, 300), spread(-20, -1, both=True), even(-1, 0), even(0, 3)],
    "expm1": [spread(-300, -1, both=True), even(-2, 2), even(-40, 0), even(0, LARGE)],
    "tanh": [spread(-300, -1, both=True), even(-3, 3), even(-800, 800)],
    "cos": [even(0, 6.3), even(-50, 50), even(-6e6, 6e6)],
}
ENDS = np.array([
    0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, -5e-324, 1e-310, 2.3e-308, 1.0, -1.0, -2.0, 0.5,
    709.5, 709.7, 710.0, -708.0, -746.0, 1e308, 1e16, 2.5, 3.5, -2.5,
])  # fmt: skip


@pytest.fixture(scope="module")
def compiled():
    """Return a function that computes a function of an array as the engine does."""
    one = np.zeros((1, 2))
    made = program(lambda x: {name: getattr(np, name)(x) for name in (*NAMES, *PLAIN)}, {"x": one})
    return lambda name, x: made.compiled({"x": x[None]})[name][0]


@pytest.fixture(scope="module")
def powers():
    """Return a function that computes powers as the engine does."""
    one = np.zeros((1, 2))
    made = program(lambda x, y: {"power": np.power(x, y)}, {"x": one, "y": one})
    return lambda x, y: made.compiled({"x": x[None], "y": y[None]})["power"][0]


PLAIN = ("sqrt", "floor", "rint", "absolute", "negative")


def last_places(found, truth):
    """Return errors in units of the last place of the truth."""
    near = truth.astype(float)
    return np.abs((found - truth) / np.maximum(np.spacing(np.abs(near)), 5e-324)).astype(float)


@exactly
@pytest.mark.parametrize("name", [name for name in NAMES if name != "cos"])
def test_errors_in_the_last_place_are_as_small_as_is_claimed(compiled, name):
    for x in RANGES[name]:
        with np.errstate(all="ignore"):
            truth = getattr(np, name)(x.astype(np.longdouble))
        assert last_places(compiled(name, x), truth).max() < CLAIMS[name]


@exactly
def test_the_error_of_cos_is_as_small_as_is_claimed(compiled):
    for x in RANGES["cos"]:
        assert np.abs(compiled("cos", x) - np.cos(x.astype(np.longdouble))).max() < 1e-15


@exactly
@pytest.mark.parametrize(
    ("x", "y"),
    [(even(0, 2), even(-3, 3)), (even(0, 3000), even(0, 1)), (spread(-50, 50), even(-6, 6)[:N])],
    ids=["near", "shares", "far"],
)
def test_the_error_of_a_power_is_as_small_as_is_claimed(powers, x, y):
    truth = np.power(x.astype(np.longdouble), y.astype(np.longdouble))
    assert np.all(last_places(powers(x, y), truth) < 2 * (1 + np.abs(y * np.log(x))))


def test_powers_of_negative_numbers_have_a_sign_if_whole_and_else_are_nan(powers):
    x, y = np.meshgrid([-2.5, -1.0, -0.5, -0.0, 0.0, 0.5, 3.0], [-3, -1, 0, 0.5, 1, 2, 3, 7.0])
    x, y = x.ravel(), y.ravel()
    with np.errstate(all="ignore"):
        expected = np.power(x, y)
    whole = np.abs(expected) < np.inf  # numpy gives 1 / -0.0 a sign
    assert powers(x, y)[whole] == pytest.approx(expected[whole], rel=1e-14)
    assert np.array_equal(np.isnan(powers(x, y)), np.isnan(expected))
    assert np.all(powers(x, y)[np.isinf(expected)] == np.inf)


@pytest.mark.parametrize("name", [*NAMES, *PLAIN])
def test_functions_equal_numpy_at_and_next_to_zero_infinity_and_nan(compiled, name):
    x = ENDS[~(np.abs(ENDS) > 1e6) | np.isinf(ENDS)] if name == "cos" else ENDS
    with np.errstate(all="ignore"):
        expected = getattr(np, name)(x)
    found = compiled(name, x)
    assert np.array_equal(np.isnan(found), np.isnan(expected))
    finite, endless = np.isfinite(expected), np.isinf(expected)
    assert np.array_equal(found[endless], expected[endless])
    least = {"exp": 1e-307, "cos": 1e-15}.get(name, 1e-323)  # exp is 0 where it would be subnormal
    assert found[finite] == pytest.approx(expected[finite], rel=1e-15, abs=least)


@pytest.mark.parametrize(("counter", "key", "result"), ANSWERS, ids=["zeros", "ones", "pi"])
def test_compiled_draws_give_the_published_answers_of_threefry(counter, key, result):
    lanes = 16
    (low, high, stream, block), (run, *entities) = (
        [int(word[0]) for word in words(text)] for text in (key, counter)
    )
    made = program(lambda x: {"y": x + 1.0}, {"x": np.zeros((1, 2))}, lanes=lanes)
    keys = np.array([[stream, *entities], [stream ^ 1, *entities]], dtype=np.uint32)
    runs = np.full(lanes, run, dtype=np.uint32)
    runs[1] ^= 3
    out = np.zeros((4, 2, lanes), dtype=np.uint32)
    made.kernel.code.draws(block, low, high, 2, keys.ctypes.data, runs.ctypes.data, out.ctypes.data)
    assert [int(word[0]) for word in words(result)] == out[:, 0, 0].tolist()
    four = [np.full(1, n, dtype=np.uint32) for n in (low, high, stream ^ 1, block)]
    other = threefry(tuple(four), (runs[1:2], *(np.full(1, n, np.uint32) for n in entities)))
    assert [int(word[0]) for word in other] == out[:, 1, 1].tolist()
