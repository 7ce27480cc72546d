"""A small scenario: four states, two blocs, five offers; and ways to run it."""

from collections.abc import Sequence
from copy import deepcopy
from unittest.mock import patch as replaced

import numpy as np
import yaml

from sim.conform import conservation
from sim.kernel.simulate import simulate, steps
from sim.scenario.compile.build import build
from sim.scenario.load import load

SMALL = yaml.safe_load("""
scenario: small
title: A small scenario
question: Does it hold?
time: {start: 2017-Q4, end: 2020-Q3}
seed: 5
classes:
  armour: {satiation: 100, life: 20, role: ground, source: assumed}
  rockets: {satiation: 80, life: 25, role: strike, source: assumed}
  shields: {satiation: 80, life: 25, role: air_defence, source: assumed}
systems:
  tank: {name: Tank, class: armour, worth: 2, source: assumed}
  rocket: {name: Rocket, class: rockets, worth: 8, range: 200, cep: 50, rounds: 8, payload: 200,
    offence: 0.9, source: assumed}
  missile: {name: Missile, class: rockets, worth: 20, range: 300, cep: 10, rounds: 2, payload: 480,
    offence: 1.0, source: assumed}
  shield: {name: Shield, class: shields, worth: 15, range: 50, offence: 0.0, source: assumed}
states:
  ALP: {name: Alp, latitude: 50, longitude: 30, gdp: 5e5, burden: 0.04, import_share: 0.02,
    neighbours: [BET, GAM], source: assumed}
  BET: {name: Bet, latitude: 48, longitude: 28, gdp: 6e4, burden: 0.03, import_share: 0.2,
    neighbours: [ALP, GAM], source: assumed}
  GAM: {name: Gam, latitude: 46, longitude: 30, gdp: 1e4, burden: 0.04, import_share: 0.3,
    neighbours: [BET, DEL], source: assumed}
  DEL: {name: Del, latitude: 46, longitude: 32, gdp: 5e4, burden: 0.05, import_share: 0.3,
    neighbours: [GAM, ALP], source: assumed}
blocs:
  PACT: {leader: ALP, members: [ALP, BET, GAM], commitment: 0.7, norm: 0.8, preference: 0.3,
    credit: 0.4, rate: 0.04, tenor: 8, history: {ALP: {members: 200, rivals: 80}}, source: assumed}
  DUO: {leader: DEL, members: [DEL, BET], commitment: 0.3, norm: 0.3, source: assumed}
offers:
  tank_alp: {supplier: ALP, system: tank, price: 40, batch: 10, lag: 1.0, instalments: 3,
    defect: 0.1, source: assumed}
  missile_alp: {supplier: ALP, system: missile, price: 90, batch: 2, lag: 1.25, instalments: 2,
    defect: 0.05, source: assumed}
  rocket_bet: {supplier: BET, system: rocket, price: 60, batch: 4, lag: 0.5, instalments: 2,
    defect: 0.2, components: [ALP], source: assumed}
  tank_bet: {supplier: BET, system: tank, price: 12, batch: 10, lag: 0.25, condition: second_hand,
    stock: 120, defect: 0.1, source: assumed}
  shield_bet: {supplier: BET, system: shield, price: 50, batch: 1, lag: 0.75,
    condition: refurbished, stock: 6, source: assumed}
arsenals:
  GAM: {units: {tank: 60, missile: 3}, source: assumed}
  DEL: {units: {tank: 90, rocket: 6, shield: 2}, source: assumed}
  ALP: {units: {tank: 900, missile: 60}, source: assumed}
assets:
  gam_power: {owner: GAM, value: 0.6, radius: 300, hardness: 20, source: assumed}
  gam_oil: {owner: GAM, value: 0.4, radius: 200, hardness: 10, source: assumed}
  del_power: {owner: DEL, value: 1.0, radius: 300, hardness: 40, source: assumed}
rivalries:
  GAM: {with: {DEL: 0.8}, source: assumed}
  DEL: {with: {GAM: 0.7}, source: assumed}
affinities:
  GAM: {toward: {ALP: 0.4, BET: 0.2, DEL: -0.7}, source: assumed}
  BET: {toward: {ALP: 0.5, DEL: 0.4, GAM: 0.1}, source: assumed}
  DEL: {toward: {BET: 0.5, ALP: 0.1, GAM: -0.7}, source: assumed}
  ALP: {toward: {BET: 0.5, GAM: 0.4, DEL: 0.2}, source: assumed}
debts:
  old: {debtor: BET, creditor: ALP, amount: 120, rate: 0.03, tenor: 6, source: assumed}
imports:
  DEL: {from: {ALP: 100, BET: 80}, source: assumed}
outcomes:
  - cohesion PACT
  - affinity GAM>BET
  - sold BET>DEL rocket
""")


def merged(base, patch):
    """Return a document with a patch applied; None removes a key."""
    base = deepcopy(base)
    for key, value in patch.items():
        if value is None:
            base.pop(key, None)
        elif isinstance(value, dict) and isinstance(base.get(key), dict):
            base[key] = merged(base[key], value)
        else:
            base[key] = deepcopy(value)
    return base


def model(folder, patch=None, document=None):
    """Return the model of the small scenario, or another document, with a patch over it."""
    text = yaml.safe_dump(merged(document or SMALL, patch or {}), sort_keys=False)
    file = folder / "small.yaml"
    file.write_text(text, encoding="utf-8")
    return load(file).variants["baseline"]


def event(at="2018-Q2", **kind):
    """Return an event as a document."""
    return {"at": at, "source": "assumed", **kind}


def built(which, runs=16, seed=5, given=None):
    """Return the parts of some runs of a model; `runs` is a count or a list of run numbers."""
    numbers = np.arange(runs) if isinstance(runs, int) else np.asarray(runs)
    return build(which, runs=numbers, seed=seed, numbers=given)


def record(which, runs=16, **rest):
    """Return the record of some runs of a model."""
    parts = built(which, runs, **rest)
    return simulate(parts.world, parts.rules, parts.inputs, parts.noise)


class LivedPeriods(Sequence):
    """The world before each period, and what it passed on; a period is run when it is asked for."""

    def __init__(self, parts):
        self.world, self.count, self.lived = parts.world, len(parts.inputs), []
        self.rest = steps(parts.world, parts.rules, parts.inputs, parts.noise)

    def __len__(self):
        return self.count

    def __getitem__(self, at):
        if isinstance(at, slice):
            return [self[each] for each in range(self.count)[at]]
        place = range(self.count)[at]
        while len(self.lived) <= place:
            passed, _ = next(self.rest)
            self.lived.append((self.world, passed))
            self.world = passed.world
        return self.lived[place]


def passing(parts):
    """Return the worlds before each period, and what each period passed on."""
    return LivedPeriods(parts)


def unconserved(parts):
    """Return what is wrong with money, contracts (both in the same periods) and units."""
    lived = conservation.passing(parts)
    with replaced.object(conservation, "passing", lambda _: lived):
        faults = [conservation.money(parts), conservation.contracts(parts)]
    return [each for each in (*faults, conservation.units(parts)) if each]


def columns(found, index=slice(None)):
    """Return all numbers of a record, by name, in some of its runs."""
    log = found.end.log
    names = [name for name in vars(log) if name != "recipient"]
    return {
        **{name: series[..., index] for name, series in found.series.items()},
        **{f"log.{name}": getattr(log, name)[..., index] for name in names},
        "paid": found.end.paid[..., index],
        "arsenal": found.end.arsenal[..., index],
    }


def same(one, other):
    """Return the names of the numbers that differ between two records' columns."""
    return [name for name in one if one[name].tobytes() != other[name].tobytes()]
