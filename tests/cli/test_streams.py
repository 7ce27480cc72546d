"""Output reaches every terminal, pipe and encoding, without control characters."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim import cli
from sim.cli.app import app
from sim.cli.screen import Screen, aligned
from sim.cli.streams import echo, printable, say
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "experiments" / "small.yaml"
HOSTILE = "a\x1b]0;title\x07b\x00\u202ec\x9b2J\r\u2028d"
HARMLESS = r"a\x1b]0;title\x07b\x00\u202ec\x9b2J\r\u2028d"


def called(*arguments, **variables):
    """Return exit code and output of a command, as bytes, under some environment variables."""
    found = subprocess.run(
        [sys.executable, "-m", "sim", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    return found.returncode, found.stdout, found.stderr


def encoded(monkeypatch, *arguments):
    """Return exit code and output of a command in this process where stdout knows few letters."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    monkeypatch.setattr(sys, "stdout", stream)
    with pytest.raises(SystemExit) as leaving:
        cli.main([*map(str, arguments)])
    stream.flush()
    return leaving.value.code, stream.buffer.getvalue().decode("cp1252")


@pytest.fixture
def foreign(tmp_path):
    """Return a scenario whose question and names are in letters of other scripts."""
    path = tmp_path / "names.yaml"
    text = SMALL.read_text(encoding="utf-8").replace("name: Alfa", "name: Александр → 中")
    path.write_text(text.replace("What does the", "Ракета → the"), encoding="utf-8")
    return path


ESCAPED = r"\u0420\u0430\u043a\u0435\u0442\u0430 \u2192 the"


@pytest.mark.parametrize(
    ("variables", "encoding"),
    [
        pytest.param({"PYTHONIOENCODING": "cp1252"}, "cp1252", marks=pytest.mark.study),
        pytest.param({"PYTHONIOENCODING": "ascii"}, "ascii", marks=pytest.mark.study),
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "ascii"),
    ],
)
def test_text_that_a_stream_cannot_encode_is_escaped(foreign, variables, encoding):
    code, out, err = called("show", foreign, "--what", "states", **variables)
    assert (code, b"Traceback" in err) == (0, False)
    assert ESCAPED in out.decode(encoding)


def test_text_that_a_code_page_lacks_is_escaped(monkeypatch, foreign):
    code, out = encoded(monkeypatch, "show", foreign, "--what", "states")
    assert code == 0
    assert ESCAPED in out


def test_bibtex_is_printed_where_the_stream_knows_few_letters(monkeypatch):
    code, out = encoded(monkeypatch, "cite", "belarus_armenia_2007", "--format", "bibtex")
    assert code == 0
    assert out.startswith("@")


def test_characters_that_act_on_a_terminal_are_escaped():
    assert printable(HOSTILE) == HARMLESS
    plain = "two lines,\n\ta tab, Ağdam, 中文, é and \u200d in a name"
    assert printable(plain) == plain


def test_no_way_of_printing_lets_them_through(capsys):
    say(HOSTILE)
    echo(HOSTILE)
    screen = Screen()
    screen.print(HOSTILE, style="bold")
    screen.unbroken(HOSTILE)
    out, err = capsys.readouterr()
    assert err == HARMLESS + "\n"
    assert out.startswith(HARMLESS + "\n")
    assert out.count(r"a\x1b]0;title") == 3
    assert not {*out} & ({*HOSTILE} - {*HARMLESS})


def test_a_name_of_a_file_is_printed_escaped(blocsim):
    code, out, err = blocsim("check", "\x1b[2J\u202e.yaml")
    assert code == 2
    assert err.endswith(".yaml: no such file\n")
    assert not {*"\x1b\u202e"} & {*(out + err)}


def test_a_summary_fits_the_columns_that_there_are(blocsim, monkeypatch):
    for columns in (60, 80, 120):  # the second time it is read where it stands
        monkeypatch.setenv("COLUMNS", str(columns))
        code, out, _ = blocsim("run", SMALL, "--runs", 3, "--jobs", 1, "--no-figures")
        assert code == 0
        assert max(map(len, out.splitlines())) <= columns
        assert "less baseline" in out


def test_cells_without_room_go_on_in_a_second_line():
    rows = [["name", "mean", "interval"], ["a", "0.5", "[0.25, 0.75]"], ["long_name", "1"]]
    assert aligned(rows, 80) == [
        "  name       mean      interval",
        "  a           0.5  [0.25, 0.75]",
        "  long_name     1",
    ]
    assert aligned(rows, 20) == [
        "  name       mean\n        interval",
        "  a           0.5\n    [0.25, 0.75]",
        "  long_name     1",
    ]


def test_a_hash_is_never_broken_over_lines(blocsim, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    design = ("--over", "states.DEL.find=0..1", "--design", "grid", "-n", 2)
    code, out, err = blocsim("sweep", SMALL, *design, "--runs", 1, "--jobs", 1)
    assert code == 0, err
    (line,) = (line for line in out.splitlines() if "sha256" in line)
    assert len(line.split("sha256 ")[1]) == 64


@pytest.mark.parametrize(
    ("instruction", "line", "expected"),
    [
        ("complete_zsh", "blocsim sens", '"sensitivity"'),
        ("complete_fish", "blocsim sens", "sensitivity"),
        ("source_zsh", "", "compdef"),
    ],
)
def test_a_shell_completes_commands(instruction, line, expected):
    variables = {"_BLOCSIM_COMPLETE": instruction, "_TYPER_COMPLETE_ARGS": line}
    variables["_TYPER_COMPLETE_FISH_ACTION"] = "get-args"
    code, out, err = called(**variables)
    assert (code, err) == (0, b"")
    assert expected in out.decode()


def test_a_shell_that_is_not_known_is_not_an_interrupt():
    code, _, err = called(_BLOCSIM_COMPLETE="complete_cmd")
    assert (code, err) == (1, b"Shell cmd not supported.\n")


def test_help_has_a_line_on_every_command_and_imports_neither_one_nor_what_it_needs():
    rooms = [f"sim.{room}" for room in ("cli.commands.", "explain", "seeing", "plots", "engine")]
    rooms += ["sim.pages", "jinja2"]
    script = (
        "import sys; from sim import cli\n"
        "try: cli.main(['--help'])\n"
        f"finally: print(*(n for n in sys.modules if n.startswith({tuple(rooms)})))"
    )
    found = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    *lines, imported = found.stdout.splitlines()
    assert imported == ""
    for name in app.commands:
        assert any(line.startswith(f"  {name} ") for line in lines), name
