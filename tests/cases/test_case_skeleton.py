"""A new case from invented tables: it is sound, has a question, and runs at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.cases.case_plan import absent_state, known_states
from sim.cases.case_skeleton import new_case, order_of
from sim.cases.opening_questions import opening_questions
from sim.data.lifetimes import lifetimes, successors
from sim.documents.reader import read_mapping
from sim.experiments.batch import Batch
from sim.kernel.errors import InputError
from sim.scenario.load import load
from tests.cases.invented_case import archive

STATES = "FIN,NOR,SWE,DNK"


def test_a_new_case_is_sound_and_runs(tmp_path: Path) -> None:
    order = order_of(STATES, ["NORDIC=SWE"], "2015-Q1", "2016-Q4")
    case = new_case(order, "north", "north.yaml", archive())
    file = tmp_path / "north.yaml"
    file.write_text(case.text, encoding="utf-8")
    scenario = load(file)
    assert scenario.question == "What does a sale of Lynx-9 by Sweden to Finland do?"
    assert set(scenario.variants) == {"baseline", "sale", "no_treaty"}
    record = Batch(
        model=scenario.variants["sale"], runs=np.arange(2), seed=1, read=lambda batch: batch.count
    ).result()
    assert record == 2


def test_the_question_is_a_sale_to_the_sharpest_rival_of_a_fellow_member() -> None:
    order = order_of(STATES, ["NORDIC=SWE,NOR"], "2015-Q1", "2016-Q4")
    text = new_case(order, "north", "north.yaml", archive()).text
    plain = read_mapping(text, "north.yaml").plain()
    sale = plain["variants"]["sale"]["events"]["sale"]["order"]
    assert (sale["supplier"], sale["recipient"], sale["system"]) == ("SWE", "FIN", "lynx_9")
    assert plain["contrasts"]["sale"]["of"] == "sale"
    asks = plain["contrasts"]["sale"]["asks"]
    assert asks == plain["question"] == "What does a sale of Lynx-9 by Sweden to Finland do?"


def test_names_that_take_an_article_have_it_in_the_question() -> None:
    names = {"GBR": "United Kingdom", "FIN": "Finland"}
    plain = {
        "states": {code: {"name": name} for code, name in names.items()},
        "rivalries": {"GBR": {"with": {"FIN": 0.5}}},
    }
    _, first = opening_questions(plain)
    assert first == "What does the dispute that the United Kingdom has with Finland do?"


def test_members_may_be_named() -> None:
    order = order_of(STATES, ["WEST=DNK,NOR"], "2015", "2016", "year")
    plain = read_mapping(new_case(order, "x", "x.yaml", archive()).text, "x.yaml").plain()
    assert plain["blocs"]["WEST"]["members"] == ["DNK", "NOR"]
    assert plain["time"] == {"start": 2015, "end": 2016, "period": "year"}


def test_without_a_bloc_the_sharpest_dispute_is_the_question() -> None:
    order = order_of(STATES, [], "2015-Q1", "2016-Q4")
    plain = read_mapping(new_case(order, "x", "x.yaml", archive()).text, "x.yaml").plain()
    assert list(plain["contrasts"]) == ["dispute"]
    assert plain["outcomes"] == ["war_rate FIN>NOR"]
    asks = plain["contrasts"]["dispute"]["asks"]
    assert asks == "What does the dispute that Finland has with Norway do?"


def test_the_same_order_gives_the_same_text() -> None:
    order = order_of(STATES, ["NORDIC=SWE"], "2015-Q1", "2016-Q4")
    texts = {new_case(order, "x", "x.yaml", archive()).text for _ in range(2)}
    assert len(texts) == 1


def test_years_without_data_are_refused() -> None:
    order = order_of(STATES, [], "1950-Q1", "1952-Q4")
    with pytest.raises(InputError, match="no figure on FIN, NOR, SWE, DNK in the years before"):
        new_case(order, "x", "x.yaml", archive())


@pytest.mark.parametrize(
    ("states", "blocs", "start", "end", "message"),
    [
        ("FIN,Sweden", [], "2015", "2016", 'no code of a state "Sweden": write SWE'),
        ("FIN,KRO", [], "2015", "2016", 'no code of a state "KRO" .did you mean "KOR"?'),
        ("FIN,NWR", [], "2015", "2016", 'no code of a state "NWR" .did you mean "NRU"'),
        ("FIN,Swedn", [], "2015", "2016", "did you mean SWE, Sweden"),
        ("FIN", [], "2015", "2016", "needs two states at least"),
        ("FIN,NOR,FIN", [], "2015", "2016", "names FIN twice"),
        ("FIN,NOR", ["A=SWE"], "2015", "2016", 'A names "SWE", no state of --states'),
        ("FIN,NOR", ["A"], "2015", "2016", "write NAME=LEADER"),
        ("FIN,NOR", ["A=FIN", "A=NOR"], "2015", "2016", "names A twice"),
        ("FIN,NOR", [], "soon", "2016", "--from: must be a date"),
        ("FIN,NOR", [], "2015", "2014", "--to: ends before it starts"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(
    states: str, blocs: list[str], start: str, end: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        order_of(states, blocs, start, end)


@pytest.mark.parametrize(
    ("code", "first", "last", "parts"),
    [
        ("ARM", 1980, 1990, ("ARM (Armenia) has existed since 1991", "take SUN (Soviet Union),")),
        ("ARM", 1980, 2000, ("(before SUN (Soviet Union))", ": begin in 1991 or leave it out")),
        ("SUN", 1985, 1995, ("existed from 1922 to 1991", "take RUS (Russia), end in 1991 or")),
        ("SUN", 1995, 1999, ("one of RUS (Russia), ARM (Armenia), ", " and 11 more or leave it")),
        ("YEM", 1970, 2015, ("(before YAR (North Yemen) and YMD (South Yemen))",)),
        ("QAT", 1965, 1970, ("since 1971, and the case runs from 1965 to 1970: begin in 1971 or",)),
        ("SUN", 1910, 1995, ("existed from 1922 to 1991",)),
    ],
)
def test_a_state_that_did_not_exist_throughout_is_named_with_those_that_did(
    code, first, last, parts
):
    text = absent_state(code, first, last)
    for part in parts:
        assert part in text


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [("RUS", 1960, 2020), ("DEU", 1985, 1995), ("SRB", 1995, 2010), ("ARM", 1991, 2020),
     ("SUN", 1960, 1991), ("FRA", 1900, 2020), ("XNC", 1980, 2020)],
)  # fmt: skip
def test_states_that_existed_throughout_pass(code, first, last):
    assert absent_state(code, first, last) == ""


def test_every_state_that_ended_has_successors_and_every_predecessor_is_known():
    known = known_states()
    for code, own in lifetimes().items():
        assert own.last is None or successors(code)
        assert own.last is None or own.first < own.last
        assert {*own.of} <= {*known}


def test_an_order_names_every_state_that_the_years_lack():
    with pytest.raises(InputError) as error:
        order_of("ARM,AZE,TUR", [], "1985", "1990")
    assert [each.file for each in error.value.problems] == ["--states", "--states"]


STATE = {"gdp": 1000, "burden": 0.1, "import_share": {"value": 0.1}}  # 10 M USD a year of arms


def case_of(**sections):
    states = dict.fromkeys(("CHN", "IND", "PAK", "RUS", "USA"), STATE)
    return {"time": {"start": "2015-Q1"}, "states": states, **sections}


def sale_of(plain):
    """Return the order that the opening questions are about, as YAML; None if there is no sale."""
    text, _ = opening_questions(plain)
    return text.partition("order: {")[2].partition("}")[0] or None


def test_the_sale_that_is_asked_about_is_not_to_a_rival_of_the_supplier():
    offers = {
        "a": {"supplier": "CHN", "system": "c", "batch": 4, "price": 1},
        "b": {"supplier": "RUS", "system": "d", "batch": 6, "price": 1},
    }
    plain = case_of(
        blocs={"AXIS": {"leader": "CHN", "members": ["CHN", "PAK", "RUS"]}},
        rivalries={"PAK": {"with": {"IND": 0.8}}, "CHN": {"with": {"IND": 0.6}}},
        offers=offers,
    )
    assert sale_of(plain) == "supplier: RUS, recipient: IND, system: d, units: 6"
    plain["offers"] = {"a": offers["a"]}
    assert sale_of(plain) is None


def test_a_slight_dispute_of_the_supplier_leaves_the_sale_open_as_its_offer_is() -> None:
    offer = {"supplier": "USA", "system": "c", "batch": 4, "price": 1, "not_to": ["CHN"]}
    plain = case_of(
        blocs={"QUAD": {"leader": "USA", "members": ["USA", "IND"]}},
        rivalries={"IND": {"with": {"PAK": 0.8}}, "PAK": {"with": {"IND": 0.9, "USA": 0.25}}},
        offers={"a": offer},
    )
    assert sale_of(plain) == "supplier: USA, recipient: PAK, system: c, units: 4"
    plain["rivalries"]["PAK"]["with"]["USA"] = 0.3  # as for an offer, on either side
    assert sale_of(plain) is None


def test_the_sale_is_of_the_weapon_with_most_offence_to_a_state_that_imports_and_can_pay() -> None:
    def offer(system, price):
        return {"supplier": "USA", "system": system, "batch": 4, "price": price}

    plain = case_of(
        blocs={"QUAD": {"leader": "USA", "members": ["USA", "IND"]}},
        rivalries={"IND": {"with": {"PAK": 0.8}}},
        systems={
            "carrier": {"worth": 0.4, "offence": 0.8},
            "tank": {"worth": 4, "offence": 0.8},
            "radar": {"worth": 9},
            "frigate": {"worth": 300, "offence": 0.4},
        },
        offers={each: offer(each, 1) for each in ("carrier", "tank")} | {"f": offer("frigate", 90)},
    )
    tanks = "supplier: USA, recipient: PAK, system: tank, units: 4"
    assert sale_of(plain) == tanks  # a frigate costs 22.5, and imports are 10 a year
    plain["offers"]["radar"] = offer("radar", 20)  # two of them are within a year's imports
    assert sale_of(plain) == tanks  # 4 of worth 4 and offence 0.8, against 2 of 9 and 0.5
    plain["offers"]["radar"]["price"] = 10
    assert sale_of(plain) == "supplier: USA, recipient: PAK, system: radar, units: 4"
    plain["states"]["PAK"] = {**STATE, "import_share": 0}
    text, first = opening_questions(plain)
    assert first == "What does the treaty of QUAD do?"
    assert "sale" not in text
