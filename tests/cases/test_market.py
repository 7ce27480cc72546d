"""Which weapons of an invented register are on offer, under which name, and to whom."""

from __future__ import annotations

import math

import pytest

from sim.cases.case_skeleton import new_case, order_of
from sim.cases.closed_markets import closed_to
from sim.cases.weapon_classes import CLASSES, class_of, is_aboard, is_part
from sim.documents.reader import read_mapping
from tests.cases.invented_case import TEXT, archive, deal, filled

LYNX = ("Lynx-9", "tank")
TREATY = {"scheme": "atop", "first": 2000, "last": 2018, "offense": 0, "neutrality": 0,
          "nonaggression": 0, "consultation": 0, "defense": 1}  # fmt: skip


def test_a_supplier_does_not_sell_to_rivals() -> None:
    disputes = {("A", "B"): 0.2, ("B", "A"): 0.3, ("A", "C"): 0.29}
    assert closed_to("A", "ABCD", disputes, set(), set()) == ("B",)
    assert closed_to("B", "ABCD", disputes, set(), {"A"}) == ("A",)  # it sold before


def test_nor_to_allies_of_rivals_that_it_did_not_supply_before() -> None:
    disputes, allied = {("A", "B"): 0.4}, {("B", "C"), ("B", "D"), ("B", "E"), ("A", "E")}
    assert closed_to("A", "ABCDEF", disputes, allied, {"D"}) == ("B", "C")
    assert closed_to("F", "ABCDEF", disputes, allied, set()) == ()


def test_an_offer_is_closed_by_what_data_and_file_say() -> None:
    alliance = {"iso3_1": "FIN", "iso3_2": "SWE", **TREATY}
    old = deal("NOR", "DNK", 1990, 10, *LYNX, 10, "1994", 4.0)
    late = deal("NOR", "SWE", 2005, 10, *LYNX, 10, "2006", 4.0)
    new = deal("NOR", "DNK", 2012, 10, *LYNX, 10, "2013", 4.0)
    rivals = filled(deals=[late, new], alliances=[])["offers"]["lynx_9_nor"]
    assert rivals["not_to"] == ["FIN"]  # a rival of Norway in the invented tables
    assert filled(deals=[old, late], alliances=[alliance])["offers"]["lynx_9_nor"]["not_to"] == [
        "FIN"
    ]
    assert filled(deals=[new], alliances=[alliance])["offers"]["lynx_9_nor"]["not_to"] == [
        "FIN",
        "SWE",
    ]
    text = TEXT.replace("rivalries: {}", "rivalries: {NOR: {with: {FIN: 0.1}, source: assumed},"
                        " FIN: {with: {NOR: 0.1}, source: assumed}}")  # fmt: skip
    assert "not_to" not in filled(text, deals=[new])["offers"]["lynx_9_nor"]


@pytest.mark.parametrize(
    "typed", [{"to": ["FIN", "DNK"]}, {"not_to": []}, {"not_to": ["DNK"]}], ids=str
)
def test_buyers_that_the_file_names_stay(typed: dict[str, list[str]]) -> None:
    (key, states), *_ = typed.items()
    text = f"{TEXT}offers:\n  lynx_9_nor: {{{key}: [{', '.join(states)}], source: assumed}}\n"
    deals = [deal("NOR", "DNK", 2012, 10, *LYNX, 10, "2013", 4.0)]
    offer = filled(text, deals=deals)["offers"]["lynx_9_nor"]
    assert offer["supplier"] == "NOR"
    assert {each: offer[each] for each in ("to", "not_to") if each in offer} == typed


def test_a_new_case_does_not_ask_about_a_sale_that_is_closed() -> None:
    order = order_of("FIN,NOR,SWE,DNK", ["NORDIC=SWE,NOR"], "2015-Q1", "2016-Q4")
    asked = read_mapping(new_case(order, "x", "x.yaml", archive()).text, "x.yaml").plain()
    assert asked["variants"]["sale"]["events"]["sale"]["order"]["recipient"] == "FIN"
    tables = {
        "alliances": [{"iso3_1": "DNK", "iso3_2": "FIN", **TREATY}],
        "deals": [deal("SWE", "NOR", 2012, 10, *LYNX, 10, "2013", 4.0)],
        "rivalries": [
            {"iso3_1": "DNK", "iso3_2": "SWE", "scheme": "tss", "first": 1990, "last": 2020,
             "spatial": 1, "positional": 0, "ideological": 0, "interventionary": 0}
        ],
    }  # fmt: skip
    plain = read_mapping(new_case(order, "x", "x.yaml", archive(**tables)).text, "x.yaml").plain()
    assert plain["offers"]["lynx_9_swe"]["not_to"] == ["DNK", "FIN"]
    assert "sale" not in plain["variants"]


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("SAM", True),
        ("ABM missile", True),
        ("anti-tank missile", True),
        ("anti-tank/air-to-surface missile", True),
        ("anti-radar missile/ASM", True),
        ("guided glide bomb", True),
        ("anti-ship missile", True),
        ("naval mine/torpedo", True),
        ("guided shell", True),
        ("combat aircraft radar", True),
        ("naval gun", True),
        ("naval SAM system", True),
        ("infantry fighting vehicle turret", True),
        ("tank chassis", True),
        ("SAM/ABM", True),
        ("air-to-surface/surface-to-surface missile", True),
        ("anti-ship missile/ASM/SAM", True),
        ("aircraft EO/radar system", True),
        ("electro-optical fire-control system", True),
        ("SAM system radar", True),
        ("ABM/SAM system", False),
        ("anti-aircraft gun/SAM system", False),
        ("multi-function radar", False),
        ("maritime patrol UAV", False),
        ("SAM system", False),
        ("portable SAM", False),
        ("anti-ship/land-attack missile", False),
        ("surface-to-surface missile", False),
        ("guided rocket", False),
        ("loitering munition", False),
        ("coastal defence system", False),
        ("tank destroyer", False),
        ("aircraft carrier", False),
        ("missile boat", False),
        ("minesweeper", False),
        ("air-search radar", False),
    ],
)
def test_parts_are_what_a_launcher_or_platform_fires_or_is_fitted_with(
    kind: str, *, part: bool
) -> None:
    assert is_part(kind) == part
    assert class_of(kind) in CLASSES


@pytest.mark.parametrize(
    ("kind", "comments", "aboard"),
    [
        ("multi-function radar", "For 4 Heron (Project-15) destroyers", True),
        ("multi-function radar", "Heron Land version", False),
        ("air/sea-search radar", "On 1 Wren minelayer", True),
        ("air-search radar", "For use with 35mm anti-aircraft guns", False),
        ("air-search radar", "Probably for use with fighter aircraft", False),
        ("ground-surveillance radar", "For 2 Heron UAV", True),
        ("anti-submarine aircraft", "For use on aircraft carriers", False),
        ("towed gun", "For 3 frigates", False),
    ],
)
def test_sensors_for_ships_and_aircraft_are_known_by_comments(
    kind: str, comments: str, *, aboard: bool
) -> None:
    assert is_aboard(kind, comments) == aboard


def test_a_radar_is_on_offer_only_where_it_goes_to_no_ship() -> None:
    radars = [
        deal("SWE", buyer, 2012, 2, "Heron", "air-search radar", 2, "2013", 10.0)
        for buyer in ("NOR", "FIN")
    ]
    radars[0]["comments"] = "For 2 Wren frigates"
    orders = filled(deals=radars)
    assert orders["offers"]["heron_swe"]["batch"] == 2
    assert "heron_swe" not in filled(deals=radars[:1]).get("offers", {})
    assert orders["arsenals"]["NOR"]["units"]["heron"] == pytest.approx(
        2 * math.exp(-1 / 20), abs=0.1
    )


def test_ammunition_is_not_on_offer_but_held() -> None:
    deals = [
        deal("SWE", "NOR", 2012, 4, "Heron", "SAM system", 4, "2013", 16.0),
        deal("SWE", "NOR", 2012, 900, "Heron dart", "SAM", 900, "2013", 1.0),
        deal("SWE", "NOR", 2012, 900, "Adder", "anti-tank missile", 900, "2013", 0.1),
    ]
    plain = filled(deals=deals)
    assert set(plain["offers"]) == {"heron_swe"}
    assert plain["arsenals"]["NOR"]["units"]["other_antitank"] == pytest.approx(
        90 * math.exp(-1 / 15), abs=0.1
    )


def test_a_weapon_is_on_offer_once_a_unit_has_come() -> None:
    first = deal("SWE", "NOR", 2012, 9, *LYNX, 9, "2013", 4.0)
    second = deal("SWE", "NOR", 2012, 90, "Lynx-10", "tank", 90, "2023", 4.0)
    assert set(filled(deals=[first, second])["offers"]) == {"lynx_9_swe"}
    begun = deal("SWE", "NOR", 2012, 90, "Lynx-10", "tank", 90, "2014;2023", 4.0)
    plain = filled(deals=[first, begun])
    assert set(plain["offers"]) == {"lynx_10_swe"}
    assert [order["units"] for order in plain["backlog"].values()] == [45]


def test_the_name_of_a_ship_has_its_kind() -> None:
    deals = [
        deal("SWE", "NOR", 2012, 2, "F-22", "frigate", 2, "2013", 230.0),
        deal("SWE", "NOR", 2012, 2, *LYNX, 2, "2013", 400.0),
    ]
    plain = filled(deals=deals)
    assert plain["systems"]["f_22_frigate"]["name"] == "F-22 (frigate)"
    assert plain["systems"]["lynx_9"]["name"] == "Lynx-9"
    assert plain["offers"]["f_22_frigate_swe"]["system"] == "f_22_frigate"


def test_an_aircraft_against_submarines_is_not_a_ship() -> None:
    assert class_of("anti-submarine aircraft") == class_of("maritime patrol aircraft") == "sensors"
    assert class_of("submarine") == "ships"
