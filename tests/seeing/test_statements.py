"""No two sentences of a result contradict: over 1,000 results made at random."""

from __future__ import annotations

import re

import numpy as np
import pytest

from sim.cli.answer_page import LINES, AnswerLayout
from sim.experiments.effects import (
    LARGER,
    LARGER_OPEN,
    NONE,
    SMALLER,
    SMALLER_OPEN,
    UNDECIDED,
    UNDEFINED,
    paired_effect,
)
from sim.experiments.expectations import FAILS, HOLDS
from sim.experiments.outcomes import Outcomes
from sim.metrics.catalogue import METRICS
from sim.scenario.schema.contrasts import Contrast
from sim.scenario.schema.expectation import Expectation
from sim.scenario.schema.outcome_syntax import spelled
from sim.seeing import statements
from sim.seeing.scenario_answer import answer_of

RESULTS, EACH = 1000, 3  # and outcomes of each
TEXTS = (
    "cohesion CSTO", "exposure AZE>ARM", "sold BLR>AZE polonez", "affinity ARM>BLR mean 2018..2019",
    "war_rate ARM>AZE", "supplied BLR>AZE", "exits CSTO", "strike_delivered AZE mean 2018..2019",
)  # fmt: skip
NUMBER = r"[+-]?[\d,]+(?:\.\d+)?"
DIFFERENCE = re.compile(rf"; ({NUMBER})(?: points?)?, ({NUMBER}) to ({NUMBER})")
LEVELS = re.compile(rf"({NUMBER})(?: %)? in one, ({NUMBER})(?: %)? in other;")
ABOUT = {"scenario": {"title": "Made", "question": "Made at random?", "document": {}}}
UP, DOWN = {LARGER, LARGER_OPEN}, {SMALLER, SMALLER_OPEN}


def number(text):
    return float(text.replace(",", ""))


def made(rng):
    """Return the outcomes of two variants: of all sizes, widths and numbers of runs."""
    runs = int(rng.choice([1, 2, 3, 8, 30, 200]))
    one, other = [], []
    texts = rng.choice(TEXTS, EACH, replace=False).tolist()
    for text in texts:
        least = METRICS[text.split()[0]].smallest
        if text.startswith("sold"):
            base, both = rng.random(2)
            first = 1.0 * (rng.random(runs) < base)
            second = np.where(rng.random(runs) < both, first, 1.0 * (rng.random(runs) < base))
        else:
            first = rng.normal(0.4, 0.2, runs)
            shift, sd = least * rng.choice([0, 0.3, 1, 3, -1, -4]), least * rng.choice([0, 0.1, 9])
            second = first + shift + rng.normal(0, sd, runs)
            if METRICS[text.split()[0]].percent:
                first, second = np.clip([first, second], 0, 1)
        if rng.random() < 0.1:
            second = np.where(rng.random(runs) < rng.random(), np.nan, second)
        one.append(first)
        other.append(second)
    return Outcomes(
        outcomes=[spelled(text) for text in texts],
        values={"one": np.stack(one), "other": np.stack(other)},
        drawn={},
    )


def answered(outcomes):
    contrasts = {
        "this": Contrast(of="one", versus="other"),
        "that": Contrast(of="other", versus="one"),
    }
    expect = {
        f"{sign}_{at}": Expectation(outcome=each.text, variant="one", versus="other", sign=sign)
        for sign in ("positive", "negative", "zero")
        for at, each in enumerate(outcomes.outcomes)
    }
    return answer_of(ABOUT, outcomes, contrasts=contrasts, expect=expect, whole=outcomes.runs)


@pytest.fixture(scope="module")
def answers():
    rng = np.random.default_rng(12)
    return [answered(made(rng)) for _ in range(RESULTS)]


def test_no_difference_to_speak_of_says_under_which_size(answers):
    found = {
        statements.finding_name(finding).partition(": ")[2]
        for answer in answers
        for finding in answer.contrasts[0].findings
        if finding.verdict == NONE and finding.effect.changed
    }
    sizes = {text.removeprefix("no difference to speak of ") for text in found}
    assert {"(under 0.1)", "(under 10 points)", "(under 0.01)"} <= sizes


def test_the_sign_of_a_number_is_that_of_its_verdict(answers):
    seen = set()
    for answer in answers:
        for finding in answer.contrasts[0].findings:
            seen.add(finding.verdict)
            text = statements.finding_numbers(finding)
            match = DIFFERENCE.search(text)
            if match is None:
                assert finding.verdict in {UNDECIDED, UNDEFINED}
                continue
            mean, low, high = map(number, match.groups())
            assert low <= mean <= high, text
            if finding.verdict in UP:
                assert mean > 0, text
                assert low > 0, text
            if finding.verdict in DOWN:
                assert mean < 0, text
                assert high < 0, text
            if finding.verdict == UNDECIDED:
                assert low <= 0 <= high, text
            times = 100 if finding.of.percent else 1
            if finding.verdict in {LARGER, SMALLER}:
                assert abs(mean) >= finding.effect.smallest * times * 0.99, text
            if finding.verdict == NONE:
                assert abs(mean) <= finding.effect.smallest * times * 1.01, text
    assert seen == {*UP, *DOWN, NONE, UNDECIDED, UNDEFINED}


@pytest.mark.parametrize(
    ("some", "rest", "said"),
    [
        (10.0, -0.1, "down in 80 %, up in 20 %"),
        (-10.0, 0.1, "up in 80 %, down in 20 %"),
        (10.0, 0.0, "up in 20 %, the same in 80 %"),
        (-0.1, 0.1, "up in 80 %"),
        (-10.0, -1.0, "down in all"),
        (0.0, 0.0, "the same in every run"),
    ],
)
def test_the_share_of_most_runs_is_named(some, rest, said):
    differences = np.repeat([some, rest], (20, 80))
    effect = paired_effect(differences, np.zeros(100), smallest=0.1)
    assert re.sub(r"\Ad \S+, ", "", statements._beside(effect)) == said


def test_the_side_of_the_mean_is_named_and_each_larger_share(answers):
    seen = set()
    for answer in answers:
        for finding in answer.contrasts[0].findings:
            effect, text = finding.effect, statements.finding_numbers(finding)
            if not effect.changed > 0 or np.isnan(effect.interval.mean):
                continue
            up = effect.interval.mean > 0
            own, other = (effect.above, effect.below) if up else (effect.below, effect.above)
            assert ("up in" if up else "down in") in text
            assert (("down in" if up else "up in") in text) == (other > own), text
            assert ("the same in" in text) == (1 - own - other > max(own, other)), text
            seen.add((other > own, "the same in" in text))
    assert {(True, False), (False, True), (False, False)} <= seen


def test_levels_and_difference_agree(answers):
    for answer in answers:
        for finding in answer.contrasts[0].findings:
            text = statements.finding_numbers(finding)
            levels, match = LEVELS.search(text), DIFFERENCE.search(text)
            runs = {finding.of.level.runs, finding.versus.level.runs, finding.effect.interval.runs}
            if levels is None or match is None or len(runs) > 1:
                continue  # where some runs are undefined, levels are of all that are
            one, other = map(number, levels.groups())
            if number(match[1]) > 0:
                assert one >= other, text
            if number(match[1]) < 0:
                assert one <= other, text


def test_a_difference_of_fewer_runs_than_a_level_says_of_how_many(answers):
    seen = set()
    for answer in answers:
        for finding in answer.contrasts[0].findings:
            runs = finding.effect.interval.runs
            levels = max(finding.of.level.runs, finding.versus.level.runs)
            fewer = 0 < runs < levels or 0 < finding.effect.defined < 1
            text = statements.finding_numbers(finding)
            assert (f"in the {runs} runs that define both" in text) == fewer, text
            seen.add(fewer)
    assert seen == {True, False}


def test_signs_that_hold_of_no_difference_to_speak_of_are_counted(answers):
    for answer in answers:
        verdicts = {each.outcome: each.verdict for each in answer.contrasts[0].findings}
        slight = sum(
            each.mark == HOLDS
            and each.expectation.sign != "zero"
            and verdicts[each.outcome] == NONE
            for each in answer.expectations
        )
        text = statements.expectations_sentence(answer)
        assert (f"({slight} by sign, with no difference to speak of)" in text) == (slight > 0)


def test_all_that_does_not_hold_is_named_with_its_size_if_asked(answers):
    for answer in answers:
        text = "\n".join(statements.closing_sentences(answer, every=True))
        for each in answer.expectations:
            assert (f"- {each.text}" in text) == (each.mark != "holds")


def test_what_is_undecided_says_how_many_runs_would_decide(answers):
    for answer in answers:
        for finding in answer.contrasts[0].findings:
            name = statements.finding_name(finding)
            assert (": undecided: " in name) == (finding.verdict == UNDECIDED)
            alike = finding.effect.changed == 0 and finding.effect.interval.runs > 1
            assert (": the same in all " in name) == (alike and finding.verdict == UNDECIDED)
            if finding.verdict == UNDECIDED and answer.runs > 1:
                assert finding.effect.runs_needed > finding.effect.interval.runs


def test_a_contrast_turned_round_says_the_contrary(answers):
    turned = {LARGER: SMALLER, LARGER_OPEN: SMALLER_OPEN}
    turned |= {b: a for a, b in turned.items()}
    for answer in answers:
        one, other = (
            {each.outcome: each.verdict for each in contrast.findings}
            for contrast in answer.contrasts
        )
        assert other == {text: turned.get(each, each) for text, each in one.items()}


def test_an_expectation_and_a_verdict_on_the_same_difference_agree(answers):
    for answer in answers:
        verdicts = {each.outcome: each for each in answer.contrasts[0].findings}
        for each in answer.expectations:
            sign, found = each.expectation.sign, verdicts[each.outcome]
            if sign == "zero" and found.verdict in {LARGER_OPEN, SMALLER_OPEN}:
                assert each.mark == "undecided"  # it may still be too small to speak of
            elif found.verdict in UP:
                assert each.mark == (HOLDS if sign == "positive" else FAILS)
            elif found.verdict in DOWN:
                assert each.mark == (HOLDS if sign == "negative" else FAILS)
            elif found.verdict == NONE and sign == "zero":
                assert each.mark == HOLDS
            elif found.verdict == UNDECIDED:
                assert each.mark == "undecided"
            if each.mark == "undecided":
                assert each.runs_needed >= 2


def test_one_line_of_a_contrast_counts_its_findings(answers):
    for answer in answers:
        contrast = answer.contrasts[0]
        line = statements.contrast_line(contrast, 80)
        assert len(line) <= 80
        counts = {words: int(n) for n, words in re.findall(r"(\d+) ([a-z ]+)", line)}
        assert sum(counts.values()) == EACH
        verdicts = [each.verdict for each in contrast.findings]
        assert counts.get("larger", 0) == sum(each in UP for each in verdicts)
        assert counts.get("smaller", 0) == sum(each in DOWN for each in verdicts)
        assert counts.get("undecided", 0) == sum(each == UNDECIDED for each in verdicts)


def test_one_screen_says_only_what_the_whole_page_says(answers):
    for answer in answers[:200]:
        lines, whole = AnswerLayout().page(answer), AnswerLayout().whole_page(answer)
        assert len(lines) <= LINES
        assert max(map(len, lines)) <= 80
        findings = [line for line in lines if line.startswith("  ")]
        assert findings
        assert set(findings) <= set(whole)


def test_a_contrast_on_several_sides_of_cohesion_says_what_it_does_to_each():
    texts = ("engagement ONE", "engagement_min ONE", "energy ONE", "drills ONE", "exits ONE")
    same, up, down = np.full((3, 400), 0.5) + 1e-4 * np.arange(400), 0.3, -0.3
    other = np.concatenate([same, same[:2]])
    one = other + np.array([up, 0.0, 0.0, down, 0.0])[:, None]
    outcomes = Outcomes(
        outcomes=[spelled(text) for text in texts], values={"one": one, "other": other}, drawn={}
    )
    contrast = answered(outcomes).contrasts[0]
    said = "content larger and no different, alignment no different, concert smaller"
    assert statements.cohesion_sentence(contrast) == f"Cohesion by side: {said}."
    assert statements.contrast_line(contrast, 120) == f"one less other: {said}"
    assert "3 no different" in statements.contrast_line(contrast, 80)
    whole = " ".join(" ".join(AnswerLayout().whole_page(answered(outcomes))).split())
    assert f"Cohesion by side: {said}." in whole


def test_one_side_of_cohesion_is_not_a_profile():
    outcomes = Outcomes(
        outcomes=[spelled("engagement ONE"), spelled("exits ONE")],
        values={"one": np.ones((2, 8)), "other": np.ones((2, 8))},
        drawn={},
    )
    assert statements.cohesion_sentence(answered(outcomes).contrasts[0]) == ""


def test_the_sides_of_two_blocs_are_distinguished():
    texts = [f"{metric} {bloc}" for bloc in ("ONE", "TWO") for metric in ("engagement", "energy")]
    values = np.full((4, 400), 0.5) + 1e-4 * np.arange(400)
    outcomes = Outcomes(
        outcomes=[spelled(text) for text in texts],
        values={"one": values, "other": values},
        drawn={},
    )
    said = statements.cohesion_sentence(answered(outcomes).contrasts[0])
    assert said == (
        "Cohesion by side: ONE: content no different, alignment no different; "
        "TWO: content no different, alignment no different."
    )
