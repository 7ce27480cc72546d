"""Rows of tables by number, where two states have one number: 365 is SUN and RUS."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from sim.cases.archive import Archive
from sim.cases.case_file import fill_text
from sim.cases.shared_numbers import renamed_in
from sim.cases.whole_world import reach
from sim.data import tidy_tables as tables
from sim.data.lifetimes import one_number
from sim.documents.reader import read_mapping
from tests.cases.invented_case import InventedTables, archive, of_series

TREATY = {"scheme": "cow", "defense": 1, "offense": 0, "neutrality": 0, "nonaggression": 1,
          "consultation": 1}  # fmt: skip
RIVALRY = {"scheme": "tss", "spatial": 1, "positional": 0, "ideological": 0, "interventionary": 0}
CONFLICT = {"conflict": "1", "type": "interstate", "incompatibility": "territory", "intensity": 1,
            "side_a": "USA;GBR", "side_a_2nd": "", "side_b": "RUS", "side_b_2nd": ""}  # fmt: skip


def pair(one: str, other: str, **more: Any) -> dict[str, Any]:
    return {"iso3_1": one, "iso3_2": other, **more}


ROWS: dict[str, list[dict[str, Any]]] = {
    tables.CAPITALS.name: [
        {"iso3": "RUS", "capital": "M", "first": 1918, "last": 2024, "lat": 55.75, "lon": 37.6},
    ],
    tables.CONTIGUITY.name: [pair("POL", "RUS", first=1946, last=2016, type=1)],
    tables.ALLIANCES.name: [pair("POL", "RUS", first=1955, last=1991, **TREATY)],
    tables.RIVALRIES.name: [
        pair("RUS", "USA", first=1945, last=1989, **RIVALRY),
        pair("POL", "RUS", first=1994, last=2020, **RIVALRY),
    ],
    tables.CONFLICTS.name: [CONFLICT | {"year": 1978}],
    tables.AGREEMENT.name: [
        pair(one, other, year=1979, agree=agree)
        for one, other, agree in (("POL", "RUS", 0.9), ("POL", "USA", 0.4), ("RUS", "SAU", 0.3),
                                  ("RUS", "USA", 0.2), ("SAU", "USA", 0.7), ("POL", "SAU", 0.5))
    ],
    tables.CAPABILITIES.name: of_series("milex", {"RUS": {1979: 5.0, 1992: 6.0, 1900: 7.0}}),
}  # fmt: skip


def invented(**changed: list[dict[str, Any]]) -> Archive:
    """Return an archive of the Cold War alone."""
    return Archive(InventedTables(ROWS | changed))


def filled(states: Sequence[str], start: int = 1980, **changed: list[dict[str, Any]]) -> Any:
    text = (
        "format: 2\nscenario: cold\ntitle: Cold\nquestion: Which code?\n"
        f"time: {{start: {start}, end: {start + 5}, period: year}}\n"
        f"states: {{{', '.join(f'{each}: {{}}' for each in states)}}}\n"
        f"blocs: {{PACT: {{leader: {states[0]}, source: assumed}}}}\n"
    )
    topics = ["economies", "rivalries", "blocs", "affinities"]
    case = fill_text(text, "cold.yaml", invented(**changed), topics)
    return read_mapping(case.text, "cold.yaml").plain()


def test_the_states_that_share_a_number_are_those_of_the_table() -> None:
    assert one_number() == {"SUN": "RUS", "YUG": "SRB", "FRG": "DEU", "YAR": "YEM"}


@pytest.mark.parametrize("state", ["SUN", "RUS"])
def test_a_case_gets_the_figures_of_365_for_the_state_that_it_names(state: str) -> None:
    plain = filled([state, "POL", "USA", "SAU", "GBR"])
    assert plain["states"][state]["latitude"] == 55.75
    assert plain["states"]["POL"]["neighbours"] == [state]
    assert plain["blocs"]["PACT"]["members"] == ["POL", state]
    assert set(plain["rivalries"][state]["with"]) == {"USA", "GBR"}
    about = plain["rivalries"][state]
    assert {about["source"][0], *(each[0] for each in about.get("sources", {}).values())} == {
        "ucdp2025",
        "thompson2021",
    }
    toward = plain["affinities"][state]["toward"]
    assert toward["POL"] > toward["SAU"] > toward["USA"]


def test_both_names_of_365_give_the_same_case() -> None:
    one, other = (json.dumps(filled([each, "POL", "USA", "SAU"])) for each in ("SUN", "RUS"))
    assert json.loads(one) == json.loads(
        other.replace("RUS", "SUN").replace("Russia", "Soviet Union")
    )


def test_rows_of_other_years_stay_with_the_state_of_those_years() -> None:
    own = invented().of_case(["SUN", "USA"])
    assert own.series(tables.CAPABILITIES, "SUN", "milex") == {1979: 5.0}
    assert own.series(tables.CAPABILITIES, "RUS", "milex") == {1992: 6.0, 1900: 7.0}
    spells = own.frame(tables.RIVALRIES)
    assert [*zip(spells["iso3_1"], spells["iso3_2"], strict=True)] == [
        ("POL", "RUS"), ("SUN", "USA")
    ]  # fmt: skip


def test_pairs_that_are_looked_up_by_both_codes_stay_in_alphabetical_order() -> None:
    frame = invented().of_case(["SUN", "SAU"]).frame(tables.AGREEMENT)
    assert (frame["iso3_1"] < frame["iso3_2"]).all()
    assert {("SAU", "SUN"), ("POL", "SUN")} <= {*zip(frame["iso3_1"], frame["iso3_2"], strict=True)}


def test_tables_by_name_or_code_are_not_touched() -> None:
    rows = of_series("value", {"RUS": {1989: 5e11}}, indicator="NY.GDP.MKTP.CD")
    rows += of_series("value", {"RUS": {1989: 3e6}}, indicator="fariss_rgdp_m2017ppp")
    own = archive(**{tables.INDICATORS.name: rows}).of_case(["SUN", "USA"])
    code = "NY.GDP.MKTP.CD"
    assert not own.series(tables.INDICATORS, "SUN", indicator=code)
    assert own.series(tables.INDICATORS, "RUS", indicator=code) == {1989: 5e11}
    code = "fariss_rgdp_m2017ppp"  # by number, in the same table
    assert own.series(tables.INDICATORS, "SUN", indicator=code) == {1989: 3e6}


def test_a_table_that_tells_two_states_apart_is_left_as_it_is() -> None:
    rows = of_series("milex", {"SUN": {1979: 8.0}, "RUS": {1979: 5.0}})
    own = invented(**{tables.CAPABILITIES.name: rows}).of_case(["SUN", "USA"])
    assert own.series(tables.CAPABILITIES, "SUN", "milex") == {1979: 8.0}


def test_a_case_of_germany_has_the_rows_of_west_germany() -> None:
    rows = of_series("milex", {"FRG": {1979: 3.0, 1990: 4.0}, "DEU": {1938: 1.0, 1990: 9.0}})
    base = invented(**{tables.CAPABILITIES.name: rows})
    own = base.of_case(["DEU", "USA"])
    assert own.series(tables.CAPABILITIES, "DEU", "milex") == {1938: 1.0, 1979: 3.0, 1990: 9.0}
    place = {"capital": "C", "first": 1949, "last": 1991, "lat": 50.7, "lon": 7.1}
    capitals = [place | {"iso3": "FRG"}, place | {"iso3": "DEU", "first": 1816, "lat": 52.5}]
    placed = invented(**{tables.CAPITALS.name: capitals}).of_case(["DEU"]).frame(tables.CAPITALS)
    assert placed[placed["iso3"] == "DEU"]["lat"].to_list() == [52.5]
    for states in (["FRG", "USA"], ["DEU", "FRG"]):
        kept = base.of_case(states)
        assert kept.series(tables.CAPABILITIES, "FRG", "milex") == {1979: 3.0, 1990: 4.0}


@pytest.mark.parametrize(
    ("states", "codes"),
    [
        (["SUN"], {"RUS": "SUN"}), (["RUS"], {}), (["SUN", "RUS"], {}), (["YUG"], {"SRB": "YUG"}),
        (["FRG"], {"DEU": "FRG"}), (["DEU"], {"FRG": "DEU"}), (["YAR"], {"YEM": "YAR"}),
        (["YEM"], {}), (["VNM", "RVN", "CSK", "CZE"], {}),
    ],
)  # fmt: skip
def test_codes_change_only_for_a_state_of_the_case(
    states: list[str], codes: dict[str, str]
) -> None:
    assert renamed_in(states) == codes


@pytest.mark.parametrize(("start", "state"), [(1980, "SUN"), (2000, "RUS")])
def test_a_whole_world_has_the_state_of_its_years(start: int, state: str) -> None:
    places = [
        *ROWS[tables.CAPITALS.name],
        *({"iso3": each, "capital": "C", "first": 1900, "last": 2024, "lat": 1.0, "lon": 1.0}
          for each in ("USA", "POL")),
    ]  # fmt: skip
    years = dict.fromkeys((start - 1, start), 1e11)
    own = (state, "USA", "POL")
    gdp = of_series("value", dict.fromkeys((*own, "RUS"), years), indicator="NY.GDP.MKTP.CD")
    gdp = [each for at, each in enumerate(gdp) if each not in gdp[:at]]
    spent = of_series(
        "value", {each: {start - 1: 0.02} for each in own}, measure="share_gdp", flag=""
    )
    found = reach(f"{start}", f"{start + 2}", invented(**{
        tables.CAPITALS.name: places, tables.INDICATORS.name: gdp, tables.SPENDING.name: spent,
        tables.TOTALS.name: [], tables.DEALS.name: archive().frame(tables.DEALS).to_dict("records"),
    }))  # fmt: skip
    assert {*found.states, *(each.path[0] for each in found.left_out)} == {*own}
