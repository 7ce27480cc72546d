"""Members that start at rest: at the level of the law of engagement."""

from __future__ import annotations

import numpy as np
import pytest

from sim.scenario.compile.equilibrium import resting
from sim.scenario.paths import number_paths
from tests.small import built, model, passing

REST = {"blocs": {"PACT": {"engagement": "rest"}}}
MEMBERS = ("BET", "GAM")  # less the leader, ALP


@pytest.fixture
def small(tmp_path):
    return model(tmp_path, REST)


def starts(parts):
    """Return the engagement of states in the bloc, by name: (runs,)."""
    layout = parts.world.layout
    at = layout.blocs.index("PACT")
    return {name: parts.world.engagement[i, at] for i, name in enumerate(layout.states)}


def test_members_start_at_the_level_to_which_the_law_draws_them(small):
    parts = built(small, runs=3)
    layout = parts.world.layout
    level = resting(parts.world, parts.rules)[:, layout.blocs.index("PACT")]
    start = starts(parts)
    for name in MEMBERS:
        assert start[name] == pytest.approx(level[layout.states.index(name)], abs=1e-8)
        assert (start[name] != 0.6).all()
    assert (start["ALP"] == 1).all()  # the leader's own stays 1
    assert (start["DEL"] == 0).all()  # no member


def test_a_world_at_rest_does_not_drift_in_the_first_period(small, tmp_path):
    first = next(iter(passing(built(small, runs=3))))[1].world
    (tmp_path / "usual").mkdir()
    usual = built(model(tmp_path / "usual"), runs=3)
    later = next(iter(passing(usual)))[1].world
    for name in MEMBERS:
        i = first.layout.states.index(name)
        at = first.layout.blocs.index("PACT")
        start = starts(built(small, runs=3))[name]
        moved = np.abs(first.engagement[i, at] - start).max()
        assert moved < np.abs(later.engagement[i, at] - starts(usual)[name]).max()
        assert moved < 0.02


def test_a_computed_level_is_not_a_number_of_the_scenario(small, tmp_path):
    assert "blocs.PACT.engagement.BET" not in number_paths(small)
    (tmp_path / "usual").mkdir()
    assert "blocs.PACT.engagement.BET" in number_paths(model(tmp_path / "usual"))


def test_frozen_members_start_as_usual(tmp_path):
    frozen = model(tmp_path, {"blocs": {"PACT": {"engagement": "rest", "frozen": ["GAM"]}}})
    assert (starts(built(frozen, runs=3))["GAM"] == 0.6).all()


def test_each_run_has_its_own_rest_where_numbers_are_drawn(tmp_path):
    burden = {"value": 0.04, "dist": "uniform", "low": 0.01, "high": 0.2, "source": "assumed"}
    uncertain = model(tmp_path, REST | {"uncertain": True, "states": {"DEL": {"burden": burden}}})
    assert len({*np.round(starts(built(uncertain, runs=4))["GAM"], 6)}) > 1
