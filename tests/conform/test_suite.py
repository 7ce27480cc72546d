"""The conformance suite: every claim holds, every law has a theory, and a broken law is found."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pytest

from sim.conform import conservation, period_length, statics, suite
from sim.conform.claims import Halves, Limit, Moves, Relabelled, Within, above
from sim.conform.small_world import small
from sim.conform.suite import WHOLE
from sim.conform.theory import THEORY
from sim.kernel.layout.layout import Layout
from sim.kernel.rules import ROLES
from sim.laws.consent import Consent
from sim.laws.contest import RatioContest
from sim.laws.engagement import Engagement
from sim.laws.strength import Strength
from sim.steps import market


def broken(base, **methods):
    """Return a law that differs from another in some methods."""
    return dataclass(frozen=True, kw_only=True, eq=False)(type("Broken", (base,), methods))


def failures(role, law, variant=None):
    variant = variant or next(iter(ROLES[role]))
    verdicts = suite.of_role(role, {variant: law}, THEORY[role])
    return [each for each in verdicts if not each.holds]


@pytest.mark.parametrize("claim", WHOLE)
def test_the_model_as_a_whole_keeps_its_theory(claim):
    assert WHOLE[claim]() == ""


def test_a_law_without_a_theory_fails_and_says_on_what_the_theory_is_silent():
    (verdict, *_) = suite.of_role("contest", {"new": RatioContest}, {})
    assert not verdict.holds
    assert "the sign of opposed" in verdict.worst


def test_a_law_with_an_argument_of_unknown_range_fails_and_says_where_to_give_it():
    def win(_, *, strength, whim):
        return strength * whim

    win.__annotations__ = dict.fromkeys(("strength", "whim", "return"), np.ndarray)
    law = broken(RatioContest, win=win)
    (verdict,) = suite.of_role("contest", {"ratio": law})
    assert "the range of whim (sim/conform/domains.py)" in verdict.worst


def test_a_flipped_sign_is_found_with_the_case_against_it():
    def terms(self, *, rivalry, **rest):
        return Consent.terms(self, rivalry=-rivalry, **rest)

    terms.__annotations__ = Consent.terms.__annotations__
    (found, *_) = failures("consent", broken(Consent, terms=terms), "utility")
    assert found.claim.startswith("terms: rises with price, affinity, debt; falls with")
    assert "rises as rivalry grows" in found.worst
    assert "by_dispute" in found.worst


def test_a_contest_that_favours_the_first_is_found_three_times():
    def win(_, *, strength, opposed):
        return (strength + 10) / (strength + opposed + 10)

    win.__annotations__ = RatioContest.win.__annotations__
    claims = {each.claim for each in failures("contest", broken(RatioContest, win=win))}
    assert {
        "win: parity without support gives one half",
        "win: win_ij + win_ji = 1 without support",
        "win: does not depend on the unit of strength",
    } <= claims


def test_a_pace_per_period_instead_of_per_year_is_found():
    def moved(self, *, engagement, worth, dt):
        return Engagement.moved(self, engagement=engagement, worth=worth, dt=1.0 + 0 * dt)

    moved.__annotations__ = Engagement.moved.__annotations__
    found = failures("engagement", broken(Engagement, moved=moved))
    assert "moved: two half periods do what one whole period does" in {e.claim for e in found}


def test_a_law_that_knows_the_first_state_by_its_place_is_found():
    def strength(self, *, spending, arms):
        found = Strength.strength(self, spending=spending, arms=arms)
        return found + 1.0 * (np.arange(found.shape[0]) == 0)[:, None]

    strength.__annotations__ = Strength.strength.__annotations__
    found = failures("strength", broken(Strength, strength=strength))
    assert "strength: relabelling the rows relabels the answer" in {each.claim for each in found}


def test_an_answer_that_is_not_a_number_is_a_violation():
    assert above(np.array([np.nan]), np.array([1.0]), "x").size == np.inf
    assert above(np.array([np.inf]), np.array([np.inf]), "x").size == 0.0


def test_claims_that_cannot_hold_fail():
    assert not Moves(method="win", falls="strength").verdict(RatioContest).holds
    assert not Moves(method="win", still="strength").verdict(RatioContest).holds
    assert not Within(method="win", low=0.2).verdict(RatioContest).holds
    assert not Limit(method="win", said="", equals=0.5).verdict(RatioContest).holds
    halves = Halves(method="gdp", of="gdp")  # the shock is not halved
    assert not halves.verdict(ROLES["economy"]["standard"]).holds
    assert Relabelled(method="win").verdict(RatioContest).holds


def test_money_from_nowhere_is_found(monkeypatch):
    real = conservation.passing

    def printed(parts):
        pairs = real(parts)
        return [(a, b.but(fund=b.fund + 1.0)) for a, b in pairs[:1]] + pairs[1:]

    monkeypatch.setattr(conservation, "passing", printed)
    assert "2018-Q1" in conservation.money()


def test_units_from_nowhere_are_found(monkeypatch):
    real = conservation.passing

    def smuggled(parts):
        pairs = real(parts)
        return [(a, b.but(arsenal=b.arsenal + 0.5)) for a, b in pairs[:1]] + pairs[1:]

    monkeypatch.setattr(conservation, "passing", smuggled)
    assert "arsenals and deliveries" in conservation.units()


def test_a_contract_that_is_called_for_twice_is_found(monkeypatch):
    real = conservation.passing

    def doubled(parts):
        *rest, (before, after) = real(parts)
        return [*rest, (before, after.but(log=replace(after.log, value=0.5 * after.log.value)))]

    monkeypatch.setattr(conservation, "passing", doubled)
    assert conservation.contracts() != ""


def test_a_rate_per_period_is_found(monkeypatch):
    monkeypatch.setattr(period_length, "chance", lambda rate, dt: np.minimum(rate * dt / 12, 1.0))
    assert "its halves" in period_length.hazards()


def test_a_market_that_opens_once_a_period_is_found(monkeypatch):
    monkeypatch.setattr(Layout, "rounds", 1)
    monkeypatch.setattr(market, "chance", lambda rate, dt: 0.0 * rate + 0.2)  # noqa: ARG005
    assert "years without a request" in period_length.years_without_request()


def test_wars_once_a_period_are_found(monkeypatch):
    from sim.steps import crises  # noqa: PLC0415

    monkeypatch.setattr(crises, "chance", lambda rate, dt: 0.2 * (rate > 0))  # noqa: ARG005
    assert "no war in two years" in period_length.wars()


def test_a_number_that_depends_on_the_length_of_the_period_is_found(monkeypatch):
    def imports(record):  # of a period, and not of a year
        return record.series["imports"].mean(axis=(0, 1))

    monkeypatch.setattr(period_length, "LEVELS", {"imports": imports})
    assert period_length.levels().startswith("imports: ")


@pytest.mark.parametrize("check", [statics.disarmed, statics.remote, statics.parity])
def test_a_limit_is_not_met_by_the_present_world(monkeypatch, check):
    monkeypatch.setattr(statics, "small", lambda *_: small())
    assert check() != ""


def test_wrong_percentiles_are_found(monkeypatch):
    real = statics.statistics
    monkeypatch.setattr(statics, "statistics", lambda cells: real(cells) * 1.01)
    assert statics.percentiles() != ""


def test_an_interval_that_is_too_narrow_is_found(monkeypatch):
    real = statics.mean_interval

    def narrow(values):
        found = real(values)
        return replace(found, low=(found.low + found.mean) / 2)

    monkeypatch.setattr(statics, "mean_interval", narrow)
    assert "the interval of a mean" in statics.intervals()


def test_a_state_that_counts_for_more_by_its_name_is_found(monkeypatch):
    real = statics.assess

    def favoured(world, rules, stock):
        found = real(world, rules, stock)
        first = (np.arange(found.strength.shape[0]) == 0)[:, None]
        return replace(found, strength=found.strength + first)

    monkeypatch.setattr(statics, "assess", favoured)
    assert statics.relabelled() != ""


def test_the_command_prints_claims_and_leaves_with_zero(blocsim):
    code, out, _ = blocsim("conform", "--law", "contest")
    assert code == 0
    assert "holds  win: parity without support gives one half" in out
    assert re.search(r"(\d+) of \1 claims hold\.", out)


def test_the_command_leaves_with_three_where_a_law_is_broken(blocsim, monkeypatch):
    def win(_, *, strength, opposed):
        return opposed / (strength + opposed)

    win.__annotations__ = RatioContest.win.__annotations__
    law = broken(RatioContest, win=win)
    monkeypatch.setattr(suite, "ROLES", {**ROLES, "contest": {"ratio": law}})
    code, out, _ = blocsim("conform", "--law", "contest")
    assert code == 3
    assert "FAILS  win: rises with strength; falls with opposed" in out
    assert re.search(r"worst: (falls as strength|rises as opposed) grows: .*; at strength \d", out)


def test_an_unknown_role_is_bad_input(blocsim):
    code, _, err = blocsim("conform", "--law", "consen")
    assert code == 2
    assert 'no role "consen" (did you mean "consent"?)' in err
