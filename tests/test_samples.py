"""Sample output on pages is the output of the commands: `make study` runs them all.

A sample may leave lines out where it has a line of dots, and stop before the end.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli.screen import WIDTH

DOCS = Path(__file__).parents[1] / "docs"
PAGES = ("explain.md", "story.md")
MADE = re.compile(r"^    blocsim (run polonez_vs_iskander .*)$", re.MULTILINE)
SAMPLE = re.compile(
    r"^    blocsim ((?:explain|story) .*)\n(?:(?!    |```).*\n){0,4}```text\n((?:.*\n)*?)```$",
    re.MULTILINE,
)


def called(arguments, place):
    command = [sys.executable, "-m", "sim", *arguments.split()]
    environment = {"COLUMNS": str(WIDTH), "PYTHONPATH": str(DOCS.parent), "PATH": ""}
    done = subprocess.run(
        command, cwd=place, capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def missing(sample, said):
    """Return the first part of a sample that is not in the output after the previous part."""
    at = 0
    for part in re.split(r"^\.\.\.\n", sample, flags=re.MULTILINE):
        place = said.find(part, at)
        if place < 0:
            return part
        at = place + len(part)
    return ""


@pytest.mark.study
@pytest.mark.parametrize("name", PAGES)
def test_samples_are_what_the_commands_say_now(tmp_path, name):
    page = (DOCS / name).read_text(encoding="utf-8")
    called(MADE.findall(page)[0], tmp_path)
    for command, sample in SAMPLE.findall(page):
        said = called(command, tmp_path)
        assert not missing(sample, said), f"blocsim {command} says\n{said}"


@pytest.mark.study
def test_the_answer_in_the_tutorial_is_that_of_the_starter(tmp_path):
    called("new my_case.yaml", tmp_path)
    said = called("run my_case.yaml --runs 200 --no-figures", tmp_path)
    page = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    (sample,) = re.findall(r"^```\n(What does the North.*?)```$", page, re.MULTILINE | re.DOTALL)
    assert sample in said


def test_every_sample_of_these_pages_is_found_and_parts_keep_their_order():
    for name in PAGES:
        page = (DOCS / name).read_text(encoding="utf-8")
        blocks = re.findall(r"^```text$", page, re.MULTILINE)
        assert len(SAMPLE.findall(page)) == len(blocks)
        assert len(MADE.findall(page)) == 1
    assert missing("one\n...\nthree\n", "one\ntwo\nthree\n") == ""
    assert missing("three\n...\none\n", "one\ntwo\nthree\n") == "one\n"
