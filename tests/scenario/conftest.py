"""A small scenario to build on, laws and metrics that stay as they are, a way to read faults."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from sim.kernel.errors import InputError
from sim.kernel.parameters import parameter
from sim.kernel.rules import ROLES
from sim.metrics.catalogue import METRICS, Metric
from sim.scenario.checks import examination
from sim.scenario.load import load

BASE = """\
scenario: tiny
title: A tiny scenario
question: Does it load?
time: {start: 2017-Q4, end: 2020-Q4}
references: {own_note: A note of our own.}
classes:
  rockets: {satiation: 100, life: 20, role: strike, source: assumed}
systems:
  polonez: {name: Polonez, class: rockets, worth: 5, range: 200, cep: 30, source: sipri}
  iskander: {name: Iskander, class: rockets, worth: 20, range: 280, cep: 7, source: sipri}
states:
  ARM: {name: Armenia, latitude: 40, longitude: 44, gdp: 1e4, burden: 0.04, import_share: 0.08,
    source: own_note}
  AZE: {name: Azerbaijan, latitude: 40, longitude: 49, gdp: 4e4, burden: 0.04, import_share: 0.3,
    source: sipri}
  BLR: {name: Belarus, latitude: 53, longitude: 27, gdp: 5e4, burden: 0.01, import_share: 0.1,
    source: sipri}
  RUS: {name: Russia, latitude: 55, longitude: 37, gdp: 1e6, burden: 0.05, import_share: 0,
    source: sipri}
blocs:
  CSTO: {leader: RUS, members: [RUS, BLR, ARM], commitment: 0.6, norm: 0.7, source: assumed}
offers:
  polonez: {supplier: BLR, system: polonez, price: 80, batch: 6, lag: 0.5, source: assumed}
arsenals:
  BLR: {units: {polonez: 12}, source: sipri}
"""


@dataclass(frozen=True)
class Threat:
    reach: float = parameter(
        3000.0, unit="km", low=500.0, high=20_000.0, source="boulding1962", doc="Reach of power."
    )


@dataclass(frozen=True)
class Power:
    weight: float = parameter(0.5, unit="", low=0.0, high=1.0, source="assumed", doc="Weight.")


@dataclass(frozen=True)
class Consent:
    norm_weight: float = parameter(
        2.0, unit="", low=0.0, high=6.0, source="assumed", doc="Weight of the norm."
    )


LAWS = {
    "threat": {"balance_of_threat": Threat, "balance_of_power": Power},
    "consent": {"utility": Consent},
}


def _metric(kind, unit="0 to 1", when="every period"):
    known = {"phrase": "a metric", "smallest": 0.1, "rule": "a tenth"}
    return Metric(kind=kind, unit=unit, when=when, text="A metric.", **known)


KNOWN_METRICS = {
    "answered": _metric("bloc"),
    "cohesion": _metric("bloc"),
    "frustration": _metric("bloc", when="end of run"),
    "deterrence_margin": _metric("dyad"),
    "insecurity": _metric("state"),
    "strike_delivered": _metric("state", unit="0 or 1"),
    "belief": _metric("member"),
    "affinity": _metric("tie"),
    "supplied": _metric("supply", unit="TIV"),
    "consent": _metric("query"),
    "sold": _metric("sale", unit="0 or 1", when="end of run"),
}


@contextmanager
def replaced(table, entries):
    """Stand other entries in for those of a table, and put those back in their order."""
    before = dict(table)
    table.clear()
    table.update(entries)
    yield
    table.clear()
    table.update(before)


@pytest.fixture(autouse=True)
def known_names(request, monkeypatch):
    """Stand a few laws, metrics and references in for the real ones, unless a test is marked."""
    if "real_names" in request.fixturenames:
        yield
        return
    monkeypatch.setattr(examination, "reference_keys", lambda: frozenset({"sipri", "walt1985"}))
    with replaced(ROLES, LAWS), replaced(METRICS, KNOWN_METRICS):
        yield


@pytest.fixture
def real_names():
    """Ask for the laws, metrics and references as they are."""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return the current folder, which holds the small scenario as base.yaml."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def read(folder):
    """Return a function that loads a text over the small scenario."""

    def load_over_base(text, **flags):
        file = folder / "x.yaml"
        file.write_text("extends: [base.yaml]\n" + text, encoding="utf-8")
        return load("x.yaml", **flags)

    return load_over_base


@pytest.fixture
def faults(read):
    """Return a function that gives the messages of a text over the small scenario, a line each."""

    def messages(text, **flags):
        with pytest.raises(InputError) as raised:
            read(text, **flags)
        assert raised.value.exit_code == 2
        return [str(problem) for problem in raised.value.problems]

    return messages
