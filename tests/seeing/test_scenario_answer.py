"""The answer of a result: contrasts, sources, and results that are damaged or of an old format."""

from __future__ import annotations

import json

import numpy as np
import pytest

import sim
from sim.experiments.ensemble import run
from sim.experiments.evaluation import variant_outcomes
from sim.experiments.options import Options
from sim.experiments.structural.structural_run import run_structural
from sim.kernel.errors import ResultError
from sim.records.results import load_results
from sim.scenario.load import load
from sim.seeing.scenario_answer import answer, first_answer
from sim.seeing.statements import (
    basis_sentence,
    doubt_sentence,
    expectations_sentence,
    heading,
    history_sentence,
)
from tests.experiments.conftest import SMALL

CONTRASTS = {
    "deal": {
        "of": "sale",
        "versus": "no_sale",
        "asks": "Does the deal matter?",
        "about": ["exposure DEL>BRA at 2020-Q4", "cohesion NORTH"],
    },
    "talk": {"of": "baseline", "versus": "no_sale"},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("answer") / "small"
    run(SMALL, runs=6, out=place, sets={"contrasts": CONTRASTS, "smallest": {"cohesion": 0.5}})
    return place


@pytest.fixture(scope="module")
def found(folder):
    return answer(load_results(folder))


def altered(folder, tmp_path, **changes):
    """Return a copy of a result whose manifest differs."""
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in folder.glob("*.csv"):
        (copy / path.name).write_bytes(path.read_bytes())
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8")) | changes
    text = json.dumps({key: each for key, each in manifest.items() if each is not None})
    (copy / "manifest.json").write_text(text, encoding="utf-8")
    return load_results(copy)


def test_an_answer_holds_the_contrasts_in_their_order_and_what_they_are_about(found):
    first, second = found.contrasts
    assert (first.name, first.of, first.versus) == ("deal", "sale", "no_sale")
    assert heading(first) == "Does the deal matter? (sale less no_sale)"
    assert heading(second) == "baseline less no_sale:"
    assert [each.outcome for each in first.findings] == CONTRASTS["deal"]["about"]
    assert len(second.findings) == 11
    assert first.findings[0].name == "share of Bravo's assets that Delta could destroy, at 2020-Q4"
    assert first.findings[1].effect.smallest == 0.5  # of the scenario
    assert found.folder is not None


def test_numbers_and_verdicts_are_those_of_the_table(found, folder):
    rows = load_results(folder)["differences"].set_index(["variant", "versus", "outcome"])
    for contrast in found.contrasts:
        for finding in contrast.findings:
            row = rows.loc[contrast.of, contrast.versus, finding.outcome]
            effect = finding.effect
            for name in ("mean", "low", "high"):
                value = getattr(effect.interval, name)
                assert value == pytest.approx(row[name], abs=1e-9, nan_ok=True)
            assert effect.inner.low == pytest.approx(row["low90"], abs=1e-9, nan_ok=True)
            assert (effect.verdict, effect.smallest) == (row["verdict"], row["smallest"])
            assert effect.d == pytest.approx(row["d"], rel=1e-2, nan_ok=True)
            assert contrast.name in row["contrast"].split()


def test_first_numbers_and_results_are_read_into_the_same_object(found):
    scenario = load(SMALL, runs=6, sets={"contrasts": CONTRASTS, "smallest": {"cohesion": 0.5}})
    early = first_answer(scenario, variant_outcomes(scenario, list(scenario.variants), Options()))
    assert [each.name for each in early.contrasts] == [each.name for each in found.contrasts]
    for one, other in zip(early.contrasts, found.contrasts, strict=True):
        for this, that in zip(one.findings, other.findings, strict=True):
            assert (this.name, this.verdict) == (that.name, that.verdict)
            ends = this.effect.interval.low, that.effect.interval.low
            assert ends[0] == pytest.approx(ends[1], abs=1e-9, nan_ok=True)


def test_an_answer_is_public(found, folder):
    assert sim.answer(sim.load_results(folder)).question == found.question


def test_an_answer_says_what_it_rests_on(found):
    assert basis_sentence(found).startswith(f"Rests on {sum(found.numbers.values())} numbers: ")
    assert found.history is None
    assert history_sentence(found) == ""


def test_a_result_of_an_older_format_has_the_usual_contrasts(folder, tmp_path):
    old = altered(folder, tmp_path, contrasts=None, reference=None, numbers=None)
    given = answer(old)
    assert [(each.of, each.versus) for each in given.contrasts] == [
        ("sale", "baseline"),
        ("no_sale", "baseline"),
    ]
    assert basis_sentence(given) == ""
    first = given.contrasts[0].findings[0].outcome
    assert first == "cohesion NORTH"


def test_variants_that_are_not_there_are_left_out(folder, tmp_path):
    part = altered(folder, tmp_path, variants=["baseline", "sale"])
    assert [each.name for each in answer(part).contrasts] == []


@pytest.mark.parametrize(
    "contrasts",
    [{"a": {"of": 3, "versus": "sale"}}, {"a": {}}, {"a": {"of": "sale", "versus": "sale"}}],
)
def test_contrasts_that_cannot_be_read_are_damage(folder, tmp_path, contrasts):
    with pytest.raises(ResultError, match="its contrasts cannot be read; the result is damaged"):
        answer(altered(folder, tmp_path, contrasts=contrasts))


@pytest.mark.parametrize(
    "smallest",
    [3, {"cohesion": "much"}, {"cohesion": -1}, {"x": None}, {"x": True}, {"cohesion": 10**400}],
)
def test_smallest_effects_that_no_scenario_can_say_are_damage(folder, tmp_path, smallest):
    other = altered(folder, tmp_path)
    other.manifest["scenario"]["document"]["smallest"] = smallest
    with pytest.raises(ResultError, match="its smallest effects cannot be read; the result is"):
        answer(other)


def test_a_number_of_runs_without_end_is_damage_and_takes_no_memory(folder, tmp_path):
    inputs = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["inputs"]
    with pytest.raises(ResultError, match="must hold the runs 0 to 999999999999"):
        answer(altered(folder, tmp_path, inputs={**inputs, "runs": 10**12}))


def test_an_outcome_that_no_scenario_can_name_is_damage_to_every_reader(folder, tmp_path):
    with pytest.raises(ResultError, match='no metric "/etc/passwd"; the result is damaged'):
        altered(folder, tmp_path, outcomes=["/etc/passwd"])


def test_an_outcome_that_cannot_be_read_is_damage(folder, tmp_path):
    other = altered(folder, tmp_path)
    other["outcomes"].insert(2, "warmth NORTH", 1.0)
    other.manifest["outcomes"].append("warmth NORTH")
    with pytest.raises(ResultError, match='no metric "warmth"'):
        answer(other)


def test_expectations_that_need_another_scenario_are_counted(folder, tmp_path):
    other = altered(folder, tmp_path)
    expect = other.manifest["scenario"]["document"]["expect"]
    expect["b"] = {"outcome": "cohesion NORTH", "variant": "sale", "scenario": "x", "sign": "zero"}
    text = expectations_sentence(answer(other))
    assert "; 1 not judged here (blocsim check --expect)" in text


def test_a_structural_run_beside_a_result_says_what_makes_the_doubt(folder, tmp_path):
    place = tmp_path / "small"
    place.mkdir()
    for path in (*folder.glob("*.csv"), folder / "manifest.json"):
        (place / path.name).write_bytes(path.read_bytes())
    assert answer(load_results(place)).doubts == ()
    sets = {"contrasts": CONTRASTS, "smallest": {"cohesion": 0.5}}
    run_structural(
        SMALL, roles=["consent"], points=2, runs=4, out=tmp_path / "small_structural", sets=sets
    )
    given = answer(load_results(place))
    doubt = next(each for each in given.doubts if each.outcome.startswith("exposure"))
    assert doubt.largest in {"chance", "parameters", "rules"}
    assert sum(doubt.share.values()) == pytest.approx(1)
    assert doubt.largest == max(doubt.share, key=doubt.share.get)
    sentence = doubt_sentence(given)
    assert sentence.startswith("Uncertainty (share of Bravo's assets that Delta could destroy, at")
    assert f"mostly {doubt.largest} (" in sentence
    assert ("perhaps mostly" in sentence) == (doubt.sure < 0.95)
    other = load_results(place)
    other.manifest["scenario"]["document"]["title"] = "Another scenario"
    assert answer(other).doubts == ()


def test_a_structural_run_itself_gives_no_answer(tmp_path):
    place = tmp_path / "crossed"
    run_structural(SMALL, roles=["consent"], points=1, runs=2, out=place)
    with pytest.raises(ResultError, match="is not a result with an answer: use one"):
        answer(load_results(place))


def test_one_run_is_answered_too():
    given = answer(run(SMALL, runs=1))
    verdicts = {each.verdict for contrast in given.contrasts for each in contrast.findings}
    assert verdicts <= {"undecided", "undefined"}
    assert all(np.isnan(each.level.low) or each.level.kind == "wilson" for each in given.levels)
