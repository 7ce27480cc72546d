"""Incidents and appeals by events: wars, their costs, and appeals."""

import numpy as np
import pytest

from sim.scenario.compile.build import build
from tests.small import built, event, model, passing, record
from tests.steps.test_events import AT, INDEX, place

OFFERS = ("missile_alp", "rocket_bet", "shield_bet", "tank_alp", "tank_bet")
SHUT = {"offers": {name: {"open": False} for name in OFFERS}}  # nothing comes that was bought


def test_an_appeal_with_an_answer_teaches_all_members(tmp_path):
    given = {"state": "GAM", "bloc": "PACT", "attacker": "DEL", "answer": 0.25}
    calm = {"laws": {"crisis": {"incidents": 0.1}}, "rivalries": {"GAM": {"with": {"DEL": 0.0}}}}
    calm["rivalries"]["DEL"] = {"with": {"GAM": 0.0}, "source": "assumed"}
    parts = built(model(tmp_path, {**calm, "events": {"it": event(AT, appeal=given)}}), 32)
    before, passed = passing(parts)[INDEX]
    gam, bet, alp, pact = place(before, "GAM", "BET", "ALP", "PACT")
    old, new = before.belief[:, pact], passed.world.belief[:, pact]
    assert new[gam] == pytest.approx(old[gam] + 0.5 * (0.25 - old[gam]))
    assert new[bet] == pytest.approx(old[bet] + 0.15 * (0.25 - old[bet]))
    regard = passed.world.affinity[gam] - before.affinity[gam]
    assert len(np.unique(np.round(regard[bet], 6))) > 1  # some came, some did not
    assert np.all(regard[alp] != 0)


def test_the_laws_answer_where_history_gives_none(tmp_path):
    given = {"state": "GAM", "bloc": "PACT"}
    parts = built(model(tmp_path, {"events": {"it": event(AT, appeal=given)}}), 64)
    before, passed = passing(parts)[INDEX]
    gam, pact = place(before, "GAM", "PACT")
    moved = passed.world.belief[gam, pact] - before.belief[gam, pact]
    assert np.all(moved != 0)
    assert 0 < np.mean(moved > 0) < 1


def test_an_incident_that_is_a_war_is_fought_in_every_run(found):
    war = found(incident={"states": ["GAM", "DEL"], "war": True, "attacker": "DEL"})
    pair = war.end.layout.dyad_number[place(war.end, "GAM", "DEL")]
    wars = np.diff(war.series["wars"][:, pair], axis=0, prepend=0)
    assert np.all(wars[INDEX] == 1)
    quiet = found(incident={"states": ["DEL", "GAM"], "war": False})
    assert np.all(np.diff(quiet.series["wars"][:, pair], axis=0, prepend=0)[INDEX] == 0)
    assert np.all(
        war.series["rivalry"][INDEX, pair] >= quiet.series["rivalry"][INDEX, pair] - 1e-12
    )
    assert np.any(war.series["belief"][INDEX] != quiet.series["belief"][INDEX])


def test_an_incident_alone_becomes_a_war_as_the_law_decides(found):
    clash = found(256, incident={"states": ["GAM", "DEL"]})
    pair = clash.end.layout.dyad_number[place(clash.end, "GAM", "DEL")]
    wars = np.diff(clash.series["wars"][:, pair], axis=0, prepend=0)[INDEX]
    assert 0 < wars.mean() < 1


def test_a_war_costs_both_sides_arms(tmp_path):
    war = {"incident": {"states": ["GAM", "DEL"], "war": True, "attacker": "DEL"}}
    fought = built(model(tmp_path, {**SHUT, "events": {"it": event("2017-Q4", **war)}}), 32)
    war["incident"]["war"] = False
    spared = built(model(tmp_path, {**SHUT, "events": {"it": event("2017-Q4", **war)}}), 32)
    end, other = (passing(parts)[0][1].world for parts in (fought, spared))
    gam, del_, tank = place(end, "GAM", "DEL", "tank")
    left = np.stack([end.arsenal[i, tank] / other.arsenal[i, tank] for i in (gam, del_)])
    assert np.sort(left, axis=0) == pytest.approx(np.array([[0.7], [0.9]]) + 0 * left)


def left_by_a_war(folder, **incident):
    """Return the shares of tanks that a war of DEL against GAM leaves the loser and the winner."""
    war = {"states": ["GAM", "DEL"], "attacker": "DEL", **incident}
    tanks = []
    for fought in (True, False):
        events = {"it": event("2017-Q4", incident={**war, "war": fought})}
        world = passing(built(model(folder, {**SHUT, "events": events}), 32))[0][1].world
        gam, del_, tank = place(world, "GAM", "DEL", "tank")
        tanks.append(world.arsenal[[gam, del_], tank])
    return np.sort(tanks[0] / tanks[1], axis=0)


@pytest.mark.parametrize(
    ("intensity", "loser", "winner"), [(1.0, 0.7, 0.9), (0.5, 0.85, 0.95), (0.0, 1.0, 1.0)]
)
def test_a_short_war_costs_a_share_of_the_losses(tmp_path, intensity, loser, winner):
    left = left_by_a_war(tmp_path, intensity=intensity)
    assert left == pytest.approx(np.array([[loser], [winner]]) + 0 * left)


def test_the_intensity_of_a_war_may_differ_from_run_to_run(tmp_path):
    spread = {"value": 0.5, "dist": "uniform", "low": 0.0, "high": 1.0, "source": "assumed"}
    loser, _ = left_by_a_war(tmp_path, intensity=spread)
    assert loser == pytest.approx(0.85)  # at its value, since nothing is drawn
    parts = model(
        tmp_path,
        {
            "events": {
                "it": event(AT, incident={"states": ["GAM", "DEL"], "war": True, "attacker": "DEL"})
            }
        },
    )
    drawn = np.linspace(0.0, 1.0, 4)
    inputs = build(
        parts, runs=np.arange(4), seed=0, numbers={"events.it.incident.intensity": drawn}
    ).inputs[INDEX]
    assert np.array_equal(inputs.intensity[inputs.war[:, 0] == 1], drawn[None])


def test_a_war_lasts_to_the_end_of_a_date_or_so_many_years_and_has_the_winner_of_history(tmp_path):
    war = {"states": ["GAM", "DEL"], "war": True, "attacker": "DEL"}
    for said in ({"until": "2018"}, {"length": 0.75}):
        events = {"it": event(AT, incident={**war, "winner": "GAM", **said})}
        calm = {"laws": {"crisis": {"incidents": 0}}, "events": events}
        lived = record(model(tmp_path, calm), 16)
        pair = lived.end.layout.dyad_number[place(lived.end, "GAM", "DEL")]
        years = lived.series["at_war"][:, pair].mean(axis=-1)
        assert np.array_equal(np.nonzero(years)[0], INDEX + np.arange(3)), said  # Q2 to Q4
        assert np.all(lived.series["victories"][INDEX + 2 :, pair] == 1)
        assert not lived.series["victories"][: INDEX + 2, pair].any()
        assert np.all(lived.series["wars"][-1, pair] == 1)


def appeals_at(found, index):
    """Return how often GAM appealed to PACT in a period: (runs,)."""
    row = found.end.layout.subjects["member"].index("GAM:PACT")
    return np.diff(found.series["appeals"][:, row], axis=0, prepend=0)[index]


def test_the_attacked_appeals_unless_the_incident_says_no(found):
    war = {"states": ["GAM", "DEL"], "war": True, "attacker": "DEL"}
    calm = {"laws": {"crisis": {"incidents": 0.1}}}
    asked = found(patch=calm, incident=war)
    silent = found(patch=calm, incident={**war, "appeal": False})
    assert np.all(appeals_at(asked, INDEX) == 1)
    assert np.all(appeals_at(silent, INDEX) == 0)
    pair = asked.end.layout.dyad_number[place(asked.end, "GAM", "DEL")]
    for name in ("wars", "rivalry"):  # the war is fought all the same
        assert np.array_equal(*(each.series[name][: INDEX + 1, pair] for each in (asked, silent)))


def test_where_the_attacked_is_silent_an_event_may_appeal_for_it(tmp_path):
    war = {"states": ["GAM", "DEL"], "war": True, "attacker": "DEL", "appeal": False}
    plea = {"state": "GAM", "bloc": "PACT", "attacker": "DEL", "answer": 0.25}
    events = {"war": event(AT, incident=war), "plea": event(AT, appeal=plea)}
    lived = record(model(tmp_path, {"events": events}), 16)
    assert np.all(appeals_at(lived, INDEX) == 1)


def test_wars_of_the_model_are_appealed_in_as_the_law_has_it(found):
    hot = {"laws": {"crisis": {"incidents": 4.0}}}
    quiet = {"states": ["GAM", "DEL"], "war": False, "appeal": False}
    lived = found(64, patch=hot, incident=quiet)
    assert any((appeals_at(lived, at) > 0).any() for at in range(INDEX, 12))
