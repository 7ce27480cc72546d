"""Plain names of outcomes."""

import pytest

from sim.metrics.catalogue import METRICS
from sim.scenario.schema.outcome_syntax import forms, spelled
from sim.seeing.outcome_names import plain_name, unit_of

DOCUMENT = {
    "states": {"ARM": {"name": "Armenia"}, "AZE": {"name": "Azerbaijan"}, "BLR": {"name": 3}},
    "systems": {"polonez": {"name": "Polonez"}},
}


NAMES = {
    "exposure AZE>ARM mean 2019-Q1..2019-Q4": (
        "share of Armenia's assets that Azerbaijan could destroy, in 2019"
    ),
    "cohesion CSTO": "cohesion of CSTO, at the end",
    "cohesion CSTO mean 2018-Q4..2021-Q4": "cohesion of CSTO, 2018-Q4 to 2021-Q4",
    "belief ARM:CSTO at 2021-Q2": ("belief that CSTO would come to the aid of Armenia, at 2021-Q2"),
    "sold BLR>AZE polonez by 2018-Q4": (
        "probability that Azerbaijan orders Polonez from BLR, by 2018-Q4"
    ),
    "cohesion NATO less cohesion CSTO": "cohesion of NATO less cohesion of CSTO, at the end",
    "cohesion CSTO at 2018 less cohesion CSTO": (
        "cohesion of CSTO, at 2018, less cohesion of CSTO, at the end"
    ),
    "hhi ARM after war 1..4": (
        "how far the arms of Armenia come from one supplier, periods 1 to 4 after war"
    ),
}


@pytest.mark.parametrize("text", NAMES)
def test_an_outcome_has_a_plain_name(text):
    assert plain_name(spelled(text), DOCUMENT) == NAMES[text]


SUBJECTS = {
    "BLOC": "CSTO",
    "STATE": "ARM",
    "STATE SYSTEM": "AZE polonez",
    "STATE>STATE": "ARM>AZE",
    "STATE:BLOC": "ARM:CSTO",
    "SUPPLIER>RECIPIENT": "BLR>AZE",
    "SUPPLIER>RECIPIENT SYSTEM": "BLR>AZE polonez",
}


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_makes_a_name_of_its_subject(metric):
    subject = SUBJECTS[forms(METRICS[metric])[0]]
    name = plain_name(spelled(f"{metric} {subject}"), DOCUMENT)
    assert "{" not in name
    assert any(word in name for word in ("Armenia", "CSTO", "Azerbaijan"))
    assert isinstance(unit_of(metric), str)


def test_a_document_of_another_shape_gives_keys():
    for document in (
        {},
        {"states": 3},
        {"states": {"ARM": []}},
        {"states": {"ARM": {"name": " "}}},
    ):
        assert plain_name(spelled("hhi ARM"), document).startswith("how far the arms of ARM come")
