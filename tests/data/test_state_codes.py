"""Codes of states by name, number and letters."""

from __future__ import annotations

import pytest

from sim.data.state_codes import COW, GW, ISO3, LETTERS, NAME, iso3_of


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Türkiye", "TUR"), ("Turkey", "TUR"), ("Turkiye", "TUR"), ("Cote d'Ivoire", "CIV"),
        ("Côte d\u2019Ivoire", "CIV"), ("Ivory Coast", "CIV"), ("Korea, South", "KOR"),
        ("Korea, North", "PRK"), ("Korea, Rep.", "KOR"), ("Viet Nam", "VNM"), ("Vietnam", "VNM"),
        ("Soviet Union", "SUN"), ("USSR", "SUN"), ("Yugoslavia", "YUG"), ("Czechoslovakia", "CSK"),
        ("East Germany (GDR)", "DDR"), ("German Democratic Republic", "DDR"),
        ("South Yemen", "YMD"), ("Yemen, North", "YAR"), ("Kosovo", "XKX"), ("Namibia", "NAM"),
        ("St. Lucia", "LCA"), ("Bosnia-Herzegovina", "BIH"), ("UAE", "ARE"), ("Eswatini", "SWZ"),
        ("Congo, DR", "COD"), ("Congo, Republic", "COG"), ("DR Congo (Zaire)", "COD"),
        ("Gambia, The", "GMB"), ("South Vietnam", "RVN"), ("United States", "USA"), ("UK", "GBR"),
        ("Antigua & Barbuda", "ATG"), ("KAZ", "KAZ"), ("Niger", "NER"), ("Nigeria", "NGA"),
        ("Guinea", "GIN"), ("Dominica", "DMA"), ("Dominican Republic", "DOM"),
    ],
)  # fmt: skip
def test_a_name_is_known_however_it_is_spelt(name, code):
    assert iso3_of(name, NAME) == code


@pytest.mark.parametrize(
    "name",
    [
        "",
        "African Union**",
        "Hamas (Palestine)*",
        "unknown supplier(s)",
        "World",
        "Atlantis",
        "Total",
    ],
)
def test_what_is_not_a_state_has_no_code(name):
    assert iso3_of(name, NAME) == ""


@pytest.mark.parametrize(
    ("text", "scheme", "code"),
    [
        ("2", COW, "USA"), ("365", COW, "RUS"), ("345", COW, "SRB"), ("371.0", COW, "ARM"),
        ("255", COW, "DEU"), ("260", COW, "FRG"), ("260", GW, "DEU"), ("678", COW, "YAR"),
        ("678", GW, "YEM"), ("679", COW, "YEM"), ("340", GW, "SRB"), ("970", COW, "NRU"),
        ("970", GW, "KIR"), ("971", GW, "NRU"), ("300", COW, ""), ("-9", COW, ""), ("", COW, ""),
        ("UKG", LETTERS, "GBR"), ("ROK", LETTERS, "KOR"), ("ZZZ", LETTERS, ""),
        ("ROM", ISO3, "ROU"), ("ZAR", ISO3, "COD"), ("XKX", ISO3, "XKX"), ("ABW", ISO3, "ABW"),
        ("WLD", ISO3, ""), ("AFE", ISO3, ""), ("SUN", ISO3, "SUN"),
    ],
)  # fmt: skip
def test_a_number_or_code_is_a_state(text, scheme, code):
    assert iso3_of(text, scheme) == code
