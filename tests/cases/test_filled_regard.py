"""Regard in a filled case: votes, guarantees, disputes, and what stands in for votes."""

from __future__ import annotations

from typing import Any

import pytest

from sim.cases.case_file import fill_text
from sim.documents.reader import read_mapping
from tests.cases.invented_case import TEXT, archive


def test_regard_follows_votes_guard_and_disputes(plain: Any) -> None:
    toward = plain["affinities"]["NOR"]["toward"]
    assert toward["SWE"] == pytest.approx(0.1 + 0.4, abs=0.11)  # guarded by its leader
    assert toward["FIN"] < -0.3  # a rival
    assert plain["affinities"]["NOR"]["source"] == ["bailey2017", "assumed"]


def test_a_typed_dispute_counts_in_place_of_the_data() -> None:
    text = TEXT.replace("rivalries: {}", "rivalries: {DNK: {with: {SWE: 0.9}, source: assumed}}")
    case = fill_text(text, "x.yaml", archive(), ["affinities"])
    plain = read_mapping(case.text, "x.yaml").plain()
    assert plain["affinities"]["DNK"]["toward"]["SWE"] <= -0.7


def test_ideal_points_stand_in_for_agreement() -> None:
    points = [
        {"iso3": state, "year": 2014, "series": "all", "value": value}
        for state, value in {"FIN": 1.0, "NOR": 1.1, "SWE": 0.9, "DNK": -2.0}.items()
    ]
    case = fill_text(TEXT, "x.yaml", archive(agreement=[], ideal_points=points), ["affinities"])
    toward = read_mapping(case.text, "x.yaml").plain()["affinities"]["FIN"]["toward"]
    assert set(toward) == {"NOR", "SWE", "DNK"}


def _points(**by_state: dict[int, float]) -> list[dict[str, Any]]:
    return [
        {"iso3": state, "year": year, "series": "all", "value": value}
        for state, values in by_state.items()
        for year, value in values.items()
    ]


def test_without_votes_regard_rests_on_treaties_and_disputes_or_is_a_placeholder() -> None:
    points = _points(FIN={2014: 1.0}, DNK={2010: -1.0, 2008: 9.0}, SWE={2008: 0.5}, NOR={2015: 1.0})
    tables = archive(agreement=[], ideal_points=points)
    case = fill_text(TEXT, "x.yaml", tables, ["rivalries", "blocs", "affinities"])
    affinities = read_mapping(case.text, "x.yaml").plain()["affinities"]
    assert affinities["DNK"]["source"] == ["bailey2017", "assumed"]
    assert affinities["SWE"]["toward"] == {"DNK": 0.1, "FIN": 0.1, "NOR": 0.5}  # led by Sweden
    written = {path[1::2]: each for path, each in case.written.items() if path[0] == "affinities"}
    assert written["SWE", "NOR"].source == ("leeds2002", "assumed")
    assert written["FIN", "NOR"].source == ("thompson2021", "palmer2022", "assumed")
    assert written["SWE", "FIN"].source == ("placeholder",)
    assert affinities["FIN"]["toward"]["NOR"] == pytest.approx(0.1 - 0.61)
    lacking = {gap.path for gap in case.gaps if gap.path[0] == "affinities"}
    assert lacking == {("affinities", "NOR"), ("affinities", "SWE")}
    again = fill_text(case.text, "x.yaml", tables, ["affinities"])
    assert (again.text, {gap.path for gap in again.gaps}) == (case.text, lacking)
    later = archive(agreement=[], ideal_points=[*points, *_points(SWE={2014: 0.9})])
    better = read_mapping(fill_text(case.text, "x.yaml", later, ["affinities"]).text, "x.yaml")
    sources = better.plain()["affinities"]["SWE"]["sources"]
    assert sources["toward.FIN"] == ["bailey2017", "assumed"]  # though it is 0.1 again


@pytest.mark.parametrize(
    ("year", "counts"), [(2008, False), (2009, True), (2014, True), (2015, False)]
)
def test_votes_count_up_to_five_years_before_and_none_after(year: int, *, counts: bool) -> None:
    points = _points(FIN={year: 1.0}, DNK={year: -1.0})
    case = fill_text(TEXT, "x.yaml", archive(agreement=[], ideal_points=points), ["affinities"])
    assert (("affinities", "FIN", "toward", "DNK") in case.written) == counts
    assert (("affinities",) in {gap.path for gap in case.gaps}) != counts


def test_states_that_never_vote_together_have_a_placeholder() -> None:
    agree = [
        {"iso3_1": one, "iso3_2": other, "year": 2014, "agree": 0.6}
        for one, other in (("DNK", "FIN"), ("FIN", "SWE"))
    ]
    case = fill_text(TEXT, "x.yaml", archive(agreement=agree), ["affinities"])
    assert case.written["affinities", "DNK", "toward", "SWE"].source == ("placeholder",)
    assert ("affinities", "DNK", "toward", "SWE") in {gap.path for gap in case.gaps}
