"""Classes of arms: the class of a weapon in the register, and usual values of a class.

The register describes the kind of a weapon, but has no range, accuracy or payload. These are
values usual in the class, assumed. Satiation, life and role are assumed too, as in the shipped
catalogue. Replace them if a system matters. Source: sipri_arms (kinds and volumes).

Of air defence only that counts against ballistic missiles (the role `air_defence`) which the
register describes as ABM, or which is of a family that its makers offer for this: Patriot, S-300,
S-400, Buk-M2, HQ-9, Aster-30, Cheongung, Arrow, David's Sling and THAAD (assumed). All the rest,
portable missiles and guns among it, is of a class of its own with the role `other`.

Engines, and aircraft and ships that neither fight nor watch, of which no law knows, are of no
class, nor are ballistic missiles of submarines, which are nuclear forces. They count as imports
alone. Aircraft that watch the sea are sensors, whether the register calls them patrol or
anti-submarine aircraft (it has the C-295MPA as both), and so are UAVs that it does not call armed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache


@dataclass(frozen=True)
class ArmsClass:
    """A class of weapon systems: the register's words for it, and usual values."""

    name: str  # as printed
    words: str  # pattern of the register's descriptions
    role: str
    satiation: float  # TIV
    life: float  # years
    usual: Mapping[str, float] = field(default_factory=dict)  # values of a system, by key
    of_kinds: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # by pattern

    def values(self, kind: str) -> Mapping[str, float]:
        """Return the usual values of a system of a kind in the register."""
        own = (more for words, more in self.of_kinds.items() if kind and re.search(words, kind))
        return {**self.usual, **next(own, {})}


_ROUND = {"cep": 30.0, "rounds": 1.0}
CLASSES: dict[str, ArmsClass] = {  # the first class whose pattern fits a description holds
    "air_defence_long": ArmsClass(
        "air defence against missiles", r"ABM", "air_defence", 250, 25,
        {"range": 60.0, "offence": 0.1},
    ),
    "air_defence_short": ArmsClass(
        "air defence against aircraft",
        r"(?<!ASM/)\bSAM\b(?! system radar)|air-defence system|AD system|anti-aircraft",
        "other", 120, 20, {"range": 15.0, "offence": 0.1}, {"portable": {"range": 6.0}},
    ),
    "strike_missiles": ArmsClass(
        "strike missiles",
        r"(?<!air-to-surface/)surface-to-surface|land-attack|one-way attack|guided rocket",
        "strike", 150, 20, {"range": 300.0, "payload": 480.0, "offence": 1.0, **_ROUND},
        {
            "guided rocket": {"range": 70.0, "payload": 90.0},  # as of GMLRS
            "anti-ship/land-attack": {"range": 200.0, "payload": 200.0},  # Harpoon 2, Exocet 3
            "one-way attack": {"range": 2000.0, "payload": 40.0},  # Shahed-136
        },
    ),
    "drones": ArmsClass(
        "drones", r"armed\)? UAV|loitering", "strike", 80, 12,
        {"range": 150.0, "payload": 20.0, "offence": 0.7, "cep": 5.0, "rounds": 4.0},
        {"loitering": {"rounds": 1.0}},
    ),
    "antitank": ArmsClass(
        "anti-tank weapons", r"anti-tank|tank destroyer|air-to-surface/surface-to-surface",
        "ground", 60, 15, {"range": 5.0, "offence": 0.3},
        {"air-to-surface/surface-to-surface": {"range": 25.0}},  # Spike-NLOS
    ),
    "air_weapons": ArmsClass(
        "weapons of aircraft", r"air-to-air|air-to-surface|guided bomb|guided glide|anti-radar",
        "other", 150, 20, {"range": 50.0, "offence": 0.8},
    ),
    "rocket_artillery": ArmsClass(
        "rocket artillery", r"(?<!anti-submarine )rocket launcher", "ground", 100, 25,
        {"range": 60.0, "offence": 0.8},
    ),
    "tube_artillery": ArmsClass(
        "tube artillery",
        r"towed gun|self-propelled (gun|mortar)|(?<!anti-submarine )\bmortar|guided shell|howitzer",
        "ground", 100, 30, {"range": 25.0, "offence": 0.6},
    ),
    "armour": ArmsClass(
        "armour", r"^((light|training) )?tank( chassis)?$|\bUGV\b|armoured|infantry fighting"
        r"|fire-support|reconnaissance vehicle|\bAPC\b|\bAFV\b|turret", "ground", 300, 30,
        {"range": 4.0, "offence": 0.8},
    ),
    "naval_weapons": ArmsClass(
        "weapons of ships", r"anti-ship(?! helicopter)|torpedo(?! boat)|coastal|naval (gun|mine)"
        r"|anti-submarine (rocket|missile|mortar)", "other", 150, 25,
        {"range": 100.0, "offence": 0.4},
    ),
    "sensors": ArmsClass(
        "sensors", r"radar|sonar|SONAR|electro-optical|early-warning|signals intelligence"
        r"|reconnaissance system|(reconnaissance|surveillance|patrol|anti-submarine) aircraft"
        r"|aircraft EO|satellite|air-search|\bUAV\b", "other", 80, 20, {"offence": 0.05},
    ),
    "helicopters": ArmsClass(
        "helicopters", r"helicopter", "ground", 250, 30, {"range": 400.0, "offence": 0.6}
    ),
    "combat_aircraft": ArmsClass(
        "combat aircraft", r"FGA|fighter|bomber|ground-attack|combat aircraft|\(armed\)", "other",
        300, 30, {"range": 1000.0, "offence": 0.8},
    ),
    "ships": ArmsClass(
        "ships", r"ship\b|boat|frigate|corvette|cruiser|destroyer|submarine|carrier|\bcraft\b"
        r"|sweeper|minehunter|minelayer", "other", 200, 30, {"range": 1000.0, "offence": 0.4},
    ),
}  # fmt: skip
_NO_ARMS = re.compile(
    r"engine\b|turbo(fan|jet|prop)|gas turbine|reactor|air refuel|helicopter turret"
    r"|^submarine-launched"
)
_UNARMED = re.compile(r"(transport|trainer|tow|light) ?/?(trainer )?aircraft|airship")
_UNARMED_SHIP = re.compile(
    r"^((cargo|transport|support|training|survey|salvage|replenishment) (ship|craft|tanker)"
    r"|tanker|tug|icebreaker)$"
)
_ARMED = re.compile(r"\barmed|combat|helicopter|UAV|patrol")
_PORTABLE = re.compile(r"portable", re.IGNORECASE)
_AGAINST_MISSILES = re.compile(
    r"(?<!mim-104a )patriot|mim-104 |s-300|s-400|5v55|48n6|40n6|9m8[23]|buk-m[23]|9m317|hq-9"
    r"|fd-2000|samp/t|aster-30|cheongung|arrow (weapon|-)|davids sling|stunner|thaad|\bsm-[36]\b",
    re.IGNORECASE,
)


@cache
def class_of(kind: str, name: str = "") -> str:
    """Return the class for a description and a designation in the register.

    It is empty for engines, unarmed aircraft and ships, and ballistic missiles of submarines.
    """
    if _NO_ARMS.search(kind) or _UNARMED_SHIP.search(kind):
        return ""
    if _UNARMED.search(kind) and not _ARMED.search(kind):
        return ""
    if _PORTABLE.search(kind):
        return "air_defence_short"
    found = next((each for each, about in CLASSES.items() if re.search(about.words, kind)), "")
    if found == "air_defence_short" and _AGAINST_MISSILES.search(name):
        return "air_defence_long"
    return found


_FIRED = re.compile(r"(missile|\bSAM(/ABM)?|AAM|\bASM|torpedo|mine|bomb|shell|rocket)$")
_FITTED = re.compile(
    r"^naval |sonar|SONAR|turret|chassis|(aircraft|helicopter|SAM system) radar"
    r"|^(electro-optical )?fire-control (radar|system)|^aircraft (electro|EO|recon)"
    r"|early-warning radar|anti-submarine (rocket launcher|mortar)"
)
_SET = re.compile(r"(radar|system)$")
_ABOARD = re.compile(
    r"\b(for(?! use with)|on)\b.*(frigate|corvette|destroyer|cruiser|submarine|carrier|\bship"
    r"|minelayer|minesweeper|minehunter|\bboat|(patrol|landing) craft|cutter|vessel"
    r"|\b(OPV|FAC|MCM|LPD|LHD|AALS)\b|(?<!anti-)aircraft|helicopter|\bUAV)",
    re.IGNORECASE,
)


@cache
def is_part(kind: str) -> bool:
    """Return whether a description is of what a launcher, aircraft or ship fires or is fitted with.

    What strikes by itself, and portable air defence, is a weapon of its own.
    """
    class_ = class_of(kind)
    if not class_ or CLASSES[class_].role == "strike" or _PORTABLE.search(kind):
        return False
    return bool(_FIRED.search(kind) or _FITTED.search(kind))


def is_aboard(kind: str, comments: str) -> bool:
    """Return whether comments of a deal in sensors name the ships or aircraft that get them."""
    sensor = class_of(kind) == "sensors" and _SET.search(kind)
    return bool(sensor and _ABOARD.search(comments))
