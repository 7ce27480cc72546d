"""Accounts add up: reasons to their total, parts to their number, probabilities to one."""

from __future__ import annotations

import pytest

from sim.explain.accountant import Accountant
from sim.explain.casebook import Casebook
from sim.explain.explanation import chosen, explanation_of
from sim.explain.replay import replay
from sim.explain.sentences import choice_of
from sim.kernel.errors import InputError
from tests.shipped import read


@pytest.fixture(scope="module")
def book():
    """Return the decisions of a run of the flagship's variant with the sale."""
    return Casebook(replay(read("polonez_vs_iskander"), "sale", [0]))


@pytest.fixture(scope="module")
def accounts(book):
    """Return some accounts of every kind."""
    accountant, found = Accountant(book), []
    for kind in ("request", "consent", "objection", "response", "exit", "order"):
        some = [each for each in book.entries if each.kind == kind]
        found += [accountant.account(each) for each in some[::9][:4]]
    return found


def test_every_decision_has_an_id_of_its_own(book):
    ids = [each.id for each in book.entries]
    assert len({*ids}) == len(ids)
    assert all(each.id.split(":")[0] == each.kind for each in book.entries)


def test_reasons_add_up_to_the_total_and_parts_to_their_number(accounts):
    parts = 0
    for account in accounts:
        if account.total is None:
            continue
        total = sum(each.value for each in account.reasons)
        assert total == pytest.approx(account.total, abs=1e-9)
        for given in (each for reason in account.reasons for each in reason.inputs):
            if given.parts:
                whole = sum(part.value for part in given.parts)
                assert whole == pytest.approx(given.value, abs=1e-9)
                parts += len(given.parts)
    assert parts > 10


def test_alternatives_hold_the_choice_once_and_their_chances_add_up_to_one(accounts):
    for account in accounts:
        if account.kind == "order":
            assert account.alternatives == ()
            continue
        assert sum(each.chance for each in account.alternatives) == pytest.approx(1.0)
        made = next(each for each in account.alternatives if each.chosen)
        assert made.chance == pytest.approx(account.chance)
        assert sum(each.chosen for each in account.alternatives) == 1
        if account.draw is None:  # the largest sum of reasons and luck
            sums = {each.name: each.reasons + each.luck for each in account.alternatives}
            assert max(sums, key=sums.get) == made.name


def test_numbers_of_the_scenario_have_their_sources(accounts):
    sources = read("polonez_vs_iskander").sources_of("sale")
    named = [g for a in accounts for r in a.reasons for g in (*r.inputs, *r.weights) if g.path]
    assert len({each.path for each in named}) > 20
    assert all(each.source == sources[each.path] for each in named)


def test_an_order_names_the_decisions_that_made_it_so(book):
    accountant = Accountant(book)
    found = [accountant.account(e) for e in book.entries if e.kind == "order"][:40]
    asked = [each for each in found if "event" not in each.choice + each.context]
    assert asked
    for each in asked:
        kinds = [name.split(":")[0] for name in each.because]
        assert kinds[0] == "request"
        assert "consent" in kinds
        assert all(name.endswith(each.date) or each.date in name for name in each.because)


def test_an_order_that_the_buyer_did_not_ask_for_names_the_event(book):
    entry = next(each for each in book.entries if "polonez" in each.id and each.kind == "order")
    (event,) = (name for name, each in book.replay.model.events.items() if each.order)
    assert f"requested by the scenario (events.{event})" in Accountant(book).account(entry).choice


def test_a_request_that_the_scenario_made_is_found_at_its_order(book):
    asked = {each.id.partition(":")[2] for each in book.entries if each.kind == "request"}
    parts = {each: each.id.split(":") for each in book.entries if each.kind == "order"}
    order = next(
        each
        for each, (_, supplier, recipient, *rest) in parts.items()
        if ":".join([recipient, supplier, *rest]) not in asked
    )
    wanted = order.id.replace("order", "request")
    with pytest.raises(
        InputError, match=f"the request was made by the scenario, not the buyer: see {order.id}"
    ):
        chosen(book, decision=wanted)


def test_what_lets_a_sale_pass_is_said_in_that_order(book):
    parties = next(each for each in book.entries if each.kind == "response").parties
    assert choice_of("response", 0, parties).startswith("lets ")
    assert choice_of("response", 0, parties).endswith(" pass")


def test_a_sale_is_explained_by_all_states_with_a_say(book):
    found = chosen(book, sale="BLR:AZE:polonez")
    assert {each.kind for each in found} >= {"order"}
    assert all(each.parties.keys["system"] == "polonez" for each in found)
    about = chosen(book, about="CSTO")
    assert about
    assert all("CSTO" in each.parties.keys.values() for each in about)
    both = chosen(book, about="ARM:CSTO")
    assert both == [each for each in about if "ARM" in each.parties.keys.values()]


def test_a_request_is_held_against_the_next_offer_or_the_one_that_is_named(book):
    entry = next(
        each
        for each in book.entries
        if each.kind == "request" and len(Accountant(book).account(each).alternatives) > 5
    )
    plain = Accountant(book).account(entry)
    *offers, nothing = plain.alternatives
    assert (nothing.name, nothing.words) == ("nothing", "no purchase now")
    assert sum(each.chance for each in plain.alternatives) == pytest.approx(1.0)
    ranked = sorted(offers, key=lambda each: -each.total)
    assert ranked[0].chosen
    assert plain.against == ranked[1].name
    assert plain.margin == pytest.approx(ranked[0].total - ranked[1].total)
    last = ranked[-1]
    named = Accountant(book, last.name).account(entry)
    assert named.against == last.name
    assert named.margin == pytest.approx(ranked[0].total - last.total)
    assert sum(each.versus for each in named.reasons) == pytest.approx(last.reasons)
    layout = book.replay.layout
    systems = dict(zip(layout.offers, layout.system, strict=True))
    open_ = {systems[each.name] for each in ranked}
    absent = next(offer for offer in layout.offers if systems[offer] not in open_)
    told = Accountant(book, absent).account(entry)
    assert told.against == plain.against
    ends = (" was not on sale to it.", "It could not afford ", "It did not consider ")
    assert any(each in told.context for each in ends)


def test_a_piece_of_a_part_of_an_id_is_enough(book):
    entry = next(each for each in book.entries if each.kind == "request")
    *first, system = entry.id.split(":")
    known = {part.lower() for each in book.entries for part in each.id.split(":")}
    piece = next(system[:k] for k in range(2, len(system)) if system[:k].lower() not in known)
    found = chosen(book, decision=":".join([*first, piece]))
    assert entry in found
    assert all(any(piece.lower() in part for part in each.id.lower().split(":")) for each in found)
    assert chosen(book, decision=entry.id) == [entry]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"sale": "XXX:AZE:tank"}, 'no state "XXX"'),
        ({"sale": "BLR:AZE:polonezz"}, 'no system "polonezz" (did you mean "polonez"?)'),
        ({"sale": "BLR:AZE:pol"}, 'no system "pol" (did you mean "polonez"?)'),
        ({"about": "NATOO"}, 'no state or bloc "NATOO" (did you mean "NATO"?)'),
        ({"decision": "consent:XYZ"}, 'no decision has "xyz" in its id'),
        ({"decision": ":"}, 'no decision has all parts of ":"'),
    ],
)
def test_unknown_names_are_refused_with_the_known_ones(book, asked, message):
    with pytest.raises(InputError) as caught:
        chosen(book, **asked)
    assert message in str(caught.value)


def test_an_offer_that_is_none_is_refused(book):
    with pytest.raises(InputError, match='--versus: no offer or system "zz"'):
        explanation_of(book, book.entries[:1], "zz")
