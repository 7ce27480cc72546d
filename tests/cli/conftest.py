"""Runs that several commands of a module replay."""

from __future__ import annotations

import pickle
from hashlib import sha256
from unittest.mock import patch

import pytest

from sim.experiments.watch.recorder import moments


@pytest.fixture(scope="module")
def replayed_once():
    """Have each run replayed once for all commands of a module: its inputs are what is compared."""
    known = {}

    def kept(case):
        key = sha256(pickle.dumps(case)).digest()
        if key not in known:
            known[key] = tuple(moments(case))
        return iter(known[key])

    with patch("sim.explain.replay.moments", kept):
        yield
