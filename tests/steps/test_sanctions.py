"""Sanctions: cut trade costs both sides output and embitters the one hit, until it is lifted."""

import numpy as np
import pytest

from sim.conform import conservation
from tests.small import built, columns, event, merged, model, passing, record, same

ALP, BET, DEL, GAM = range(4)
TRADE = {
    "trade": {
        "GAM": {"with": {"BET": 0.1, "DEL": 0.02}, "source": "assumed"},
        "BET": {"with": {"GAM": 0.01}, "source": "assumed"},
    }
}
CUT = event("2018-Q2", sanction={"by": ["BET"], "against": ["GAM"]})
LIFT = event("2019-Q2", sanction={"by": "BET", "against": "GAM", "cut": 0})
LAWS = {"laws": {"commerce": {"worth": 0.5, "detour": 1.0, "elsewhere": 0.8}}}


@pytest.fixture
def run(tmp_path):
    def made(**events):
        return record(model(tmp_path, merged(TRADE, {"events": events, **LAWS})), 4)

    return made


def of(found, metric, subject):
    rows = found.end.layout.subjects[
        {"output_lost": "trader", "affinity": "tie", "grievance": "member"}[metric]
    ]
    return found.series[metric][:, rows.index(subject), 0]


def test_both_lose_output_at_once_less_with_time_and_none_after_it_is_lifted(run):
    found = run(cut=CUT, lift=LIFT)
    # from the third period on: 0.5 x 0.1 (1 - 0.8 (1 - exp(-t))) of the log of output, t in years
    time = 0.25 * np.arange(1, 5)
    lost = 0.05 * (1 - 0.8 * (1 - np.exp(-time)))
    assert of(found, "output_lost", "GAM")[:2] == pytest.approx(0)
    assert of(found, "output_lost", "GAM")[2:6] == pytest.approx(1 - np.exp(-lost))
    assert of(found, "output_lost", "BET")[2:6] == pytest.approx(1 - np.exp(-lost / 10))
    assert np.all(of(found, "output_lost", "GAM")[6:] == 0)
    assert found.end.gdp == pytest.approx(run().end.gdp)
    hit = run(cut=CUT).end.gdp / run().end.gdp
    assert np.all(hit[[GAM, BET]] < 1)
    assert np.all(hit[[ALP, DEL]] == 1)


def test_a_sanctioned_state_is_embittered_and_a_fellow_member_aggrieved_until_it_is_lifted(run):
    nothing, cut, lifted = run(), run(cut=CUT), run(cut=CUT, lift=LIFT)
    for metric, subject, sign in (("affinity", "GAM>BET", -1), ("grievance", "GAM:PACT", 1)):
        plain, hit = (of(each, metric, subject) for each in (nothing, cut))
        assert np.all(hit[:2] == plain[:2])
        assert np.all(sign * (hit - plain)[2:] > 0)
        assert sign * (of(lifted, metric, subject) - hit)[-1] < 0
    # the sanction of a state that is no fellow member is no grievance in a bloc
    rival = run(cut=event("2018-Q2", sanction={"by": "DEL", "against": "GAM"}))
    assert np.all(of(rival, "grievance", "GAM:PACT") == of(nothing, "grievance", "GAM:PACT"))
    assert np.all(of(rival, "affinity", "GAM>DEL")[2:] < of(nothing, "affinity", "GAM>DEL")[2:])


def test_a_cut_of_trade_without_value_has_no_effect(tmp_path):
    def columns_of(patch, **laws):
        return columns(record(model(tmp_path, merged(patch, {"laws": laws})), 4))

    plain = columns_of(TRADE)
    off = columns_of(merged(TRADE, {"events": {"cut": CUT}}), commerce={"worth": 0.0})
    assert same(plain, off) == []


def test_money_is_conserved(tmp_path):
    patch = merged(TRADE, {"events": {"cut": CUT, "lift": LIFT}, "rules": {"budget": "responsive"}})
    assert conservation.money(built(model(tmp_path, patch), 16)) == ""


def test_an_event_in_some_runs_cuts_in_these(tmp_path):
    patch = merged(TRADE, {"events": {"cut": {**CUT, "probability": 0.5}}})
    ends = passing(built(model(tmp_path, patch), 16))[-1][1].world
    assert {*np.round(ends.sanction.max(axis=0), 6)} == {0.0, 1.0}
    assert np.all((ends.output_lost.max(axis=0) > 0) == (ends.sanction.max(axis=0) > 0))


def test_a_tie_of_trade_that_is_written_as_0_may_be_varied(tmp_path):
    which = model(tmp_path, merged(TRADE, {"trade": {"BET": {"with": {"GAM": 0}}}}))
    parts = built(which, 2, given={"trade.BET.with.GAM": np.array([0.1, 0.2])})
    row = parts.world.layout.trade_index.tolist().index([BET, GAM])
    assert parts.world.trade[row].tolist() == [0.1, 0.2]
