"""Reasons: means of the terms of all decisions, and what differs between variants."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.ensemble import run
from sim.experiments.watch.reason_sums import ReasonSums, means, reason_lines, reasons_of
from sim.kernel.arrays import NONE
from sim.kernel.decision_points import ConsentPoint, RequestPoint, WithdrawalPoint
from sim.kernel.inputs import ASKED
from sim.kernel.simulate import simulate
from sim.scenario.load import load
from tests.experiments.watch.conftest import RUNS
from tests.small import built


def why(results, decision, actor="", subject="", variant="baseline", versus=""):
    rows = results["why"]
    for name, value in locals().copy().items():
        if name not in ("results", "rows"):
            rows = rows[rows[name] == value]
    return rows.set_index("term")


@pytest.fixture(scope="module")
def decided(eventful):
    """Return every choice and point of the runs of the first variant, by class."""
    model = load(eventful).variants["baseline"]
    parts, found = built(model, RUNS, seed=model.seed), []

    def decide(choice, point):
        found.append((choice, point))
        return choice

    simulate(parts.world, parts.rules, parts.inputs, parts.noise, decide)
    return parts, lambda kind: [each for each in found if type(each[1]) is kind]


def test_consents_are_counted_where_somebody_is_asked(watched, decided):
    parts, points = decided
    buyers = parts.world.layout.buyers.size
    market = np.ones(buyers, dtype=bool)
    free = [
        own
        for i in parts.inputs
        for own in (np.append(market, i.forced[:, 0] == ASKED), market, market)
    ]
    cases = yes = base = 0
    for (choice, point), own in zip(points(ConsentPoint), free, strict=True):
        asked = (
            (point.actors != NONE)
            & (point.offer != NONE)
            & (point.recipient != NONE)
            & own[:, None]
        )
        cases += asked.sum()
        yes += choice[asked].sum()
        base += np.broadcast_to(point.terms["affinity"], choice.shape)[asked].sum()
    rows = why(watched, "consent")
    assert set(rows["cases"]) == {cases}
    assert rows["yes"].to_numpy() == pytest.approx(yes / cases)
    assert rows.loc["affinity", "mean"] == pytest.approx(base / cases)


def test_requests_weigh_every_offer_that_is_open_to_a_buyer_at_market(watched, decided):
    parts, points = decided
    layout = parts.world.layout
    row, offer = (
        layout.buyers.tolist().index(layout.states.index("DEL")),
        layout.offers.index("rocket_bet"),
    )
    cases = yes = total = refusal = 0
    for choice, point in points(RequestPoint):
        case = point.open[row, offer] & (point.visit < point.visit_chance)[row]
        cases += case.sum()
        yes += (case & (choice[row] == offer)).sum()
        total += point.terms["gain"][row, offer][case].sum()
        seller = layout.seller_place[offer]
        refusal += np.broadcast_to(point.supplier_terms["refusal"][row, seller], case.shape)[
            case
        ].sum()
    rows = why(watched, "request", "DEL", "BET>DEL rocket")
    assert set(rows["cases"]) == {cases}
    assert rows["yes"].to_numpy() == pytest.approx(yes / cases)
    assert rows.loc["gain", "mean"] == pytest.approx(total / cases)
    assert rows.loc["refusal", "mean"] == pytest.approx(refusal / cases)


def test_members_weigh_exit_in_every_period(watched, decided):
    parts, points = decided
    layout = parts.world.layout
    gam, pact = layout.states.index("GAM"), layout.blocs.index("PACT")
    there = [point.engagement[gam, pact] > 0 for _, point in points(WithdrawalPoint)]
    rent = [
        p.terms["rent"][gam, pact][t].sum()
        for (_, p), t in zip(points(WithdrawalPoint), there, strict=True)
    ]
    rows = why(watched, "exit", "GAM", "PACT")
    assert set(rows["cases"]) == {np.sum(there)}
    assert rows.loc["rent", "mean"] == pytest.approx(np.sum(rent) / np.sum(there))


def test_an_actor_is_the_mean_of_its_subjects_and_all_that_of_actors(watched):
    rows = watched["why"].query("versus == ''")
    keys = ["variant", "decision", "term"]
    whole = rows.query("actor == ''").set_index(keys)
    actors = rows.query("actor != '' and subject == ''").copy()
    actors["sum"] = actors["mean"] * actors["cases"]
    summed = actors.groupby(keys)[["cases", "sum"]].sum().reindex(whole.index)
    assert (summed["cases"] == whole["cases"]).all()
    means = (summed["sum"] / summed["cases"]).to_numpy()
    assert means == pytest.approx(whole["mean"].to_numpy(), abs=1e-8)


def test_a_difference_is_that_of_the_means_and_names_both_variants(watched):
    of, versus = why(watched, "consent", variant="strict"), why(watched, "consent")
    both = why(watched, "consent", variant="strict", versus="baseline")
    assert both["mean"].to_numpy() == pytest.approx(
        (of["mean"] - versus["mean"]).to_numpy(), abs=1e-8
    )
    assert (both["cases"] == of["cases"] + versus["cases"]).all()
    assert both.loc["norm", "mean"] < 0  # a strict norm weighs on consent
    assert both["mean"].abs().idxmax() == "norm"


def test_sums_of_blocks_are_those_of_all_runs_and_the_order_of_runs_counts_alone():
    rng = np.random.default_rng(3)
    sums, runs = rng.random((12, 3)), np.arange(6).repeat(2)
    names = ("A", "x"), ("B", "y")
    whole = ReasonSums(("pull",), names, np.tile([0, 1], 6), runs, sums)
    parts = [
        ReasonSums(("pull",), names, np.tile([0, 1], 2), runs[:4], sums[:4]),
        ReasonSums(("pull",), names[::-1], np.tile([1, 0], 4), runs[4:], sums[4:]),
    ]
    assert means([whole]) == means(parts)


def test_an_error_is_that_of_a_mean_over_runs_in_which_each_has_its_own_number_of_cases():
    sums = np.array([[2.0, 1.0, 6.0], [4.0, 1.0, 8.0]])  # 3 and 2 a case: in all 14 over 6
    one = ReasonSums(("pull",), (("A", "x"),), np.zeros(2, dtype=int), np.arange(2), sums)
    reason = means([one])["A", "x"]
    assert reason.terms["pull"] == pytest.approx(14 / 6)
    apart = 6 - 2 * 14 / 6, 8 - 4 * 14 / 6  # 4/3 and -4/3
    assert reason.errors["pull"] == pytest.approx(np.sqrt(2 * sum(a**2 for a in apart)) / 6)
    both = reason.less(reason)
    assert both.errors["pull"] == pytest.approx(np.sqrt(2) * reason.errors["pull"])
    alone = ReasonSums(("pull",), (("A", "x"),), np.zeros(1, dtype=int), np.arange(1), sums[:1])
    assert np.isnan(means([alone])["A", "x"].errors["pull"])


def test_errors_shrink_with_the_runs_and_are_near_those_of_cases_where_these_are_many(watched):
    rows = watched["why"].query("versus == '' and actor == '' and decision == 'exit'")
    assert (rows.loc[rows["term"] == "base", "se"] == 0).all()
    assert (rows.loc[rows["term"] != "base", "se"] > 0).all()


def test_what_seldom_comes_up_counts_for_its_actor_alone():
    sums = np.array([[1.0, 1.0, 2.0], [9.0, 3.0, 9.0]])
    names, run_ = (("A", "x"), ("A", "y")), np.zeros(2, dtype=int)
    reasons = reasons_of([{"consent": ReasonSums(("pull",), names, np.arange(2), run_, sums)}])
    assert reason_lines({"v": reasons}, [], 30) == [
        "v,,consent,,,pull,10,0.4,1.1,",
        "v,,consent,A,,pull,10,0.4,1.1,",
        "v,,consent,A,y,pull,9,0.3333333333,1,",
    ]


def test_a_law_without_a_term_has_no_difference_in_it(eventful):
    results = run(eventful, runs=2, sets=["variants.strict.rules.answer=fixed"])
    rows = results["why"].query("decision == 'answer' and variant == 'strict'")
    assert set(rows.loc[rows["versus"] == "", "term"]) == {"reliability"}
    assert rows.loc[rows["versus"] != ""].empty
