"""The story of a run: the choice of entries, their truth, and the choice of the run."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import sim
from sim.cli.story_text import WIDTH, story_lines
from sim.documents.package_data import shipped_scenarios
from sim.experiments.ensemble import run
from sim.experiments.outcomes import Outcomes
from sim.explain.chronicle import ChronicleEntry, ChronicleReason
from sim.explain.chronicler import FEWEST, MOST
from sim.explain.impositions import plural
from sim.explain.leading_reasons import BASE, strongest
from sim.explain.period_teller import OF_OUTCOMES, SALE
from sim.explain.refrains import reasons_once, told_once
from sim.explain.story import story
from sim.explain.typical_runs import extreme_run, typical_run
from sim.kernel.errors import InputError, ResultError
from sim.kernel.words import together
from sim.metrics.catalogue import METRICS
from sim.scenario.schema.outcome_syntax import parse_outcome
from tests.eventful import written
from tests.shipped import of_runs

RUNS = 6


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return the folder of a result in which much happens."""
    folder = tmp_path_factory.mktemp("told")
    run(written(folder), runs=RUNS, out=folder / "result")
    return folder / "result"


@pytest.fixture(scope="module")
def told(place):
    """Return the story of every run, by number."""
    return [story(place, number) for number in range(RUNS)]


def test_a_story_has_10_to_30_entries_by_date(told):
    for each in told:
        least = min(FEWEST, each.candidates)
        assert least <= len(each.entries) <= MOST
        dates = [entry.date for entry in each.entries]
        assert dates == sorted(dates)


def test_wars_appeals_and_exits_are_those_of_the_events(told, place):
    rows = sim.load_results(place)["events"].query("variant == 'baseline'")
    for each in told:
        mine = rows[rows["run"] == each.run]
        for kind in ("war", "appeal", "exit"):
            happened = mine[mine["kind"] == kind]
            entries = [entry for entry in each.entries if entry.kind == kind]
            assert [entry.date for entry in entries] == happened["date"].tolist()
            for entry, actor in zip(entries, happened["actor"], strict=True):
                assert entry.parties[0] == actor


def test_an_appeal_names_who_comes_and_who_stays_away(told, place):
    rows = sim.load_results(place)["events"].query("variant == 'baseline' and run == 0")
    names = {"ALP": "Alp", "BET": "Bet", "DEL": "Del", "GAM": "Gam"}
    for entry in told[0].entries:
        if entry.kind == "appeal":
            asked = rows[(rows["date"] == entry.date) & rows["kind"].isin(["came", "stayed_away"])]
            asked = asked[asked["aided"] == entry.parties[0]]
            for kind, verb in (("came", "come"), ("stayed_away", "stay")):
                for state in asked.loc[asked["kind"] == kind, "actor"]:
                    assert names[state] in entry.sentence
                    assert verb in entry.sentence


def test_events_of_the_scenario_are_reported_once(told):
    sentences = [entry.sentence for entry in told[0].entries]
    deeds = next(each for each in sentences if each.startswith("Events of the scenario: "))
    assert {*deeds.removesuffix(".").partition(": ")[2].split("; ")} == {
        "Alp lends Gam 30 million USD", "Alp bans arms for Del", "laws.consent.base becomes 2.5",
    }  # fmt: skip
    assert "Bet leaves PACT, as set by the scenario." in sentences
    sale = [each for each in sentences if each.startswith("Del orders 4 Rocket from Bet")]
    assert sum("as set by the scenario" in each for each in sale) == 1


def test_reasons_and_chance_are_those_of_the_decision(place):
    told = story(place, 1)
    decided = [entry for entry in told.entries if entry.decision and entry.chance is not None]
    assert decided
    for entry in decided[:3]:
        (account,) = sim.explain(place, 1, decision=entry.decision).decisions
        assert account.id == entry.decision
        assert entry.chance == pytest.approx(account.chance)
        known = {reason.words: reason for reason in account.reasons}
        for reason in entry.reasons:
            if reason.words in known:
                mine = known[reason.words]
                less = mine.versus if reason.unit.endswith("compared with the next offer") else 0.0
                assert reason.value == pytest.approx(mine.value - (less or 0.0))


def test_effects_are_reported_once(told):
    for each in told:
        moved = [
            (m.metric, m.subject, m.before, m.after) for entry in each.entries for m in entry.moved
        ]
        assert len(moved) == len(set(moved))


def test_what_moved_is_about_the_parties_and_no_smaller_than_matters(told):
    for each in told:
        for entry in each.entries:
            for moved in entry.moved:
                change = abs(moved.after - moved.before)
                assert change >= METRICS[moved.metric].smallest * (1 - 1e-9)
                outcome = parse_outcome(f"{moved.metric} {moved.subject}")
                about = {name for _, name in outcome.names}
                assert about & set(entry.parties)
                assert moved.metric != "supplier_share" or about <= set(entry.parties)


def test_a_story_about_somebody_leaves_out_the_others(place, told):
    mine = story(place, 0, about="GAM")
    assert mine.entries
    assert all("GAM" in (*entry.parties, *entry.rivals) for entry in mine.entries)
    assert mine.candidates < told[0].candidates


def test_a_story_about_a_bloc_tells_sales_of_strike_systems_to_rivals_of_its_members(place):
    mine = [entry for number in range(2) for entry in story(place, number, about="PACT").entries]
    sales = [entry for entry in mine if "PACT" not in entry.parties]
    assert sales
    for entry in sales:
        assert entry.kind == SALE
        assert entry.rivals


def test_reasons_are_the_strongest_on_their_side():
    terms = {BASE: -9.0, "pull": 0.3, "push": -2.0, "tie": 1.0, "dust": 0.001, "weight": 0.4}
    words = {name: name for name in terms}
    yes = strongest("A", terms, words, "log odds", yes=True)
    assert [each.words for each in yes] == ["tie", "weight"]
    no = strongest("A", terms, words, "log odds", yes=False)
    assert [each.value for each in no] == [-2.0]


def test_names_stand_together_and_verbs_follow_their_number():
    assert together(["A"]) == "A"
    assert together(["A", "B", "C"]) == "A, B and C"
    assert plural(["A"], "stays away") == "stays away"
    assert plural(["A", "B"], "stays away") == "stay away"


@pytest.fixture
def outcomes(monkeypatch):
    """Make the tables of a result have three outcomes of five runs."""
    values = np.array(
        [[0.0, 1.0, 2.0, 3.0, 9.0], [5.0, 5.0, 4.0, 6.0, 5.0], [np.nan, 1.0, 1.0, 1.0, 1.0]]
    )
    texts = ("cohesion CSTO", "engagement CSTO", "hhi ARM")
    found = Outcomes(
        outcomes=[parse_outcome(each) for each in texts], values={"sale": values}, drawn={}
    )
    monkeypatch.setattr("sim.explain.typical_runs.outcomes_in", lambda _: found)
    return values


@pytest.mark.usefixtures("outcomes")
def test_the_typical_run_is_nearest_to_the_medians():
    run_, why = typical_run(SimpleNamespace(), "sale")
    # in quartile ranges, 2 and in standard deviations of the second: 0.5 + 0, and 0 + 1.58
    assert run_ == 1
    assert why == "nearest to the medians of 2 outcomes"


@pytest.mark.usefixtures("outcomes")
def test_an_extreme_run_lies_at_a_percentile():
    assert extreme_run(SimpleNamespace(), "sale", "cohesion CSTO", 95)[0] == 4
    assert extreme_run(SimpleNamespace(), "sale", "cohesion  CSTO", 5)[0] == 0
    with pytest.raises(InputError, match=r'no outcome "cohesion CST".*did you mean'):
        extreme_run(SimpleNamespace(), "sale", "cohesion CST", 5)
    with pytest.raises(InputError, match="--at: must be a percentile"):
        extreme_run(SimpleNamespace(), "sale", "cohesion CSTO", 500)


def test_an_extreme_run_like_most_names_the_end_of_the_tail(outcomes):
    outcomes[0] = [0.0, 0.0, 0.0, 0.0, 1.0]
    told = extreme_run(SimpleNamespace(), "sale", "cohesion CSTO", 60)[1]
    assert told.endswith(": 0, as in 4 of 5 runs (--at 100 takes one with 1)")
    assert extreme_run(SimpleNamespace(), "sale", "cohesion CSTO", 100)[1].endswith(": 1")
    assert extreme_run(SimpleNamespace(), "sale", "cohesion CSTO", 5)[1].endswith(": 0")


def test_an_outcome_that_no_run_defines_has_no_extreme_run(outcomes):
    outcomes[2] = np.nan
    with pytest.raises(ResultError, match="is not defined in any run"):
        extreme_run(SimpleNamespace(folder="here"), "sale", "hhi ARM", 5)


def test_by_default_the_story_is_that_of_the_typical_run(place):
    told = sim.story(place, variant="strict")
    results = sim.load_results(place)
    assert (told.run, told.picked) == typical_run(results, "strict")
    far = sim.story(place, extreme="cohesion PACT", at=5)
    assert far.run == extreme_run(results, "baseline", "cohesion PACT", 5)[0]


def test_results_in_memory_have_stories_too(tmp_path):
    results = run(written(tmp_path), runs=1)
    assert story(results).run == 0


def test_an_unknown_party_is_refused(place):
    with pytest.raises(InputError, match=r'--about: no state or bloc "GAMM".*GAM'):
        story(place, 0, about="GAMM")
    with pytest.raises(InputError, match="--extreme: cannot be combined with --run"):
        story(place, 0, extreme="cohesion PACT")
    with pytest.raises(InputError, match="--run"):
        story(place, 99)


@pytest.mark.study
@pytest.mark.parametrize("name", shipped_scenarios())
def test_every_shipped_scenario_has_stories_of_80_columns(name, tmp_path):
    results = run(of_runs(name, 3), out=tmp_path / "result")
    for variant in results.variants:
        told = story(results, 1, variant=variant)
        everything = sum(1 + len(each.again) for each in told.entries) == told.candidates
        assert everything or len(told.entries) >= FEWEST
        assert len(told.entries) <= MOST
        assert all(len(line) <= WIDTH for line in story_lines(told))


def test_repeated_entries_are_merged_with_their_dates_and_differing_reasons():
    def entry(date, sentence, kind=SALE, value=0.3, **more):
        reasons = (ChronicleReason(actor="A", words="price", value=value, unit="utility"),)
        known = {"parties": ("AAA", "BBB"), "weight": 20.0, "reasons": reasons, **more}
        return ChronicleEntry(date=date, kind=kind, sentence=sentence, **known)

    orders = [entry(f"{2018 + at}", f"A orders {at + 2} B from C.") for at in range(6)]
    (once,) = told_once(orders)
    assert once.sentence == "A orders 2 B from C; 5 more until 2023."
    assert once.again == ("2019", "2020", "2021", "2022", "2023")
    (twice,) = told_once([orders[0], orders[0], orders[1]])
    assert twice.sentence == "A orders 2 B from C; 2 more until 2019."
    assert told_once([orders[0], orders[0]])[0].sentence.endswith("; again on that date.")
    assert len(told_once([replace(each, weight=OF_OUTCOMES) for each in orders])) == 6
    many = [
        *orders[:3],
        orders[5],
        entry("2024", "A orders 7 B from C; D objects, E lets it pass."),
    ]
    assert [each.sentence for each in told_once(many)] == [
        "A orders 2 B from C; 4 more until 2024; in 1 of the 5, D objects, E lets it pass."
    ]
    held = [entry("2018", "B's order of 16 C from A is held up.", "suspended")] * 3
    assert [each.sentence for each in told_once(held)] == [
        "B's order of 16 C from A is held up; 2 more on that date."
    ]
    steps = [
        entry("2018", "A steps away.", "step_away"),
        entry("2019", "A goes.", "step_away", 0.4),
    ]
    assert [len(each.reasons) for each in reasons_once(steps)] == [1, 0]
