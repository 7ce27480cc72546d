"""The smallest change turns a decision, and half of it does not."""

from __future__ import annotations

import numpy as np
import pytest

from sim.documents.package_data import shipped_scenarios
from sim.experiments.watch.choice_readers import choices_of
from sim.experiments.watch.choices import KINDS, POINTS
from sim.explain.balance import OF_HARM, balance_of, law_of
from sim.explain.flips import turns
from sim.explain.replay import replay
from sim.explain.vocabulary import METHODS, ROLES
from sim.kernel.arrays import NONE
from sim.scenario.load import load
from tests.explain.verdicts import rounds_of
from tests.shipped import read

EXACT = 1e-9


def balances_of(again, most):
    """Yield so many balances of each kind, from all periods."""
    for kind in KINDS:
        rows = [
            (moment, found[kind].of_runs(1), row)
            for moment in rounds_of(again)
            if kind in (found := choices_of(moment))
            for row in range(int((found[kind].column == 0).sum()))
        ]
        for at in np.linspace(0, len(rows) - 1, min(most, len(rows))).astype(int):
            moment, choices, row = rows[at]
            yield kind, moment, choices, row, balance_of(moment, choices, row)


def flips_of(again, most):
    """Return how many flips were tried by kind; assert that they are smallest ones."""
    count = dict.fromkeys(KINDS, 0)
    for kind, *_, balance in balances_of(again, most):
        found = turns(balance)
        assert [each.share for each in found] == sorted(each.share for each in found)
        for each in found[:3]:
            low, high = balance.ends[each.key]
            assert low <= each.to <= high

            def verdict(value, key=each.key, balance=balance):
                return int(balance.verdict(key, np.array([value]))[0])

            assert verdict(each.to) == each.becomes != balance.choice
            if each.key[0] != "covered":
                assert verdict((each.value + each.to) / 2) == balance.choice
            assert verdict(each.value) == balance.choice
            count[kind] += 1
    return count


@pytest.fixture(scope="module")
def sale():
    """Return a run of the flagship's variant with the sale."""
    return replay(read("polonez_vs_iskander"), "sale", [0])


def test_flips_flip_and_half_of_each_does_not(sale):
    count = flips_of(sale, 2)
    assert sum(count.values()) > 12
    assert count["request"]
    assert count["consent"]


@pytest.mark.study
@pytest.mark.parametrize("sets", [(), ("rules.consent=strict_norm",), ("rules.consent=imitation",)])
def test_two_hundred_flips_flip_and_half_of_each_does_not(sets):
    total = 0
    for name in shipped_scenarios():
        scenario = load(name, sets=sets)
        for variant in [*scenario.variants][:2]:
            total += sum(flips_of(replay(scenario, variant, [1]), 2).values())
    assert total > 200


def test_a_balance_without_a_change_is_the_decision_that_was_made(sale):
    for *_, balance in balances_of(sale, 4):
        for key, value in list(balance.inputs.items())[:6]:
            assert balance.verdict(key, np.array([value, value])).tolist() == [balance.choice] * 2


def test_inputs_of_one_run_make_its_terms_again(sale):
    for kind, moment, choices, row, _ in balances_of(sale, 2):
        if kind == "request":
            continue
        law = law_of(moment, ROLES[kind], 0)
        case = {n: each[row] for n, each in choices.inputs.items() if not n.endswith(OF_HARM)}
        if kind == "objection":
            case["harm"] = law.harm(
                **{
                    n.removesuffix(OF_HARM): each[row]
                    for n, each in choices.inputs.items()
                    if n.endswith(OF_HARM)
                }
            )
        if kind == "exit":
            case = {n: v for n, v in case.items() if n not in ("before", "engagement")}
        (method,) = METHODS[kind]
        terms = getattr(law, method)(**case)
        for name, value in terms.items():
            assert value == pytest.approx(choices.terms[name][row], rel=EXACT, abs=EXACT), name


def test_a_number_that_a_law_does_not_use_turns_no_decision(sale):
    for kind, *_, balance in balances_of(sale, 3):
        if kind == "consent":
            names = {each.key[0] for each in turns(balance)}
            assert not names & {"harm", "following", "example"}


def test_a_purse_of_other_numbers_opens_other_offers_to_a_request(sale):
    """What a buyer owes closes offers to it: with nothing owed it chooses among more."""
    for kind, moment, choices, row, balance in balances_of(sale, 12):
        if kind != "request":
            continue
        keys = {key[0]: key for key in balance.inputs if key[1] == NONE}
        assert {*keys} == {"fund", "budget", "owed"}
        _, point = moment.point(POINTS["request"])
        place = int(choices.cell[0][row])
        chosen = {}
        for name, value in (("owed", 0.0), ("fund", 1e6), ("fund", 0.0)):
            chosen[name, value] = int(balance.verdict(keys[name], np.array([value]))[0])
        assert point.open[place, :, 0].sum() <= point.on_sale[place, :, 0].sum()
        assert chosen["fund", 1e6] != NONE
        assert chosen["owed", 0.0] != NONE
