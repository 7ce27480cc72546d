"""Codes of states: ISO 3166 alpha-3 for names, COW numbers and letters, Gleditsch-Ward numbers.

ISO's own list comes from pycountry. `states.csv` adds what it lacks: the numbers and letters of the
Correlates of War, other spellings, dead states (SUN, YUG, CSK, DDR, YMD) and those without a code
of ISO (XKX Kosovo, XNC Northern Cyprus, FRG and YAR as in the literature, RVN South Vietnam).
A COW number is the same state in every year, as in COW: 365 is RUS and 345 is SRB.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ISO3, NAME, COW, LETTERS, GW = "iso3", "name", "cow", "letters", "gw"  # schemes of codes
_FILE = Path(__file__).with_name("states.csv")
_CODE = re.compile(r"[A-Z]{3}\Z")
_OTHER_CODES = {  # codes of publishers that differ from ISO
    "ROM": "ROU", "ZAR": "COD", "TMP": "TLS", "PAL": "PSE", "WBG": "PSE", "KSV": "XKX",
    "KOS": "XKX", "ADO": "AND", "IMY": "IMN",
}  # fmt: skip
NOT_STATES = re.compile(r"(.*\*|unknown\b.*|total\b.*|world\b.*)\Z", re.IGNORECASE | re.DOTALL)
"""Names of parties that are not states: rebels, organisations (SIPRI's stars), unknown, sums."""
WITH_ARTICLE = (
    "United States", "United Kingdom", "United Arab Emirates", "Netherlands", "Philippines",
    "Soviet Union", "Central African Republic", "Dominican Republic", "Czech Republic",
    "Democratic Republic of the Congo", "Democratic Republic of Congo", "Gambia", "Bahamas",
    "Maldives", "Seychelles", "Comoros", "Marshall Islands", "Solomon Islands", "Ivory Coast",
)  # fmt: skip
"""Names of states that take an article within a sentence."""


@dataclass(frozen=True)
class Codes:
    """Codes of states beyond ISO's list, by scheme: text -> ISO code."""

    iso3: dict[str, str] = field(default_factory=dict)
    name: dict[str, str] = field(default_factory=dict)
    cow: dict[str, str] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    gw: dict[str, str] = field(default_factory=dict)


@cache
def table() -> tuple[Mapping[str, str], ...]:
    """Return the rows of `states.csv`."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def own_codes() -> Codes:
    """Return the codes of `states.csv`."""
    codes = Codes(iso3=dict(_OTHER_CODES))
    for row in table():
        iso3 = row["iso3"]
        codes.iso3[iso3] = iso3
        codes.cow[row["cow"]] = iso3
        codes.letters[row["letters"]] = iso3
        codes.gw.update(dict.fromkeys((row["gw"] or row["cow"]).split(";"), iso3))
        codes.name.update(dict.fromkeys(map(plain, row["names"].split("|")), iso3))
    for known in (codes.cow, codes.letters, codes.gw, codes.name):
        known.pop("", None)
    return codes


@cache
def _listed() -> Mapping[str, str]:
    """Return ISO's codes and plain names, each with its code."""
    import pycountry  # noqa: PLC0415 - only for names and codes that `states.csv` lacks

    names = {each.alpha_3: each.alpha_3 for each in pycountry.countries}
    for each in pycountry.countries:
        for form in ("name", "common_name", "official_name"):
            if hasattr(each, form):
                names[plain(getattr(each, form))] = each.alpha_3
    return names


def plain(name: str) -> str:
    """Return a name in small letters and digits alone, so that spellings of it are equal."""
    bare = unicodedata.normalize("NFKD", name.replace("&", " and "))
    kept = "".join(each for each in bare if not unicodedata.combining(each)).casefold()
    words = "".join(each if each.isalnum() else " " for each in kept.replace("\u0131", "i")).split()
    return " ".join("saint" if word == "st" else word for word in words)


@cache
def iso3_of(text: str, scheme: str) -> str:
    """Return the code of the state in a cell, by the scheme of its column; empty if unknown."""
    text = text.strip()
    if not text:
        return ""
    if scheme in (COW, GW):
        number = text.partition(".")[0].lstrip("0") if re.fullmatch(r"\d+(\.0*)?", text) else ""
        numbers = own_codes().gw if scheme == GW else own_codes().cow
        return numbers.get(number, "")
    if scheme == LETTERS:
        return own_codes().letters.get(text.upper(), "")
    if scheme == ISO3:
        return _by_code(text)
    return _by_name(text)


def _by_code(text: str) -> str:
    """Return a code if it is that of a state, or the ISO code in its place."""
    known = own_codes().iso3.get(text, "")
    return known or (text if _CODE.match(text) and text in _listed() else "")


def _by_name(text: str) -> str:
    """Return the code of a name, or of a code written in its place."""
    if NOT_STATES.match(text):
        return ""
    if text in own_codes().iso3:
        return own_codes().iso3[text]
    first, _, second = text.partition(", ")
    turned = f"{second} {first}" if second else text  # Korea, South
    known = own_codes().name
    for name in (plain(text), plain(turned)):
        if code := known.get(name) or _listed().get(name, ""):
            return code
    return _by_code(text)


def in_sentence(name: str) -> str:
    """Return the name of a state as it is within a sentence, with its article."""
    return f"the {name}" if name in WITH_ARTICLE else name
