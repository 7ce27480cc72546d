"""The answer on one screen: 25 lines of 80 columns, for every shipped scenario."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from sim.cli.answer_page import COLUMNS, LINES, AnswerLayout
from sim.documents.package_data import shipped_scenarios
from sim.experiments.evaluation import variant_outcomes
from sim.experiments.options import Options
from sim.seeing.doubt import Doubt
from sim.seeing.pattern_history import HistoryAnswer
from sim.seeing.scenario_answer import first_answer
from sim.seeing.statements import finding_numbers, heading, verdict_on
from tests.experiments.conftest import SMALL
from tests.shipped import of_runs

RUNS = 8
FEW = ("counter_purchase", "belarus_armenia_2007", "hub_and_spoke")
NAMES = [
    pytest.param(name, marks=[] if name in FEW else pytest.mark.study)
    for name in shipped_scenarios()
]


@cache
def answered(name):
    """Return the answer of few runs, with all sections that a result can have."""
    scenario = of_runs(name, RUNS)
    found = first_answer(scenario, variant_outcomes(scenario, list(scenario.variants), Options()))
    first = [each for contrast in found.contrasts[:1] for each in contrast.findings[:1]]
    share = {"chance": 0.123, "parameters": 0.456, "rules": 0.421}
    doubts = [Doubt(each.outcome, share, "parameters", 0.7, 0.9, found.folder) for each in first]
    missed = tuple(f"pattern_of_some_length_{at}" for at in range(12))
    return replace(
        found,
        history=HistoryAnswer(("P01",), missed),
        numbers={"sourced": 123, "mixed": 456, "assumed": 789, "hypothesis": 0},
        doubts=tuple(doubts),
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_scenario_is_answered_on_one_screen(name):
    answer = answered(name)
    lines = AnswerLayout().page(answer)
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= COLUMNS
    assert lines[0].startswith(answer.question[:40])
    assert any(line.startswith("Expected: ") for line in lines)
    assert any(line.startswith("Rests on 1,368 numbers: 58 % assumed") for line in lines)
    if answer.contrasts:
        assert heading(answer.contrasts[0])[:40] in " ".join(lines)
        assert sum(" points" in line or "; " in line for line in lines) >= 2


@pytest.mark.parametrize("name", NAMES)
def test_the_sign_of_every_sentence_is_that_of_its_difference(name):
    answer = answered(name)
    for contrast in answer.contrasts:
        for finding in contrast.findings:
            text, mean = finding_numbers(finding), finding.effect.interval.mean
            if "; +" in text:
                assert mean > 0
            if "; -" in text:
                assert mean < 0
            if finding.verdict.startswith("larger"):
                assert "; +" in text
            if finding.verdict.startswith("smaller"):
                assert "; -" in text


def test_every_contrast_with_all_its_outcomes_is_on_the_whole_page():
    answer = answered(FEW[0])
    whole = "\n".join(AnswerLayout().whole_page(answer))
    for contrast in answer.contrasts:
        assert heading(contrast)[:40] in whole
    versus = answer.contrasts[0].versus
    assert whole.count(f" in {versus}; ") == sum(
        len(each.findings) for each in answer.contrasts if each.versus == versus
    )
    assert ": --all" in "\n".join(AnswerLayout().page(answer))
    assert ": --all" not in whole


def test_a_question_without_end_is_cut():
    answer = replace(answered(FEW[0]), question="Why? " * 400)
    assert len(AnswerLayout().page(answer)) <= LINES
    assert AnswerLayout().page(answer)[2].endswith(" ...")


@pytest.mark.parametrize("columns", [20, COLUMNS])
def test_no_name_hides_its_verdict(columns):
    answer = answered(FEW[0])
    contrast = answer.contrasts[0]
    for name in ("B" * 300, "a state with a name " * 30):
        findings = [replace(each, of=replace(each.of, name=name)) for each in contrast.findings]
        changed = replace(contrast, findings=tuple(findings))
        lines = AnswerLayout(columns).first(replace(answer, contrasts=(changed,)), 2)
        assert max(map(len, lines)) <= columns
        text = " ".join(" ".join(lines).split())
        for finding in findings[:2]:
            assert f"...: {verdict_on(finding.effect)}" in text


def test_a_screen_without_room_is_written_past_its_edge(blocsim, monkeypatch, tmp_path):
    monkeypatch.setenv("COLUMNS", "1")
    place = tmp_path / "result"
    code, out, err = blocsim("run", SMALL, "--runs", 2, "--jobs", 1, "--out", place, "--no-figures")
    assert (code, "bug" in err) == (0, False)
    assert max(map(len, out.splitlines())) <= 20
