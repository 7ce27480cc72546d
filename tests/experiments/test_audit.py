"""The audit: numbers counted by source, and shares of variance that are known."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from sim.experiments import remedies
from sim.experiments.accounts import accounts, counted, kind_of
from sim.experiments.audit import CHANCE, Audit, document, write
from sim.experiments.indices import PickFreeze, whole_power
from sim.kernel.errors import InputError
from sim.scenario.load import load
from sim.scenario.paths import number_paths
from tests.small import model as small_model

SPREAD = {"value": 0.7, "dist": "uniform", "low": 0.1, "high": 0.9}


def scenario(folder, patch=None, sets=()):
    small_model(folder, patch)
    return load(folder / "small.yaml", sets=sets)


def silent(done, total):
    del done, total


def by_path(found):
    return {each.path: each for each in found}


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (("sipri_arms",), "sourced"),
        (("sipri_arms", "osw2014"), "sourced"),
        (("sipri_arms", "assumed"), "mixed"),
        (("assumed",), "assumed"),
        (("hypothesis",), "hypothesis"),
    ],
)
def test_the_kind_of_a_source(source, kind):
    assert kind_of(source) == kind


def test_numbers_are_counted_by_block_and_kind(tmp_path):
    patch = {
        "debts": {"old": {"source": "osw2014"}},
        "states": {"ALP": {"source": ["worldbank_wdi", "assumed"]}},
    }
    found = accounts(scenario(tmp_path, patch, ["states.BET.gdp=7e4"]), "baseline")
    counts = counted(found)
    assert counts["debts"] == {"sourced": 3, "mixed": 0, "assumed": 2, "hypothesis": 0}
    assert by_path(found)["debts.old.arrears"].kind == "assumed"  # a default, not in the source
    given = {
        f"states.ALP.{key}" for key in ("gdp", "burden", "import_share", "latitude", "longitude")
    }
    mixed = {each.path for each in found if each.kind == "mixed"}
    assert mixed == given & mixed
    assert "states.ALP.gdp" in mixed
    assert counts["states"]["hypothesis"] == 1
    assert by_path(found)["states.BET.gdp"].kind == "hypothesis"
    laws = [path for path in number_paths(small_model(tmp_path)) if path.startswith("laws.")]
    assert sum(counts["laws"].values()) == len(laws)
    sourced = {path for path in laws if by_path(found)[path].kind == "sourced"}
    assert counts["laws"]["sourced"] == len(sourced)
    assert "laws.answer.base" in sourced  # between published rates
    assert "laws.consent.base" not in sourced  # assumed
    assert not any(path.endswith(".open") for path in by_path(found))


def test_entries_of_a_table_are_counted_less_those_that_a_mapping_overrides(tmp_path):
    table = "from,to,value\nGAM,ALP,0.1\nALP,BET,0.3\nDEL,ALP,0.2\n"
    (tmp_path / "ties.csv").write_text(table, encoding="utf-8")
    patch = {"tables": {"affinity": {"file": "ties.csv", "source": "bailey2017"}}}
    patch |= {"affinities": {"GAM": {"toward": {"ALP": 0.4}}, "ALP": None, "DEL": None}}
    found = by_path(accounts(scenario(tmp_path, patch), "baseline"))
    tables = {path: each for path, each in found.items() if path.startswith("tables")}
    assert set(tables) == {"tables.affinity.ALP>BET", "tables.affinity.DEL>ALP"}
    assert {each.kind for each in tables.values()} == {"sourced"}


def test_parameters_of_laws_vary_over_their_bounds_unless_a_hypothesis_fixes_them(tmp_path):
    found = by_path(accounts(scenario(tmp_path, sets=["laws.consent.base=1"]), "baseline"))
    assert found["laws.consent.base"].spread is None
    memory = found["laws.consent.memory"].spread
    assert (memory.dist, memory.low, memory.high) == ("uniform", 0.5, 6.0)
    assert found["states.ALP.gdp"].spread is None


def test_points_are_a_power_of_two():
    assert [whole_power(n) for n in (1, 2, 3, 100, 128)] == [1, 2, 4, 128, 128]


def ishigami(u, noise=0.0):
    """Return Ishigami's function of three uniform numbers, with a stated amount of noise."""
    x = [np.pi * (2 * u[name] - 1) for name in ("x1", "x2", "x3")]
    chance = noise * np.sqrt(12) * (u["chance"] - 0.5)
    return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0]) + chance


def test_shares_of_a_known_function_by_groups_and_chance():
    # Ishigami: V1 + V3 + V13 = 7.7211, V2 = 6.125, of 13.8446; noise adds 4
    design = PickFreeze({"one": ["x1", "x3"], "two": ["x2"], "chance": ["chance"]}, 4096, 5)
    shares = design.shares(ishigami(design.uniform(), noise=2.0))
    variance = 13.8446 + 4
    wanted = {"one": 7.7196 / variance, "two": 6.125 / variance, "chance": 4 / variance}
    for share in shares:
        assert share.first == pytest.approx(wanted[share.group], abs=0.02)
        assert share.total == pytest.approx(wanted[share.group], abs=0.02)
        assert 0 < share.first_half < 0.1
        assert abs(share.first - wanted[share.group]) < 2 * share.first_half


def test_interaction_is_in_the_total_alone():
    # (a - 1/2)(b - 1/2) has no first-order share at all
    design = PickFreeze({"a": ["a"], "b": ["b"]}, 2048, 7)
    u = design.uniform()
    for share in design.shares((u["a"] - 0.5) * (u["b"] - 0.5)):
        assert share.first == pytest.approx(0.0, abs=0.05)
        assert share.total == pytest.approx(1.0, abs=0.05)


def test_groups_keep_their_names_in_any_order():
    for order in (["z", "a", "m"], ["m", "z", "a"]):
        design = PickFreeze({name: [f"in_{name}"] for name in order}, 512, 1)
        u = design.uniform()
        shares = {share.group: share.first for share in design.shares(u["in_z"] + 0 * u["in_a"])}
        assert shares["z"] == pytest.approx(1.0, abs=0.1)
        assert shares["a"] == pytest.approx(0.0, abs=0.1)


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    hits = 0
    for seed in range(40):
        design = PickFreeze({"a": ["a"], "b": ["b"]}, 128, seed)
        u = design.uniform()
        rng = np.random.default_rng(seed)  # a function that Sobol' points do not integrate exactly
        values = np.sin(9 * u["a"] + rng.random()) + np.cos(7 * u["b"] + rng.random())
        a, _ = design.shares(values)
        fine = rng.random((2, 200_000))
        phase = np.random.default_rng(seed)
        one = np.sin(9 * fine[0] + phase.random()).var()
        two = np.cos(7 * fine[1] + phase.random()).var()
        hits += abs(a.first - one / (one + two)) <= a.first_half
    assert hits >= 36  # quasi-random points err less than the bootstrap thinks


def test_an_outcome_that_does_not_vary_or_has_no_value_gets_no_share():
    design = PickFreeze({"a": ["a"], "b": ["b"]}, 16, 0)
    rows = design.rows
    for values in (np.ones(rows), np.full(rows, np.nan)):
        assert all(np.isnan([s.first, s.total]).all() for s in design.shares(values))


def test_points_at_which_an_outcome_is_undefined_are_left_out():
    design = PickFreeze({"a": ["a"], "b": ["b"]}, 256, 3)
    values = design.uniform()["a"].copy()
    values[5] = np.nan  # of the second point
    a, b = design.shares(values)
    assert a.first == pytest.approx(1.0, abs=0.1)
    assert b.total == pytest.approx(0.0, abs=1e-9)


def test_rows_of_a_point_share_the_run_unless_chance_is_exchanged():
    design = PickFreeze({"a": ["a", "b"], CHANCE: [CHANCE]}, 4, 0)
    u = design.uniform()
    for start in range(0, design.rows, 4):
        base, other_a, other_chance, second = range(start, start + 4)
        assert u[CHANCE][base] == u[CHANCE][other_a] != u[CHANCE][other_chance]
        assert u["a"][base] == u["a"][other_chance] != u["a"][other_a] == u["a"][second]
    assert len(set(u[CHANCE])) == 8


def test_the_remedy_is_named_where_the_library_is_missing(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(remedies, "import_module", missing)
    with pytest.raises(InputError, match=r"pip install 'blocsim\[analysis\]'"):
        PickFreeze({"a": ["a"]}, 2, 0).uniform()


@pytest.fixture(scope="module")
def audited(tmp_path_factory):
    patch = {
        "blocs": {"PACT": {"commitment": {**SPREAD, "source": "osw2014"}}},
        "offers": {"rocket_bet": {"price": {**SPREAD, "value": 60, "low": 50, "high": 70}}},
        "outcomes": ["cohesion PACT", "sold BET>DEL rocket", "strength ALP", "centralisation PACT"],
        "time": {"start": "2017-Q4", "end": "2018-Q4"},
    }
    audit = Audit(scenario(tmp_path_factory.mktemp("audit"), patch), "baseline", 20)
    return audit, audit.findings(silent)


def test_groups_are_the_kinds_of_source_and_chance(audited):
    audit, findings = audited
    assert list(audit.design.groups) == ["sourced", "assumed", "chance"]
    assert "blocs.PACT.commitment" in audit.design.groups["sourced"]
    assert "offers.rocket_bet.price" in audit.design.groups["assumed"]
    assert audit.design.points == 32
    assert audit.design.rows == 32 * 5
    assert [each.outcome.text for each in findings] == list(audit.model.outcomes)


def test_strength_depends_only_on_assumed_numbers_and_chance(audited):
    _, findings = audited
    strength = {share.group: share for share in findings[2].shares}
    assert strength["sourced"].total == pytest.approx(0.0, abs=0.02)
    assert strength["assumed"].total > 0.5


def test_an_audit_repeats_itself(audited):
    audit, findings = audited
    again = Audit(audit.scenario, "baseline", 20).findings(silent)
    assert [each.shares for each in again] == [each.shares for each in findings]


def test_an_audit_of_which_chance_is_the_only_input_puts_all_on_chance(tmp_path, monkeypatch):
    monkeypatch.setattr(Audit, "varied", [])
    audit = Audit(scenario(tmp_path, {"outcomes": ["strength ALP"]}), "baseline", 16)
    (finding,) = audit.findings(silent)
    assert [share.group for share in finding.shares] == [CHANCE]
    assert finding.shares[0].total == pytest.approx(1.0, abs=0.6)


def test_tables_hold_every_number_and_every_share(audited, tmp_path):
    audit, findings = audited
    folder = tmp_path
    write(folder, audit, findings)
    numbers = pd.read_csv(folder / "audit_numbers.csv")
    assert list(numbers["path"]) == [each.path for each in audit.numbers]
    price = numbers.set_index("path").loc["offers.rocket_bet.price"]
    assert (price["kind"], price["low"], price["high"]) == ("assumed", 50, 70)
    outcomes = pd.read_csv(folder / "audit_outcomes.csv")
    assert len(outcomes) == len(findings) * 3
    known = outcomes.dropna()
    assert (known["first_low"] <= known["first"]).all()
    assert (known["total"] <= known["total_high"]).all()


def test_the_document_is_json_without_nan(audited):
    audit, findings = audited
    found = json.loads(json.dumps(document(audit, findings), allow_nan=False))
    assert found["runs"] == audit.design.rows
    assert len(found["numbers"]) == sum(sum(count.values()) for count in found["counts"].values())
    for each in found["outcomes"]:
        assert list(each["shares"]) == ["sourced", "assumed", "chance"]


def test_no_points_count_alone(tmp_path):
    audit = Audit(scenario(tmp_path), "baseline", 0)
    assert audit.findings(silent) == []
    assert len(audit.numbers) > 100


def test_an_outcome_that_is_not_recorded_is_refused_before_anything_runs(tmp_path):
    with pytest.raises(InputError, match="no ALP>BET is recorded"):
        Audit(scenario(tmp_path, {"outcomes": ["exposure ALP>BET"]}), "baseline", 8)


def test_progress_reaches_the_end(tmp_path):
    steps = []
    audit = Audit(scenario(tmp_path, {"outcomes": ["cohesion PACT"]}), "baseline", 2)
    audit.findings(lambda done, total: steps.append((done, total)))
    assert steps[-1] == (audit.design.rows, audit.design.rows)
    assert all(one < two for (one, _), (two, _) in pairwise(steps))


def test_what_the_case_does_not_use_is_not_listed(tmp_path):
    idle = {"name": "Idle", "class": "toys", "worth": 1, "source": "assumed"}
    toys = {"satiation": 10, "life": 5, "role": "ground", "source": "assumed"}
    talks = {
        "at": "2018-Q1",
        "set": {"path": "states.ALP.burden", "value": 0.05},
        "source": "assumed",
    }
    likely = {**talks, "at": "2018-Q2", "probability": 1.0}
    patch = {
        "systems": {"idle": idle},
        "classes": {"toys": toys},
        "events": {"talks": talks, "likely": likely},
    }
    paths = [str(each.path) for each in accounts(scenario(tmp_path, patch), "baseline")]
    assert not [each for each in paths if "idle" in each or "toys" in each]
    assert [each for each in paths if each.endswith("probability")] == ["events.likely.probability"]
