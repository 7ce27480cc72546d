"""Turns of memberships have reasons, flips, and entries in the story."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import yaml

from sim.cli.account_text import told
from sim.experiments.watch.choice_readers import choices_of
from sim.experiments.watch.choices import OF_MEMBERS, POINTS
from sim.explain.accountant import Accountant
from sim.explain.balance import balance_of
from sim.explain.casebook import Casebook
from sim.explain.flips import turns
from sim.explain.replay import replay
from sim.explain.story import chronicle_of
from sim.kernel.arrays import added
from sim.scenario.load import load
from tests.explain.verdicts import rounds_of, verdicts
from tests.small import SMALL, event, merged

RUNS = 1, 3, 5
RULES = {"engagement": "mutual", "membership": "shocks", "exit_option": "sponsors",
         "discipline": "strict", "accession": "open"}  # fmt: skip
LAWS = {
    "discipline": {"shuts": 4.0, "expels": 1.0, "readmits": 4.0},
    "accession": {"rate": 4.0, "base": 1.0},
    "membership": {"exit_rate": 1.0, "exit_scale": 0.2, "by_coercion": 2.0, "by_need": 1.0,
                   "freezing": 2.0, "thaw": 3.0, "skips": 0.3},
}  # fmt: skip
TURNS = {
    "out": event("2018-Q4", exclude={"state": "GAM", "bloc": "PACT"}),
    "plea": event("2018-Q1", appeal={"state": "BET", "bloc": "PACT", "answer": 0}),
    "call": event("2018-Q3", appeal={"state": "GAM", "bloc": "PACT", "answer": 0}),
    "hate": event("2018-Q4", affinity={"state": "ALP", "toward": "BET", "value": -0.8}),
    "aid": event("2018-Q1", sponsor={"sponsor": "DEL", "client": "GAM", "willing": 0.8}),
    "turn": event("2019-Q1", affinity={"state": "GAM", "toward": "DEL", "value": 0.6}),
    "back": event("2019-Q3", affinity={"state": "BET", "toward": "ALP", "value": 0.9}),
}


@pytest.fixture(scope="module")
def replays(tmp_path_factory):
    """Return some runs in which blocs judge and take in, and members freeze and leave."""
    file = tmp_path_factory.mktemp("told") / "small.yaml"
    blocs = {"PACT": {"coercion": 0.6, "candidates": ["DEL"]}, "DUO": {"candidates": ["GAM"]}}
    patch = {"rules": RULES, "laws": LAWS, "blocs": blocs, "events": TURNS}
    file.write_text(yaml.safe_dump(merged(SMALL, patch), sort_keys=False), encoding="utf-8")
    scenario = load(file)
    return [replay(scenario, "baseline", [run]) for run in RUNS]


@pytest.fixture(scope="module")
def accounts(replays):
    """Return the accounts of the first two of each kind and choice."""
    found, count = [], Counter()
    for again in replays:
        book = Casebook(again)
        for each in book.entries:
            if each.kind in OF_MEMBERS and count[each.kind, each.made] < 2:
                count[each.kind, each.made] += 1
                found.append(Accountant(book).account(each))
    assert {kind for kind, made in count if made} == {*OF_MEMBERS}
    return found


def test_terms_and_draw_give_every_choice_about_a_place_again(replays):
    count = Counter()
    for again in replays:
        for moment in rounds_of(again):
            for kind, each in choices_of(moment, OF_MEMBERS).items():
                assert np.array_equal(verdicts(moment, each), each.choice), (kind, moment.period)
                assert np.array_equal(each.margin > 0, each.choice > 0)
                count[kind] += len(each)
    assert all(count[kind] for kind in OF_MEMBERS)


def test_a_number_that_turns_such_a_choice_is_the_nearest_that_does(replays):
    tried = Counter()
    for again in replays:
        for moment in rounds_of(again):
            for kind, each in choices_of(moment, OF_MEMBERS).items():
                if tried[kind] >= 4:
                    continue
                balance = balance_of(moment, each.of_runs(1), 0)
                for key, value in balance.inputs.items():
                    assert balance.verdict(key, np.array([value])).item() == balance.choice
                for turn in turns(balance)[:2]:
                    tried[kind] += 1
                    to = np.array([turn.to, (turn.value + turn.to) / 2])
                    found = balance.verdict(turn.key, to).tolist()
                    assert found == [turn.becomes, balance.choice]
    assert all(tried[kind] for kind in OF_MEMBERS)


def test_reasons_add_up_and_alternatives_are_yes_and_no(accounts):
    for each in accounts:
        assert sum(reason.value for reason in each.reasons) == pytest.approx(each.total)
        assert [way.name for way in each.alternatives] == ["yes", "no"]
        assert sum(way.chance for way in each.alternatives) == pytest.approx(1)
        for given in (g for reason in each.reasons for g in reason.inputs if g.parts):
            assert sum(part.value for part in given.parts) == pytest.approx(given.value)


def test_an_exit_says_what_leaving_costs_and_who_could_replace_what_is_lost(accounts):
    priced = [each for each in accounts if each.leaving]
    assert {each.kind for each in priced} == {"exit"}
    for each in priced:
        assert [reason.name for reason in each.leaving] == ["part", "price", "need"]
        assert added({reason.name: reason.value for reason in each.leaving}) < 0
    text = "\n".join(line for each in priced for line in told(each))
    assert "what makes leaving likelier or rarer (log hazard)" in text
    assert "leaving depends on that part and its price" in text.replace("\n", " ")
    ways = [g for each in priced for r in each.leaving for g in r.inputs if g.name == "ways_out"]
    assert any(given.parts for given in ways)


def test_a_member_that_is_shut_out_has_no_engagement_to_explain(replays):
    barred = set()
    for again in replays:
        book = Casebook(again)
        for each in (e for e in book.entries if e.kind == "exit"):
            state, bloc = each.parties.keys["actor"], each.parties.keys["bloc"]
            i, b = again.layout.states.index(state), again.layout.blocs.index(bloc)
            shut = each.moment.point(POINTS["exit"])[1].shut_out[i, b, 0] > 0
            said = Accountant(book).account(each).sentence
            assert ("is excluded from" in said) == shut
            assert ("The reasons move" in said) != shut
            barred.add(bool(shut))
    assert barred == {True, False}


def test_exclusion_and_readmission_are_not_reported_as_steps(replays):
    changes = 0
    for again in replays:
        book = Casebook(again)
        entries = chronicle_of(book, "").entries
        before = np.zeros((len(again.layout.states), len(again.layout.blocs)))
        for moment in again.moments:
            after = moment.passed.world.shut_out[..., 0]
            date = again.layout.calendar.label(moment.period)
            for i, b in np.argwhere((before > 0) | (after > 0)):
                mine = {again.layout.states[i], again.layout.blocs[b]}
                told_of = [e.kind for e in entries if e.date == date and mine <= {*e.parties}]
                assert not {*told_of} & {"step_away", "step_back"}
                changes += before[i, b] != after[i, b]
            before = after
    assert changes > 3


def test_an_exclusion_in_force_is_not_reported_again(tmp_path):
    file = tmp_path / "twice.yaml"
    shut = {"exclude": {"state": "GAM", "bloc": "PACT"}}
    again = {"first": event("2018-Q2", **shut), "second": event("2018-Q4", **shut)}
    file.write_text(yaml.safe_dump(merged(SMALL, {"events": again})), encoding="utf-8")
    told_of = chronicle_of(Casebook(replay(load(file), "baseline", [0])), "").entries
    said = [each.date for each in told_of if "PACT excludes" in each.sentence]
    assert said == ["2018-Q2"]


def test_it_is_said_who_decides_and_about_whom(accounts):
    said = {each.kind: f"{each.who} {each.choice}" for each in accounts if "yes" in _chosen(each)}
    assert said["suspension"].startswith("PACT excludes ")
    assert said["readmission"].startswith("PACT readmits ")
    assert said["expulsion"].startswith("PACT expels ")
    assert said["freeze"].endswith(" freezes its membership of PACT")
    assert said["thaw"].endswith(" resumes its membership of PACT")
    assert " joins " in said["accession"]
    judged = next(each for each in accounts if each.id.startswith("suspension:PACT"))
    kind, bloc, member, date = judged.id.split(":")
    assert (kind, bloc, date) == ("suspension", "PACT", judged.date)
    assert judged.actor == "ALP"
    assert judged.about["member"] == member


def _chosen(account):
    return [way.name for way in account.alternatives if way.chosen]
