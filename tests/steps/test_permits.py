"""Permits: clientele, embargoes of states and blocs, and the say of licensors and makers."""

import json
import re

import numpy as np
import pytest

from sim.kernel.arrays import NONE
from sim.steps.permits import bans, permits
from tests.small import SMALL, built, columns, event, merged, model, record, same


@pytest.fixture
def permitted(tmp_path):
    """Return a function that gives who may buy an offer, in the small scenario under a patch."""

    def buyers(patch, offer="rocket_bet", **changes):
        world = built(model(tmp_path, patch), 2).world
        world = world.but(**{name: change(world) for name, change in changes.items()})
        table = permits(world)[:, world.layout.offers.index(offer)]
        assert np.all(table == table[:, :1])
        return {name for name, may in zip(world.layout.states, table[:, 0], strict=True) if may}

    return buyers


def rocket(**keys):
    return {"offers": {"rocket_bet": keys}}


def embargo(supplier, recipient):
    return {
        "embargoes": {"ban": {"supplier": supplier, "recipient": recipient, "source": "assumed"}}
    }


ALL = {"ALP", "BET", "GAM", "DEL"}


@pytest.mark.parametrize(
    ("keys", "buyers"),
    [
        ({}, ALL),
        ({"to": "DEL"}, {"DEL"}),
        ({"to": ["DEL", "GAM"]}, {"DEL", "GAM"}),
        ({"to": "PACT"}, {"ALP", "BET", "GAM"}),
        ({"to": ["PACT", "DEL"], "not_to": "GAM"}, {"ALP", "BET", "DEL"}),
        ({"not_to": "DUO"}, {"ALP", "GAM"}),
        ({"to": "GAM", "not_to": "PACT"}, set()),  # a refusal comes first
    ],
)
def test_an_offer_is_made_to_whom_it_lists_and_to_members_of_the_blocs(permitted, keys, buyers):
    assert permitted(rocket(**keys)) == buyers


def test_a_bloc_means_its_present_members(permitted):
    def without_gam(world):
        member = world.member.copy()
        member[world.layout.states.index("GAM"), world.layout.blocs.index("PACT")] = 0.0
        return member

    assert permitted(rocket(to="PACT"), member=without_gam) == {"ALP", "BET"}
    assert permitted(embargo("DUO", "PACT"), member=without_gam) == {"GAM", "DEL"}


@pytest.mark.parametrize(
    ("supplier", "recipient", "buyers"),
    [
        ("BET", "DEL", {"ALP", "BET", "GAM"}),
        (["BET", "GAM"], ["DEL", "ALP"], {"BET", "GAM"}),
        ("DUO", "PACT", {"DEL"}),
        ("DEL", ["PACT"], ALL),  # it has no say in the rocket
        ("ALP", "DEL", {"ALP", "BET", "GAM"}),  # it builds a part of it
    ],
)
def test_an_embargo_stops_what_suppliers_and_partners_have_a_say_in(
    permitted, supplier, recipient, buyers
):
    assert permitted(embargo(supplier, recipient)) == buyers


def test_a_state_without_a_say_stops_no_sale(permitted):
    assert permitted(merged(embargo("ALP", "DEL"), rocket(no_say=["ALP"]))) == ALL
    licensed = rocket(components=[], licensors=["ALP"])
    assert permitted(merged(embargo("ALP", "DEL"), licensed)) == {"ALP", "BET", "GAM"}


def test_a_maker_without_a_say_is_not_asked_but_blamed(tmp_path):
    layout = built(model(tmp_path, rocket(no_say=["ALP"])), 2).world.layout
    offer = layout.offers.index("rocket_bet")
    assert layout.partners[offer].tolist() in ([], [NONE])
    assert layout.makers[offer].tolist() == [layout.states.index("ALP")]


def test_embargoes_of_blocs_hit_blocs(tmp_path):
    world = built(model(tmp_path, embargo("DUO", ["PACT"])), 2).world
    names = world.layout.states
    stopped = {(names[j], names[i]) for j, i in np.argwhere(bans(world)[..., 0]).tolist()}
    assert stopped == {(j, i) for j in ("DEL", "BET") for i in ("ALP", "BET", "GAM")}


def sales(found, offer):
    """Return the periods in which an offer was asked for by DEL, in any run."""
    log, layout = found.end.log, found.end.layout
    mine = log.offer == layout.offers.index(offer)
    mine &= log.recipient == layout.states.index("DEL")
    asked = mine.reshape(len(layout.calendar), layout.rows, -1).any(axis=(1, 2))
    return np.nonzero(asked)[0]


def test_an_event_closes_an_offer_to_some_and_another_opens_it_again(tmp_path):
    parties = {"supplier": "BET", "recipient": ["DEL", "ALP"], "offers": "rocket_bet"}
    events = {
        "closed": event("2018-Q1", embargo=parties),
        "opened": event("2019-Q1", embargo={**parties, "lift": True}),
    }
    found = record(model(tmp_path, {"events": events}), 64)
    asked = sales(found, "rocket_bet")
    assert 0 in asked
    assert not set(asked) & {1, 2, 3, 4}
    assert asked.max() > 4
    assert set(sales(found, "tank_bet")) & {1, 2, 3, 4}


def test_an_embargo_of_a_bloc_by_an_event_ends_by_another(tmp_path):
    parties = {"supplier": ["DUO", "ALP"], "recipient": ["DEL", "PACT"]}
    events = {
        "ban": event("2018-Q1", embargo=parties),
        "end": event("2019-Q1", embargo={**parties, "lift": True}),
    }
    asked = sales(record(model(tmp_path, {"events": events}), 64), "rocket_bet")
    assert 0 in asked
    assert not set(asked) & {1, 2, 3, 4}
    assert asked.max() > 4


def test_a_request_asks_for_the_offer_that_is_made_to_the_recipient(tmp_path):
    second = {**SMALL["offers"]["rocket_bet"], "to": ["DEL"], "licensors": ["GAM"]}
    patch = {
        "offers": {"rocket_bet": {"not_to": ["DEL"]}, "rocket_two": second},
        "events": {
            "ask": event(
                "2017-Q4", request={"supplier": "BET", "recipient": "DEL", "system": "rocket"}
            )
        },
    }
    parts = built(model(tmp_path, patch), 2)
    offers = parts.world.layout.offers
    assert [offers[o] for o in parts.inputs[0].offer[:, 0]] == ["rocket_two"]
    assert parts.world.layout.queries == (("rocket_two", "DEL"),)


def test_lists_of_all_states_change_no_byte(tmp_path):
    alone = columns(record(model(tmp_path)))
    everybody = {"offers": {name: {"to": ["PACT", "DUO", "GAM"]} for name in SMALL["offers"]}}
    assert same(alone, columns(record(model(tmp_path, everybody)))) == []


def test_a_bystander_on_a_list_has_no_effect_on_others(tmp_path):
    state = {**SMALL["states"]["BET"], "gdp": 10, "import_share": 0, "neighbours": ["DEL"]}
    alone = record(model(tmp_path, rocket(not_to=["DUO"])), 64)
    patch = {"states": {"YAN": {**state, "latitude": -60}}, **rocket(not_to=["DUO", "YAN"])}
    joined = record(model(tmp_path, patch), 64)
    assert sales(alone, "rocket_bet").size == 0
    for name in ("engagement", "imports"):
        assert joined.series[name][..., :4, :] == pytest.approx(alone.series[name][..., :4, :])


def test_a_state_renamed_has_the_same_permits_and_the_same_orders_under_way(tmp_path):
    patch = merged(embargo(["DUO", "ALP"], ["GAM"]), rocket(to=["PACT", "DEL"], no_say=["ALP"]))
    patch["offers"]["tank_alp"] = {"not_to": ["DUO"], "credit": 0.5, "rate": 0.01}
    patch["backlog"] = {
        "old": {"offer": "tank_alp", "recipient": "DEL", "units": 30, "ordered": "2016-Q1",
                "due": "2018-Q2", "left": 2, "source": "assumed"},
    }  # fmt: skip
    other = {"ALP": "ZULU", "BET": "YANKEE", "GAM": "ALFA", "DEL": "MIKE"}
    text = json.dumps(merged(SMALL, patch))
    renamed = json.loads(re.sub("|".join(other), lambda name: other[name[0]], text))
    worlds = [
        built(model(tmp_path, document=document), 2).world
        for document in (merged(SMALL, patch), renamed)
    ]
    one, two = worlds
    order = [two.layout.states.index(other[name]) for name in one.layout.states]
    assert np.array_equal(permits(one), permits(two)[order])
    assert one.owed.any()
    assert np.array_equal(one.owed, two.owed[order])
    assert order[one.log.recipient[-1, 0]] == two.log.recipient[-1, 0]
    for name in ("units", "value", "left", "due", "delivered", "offer"):
        assert np.array_equal(getattr(one.log, name)[-1], getattr(two.log, name)[-1]), name
