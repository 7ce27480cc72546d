from __future__ import annotations

import numpy as np
import pytest

from sim.agents import BlocAgent, GeopoliticalModel, StateAgent
from sim.kernel.errors import InputError


def test_attributes_are_the_cells_of_the_world(model):
    armenia, row = model.states["ARM"], model.layout.states.index("ARM")
    russia = model.layout.states.index("RUS")
    world = model.world
    assert armenia.gdp == world.gdp[row, 0]
    assert armenia.affinity["RUS"] == world.affinity[row, russia, 0]
    assert armenia.arsenal["iskander_e"] > 0
    assert armenia.engagement["CSTO"] == model.blocs["CSTO"].engagement["ARM"]
    assert "ARM" not in armenia.affinity
    assert set(armenia.rivalry) == {"AZE", "TUR"}
    assert armenia.budget == world.budget[row, 0]
    assert armenia.strength == model.value("strength ARM")
    assert armenia.threat["AZE"] == model.value("threat ARM>AZE")
    assert armenia.exposure["AZE"] == model.value("exposure ARM>AZE")
    assert armenia.second_strike["AZE"] == model.value("second_strike ARM>AZE")
    bloc = model.blocs["CSTO"]
    assert bloc.leader == "RUS"
    assert bloc.members == ("ARM", "BLR", "KAZ", "KGZ", "RUS", "TJK")
    assert bloc.cohesion == model.value("cohesion CSTO")
    assert repr(armenia) == "<StateAgent ARM>"
    assert repr(bloc) == "<BlocAgent CSTO>"


def test_views_live_on_after_a_step(model):
    armenia = model.states["ARM"]
    affinity, before = armenia.affinity, dict(armenia.affinity)
    model.step()
    assert dict(affinity) == dict(armenia.affinity) != before


def test_setting_an_attribute_replaces_the_world_in_both_lanes(model):
    armenia, old = model.states["ARM"], model.world
    armenia.gdp = 20_000
    armenia.affinity["RUS"] = -0.5
    armenia.engagement = {"CSTO": 0.1}
    model.blocs["CSTO"].commitment = 0.9
    assert model.world is not old
    assert old.gdp[armenia.row, 0] != 20_000
    np.testing.assert_array_equal(model.world.gdp[armenia.row], [20_000, 20_000])
    assert armenia.affinity["RUS"] == -0.5
    assert model.blocs["CSTO"].engagement["ARM"] == 0.1
    assert model.blocs["CSTO"].commitment == 0.9
    assert armenia.affinity["BLR"] == old.affinity[armenia.row, model.states["BLR"].row, 0]


def test_what_is_set_counts_in_the_next_period(short):
    plain, changed = (GeopoliticalModel(short, metrics=[]) for _ in range(2))
    changed.states["ARM"].engagement["CSTO"] = 0.0
    plain.step()
    changed.step()
    assert changed.value("cohesion CSTO") < plain.value("cohesion CSTO")
    np.testing.assert_array_equal(changed.world.gdp[:, 0], changed.world.gdp[:, 1])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: setattr(s, "gdp", -1), "ARM.gdp: needs 1e-09 or more, got -1"),
        (lambda s: setattr(s, "fund", float("inf")), "ARM.fund: needs 0 or more, got inf"),
        (lambda s: setattr(s, "find", "much"), "ARM.find: needs 0 to 1, got much"),
        (lambda s: setattr(s, "find", float("nan")), "ARM.find: needs 0 to 1, got nan"),
        (
            lambda s: s.affinity.update({"RUS": 2}),
            "ARM.affinity['RUS']: needs -1 to 1, got 2",
        ),
        (
            lambda s: s.rivalry.update({"USA": 0.1}),
            "ARM.rivalry['USA']: no such number; known are AZE, TUR",
        ),
    ],
)
def test_what_cannot_be_is_refused(model, change, message):
    world = model.world
    with pytest.raises(InputError) as caught:
        change(model.states["ARM"])
    assert str(caught.value) == message
    assert model.world is world


def test_agents_are_chosen_and_added_up_as_in_any_mesa_model(model):
    states = model.agents.select(agent_type=StateAgent)
    assert len(states) == len(model.layout.states)
    assert {agent.name for agent in model.agents_by_type[BlocAgent]} == set(model.layout.blocs)
    total = states.agg("gdp", sum)
    assert total == pytest.approx(model.world.gdp[:, 0].sum())
    rich = states.select(lambda state: state.gdp > 1e6)
    assert "USA" in rich.get("name")
    states.select(lambda state: "CSTO" in state.member).set("burden", 0.05)
    assert model.states["BLR"].burden == 0.05
