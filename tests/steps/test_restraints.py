"""The leader's example for its members, which does not exist without a record."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.scenario.compile.build import build
from sim.scenario.load import load
from sim.steps.restraints import restraints

SMALL = Path(__file__).parents[1] / "experiments" / "small.yaml"
ALF, BRA, CHA, DEL = range(4)


def found(*sets):
    """Return the restraints of the small scenario under imitation, with these settings."""
    model = load(SMALL, sets=["rules.consent=imitation", *sets]).base
    built = build(model, runs=np.arange(2), seed=1)
    states, blocs = len(built.world.layout.states), len(built.world.layout.blocs)
    assert built.world.layout.states == ("ALF", "BRA", "CHA", "DEL")
    zero = np.zeros((states, blocs, 2))
    return restraints(
        built.world, built.rules, zero[0], zero, np.zeros((states, states, 2))
    )  # fmt: skip


def test_without_a_record_of_deliveries_there_is_no_example_and_members_decide_by_themselves():
    all_alone = found()
    assert (all_alone.following == 0).all()
    assert (all_alone.harm[CHA, DEL] > 0).all()  # though fellow member BRA is in dispute with DEL


def test_a_leader_that_armed_members_alone_forbids_and_one_that_armed_rivals_allows():
    # CHA takes part by its engagement; of its fellows only BRA, by 0.7, is in dispute with DEL
    engagement = ["blocs.NORTH.engagement.CHA=0.5"]
    forbids = found("blocs.NORTH.history={ALF: {members: 10, rivals: 0}}", *engagement)
    assert forbids.following[CHA, DEL] == pytest.approx(0.35)
    assert forbids.example[CHA, DEL] == pytest.approx(0.0)
    allows = found("blocs.NORTH.history={ALF: {members: 10, rivals: 30}}", *engagement)
    assert allows.following[CHA, DEL] == pytest.approx(0.35)
    assert allows.example[CHA, DEL] == pytest.approx(0.75)


def test_deliveries_of_members_are_not_an_example_and_the_leader_follows_no_example():
    of_a_member = found("blocs.NORTH.history={BRA: {members: 10, rivals: 30}}")
    assert (of_a_member.following == 0).all()
    own = found("blocs.NORTH.history={ALF: {members: 10, rivals: 30}}")
    assert (own.following[ALF] == 0).all()


DISPUTE = "rivalries.ALF={with: {DEL: 0.5}, source: assumed}"
FEAR = "laws.consent.by_entrapment=2"


def test_entrapment_is_computed_only_if_a_number_or_an_event_uses_it():
    assert found().drawn_in is None
    path = "laws.consent.by_entrapment"
    fear = f"events.fear={{at: 2020-Q3, set: {{path: {path}, value: 2}}, source: assumed}}"
    assert found(fear).drawn_in is not None


def test_a_treaty_draws_a_supplier_into_quarrels_that_are_not_yet_its_own():
    engagement = "blocs.NORTH.engagement.CHA=0.5"
    drawn = found(FEAR, DISPUTE, engagement).drawn_in[..., 0]
    expected = np.zeros((4, 4))
    expected[ALF, BRA] = 0.7 * 0.7 * (1 - 0.5)  # BRA's dispute, commitment, what ALF does not share
    expected[CHA, BRA] = 0.7 * 0.7 * 0.5  # its part in the bloc
    expected[CHA, ALF] = 0.5 * 0.7 * 0.5
    assert drawn == pytest.approx(expected)  # DEL shares no treaty with those who sell to it


def test_a_treaty_does_not_entrap_in_cases_that_it_does_not_cover_or_between_members():
    assert (found(FEAR, "blocs.NORTH.scope=[CHA]").drawn_in == 0).all()
    assert (found(FEAR, "blocs.NORTH.members=[ALF, BRA, CHA, DEL]").drawn_in == 0).all()
