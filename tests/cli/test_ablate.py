"""`blocsim ablate` and `blocsim mechanisms` as a user meets them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.experiments.ablation.mechanisms import MECHANISMS

SMALL = Path(__file__).parents[1] / "experiments" / "small.yaml"


def ablate(blocsim, *options):
    return blocsim("ablate", SMALL, "--jobs", 1, *options)


def test_effects_of_mechanisms_are_printed_within_eighty_columns(blocsim, tmp_path, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    chosen = ("--mechanism", "discount", "--mechanism", "unasked", "--variant", "baseline")
    chosen = (*chosen, "--set", "smallest={participation: 0.005}")
    code, out, err = ablate(blocsim, *chosen, "--runs", 10)
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    said = " ".join(out.split())
    assert (
        "2 mechanisms, each off and alone, plus all on and all off: 6 settings x 10 runs x 1"
        in said
    )
    assert "60 runs" in said
    assert re.search(r"discount 1 [\d.]+ participation BRA:NORTH in baseline \(off\)", said)
    assert "change no outcome by more than its smallest effect, off or alone: unasked" in said
    assert re.search(r"not active in this scenario: [\w, ]*credit, [\w, ]*adaptive_terms", said)
    folder = tmp_path / "results" / "small_ablation"
    assert (folder / "ablation.csv").exists()
    again = ablate(blocsim, *chosen, "--runs", 10)
    assert again == (0, out, "")
    code, _, err = blocsim("plot", folder)
    assert code == 0
    assert [Path(line).name for line in err.split()] == [
        "mechanisms_off.svg",
        "mechanisms_alone.svg",
    ]
    assert blocsim("export", folder, "--format", "parquet")[0] == 0
    code, _, err = blocsim("export", folder, "--masked")
    assert code == 2
    assert "an ablation, which is not masked" in err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--mechanism", "nrm"), '--mechanism: no mechanism "nrm" (did you mean "norm"?)'),
        (
            ("--mechanism", "credit"),
            "credit: is already off in every variant of small: leave it out",
        ),
        (("--variant", "sael"), '--variant: no variant "sael" (did you mean "sale"?)'),
        (("--runs", "0"), "--runs"),
        (("--jobs", "0"), "--jobs: must be 1 to 10000, got 0"),
        (("--engine", "fast"), "--engine: must be auto, numpy or compiled, got 'fast'"),
        (("--set", "laws.restraint.norm=1"), "norm_weight"),
    ],
)
def test_a_wrong_use_is_refused_with_its_place_and_a_remedy(blocsim, tmp_path, options, said):
    code, out, err = ablate(blocsim, *options)
    assert (code, out) == (2, "")
    assert said in err
    assert not (tmp_path / "results").exists()


def test_a_folder_of_something_else_is_refused_and_so_are_other_inputs(blocsim, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    code, _, err = ablate(blocsim, "--mechanism", "norm", "--out", tmp_path / "mine")
    assert code == 2
    assert "holds letter.txt, which is not part of an ablation; give another --out" in err
    how = ("--mechanism", "norm", "--variant", "sale", "--out", tmp_path / "a")
    code, out, _ = ablate(blocsim, *how, "--runs", 2)
    assert code == 0
    assert "norm, off and alone, plus all on and all off: 4 settings x 2 runs x 1 variants" in out
    code, _, err = ablate(blocsim, *how, "--runs", 3)
    assert code == 2
    assert "holds an ablation with other inputs (runs); give --force to replace it" in err
    assert ablate(blocsim, *how, "--runs", 3, "--force")[0] == 0
    code, _, err = ablate(blocsim, *how, "--runs", 3, "--engine", "compiled")
    assert code == 2
    assert "computed by the numpy engine; give --engine numpy or another --out" in err


def test_mechanisms_are_listed_with_what_they_do_and_where_they_are_off(blocsim, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = blocsim("mechanisms")
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    assert set(MECHANISMS) <= set(out.split())
    code, out, _ = blocsim("mechanisms", "--markdown")
    assert code == 0
    assert "| `norm` | The norm of a bloc" in out


def test_a_mechanism_as_a_bare_argument_is_answered_with_the_option(blocsim):
    code, out, err = blocsim("ablate", SMALL, "norm", "discount")
    assert (code, out) == (2, "")
    assert "--mechanism norm --mechanism discount" in err
