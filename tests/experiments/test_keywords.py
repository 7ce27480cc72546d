"""Wrong arguments of a Python caller are reported by keyword."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.experiments.keywords import by_keyword
from sim.kernel.errors import InputError

SMALL = Path(__file__).with_name("small.yaml")
CALLS = {
    "sensitivity": {
        "method": ["morris"], "over": "x=0..1", "spread": "wide", "facts": 1, "groups": 3,
        "outcomes": None, "size": 2.5, "variant": None, "versus": 2, "out": 1.0, "force": "yes",
        "confirmed": 1,
    },
    "calibrate": {
        "points": None, "replicates": "2", "checks": 2.5, "vantage": 2017, "patterns": None,
        "parameters": [1], "out": [], "resume": 1, "force": None,
    },
    "sweep": {"design": 4, "over": 1, "points": "8", "variants": "sale", "noise": None, "out": 3},
    "structural": {"roles": "consent", "points": 1.5},
    "audit": {"variant": 1, "points": None},
}  # fmt: skip


@pytest.mark.parametrize("method", CALLS)
def test_a_value_of_another_type_is_reported_by_its_keyword(method, tmp_path):
    study = sim.Study(SMALL, runs=2, folder=tmp_path)
    for keyword, value in CALLS[method].items():
        with pytest.raises(InputError) as refused:
            getattr(study, method)(**{keyword: value})
        assert str(refused.value).startswith(f"{keyword}: must be ")
        assert f", got {value!r}" in str(refused.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("method", CALLS)
def test_an_unknown_keyword_of_a_method_is_reported_with_the_known_ones(method):
    with pytest.raises(InputError) as refused:
        getattr(sim.Study(SMALL), method)(jobs=2)
    *most, last = CALLS[method]
    assert str(refused.value).startswith(f'{method}: no keyword "jobs": it takes ')
    assert all(f" {keyword}," in str(refused.value) for keyword in most)
    assert f" {last}" in str(refused.value)


def test_a_similar_keyword_is_suggested():
    with pytest.raises(InputError, match=r'^sweep: no keyword "point" \(did you mean "points"\?\)'):
        sim.sweep(SMALL, point=3, out="unused")


@pytest.mark.parametrize(
    ("method", "keyword", "how"),
    [
        ("sweep", "points", {"over": ["states.BRA.burden=0.02..0.06"]}),
        ("sensitivity", "size", {}),
        ("calibrate", "points", {}),
        ("structural", "points", {}),
        ("audit", "points", {}),
    ],
)
def test_a_wrong_number_is_reported_once_for_any_fault(method, keyword, how):
    for number in (2.5, -1):
        with pytest.raises(InputError, match=f"^{keyword}: "):
            getattr(sim.Study(SMALL, runs=4), method)(**how, **{keyword: number})


def test_numbers_of_numpy_and_paths_are_as_good_as_those_of_python():
    @by_keyword
    def call(count: int, share: float, *, path: str | Path, sure: bool = False) -> tuple:
        return count, share, path, sure

    assert call(np.int64(3), np.float32(0.5), path=SMALL, sure=np.True_) == (3, 0.5, SMALL, True)
    assert call(3, 1, path="x") == (3, 1, "x", False)
    with pytest.raises(TypeError, match="missing a required argument: 'share'"):
        call(3, path="x")


@pytest.mark.parametrize("function", [sim.explain, sim.story])
@pytest.mark.parametrize(
    "wrong",
    [{"run": "0"}, {"run": 1.5}, {"run": True}, {"variant": 5}, {"about": ["sale"]}, {"files": 1}],
)
def test_wrong_arguments_of_a_run_are_reported_by_keyword(function, wrong):
    (keyword,) = wrong
    with pytest.raises(InputError, match=f"^--{keyword}: must be "):
        function("nowhere", **({"run": 0} | wrong))


@pytest.mark.parametrize(
    "wrong", [{"runs": None}, {"contrast": 5}, {"contrast": ["sale"]}, {"variants": 5}]
)
def test_wrong_arguments_of_a_preview_are_reported_by_keyword(wrong):
    (keyword,) = wrong
    with pytest.raises(InputError, match=f"^(--)?{keyword}: must be "):
        sim.Preview(SMALL)(**wrong)


@pytest.mark.parametrize("wrong", [None, 5, "nowhere"])
def test_an_answer_is_of_results(wrong):
    with pytest.raises(InputError, match=r"^--results: must be Results, got "):
        sim.answer(wrong)
