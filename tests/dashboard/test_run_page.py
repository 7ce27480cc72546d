"""The page One run: a recorded run back and forth, with the reasons that a replay gives."""

from __future__ import annotations

import pytest

from sim.cli.story_text import story_lines
from sim.dashboard.page_state import PageState
from sim.dashboard.run_map import HOSTILE, WIDTH, RunMap, map_of
from sim.dashboard.run_trace import TraceShelf
from sim.explain.explanation import casebook_of, explanation_of
from sim.explain.story import story
from sim.explain.typical_runs import typical_run
from sim.kernel.errors import Interrupted
from sim.pages.why_section import story_entry
from sim.records.results import load_results
from tests.dashboard.conftest import OpenPage
from tests.pages.parsed import parsed

LINK = "case=given&variant=sale&run=1"


@pytest.fixture(scope="module")
def trace(desk):
    state = PageState.read(desk.cabinet, {"case": "given"})
    asked = ("given", (), "sale", 1)
    return TraceShelf().traced(state, asked)(lambda *_: None, lambda: False)


def shown(page, desk, query):
    """Return a period, once the run is replayed."""
    return page.settled(page.get(f"/run/frame?{query}"), desk)


def test_a_run_is_replayed_once_and_then_stepped_through(page, desk, trace):
    first = shown(page, desk, f"{LINK}&at=0")
    assert first.headers["HX-Retarget"] == "#frame"
    for at, date in enumerate(trace.dates):
        text = page.get(f"/run/frame?{LINK}&at={at}").text
        assert f'<h2 class="date-of">{date}</h2>' in text
        assert f'data-at="{at}"' in text
        assert "/jobs/" not in text


def test_the_page_holds_the_whole_state_in_its_link(client, page, desk):
    text = client.get(f"/run?{LINK}&at=3&about=BRA").text
    assert 'value="3" aria-valuetext="2020-Q4"' in text
    shown(page, desk, f"{LINK}&at=3")
    answer = page.get(f"/run/frame?{LINK}&at=3&about=BRA")
    assert answer.headers["HX-Replace-Url"] == f"/run?{LINK}&at=3&about=BRA"


def test_the_run_is_the_one_that_a_result_has_and_so_is_its_story(served, strange_run):
    desk, client = served(strange_run)
    page = OpenPage(client).load()
    words = parsed(shown(page, desk, f"{LINK}&at=1").text).words
    told = story(strange_run, 1, variant="sale")
    terminal = " ".join(" ".join(story_lines(told)).split())
    entries = [*map(story_entry, told.entries)]
    said = [" ".join(note) for each in entries for note in each.notes]
    assert {each.partition(" ")[0] for each in said} == {"why", "also"}
    for text in (*said, *(each.sentence for each in entries)):
        assert " ".join(text.split()) in words
        assert " ".join(text.split()) in terminal
    typical, _ = typical_run(load_results(strange_run), "sale")
    text = client.get(f"/run?variant=sale&run={typical + 1}").text
    assert f"The typical run: {typical}<" in text
    text = client.get("/run?variant=sale").text
    assert f'max="999999" value="{typical}"' in text


def test_a_decision_is_shown_with_the_reasons_of_explain(page, desk, trace, strange_run):
    decided = next(each for each in trace.book.entries if each.changes and each.chance is not None)
    at = trace.dates.index(decided.date)
    shown(page, desk, f"{LINK}&at={at}")
    text = page.get(f"/run/frame?{LINK}&at={at}&decision={decided.id}").text
    (account,) = explanation_of(trace.book, [decided]).decisions
    words = parsed(text).words
    assert account.reasons
    for reason in account.reasons:
        if abs(reason.value) > 0.01:
            assert reason.words in words
    assert "<svg" in text
    again = casebook_of(load_results(strange_run), 1, "sale")
    assert {each.id for each in again.entries} == {each.id for each in trace.book.entries}


def test_the_decisions_of_a_period_can_be_those_of_a_state_alone(trace):
    everything = {each.id for at in range(len(trace.dates)) for each in trace.decided(at)}
    assert everything == {each.id for each in trace.book.entries if each.changes}
    for at in range(len(trace.dates)):
        for each in trace.decided(at, "DEL"):
            assert "DEL" in each.parties.keys.values()


def test_a_map_has_every_state_as_a_link_and_says_what_it_is(trace):
    ground = map_of(trace)
    view = ground.view(0, "BRA")
    assert [each.key for each in view.states] == list(trace.book.replay.layout.states)
    assert all(0 < each.x < WIDTH and 0 < each.y < view.height for each in view.states)
    assert "member of NORTH" in view.states[0].about
    assert view.blocs == (("bloc-0", "NORTH"),)
    affinity = trace.book.replay.moments[0].passed.world.affinity[1, :, 0]
    drawn = [each for each in view.lines if each.mark.startswith("regard")]
    assert len(drawn) == sum(abs(a) >= 0.05 for j, a in enumerate(affinity) if j != 1)
    assert {each.mark for each in drawn} == {"regard good", "regard bad"}


def test_sales_and_hostile_acts_of_a_period_are_drawn(trace):
    ground = map_of(trace)
    sales = [line for at in range(len(trace.dates)) for line in ground.view(at).lines
             if line.mark.startswith("sale")]  # fmt: skip
    assert any("alfa_missile" in line.about for line in sales)
    acts = [each for each in trace.events if each.kind in HOSTILE and each.against >= 0]
    drawn = [line for at in range(len(trace.dates)) for line in ground.view(at).lines
             if line.mark.startswith("hostile")]  # fmt: skip
    assert len(drawn) == len(acts)


def test_a_replay_can_be_stopped(desk):
    state = PageState.read(desk.cabinet, {"case": "given"})
    work = TraceShelf().traced(state, ("given", (), "sale", 2))
    with pytest.raises(Interrupted):
        work(lambda *_: None, lambda: True)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("variant=sal", "no variant"), ("run=-1", "must be a whole number"),
        ("at=soon", "must be a whole number"), ("about=NOBODY", "no state or bloc"),
        ("decision=nothing", "no decision nothing"),
    ],
)  # fmt: skip
def test_a_link_that_is_wrong_says_so(page, desk, query, said):
    shown(page, desk, f"{LINK}&at=0")
    answer = page.get(f"/run/frame?{LINK}&{query}")
    assert answer.status_code == 400
    assert said in answer.text


def test_without_places_states_stand_on_a_circle(trace):
    document = trace.book.replay.scenario.document["states"]
    kept = {key: dict(entry) for key, entry in document.items()}
    try:
        document["DEL"].pop("latitude")
        view = RunMap(trace).view(0)
        assert not view.ground
        assert not view.remark
        assert len({(each.x, each.y) for each in view.states}) == 4
    finally:
        document.update(kept)
