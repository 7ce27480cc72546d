"""Decisions of a buyer under a threat have accounts, flips, and entries in the story."""

from __future__ import annotations

import pytest

from sim.explain.accountant import Accountant
from sim.explain.casebook import Casebook
from sim.explain.replay import replay
from tests.shipped import read


@pytest.fixture(scope="module")
def accounts():
    """Return the accounts of Cyprus' decisions under the threat of Turkey, in two variants."""
    found = []
    for variant in ("baseline", "defiant"):
        book = Casebook(replay(read("cyprus_s300_1997"), variant, [3]))
        accountant = Accountant(book)
        found += [accountant.account(e) for e in book.entries if e.kind == "concession"]
    return found


def test_the_reasons_are_those_of_yielding_less_those_of_keeping(accounts):
    assert {each.actor for each in accounts} == {"CYP"}
    for each in accounts:
        assert sum(reason.value for reason in each.reasons) == pytest.approx(each.total)
        assert sum(other.chance for other in each.alternatives) == pytest.approx(1)
        kept, *ways = each.alternatives
        assert (kept.name, kept.reasons) == ("keeps", 0.0)
        made = next((way for way in ways if way.chosen), max(ways, key=lambda way: way.reasons))
        assert made.reasons == pytest.approx(each.total)
        assert max(each.alternatives, key=lambda other: other.total).chosen


def test_it_is_said_who_keeps_an_order_and_to_whom_it_goes(accounts):
    said = {each.choice for each in accounts}
    what = "its order of S-300PMU-1 from Russia"
    assert f"hands {what} over to Greece under the threat of Turkey" in said
    assert f"keeps {what} despite the threat of Turkey" in said


def test_what_would_have_turned_it_becomes_another_way(accounts):
    flips = [(each, flip) for each in accounts for flip in each.flips]
    assert flips
    assert {flip.becomes for _, flip in flips} <= {"keeps", "cancels", "hands on"}
    assert "risk" in {flip.name for _, flip in flips}
