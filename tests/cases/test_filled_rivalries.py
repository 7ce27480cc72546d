"""Rivalries of a filled case: lists, disputes, armed conflicts, and their years."""

from __future__ import annotations

from typing import Any

import pytest

from sim.cases.case_file import fill_text
from sim.documents.reader import read_mapping
from tests.cases.invented_case import TEXT, archive, deal


def test_rivalries_are_those_in_force_with_force_of_ten_years(plain: Any) -> None:
    assert set(plain["rivalries"]) == {"FIN", "NOR"}
    assert plain["rivalries"]["FIN"]["with"] == {"NOR": 0.61}
    assert plain["rivalries"]["FIN"]["source"] == ["thompson2021", "palmer2022", "assumed"]


def test_six_disputes_in_twenty_years_make_a_rivalry_of_states_without_arms_between_them() -> None:
    """FIN has six disputes with DNK and with SWE, two with force in ten years; SWE arms it."""
    years = (1993, 1995, 1996, 1999, 2003, 2006, 2010)  # the first is too old
    disputes = [
        {"iso3_1": one, "iso3_2": other, "year": year, "dispute": at, "hostility": 2 + 2 * (at > 4),
         "action": 1, "onset": 1}
        for one, other in (("DNK", "FIN"), ("FIN", "SWE"))
        for at, year in enumerate(years)
    ]  # fmt: skip
    case = fill_text(TEXT, "x.yaml", archive(disputes=disputes), ["rivalries"])
    rivalries = read_mapping(case.text, "x.yaml").plain()["rivalries"]
    assert rivalries["DNK"]["with"] == {"FIN": 0.36}  # 0.3 + 2 x 0.03
    assert rivalries["DNK"]["source"] == ["diehl2000", "palmer2022", "assumed"]
    assert rivalries["SWE"]["with"] == {"FIN": 0.16}  # 0.1 + 2 x 0.03
    old = [deal("SWE", "FIN", 2008, 30, "Old Lynx", "tank", 30, "2009", 1.2)]  # six years ago
    case = fill_text(TEXT, "x.yaml", archive(disputes=disputes, deals=old), ["rivalries"])
    assert case.written["rivalries", "SWE", "with", "FIN"].value == 0.36
    fewer = [row for row in disputes if row["year"] != 1996]
    case = fill_text(TEXT, "x.yaml", archive(disputes=fewer), ["rivalries"])
    assert case.written["rivalries", "DNK", "with", "FIN"].value == 0.16


def test_states_that_fought_each_other_are_at_odds() -> None:
    about = {"incompatibility": "territory", "intensity": 1, "side_a_2nd": "", "year": 2012}
    conflicts = [
        {**about, "conflict": "1", "type": "interstate", "side_a": "SWE;FIN", "side_b": "DNK",
         "side_b_2nd": ""},
        {**about, "conflict": "2", "type": "internationalized_intrastate", "side_a": "NOR",
         "side_b": "", "side_b_2nd": "SWE"},
        {**about, "conflict": "3", "type": "intrastate", "side_a": "NOR", "side_b": "",
         "side_b_2nd": "DNK"},
    ]  # fmt: skip
    case = fill_text(TEXT, "x.yaml", archive(conflicts=conflicts), ["rivalries"])
    rivalries = read_mapping(case.text, "x.yaml").plain()["rivalries"]
    assert rivalries["SWE"]["with"] == {"DNK": 0.23, "NOR": 0.23}
    assert rivalries["SWE"]["source"] == ["ucdp2025", "assumed"]
    assert set(rivalries["NOR"]["with"]) == {"FIN", "SWE"}


def test_each_year_of_an_armed_conflict_counts_once_as_a_year_of_force() -> None:
    clashes = [
        {"iso3_1": "FIN", "iso3_2": "NOR", "year": year, "conflict": "1", "intensity": 1,
         "primary": 1}
        for year in (2004, 2011, 2012, 2013)
    ]  # fmt: skip
    case = fill_text(TEXT, "x.yaml", archive(clashes=clashes), ["rivalries"])
    figure = case.written["rivalries", "FIN", "with", "NOR"]
    assert figure.value == pytest.approx(0.3 + 0.25 + 0.03 * 4 + 0.1)  # 2010 to 2013
    assert figure.source == ("thompson2021", "palmer2022", "ucdp2025", "assumed")


def test_a_war_in_the_list_of_disputes_cites_that_list_alone() -> None:
    war = [{"iso3_1": "DNK", "iso3_2": "SWE", "year": 2010, "dispute": 1, "hostility": 5,
            "action": 20, "onset": 1}]  # fmt: skip
    case = fill_text(TEXT, "x.yaml", archive(disputes=war), ["rivalries"])
    figure = case.written["rivalries", "DNK", "with", "SWE"]
    assert (figure.value, figure.source) == (0.23, ("palmer2022", "assumed"))


@pytest.mark.parametrize(("last", "size"), [(2014, 0.1 + 0.03 * 2 + 0.1), (2016, 0.1 + 0.03 * 2)])
def test_a_war_of_a_dispute_that_goes_on_after_the_start_does_not_count(
    last: int, size: float
) -> None:
    war = [{"iso3_1": "DNK", "iso3_2": "SWE", "year": year, "dispute": 1, "hostility": 5,
            "action": 20, "onset": 0} for year in range(2013, last + 1)]  # fmt: skip
    case = fill_text(TEXT, "x.yaml", archive(disputes=war), ["rivalries"])
    assert case.written["rivalries", "DNK", "with", "SWE"].value == pytest.approx(size)


@pytest.mark.parametrize(("last", "counts"), [(2013, False), (2014, False), (2015, True)])
def test_a_rivalry_that_ended_before_the_start_does_not_count(last: int, *, counts: bool) -> None:
    kinds = {"spatial": 1, "positional": 0, "ideological": 0, "interventionary": 0}
    rows = [
        {"scheme": "tss", "iso3_1": one, "iso3_2": other, "first": 1990, "last": until, **kinds}
        for one, other, until in (("DNK", "SWE", last), ("FIN", "NOR", 2020))
    ]
    case = fill_text(TEXT, "x.yaml", archive(rivalries=rows), ["rivalries"])
    assert (("rivalries", "DNK", "with", "SWE") in case.written) == counts


@pytest.mark.parametrize("start", ["2015-Q1", "2023-Q1"])
def test_a_rivalry_that_is_on_at_the_end_of_its_list_is_on_later(start: str) -> None:
    text = TEXT.replace("2015-Q1", start).replace("2018-Q4", "2024-Q4")
    case = fill_text(text, "x.yaml", archive(), ["rivalries"])
    assert case.written["rivalries", "FIN", "with", "NOR"].value >= 0.55
