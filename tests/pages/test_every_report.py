"""Every shipped scenario is reported: all of the answer, within the limit, nothing but text."""

from __future__ import annotations

import pytest

from sim.documents.package_data import shipped_scenarios
from sim.experiments.ensemble import run
from sim.pages.report import report_text
from sim.seeing import statements
from sim.seeing.scenario_answer import answer
from tests.pages.parsed import parsed

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
    for sentence in said:
        assert " ".join(sentence.removeprefix("- ").split()) in tree.words
    assert "No run could be replayed" not in tree.words
    assert len(tree.all("figure")) >= 3
