"""Threats against a delivery that events make and lift: they are in force from their date on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from sim.kernel.arrays import NONE
from sim.kernel.decision_points import ConcessionPoint
from sim.kernel.simulate import simulate
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


def test_a_threat_that_answers_an_order_is_in_force_from_the_next_period(tmp_path, cyprus):
    answer = {"when": SOLD, "threat": THREAT, "source": "assumed"}
    log, row, calendar = order_of(tmp_path, cyprus, answer=answer)
    assert np.all(log.threatened[row] == calendar.number("1997-Q2"))
    assert np.all(log.cause[row] == BY_THREAT)


def test_a_threat_that_is_lifted_before_the_order_has_no_effect(tmp_path, cyprus):
    made = event("1996-Q3", threat=THREAT)
    lifted = event("1996-Q4", threat={**SALE, "by": "TUR", "lift": True})
    log, row, _ = order_of(tmp_path, cyprus, made=made, lifted=lifted)
    assert np.all(log.threatened[row] == NONE)
    assert np.all(log.delivered[row] == 2)


def test_a_threat_that_is_made_again_is_in_force_again(tmp_path, cyprus):
    lifted = event("1997-Q1", threat={**SALE, "by": "TUR", "lift": True})
    again = event("1998-Q1", threat=THREAT)
    made = event("1996-Q4", threat=THREAT)
    log, row, calendar = order_of(tmp_path, cyprus, made=made, lifted=lifted, again=again)
    assert np.all(log.threatened[row] == calendar.number("1998-Q1"))


def test_of_two_threats_by_one_state_neither_makes_a_war_that_comes_in_any_case(tmp_path, cyprus):
    tanks = {**SALE, "system": "tank"}
    events = {
        "tanks": event("1997-Q1", order={**tanks, "units": 40}),
        "one": event("1996-Q3", threat=THREAT),
    }

    def usual(resolve):
        other = event("1996-Q3", threat={**tanks, "by": "TUR", "resolve": resolve})
        seen = []

        def looked(choice, point):
            if isinstance(point, ConcessionPoint) and not seen and point.there.all():
                seen.append(point.inputs)
            return choice

        patch = {"events": {**events, "two": other}, "offers": {"tank_rus": {"open": False}}}
        parts = built(model(tmp_path, patch, cyprus), 6)
        simulate(parts.world, parts.rules, parts.inputs, parts.noise, decide=looked)
        return seen[0]["usual"], seen[0]["risk"]

    (weak, little), (strong, much) = usual(1e-9), usual(0.9)
    assert np.all(much > little)
    assert strong == pytest.approx(weak)
    assert np.all(strong < little)
