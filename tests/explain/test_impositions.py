"""What an embargo is called: by one or several, of all arms or of some offers."""

import pytest

from sim.explain.impositions import IMPOSITIONS, ban
from sim.scenario.schema.events import EmbargoChange

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
def test_an_embargo_is_told_with_all_who_ban_and_all_it_hits(embargo, words):
    about, states = EmbargoChange.model_validate(embargo), list(NAMES)
    parts = ban(about, states, lambda at: NAMES[states[at]])
    assert IMPOSITIONS["embargo"][about.lift].format(**parts) == words
