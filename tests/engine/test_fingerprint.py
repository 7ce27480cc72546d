"""A fingerprint depends on the code in memory, and on nothing else."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from dataclasses import replace

import pytest

from sim.engine.fingerprint import fingerprints, traced_modules
from sim.kernel import collect, period
from sim.laws import contract
from sim.laws.contract import Contract
from sim.steps import market
from tests.engine.laws import Hasty

SHOWN = """
import sim.engine.selection{more}
from sim.engine.fingerprint import fingerprints
print(*fingerprints([1]))
"""


def now(*values):
    (found,) = fingerprints([values])
    return found


def test_it_covers_laws_steps_metrics_and_the_engine():
    modules = traced_modules()
    folders = {name.split(".")[1] for name in modules}
    assert folders == {"engine", "kernel", "laws", "metrics", "steps"}
    assert {market.__name__, period.__name__, collect.__name__, contract.__name__} <= {*modules}
    assert "sim.kernel.simulate" not in modules  # numpy's way through the periods is not traced


def test_it_does_not_change_by_use(case):
    before = now()
    pickle.dumps(replace(case("plain", 2)))
    copy.copy(case("plain", 2).rules.contract)
    assert now() == before


def test_it_is_the_same_in_every_process():
    known = {**os.environ, "SHAPES": "off"}
    found = {
        subprocess.run(
            [sys.executable, "-c", SHOWN.format(more=more)],
            env={**known, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, more in (("1", ""), ("2", ", sim.experiments.ensemble_block"))
    }
    assert len(found) == 1
    assert len(found.pop().strip()) == 32


def changed_term(self, *_):
    return self.floor


@pytest.mark.parametrize(
    ("where", "name", "value"),
    [
        (market, "wishes", period.period),
        (Contract, "shares", Contract.__init__),
        (contract, "Contract", replace),
        (period, "YEARLY", ("another", "constant")),
    ],
)
def test_what_is_replaced_in_memory_changes_it(monkeypatch, where, name, value):
    before = now()
    monkeypatch.setattr(where, name, value, raising=False)
    assert now() not in {before, None}
    monkeypatch.undo()
    assert now() == before


def test_code_from_elsewhere_has_none(monkeypatch):
    assert now(Contract) is not None
    assert now(Hasty) is None
    one, *two, three = fingerprints([1, Hasty, (Hasty, 1), 2])  # each value is refused anew
    assert two == [None, None]
    assert None not in {one, three}
    monkeypatch.setattr(Contract, "shares", changed_term, raising=False)
    assert fingerprints([1, 2]) == [None, None]


def test_values_count_by_content():
    assert now({"a", "b"}, (1, 2.0)) == now({"b", "a"}, (1, 2.0))
    assert now((1, 2.0)) != now((1, 2))
    assert now([1, 2]) != now([12])
