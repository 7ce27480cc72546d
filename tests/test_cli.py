"""The command line as a user meets it: what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from sim import cli
from sim.cli.app import BLOCK
from sim.cli.ending import STOPPED
from sim.errors import RunError
from sim.experiments import gathering
from sim.experiments.options import Options

ROOT = Path(__file__).parents[1]
SMALL = ROOT / "tests" / "experiments" / "small.yaml"
COMMANDS = ("run", "check", "list", "show", "metrics", "rules", "plot", "schema", "new", "version")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def blocsim(capfd, monkeypatch, tmp_path):
    """Return a function that runs a command and returns exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SIM_DEBUG", raising=False)

    def call(*arguments):
        with pytest.raises(SystemExit) as leaving:
            cli.main([str(each) for each in arguments])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return leaving.value.code, out, err

    return call


def small_run(blocsim, *options):
    return blocsim("run", SMALL, "--runs", 3, "--jobs", 1, "--no-figures", *options)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(blocsim, command):
    code, out, _ = blocsim(command, "--help")
    assert code == 0
    assert f"Example: blocsim {command}" in " ".join(out.split())


def test_run_answers_the_question_in_numbers(blocsim, tmp_path):
    code, out, err = small_run(blocsim)
    assert code == 0
    assert "What does the north lose" in out
    assert "cohesion NORTH (0 to 1)" in out
    assert "less baseline" in out
    assert "of 2 expectations hold." in out
    assert err == "tables are in results/small\n"
    assert max(map(len, out.splitlines())) <= 140
    assert (tmp_path / "results" / "small" / "manifest.json").exists()


def test_run_without_expectations_says_how_far_the_variants_are_apart(blocsim, tmp_path):
    text, _ = SMALL.read_text(encoding="utf-8").split("expect:")
    path = tmp_path / "mild.yaml"
    path.write_text(text, encoding="utf-8")
    code, out, err = blocsim("run", path, "--runs", 4, "--no-figures", "--out", tmp_path / "out")
    assert code == 0, err
    assert "cohesion NORTH: " in out
    assert "; farthest from it is " in out


def test_run_again_prints_the_stored_summary(blocsim):
    _, first, _ = small_run(blocsim)
    code, second, err = small_run(blocsim, "--block", 2)
    assert code == 0
    assert second == first
    assert "holds this result already: nothing was run" in err


def test_run_with_other_inputs_is_refused(blocsim, tmp_path):
    small_run(blocsim)
    before = (tmp_path / "results" / "small" / "outcomes.csv").read_bytes()
    code, out, err = small_run(blocsim, "--seed", 8)
    assert (code, out) == (2, "")
    assert err == (
        "results/small: holds a result of other inputs (hash, seed); "
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


def test_bad_input_ends_with_two_and_its_place(blocsim, tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(SMALL.read_text().replace("leader: ALF", "leader: ALV"))
    code, out, err = blocsim("run", path)
    assert (code, out) == (2, "")
    line = path.read_text()[: path.read_text().index("ALV")].count("\n") + 1
    assert err.startswith((f"bad.yaml:{line}:", f"{path}:{line}:"))
    assert 'no state "ALV" (did you mean "ALF"?)' in err
    assert names(tmp_path) == ["bad.yaml"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "polonez_vs_iskande"), 'no scenario "polonez_vs_iskande" (did you mean'),
        (("run", SMALL, "--jobs", 0), "--jobs: must be 1 to 10000, got 0"),
        (("run", SMALL, "--set", "runs"), "no = in"),
        (("run", SMALL, "--runs", "x"), "Invalid value for '--runs'"),
        (("run",), "Missing argument"),
        (("rum",), "No such command"),
        (("show", SMALL, "--what", "state"), '--what: no "state" (did you mean "states"?)'),
        (("show", SMALL, "--variant", "sail"), 'no variant "sail" (did you mean "sale"?)'),
        (("plot", "nowhere"), "nowhere: no result there"),
        (("new", "file.txt"), "file.txt: a scenario file ends in .yaml"),
    ],
)
def test_what_cannot_be_done_ends_with_two(blocsim, tmp_path, arguments, said):
    code, _, err = blocsim(*arguments)
    assert code == 2
    assert said in err
    assert names(tmp_path) == []


def test_a_run_that_fails_ends_with_three(blocsim, monkeypatch, tmp_path):
    def fails(*_):
        message = "2020-Q3: gdp is not finite for ALF; look at its inputs and bounds"
        raise RunError(message)

    monkeypatch.setattr("sim.experiments.blocks.simulate", fails)
    code, out, err = small_run(blocsim)
    assert (code, out) == (3, "")
    assert err == "2020-Q3: gdp is not finite for ALF; look at its inputs and bounds\n"
    assert names(tmp_path / "results") == []


def test_a_bug_ends_with_three_and_its_details_in_a_file(blocsim, monkeypatch):
    def breaks(*_):
        message = "no such thing"
        raise KeyError(message)

    monkeypatch.setattr("sim.experiments.blocks.simulate", breaks)
    code, _, err = small_run(blocsim)
    assert code == 3
    first, second = err.splitlines()
    assert first == "this is a bug in blocsim: KeyError: 'no such thing'"
    details = Path(second.removeprefix("details are in ").partition(";")[0])
    assert "KeyError" in details.read_text()
    details.unlink()


def test_an_interrupt_ends_with_130_and_names_what_was_kept(blocsim, monkeypatch, tmp_path):
    whole = gathering.Ensemble.gathered
    count = iter(range(100))

    def stopped(*arguments):
        if next(count) == 0:
            raise KeyboardInterrupt
        return whole(*arguments)

    monkeypatch.setattr(gathering.Ensemble, "gathered", stopped)
    code, _, err = small_run(blocsim)
    assert code == 130
    assert err == (
        "interrupted: 3 of 3 variants kept in results/small.partial (baseline, sale, no_sale); "
        "the same command runs it from the start\n"
    )
    assert names(tmp_path / "results") == ["small.partial"]


@pytest.mark.skipif(sys.platform == "win32", reason="no signals as on POSIX")
def test_control_c_in_a_terminal_leaves_nothing_half_written(tmp_path):
    command = [sys.executable, "-m", "sim", "run", str(SMALL), "--runs", "100000"]
    command += ["--jobs", "2", "--block", "50", "--out", str(tmp_path / "out")]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        until = time.monotonic() + 60
        while not any(tmp_path.iterdir()) and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(1.0)
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err == (
        "interrupted: no variant was done, nothing was kept; "
        "the same command runs it from the start\n"
    )
    assert names(tmp_path) == []


OFTEN = """
import os, signal, sys
from sim import cli
from sim.experiments.publishing import Publication

def stopped(*_):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGINT):
        try:
            os.kill(os.getpid(), number)
        finally:  # what closes is not stopped either
            os.kill(os.getpid(), number)

Publication.write = stopped
cli.main(sys.argv[1:])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signals as on POSIX")
def test_a_command_that_closes_hears_no_further_signal(tmp_path):
    command = [sys.executable, "-c", OFTEN, "run", SMALL, "--runs", "3", "--out", tmp_path / "out"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 130
    assert found.stderr == (
        "interrupted: no variant was done, nothing was kept; "
        "the same command runs it from the start\n"
    )
    assert names(tmp_path) == []


def test_an_interrupt_within_executed_text_ends_with_130_too(tmp_path):
    (tmp_path / "stopped.py").write_text(
        "from sim import cli\n"
        "from sim.cli import ending\n"
        "ending._hear = lambda: exec('raise KeyboardInterrupt')\n"
        "cli.main(['version'])\n"
    )
    paths = os.pathsep.join([str(ROOT), str(tmp_path)])
    found = subprocess.run(
        [sys.executable, "-m", "stopped"],  # a script of the same lines has no such trouble
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.returncode, found.stderr) == (130, f"{STOPPED}\n")


@pytest.mark.skipif(sys.platform == "win32", reason="no shell as on POSIX")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_what_is_closed_does_not_matter(tmp_path, closed):
    options = ["--runs", "3", "--jobs", "2", "--no-figures", "--out", tmp_path / "out"]
    command = [sys.executable, "-m", "sim", "run", SMALL, *options]
    shell = ["sh", "-c", f'"$@" {closed}', "sh", *command]
    assert subprocess.run(shell, cwd=ROOT, capture_output=True, check=False).returncode == 0
    assert (tmp_path / "out" / "manifest.json").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes as on POSIX")
def test_a_reader_that_has_gone_is_no_interrupt():
    command = [sys.executable, "-u", "-m", "sim", "show", "polonez_vs_iskander", "--all"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, b"")


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
    assert "  holds  exposure_rises: exposure DEL>BRA at 2021-Q4, sale less no_sale" in out
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(SMALL.read_text().replace("sign: positive", "sign: negative"))
    code, out, err = blocsim("check", wrong, "--expect", "--runs", 20, "--jobs", 1)
    assert code == 3
    assert "  MISSES exposure_rises:" in out
    assert err == "small: 1 of 2 expectations do not hold\n"


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


def test_the_schema_is_a_schema(blocsim):
    code, out, _ = blocsim("schema")
    assert code == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(out))
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
    assert err == f"{path}: is there already; give --force to replace it, or another name\n"


def test_the_version_is_printed(blocsim):
    code, out, _ = blocsim("version")
    assert (code, out.split()[0]) == (0, "blocsim")


def test_a_run_draws_figures_and_says_at_its_end_what_it_answered(blocsim, tmp_path):
    code, out, err = blocsim("run", SMALL, "--runs", 2, "--jobs", 1)
    assert code == 0
    title, question, *answer = out.splitlines()[-4:]
    assert title == "A missile across the line"
    assert question == "What does the north lose if its leader arms its member's rival?"
    assert len(answer) == 2
    assert re.fullmatch(
        r"  exposure DEL>BRA at 2021-Q4: 0\.\d+ in sale, \S+ in no_sale; "
        r"difference 0\.\d+ \[\S+, \S+\]",
        answer[0],
    )
    assert err.splitlines()[-1] == "tables and figures are in results/small"
    folder = tmp_path / "results" / "small"
    assert list((folder / "figures").glob("*.png"))
    (folder / "series.csv").write_bytes(b"")
    code, _, err = blocsim("plot", folder)
    assert code == 2
    assert f"{folder / 'series.csv'}: cannot be read" in err
    for path in folder.glob("*.csv"):
        path.unlink()
    code, _, err = blocsim("plot", folder)
    assert (code, err) == (2, f"{folder}: holds no tables to draw; `blocsim run` makes them\n")


@pytest.mark.skipif(sys.platform == "win32", reason="no signals as on POSIX")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_request_to_end_is_heard_as_control_c(blocsim, monkeypatch, tmp_path, name):
    number = getattr(signal, name)
    before = signal.signal(number, signal.SIG_DFL)
    interrupt = signal.signal(signal.SIGINT, signal.default_int_handler)

    def stopped(*_):
        os.kill(os.getpid(), number)
        time.sleep(5)

    monkeypatch.setattr("sim.experiments.blocks.simulate", stopped)
    try:
        code, _, err = small_run(blocsim)
    finally:
        signal.signal(number, before)
        signal.signal(signal.SIGINT, interrupt)  # the one of that command hears no more
    assert code == 130
    assert err.startswith("interrupted: no variant was done, nothing was kept")
    assert names(tmp_path / "results") == []


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
    assert out.count("A [/b] [red]title :smile:\n") == 2
    assert "undecided: needs 2 runs or more" in out
    assert "nan" not in out


def test_a_linked_folder_of_results_stays_a_link(blocsim, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert small_run(blocsim, "--out", "link")[0] == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "manifest.json").is_file()


def test_commands_compute_as_many_runs_together_as_the_python_api():
    assert Options.block == BLOCK
