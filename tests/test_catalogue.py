"""The catalogue of 2017 and the flagship have the facts of the case."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import yaml

from bench.affinities import agreement, beyond_habit, regard
from sim.experiments.evaluation import variant_outcomes
from sim.experiments.options import Options
from sim.scenario.load import load
from tests.shipped import read

FACTS = Path(__file__).resolve().parents[2] / "shared" / "facts"
STATES_2016, VOTES = FACTS / "states_2016.csv", FACTS / "unga_agreement.csv"
CATALOGUE = Path(__file__).resolve().parents[1] / "scenarios" / "catalogue"
OUTSIDE = "sold RUS>AZE iskander_e, delivered RUS>AZE iskander_e"
REGARD = {
    "affinities_2005": ("south_caucasus_2005", 2001, 2004),
    "affinities_2017": ("polonez_vs_iskander", 2012, 2016),
}
NAMED = (  # in the seed document
    "t72", "pion_2s7", "d20", "d30", "su25", "buk_mb", "skif", "polonez", "iskander_e", "lora",
    "ghaznavi", "smerch", "tb2", "s300ps", "su30sm", "harop", "trg300",
)  # fmt: skip


@pytest.fixture(scope="module")
def flagship():
    return read("polonez_vs_iskander")


def test_it_has_the_states_of_the_facts(flagship):
    states = flagship.base.states
    assert len(states) == 17
    if not STATES_2016.exists():
        pytest.skip("the facts are not beside this checkout")
    with STATES_2016.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted(states) == sorted(row["iso3"] for row in rows)


def test_it_has_every_system_that_the_seed_document_names(flagship):
    assert len(flagship.base.systems) >= 25
    assert [name for name in NAMED if name not in flagship.base.systems] == []


def test_offers_name_the_states_that_license_or_build_parts(flagship):
    offers = flagship.base.offers
    assert len(offers) >= 35
    partners = {name: {*offers[name].licensors, *offers[name].components} for name in offers}
    assert partners["polonez"] == {"CHN"}
    assert partners["buk_mb"] == {"UKR", "RUS"}
    assert [partners[name] for name in offers if offers[name].system == "skif"] == [{"BLR"}]
    for name, each in offers.items():
        assert all((each.price, each.batch)), name
        assert each.lag is not None, name


def test_it_has_the_blocs_the_debts_and_the_pending_request(flagship):
    base = flagship.base
    assert set(base.blocs["CSTO"].members) == {"RUS", "BLR", "KAZ", "ARM", "KGZ", "TJK"}
    assert set(base.blocs["TUR_AZE"].members) == {"TUR", "AZE"}
    assert "NATO" in base.blocs
    assert base.debts
    request = base.events["polonez_request"]
    asked = request.request
    assert (request.at, asked.supplier, asked.recipient) == ("2017-Q4", "BLR", "AZE")
    assert {"ARM", "AZE"} <= {asset.owner for asset in base.assets.values()}


def test_the_flagship_runs_from_the_talks_to_2024_with_its_variants(flagship):
    time = flagship.base.time
    assert (time.start, time.end, time.period) == ("2017-Q4", "2024-Q4", "quarter")
    assert list(flagship.variants) == [
        "baseline", "sale", "no_sale", "no_iskander", "no_preference", "no_example", "blocked",
    ]  # fmt: skip


def test_every_number_has_a_source(flagship):
    for variant in flagship.variants:
        assert all(flagship.sources_of(variant).values()), variant


def sold_to_azerbaijan(runs, only=()):
    """Return how many runs of variants of the flagship, or of all, sell Azerbaijan Iskander-E."""
    sets = [
        f"outcomes=[{OUTSIDE}]",
        f"runs={runs}",
        "contrasts=null",
        "expect=null",
        "patterns=null",
    ]
    scenario = load("polonez_vs_iskander", sets=sets)
    found = variant_outcomes(scenario, list(only or scenario.variants), Options())
    return {variant: values.sum() for variant, values in found.values.items()}


def test_the_flagship_sells_azerbaijan_no_iskander():
    assert set(sold_to_azerbaijan(runs=10, only=["baseline"]).values()) == {0}


@pytest.mark.study
def test_no_run_of_any_variant_of_the_flagship_sells_azerbaijan_iskander():
    assert set(sold_to_azerbaijan(runs=1000).values()) == {0}


@pytest.mark.parametrize("name", ["polonez_vs_iskander", "south_caucasus_2005"])
def test_iskander_is_for_members_of_the_csto_alone(name):
    for model in read(name).variants.values():
        assert model.offers["iskander_e"].to == ("CSTO",)
        assert "AZE" not in model.blocs["CSTO"].members


@pytest.mark.parametrize("name", ["polonez_vs_iskander", "south_caucasus_2005", "two_blocs_2017"])
def test_regard_at_the_start_rests_on_the_rule_or_cites_an_event(name):
    sources = read(name).sources_of("baseline")
    regards = {path: source for path, source in sources.items() if path.startswith("affinities.")}
    states = len(read(name).base.states)
    assert len(regards) == states * (states - 1)
    assert [path for path, source in regards.items() if source == "assumed"] == []


@pytest.mark.parametrize("name", REGARD)
def test_regard_of_a_catalogue_is_what_its_rule_gives(name):
    if not VOTES.exists():
        pytest.skip("the facts are not beside this checkout")
    scenario, first, last = REGARD[name]
    model = read(scenario).base
    states = sorted(model.states)
    found = regard(model, states, beyond_habit(agreement(VOTES, states, range(first, last + 1))))
    file = CATALOGUE / f"{name}.yaml"
    written = yaml.safe_load(file.read_text(encoding="utf-8"))["affinities"]
    for i, one in enumerate(states):
        for j, other in enumerate(states):
            if one != other:
                number = written[one]["toward"][other]
                number = number["value"] if isinstance(number, dict) else number
                assert number == pytest.approx(found[i, j], abs=0.0051), (one, other)


def test_states_that_are_added_leave_the_votes_of_the_others_as_they_were():
    agreed = np.array([[np.nan, 0.9, 0.5], [0.9, np.nan, 0.6], [0.5, 0.6, np.nan]])
    added = np.pad(agreed, (0, 1), constant_values=0.7)
    added[3, 3] = np.nan
    votes = beyond_habit(added, among=[0, 1, 2])
    assert votes[:3, :3] == pytest.approx(beyond_habit(agreed), abs=1e-12)
    assert np.median(votes[3, :3]) == pytest.approx(0)


def test_those_added_to_the_catalogue_keep_its_regards():
    before, after = (read(name).base for name in ("polonez_vs_iskander", "two_blocs_2017"))
    shared = set(before.states) & set(after.states)
    assert len(shared) == 14
    for one in shared:
        for other in shared - {one}:
            there = before.affinities[one].toward.get(other)
            assert after.affinities[one].toward.get(other) == there, (one, other)
