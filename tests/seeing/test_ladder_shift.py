"""Steps away from a bloc that differ between variants are counted, unless an outcome says so."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from sim.seeing.ladder_shift import LadderShift, ladder_shift
from sim.seeing.scenario_answer import ContrastAnswer
from sim.seeing.statements import shift_sentence

COLUMNS = ["variant", "run", "kind", "actor", "bloc"]


class StoredTables(dict):
    """The tables of a result, with its manifest."""

    manifest = SimpleNamespace()


def results(of, versus, kind="step_away"):
    """Return a result with a step away in the first runs of two variants."""
    rows = [("sale", run, kind, "IND", "PACT") for run in range(of)]
    rows += [("no_sale", run, kind, "IND", "PACT") for run in range(versus)]
    rows += [("sale", run, kind, "PAK", "OTHER") for run in range(50)]
    tables = StoredTables(events=pd.DataFrame(rows, columns=COLUMNS))
    states = {"IND": {"name": "India"}}
    tables.manifest = {
        "inputs": {"runs": 200}, "event_runs": 50, "scenario": {"document": {"states": states}},
    }  # fmt: skip
    return tables


def test_steps_that_differ_are_counted_for_the_blocs_of_the_outcomes():
    found = ladder_shift(results(38, 12), "sale", "no_sale", ["cohesion PACT"])
    assert found == LadderShift("India", "PACT", 38, 12, 50, 200)
    contrast = ContrastAnswer("deal", "sale", "no_sale", None, (), found)
    assert shift_sentence(contrast) == (
        "India steps away from PACT in 38 of the first 50 runs of sale, in 12 of no_sale."
    )


@pytest.mark.parametrize(
    ("tables", "outcomes"),
    [
        (results(14, 12), ["cohesion PACT"]),  # chance may be enough for it
        (results(38, 12, "step_back"), ["cohesion PACT"]),
        (results(38, 12), ["cohesion PACT", "stage IND:PACT"]),  # an outcome says it
        (results(38, 12), ["insecurity IND"]),
        (StoredTables(), ["cohesion PACT"]),
    ],
)
def test_other_steps_have_no_line(tables, outcomes):
    assert ladder_shift(tables, "sale", "no_sale", outcomes) is None
    assert shift_sentence(ContrastAnswer("deal", "sale", "no_sale", None, ())) == ""
