"""What an embargo is called: by one or several, of all arms or of some offers."""

import pytest
import yaml

import sim
from sim.explain.impositions import IMPOSITIONS, ban, cuts
from sim.scenario.schema.events import EmbargoChange, SanctionChange
from tests.small import SMALL, event, merged

NAMES = {"ALP": "Alp", "DEL": "Del"}


@pytest.mark.parametrize(
    ("embargo", "words"),
    [
        ({"supplier": "ALP", "recipient": "DEL"}, "Alp bans arms for Del"),
        (
            {"supplier": ["ALP", "PACT"], "recipient": ["DEL"], "offers": ["tank", "shield"]},
            "Alp and PACT ban tank and shield for Del",
        ),
        (
            {"supplier": "ALP", "recipient": "DUO", "lift": True},
            "Alp lifts its ban on arms for DUO",
        ),
        (
            {"supplier": ["ALP", "DEL"], "recipient": "DUO", "lift": True},
            "Alp and Del lift their ban on arms for DUO",
        ),
    ],
)
def test_an_embargo_is_told_with_all_who_ban_and_all_it_hits(embargo, words):
    about, states = EmbargoChange.model_validate(embargo), list(NAMES)
    parts = ban(about, states, lambda at: NAMES[states[at]])
    assert IMPOSITIONS["embargo"][about.lift].format(**parts) == words


@pytest.mark.parametrize(
    ("sanction", "words"),
    [
        ({"by": "ALP", "against": ["DEL"], "cut": 0.8}, "Alp cuts 80% of the trade with Del"),
        ({"by": ["ALP", "DEL"], "against": "DEL"}, "Alp and Del cut 100% of the trade with Del"),
        ({"by": ["ALP"], "against": "DEL", "cut": 0}, "Alp opens all trade with Del again"),
    ],
)
def test_a_sanction_is_told_with_all_who_cut_and_all_it_hits(sanction, words):
    about, states = SanctionChange.model_validate(sanction), list(NAMES)
    parts = cuts(about, states, lambda at: NAMES[states[at]])
    sentence = IMPOSITIONS["sanction"][0 if about.cut else -1]
    assert sentence.format(**parts, amount=about.cut) == words


def test_what_a_holder_withholds_is_an_event_of_the_run_and_told(tmp_path):
    lever = {
        "by": "ALP", "supplier": "BET", "recipient": "GAM", "system": "rocket", "resolve": 1.0,
        "withholds": ["missile_alp", "tank_alp"], "source": "assumed",
    }  # fmt: skip
    order = {"supplier": "BET", "recipient": "GAM", "system": "rocket", "units": 4}
    patch = {"leverage": {"arms": lever}, "events": {"deal": event("2018-Q1", order=order)}}
    file = tmp_path / "small.yaml"
    file.write_text(yaml.safe_dump(merged(SMALL, patch), sort_keys=False), encoding="utf-8")
    results = sim.run(file, runs=2, out=tmp_path / "result")
    rows = results["events"]
    held = rows[rows["kind"] == "withheld"]
    assert held[["actor", "against", "about"]].drop_duplicates().to_numpy().tolist() == [
        ["ALP", "GAM", "arms"]
    ]
    assert held["run"].tolist() == [0, 1]
    told = sim.story(tmp_path / "result", 0).entries
    assert "Alp withholds Missile and Tank from Gam." in [each.sentence for each in told]
