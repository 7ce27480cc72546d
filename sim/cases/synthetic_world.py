"""Synthetic world: a scenario of any number of states without data, for scale and for practice.

    gdp         log-normal: median 24,000 M USD and sd of the log 2.3, as of 209 states in 2016,
                from 2.2 sd below to 2.8 above
    burden      log-normal about 0.016, from 0.002 to 0.12
    capitals    in regions of about 20 states, between 45 S and 65 N
    views       on a line: half by region, half a state's own
    neighbours  each state and its three nearest
    rivalries   N/4 pairs of neighbours, the likelier the less alike their views are, and the
                leader of the first bloc with those of the others
    blocs       1 + N/40, each a large state and those of like views near it: N/4 members in all
    suppliers   the N/5 states that spend most. The first offers 8 classes, the last one
    imports     from the four suppliers with most spending * exp(2 regard - km / 4000)
    arsenals    imports of ten years; a supplier also has systems of its own

Affinities follow from views, treaties and disputes by `regard`, disputes follow `quarrels`, prices
`stocks`. The rest is assumed, as every entry says. Source of the spread of gdp: worldbank_wdi.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.special import ndtri

from sim.cases import economies, quarrels, regard, stocks
from sim.cases.arms_figures import REMEMBERED
from sim.cases.case_skeleton import check_time
from sim.cases.case_tables import CaseTable, dyadic
from sim.cases.figures import spelled
from sim.cases.insertion import wrapped
from sim.cases.opening_questions import with_questions
from sim.cases.weapon_classes import CLASSES
from sim.documents.reader import read_mapping
from sim.documents.sources import ASSUMED
from sim.kernel.errors import InputError, Problem
from sim.scenario.compile.layouts import great_circle
from sim.scenario.schema.entities import USD_PER_TIV

FEWEST, MOST = 5, 204  # states
_GDP, _GDP_SPREAD, _GDPS = 24_000.0, 2.3, (-2.2, 2.8)  # median, sd of the log, sds off
_SHARES = (0.002, economies.MOST)
_BURDEN, _BURDEN_SPREAD, _BURDENS = 0.016, 0.5, (0.002, 0.12)
_SHARE, _OWN_SHARE, _SHARE_SPREAD = 0.08, 0.02, 0.6  # of imports; that of a supplier
_REGION, _SOUTH, _NORTH = 20, -45.0, 65.0  # states of a region, degrees
_NEAR = 3  # neighbours
_GOODS = {  # class -> worth of a unit (TIV), units of a batch, lag (years)
    "armour": (2.0, 40, 3.0), "tube_artillery": (0.8, 30, 2.0), "drones": (1.5, 6, 1.5),
    "helicopters": (8.0, 10, 3.0), "ships": (100.0, 2, 5.0), "combat_aircraft": (35.0, 12, 4.0),
    "strike_missiles": (12.0, 6, 2.0), "air_defence_long": (60.0, 2, 3.0),
}  # fmt: skip
_FALL = 2.5  # of the number of classes on offer, from the first supplier to the last
_FROM, _FAR, _YEARS = 4, 4000.0, 10  # suppliers of a state, km, years of an arsenal
_FEWEST_UNITS = 0.5
_HEAD = """\
# Written by `blocsim new --synthetic`: an invented world of {count} states, seed {seed}. No number
# in it is a fact. The affinities of all dyads are in {table} beside this file.
format: 2
scenario: {name}
title: A synthetic world of {count} states
question: What holds an invented world of {count} states together?
time: {{start: {start}, end: {end}, period: {period}}}
runs: 20
seed: 1

tables:
  affinity: {{file: {table}, source: assumed}}
"""


@dataclass(frozen=True)
class SyntheticOrder:
    """What a synthetic world has to be like."""

    count: int  # of states
    seed: int = 0
    start: str = "2020-Q1"
    end: str = "2021-Q4"
    period: str = "quarter"

    def check(self) -> None:
        """Raise InputError naming the option that is wrong."""
        if not FEWEST <= self.count <= MOST:
            message = f"must be from {FEWEST} to {MOST} states, got {self.count}"
            raise InputError([Problem("--synthetic", 0, 0, "", message)])
        if self.seed < 0:
            message = f"must be 0 or more, got {self.seed}"
            raise InputError([Problem("--seed", 0, 0, "", message)])
        check_time(self.start, self.end, self.period)


def synthetic_world(order: SyntheticOrder, stem: str, name: str) -> tuple[str, CaseTable]:
    """Return the text of a scenario and its table of affinities."""
    order.check()
    world = _World(order.count, np.random.default_rng([order.seed, order.count]))
    table = dyadic("affinity", world.states, world.regards)
    text = _HEAD.format(
        count=order.count, seed=order.seed, name=spelled(name), table=spelled(table.file(stem)),
        start=order.start, end=order.end, period=order.period,
    )  # fmt: skip
    for section, entries in world.sections().items():
        text += f"\n{section}:\n"
        for key, values in entries.items():
            about = spelled({**values, "source": ASSUMED})
            text += f"  {wrapped(f'{key}: {about}', 4, 2)}\n"
    return with_questions(text, read_mapping(text, "").plain()), table


class _World:
    """Facts of the states of a synthetic world, in the order in which they are drawn."""

    def __init__(self, count: int, rng: np.random.Generator) -> None:
        self.count = count
        digits = len(str(count))
        self.states = [f"S{at:0{digits}}" for at in range(1, count + 1)]
        ranks = rng.permutation(count)
        normal = ndtri((ranks + 0.5) / count).clip(*_GDPS)
        self.gdp = _GDP * np.exp(_GDP_SPREAD * normal)
        self.burden = _log_normal(rng, count, _BURDEN, _BURDEN_SPREAD).clip(*_BURDENS)
        self.growth = 0.03 + 0.015 * _normal(rng, count)
        regions = max(2, round(count / _REGION))
        region = rng.integers(regions, size=count)
        low, high = np.sin(np.radians((_SOUTH, _NORTH)))
        centres = np.degrees(np.arcsin(low + (high - low) * rng.random(regions)))
        spread = 8.0
        north = centres[region] + spread * _normal(rng, count)
        self.latitude = north.clip(_SOUTH, _NORTH)
        east = 360 * rng.random(regions)[region] + 2 * spread * _normal(rng, count)
        self.longitude = (east + 180) % 360 - 180
        self.views = (_normal(rng, regions)[region] + _normal(rng, count)) / np.sqrt(2)
        self.spending = self.gdp * self.burden
        self.km = great_circle([*self.latitude], [*self.longitude])
        self.suppliers = self.largest[: max(2, round(count / 5))]
        self.disputes = self._disputes(rng)
        usual = np.full(count, _SHARE)
        usual[self.suppliers] = _OWN_SHARE
        share = usual * _log_normal(rng, count, 1.0, _SHARE_SPREAD)
        self.import_share = share.clip(*_SHARES)
        self.systems = self._systems(rng)

    @property
    def largest(self) -> list[int]:
        """Return the states by spending, the largest first."""
        return [int(each) for each in np.argsort(-self.spending, kind="stable")]

    @cached_property
    def borders(self) -> set[tuple[int, int]]:
        """Return the pairs of neighbours."""
        nearest = np.argsort(self.km, axis=1, kind="stable")
        near = {(i, int(j)) for i, row in enumerate(nearest) for j in [*row[row != i]][:_NEAR]}
        return {(min(pair), max(pair)) for pair in near}

    @cached_property
    def blocs(self) -> dict[int, list[int]]:
        """Return leaders of blocs and their members."""
        count = 1 + self.count // 40
        most = max(2, self.count // (4 * count))
        leaders = self.largest[:count]
        free = [each for each in range(self.count) if each not in leaders]
        found: dict[int, list[int]] = {}
        for leader in leaders:
            apart = np.abs(self.views - self.views[leader]) + self.km[leader] / (2 * _FAR)
            members = sorted(free, key=lambda each: (apart[each], each))[:most]
            found[leader] = [leader, *sorted(members)]
            free = [each for each in free if each not in members]
        return found

    def _disputes(self, rng: np.random.Generator) -> dict[tuple[int, int], float]:
        """Return disputes by dyad: pairs of neighbours, and leaders."""
        pairs = sorted(self.borders)
        apart = np.array([abs(self.views[i] - self.views[j]) for i, j in pairs])
        clocks = -np.log(1 - rng.random(len(pairs))) / np.exp(apart)
        chosen = [pairs[at] for at in np.argsort(clocks, kind="stable")[: max(2, self.count // 4)]]
        first, *others = self.blocs
        chosen += [(first, each) for each in others if (min(first, each), max(first, each))
                   not in chosen]  # fmt: skip
        found: dict[tuple[int, int], float] = {}
        for i, j in chosen:
            kinds = frozenset(
                k for k, u in zip(quarrels.KINDS, rng.random(3), strict=True) if u < 1 / 2
            )
            size = quarrels.quarrel(kinds, int(rng.integers(4)), war=False)
            for one, other in ((i, j), (j, i)):
                share = float(self.gdp[one] / (self.gdp[one] + self.gdp[other]))
                found[one, other] = round(quarrels.minded(size, share), 2)
        return found

    @cached_property
    def regards(self) -> np.ndarray:
        """Return how each state regards each other: (states, states)."""
        votes = regard.beyond_habit(regard.agreement_of_points(self.views))
        guarded = {(a, b) for leader, members in self.blocs.items() for each in members
                   for a, b in ((leader, each), (each, leader))}  # fmt: skip
        return np.array([
            [regard.regard(float(votes[i, j]), (i, j) in guarded, self.disputes.get((i, j), 0.0))
             for j in range(self.count)]
            for i in range(self.count)
        ])  # fmt: skip

    def _systems(self, rng: np.random.Generator) -> dict[int, dict[str, float]]:
        """Return the worth of a unit by class, of each supplier."""
        found: dict[int, dict[str, float]] = {}
        for rank, supplier in enumerate(self.suppliers):
            fall = _FALL * rank / max(len(self.suppliers) - 1, 1)
            number = max(1, round(len(_GOODS) * float(np.exp(-fall))))
            chosen = sorted(rng.permutation(len(_GOODS))[:number])
            better = _log_normal(rng, number, 1.0, 0.2)
            names = [[*_GOODS][at] for at in chosen]
            found[supplier] = {
                each: float(_GOODS[each][0] * by) for each, by in zip(names, better, strict=True)
            }
        return found

    @cached_property
    def imports(self) -> dict[int, dict[int, float]]:
        """Return TIV imported in five years, by recipient and supplier."""
        found: dict[int, dict[int, float]] = {}
        for state in range(self.count):
            pull = {
                each: float(
                    self.spending[each]
                    * np.exp(2 * self.regards[state, each] - self.km[state, each] / _FAR)
                )
                for each in self.suppliers
                if each != state and (state, each) not in self.disputes
            }
            chosen = sorted(pull, key=lambda each: (-pull[each], each))[:_FROM]
            budget = float(self.spending[state] * self.import_share[state])
            tiv = REMEMBERED * budget / USD_PER_TIV
            whole = sum(pull[each] for each in chosen)
            found[state] = {each: tiv * pull[each] / whole for each in chosen}
        return found

    def arsenal(self, state: int) -> dict[str, float]:
        """Return the units that a state holds, by system."""
        came = {each: tiv * _YEARS / REMEMBERED for each, tiv in self.imports[state].items()}
        if state in self.systems:
            came[state] = _YEARS * float(self.spending[state]) * _SHARE / USD_PER_TIV
        units = {
            self.system(supplier, name): tiv / len(self.systems[supplier]) / worth
            for supplier, tiv in came.items()
            for name, worth in self.systems[supplier].items()
        }
        return {name: round(number, 1) for name, number in units.items() if number >= _FEWEST_UNITS}

    def system(self, supplier: int, name: str) -> str:
        """Return the key of a supplier's system of a class, also that of its offer."""
        return f"{name}_{self.states[supplier]}".lower()

    def named(self, states: Iterable[int]) -> list[str]:
        """Return codes."""
        return [self.states[each] for each in sorted(states)]

    def sections(self) -> dict[str, dict[str, Mapping[str, Any]]]:
        """Return the sections of the scenario."""
        states, every = self.states, range(self.count)
        goods = [(s, name, worth) for s, own in self.systems.items() for name, worth in own.items()]
        used = [name for name in _GOODS if any(name == each for _, each, _ in goods)]
        return {
            "states": {states[at]: self._state(at) for at in every},
            "classes": {
                name: {"satiation": CLASSES[name].satiation, "life": CLASSES[name].life,
                       "role": CLASSES[name].role} for name in used
            },
            "systems": {
                self.system(s, name): {
                    "name": f"{CLASSES[name].name} of {states[s]}", "class": name, "worth": worth,
                    **CLASSES[name].usual, "family": states[s],
                } for s, name, worth in goods
            },
            "offers": {
                self.system(s, name): {
                    "supplier": states[s], "system": self.system(s, name),
                    "price": stocks.price(worth, _GOODS[name][1], "new"),
                    "batch": _GOODS[name][1], "lag": _GOODS[name][2],
                } for s, name, worth in goods
            },
            "blocs": {
                f"BLOC_{number}": {
                    "leader": states[leader], "members": self.named(members), "commitment": 0.7,
                    "norm": 0.7, "preference": 0.1, "engagement": "rest",
                } for number, (leader, members) in enumerate(self.blocs.items(), start=1)
            },
            "rivalries": {
                states[i]: {"with": {states[b]: size for (a, b), size in self.disputes.items()
                                     if a == i}}
                for i in sorted({a for a, _ in self.disputes})
            },
            "imports": {
                states[at]: {"from": {states[s]: max(round(tiv, 2), 0.01)
                                      for s, tiv in self.imports[at].items()}}
                for at in every if self.imports[at]
            },
            "arsenals": {
                states[at]: {"units": units} for at in every if (units := self.arsenal(at))
            },
        }  # fmt: skip

    def _state(self, at: int) -> dict[str, Any]:
        near = {j for pair in self.borders if at in pair for j in pair} - {at}
        return {
            "name": f"State {at + 1}",
            "latitude": round(float(self.latitude[at]), 2),
            "longitude": round(float(self.longitude[at]), 2),
            "gdp": float(self.gdp[at]),
            "growth": round(float(self.growth[at]), 4),
            "burden": float(self.burden[at]),
            "import_share": float(self.import_share[at]),
            "neighbours": self.named(near),
        }


def _normal(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return standard normal numbers; uniform ones are the same with every version of numpy."""
    return np.asarray(ndtri(rng.random(count).clip(1e-9)))


def _log_normal(rng: np.random.Generator, count: int, median: float, spread: float) -> np.ndarray:
    return np.asarray(median * np.exp(spread * _normal(rng, count)))
