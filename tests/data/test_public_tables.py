"""The rows read from each publisher's table, worked out by hand on the sample."""

from __future__ import annotations

import pytest

from sim.data import tidy_tables
from sim.data.table_reader import read_table
from sim.kernel.errors import InputError
from tests.data.samples import SAMPLES


@pytest.fixture
def rows(tmp_path):
    """Return a function that reads a sample and returns some of its columns as tuples."""

    def read(name, *columns):
        sample = SAMPLES[name]
        path = tmp_path / sample.name
        path.write_bytes(sample.bytes())
        frame = read_table(path, sample.kind).frame
        return [*frame[[*columns]].itertuples(index=False, name=None)]

    return read


FIGURE = ("iso3", "year", "indicator", "value")


def test_indicators_leave_out_regions_and_missing_years(rows):
    found = rows("indicator of the World Bank", *FIGURE)
    assert found[:2] == [
        ("NOR", 2019, "NY.GDP.MKTP.CD", 100.5),
        ("NOR", 2021, "NY.GDP.MKTP.CD", 102.25),
    ]
    assert {state for state, *_ in found} == {"NOR", "NAM", "XKX"}


def test_databank_ends_at_its_footer(rows):
    wide = rows("indicators of DataBank", *FIGURE)
    assert wide == [
        ("NOR", 2020, "SP.POP.TOTL", 5.5),
        ("CHL", 2019, "SP.POP.TOTL", 3),
        ("CHL", 2020, "SP.POP.TOTL", 4),
    ]
    long = rows("indicators of DataBank, long", *FIGURE)
    assert long == [("NOR", 2019, "SP.POP.TOTL", 5.25), ("CHL", 2019, "SP.POP.TOTL", 3.5)]


def test_an_answer_of_the_api_leaves_out_nulls(rows):
    assert rows("answer of the API", *FIGURE) == [
        ("NOR", 2020, "SP.POP.TOTL", 5),
        ("NAM", 2020, "SP.POP.TOTL", 2.5),
    ]


def test_a_session_counts_for_the_year_in_which_it_opens(rows):
    columns = ("iso3", "year", "series", "value", "low", "high", "votes")
    assert rows("ideal points by session", *columns) == [
        ("NOR", 2019, "all", 0.5, 0.25, 0.75, 90),
        ("NAM", 2019, "all", -0.5, -0.75, -0.25, 80),
    ]


def test_the_three_series_of_ideal_points_are_distinguished(rows):
    found = rows("ideal points by year", "iso3", "year", "series", "value")
    assert found == [
        ("NOR", 2024, "fp", 0.5),
        ("NAM", 2023, "fp", -0.5),
        ("NAM", 2023, "all", -0.25),
        ("NAM", 2023, "legacy", -0.4),
    ]


@pytest.mark.parametrize(
    ("name", "columns", "expected"),
    [
        ("agreement", ("iso3_1", "iso3_2", "year", "agree"),
         [("NAM", "NOR", 2019, 0.25), ("CHL", "NOR", 2019, 0.75)]),
        ("contiguity by interval", ("iso3_1", "iso3_2", "first", "last", "type"),
         [("NOR", "SWE", 1905, 2016, 1), ("NOR", "RUS", 1945, 2016, 1)]),
        ("contiguity by year", ("iso3_1", "iso3_2", "first", "last", "type"),
         [("NOR", "SWE", 2016, 2016, 1), ("DNK", "NOR", 2016, 2016, 5)]),
        ("distances of capitals", ("iso3_1", "iso3_2", "measure", "km"),
         [("CHL", "NOR", "capitals", 12500), ("DEU", "NOR", "capitals", 840)]),
    ],
)  # fmt: skip
def test_a_pair_occurs_once_for_either_direction_of_a_table(rows, name, columns, expected):
    assert rows(name, *columns) == expected


def test_capabilities_know_missing_numbers_and_decimals_without_a_nought(rows):
    norway, namibia = rows("capabilities", "iso3", "milex", "upop", "cinc")
    assert norway == ("NOR", 7000, 1500, 0.0015)
    assert namibia[1] != namibia[1]  # not a number
    assert namibia[2] != namibia[2]


def test_states_have_spells_and_empires_no_code(rows):
    assert rows("members of the system", "iso3", "first", "last") == [
        ("NOR", 1905, 1940),
        ("NOR", 1945, 2016),
        ("NAM", 1990, 2016),
    ]


def test_a_treaty_without_an_end_was_in_force_when_the_data_ended(rows):
    columns = ("iso3_1", "iso3_2", "first", "last", "defense", "nonaggression", "consultation")
    assert rows("alliances by pair", *columns) == [
        ("CHL", "NOR", 1949, 2012, 1, 0, 1),
        ("CHL", "NAM", 1991, 2001, 0, 1, 0),
    ]


def test_members_of_a_treaty_are_allies_while_both_belong_to_it(rows):
    columns = ("iso3_1", "iso3_2", "first", "last", "defense")
    assert sorted(rows("alliances by member", *columns)) == [
        ("CHL", "NOR", 1965, 1990, 1),
        ("NAM", "NOR", 1991, 2012, 1),
    ]


def test_what_one_state_owes_another_is_directed_in_atop(rows):
    columns = ("iso3_1", "iso3_2", "first", "defense", "consultation")
    directed = [("NOR", "CHL", 1990, 1, 1), ("CHL", "NOR", 1990, 0, 1)]
    assert rows("alliances of ATOP, directed", *columns) == directed
    assert rows("alliances of ATOP by code", *columns) == directed
    both = rows("alliances of ATOP", *columns)
    assert ("CHL", "NOR", 1990, 1, 1) in both
    assert ("NOR", "CHL", 1990, 1, 1) in both


def test_disputes_of_pairs_have_the_higher_hostility_of_the_two(rows):
    columns = ("iso3_1", "iso3_2", "year", "dispute", "hostility", "action", "onset")
    assert rows("disputes by pair", *columns) == [
        ("CHL", "NOR", 1990, "7001", 3, 7, 1),
        ("NAM", "NOR", 1995, "7002", 4, 16, 0),
    ]


def test_participants_on_opposite_sides_are_pairs_while_both_take_part(rows):
    columns = ("iso3_1", "iso3_2", "year", "hostility", "onset")
    assert sorted(rows("participants of disputes", *columns)) == [
        ("CHL", "NOR", 1990, 3, 1),
        ("CHL", "NOR", 1991, 3, 0),
        ("NAM", "NOR", 1991, 4, 1),
        ("NAM", "NOR", 1992, 4, 0),
    ]


def test_rivalries_have_issues_whether_as_columns_or_as_words(rows):
    columns = ("scheme", "iso3_1", "iso3_2", "first", "last", "positional", "spatial")
    assert rows("rivalries", *columns)[0] == ("tss", "CHL", "NOR", 1950, 2020, 1, 0)
    assert rows("rivalries in words", *columns)[0] == ("td", "CHL", "NOR", 1950, 2010, 1, 1)


def test_conflicts_list_the_states_on_either_side(rows):
    columns = ("year", "type", "incompatibility", "intensity", "side_a", "side_b", "side_b_2nd")
    war, *_ = rows("conflicts", *columns)
    assert war == (1990, "interstate", "territory", 2, "CHL", "NOR", "NAM;ZAF")


def test_population_of_maddison_is_in_persons(rows):
    found = rows("products", "iso3", "gdp_pc", "base", "population")
    assert found[0] == ("NOR", 84580, 2011, 5_312_000)


def test_cepii_has_its_own_codes_and_several_distances(rows):
    found = rows("distances of CEPII", "iso3_1", "iso3_2", "measure", "km")
    assert ("NOR", "ROU", "capitals", 2100) in found
    assert [each for each in found if each[:2] == ("CHL", "NOR")] == [
        ("CHL", "NOR", "capitals", 12500),
        ("CHL", "NOR", "cities", 12400.5),
    ]


def test_only_the_capital_of_several_cities_counts(rows):
    assert rows("cities of CEPII", "iso3", "capital", "lat") == [
        ("NOR", "Oslo", 59.9),
        ("NAM", "Windhoek", -22.5),
    ]


def test_a_member_that_has_not_left_has_no_last_year(rows):
    north, south = rows("members of blocs", "bloc", "iso3", "first", "last")
    assert north[:3] == ("NORTH", "NOR", 1949)
    assert north[3] != north[3]  # not a number
    assert south == ("SOUTH", "NAM", 1991, 2001)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Country,Country Code,Indicator Code,2018,2019\nNorway,NOR,NY.GDP.MKTP.CD,-5,7\n",
            "table.csv:2:1: 2018: NY.GDP.MKTP.CD must be more than 0, got -5: the file is damaged",
        ),
        (
            "iso3,year,gdp_current_usd,population\nNOR,2018,7,5\nNOR,2019,7,0\n",
            "table.csv:3:1: 2019: SP.POP.TOTL must be more than 0, got 0",
        ),
    ],
)
def test_a_product_or_population_of_no_state_is_refused(tmp_path, text, said):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        _ = read_table(path, tidy_tables.INDICATORS).frame
    assert said in str(refusal.value)
    assert len(refusal.value.problems) == 1
