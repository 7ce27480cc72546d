"""Variants that numpy computes side by side have the events and reasons that each has alone."""

from __future__ import annotations

import numpy as np
import pytest
import yaml

from sim.experiments import watched_variants
from sim.experiments.batch import case_of
from sim.experiments.watch.joined_cases import groups_of, joined
from sim.experiments.watched_variants import notes_of
from sim.kernel.errors import RunError
from sim.scenario.load import load
from tests.eventful import EVENTS
from tests.small import SMALL, built, event, merged

RUNS = np.arange(3, 11)
TOGETHER = {
    "strict": {"blocs": {"PACT": {"norm": 4}}},
    "calm": {"events": {"war": None, "dearer": None, "out": None}},
    "cheaper": {"events": {"dearer": {"set": {"path": "laws.consent.base", "value": 1.0}}}},
    "heard": {"events": {"call": {"appeal": {"answer": 0.75}}, "richer": None}},
    "unsold": {"events": {"sale": None}},
    "sure": {"laws": {"objection": {"objection_constant": -1.0}}},
    "likely": {"events": {"war": {"probability": 0.9}}},
}
ON_SALE = {"outcome": "sold BET>DEL rocket", "least": 1}
COOLER = {"state": "ALP", "toward": "BET", "change": -0.2}
APART = {
    "diverted": {"events": {"sale": {"order": {"recipient": "GAM"}}}},  # another buyer in its slot
    "contest": {"rules": {"contest": "difference"}},
    "shunned": {"events": {"shunned": {"when": ON_SALE, "affinity": COOLER, "source": "assumed"}}},
}


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    events = {name: each for name, each in EVENTS.items() if name != "shunned"}
    richer = {"path": "states.GAM.growth", "value": 0.02}
    output = {"dist": "uniform", "low": 4e4, "high": 6e4, "value": 5e4, "source": "assumed"}
    patch = {
        "events": {**events, "richer": event("2018-Q2", set=richer)},
        "variants": {**TOGETHER, **APART},
        "states": {"DEL": {"gdp": output}},
        "uncertain": True,
    }
    file = tmp_path_factory.mktemp("joined") / "small.yaml"
    file.write_text(yaml.safe_dump(merged(SMALL, patch), sort_keys=False), encoding="utf-8")
    return load(file).variants


def parts(models):
    return {name: built(model, RUNS) for name, model in models.items()}


def cases(models):
    return {name: case_of(each) for name, each in parts(models).items()}


def test_variants_are_side_by_side_unless_what_all_runs_share_differs(models):
    first, *others = groups_of(cases(models))
    assert first == ["baseline", *TOGETHER]
    assert [name for group in others for name in group] == [*APART]


def test_together_they_have_the_events_and_reasons_that_each_has_alone(models):
    together = notes_of(models, parts(models), RUNS)
    assert [*together] == [*models]
    for name, model in models.items():
        alone = notes_of({name: model}, {name: built(model, RUNS)}, RUNS)[name]
        assert together[name].events == alone.events
        assert together[name].reasons.keys() == alone.reasons.keys()
        for kind, sums in alone.reasons.items():
            found = together[name].reasons[kind]
            assert (found.terms, found.cases) == (sums.terms, sums.cases)
            assert all(
                np.array_equal(getattr(found, part), getattr(sums, part))
                for part in ("case", "run", "sums")
            )
    assert len({tuple(each.events) for each in together.values()}) > len(models) - 2


def test_a_column_of_joined_cases_is_that_of_its_own_case(models):
    some = {name: cases(models)[name] for name in ("baseline", "strict", "sure")}
    case = joined([*some.values()])
    assert case.noise.runs.tolist() == [*RUNS] * 3
    assert case.world.norm.shape[-1] == 3 * RUNS.size
    assert case.world.norm[1, [0, RUNS.size, -1]].tolist() == [0.8, 4.0, 0.8]
    assert case.world.burden.shape[-1] == 1  # shared by all
    assert case.rules.objection.objection_constant[-1] == -1.0
    own = some["baseline"].world.gdp
    assert np.array_equal(case.world.gdp[:, RUNS.size : 2 * RUNS.size], own)


def test_a_run_that_fails_is_computed_alone_so_that_the_error_is_its_own(models, monkeypatch):
    tried = []

    def failing(names, *_):
        tried.append([*names])
        message = f"{names[-1]} fails"
        raise RunError(message)

    monkeypatch.setattr(watched_variants, "_together", failing)
    with pytest.raises(RunError, match="baseline fails"):
        notes_of(models, parts(models), RUNS)
    assert tried == [["baseline", *TOGETHER], ["baseline"]]
