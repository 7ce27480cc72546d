"""Code that cannot be traced is refused, with the law and the line at fault."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.engine.refusal import UntraceableError
from sim.engine.symbols import Tracer
from sim.engine.trace import trace
from tests.engine.laws import Counting, Cumulative, Hasty, Mistaken, Resolve, Stubborn, with_law

REASONS = {
    Hasty: r"max over the runs, or over all axes, in Hasty\.gain, laws\.py:\d+: "
    r"if \(rivalry \* win\)\.max\(\) > 0\.5:",
    Stubborn: r"max over the runs, or over all axes, in Stubborn\.gain, laws\.py:\d+: large",
    Counting: r"an index on the runs axis, in Counting\.gain, laws\.py:\d+: first = rivalry",
    Cumulative: r"numpy's method cumsum of an array that differs by run, in Cumulative\.gain",
    Mistaken: r"IndexError: index 7 is out of bounds .*, in Mistaken\.gain, laws\.py:\d+: return",
}


@pytest.fixture
def traced():
    """Return a number that differs by run."""
    return Tracer().input("x", (3,), np.float64)


@pytest.mark.parametrize("law", REASONS)
def test_a_law_that_cannot_be_traced_is_named_with_its_line(case, law):
    given = with_law(case("plain", 2), law())
    with pytest.raises(UntraceableError, match=REASONS[law]):
        trace(given.widened(given.differing()))


def test_a_parameter_that_differs_by_run_can_be_traced_too(case):
    given = with_law(case("plain", 2), Resolve(pride=np.array([0.1, 0.2])))
    names = {node.given.get("name") for node in trace(given.widened(given.differing())).graph.nodes}
    assert "law.deterrence.pride" in names


@pytest.mark.parametrize(
    "decide",
    [bool, int, float, list, np.asarray, lambda x: x.tolist(), lambda x: x[0, 0], lambda x: 3 in x],
    ids=["bool", "int", "float", "list", "asarray", "tolist", "a run", "in"],
)
def test_python_may_not_branch_on_a_number_that_is_not_known(decide, traced):
    one = traced[0] if decide in (bool, int, float) else traced
    if decide is list:
        assert len(decide(one)) == 3  # rows are known
        return
    with pytest.raises(UntraceableError):
        decide(one)


def test_a_traced_array_may_not_be_written(traced):
    with pytest.raises(UntraceableError):
        traced[0] = 1.0


def in_place(x):
    y = x
    y += 1.0
    return x + y


def into(x):
    np.add(x, 1.0, out=x)
    return x + 1.0


def part_in_place(x):
    first = x[0]
    first *= 2.0
    return x + first


@pytest.mark.parametrize("law", [in_place, into, part_in_place])
def test_what_is_changed_in_place_is_not_read_again(law, traced):
    with pytest.raises(UntraceableError, match=r"^an array changed in place .*; and then read$"):
        law(traced)


def test_a_sum_may_be_taken_in_place_in_an_array_of_the_law_itself(traced):
    def total(x):
        y = x.copy()
        y += 1.0
        y *= x
        return y

    assert total(traced).node is ((traced + 1.0) * traced).node


def test_numbers_of_all_runs_are_not_changed_in_place():
    tracer = Tracer()
    threshold = tracer.source("threshold", 0.5)
    threshold += 0.1  # as of a Python number: a new one
    assert threshold.value == pytest.approx(0.6)
    table = tracer.source("table", np.ones((3, 1)))
    with pytest.raises(UntraceableError, match="numpy's add in place"):
        table += 1.0


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda x: 1 if x[0] else 2, "Python branches .*: use np.where$"),
        (lambda x: math.exp(x[0]), "plain numbers are asked for"),
        (lambda x: x.__setitem__(0, 1.0), "use put, put_at or np.where$"),
        (lambda x: x.flags, "^numpy's flags of an array"),
        (lambda x: x + np.array([[0.1, 0.2]]), "^numbers from outside the period that differ"),
    ],
)
def test_what_is_refused_is_said_in_words_that_help(ask, said, traced):
    with pytest.raises(UntraceableError, match=said):
        ask(traced)


def test_a_comparison_with_a_number_that_the_type_has_not_is_refused():
    words = Tracer().input("x", (3,), np.uint32)
    for beyond in (-1, 2**32):
        with pytest.raises(OverflowError):
            words < beyond  # noqa: B015 - it is asked for
    assert (words < 2**32 - 1).dtype == np.bool_


def test_an_argument_that_is_not_known_is_named_with_its_function(traced):
    with pytest.raises(TypeError, match=r"sum\(\) got an unexpected keyword argument 'keepdims'"):
        traced.sum(axis=0, keepdims=True)


def test_outside_a_period_no_law_is_named(traced):
    with pytest.raises(UntraceableError, match=r"^numpy's method cumsum [\w ]+ run$"):
        traced.cumsum(axis=0)


def test_what_no_array_has_is_an_ordinary_mistake(traced):
    with pytest.raises(AttributeError, match="colour"):
        traced.colour  # noqa: B018 - it is asked for
