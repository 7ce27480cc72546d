"""The pages Compare, Sweep and Doubt: results of the commands, in the words of reports."""

from __future__ import annotations

import re
import shlex
from zipfile import ZipFile

import pandas as pd
import pytest

from sim.experiments.comparison import compare
from sim.experiments.sweeps.sweep import sweep
from sim.records.results import load_results
from sim.scenario.load import load
from sim.seeing import statements
from sim.seeing.comparison_answer import compared_findings
from sim.seeing.scenario_answer import answer
from tests.dashboard.conftest import OpenPage
from tests.pages.parsed import parsed


def flat(text):
    return " ".join(text.split())


def key_of(text):
    return re.search(r"/studies/([\w-]+)/", text)[1]


@pytest.fixture(scope="module")
def compared(desk, client):
    form = {"case": "given", "one": "no_sale", "other": "sale", "runs": "6"}
    return OpenPage(client).load().asked(form, desk, "/compare/run").text


@pytest.fixture(scope="module")
def swept(desk, client):
    form = {"case": "given", "over:states.BRA.burden": "1", "points": "16", "each": "5"}
    return OpenPage(client).load().asked(form, desk, "/sweep/run").text


def test_a_comparison_says_what_compare_finds(compared, small_swept):
    wanted = compare(f"{small_swept}:no_sale", f"{small_swept}:sale", runs=6)
    document = load(small_swept).document
    shown = parsed(compared).words
    found = compared_findings(wanted.differences, document, "no_sale", "sale")
    differ = [each for each in found if each.effect.changed > 0]
    assert differ
    for each in differ[:3]:
        assert flat(statements.finding_name(each)) in shown
    assert wanted.inputs
    assert all(each in shown for each in wanted.inputs)
    assert "<svg" in compared


def test_a_comparison_is_taken_away_as_report_and_tables(compared, client, small_swept, tmp_path):
    key = key_of(compared)
    assert "report of a comparison" in client.get(f"/studies/{key}/report.html").text
    path = tmp_path / "tables.zip"
    path.write_bytes(client.get(f"/studies/{key}/tables.zip").content)
    found = unpacked(path, tmp_path) / "differences.csv"
    wanted = compare(f"{small_swept}:no_sale", f"{small_swept}:sale", runs=6).differences
    assert pd.read_csv(found)["difference"].tolist() == pytest.approx(
        wanted["difference"].tolist(), rel=1e-9, nan_ok=True
    )
    assert client.get("/studies/elsewhere/report.html").status_code == 400


def unpacked(path, folder):
    with ZipFile(path) as archive:
        archive.extractall(folder)
    return folder


def test_the_page_of_comparisons_keeps_its_sides_in_the_link(client, small_swept):
    text = client.get("/compare?case=given&one=sale&other=baseline&runs=200&attribute=1").text
    (line,) = [each.words for each in parsed(text).all("code")]
    assert shlex.split(line)[1:] == [
        "compare", f"{small_swept}:sale", f"{small_swept}:baseline", "--runs", "200", "--attribute",
    ]  # fmt: skip
    assert '<option value="baseline" selected>baseline</option>' in text
    assert client.get("/compare?case=given&one=nothing").status_code == 400
    assert "two_licensors:" in client.get("/compare?case=given&beside=two_licensors").text


def test_a_sweep_is_that_of_the_command(swept, client, small_swept, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    path = tmp_path / "tables.zip"
    path.write_bytes(client.get(f"/studies/{key_of(swept)}/tables.zip").content)
    found = pd.read_csv(unpacked(path, own) / "summary.csv")
    wanted = sweep(
        small_swept, over=["states.BRA.burden=0.02..0.06"], points=16, runs=5,
        variants=("baseline", "sale"), out=tmp_path / "wanted",
    )  # fmt: skip
    pd.testing.assert_frame_equal(found, pd.read_csv(wanted.folder / "summary.csv"))
    assert re.search("(Largest effects|No effect to speak of) in baseline", parsed(swept).words)
    assert "<svg" in swept


def test_the_page_of_sweeps_offers_the_sliders_and_its_command(client, page):
    text = client.get("/sweep?case=given&over:states.BRA.burden=1&points=32").text
    assert 'name="over:states.BRA.burden" value="1" checked' in text
    assert 'name="over:blocs.NORTH.norm" value="1">' in text
    (line,) = [each.words for each in parsed(text).all("code") if "blocsim" in each.words]
    assert "--over states.BRA.burden=0.02..0.06" in line
    assert "-n 32 --runs 5" in line
    assert "choose a number to sweep" in page.post("/sweep/run", {"case": "given"}).text
    assert "must be one of" in page.post(
        "/sweep/run", {"case": "given", "over:states.BRA.burden": "1", "points": "17"}
    ).text  # fmt: skip


def test_a_sweep_that_is_stopped_leaves_no_open_work(client, desk):
    page = OpenPage(client).load()
    form = {"case": "given", "over:states.BRA.burden": "1", "points": "128", "each": "20"}
    job = page.job(page.post("/sweep/run", form), desk)
    desk.queue.leave(page.key)
    assert job.over.wait(60)
    assert "Stopped: a sweep of 128 points" in page.get(f"/jobs/{job.id}").text


def test_the_page_doubt_of_a_scenario_shows_the_sources_of_its_numbers(client):
    text = client.get("/doubt?case=given").text
    assert "Numbers in force in" in text
    assert "Run all variants" in text
    assert "Compute the spreads" not in text


def test_doubt_of_a_result_has_reasons_history_and_numbers(served, strange_run):
    _, client = served(strange_run)
    text = client.get("/doubt").text
    words = parsed(text).words
    found = answer(load_results(strange_run))
    for sentence in (statements.history_sentence(found), statements.basis_sentence(found)):
        assert flat(sentence) in words
    assert "Compute the spreads" not in text  # its folder is not ours to write beside


def test_an_ensemble_that_is_run_here_is_a_result_with_doubts(desk, client):
    page = OpenPage(client).load()
    form = {"case": "given", "runs": "6", "set:states.BRA.burden": "0.05"}
    text = page.asked(form, desk, "/doubt/run").text
    (key,) = {*re.findall(r"case=(run-\d+)", text)}
    results = desk.cabinet.open(key).results
    assert results.manifest["inputs"]["runs"] == 6
    assert results.manifest["scenario"]["document"]["states"]["BRA"]["burden"] == 0.05
    shown = client.get(f"/doubt?case={key}").text
    assert "Compute the spreads" in shown
    assert "Comparison with history" in shown
    assert flat(statements.scope_sentence(answer(results))) in flat(
        parsed(client.get(f"/?case={key}").text).words
    )


@pytest.mark.study
def test_spreads_are_worked_out_beside_a_result_that_was_run_here(desk, client):
    page = OpenPage(client).load()
    text = page.asked({"case": "given", "runs": "8"}, desk, "/doubt/run").text
    (key,) = {*re.findall(r"case=(run-\d+)", text)}
    page.asked({"case": key}, desk, "/doubt/spreads", 1800)
    assert "Chance, parameters, rules" in client.get(f"/doubt?case={key}").text
    assert answer(desk.cabinet.open(key).results).doubts
