"""Outcomes: a line of text names one number of a run."""

from __future__ import annotations

import pytest

from sim.kernel.errors import InputError
from sim.scenario.schema.outcome_syntax import OutcomeWindow, parse_outcome


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


def test_names_are_listed_with_their_kinds():
    assert parse_outcome("belief ARM:CSTO").names == (("state", "ARM"), ("bloc", "CSTO"))
    assert parse_outcome("sold BLR>AZE polonez").names[-1] == ("system", "polonez")


def test_a_faulty_outcome_is_told():
    with pytest.raises(InputError) as raised:
        parse_outcome("cohesoin CSTO")
    assert str(raised.value) == (
        'outcome: cohesoin CSTO: no metric "cohesoin" (did you mean "cohesion"?)'
    )


@pytest.mark.parametrize("text", ["", " ", "cohesion A>", "cohesion CSTO after sale 1.5..2"])
def test_no_text_does_more_than_be_refused(text):
    with pytest.raises(InputError):
        parse_outcome(text)
