"""Events on condition: when they fall due, and that they leave all other runs as they were."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.model import GeopoliticalModel
from sim.experiments.batch import case_of
from sim.experiments.watch.recorder import moments
from sim.scenario.schema.events import KINDS as KNOWN
from tests.small import built, columns, event, model, record, same, unconserved

SALE = {"supplier": "BET", "recipient": "DEL", "system": "rocket"}
SOLD = {"outcome": "sold BET>DEL rocket", "least": 1}
NEVER = {"outcome": "cohesion PACT", "most": -1}
KINDS = {
    "transfer": {"supplier": "ALP", "recipient": "GAM", "system": "missile", "units": 2},
    "order": {**SALE, "units": 4},
    "request": SALE,
    "suspend": SALE,
    "cancel": SALE,
    "divert": {**SALE, "to": "GAM"},
    "threat": {**SALE, "by": "GAM", "resolve": 0.9},
    "loan": {"lender": "ALP", "borrower": "GAM", "amount": 70},
    "embargo": {"supplier": "BET", "recipient": "DEL"},
    "forgive": {"creditor": "ALP", "debtor": "BET", "part": 0.5},
    "sanction": {"by": "BET", "against": "GAM"},
    "membership": {"state": "GAM", "bloc": "PACT", "member": False},
    "rivalry": {"state": "GAM", "toward": "DEL", "value": 0.1},
    "affinity": {"state": "ALP", "toward": "BET", "change": -0.5},
    "exclude": {"state": "GAM", "bloc": "PACT"},
    "contribution": {"bloc": "PACT", "for": "forces", "cost": 0.5, "worth": 0.2},
    "sponsor": {"sponsor": "ALP", "client": "GAM", "willing": 0.7},
    "budget": {"state": "GAM", "factor": 0.5},
    "appeal": {"state": "GAM", "bloc": "PACT", "attacker": "DEL"},
    "incident": {"states": ["GAM", "DEL"], "war": True, "attacker": "GAM"},
    "set": {"path": "laws.consent.base", "value": -1.5},
}

TRADE = {"trade": {"GAM": {"with": {"BET": 0.1}, "source": "assumed"}}}


def on(when, **kind):
    """Return an event on condition as a document."""
    return {"when": when, "source": "assumed", **kind}


def due(found, name=0):
    """Return in which period each run's event fell due, counted from the first."""
    return found.end.due[name] - found.end.layout.calendar.first


def of(folder, runs=48, patch=None, **events):
    return record(model(folder, {"events": events, **TRADE, **(patch or {})}), runs)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Return the numbers of runs without any event on condition."""
    return columns(of(tmp_path_factory.mktemp("plain")))


def test_every_kind_of_event_is_tried_below():
    assert set(KINDS) == {*KNOWN}


APART = ("divert", "order", "request")  # no order is cancelled and diverted; each has own rows
TRIED = [
    pytest.param([kind for kind in KINDS if kind not in APART], id="together"),
    *(pytest.param([kind], id=kind) for kind in APART),
    *(pytest.param([k], id=k, marks=pytest.mark.study) for k in KINDS if k not in APART),
]


@pytest.mark.parametrize("kinds", TRIED)
def test_where_conditions_never_hold_each_run_is_to_the_byte_as_without_the_events(
    tmp_path, plain, kinds
):
    found = columns(of(tmp_path, **{kind: on(NEVER, **{kind: KINDS[kind]}) for kind in kinds}))
    there = plain["log.offer"].shape[0]
    if {*kinds} & {"transfer", "order", "request"}:  # which have rows of their own in the log
        assert found["log.offer"].shape[0] == there
    if "contribution" in kinds:  # series of what is asked are of blocs that ask: they are empty
        asked = {name for name in plain if not plain[name].size and found[name].size}
        assert not any(found.pop(name).sum() for name in asked & {"contributed", "declined"})
        plain = {name: plain[name] for name in plain if name not in asked}
    assert same(plain, found) == []


@pytest.mark.parametrize("kinds", TRIED)
def test_events_on_condition_do_what_the_same_events_do_at_that_date(tmp_path, kinds):
    settled = {"outcome": "strength DEL", "least": 0}  # holds at the end of the first period
    dated, waiting = {}, {}
    for kind in kinds:
        dated[kind] = event("2018-Q3", **{kind: KINDS[kind]}, probability=0.5)
        waiting[kind] = on(settled, **{kind: KINDS[kind]}, probability=0.5, lag=0.5)
    by_date, by_condition = of(tmp_path, **dated), of(tmp_path, **waiting)
    for name in range(len(kinds)):
        assert set(due(by_condition, name)) == {3, np.inf}
        assert 0.25 < np.isinf(due(by_condition, name)).mean() < 0.75
    assert same(columns(by_date), columns(by_condition)) == []


def test_it_falls_due_once_after_the_first_period_in_which_the_condition_holds(tmp_path):
    ask = event("2018-Q1", request=SALE)
    found = of(tmp_path, ask=ask, it=on(SOLD, lag=0.5, budget={"state": "DEL", "factor": 0.5}))
    log, layout = found.end.log, found.end.layout
    sold = (log.stage == 3) & (log.offer == layout.offers.index("rocket_bet"))
    sold &= log.recipient == layout.states.index("DEL")
    first = np.where(sold.any(axis=0), sold.argmax(axis=0) // layout.rows, np.inf)
    assert np.array_equal(due(found), first + 1 + 2)
    assert np.isinf(first).any()
    start, end = (world.burden[layout.states.index("DEL")] for world in (found.start, found.end))
    assert np.array_equal(end, np.where(due(found) < len(layout.calendar), 0.5, 1.0) * start)


def test_a_running_sum_and_a_difference_of_two_outcomes_are_read_as_they_stand(tmp_path):
    war = {"states": ["GAM", "DEL"], "war": True}
    found = of(
        tmp_path,
        first=event("2018-Q2", incident=war),
        second=event("2019-Q2", incident=war),
        at_two=on({"outcome": "wars GAM>DEL", "least": 2}, budget={"state": "GAM", "factor": 0.9}),
        gap=on(
            {"outcome": "strength GAM less strength DEL", "most": -1},
            budget={"state": "GAM", "factor": 0.9},
        ),
    )
    layout = found.end.layout
    wars = found.series["wars"][:, layout.subjects["dyad"].index("GAM>DEL")]
    strength = found.series["strength"]
    gap = strength[:, layout.states.index("GAM")] - strength[:, layout.states.index("DEL")]
    for row, holds in enumerate((wars >= 2, gap <= -1)):
        first = np.where(holds.any(axis=0), holds.argmax(axis=0) + 1, np.inf)
        assert np.array_equal(due(found, row), first)
    assert len(np.unique(due(found, 0))) > 1


def test_events_that_share_a_draw_happen_together_each_with_its_own_chance(tmp_path):
    holds, loan = {"outcome": "strength DEL", "least": 0}, {"loan": KINDS["loan"]}
    found = of(
        tmp_path,
        runs=400,
        one=on(holds, probability=0.5, **loan),
        other=on(holds, probability=0.5, **loan, **{"with": "one"}),
        rarer=on(holds, probability=0.2, **loan, **{"with": "other"}),
        apart=on(holds, probability=0.5, **loan),
    )
    apart, one, other, rarer = (np.isfinite(due(found, row)) for row in range(4))
    assert np.array_equal(one, other)
    assert np.all(one | ~rarer)
    assert 0.1 < rarer.mean() < 0.3
    assert 0.4 < (apart == one).mean() < 0.6


def test_events_at_a_date_share_a_draw_too(tmp_path):
    ban = {"embargo": KINDS["embargo"], "probability": 0.5}
    parts = built(
        model(
            tmp_path,
            {
                "events": {
                    "a": event("2018-Q1", **ban),
                    "b": {**event("2018-Q3", **ban), "with": "a"},
                }
            },
        ),
        64,
    )
    first, second = (parts.inputs[at].edits[0].happened for at in (1, 3))
    assert np.array_equal(first, second)


def test_conditions_make_chains_and_circles(tmp_path):
    def bought(units):
        return {"outcome": "strength GAM", "least": units}

    found = of(
        tmp_path,
        a_start=on(bought(0), membership={"state": "GAM", "bloc": "PACT", "member": False}),
        b_next=on(
            {"outcome": "formal_exit GAM:PACT", "least": 1},
            membership={"state": "GAM", "bloc": "PACT", "member": True},
        ),
        c_round=on(
            {"outcome": "membership GAM:PACT", "most": 0},
            membership={"state": "GAM", "bloc": "PACT", "member": True},
            lag=1,
        ),
    )
    assert [set(due(found, row)) for row in range(3)] == [{1}, {2}, {6}]


def test_a_run_with_conditions_is_the_same_alone_and_in_any_block(tmp_path):
    ask = event("2018-Q1", request=SALE)
    which = model(tmp_path, {"events": {"ask": ask, "it": on(SOLD, order=KINDS["order"])}})
    whole, part = record(which, 24), record(which, [3, 17])
    assert same(columns(part), columns(whole, [3, 17])) == []


def test_a_threshold_a_lag_and_a_chance_may_differ_by_run(tmp_path):
    it = on(
        {
            "outcome": "strength DEL",
            "least": {"value": 260, "dist": "uniform", "low": 200, "high": 400},
        },
        lag={"value": 1, "dist": "uniform", "low": 0, "high": 2},
        budget={"state": "GAM", "factor": 0.9},
    )
    found = of(tmp_path, patch={"uncertain": True}, it=it)
    assert len(np.unique(due(found))) > 3
    parts = built(model(tmp_path, {"events": {"it": it}}), 8, given={"events.it.when.least": 1e9})
    assert np.all(parts.inputs[0].triggers[0].least == 1e9)


def test_money_and_units_are_conserved_with_conditions(tmp_path):
    events = {
        kind: on({"outcome": "wars GAM>DEL", "least": 0}, **{kind: about}, lag=0.25 * at)
        for at, (kind, about) in enumerate(KINDS.items())
    }
    parts = built(model(tmp_path, {"events": events, **TRADE}), 16)
    assert unconserved(parts) == []


def test_a_model_of_agents_and_a_replay_live_through_the_same_run(tmp_path):
    events = {
        "ask": event("2018-Q1", request=SALE),
        "it": on(SOLD, incident=KINDS["incident"]),
        "then": on({"outcome": "wars GAM>DEL", "least": 1}, budget=KINDS["budget"]),
    }
    which = model(tmp_path, {"events": events})
    parts, whole = built(which, [5]), record(which, [5])
    *_, last = moments(case_of(parts))
    assert np.array_equal(last.passed.world.due, whole.end.due)
    agents = GeopoliticalModel(which, run=5)
    agents.run_model()
    assert np.array_equal(agents.world.due, whole.end.due)
    assert np.array_equal(agents.world.fund, whole.end.fund)
    assert np.isfinite(whole.end.due).any()
