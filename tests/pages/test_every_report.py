"""Every shipped scenario is reported: the terminal's answer, the tables' numbers, all of it."""

from __future__ import annotations

import pytest

from sim.cli.answer_page import AnswerLayout
from sim.documents.package_data import shipped_scenarios
from sim.experiments.ensemble import run
from sim.explain.contrast_reasons import main_reasons
from sim.pages.report import report_text
from sim.seeing import statements
from sim.seeing.scenario_answer import answer
from tests.pages.parsed import files_of, numbers_in, parsed

pytestmark = pytest.mark.study


@pytest.mark.parametrize("name", shipped_scenarios())
def test_a_shipped_scenario_is_reported(name, tmp_path):
    results = run(name, runs=6, out=tmp_path / name)
    page = report_text(results.folder)
    tree = parsed(page)
    assert len(page.encode()) < 1_500_000
    found = answer(results)
    said = [found.question, *statements.closing_sentences(found, every=True)]
    said += [statements.finding_name(f) for c in found.contrasts for f in c.findings]
    said += [statements.finding_numbers(f) for c in found.contrasts for f in c.findings]
    why = {each: reason.sentence for each, reason in main_reasons(results, found).items()}
    said += why.values()
    terminal = " ".join(" ".join(AnswerLayout(why=why).whole_page(found)).split())
    for sentence in said:
        flat = " ".join(sentence.removeprefix("- ").split())
        assert flat in tree.words
        assert flat in terminal
    for table in tree.all("table"):
        files = files_of(table)
        shown = {each.attributes["value"] for each in table.all("data")}
        assert not files or shown <= numbers_in(results.folder, files), files
    assert "No run could be replayed" not in tree.words
    assert len(tree.all("figure")) >= 3
