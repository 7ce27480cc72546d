"""A world of all states that data reach: which they are, and affinities in a table of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.cases import case_skeleton, tie_figures
from sim.cases.case_file import CaseText, fill_text
from sim.cases.case_plan import plan_of
from sim.cases.case_skeleton import new_case, order_of, usual_end
from sim.cases.figures import Gap
from sim.cases.new_suppliers import BY_RENOWN, constant
from sim.cases.regard_figures import of_affinities
from sim.cases.topics import TOPICS
from sim.cases.whole_world import reach
from sim.data import tidy_tables as tables
from sim.documents.reader import read_mapping
from sim.scenario.load import load
from tests.cases.invented_case import archive, everything, of_series


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> CaseText:
    """Return a new case whose four states count as many."""
    monkeypatch.setattr(case_skeleton, "MANY", 3)
    order = order_of("FIN,NOR,SWE,DNK", [], "2015-Q1", "2016-Q4")
    return new_case(order, "north", "north.yaml", archive())


def test_disputes_are_worked_out_once_for_a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, rule = [], tie_figures._rivalries_of
    monkeypatch.setattr(
        tie_figures, "_rivalries_of", lambda *given: (asked.append(given), rule(*given))[1]
    )
    order = order_of("FIN,NOR,SWE,DNK", ["NORDIC=SWE,NOR"], "2015-Q1", "2016-Q4")
    case = new_case(order, "north", "north.yaml", archive())
    assert ("rivalries", "FIN", "with", "NOR") in case.written
    assert len(asked) == 1


def test_a_state_without_a_needed_figure_is_left_out_and_the_figure_named() -> None:
    found = reach("2015-Q1", "2016-Q4", archive())
    assert found.states == ("FIN", "NOR", "SWE")
    (gap,) = found.left_out
    assert gap.path == ("DNK",)
    assert gap.why.startswith("no military spending")


def test_a_state_that_no_table_can_place_is_left_out() -> None:
    rows = everything().rows
    capitals = [each for each in rows[tables.CAPITALS.name] if each["iso3"] != "SWE"]
    found = reach("2015-Q1", "2016-Q4", archive(**{tables.CAPITALS.name: capitals}))
    assert found.states == ("FIN", "NOR")
    assert {gap.path for gap in found.left_out} == {("DNK",), ("SWE",)}
    assert not any(gap.instead for gap in found.left_out)  # no stand-in for a state left out


def test_states_that_ended_or_began_later_and_names_of_regions_are_no_states() -> None:
    rows = everything().rows[tables.INDICATORS.name]
    more = of_series(
        "value",
        {each: {2008: 1e9} for each in ("YUG", "SSD", "WLD")},
        indicator="NY.GDP.MKTP.CD",
    )
    found = reach("2009-Q1", "2012-Q4", archive(**{tables.INDICATORS.name: rows + more}))
    assert not {"YUG", "SSD", "WLD"} & {*found.states, *(gap.path[0] for gap in found.left_out)}


def test_a_world_looks_for_suppliers_as_new_ties_formed_and_a_small_case_as_the_law_does(
    world: CaseText,
) -> None:
    laws = read_mapping(world.text, "north.yaml").plain()["laws"]
    assert laws["procurement"]["by_renown"] == BY_RENOWN
    assert laws["procurement"]["approach"] == pytest.approx(constant(), abs=0.005)
    small = new_case(order_of("FIN,NOR,SWE", [], "2015-Q1", "2016-Q4"), "x", "x.yaml", archive())
    assert "procurement" not in read_mapping(small.text, "x.yaml").plain()["laws"]


def test_affinities_of_many_states_are_a_table_with_the_values_of_the_rule(
    tmp_path: Path, world: CaseText
) -> None:
    (table,) = world.tables
    (tmp_path / "north.yaml").write_text(world.text, encoding="utf-8")
    (tmp_path / table.file("north")).write_text(table.text, encoding="utf-8")
    model = load(tmp_path / "north.yaml").variants["baseline"]
    assert not model.affinities
    plan = plan_of(read_mapping(world.text, "north.yaml"))
    rule = [each for each in of_affinities(plan, archive()) if not isinstance(each, Gap)]
    assert model.table("affinity") == {(p[1], p[3]): figure.value for p, figure in rule}
    assert len(rule) == 12
    entry = read_mapping(world.text, "north.yaml").plain()["tables"]["affinity"]
    assert entry == {
        "file": "north_affinity.csv",
        "source": ["bailey2017", "assumed"],
        "date": 2014,
    }


def test_filling_such_a_file_again_writes_nothing(world: CaseText) -> None:
    again = fill_text(world.text, "north.yaml", archive(), [*TOPICS])
    assert again.text == world.text
    assert not again.written


def test_a_world_asks_about_itself(world: CaseText) -> None:
    plain = read_mapping(world.text, "north.yaml").plain()
    assert plain["question"] == "What does the dispute that Finland has with Norway do?"
    assert plain["title"].startswith("A world of 4 states, ")
    assert plain["runs"] == 20


def test_a_table_of_affinities_names_all_its_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_skeleton, "MANY", 3)
    order = order_of("FIN,NOR,SWE,DNK", ["NORDIC=SWE"], "2015-Q1", "2016-Q4")
    agree = [each for each in everything().rows[tables.AGREEMENT.name] if each["iso3_1"] != "NOR"]
    agree = [each for each in agree if each["iso3_2"] != "NOR"]
    case = new_case(order, "north", "north.yaml", archive(**{tables.AGREEMENT.name: agree}))
    entry = read_mapping(case.text, "north.yaml").plain()["tables"]["affinity"]
    assert {"bailey2017", "leeds2002", "thompson2021", "placeholder"} <= {*entry["source"]}
    assert ("affinities", "NOR") in {gap.path for gap in case.gaps}


def test_a_world_without_votes_has_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_skeleton, "MANY", 3)
    order = order_of("FIN,NOR,SWE,DNK", [], "2015-Q1", "2016-Q4")
    case = new_case(order, "north", "north.yaml", archive(**{tables.AGREEMENT.name: []}))
    assert not case.tables
    assert "tables:" not in case.text
    assert any("no votes" in gap.why for gap in case.gaps)


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        ("2016-Q1", "quarter", "2017-Q4"),
        ("2016", "year", "2017"),
        ("2016-H2", "half", "2017-H2"),
        ("2016-05", "month", "2017-12"),
    ],
)
def test_a_world_ends_with_the_year_after_its_start(start: str, period: str, end: str) -> None:
    assert usual_end(start, period) == end


def test_figures_of_a_state_are_found_by_other_columns_too() -> None:
    rows = of_series("value", {"FIN": {2014: 1.0}}, indicator="A")
    rows += of_series("value", {"FIN": {2014: 2.0, 2013: np.nan}}, indicator="B")
    own = archive(**{tables.INDICATORS.name: rows})
    assert own.series(tables.INDICATORS, "FIN", indicator="B") == {2014: 2.0}
    assert own.series(tables.INDICATORS, "NOR", indicator="B") == {}
