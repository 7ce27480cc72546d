"""A history of simulated runs has the content of their record."""

import numpy as np
import pytest

from sim.patterns.history import NotCovered
from sim.patterns.simulated import history_of
from tests import small
from tests.patterns.tiny import check, value

REGARD = {"series": {"metric": "affinity", "subject": "GAM>BET"}}
SPAN = "2017-Q4..2020-Q3"
EVENTS = {
    "attack": small.event(
        "2018-Q2", appeal={"state": "GAM", "bloc": "PACT", "attacker": "DEL", "answer": 0.0}
    ),
    "unrest": small.event("2019-Q1", appeal={"state": "BET", "bloc": "PACT", "answer": 1.0}),
    "leaves": small.event("2019-Q3", membership={"state": "GAM", "bloc": "PACT", "member": False}),
    "war": small.event("2018-Q1", incident={"states": ["GAM", "DEL"], "war": True}),
}  # fmt: skip
CALM = {
    "laws": {
        "crisis": {"incidents": 0.1},
        "war": {"bitterness": 0},
        "membership": {"exit_rate": 0},
    },
    "rivalries": {"GAM": {"with": {"DEL": 0.001}}, "DEL": {"with": {"GAM": 0.001}}},
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the record and the history of 12 runs in which all that happens is given."""
    model = small.model(tmp_path_factory.mktemp("small"), {"events": EVENTS, **CALM})
    record = small.record(model, 12)
    return record, history_of(record)


def of(history, quantity, **fields):
    return value(check(quantity, **fields), history)


def test_volume_by_deals_is_that_by_flows(made):
    record, history = made
    whole = of(history, "level", of={"flow": {}}, window=SPAN)
    by_class = sum(
        of(history, "level", of={"flow": {"classes": name}}, window=SPAN)
        for name in ("armour", "rockets", "shields")
    )
    np.testing.assert_allclose(whole, by_class, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(whole, record.series["supplied"].sum(axis=(0, 1)), rtol=1e-9)
    assert whole.max() > 0


def test_the_stages_of_requests_are_those_of_the_log(made):
    record, history = made
    log = record.end.log
    ordered = of(history, "level", of={"orders": {"reached": "ordered"}}, window=SPAN)
    refused = of(history, "level", of={"orders": {"reached": "refused"}}, window=SPAN)
    np.testing.assert_array_equal(ordered, (log.stage == 3).sum(axis=0))
    np.testing.assert_array_equal(refused, ((log.stage == 1) & (log.forced == 0)).sum(axis=0))
    completed = of(history, "level", of={"orders": {"reached": "completed"}}, window=SPAN)
    assert (completed <= ordered).all()


def test_the_grant_element_is_the_discount_and_the_gift_in_the_credit(made):
    _, history = made
    own = {"flow": {"from": "ALP", "to": "GAM", "unit": "waived"}}
    listed = {"flow": {"from": "ALP", "to": "GAM", "unit": "listed"}}
    member = of(history, "ratio", of=own, over=listed, window="2017-Q4..2019-Q2")
    known = member[~np.isnan(member)]
    assert known.size
    gift = (0.08 - 0.04) / (0.08 + 1 / 8)  # market rate, rate and tenor
    np.testing.assert_allclose(known, 0.3 + 0.7 * 0.4 * gift)
    outsider = of(history, "ratio", of=own, over=listed, window="2019-Q3..2020-Q3")
    np.testing.assert_array_equal(outsider[~np.isnan(outsider)], 0.0)


def test_appeals_with_their_answers_are_counted_by_threat(made):
    _, history = made
    every = of(history, "answered", bloc="PACT", states=["GAM", "BET"], window="2018-Q2..2019-Q1")
    np.testing.assert_array_equal(every, 0.5)
    for threat, expected in (("internal", 1.0), ("attack", 0.0)):
        fields = {"bloc": "PACT", "threat": threat, "window": "2018-Q2..2019-Q1"}
        np.testing.assert_array_equal(of(history, "answered", **fields), expected)
    refused = {"events": {"kind": "appeal", "bloc": "PACT", "answer": "refused"}}
    asked = of(history, "level", of=refused, window="2018-Q2..2018-Q4")
    np.testing.assert_array_equal(asked, 1.0)


def test_exits_wars_and_years_of_stay_are_those_that_happened(made):
    _, history = made
    np.testing.assert_array_equal(of(history, "stay", bloc="PACT", window=SPAN), 1.0)
    years = of(history, "stay", bloc="PACT", states="GAM", count="years", window=SPAN)
    np.testing.assert_allclose(years, 7 / 4)  # 2017-Q4 to 2019-Q2 of twelve quarters
    wars = of(
        history, "level", of={"events": {"kind": "war", "states": ["GAM", "DEL"]}}, window=SPAN
    )
    np.testing.assert_array_equal(wars, 1.0)
    months = of(
        history,
        "delay",
        **{"from": {"events": {"kind": "war"}}, "to": {"events": {"kind": "exit"}}, "window": SPAN},
    )
    np.testing.assert_array_equal(months, 18.0)


def test_a_series_of_runs_is_read_by_metric_and_subject(made):
    record, history = made
    found = of(
        history,
        "level",
        of={"series": {"metric": "affinity", "subject": "GAM>BET", "take": "last"}},
        window=SPAN,
    )
    layout = record.end.layout
    i, j = layout.states.index("GAM"), layout.states.index("BET")
    np.testing.assert_allclose(found, record.end.affinity[i, j])


def test_what_runs_do_not_record_is_not_covered(made):
    _, history = made
    for of_ in (
        {"events": {"kind": "vote"}},
        {"series": {"metric": "votes", "subject": "GAM>BET"}},
    ):
        with pytest.raises(NotCovered):
            of(history, "level", of=of_, window=SPAN)
    with pytest.raises(NotCovered, match="2017-10 to 2020-09"):
        of(history, "level", of={"flow": {}}, window="2015..2018")


def test_a_run_has_the_same_values_alone_and_in_a_batch(tmp_path):
    model = small.model(tmp_path)
    checks = [
        check("share", **{"from": "ALP", "to": "DEL", "window": SPAN}),
        check("hhi", to="DEL", window=SPAN),
        check("level", of={"flow": {"classes": "armour"}}, window="2018..2019"),
        check("change", of=REGARD, before="2018", after="2020-Q3"),
    ]  # fmt: skip
    batch = history_of(small.record(model, 8))
    alone = history_of(small.record(model, [5]), 1)
    for each in checks:
        assert value(each, alone).tobytes() == value(each, batch)[5:6].tobytes()
