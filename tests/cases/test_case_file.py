"""A file filled from invented tables: entries written, kept and missing, and their notes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.cases.archive import Archive
from sim.cases.case_file import CaseText, fill_file, fill_text
from sim.cases.dollars import in_2016
from sim.cases.figures import Gap
from sim.cases.topics import TOPICS
from sim.data.publishers import CEPII
from sim.data.tidy_tables import Kind
from sim.documents.reader import read_mapping
from sim.kernel.errors import InputError
from tests.cases.invented_case import TEXT, InventedTables, archive, everything, of_series


def test_economies_are_those_of_the_year_before(plain: Any) -> None:
    fin = plain["states"]["FIN"]
    assert fin["name"] == "Finland"
    assert fin["gdp"] == 101_400  # 100,000 M USD of 2014
    assert fin["growth"] == 0.02
    assert fin["burden"] == 0.02
    assert fin["neighbours"] == ["NOR"]  # by land, and in 2015
    assert fin["sources"]["gdp"] == ["worldbank_wdi", "bls_cpi"]
    assert fin["date"] == 2014


def test_growth_beyond_its_limits_is_limited_and_says_so() -> None:
    gdp = {"FIN": {2004: 1.0, 2011: 1.0, 2012: 1.3, 2013: 1.69, 2014: 2.197}, "SWE": {2014: 9.0}}
    tables = archive(indicators=of_series("value", gdp, indicator="NY.GDP.MKTP.KD"))
    case = fill_text(TEXT, "x.yaml", tables, ["economies"])
    growth = case.written["states", "FIN", "growth"]
    assert (growth.value, growth.source) == (0.08, ("worldbank_wdi", "assumed"))
    assert growth.found.startswith("8% a year in place of 30.0% up to 2014 (worldbank_wdi)")
    why = {gap.path: gap.why for gap in case.gaps}
    assert why["states", "SWE", "growth"] == "no series of GDP over the five years before the start"


def test_a_figure_of_another_year_says_so(plain: Any) -> None:
    assert plain["states"]["NOR"]["burden"] == 0.03
    assert plain["states"]["NOR"]["dates"]["burden"] == 2013


def test_what_is_typed_stays_with_its_comments(case: CaseText, plain: Any) -> None:
    assert plain["states"]["NOR"]["gdp"] == 500_000
    assert plain["states"]["SWE"]["name"] == "Svea"
    for line in TEXT.splitlines():
        comment = line.partition("#")[2]
        assert comment in case.text
    assert ("states", "NOR", "gdp") in case.kept


def test_what_data_lack_is_a_placeholder_and_a_gap(case: CaseText, plain: Any) -> None:
    assert plain["states"]["DNK"]["sources"]["burden"] == "placeholder"
    assert ("states", "DNK", "burden") in [gap.path for gap in case.gaps]


def test_an_old_figure_keeps_the_place_of_a_newer_one() -> None:
    gdp = of_series("value", {"FIN": {2003: 8e10, 2006: 9e10}}, indicator="NY.GDP.MKTP.CD")
    shares = of_series("value", {"FIN": {1999: 0.04}}, measure="share_gdp", flag="")
    case = fill_text(TEXT, "x.yaml", archive(indicators=gdp, spending=shares), [*TOPICS])
    old = case.written["states", "FIN", "gdp"]
    assert (old.value, old.source) == (in_2016(9e10, 2006), ("placeholder",))
    assert old.found == "taken from 2006, as there is nothing newer: write your own"
    assert case.written["states", "FIN", "burden"].value == 0.04
    assert Gap(("states", "FIN", "gdp"), "no GDP of the years before the start") in case.gaps
    fin = read_mapping(case.text, "x.yaml").plain()["states"]["FIN"]
    assert (fin["date"], fin["dates"]["burden"]) == (2006, 1999)


@pytest.mark.parametrize(("sipri", "burden", "year"), [(2000, 0.03, 2000), (1999, 0.008, 2005)])
def test_of_old_figures_that_of_the_better_table_counts_if_it_is_five_years_older_at_most(
    sipri: int, burden: float, year: int
) -> None:
    shares = of_series("value", {"FIN": {sipri: 0.03}}, measure="share_gdp", flag="")
    worse = {"FIN": {2005: 0.8}}
    percent = of_series("value", worse, indicator="MS.MIL.XPND.GD.ZS")
    case = fill_text(TEXT, "x.yaml", archive(indicators=percent, spending=shares), ["economies"])
    found = case.written["states", "FIN", "burden"]
    assert (found.value, found.year, found.held) == (burden, year, False)


def test_a_state_without_any_gdp_has_a_usual_one_for_its_population() -> None:
    heads = of_series("value", {"FIN": {2012: 2e6}}, indicator="SP.POP.TOTL")
    troops = of_series("tpop", {"SWE": {2011: 3000.0}})
    case = fill_text(TEXT, "x.yaml", archive(indicators=heads, capabilities=troops), [*TOPICS])
    usual = {state: case.written["states", state, "gdp"].value for state in ("FIN", "SWE", "DNK")}
    assert usual == {"FIN": 2 * 5000, "SWE": 3 * 5000, "DNK": 10000}


def test_spending_by_capabilities_is_held_against_any_gdp() -> None:
    fariss = of_series("value", {"DNK": {2011: 50_000.0}}, indicator="fariss_rgdp_m2017ppp")
    spent = of_series("milex", {"DNK": {2011: 2e6}})  # thousands of dollars
    case = fill_text(TEXT, "x.yaml", archive(indicators=fariss, capabilities=spent), [*TOPICS])
    share = case.written["states", "DNK", "burden"]
    gdp = case.written["states", "DNK", "gdp"]
    assert share.value == pytest.approx(in_2016(2e9, 2011) / gdp.value)
    assert (share.source[:2], share.year) == (("singer1987", "fariss2022"), 2011)


def test_a_placeholder_gives_way_to_a_figure(case: CaseText) -> None:
    spending = [{"iso3": "DNK", "year": 2014, "measure": "share_gdp", "value": 0.012, "flag": ""}]
    later = fill_text(case.text, "x.yaml", archive(spending=spending), ["economies"])
    dnk = read_mapping(later.text, "x.yaml").plain()["states"]["DNK"]
    assert dnk["burden"] == 0.012
    assert dnk["sources"]["burden"] == "sipri_milex"
    assert not [gap for gap in later.gaps if gap.path[1:] == ("DNK", "burden")]


@dataclass
class TablesByCepii(InventedTables):
    """Invented tables, as if CEPII had published them."""

    def frame(self, kind: Kind) -> pd.DataFrame:
        """Return the rows of a kind."""
        return super().frame(kind).assign(source=CEPII.name)


def test_a_capital_cites_the_list_that_it_is_from(case: CaseText) -> None:
    at = ("states", "FIN", "latitude")
    assert case.written[at].source == ("miller2022",)
    tables = Archive(TablesByCepii(everything().rows))
    theirs = fill_text(TEXT, "x.yaml", tables, ["economies"])
    assert theirs.written[at].source == ("mayer2011",)


def test_a_bloc_has_the_allies_of_its_leader(plain: Any) -> None:
    nordic = plain["blocs"]["NORDIC"]
    assert nordic["members"] == ["NOR", "SWE"]
    assert nordic["commitment"]["value"] == 0.7
    assert nordic["sources"]["members"] == "leeds2002"


def test_a_leader_without_a_treaty_is_bound_no_more_than_by_the_weakest_kind() -> None:
    text = TEXT.replace("leader: SWE,", "leader: SWE, members: [SWE, FIN],")
    at = ("blocs", "NORDIC", "commitment")
    case = fill_text(text, "x.yaml", archive(), ["blocs"])
    assert (case.written[at].value, case.written[at].source) == (0.1, ("placeholder",))
    why = {gap.path: gap.why for gap in case.gaps}
    assert why[at] == "no treaty between the leader and a member"
    unknown = fill_text(text, "x.yaml", archive(alliances=[]), ["blocs"])
    assert unknown.written[at].value == 0.5
    assert {gap.path: gap.why for gap in unknown.gaps}[at] == "no table of treaties"
    typed = text.replace("source: assumed}\nriv", "commitment: 0.6, source: assumed}\nriv")
    assert at not in fill_text(typed, "x.yaml", archive(), ["blocs"], force=True).kept


def test_values_that_rest_on_what_was_typed_since_are_kept_by_topic_and_refreshed_alone() -> None:
    case = fill_text(TEXT, "x.yaml", archive(), [*TOPICS])
    typed = case.text.replace("NOR: 0.61", "NOR: 0.91")
    assert typed != case.text
    again = fill_text(typed, "x.yaml", archive(), [*TOPICS])
    dispute, regard = ("rivalries", "FIN", "with", "NOR"), ("affinities", "FIN", "toward", "NOR")
    assert again.text == typed
    assert again.kept_of["rivalries"] == (dispute,)
    assert again.kept_of["affinities"] == (regard,)
    assert again.before[dispute] == "0.91"
    fresh = fill_text(typed, "x.yaml", archive(), ["affinities"], force=True)
    assert {*fresh.written} == {regard}
    assert read_mapping(fresh.text, "x.yaml").plain()["rivalries"]["FIN"]["with"]["NOR"] == 0.91


MEMBERSHIPS = [
    {"bloc": "OLD/NORDIC", "iso3": state, "first": 2000, "last": math.nan}
    for state in ("SWE", "FIN")
]


@pytest.mark.parametrize(
    ("changed", "name", "members", "source", "how"),
    [
        ({}, "NORDIC", ["NOR", "SWE"], "leeds2002", "by a treaty of defence in 2014 (ATOP)"),
        ({"memberships": MEMBERSHIPS}, "NORDIC", ["FIN", "SWE"], "your_members",
         "FIN, SWE: members of OLD/NORDIC in your table a file"),
        ({"memberships": MEMBERSHIPS}, "OTHER", ["NOR", "SWE"], "leeds2002",
         "as no table of yours has members of OTHER"),
    ],
)  # fmt: skip
def test_members_name_what_decided_which_they_are(
    changed: dict[str, Any], name: str, members: list[str], source: str, how: str
) -> None:
    text = TEXT.replace("NORDIC", name)
    case = fill_text(text, "x.yaml", archive(**changed), ["blocs"])
    plain = read_mapping(case.text, "x.yaml").plain()
    assert plain["blocs"][name]["members"] == members
    assert plain["blocs"][name]["sources"]["members"] == source
    assert how in case.written["blocs", name, "members"].found
    assert ("references" in plain) == (source == "your_members")
    assert fill_text(case.text, "x.yaml", archive(**changed), ["blocs"]).text == case.text


def test_without_tables_of_members_or_treaties_a_bloc_cites_none() -> None:
    case = fill_text(TEXT, "x.yaml", archive(alliances=[]), ["blocs"])
    figure = case.written["blocs", "NORDIC", "members"]
    assert (figure.value, figure.source) == (["SWE"], ("assumed",))
    assert "write the members" in figure.found


def test_filling_twice_has_no_effect(case: CaseText) -> None:
    again = fill_text(case.text, "x.yaml", archive(), [*TOPICS])
    assert again.text == case.text
    assert not again.written
    assert fill_text(TEXT, "x.yaml", archive(), [*TOPICS]).text == case.text


def test_force_replaces_what_is_typed() -> None:
    case = fill_text(TEXT, "x.yaml", archive(), ["economies"], force=True)
    nor = read_mapping(case.text, "x.yaml").plain()["states"]["NOR"]
    assert nor["gdp"] == 101_400
    assert nor["sources"]["gdp"] == ["worldbank_wdi", "bls_cpi"]
    assert "# my own guess" in case.text


def test_what_an_extended_file_says_is_typed(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(
        "format: 2\nstates: {FIN: {gdp: 7, source: assumed}}\n", encoding="utf-8"
    )
    file = tmp_path / "x.yaml"
    file.write_text("extends: [base.yaml]\n" + TEXT, encoding="utf-8")
    case = fill_file(file, archive(), ["economies"])
    assert ("states", "FIN", "gdp") in case.kept
    assert file.read_text(encoding="utf-8") == case.text


def test_only_the_topics_asked_for_are_filled() -> None:
    case = fill_text(TEXT, "x.yaml", archive(), ["rivalries"])
    assert {path[0] for path in case.written} == {"rivalries"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("start: 2015-Q1, ", "needs `start`"),
        ("", "needs states by their codes"),
    ],
)
def test_a_file_without_a_start_or_states_is_refused(wrong: str, message: str) -> None:
    text = TEXT.replace(wrong, "") if wrong else TEXT[: TEXT.index("states:")]
    with pytest.raises(InputError, match=message):
        fill_text(text, "x.yaml", archive(), ["economies"])


def test_no_figure_of_the_years_before_the_start_is_a_gap() -> None:
    text = TEXT.replace("start: 2015-Q1", "start: 1950-Q1")
    case = fill_text(text, "x.yaml", archive(), [*TOPICS])
    assert {("states", "FIN", "gdp"), ("affinities",)} <= {gap.path for gap in case.gaps}


def test_a_bloc_without_an_ally_says_so() -> None:
    text = TEXT.replace("leader: SWE", "leader: FIN")
    figure = fill_text(text, "x.yaml", archive(), ["blocs"]).written["blocs", "NORDIC", "members"]
    assert figure.value == ["FIN"]
    assert figure.found.startswith(
        "FIN: alone, as no state of the case is bound to FIN by a treaty"
    )
