"""Focus: the states, blocs and dyads that outcomes and events name."""

from __future__ import annotations

from sim.explain.focus import ASIDE, Focus
from sim.scenario.load import load
from tests.eventful import written

ABOUT = Focus(names=frozenset({"VNM", "USA", "HUB"}), dyads=frozenset({frozenset({"VNM", "RUS"})}))


def test_a_sale_counts_in_full_by_its_buyer_or_by_both_sides():
    assert ABOUT.share(("VNM", "KOR"), trade=True) == 1
    assert ABOUT.share(("RUS", "VNM"), trade=True) == 1
    assert ABOUT.share(("JPN", "USA"), trade=True) == ASIDE


def test_other_entries_count_in_full_by_any_party():
    assert ABOUT.share(("JPN", "USA")) == 1
    assert ABOUT.share(("JPN", "HUB")) == 1
    assert ABOUT.share(()) == 1
    assert ABOUT.share(("JPN", "CHN")) == ASIDE


def test_dyads_are_those_of_outcomes_and_events_of_two_states(tmp_path):
    found = Focus.of(load(written(tmp_path)))
    assert found.names == {"PACT", "GAM", "ALP", "BET", "DEL"}
    pairs = ("ALP", "GAM"), ("BET", "DEL"), ("ALP", "DEL"), ("DEL", "GAM"), ("ALP", "BET")
    assert found.dyads == {frozenset(each) for each in pairs}
    assert found.has_dyad(("GAM", "DEL", "BET"))
    assert not found.has_dyad(("GAM", "BET"))
