"""The page Answer: the terminal's sentences, the numbers of `compare`, and effects of changes."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from sim.dashboard.job_queue import STOPPED, WAITS
from sim.experiments.comparison import compare
from sim.experiments.preview import Preview
from sim.pages.report import report_text
from sim.records.results import load_results
from sim.seeing import statements
from sim.seeing.scenario_answer import answer, first_answer
from tests.dashboard.conftest import OpenPage
from tests.pages.conftest import EVIL, SHORT
from tests.pages.parsed import parsed

BURDEN = {"set:states.BRA.burden": "0.05"}


def flat(text):
    return " ".join(text.split())


def form(**more):
    return {"case": "given", "runs": "6"} | more


def test_a_page_has_sliders_with_bounds_units_and_sources(page):
    assert 'name="set:states.BRA.burden" min="0.02" max="0.06"' in page.text
    assert "share of gdp" in page.text
    assert "basis: assumed" in page.text
    assert '<option value="40" selected>40</option>' in page.text


def test_a_preview_says_what_the_terminal_says_of_the_same_runs(page, desk, small_swept):
    shown = parsed(page.asked(form(), desk).text).words
    result = Preview(small_swept)(runs=6)
    found = first_answer(result.scenario, result.outcomes)
    sentences = [statements.scope_sentence(found), statements.LEGEND]
    for contrast in found.contrasts:
        sentences.append(statements.pair_words(contrast))
        for each in contrast.findings:
            name = statements.finding_name(each)
            sentences += [name, statements.finding_numbers(each)]
    assert len(sentences) > 6
    for each in map(flat, sentences):
        assert each in shown


def test_a_change_gives_the_differences_of_compare(page, desk, small_swept):
    asked = form(**BURDEN)
    page.asked(asked, desk)
    link = page.post("/answer", asked).headers["HX-Replace-Url"]
    text = page.get(f"/files/differences.csv?{urlsplit(link).query}").text
    rows = {line.split(",")[2]: line.split(",") for line in text.splitlines()[1:]}
    of, versus = next(iter(rows.values()))[:2]
    sides = (f"{small_swept}:{versus}", f"{small_swept}:{of}")
    wanted = compare(*sides, runs=6, sets=("states.BRA.burden=0.05",)).differences
    wanted = wanted.set_index("outcome")["difference"]
    assert {*rows} == {*wanted.index}
    for outcome, row in rows.items():
        assert float(row[4]) == pytest.approx(wanted[outcome], rel=1e-8, abs=1e-12)


def test_the_largest_effects_are_named_and_so_are_sliders_without_one(page, desk):
    asked = form(**BURDEN, **{"set:blocs.NORTH.norm": "2", "set:offers.charlie_tank.price": "50"})
    shown = parsed(page.asked(asked, desk).text).words
    assert "Effects of the changes together" in shown
    result = desk.cabinet.open("given").preview
    alone = {each: result((each,), runs=6) for each in (
        "states.BRA.burden=0.05", "blocs.NORTH.norm=2", "offers.charlie_tank.price=50",
    )}  # fmt: skip
    for text, each in alone.items():
        assert (f"{text} has no effect." in shown) == (not each.movers)
        assert (f"Largest effect of {text}:" in shown) == bool(each.movers)
    assert any(each.movers for each in alone.values())


def test_a_link_gives_the_page_again(page):
    asked = form(**BURDEN, **{"set:states.DEL.gdp": "60000"})
    link = page.post("/answer", asked).headers["HX-Replace-Url"]
    assert parse_qs(urlsplit(link).query) == {
        "case": ["given"], "runs": ["6"], "set:states.BRA.burden": ["0.05"],
    }  # fmt: skip
    again = OpenPage(page.client, link).load()
    assert re.search(r'name="set:states.BRA.burden"[^>]*value="0.05"', again.text)
    assert '<option value="6" selected>6</option>' in again.text


@pytest.mark.usefixtures("busy")
def test_a_job_is_shown_with_a_way_to_stop_it(page, desk):
    answer = page.post("/answer", form(runs="7"))
    job = page.job(answer, desk)
    assert f'hx-post="/jobs/{job.id}/stop"' in answer.text
    assert "Waiting for 1 earlier job (a long job)" in page.get(f"/jobs/{job.id}").text
    assert page.post(f"/jobs/{job.id}/stop").status_code == 204
    shown = page.get(f"/jobs/{job.id}")
    assert "Stopped: 7 runs" in shown.text
    assert shown.headers["HX-Retarget"] == "#outcome"
    assert OpenPage(page.client).load().get(f"/jobs/{job.id}").text == ""


@pytest.mark.usefixtures("busy")
def test_a_page_that_is_closed_stops_its_jobs(page, desk):
    job = page.job(page.post("/answer", form(runs="8")), desk)
    assert page.client.post("/leave", content=page.key, headers={"Origin": "http://evil.example"}
                            ).status_code == 403  # fmt: skip
    assert job.state == WAITS
    assert page.post("/leave", content=page.key).status_code == 204
    assert job.state == STOPPED


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("case=nobody", "no scenario"), ("case=../../etc/passwd", "no scenario"),
        ("runs=0", "must be a whole number from 1"), ("runs=many", "must be a whole number"),
        ("contrast=nothing", "no contrast"), ("set:states.BRA.burden=9", "states.BRA.burden"),
    ],
)  # fmt: skip
def test_a_link_that_is_wrong_says_what_is_wrong(client, query, said):
    answer = client.get(f"/?{query}")
    assert answer.status_code == 400
    assert said in answer.text
    assert "Traceback" not in answer.text


def test_a_result_shows_the_answer_of_its_report_until_something_is_changed(served, strange_run):
    _, client = served(strange_run)
    page = OpenPage(client).load()
    shown, found = parsed(page.text).words, answer(load_results(strange_run))
    report = parsed(report_text(strange_run)).words
    closing = statements.closing_sentences(found, every=True)
    said = [statements.scope_sentence(found), *(each.removeprefix("- ") for each in closing)]
    for contrast in found.contrasts:
        said += [statements.finding_numbers(each) for each in contrast.findings]
    for sentence in map(flat, said):
        assert sentence in shown
        assert sentence in report
    assert "load, change" not in page.text


def test_markup_of_a_stranger_is_text(served, strange_file):
    desk, client = served(strange_file)
    page = OpenPage(client).load()
    shown = page.asked({"case": "given", "runs": "2"}, desk)
    for text in (page.text, shown.text, client.get("/files").text):
        tree = parsed(text)
        assert not [each for each in tree.all("script") if "src" not in each.attributes]
        assert not [n for e in tree.walk() for n in e.attributes if n.startswith("on")]
        assert not tree.all("img")
    assert EVIL.format("question") in parsed(page.text).text
    assert EVIL.format("asks") in parsed(shown.text).text
    assert SHORT.format("BRA") in parsed(shown.text).text
