"""The reason that differs most between variants: significant ones only, with actor, in words."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.cli.answer_page import LINES, AnswerLayout
from sim.experiments.ensemble import run
from sim.explain.contrast_reasons import ContrastReason, contrast_reasons, main_reasons
from sim.records.first_run_tables import WHY
from sim.seeing.scenario_answer import answer
from tests.eventful import written

DOCUMENT = {"states": {"ARM": {"name": "Armenia"}}}


class Stored(dict):
    """A result with one table."""

    manifest = {"scenario": {"document": DOCUMENT}}  # noqa: RUF012 - read alone


def stored(*rows):
    """Return a result whose `why.csv` has these rows: decision, actor, term, mean, se, cases."""
    table = [
        {"variant": "sale", "versus": "no_sale", "decision": decision, "actor": actor,
         "subject": "", "term": term, "cases": float(cases), "yes": 0.0, "mean": mean, "se": error}
        for decision, actor, term, mean, error, cases in rows
    ]  # fmt: skip
    frame = pd.DataFrame(table, columns=WHY.names())
    return Stored(why=frame)


def test_the_reason_that_surely_differs_most_comes_first():
    results = stored(
        ("exit", "ARM", "rent", -0.3, 0.1, 500),
        ("objection", "ARM", "harm", 0.9, 0.5, 500),  # may be chance
        ("consent", "BLR", "norm", 0.4, 0.1, 19),  # of few cases
        ("exit", "ARM", "base", 5.0, 0.1, 500),  # no reason
        ("exit", "ARM", "grievance", 0.7, 0.1, 500),
        ("answer", "", "stake", 2.0, 0.1, 500),  # of all who are asked
    )
    found = contrast_reasons(results, "sale", "no_sale")
    assert [each.term for each in found] == ["grievance", "rent"]
    assert found[0].sentence == (
        "Largest change among reasons: harm by fellow members, +0.70 log odds in the "
        "participation of Armenia."
    )
    assert contrast_reasons(results, "no_sale", "sale") == []
    assert contrast_reasons(results, "sale", "no_sale", {"BLR"}) == []


def levels(*rows):
    """Return rows of requests of one state: variant, subject, mean and cases."""
    return [
        {"variant": variant, "versus": "", "decision": "request", "actor": "ARM",
         "subject": subject, "term": "affinity", "cases": float(cases), "yes": 0.0, "mean": mean,
         "se": 0.1}
        for variant, subject, mean, cases in rows
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sold", "told"),
    [
        ([("sale", "A", 0.9, 90), ("no_sale", "A", 0.9, 90), ("no_sale", "B", 0.1, 90)], 0),
        ([("sale", "A", 0.9, 90), ("no_sale", "A", 0.5, 90), ("no_sale", "B", 0.5, 90)], 1),
        ([("sale", "A", 0.9, 90), ("no_sale", "B", 0.5, 90)], 0),
    ],
)
def test_a_difference_due_to_other_cases_is_not_reported(sold, told):
    whole = stored(("request", "ARM", "affinity", 0.4, 0.01, 270))["why"]
    table = pd.concat([whole, pd.DataFrame(levels(*sold))])
    assert len(contrast_reasons(Stored(why=table), "sale", "no_sale")) == told


def test_a_term_of_a_law_of_the_users_has_no_words_and_is_left_out():
    assert contrast_reasons(stored(("exit", "ARM", "whim", 1.0, 0.1, 500)), "sale", "no_sale") == []


def test_a_result_of_an_earlier_format_has_no_reasons():
    assert contrast_reasons(Stored(), "sale", "no_sale") == []


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reasons")
    return run(written(folder), runs=20)


def test_each_contrast_has_the_reason_of_a_state_that_its_outcomes_name(result):
    found = answer(result)
    reasons = main_reasons(result, found)
    assert set(reasons) <= {each.name for each in found.contrasts}
    (reason,) = reasons.values()
    assert isinstance(reason, ContrastReason)
    assert reason.actor in {"GAM", "ALP", "BET", "DEL"}
    assert (reason.of, reason.versus) == ("strict", "baseline")
    assert abs(reason.difference) > 2 * reason.error


def test_the_reason_is_on_the_page_if_there_is_room_without_displacing_a_line(result):
    found = answer(result)
    name = found.contrasts[0].name
    bare = AnswerLayout().page(found)
    told = AnswerLayout(why={name: "Because of this."}).page(found)
    assert [line for line in told if line != "  Because of this."] == bare
    assert len(told) == len(bare) + 1
    long = AnswerLayout(why={name: "word " * 500}).page(found)
    assert long == bare
    assert len(long) <= LINES
    whole = AnswerLayout(why={name: "Because of this."}).whole_page(found)
    assert "  Because of this." in whole
