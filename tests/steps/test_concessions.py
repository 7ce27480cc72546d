"""Threats against a delivery that events make and lift: they stand from their date on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from sim.kernel.arrays import NONE
from sim.kernel.world import BY_THREAT
from tests.small import built, event, model, passing

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SALE = {"supplier": "RUS", "recipient": "CYP", "system": "s300"}
THREAT = {**SALE, "by": "TUR", "resolve": 0.3}
SOLD = {"outcome": "sold RUS>CYP s300", "least": 1}


@pytest.fixture(scope="module")
def cyprus():
    """Return the document of the scenario without its threat."""
    text = (SCENARIOS / "cyprus_s300_1997.yaml").read_text(encoding="utf-8")
    document = {k: v for k, v in yaml.safe_load(text).items() if k not in ("threats", "variants")}
    document.pop("expect")
    return document


def order_of(folder, document, **events):
    """Return the log, the row of the contract in it, and the calendar."""
    parts = built(model(folder, {"events": events}, document), 6)
    layout = parts.world.layout
    rows = [passed.world.log for _, passed in passing(parts)]
    contract = layout.calendar.index("1997-Q1") * layout.rows + layout.buyers.size
    return rows[-1], contract, layout.calendar


def test_a_threat_that_answers_an_order_stands_from_the_period_after_it(tmp_path, cyprus):
    answer = {"when": SOLD, "threat": THREAT, "source": "assumed"}
    log, row, calendar = order_of(tmp_path, cyprus, answer=answer)
    assert np.all(log.threatened[row] == calendar.number("1997-Q2"))
    assert np.all(log.cause[row] == BY_THREAT)


def test_a_threat_that_is_lifted_before_the_order_threatens_nothing(tmp_path, cyprus):
    made = event("1996-Q3", threat=THREAT)
    lifted = event("1996-Q4", threat={**SALE, "by": "TUR", "lift": True})
    log, row, _ = order_of(tmp_path, cyprus, made=made, lifted=lifted)
    assert np.all(log.threatened[row] == NONE)
    assert np.all(log.delivered[row] == 2)


def test_a_threat_that_is_made_again_stands_again(tmp_path, cyprus):
    lifted = event("1997-Q1", threat={**SALE, "by": "TUR", "lift": True})
    again = event("1998-Q1", threat=THREAT)
    made = event("1996-Q4", threat=THREAT)
    log, row, calendar = order_of(tmp_path, cyprus, made=made, lifted=lifted, again=again)
    assert np.all(log.threatened[row] == calendar.number("1998-Q1"))
