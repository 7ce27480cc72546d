"""The command line as a user meets it: what it prints, and how it ends."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sim.cli.app import Files
from sim.documents.leaves import value_of
from sim.scenario.load import load
from sim.scenario.schema.json_schema import json_schema

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "experiments" / "small.yaml"
SIZE = "3 variants x 3 runs = 9 runs of 4 states over 4 quarters\n"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def small_run(blocsim, *options):
    return blocsim("run", SMALL, "--runs", 3, "--jobs", 1, "--no-figures", *options)


@pytest.mark.parametrize("command", Files())
def test_every_command_has_help_with_an_example(blocsim, command):
    code, out, _ = blocsim(command, "--help")
    assert code == 0
    assert f"Example: blocsim {command}" in " ".join(out.split())


def test_a_file_that_declares_no_command_is_named(monkeypatch):
    assert "version" in Files()
    monkeypatch.setattr("sim.cli.app._declared", {})
    with pytest.raises(LookupError, match=r"commands/version\.py declares no command"):
        Files()["version"]


def test_run_answers_the_question_on_one_screen(blocsim, tmp_path):
    code, out, err = small_run(blocsim)
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "What does the north lose if its leader arms its member's rival?"
    assert lines[1] == (
        "3 runs of each variant, uncertain numbers held; 95 % intervals. No forecast."
    )
    assert "sale less baseline:" in lines
    assert "  cohesion of NORTH, at the end (0 to 1): " in out
    assert re.search(r"^no_sale less baseline: \d+ ", out, re.MULTILINE)
    assert re.search(r"^\d+ more outcomes \([\w, ]+\): --all$", out, re.MULTILINE)
    assert "Expected: 1 of 2 hold; undecided: exposure_rises (about " in out
    assert err == SIZE + "tables are in results/small\n"
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert (tmp_path / "results" / "small" / "manifest.json").exists()


def test_run_prints_all_contrasts_or_all_tables_if_asked(blocsim):
    _, short, _ = small_run(blocsim)
    code, out, _ = small_run(blocsim, "--all")
    assert code == 0
    assert set(short.splitlines()[:6]) <= set(out.splitlines())
    assert out.count(" in no_sale, ") == out.count(" in sale, ") == 11
    code, out, _ = small_run(blocsim, "--tables")
    assert code == 0
    assert out.endswith(short)
    assert "cohesion NORTH (0 to 1)" in out
    assert "less baseline" in out
    assert "undecided exposure_rises: " in out
    assert max(map(len, out.splitlines())) <= 140
    for flag in ("--all", "--tables"):
        code, _, err = small_run(blocsim, "--structural", flag)
        assert (code, err[: len(flag)]) == (2, flag)


def test_run_again_prints_the_stored_summary(blocsim):
    _, first, _ = small_run(blocsim)
    code, second, err = small_run(blocsim, "--block", 2)
    assert code == 0
    assert second == first
    assert "already holds this result, so no runs were made" in err


def test_run_with_other_inputs_is_refused(blocsim, tmp_path):
    small_run(blocsim)
    before = (tmp_path / "results" / "small" / "outcomes.csv").read_bytes()
    code, out, err = small_run(blocsim, "--seed", 8)
    assert (code, out) == (2, "")
    assert err == (
        "results/small: holds a result with other inputs (seed); "
        "give --force to replace it, or another --out\n"
    )
    assert (tmp_path / "results" / "small" / "outcomes.csv").read_bytes() == before


def test_settings_and_uncertain_numbers_reach_the_run(blocsim, tmp_path):
    code, *_ = small_run(blocsim, "--set", "states.ALF.burden=0.05", "--uncertain", "--out", "out")
    assert code == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["scenario"]["document"]["states"]["ALF"]["burden"] == 0.05
    header = (tmp_path / "out" / "outcomes.csv").read_text().partition("\n")[0]
    assert header.endswith(",states.DEL.gdp")


def test_check_says_of_each_scenario_whether_it_is_sound(blocsim, tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("scenario: x\n")
    code, out, err = blocsim("check", bad, SMALL)
    assert code == 2
    assert out.splitlines()[-1] == (
        f"{SMALL}: sound (4 states, 3 offers, 1 bloc, 3 variants, 11 outcomes)"
    )
    assert "bad.yaml" in err


def test_check_judges_what_a_scenario_must_show(blocsim, tmp_path):
    code, out, _ = blocsim("check", SMALL, "--expect", "--runs", 20, "--jobs", 1)
    assert code == 0
    assert "  holds     exposure_rises: exposure DEL>BRA at 2020-Q4, sale less no_sale" in out
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(SMALL.read_text().replace("sign: positive", "sign: negative"))
    code, out, err = blocsim("check", wrong, "--expect", "--runs", 20, "--jobs", 1)
    assert code == 3
    assert "  fails     exposure_rises:" in out
    assert err.endswith("small: 1 of 2 expectations fail\n")


def test_list_names_the_shipped_scenarios(blocsim):
    code, out, _ = blocsim("list")
    assert code == 0
    assert "polonez_vs_iskander" in out
    assert "cancel the deterrent" in out


def test_show_prints_the_scenario_as_compiled(blocsim):
    code, out, _ = blocsim("show", SMALL, "--variant", "sale")
    assert code == 0
    for part in ("States", "Blocs", "Offers", "Events", "Laws in force", "Outcomes"):
        assert part in out
    assert "uniform 50,000 to 70,000" in " ".join(out.split())
    assert max(map(len, out.splitlines())) <= 100
    code, out, _ = blocsim("show", SMALL, "--what", "blocs")
    assert "States" not in out


def test_show_all_adds_every_block_bounds_and_variants(blocsim):
    code, out, _ = blocsim("show", "polonez_vs_iskander", "--all")
    assert code == 0
    for part in ("classes", "systems", "arsenals", "assets", "rivalries", "affinities", "imports"):
        assert out.count(f"All of {part} ") == 1, part
    assert "Bounds of the scenario's numbers" in out
    assert "offers.polonez.open" in out
    assert "e+0" not in out
    assert max(map(len, out.splitlines())) <= 100
    code, out, _ = blocsim("show", "polonez_vs_iskander", "--what", "variants")
    assert code == 0
    assert "laws.objection.block_constant" in out
    assert "All of" not in out


def test_metrics_are_listed_with_their_definition(blocsim):
    code, out, _ = blocsim("metrics")
    assert code == 0
    assert "frustration_bound" in out
    assert "STATE:BLOC; every period" in out
    assert max(map(len, out.splitlines())) <= 100


def test_the_schema_printed_is_the_one_that_is_published(blocsim):
    code, out, _ = blocsim("schema")
    assert code == 0
    assert json.loads(out) == json_schema()
    code, out, _ = blocsim("schema", "--patch")
    assert code == 0
    assert "required" not in json.loads(out)


def test_the_starter_is_sound_and_shows_what_it_must(blocsim, tmp_path):
    path = tmp_path / "deep" / "my-own.yaml"
    code, _, err = blocsim("new", path)
    assert code == 0
    assert f"wrote {path}" in err
    assert "scenario: my_own\n" in path.read_text()
    code, out, _ = blocsim("check", path, "--expect", "--runs", 12, "--jobs", 1)
    assert code == 0, out
    code, _, err = blocsim("new", path)
    assert code == 2
    assert err == f"{path}: already exists; give --force to replace it, or another name\n"


def test_the_version_is_printed(blocsim):
    code, out, _ = blocsim("version")
    assert (code, out.split()[0]) == (0, "blocsim")


def test_a_run_draws_figures_and_says_at_its_end_what_it_answered(blocsim, tmp_path):
    few = (
        "--set",
        "outcomes=[cohesion NORTH, exposure DEL>BRA at 2020-Q4]",
        "--set",
        "expect=null",
    )
    code, out, err = blocsim("run", SMALL, "--runs", 2, "--jobs", 1, *few)
    assert code == 0
    assert out.startswith("What does the north lose if its leader arms its member's rival?\n")
    assert re.search(r"%|\d in sale, [-\d]\S* (%|) ?in baseline; ", out)
    assert err.splitlines()[-1] == "tables and figures are in results/small"
    folder = tmp_path / "results" / "small"
    assert list((folder / "figures").glob("*.svg"))
    (folder / "series.csv").write_bytes(b"")
    code, _, err = blocsim("plot", folder)
    assert code == 2
    assert f"{folder / 'series.csv'}: does not have the size" in err
    assert err.endswith("changed tables are not drawn\n")
    for path in folder.glob("*.csv"):
        path.unlink()
    code, _, err = blocsim("plot", folder)
    assert (code, err) == (2, f"{folder}: holds no tables to draw; `blocsim run` makes them\n")


def test_first_numbers_are_shown_before_those_of_all_runs(blocsim, monkeypatch):
    monkeypatch.setattr("sim.experiments.ensemble.FIRST", 2)
    code, out, err = blocsim("run", SMALL, "--runs", 4, "--jobs", 1, "--no-figures")
    assert code == 0
    said, heading, *findings, last = err.splitlines()[1:]
    assert said == "first results, from 2 of 4 runs of each variant; those of all runs follow:"
    assert heading in out.splitlines()
    first = "  share of Bravo's assets that Delta could destroy, at 2020-Q4: "
    assert any(line.startswith("  cohesion of NORTH, at the end (0 to 1): ") for line in findings)
    assert any(line.startswith(first) for line in findings)
    assert last == "tables are in results/small"


def test_brackets_and_colons_of_a_user_are_printed_as_they_stand(blocsim, tmp_path):
    path = tmp_path / "marked.yaml"
    text = SMALL.read_text().replace("A missile across the line", '"A [/b] [red]title :smile:"')
    text = text.replace("What does", "What [/] does").replace("name: Alfa", 'name: "[/x]Al :+1:"')
    path.write_text(text)
    code, out, _ = blocsim("show", path)
    assert code == 0
    assert "A [/b] [red]title :smile: (small" in out
    assert "What [/] does" in out
    assert "[/x]Al :+1:" in out
    code, out, _ = blocsim("run", path, "--runs", 1, "--jobs", 1, "--no-figures")
    assert code == 0
    assert out.startswith("What [/] does the north lose")
    assert "undecided: needs 2 runs or more" in out
    assert "nan" not in out


def test_a_linked_folder_of_results_stays_a_link(blocsim, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert small_run(blocsim, "--out", "link")[0] == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "manifest.json").is_file()


@pytest.mark.parametrize("width", [60, 80, 100])
def test_numbers_of_a_scenario_stay_whole_on_narrow_screens(blocsim, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    code, out, _ = blocsim("show", "polonez_vs_iskander", "--what", "states", "--what", "offers")
    assert code == 0
    model = load("polonez_vs_iskander").base
    assert {f"{state.gdp:,.0f}" for state in model.states.values()} <= {*out.split()}
    prices = {f"{value_of(each.price):g}" for each in model.offers.values()}
    assert prices <= {*out.replace(",", "").split()}
    assert max(map(len, out.splitlines())) <= width
