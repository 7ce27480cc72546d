"""Each mechanism off, alone, all and none: the numbers, the messages, and the folder."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from sim.experiments.ablation.ablation import Ablation, ablate
from sim.experiments.ablation.ablation_rows import own_rows
from sim.experiments.ablation.mechanisms import MECHANISMS
from sim.experiments.ensemble import run
from sim.experiments.reproduction import reproduce
from sim.kernel.errors import InputError, Interrupted, ResultError
from sim.plots.figure_data import FigureData
from sim.records.kinds import ABLATION

SMALL = Path(__file__).parents[1] / "small.yaml"
MORE = """
scenario: more
extends: [small.yaml]
uncertain: true
blocs:
  NORTH: {preference: {value: 0.3, dist: uniform, low: 0.1, high: 0.5}}
variants:
  generous: {blocs: {NORTH: {preference: 0.6}}}
  adaptive: {rules: {patronage: adaptive}}
contrasts:
  kind: {of: generous, versus: baseline}
patterns:
  trade:
    claim: The north arms the south.
    source: assumed
    checks:
      most: {quantity: hhi, to: DEL, window: 2020, band: {low: 0.5}}
expect:
  dearer: {outcome: subsidy NORTH, variant: generous, versus: baseline, sign: positive}
  shared: {outcome: hhi DEL, variant: baseline, share: {above: 0.1, of_runs: 0.5}}
"""
CHOSEN = ("discount", "treaty", "adaptive_terms")
RUNS = 4


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ablation")
    shutil.copy(SMALL, folder)
    (folder / "more.yaml").write_text(MORE, "utf-8")
    return folder


@pytest.fixture(scope="module")
def made(place):
    """Return a finished ablation: to be read only."""
    return ablate(place / "more.yaml", mechanisms=CHOSEN, runs=RUNS, out=place / "made")


def levels(frame, setting, mechanism=""):
    rows = frame[(frame["kind"] == "outcome") & (frame["setting"] == setting)]
    rows = rows[(rows["mechanism"] == mechanism) & (rows["against"] != "none")]
    return rows.set_index(["variant", "subject"])["level"]


def plain(place, sets=()):
    """Return the mean of each outcome of a run with some values set."""
    results = run(place / "more.yaml", runs=RUNS, sets=sets, transfers=0)
    return results["summary"].set_index(["variant", "outcome"])["mean"]


def assert_same(one, other):
    assert set(one.index) == set(other.dropna().index)
    assert one.to_numpy() == pytest.approx(other.loc[one.index].to_numpy(), rel=1e-9, abs=1e-12)


def test_all_on_is_the_unchanged_scenario_with_its_drawn_numbers(made, place):
    assert_same(levels(made.table, "all"), plain(place))


def test_off_is_off_in_every_variant_in_those_that_set_it_themselves_too(made, place):
    sets = ["blocs.NORTH.preference=0", "variants.generous.blocs.NORTH.preference=0"]
    assert_same(levels(made.table, "off", "discount"), plain(place, sets))


def test_a_rule_is_off_under_the_form_without_it(made, place):
    off = levels(made.table, "off", "adaptive_terms")
    assert_same(off, plain(place, ["variants.adaptive.rules.patronage=fixed"]))


def test_alone_is_held_against_all_and_against_none(made):
    rows = made.table[(made.table["mechanism"] == "discount") & (made.table["kind"] == "outcome")]
    rows = rows[rows["setting"] == "alone"].set_index(["against", "variant", "subject"])
    alone = levels(made.table, "alone", "discount")
    for against in ("all", "none"):
        there, mine = levels(made.table, against), rows.loc[against]
        mine = mine[mine["runs"] == RUNS]
        expected = alone.loc[mine.index] - there.loc[mine.index]
        assert mine["difference"].to_numpy() == pytest.approx(
            expected.to_numpy(), rel=1e-6, abs=1e-9
        )
        assert (mine["difference"] != 0).any()


def test_contrasts_checks_and_expectations_have_rows_and_marks(made):
    rows = made.table[(made.table["mechanism"] == "discount") & (made.table["setting"] == "off")]
    by_kind = rows.groupby("kind")
    assert set(by_kind.groups) == {"outcome", "contrast", "check", "expectation"}
    contrast = by_kind.get_group("contrast")
    assert set(zip(contrast["variant"], contrast["versus"], strict=True)) == {
        ("generous", "baseline")
    }
    assert (contrast["level"].dropna().abs() < 1e-12).all()  # both have no discount
    check = by_kind.get_group("check").iloc[0]
    assert check["subject"] == "trade.most"
    assert 0 <= check["level"] <= 1
    assert {check["mark"], check["mark_against"]} <= {"inside", "outside", "undefined"}
    marks = by_kind.get_group("expectation").set_index("subject")[["mark", "mark_against"]]
    assert marks.loc["dearer", "mark"] == "undecided"  # of so few runs without a difference
    assert set(marks.to_numpy().ravel()) <= {"holds", "fails", "undecided"}


def test_the_largest_effect_of_each_mechanism_is_reported(made):
    about = made.mechanisms.set_index("mechanism")
    assert about.index.tolist() == list(MECHANISMS)
    assert about.loc["discount", "state"] == "run"
    assert about.loc["norm", "state"] == "on"
    assert about.loc["credit", "state"] == "absent"
    own = own_rows(made.table)
    own = own[own["mechanism"] == "treaty"]
    moved = own["verdict"].isin(["larger", "smaller"])
    assert about.loc["treaty", "moved"] == moved.sum()
    counts = about.loc["treaty", ["moved", "open", "none"]].sum()
    assert counts == len(own)


def test_a_stopped_ablation_goes_on_and_says_what_it_kept(place, made, tmp_path):
    folder = tmp_path / "a"

    def stop(done, _):
        if done:
            raise KeyboardInterrupt

    how = {"mechanisms": CHOSEN, "runs": RUNS, "out": folder}
    with pytest.raises(Interrupted) as stopped:
        ablate(place / "more.yaml", progress=stop, **how)
    runs = rf"\d+ of {8 * RUNS * 5} runs are kept in {re.escape(str(folder))}"
    said = rf"interrupted: {runs}; the same command resumes"
    assert re.fullmatch(said, str(stopped.value))
    for ask in (Ablation, FigureData.read):
        with pytest.raises(ResultError, match="holds an unfinished ablation; the same `blocsim"):
            ask(folder)
    assert not list(folder.glob("*.csv"))
    kept = (folder / "ledger.jsonl").read_text()
    again = ablate(place / "more.yaml", **how)
    assert (folder / "ledger.jsonl").read_text().startswith(kept)
    for name in ("ablation.csv", "mechanisms.csv", "columns.csv"):
        assert (folder / name).read_bytes() == (made.folder / name).read_bytes()
    assert again.manifest["ablation"] == made.manifest["ablation"]


def test_a_finished_one_is_read_and_one_of_other_inputs_is_refused(place, made):
    before = (made.folder / "manifest.json").stat().st_mtime_ns
    again = ablate(place / "more.yaml", mechanisms=CHOSEN[::-1], runs=RUNS, out=made.folder)
    assert (made.folder / "manifest.json").stat().st_mtime_ns == before
    assert again.table.equals(made.table)
    for other in ({"runs": RUNS + 1}, {"mechanisms": ("treaty",)}):
        with pytest.raises(ResultError, match=r"holds an ablation with other inputs .*--force"):
            ablate(place / "more.yaml", **{"mechanisms": CHOSEN, "runs": RUNS, **other},
                   out=made.folder)  # fmt: skip


def test_it_is_reproduced_from_its_manifest(made):
    found = reproduce(made.folder)
    assert found.holds
    assert {each.name for each in found.files} >= {"ablation.csv", "mechanisms.csv"}


@pytest.mark.study
def test_the_compiled_engine_tells_the_same(place, made, tmp_path):
    pytest.importorskip("llvmlite")
    how = {"mechanisms": CHOSEN, "runs": RUNS, "out": tmp_path / "c"}
    compiled = ablate(place / "more.yaml", engine="compiled", **how)
    assert compiled.manifest["how"]["engine"]["name"] == "compiled"
    for name in ("level", "difference", "low", "high"):
        one, other = compiled.table[name].to_numpy(), made.table[name].to_numpy()
        assert np.allclose(one, other, rtol=1e-9, atol=1e-9, equal_nan=True), name


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nrm", 'no mechanism "nrm" (did you mean "norm"?)'),
        ("credit", "credit: is already off in every variant of more: leave it out"),
    ],
)
def test_a_mechanism_that_is_none_or_is_off_already_is_refused(place, tmp_path, name, said):
    with pytest.raises(InputError) as error:
        ablate(place / "more.yaml", mechanisms=[name], out=tmp_path / "none")
    assert said in str(error.value)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda about: about.pop("ablation"), "has no finished ablation"),
        (lambda about: about["ablation"].update(settings="many"), "settings is not a whole number"),
        (lambda about: about["ablation"].pop("rows"), "no 'ablation.rows'"),
        (lambda about: about["ablation"].update(mechanisms=[3]), r"mechanisms\[0\] is not a text"),
        (lambda about: about.update(complete=False), "unfinished"),
        (
            lambda about: about["files"]["ablation.csv"].update(sha256="0"),
            "has changed since it was written",
        ),
    ],
)
def test_a_manifest_of_a_stranger_is_checked(made, tmp_path, change, said):
    folder = tmp_path / "a"
    shutil.copytree(made.folder, folder)
    about = json.loads((folder / "manifest.json").read_text())
    change(about)
    (folder / "manifest.json").write_text(json.dumps(about))
    with pytest.raises(ResultError, match=said):
        Ablation(folder)


def test_its_folder_is_a_kind_of_its_own(made):
    assert FigureData.read(made.folder).kind is ABLATION
