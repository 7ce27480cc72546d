"""The sources in force: those reached by facts, events and laws, and no others."""

from __future__ import annotations

from sim.documents.sources import entries_of
from sim.scenario.citations import citations
from sim.scenario.paths import number_paths
from tests.shipped import read
from tests.small import event, model

OWN = {"references": {"my_book": "Own, A. (2001). A book & 3 % of {it}."}}


def places(found):
    return {each.key: each.places for each in found}


def test_assumed_is_not_a_source_and_laws_in_force_are_cited(tmp_path):
    found = places(citations(model(tmp_path)))
    assert "assumed" not in found
    assert "laws.threat" in found["walt1985"]
    assert "laws.contract.deposit" in found["tass2017credit"]
    assert "sipri_milex" not in found


def test_another_variant_of_a_law_brings_its_parameters_sources(tmp_path):
    fixed = {"rules": {"answer": "fixed"}}
    found = places(citations(model(tmp_path, fixed)))
    assert "laws.answer.reliability" in found["berkemeier2018"]


def test_events_blocks_without_numbers_and_single_numbers_are_reached(tmp_path):
    sale = {"supplier": "BET", "recipient": "DEL", "system": "rocket"}
    patch = {
        "events": {"ask": event(request=sale)},
        "embargoes": {"no": {"supplier": "ALP", "recipient": "DEL", "source": "osw2014"}},
        "offers": {
            "rocket_bet": {
                "price": {
                    "value": 60, "dist": "uniform", "low": 50, "high": 70, "source": "aravot2018"
                }
            }
        },
    }  # fmt: skip
    patch["events"]["ask"]["source"] = ["turan2017hasanov", "assumed"]
    found = places(citations(model(tmp_path, patch)))
    assert found["turan2017hasanov"] == ("events.ask",)
    assert found["osw2014"] == ("embargoes.no",)
    assert found["aravot2018"] == ("offers.rocket_bet.price",)


def test_sources_of_the_values_of_a_pattern_are_cited_where_they_are(tmp_path):
    check = {"quantity": "hhi", "to": "DEL", "window": "2018..2019", "historical": 0.5}
    about = {"claim": "x", "scored": False, "source": "assumed"}
    north = {**about, "sources": {"checks": "sipri_arms"}, "checks": {"own": check}}
    found = places(citations(model(tmp_path, {"patterns": {"north": north}})))
    assert "patterns.north.checks" in found["sipri_arms"]


def test_a_scenarios_own_reference_is_given_in_its_words_if_it_is_used(tmp_path):
    unused = citations(model(tmp_path, OWN))
    assert "my_book" not in places(unused)
    used = citations(model(tmp_path, OWN | {"debts": {"old": {"source": "my_book"}}}))
    (own,) = (each for each in used if each.key == "my_book")
    assert (own.entry, own.own) == (None, OWN["references"]["my_book"])
    assert own.places == ("debts.old",)


def test_every_source_of_the_flagship_is_found():
    for variant, whole in read("polonez_vs_iskander").variants.items():
        found = citations(whole)
        assert len(found) > 40, variant
        assert all(each.entry is not None and each.places for each in found), variant
        text = "\n\n".join(each.entry.text for each in found)
        assert list(entries_of(text)) == [each.key for each in found], variant


def test_a_variant_that_has_no_such_event_does_not_cite_it():
    scenario = read("polonez_vs_iskander")
    sale = "events.polonez_sale"
    assert sale in places(citations(scenario.variants["sale"]))["mediamax2018"]
    rest = places(citations(scenario.variants["baseline"]))
    assert all(sale not in each for each in rest.values())


def test_of_several_sources_a_block_says_which_number_has_which(tmp_path):
    patch = {"states": {"ALP": {"source": "osw2014", "sources": {"burden": "sipri_milex"}}}}
    small = model(tmp_path, patch)
    paths = number_paths(small)
    assert paths["states.ALP.burden"].source == ("sipri_milex",)
    assert paths["states.ALP.gdp"].source == ("osw2014",)
    found = places(citations(small))
    assert found["sipri_milex"] == ("states.ALP.burden",)
    assert "states.ALP" in found["osw2014"]


def test_unused_systems_and_classes_are_not_cited(tmp_path):
    spare = {
        "classes": {"boats": {"satiation": 1, "life": 20, "role": "other", "source": "osw2014"}},
        "systems": {"boat": {"name": "Boat", "class": "boats", "worth": 1, "source": "osw2014"}},
    }
    assert "osw2014" not in places(citations(model(tmp_path, spare)))
    bought = {"arsenals": {"ALP": {"units": {"boat": 1}, "source": "assumed"}}}
    found = places(citations(model(tmp_path, spare | bought)))
    assert found["osw2014"] == ("classes.boats", "systems.boat")
