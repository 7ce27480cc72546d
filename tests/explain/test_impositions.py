"""The words for an embargo: by one or several states, of all arms or of some offers."""

import pytest

from sim.documents.nodes import DottedPath
from sim.explain.impositions import IMPOSITIONS, ban, cuts, number_called
from sim.scenario.schema.events import EmbargoChange, SanctionChange
from sim.seeing.numerals import per_cent
from tests.small import model

NAMES = {"ALP": "Alp", "DEL": "Del"}


@pytest.mark.parametrize(
    ("embargo", "words"),
    [
        ({"supplier": "ALP", "recipient": "DEL"}, "Alp bans arms for Del"),
        (
            {"supplier": ["ALP", "PACT"], "recipient": ["DEL"], "offers": ["tank", "shield"]},
            "Alp and PACT ban tank and shield for Del",
        ),
        (
            {"supplier": "ALP", "recipient": "DUO", "lift": True},
            "Alp lifts its ban on arms for DUO",
        ),
        (
            {"supplier": ["ALP", "DEL"], "recipient": "DUO", "lift": True},
            "Alp and Del lift their ban on arms for DUO",
        ),
    ],
)
def test_an_embargo_is_reported_with_all_its_suppliers_and_recipients(embargo, words):
    about, states = EmbargoChange.model_validate(embargo), list(NAMES)
    parts = ban(about, states, lambda at: NAMES[states[at]])
    assert IMPOSITIONS["embargo"][about.lift].format(**parts) == words


@pytest.mark.parametrize(
    ("sanction", "words"),
    [
        ({"by": "ALP", "against": ["DEL"], "cut": 0.8}, "Alp cuts 80 % of the trade with Del"),
        ({"by": ["ALP", "DEL"], "against": "DEL"}, "Alp and Del cut all of the trade with Del"),
        ({"by": ["ALP"], "against": "DEL", "cut": 0}, "Alp opens all trade with Del again"),
    ],
)
def test_a_sanction_is_reported_with_all_who_cut_and_all_who_are_hit(sanction, words):
    about, states = SanctionChange.model_validate(sanction), list(NAMES)
    parts = cuts(about, states, lambda at: NAMES[states[at]])
    sentence = IMPOSITIONS["sanction"][0 if about.cut else -1]
    assert sentence.format(**parts, share=per_cent(about.cut)) == words


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("states.ALP.gdp", "Alp's gdp"),
        ("blocs.PACT.engagement.BET", "PACT's engagement (Bet)"),
        ("blocs.PACT.credit", "PACT's credit"),
        ("laws.consent.base", "laws.consent.base"),
    ],
)
def test_a_number_that_is_set_is_reported_with_its_owner(path, words, tmp_path):
    assert number_called(DottedPath(path), model(tmp_path)) == words
