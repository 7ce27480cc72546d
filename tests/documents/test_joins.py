"""Outside data joined by code: matches, rows left out, and other spellings."""

import pytest

from sim.documents.joins import Tally, unmatched
from sim.kernel.errors import InputError

STATES = {"ARM": "Armenia", "AZE": "Azerbaijan", "RUS": "Russia"}
COLUMNS = [("supplier", "state", STATES), ("recipient", "state", STATES)]


def tallies(*pairs):
    return {pair: Tally("a.csv", line, 2, 10.0) for line, pair in enumerate(pairs, start=2)}


def test_rows_of_other_states_are_counted_by_code():
    found = unmatched("a.csv", tallies(("RUS", "ARM"), ("FRA", "ARM"), ("FRA", "DEU")), COLUMNS)
    assert (found.rows, found.of_rows, found.amount, found.of_amount) == (4, 6, 20, 30)
    assert found.codes == {"FRA": 4, "DEU": 2}
    assert str(found) == (
        "4 of 6 rows, 20 of 30 TIV, have codes that are not in the scenario and are left out: "
        "FRA 4, DEU 2"
    )


@pytest.mark.parametrize("text", ["Russia", "russia", "rus", "Rus"])
def test_a_code_that_is_only_spelled_otherwise_is_refused_with_the_right_one(text):
    with pytest.raises(InputError) as error:
        unmatched("a.csv", tallies(("RUS", "ARM"), (text, "ARM")), COLUMNS)
    said = f'a.csv:3:1: supplier: no state "{text}" in the scenario: write RUS'
    assert str(error.value) == said


def test_a_file_that_matches_nowhere_is_refused():
    with pytest.raises(InputError, match="but two-letter codes RU, AM: write the codes"):
        unmatched("a.csv", tallies(("RU", "AM")), COLUMNS)
    with pytest.raises(InputError, match=r"RUSS .did you mean .RUS.*, FRA: write the codes"):
        unmatched("a.csv", tallies(("RUSS", "FRA")), COLUMNS)
    assert unmatched("a.csv", {}, COLUMNS).rows == 0
