"""`blocsim audit`, `cite`, `conform` and `odd` as a user meets them."""

from __future__ import annotations

import json

import pytest

from sim.documents.sources import entries_of
from sim.experiments import remedies
from tests.small import model as small_model


@pytest.fixture
def small(tmp_path):
    patch = {
        "outcomes": ["strength ALP", "wars GAM>DEL", "delivered ALP>BET tank by 2017-Q4"],
        "time": {"start": "2017-Q4", "end": "2018-Q2"},
        "references": {"my_book": "Own, A. (2001). A book & 3 % of {it}."},
        "debts": {"old": {"source": "my_book"}},
    }
    small_model(tmp_path, patch)
    return tmp_path / "small.yaml"


def test_audit_tells_the_cost_then_counts_and_shares(blocsim, small, tmp_path):
    code, out, err = blocsim("audit", small, "--runs", 5, "--out", "there")
    assert code == 0
    assert err.startswith("8 points (5 asked, rounded up to a power of two), 3 groups of inputs (")
    assert "40 runs in one process" in err
    assert "Numbers in force by source" in out
    assert "classes, 6: armour (satiation, life)" in out
    assert "strength ALP  mean" in out
    assert "does not vary" in out  # nothing arrives in the first quarter
    assert max(map(len, out.splitlines())) <= 100
    assert {each.name for each in (tmp_path / "there").iterdir()} == {
        "audit_numbers.csv",
        "audit_outcomes.csv",
    }


def test_audit_as_json(blocsim, small):
    code, out, _ = blocsim("audit", small, "--runs", 2, "--json")
    found = json.loads(out)
    assert code == 0
    assert found["runs"] == 2 * 5
    assert found["counts"]["debts"]["sourced"] == 3


def test_audit_counts_without_salib_and_names_the_remedy_else(blocsim, small, monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(remedies, "import_module", missing)
    code, out, _ = blocsim("audit", small, "--runs", 0)
    assert code == 0
    assert "No shares of variance" in out
    code, _, err = blocsim("audit", small)
    assert code == 2
    assert "pip install 'blocsim[analysis]'" in err


@pytest.mark.parametrize("command", ["audit", "cite"])
def test_an_unknown_variant_or_scenario_is_bad_input(blocsim, small, command):
    code, _, err = blocsim(command, small, "--variant", "basline")
    assert code == 2
    assert 'no variant "basline" (did you mean "baseline"?)' in err
    code, _, err = blocsim(command, "nowhere")
    assert code == 2
    assert 'no scenario "nowhere"' in err


def test_audit_leaves_a_folder_of_the_user_alone(blocsim, small, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("x", encoding="utf-8")
    code, _, err = blocsim("audit", small, "--runs", 0, "--out", "mine")
    assert code == 2
    assert "mine: holds files that are not part of an audit; give another --out" in err
    code, _, err = blocsim("audit", small, "--runs", 0, "--out", "mine/notes.txt")
    assert code == 2


def test_an_earlier_audit_is_replaced_and_a_failure_leaves_it(
    blocsim, small, tmp_path, monkeypatch
):
    what = ("audit", small, "--runs", 0, "--out", "fresh")
    assert blocsim(*what)[0] == 0
    before = (tmp_path / "fresh" / "audit_numbers.csv").read_bytes()
    assert blocsim(*what)[0] == 0
    monkeypatch.setattr("sim.experiments.audit._outcomes", lambda *_: 1 / 0)
    assert blocsim(*what)[0] == 3
    assert [each.name for each in tmp_path.glob("*fresh*")] == ["fresh"]
    assert (tmp_path / "fresh" / "audit_numbers.csv").read_bytes() == before


@pytest.mark.parametrize("runs", [-1, 10**9, "many"])
def test_audit_refuses_runs_out_of_bounds(blocsim, small, runs):
    code, _, err = blocsim("audit", small, "--runs", runs)
    assert code == 2
    assert "--runs" in err


def test_cite_prints_references_and_where_they_are_used(blocsim, small):
    code, out, _ = blocsim("cite", small)
    assert code == 0
    assert "Walt, Stephen M. (1985). Alliance Formation and the Balance of World Power." in out
    assert "my_book  Own, A. (2001). A book & 3 % of {it}." in out
    assert "used in: debts.old" in out
    assert "numbers are assumed wholly or in part; `blocsim audit` lists them." in out


def test_cite_prints_bibtex_that_parses(blocsim, small):
    code, out, err = blocsim("cite", small, "--format", "bibtex")
    assert code == 0
    assert "numbers are assumed" in err
    found = entries_of(out)
    assert found["my_book"].fields["title"] == r"Own, A. (2001). A book \& 3 \% of (it)."
    assert found["snyder1984"].kind == "article"
    assert out.count("{") == out.count("}")


def test_cite_refuses_another_format(blocsim, small):
    code, _, err = blocsim("cite", small, "--format", "ris")
    assert code == 2
    assert "'text', 'bibtex'" in err


def test_odd_prints_the_page(blocsim):
    code, out, _ = blocsim("odd")
    assert code == 0
    assert out.startswith("# The model by the ODD+D protocol")
