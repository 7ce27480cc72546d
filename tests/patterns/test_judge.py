"""Verdicts: the median counts, infinite values included, undefined ones left out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.patterns.pattern import Pattern
from sim.patterns.values import Values, by_pattern, judged, quantile

NAN, INF = np.nan, np.inf


def pattern(*, scored=True, **checks):
    """Return a pattern of some checks, each given by its band."""
    made = {
        name: {"quantity": "hhi", "window": 2018, "band": band} for name, band in checks.items()
    }
    document = {"claim": "A.", "source": "assumed", "scored": scored, "checks": made}
    return Pattern.model_validate(document)


def one(values, band, missing=()):
    """Return the verdict on one check."""
    patterns = {"A": pattern(b=band)}
    found = Values(names=("A.b",), values=np.array([values], dtype=float), missing=dict(missing))
    return judged(patterns, {"baseline": found})[0]


@pytest.mark.parametrize(
    ("values", "band", "verdict", "inside"),
    [
        ([1, 2, 3], {"low": 2, "high": 2}, "inside", 1 / 3),
        ([1, 2, 3], {"low": 2.1}, "outside", 1 / 3),
        ([60, INF, INF], {"low": 50}, "inside", 1),
        ([12, INF, INF], {"high": 30}, "outside", 1 / 3),
        ([1, NAN, 3], {"low": 2}, "inside", 1 / 3),
        ([1, NAN, NAN, NAN], {"low": 0}, "undefined", 1 / 4),
        ([NAN, NAN], {"low": 0}, "undefined", 0),
    ],
)
def test_the_median_of_the_runs_that_define_it_decides(values, band, verdict, inside):
    found = one(values, band)
    assert (found.verdict, found.inside) == (verdict, pytest.approx(inside))


def test_a_check_that_is_not_covered_has_no_say():
    found = one([NAN, NAN], {"low": 0}, {"A.b": "no such thing"}.items())
    assert (found.verdict, found.reason) == ("not covered", "no such thing")
    assert by_pattern([found]) == {("baseline", "A"): "not covered"}


def test_a_pattern_is_inside_only_if_all_checks_that_count_are():
    patterns = {"A": pattern(b={"low": 1}, c={"low": 2}), "B": pattern(scored=False, b={"low": 9})}
    found = Values(names=("A.b", "A.c", "B.b"), values=np.array([[1.0], [1.0], [1.0]]), missing={})
    verdicts = judged(patterns, {"baseline": found})
    assert [each.verdict for each in verdicts] == ["inside", "outside", "outside"]
    assert by_pattern(verdicts) == {
        ("baseline", "A"): "outside",
        ("baseline", "B"): "not scored",
    }


def test_a_difference_between_variants_is_taken_run_by_run():
    check = {
        "quantity": "difference",
        "of": {"quantity": "hhi", "window": 2018},
        "versus": "none",
        "band": {"low": 1},
    }
    patterns = {
        "A": Pattern.model_validate({"claim": "A.", "source": "assumed", "checks": {"b": check}})
    }
    tables = {"sale": [3.0, 1.0, 5.0], "none": [2.0, 1.0, 1.0]}
    found = {
        name: Values(names=("A.b",), values=np.array([row]), missing={})
        for name, row in tables.items()
    }
    sale, none = judged(patterns, found)
    assert (sale.q50, sale.verdict, sale.inside) == (1.0, "inside", pytest.approx(2 / 3))
    assert (none.q50, none.verdict) == (0.0, "outside")
    (alone,) = judged(patterns, {"sale": found["sale"]})
    assert alone.verdict == "not covered"


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.floats(0, 1))
def test_a_quantile_is_that_of_numpy(values, share):
    array = np.array(values)
    assert quantile(array, share) == pytest.approx(np.quantile(array, share), abs=1e-6)
