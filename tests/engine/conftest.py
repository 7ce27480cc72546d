"""Two small models, compiled once in a session: a plain one, and one with all kinds of events."""

from __future__ import annotations

import os

import pytest

from sim.engine.kernels import kernel
from sim.experiments.batch import case_of
from tests.small import built, event, model

BUSY = {
    "uncertain": True,
    "states": {
        "GAM": {"gdp": {"value": 1e4, "dist": "uniform", "low": 8e3, "high": 2e4}},
        "DEL": {"burden": {"value": 0.05, "dist": "uniform", "low": 0.03, "high": 0.07}},
    },
    "offers": {"shield_bet": {"not_to": ["DUO"]}, "tank_alp": {"to": ["PACT", "DEL"]}},
    "embargoes": {"stop": {"supplier": "DUO", "recipient": ["ALP"], "source": "assumed"}},
    "arsenals": {"BET": {"units": {"rocket": 4}, "source": "assumed"}},
    "blocs": {
        "PACT": {
            "credit_lines": {"GAM": 0.6},
            "credit_amounts": {"GAM": 20},
            "credit_until": {"GAM": "2019-Q2"},
        },
    },
    "grants": {
        "arms": {
            "donor": "ALP",
            "recipient": "GAM",
            "total": 40,
            "from": "2018-Q2",
            "until": "2018-Q4",
            "for": "arms",
            "source": "assumed",
        },
        "base": {
            "donor": "ALP",
            "recipient": "GAM",
            "yearly": 5,
            "for": "base",
            "source": "assumed",
        },
    },
    "leverage": {
        "arms": {
            "by": "ALP",
            "supplier": "BET",
            "recipient": "GAM",
            "system": "rocket",
            "withholds": ["missile_alp", "tank_alp"],
            "resolve": {"value": 0.6, "dist": "uniform", "low": 0.4, "high": 0.8},
            "source": "assumed",
        },
    },
    "trade": {
        "GAM": {"with": {"BET": 0.1, "DEL": 0.03}, "source": "assumed"},
        "BET": {"with": {"GAM": 0.02}, "source": "assumed"},
    },
    "backlog": {
        "old": {
            "offer": "tank_alp",
            "recipient": "DEL",
            "units": 30,
            "ordered": "2016-Q1",
            "due": "2018-Q2",
            "left": 2,
            "paid": 50,
            "credit": 0.3,
            "source": "assumed",
        },
    },
    "events": {
        "banned": event(
            "2018-Q3",
            probability=0.5,
            embargo={"supplier": "BET", "recipient": ["DUO"], "offers": "rocket_bet"},
        ),
        "cut": event("2018-Q2", probability=0.5, sanction={"by": ["BET", "DEL"], "against": "GAM"}),
        "eased": event("2019-Q1", sanction={"by": "BET", "against": ["GAM"], "cut": 0.2}),
        "richer": event("2018-Q2", set={"path": "states.BET.growth", "value": 0.05}),
        "poorer": event("2018-Q2", budget={"state": "DEL", "factor": 0.5}, probability=0.5),
        "seen": event("2018-Q4", set={"path": "states.DEL.find", "value": 0.9}, probability=0.5),
        "sharper": event("2019-Q1", set={"path": "laws.strike.charge_scale", "value": 300}),
        "closed": event("2019-Q1", set={"path": "offers.missile_alp.open", "value": 0}),
        "patient": event(
            "2018-Q4", probability=0.5, set={"path": "laws.consent.base", "value": -1.5}
        ),
        "deal": event(
            "2018-Q3",
            order={"supplier": "ALP", "recipient": "DEL", "system": "missile", "units": 2},
        ),
        "gift": event(
            "2018-Q1",
            transfer={"supplier": "BET", "recipient": "GAM", "system": "rocket", "units": 3},
        ),
        "clash": event("2019-Q2", incident={"states": ["GAM", "DEL"], "war": True}),
        "plea": event("2019-Q3", appeal={"state": "GAM", "bloc": "PACT", "attacker": "DEL"}),
        "turn": event(
            "2019-Q4", affinity={"state": "BET", "toward": "DEL", "change": 0.4}, probability=0.3
        ),
    },
}

BUSY["events"] |= {
    name: {"source": "assumed", **rest}
    for name, rest in {
        "punished": {
            "when": {"outcome": "sold BET>DEL rocket", "least": 1},
            "probability": 0.7,
            "embargo": {"supplier": "ALP", "recipient": "DEL"},
        },
        "stricter": {
            "when": {"outcome": "refused BET>DEL rocket", "least": 1},
            "set": {"path": "laws.objection.by_harm", "value": 10},
        },
        "handed": {
            "when": {"outcome": "strength DEL less strength GAM", "least": 100},
            "lag": {"value": 1, "dist": "uniform", "low": 0, "high": 2},
            "transfer": {"supplier": "ALP", "recipient": "GAM", "system": "missile", "units": 3},
        },
        "revenge": {
            "when": {"outcome": "wars GAM>DEL", "least": 1},
            "with": "punished",
            "probability": 0.9,
            "incident": {"states": ["GAM", "DEL"], "war": True, "intensity": 0.5},
        },
        "cry": {
            "when": {"outcome": "wars GAM>DEL", "least": 2},
            "appeal": {"state": "GAM", "bloc": "PACT", "attacker": "DEL"},
        },
    }.items()
}
PATCHES = {"plain": {}, "busy": BUSY}


@pytest.fixture
def counted(monkeypatch):
    """Return a function that lists the first arguments of the calls of a module's function."""

    def counting(module, name):
        made, function = [], getattr(module, name)

        def call(first, *others):
            made.append(first)
            return function(first, *others)

        monkeypatch.setattr(module, name, call)
        return made

    return counting


@pytest.fixture(scope="session", autouse=True)
def unchecked():
    """Skip these tests if shapes are checked, since symbols are not of the checked types."""
    if os.environ.get("SHAPES") != "off":
        pytest.skip("a period is traced where shapes are not checked: SHAPES=off")


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """Return the plain small model, and the one with all kinds of events."""
    folder = tmp_path_factory.mktemp("models")
    return {name: model(folder, patch) for name, patch in PATCHES.items()}


@pytest.fixture(scope="session")
def case(models):
    """Return a function that returns some runs of a model as a case."""
    return lambda name, runs, **rest: case_of(built(models[name], runs, **rest))


@pytest.fixture(scope="session")
def kernels(case):
    """Return the compiled periods of both models."""
    return {name: kernel(case(name, 2)) for name in PATCHES}
