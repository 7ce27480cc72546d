"""Sliders: the numbers of the sweep and the uncertain ones, within bounds, with unit and source."""

from __future__ import annotations

import pytest

from sim.dashboard.sliders import DOUBTFUL, OTHER, SWEPT, changes_of, sliders_of
from sim.kernel.errors import InputError
from sim.scenario.load import load


@pytest.fixture(scope="module")
def scenario(small_swept):
    return load(small_swept)


def by_path(scenario, **asked):
    return {each.path: each for each in sliders_of(scenario, asked)}


def test_sliders_are_the_numbers_of_the_sweep_and_those_that_are_uncertain(scenario):
    found = by_path(scenario)
    assert {path: each.group for path, each in found.items()} == {
        "states.BRA.burden": SWEPT,
        "blocs.NORTH.norm": SWEPT,
        "offers.charlie_tank.price": SWEPT,
        "states.DEL.gdp": DOUBTFUL,
    }
    gdp, burden = found["states.DEL.gdp"], found["states.BRA.burden"]
    assert (gdp.low, gdp.high, gdp.usual, gdp.assumed) == (50_000, 70_000, 60_000, True)
    assert (burden.low, burden.high, burden.usual) == (0.02, 0.06, 0.04)
    assert burden.unit == "share of gdp"
    assert found["offers.charlie_tank.price"].values == (30, 40, 50)


def test_a_number_is_changed_only_if_its_slider_moves_by_a_step(scenario):
    assert not changes_of(sliders_of(scenario, {}))
    asked = {"set:states.BRA.burden": "0.04004", "set:offers.charlie_tank.price": "40"}
    assert not changes_of(sliders_of(scenario, asked))
    asked = {"set:states.BRA.burden": "0.05", "set:offers.charlie_tank.price": "50"}
    sets = ("offers.charlie_tank.price=50", "states.BRA.burden=0.05")
    assert changes_of(sliders_of(scenario, asked)) == sets


def test_a_number_that_a_link_sets_has_a_slider(scenario):
    found = by_path(scenario, **{"set:states.ALF.burden": "0.05"})["states.ALF.burden"]
    assert (found.group, found.value, found.changed) == (OTHER, 0.05, True)
    assert found.low <= 0.05 <= found.high


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("states.BRA.burdn", "1", "no number of that name"),
        ("states.BRA.burden", "much", "must be a number"),
        ("states.BRA.burden", "nan", "must be a finite number"),
        ("states.BRA.burden", "7", "must be"),
    ],
)
def test_what_no_slider_could_set_is_refused(scenario, path, text, said):
    with pytest.raises(InputError, match=said) as caught:
        sliders_of(scenario, {f"set:{path}": text})
    assert caught.value.problems[0].key == path


def test_every_slider_of_the_flagship_holds_its_value_within_its_bounds():
    found = sliders_of(load("polonez_vs_iskander"), {})
    assert len(found) > 20
    for each in found:
        assert each.low <= each.usual <= each.high, each.path
        assert each.values or 0 < each.step <= (each.high - each.low) / 20, each.path
        assert each.source, each.path
    assert len({each.id for each in found}) == len(found)
