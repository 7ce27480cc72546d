"""Imports, offers, orders and arsenals from an invented register."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.cases.case_file import CaseText, fill_text
from sim.cases.funds import Payment, fund, shortage
from sim.cases.topics import TOPICS
from sim.documents.reader import read_mapping
from tests.cases.invented_case import TEXT, archive, deal, filled


@pytest.fixture(scope="module")
def case() -> CaseText:
    """Return the invented case, filled from all tables."""
    return fill_text(TEXT, "x.yaml", archive(), [*TOPICS])


@pytest.fixture(scope="module")
def plain(case: CaseText) -> Any:
    """Return the content of the filled file."""
    return read_mapping(case.text, "x.yaml").plain()


def test_imports_are_those_of_five_years(plain: Any) -> None:
    assert plain["imports"]["NOR"]["from"] == {"SWE": 40}
    assert plain["imports"]["FIN"]["from"] == {"SWE": 76}  # half of 80 TIV, and 36 of 2010
    assert "DNK" not in plain["imports"] or plain["imports"]["DNK"]["from"]


def test_a_share_of_imports_is_their_cost_over_spending(plain: Any) -> None:
    share = plain["states"]["FIN"]["import_share"]
    assert share["value"] == pytest.approx(2 * 76 / 5 / (101_400 * 0.02), rel=1e-3)
    assert share["low"] < share["value"] < share["high"]
    assert plain["states"]["SWE"]["import_share"] == 0  # all from outside the case


def test_an_offer_is_what_most_was_ordered_of(plain: Any) -> None:
    assert set(plain["offers"]) == {"lynx_9_swe"}  # engines are not weapons, Gull is too old
    offer = plain["offers"]["lynx_9_swe"]
    # Sweden's orders have 40 and 80 TIV, and all three of the class 40 in the middle:
    # exp((2 ln 60 + 5 ln 40) / 7) = 44.9, and exp((2 ln 60 + 5 ln 44.9) / 7) = 48.8, over 4 TIV
    assert offer["most"] == 18
    assert (offer["price"], offer["batch"], offer["lag"]) == (96, 12, 1.5)
    assert plain["systems"]["lynx_9"]["worth"] == 4
    assert plain["systems"]["lynx_9"]["class"] == "armour"


def test_one_large_order_is_not_the_usual_order() -> None:
    others = [deal("DEU", f"X{at:02}", 2010, 5, "Wolf", "tank", 5, "2012", 2.0) for at in range(9)]
    large = deal("SWE", "NOR", 2011, 280, "Lynx-9", "tank", 280, "2013", 4.0)
    offer = filled(deals=[*others, large])["offers"]["lynx_9_swe"]
    # 1120 TIV once against 10 TIV: exp((ln 1120 + 5 ln 10) / 6) = 21.9, then 42.3
    assert offer["batch"] == 11


def test_a_class_fills_up_at_what_the_states_of_a_case_hold_of_it() -> None:
    deals = [
        deal("SWE", "NOR", 2014, 200, "Lynx-9", "tank", 200, "2014", 4.0),
        deal("SWE", "FIN", 2014, 100, "Lynx-9", "tank", 100, "2014", 4.0),
        deal("SWE", "DNK", 2014, 10, "Lynx-9", "tank", 10, "2014", 4.0),
    ]
    plain = filled(deals=deals)
    assert plain["classes"]["armour"]["satiation"] == 400  # 800, 400 and 40
    assert filled(deals=deals[2:])["classes"]["armour"]["satiation"] == 300


def test_air_defence_against_aircraft_does_not_count_against_missiles() -> None:
    deals = [
        deal("SWE", "NOR", 2012, 4, "S-300PMU1", "SAM system", 4, "2013", 50.0),
        deal("SWE", "NOR", 2012, 4, "Heron", "mobile SAM system", 4, "2013", 16.0),
        deal("SWE", "NOR", 2012, 400, "Wren", "portable SAM", 400, "2013", 0.1),
    ]
    plain = filled(deals=deals)
    roles = {
        name: plain["classes"][each["class"]]["role"] for name, each in plain["systems"].items()
    }
    assert roles == {
        "s_300pmu1": "air_defence",
        "heron": "other",
        "other_air_defence_short": "other",
    }


@pytest.mark.parametrize(
    ("kind", "reach", "payload"),
    [
        ("surface-to-surface missile", 300, 480),
        ("guided rocket", 70, 90),
        ("guided rocket/air-to-surface missile", 70, 90),
        ("anti-ship/land-attack missile", 200, 200),
        ("one-way attack drone", 2000, 40),
    ],
)
def test_what_strikes_has_the_range_and_payload_of_its_kind(
    kind: str, reach: float, payload: float
) -> None:
    deals = [deal("SWE", "NOR", 2012, 40, "Wasp", kind, 40, "2013", 0.1)]
    wasp = filled(deals=deals)["systems"]["wasp"]
    assert (wasp["range"], wasp["payload"]) == (reach, payload)


def test_a_loitering_munition_strikes_once() -> None:
    deals = [
        deal("SWE", "NOR", 2012, 40, "Gnat", "loitering munition", 40, "2013", 0.1),
        deal("FIN", "NOR", 2012, 4, "Owl", "armed UAV", 4, "2013", 2.0),
    ]
    systems = filled(deals=deals)["systems"]
    assert (systems["gnat"]["rounds"], systems["owl"]["rounds"]) == (1, 4)


def test_a_launcher_and_its_missiles_of_one_name_are_two_systems() -> None:
    deals = [
        deal("SWE", "NOR", 2010, 10, "Heron", "SAM system", 10, "2012", 16.0),
        deal("SWE", "NOR", 2010, 400, "Heron", "SAM", 400, "2012", 0.15),
    ]
    plain = filled(deals=deals)
    held = plain["arsenals"]["NOR"]["units"]
    worth = {name: system["worth"] for name, system in plain["systems"].items()}
    volume = sum(units * worth[name] for name, units in held.items())
    assert volume == pytest.approx((10 * 16 + 400 * 0.15) * math.exp(-2 / 20), rel=0.01)
    assert plain["systems"]["heron_sam_system"]["name"] == "Heron (SAM system)"


def test_lags_are_those_of_orders_that_had_come_by_the_start() -> None:
    deals = [
        deal("SWE", "NOR", 2012, 4, "Lynx-9", "tank", 4, "2022", 4.0),
        deal("SWE", "FIN", 2011, 4, "Lynx-9", "tank", 4, "2014", 4.0),
    ]
    assert filled(deals=deals)["offers"]["lynx_9_swe"]["lag"] == 3


def test_what_had_not_come_is_on_order(plain: Any) -> None:
    (order,) = plain["backlog"].values()
    assert (order["offer"], order["recipient"], order["units"]) == ("lynx_9_swe", "FIN", 10)
    assert (order["ordered"], order["due"]) == ("2013-Q2", "2015-Q4")


def test_money_is_set_aside_for_orders_beyond_the_income_until_they_come(plain: Any) -> None:
    imports = 2.0 * (30 * 1.2 + 10 * 4.0) / 5  # of the five years, 30.4 M USD a year
    due = 0.9 * 2.0 * 4.0 * 10  # at the end of the first year, without the deposit of a tenth
    assert plain["states"]["FIN"]["fund"] == pytest.approx(imports / 2 + due - imports, rel=1e-3)
    assert plain["states"]["FIN"]["sources"]["fund"] == ["sipri_arms", "assumed"]
    assert "fund" not in plain["states"]["NOR"]  # nothing is on order


def test_no_money_is_set_aside_where_the_budget_is_unknown() -> None:
    case = fill_text(TEXT, "x.yaml", archive(), ["economies", "offers"])
    assert [path for path in case.written if path[0] == "backlog"]
    assert not [path for path in case.written if path[-1] == "fund"]


def test_the_largest_lack_of_money_on_any_date_counts() -> None:
    payments = [Payment(3, 20.0), Payment(1, 50.0), Payment(2, 200.0)]
    assert shortage(payments, 60.0) == pytest.approx(0.9 * 250 - 2 * 60)  # after two years
    assert fund(payments, 60.0) == pytest.approx(30 + 105)
    assert shortage(payments, 400.0) == 0


def test_orders_of_many_years_of_imports_are_named(case: CaseText) -> None:
    assert not case.written["states", "FIN", "fund"].found
    large = deal("SWE", "FIN", 2014, 200, "Lynx-9", "tank", 0, "2016", 4.0)
    first = deal("SWE", "FIN", 2012, 5, "Lynx-9", "tank", 5, "2013", 4.0)
    case = fill_text(TEXT, "x.yaml", archive(deals=[large, first]), [*TOPICS])
    assert case.written["states", "FIN", "fund"].found == (
        "set aside for orders under way; its imports are 8 M USD a year"
    )


def test_goods_of_no_class_are_named_with_orders_and_volume() -> None:
    deals = [
        deal("SWE", "NOR", 2012, 4, "Lynx-9", "tank", 4, "2013", 4.0),
        deal("SWE", "NOR", 2012, 3, "Goose", "transport aircraft", 3, "2013", 9.0),
        deal("SWE", "DNK", 2008, 2, "Swan", "transport aircraft", 2, "2010", 4.0),
        deal("SWE", "DNK", 2010, 5, "Hawk", "turbofan", 5, "2011", 1.0),
        deal("SWE", "DNK", 2001, 5, "Hawk", "turboprop", 5, "2002", 1.0),  # too long ago
        deal("DEU", "DNK", 2010, 5, "Emu", "gas turbine", 5, "2011", 1.0),  # from elsewhere
    ]
    case = fill_text(TEXT, "x.yaml", archive(deals=deals), [*TOPICS])
    assert case.no_arms == ("transport aircraft (2 orders, 35 TIV)", "turbofan (1 order, 5 TIV)")
    assert not fill_text(TEXT, "x.yaml", archive(deals=deals), ["imports"]).no_arms
    nameless = archive(deals=[*deals, deal("SWE", "NOR", 2012, 3, "Heron", "", 3, "2013", 1.0)])
    case = fill_text(TEXT, "x.yaml", nameless, [*TOPICS])
    assert case.no_arms[2:] == ("goods without a description (1 order, 3 TIV)",)


def test_arsenals_hold_known_systems_and_the_rest_by_class(plain: Any) -> None:
    fin = plain["arsenals"]["FIN"]["units"]
    assert fin["lynx_9"] == 10
    assert fin["other_armour"] == pytest.approx(30 * 3 * 0.4 * math.exp(-4 / 30), abs=0.1)
    nor = plain["arsenals"]["NOR"]["units"]
    assert nor["other_strike_missiles"] == pytest.approx(80 * math.exp(-1), abs=0.1)
    assert plain["systems"]["other_armour"]["worth"] == 1


def test_a_bloc_remembers_what_its_members_sold(plain: Any) -> None:
    history = plain["blocs"]["NORDIC"]["history"]["SWE"]
    assert history["members"] == 40
    assert history["rivals"] == pytest.approx(76 * 0.61, abs=0.1)  # FIN is a rival of NOR


def test_systems_of_the_file_are_known_by_name() -> None:
    text = TEXT + (
        "classes: {armour: {satiation: 1, life: 9, role: ground, source: assumed}}\n"
        "systems: {lynx: {name: Lynx-9, class: armour, worth: 3, source: assumed}}\n"
    )
    plain = filled(text)
    assert plain["arsenals"]["FIN"]["units"]["lynx"] == 10
    assert set(plain["offers"]) == {"lynx_swe"}
    assert plain["systems"]["lynx"]["worth"] == 3


def _totals(**by_state: dict[int, float]) -> list[dict[str, Any]]:
    return [
        {"iso3": state, "year": year, "direction": "imports", "tiv": tiv}
        for state, values in by_state.items()
        for year, tiv in values.items()
    ]


def _share(case: CaseText, state: str) -> Any:
    """Return the share of imports and its source."""
    own = case.written["states", state, "import_share"]
    return own.value, own.source[0]


_ABSENT = "no transfer to it from 2010 to 2014"


def test_a_state_that_a_partial_register_lacks_is_a_gap_and_not_zero() -> None:
    deals = [
        deal("SWE", "NOR", 2009, 10, "Lynx-9", "tank", 10, "2010;2014", 4.0),
        deal("SWE", "FIN", 2000, 10, "Lynx-9", "tank", 10, "2001", 4.0),
    ]
    case = fill_text(TEXT, "x.yaml", archive(deals=deals), [*TOPICS])
    assert _share(case, "FIN") == (0.05, "placeholder")
    why = {gap.path: gap.why for gap in case.gaps}
    assert why["states", "FIN", "import_share"].startswith(f"{_ABSENT} in a table of 1 recipients")
    assert why["imports", "NOR"].startswith("one supplier of the case alone")
    deals = [deal("SWE", "NOR", 2009, 10, "Lynx-9", "tank", 10, "2010;2012", 4.0)]
    short = fill_text(TEXT, "x.yaml", archive(deals=deals), [*TOPICS])
    why = {gap.path: gap.why for gap in short.gaps}
    assert why["states", "FIN", "import_share"] == f"{_ABSENT}, and the table covers 2010 to 2012"


def test_a_register_of_the_world_says_by_absence_that_there_was_none() -> None:
    deals = [
        deal("SWE", f"X{at:02}", 2009, 1, "Lynx-9", "tank", 1, "2010;2014", 4.0)
        for at in range(100)
    ]
    case = fill_text(TEXT, "x.yaml", archive(deals=deals), [*TOPICS])
    assert _share(case, "FIN") == (0, "sipri_arms")
    fewer = fill_text(TEXT, "x.yaml", archive(deals=deals[1:]), [*TOPICS])
    assert _share(fewer, "FIN") == (0.05, "placeholder")


def test_a_table_of_import_values_is_zero_for_states_that_it_names() -> None:
    totals = _totals(FIN={2010: 3.0, 2014: 1.0}, NOR={2001: 9.0})
    case = fill_text(TEXT, "x.yaml", archive(deals=[], totals=totals), ["economies", "imports"])
    assert _share(case, "NOR") == (0, "sipri_arms")
    assert _share(case, "SWE") == (0.05, "placeholder")
    world = totals + _totals(**{f"X{at:02}": {2012: 1.0} for at in range(99)})
    case = fill_text(TEXT, "x.yaml", archive(deals=[], totals=world), ["economies", "imports"])
    assert _share(case, "SWE") == (0, "sipri_arms")


def test_import_values_of_some_of_the_years_are_means_over_these() -> None:
    totals = _totals(FIN={2013: 50.0, 2014: 150.0})
    case = fill_text(TEXT, "x.yaml", archive(deals=[], totals=totals), ["economies", "imports"])
    assert _share(case, "FIN")[0] == pytest.approx(2 * 100 / (101_400 * 0.02), rel=1e-3)


def test_a_register_of_other_years_is_named_and_a_table_with_the_years_is_taken() -> None:
    old = [deal("SWE", "FIN", 1999, 10, "Lynx-9", "tank", 10, "2001", 4.0)]
    case = fill_text(TEXT, "x.yaml", archive(deals=old), ["economies", "imports"])
    why = {gap.path: gap.why for gap in case.gaps}
    assert why["imports",] == (
        "no transfer from 2010 to 2014 in the register, which covers 2001 to 2001"
    )
    flow = {"supplier": "SWE", "supplier_iso3": "SWE", "recipient": "NOR", "recipient_iso3": "NOR"}
    early = archive(flows=[{**flow, "year": 1999, "tiv": 3.0}])
    case = fill_text(TEXT, "x.yaml", early, ["economies", "imports"])
    assert case.written["imports", "NOR", "from", "SWE"].value == 40  # from the deals


def test_without_a_register_sums_of_imports_give_the_share() -> None:
    totals = _totals(FIN={2010: 0.0, 2014: 500.0})
    case = fill_text(TEXT, "x.yaml", archive(deals=[], totals=totals), ["economies", "imports"])
    fin = read_mapping(case.text, "x.yaml").plain()["states"]["FIN"]
    assert fin["import_share"]["value"] == pytest.approx(2 * 100 / (101_400 * 0.02), rel=1e-3)
    assert ("imports",) in [gap.path for gap in case.gaps]


def test_without_any_table_of_arms_shares_are_placeholders() -> None:
    case = fill_text(TEXT, "x.yaml", archive(deals=[]), [*TOPICS])
    fin = read_mapping(case.text, "x.yaml").plain()["states"]["FIN"]
    assert fin["sources"]["import_share"] == "placeholder"
    assert {("offers",), ("arsenals",)} <= {gap.path for gap in case.gaps}
