"""Outcomes: a line of text names one number of a run."""

from __future__ import annotations

import pytest

from sim.kernel.errors import InputError
from sim.scenario.schema.outcome_syntax import OutcomeWindow, ids, parse_outcome


@pytest.mark.parametrize(
    ("text", "kind", "subject", "system", "window"),
    [
        ("cohesion CSTO", "bloc", ("CSTO",), None, OutcomeWindow()),
        ("cohesion CSTO at 2018-Q2", "bloc", ("CSTO",), None, OutcomeWindow("at", "2018-Q2")),
        (
            "cohesion CSTO mean 2018-Q3..2020-Q2",
            "bloc",
            ("CSTO",),
            None,
            OutcomeWindow("mean", "2018-Q3", "2020-Q2"),
        ),
        (
            "insecurity ARM after sale 0..8",
            "state",
            ("ARM",),
            None,
            OutcomeWindow("after", event="sale", first=0, last=8),
        ),
        ("deterrence_margin ARM>AZE", "dyad", ("ARM", "AZE"), None, OutcomeWindow()),
        ("affinity ARM>RUS at 2019", "tie", ("ARM", "RUS"), None, OutcomeWindow("at", "2019")),
        ("supplied RUS>ARM", "supply", ("RUS", "ARM"), None, OutcomeWindow()),
        ("belief ARM:CSTO", "member", ("ARM", "CSTO"), None, OutcomeWindow()),
        ("sold BLR>AZE polonez", "sale", ("BLR", "AZE"), "polonez", OutcomeWindow()),
        ("sold BLR>AZE at by 2018", "sale", ("BLR", "AZE"), "at", OutcomeWindow("by", "2018")),
        (
            "consent BLR>AZE polonez mean 2018..2019",
            "query",
            ("BLR", "AZE"),
            "polonez",
            OutcomeWindow("mean", "2018", "2019"),
        ),
        ("strike_delivered AZE by 2019", "state", ("AZE",), None, OutcomeWindow("by", "2019")),
    ],
)
def test_an_outcome_reads_as_it_is_written(text, kind, subject, system, window):
    outcome = parse_outcome(text)
    assert (outcome.kind, outcome.subject, outcome.system) == (kind, subject, system)
    assert outcome.window == window
    assert outcome.text == text


def test_blanks_do_not_count():
    assert parse_outcome("  cohesion   CSTO ") == parse_outcome("cohesion CSTO")


def test_one_outcome_less_another_is_an_outcome():
    outcome = parse_outcome("cohesion NATO  less cohesion CSTO at 2019")
    assert outcome.text == "cohesion NATO less cohesion CSTO at 2019"
    assert [part.text for part in outcome.parts] == ["cohesion NATO", "cohesion CSTO at 2019"]
    assert outcome.names == (("bloc", "NATO"), ("bloc", "CSTO"))
    assert outcome.id == "cohesion_NATO_less_cohesion_CSTO_2019"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cohesion A less", 'no metric ""'),
        ("cohesion A less cohesion", "needs another subject"),
        ("cohesion A less cohesion B less cohesion C", "subtracts only one outcome"),
        ("cohesion A less supplied A>B", "subtract one of the same unit"),
    ],
)
def test_a_difference_that_is_none_says_why(text, said):
    with pytest.raises(InputError, match=said):
        parse_outcome(text)


def test_the_name_of_an_outcome_suits_a_statistics_package():
    texts = [
        "affinity ARM>AZE at 2019",
        "sold BLR>AZE polonez",
        "cohesion A mean 2018..2019-Q1",
    ]
    outcomes = [parse_outcome(text) for text in (*texts, texts[0])]
    assert ids(outcomes) == [
        "affinity_ARM_AZE_2019",
        "sold_BLR_AZE_polonez",
        "cohesion_A_mean_2018_2019_Q1",
        "affinity_ARM_AZE_2019_2",
    ]


def test_names_are_listed_with_their_kinds():
    assert parse_outcome("belief ARM:CSTO").names == (("state", "ARM"), ("bloc", "CSTO"))
    assert parse_outcome("sold BLR>AZE polonez").names[-1] == ("system", "polonez")


def test_a_faulty_outcome_is_reported():
    with pytest.raises(InputError) as raised:
        parse_outcome("cohesoin CSTO")
    assert str(raised.value) == (
        'outcome: cohesoin CSTO: no metric "cohesoin" (did you mean "cohesion"?)'
    )


@pytest.mark.parametrize("text", ["", " ", "cohesion A>", "cohesion CSTO after sale 1.5..2"])
def test_no_text_does_more_than_be_refused(text):
    with pytest.raises(InputError):
        parse_outcome(text)
