"""The columns of a choice are complete: terms and draw give the verdict again."""

from __future__ import annotations

import numpy as np
import pytest

from sim.documents.package_data import shipped_scenarios
from sim.experiments.watch.choice_readers import choices_of
from sim.experiments.watch.choices import EXIT, KINDS, OF_MEMBERS, REQUEST, RESPONSE
from sim.explain.replay import replay
from sim.kernel.arrays import NONE
from sim.kernel.rules import ROLES
from sim.kernel.world import BLOCKED, ORDERED, REFUSED
from sim.scenario.load import load
from tests.explain.verdicts import rounds_of, verdicts
from tests.shipped import read

RULES = [f"{role}={v}" for role, variants in ROLES.items() for v in list(variants)[1:]]
RUNS = 3


@pytest.fixture(scope="module")
def sale():
    """Return some runs of the flagship's variant with the sale."""
    return replay(read("polonez_vs_iskander"), "sale", range(RUNS))


def wrong_of(again):
    """Return how many choices there are by kind, and those that terms and draw do not give."""
    count, wrong = dict.fromkeys(KINDS, 0), []
    for moment in rounds_of(again):
        for kind, each in choices_of(moment).items():
            count[kind] += len(each)
            found = verdicts(moment, each)
            wrong += [(kind, moment.period, at) for at in np.flatnonzero(found != each.choice)]
    return count, wrong


def test_terms_and_draw_give_every_choice_again(sale):
    count, wrong = wrong_of(sale)
    assert wrong == []
    elsewhere = {"answer", "concession", "contribution", *OF_MEMBERS} - {EXIT}
    assert all(count[kind] for kind in {*KINDS} - elsewhere)
    count, wrong = wrong_of(replay(read("abandonment_2020"), "baseline", range(3, 3 + RUNS)))
    assert count["answer"] > 0
    assert wrong == []
    count, wrong = wrong_of(replay(read("cyprus_s300_1997"), "defiant", range(RUNS)))
    assert count["concession"] > RUNS
    assert wrong == []


@pytest.mark.study
@pytest.mark.parametrize("sets", [(), ("uncertain=true",), *((f"rules.{r}",) for r in RULES)])
def test_terms_and_draw_give_every_choice_again_in_every_scenario_and_rule(sets):
    total = 0
    for name in shipped_scenarios():
        scenario = load(name, sets=sets)
        for variant in list(scenario.variants)[:: 1 if sets == () else len(scenario.variants)]:
            count, wrong = wrong_of(replay(scenario, variant, range(2)))
            assert wrong == [], (name, variant)
            total += sum(count.values())
    assert total > 10_000


def test_a_margin_is_above_zero_for_yes_and_for_what_was_chosen(sale):
    for each in sale.choices:
        if each.kind in (REQUEST, RESPONSE):
            assert (each.margin > 0).all()
        else:
            assert np.array_equal(each.margin > 0, each.choice > 0)
        assert ((each.chance > 0) & (each.chance <= 1)).all()
        if each.kind not in (REQUEST, RESPONSE, EXIT):
            assert each.chance == pytest.approx(1 / (1 + np.exp(-each.odds)))


def test_the_state_that_refuses_a_request_is_the_reason_that_it_ends(sale):
    log, rows = sale.moments[-1].passed.world.log, sale.layout.rows
    refused, blocked = set(), set()
    for each in sale.choices:
        if each.kind == "consent":
            no = each.rows(each.choice == 0)
            refused |= {*zip((no.period * rows + no.request).tolist(), no.column, strict=True)}
        if each.kind == "response":
            no = each.rows(each.choice == 2)
            blocked |= {*zip((no.period * rows + no.request).tolist(), no.column, strict=True)}
    asked = (log.offer != NONE) & (log.forced == 0)
    stopped = {*zip(*np.nonzero(asked & (log.stage == REFUSED)), strict=True)}
    # a sale may also fail because others have bought what was left
    assert refused <= stopped
    assert blocked == {*zip(*np.nonzero(asked & (log.stage == BLOCKED)), strict=True)}
    ordered = {*zip(*np.nonzero(asked & (log.stage == ORDERED)), strict=True)}
    assert not ordered & (refused | blocked)


def test_a_single_run_is_read_once_and_equals_itself_among_others(sale):
    alone = replay(sale.scenario, "sale", [1])
    assert {int(each.column.max(initial=0)) for each in alone.choices} == {0}
    several = [each.rows(each.column == 1) for each in sale.choices]
    for one, other in zip(alone.choices, [e for e in several if len(e)], strict=True):
        assert (one.kind, one.period) == (other.kind, other.period)
        for name in ("actor", "choice", "draw", "chance", "margin"):
            assert np.array_equal(getattr(one, name), getattr(other, name)), name
