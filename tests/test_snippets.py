"""The snippets of docs/tables.md run unchanged, on a result of the scenario that they name."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim.experiments.ensemble import run
from sim.experiments.export import export
from tests.patience import PATIENCE

PAGE = Path(__file__).parents[1] / "docs" / "tables.md"
SNIPPETS = re.findall(r"```(python|r)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
PYTHON = [text for language, text in SNIPPETS if language == "python"]
(R,) = [text for language, text in SNIPPETS if language == "r"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return a folder with a result of a few runs where the snippets look for it."""
    folder = tmp_path_factory.mktemp("snippets")
    run("hub_and_spoke", runs=2, transfers=0, out=folder / "results" / "hub_and_spoke")
    return folder


def said(*command, place):
    done = subprocess.run(
        command, cwd=place, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("text", [each for each in PYTHON if "xlsx" not in each])
def test_the_snippet_for_pandas_runs(text, place):
    assert "2017-10-01" in said(sys.executable, "-c", text, place=place)


@pytest.mark.study
@pytest.mark.parametrize("text", [each for each in PYTHON if "xlsx" in each])
def test_the_snippet_for_excel_runs(text, place):
    export(place / "results" / "hub_and_spoke", force=True)
    assert "cohesion CSTO" in said(sys.executable, "-c", text, place=place)


@pytest.mark.study
def test_the_snippet_for_r_runs(place):
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("R IS NOT HERE: the snippet for R did not run (Debian: r-base-core)")
    assert "2017-10-01" in said(rscript, "-e", R, place=place)


def test_snippets_are_three_lines_and_an_import():
    assert len(PYTHON) == 2
    for text in (*PYTHON, R):
        assert len([line for line in text.splitlines() if line and "import" not in line]) <= 3
