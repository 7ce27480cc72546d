"""The rules of the code: unique names, visible imports, layers; packaging."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest
import yaml

from bench import size, wheel
from sim import __version__
from sim.cli.app import Files

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
IN_SIGHT = {  # modules that are imported by their name, each for a reason that it states
    "sim/cli/app.py: import_module",  # a file in sim/cli/commands is a command
    "sim/experiments/processes.py: import_module",  # what workers import ahead of their work
    "sim/experiments/remedies.py: import_module",  # libraries of extras, none of ours
}


def test_a_file_name_is_unique():
    assert size.twins() == {}


def test_a_class_name_is_unique():
    assert size.classes_twice() == {}


def test_a_file_is_a_noun_and_one_idea():
    assert size.in_ing() == []
    assert size.too_long() == []


def test_no_import_is_hidden_from_the_linter():
    assert set(size.hidden_imports()) == IN_SIGHT


def test_the_rooms_of_experiments_stand_on_seven_floors_at_most():
    assert size.floors("sim/experiments") <= 7


def test_the_wheel_is_tried_with_every_command():
    called = {shlex.split(line)[0] for line in (*wheel.PLAIN, *wheel.ANALYSIS)}
    assert called == {*Files()}


def test_locks_name_no_host():
    names = [path.name for path in ROOT.glob("requirements*.lock")]
    assert len(names) == 7
    for name in names:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index" not in text
        assert "--find" not in text


def test_the_lowest_versions_that_are_tried_are_those_that_are_allowed():
    text = (ROOT / "requirements-lowest.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))
    extras = [e for name, e in PROJECT["optional-dependencies"].items() if name != "solara"]
    for line in (*PROJECT["dependencies"], *(each for extra in extras for each in extra)):
        name, floor = re.match(r"([\w-]+)(?:\[\w+\])?>=([\d.]+)", line).groups()
        version = locked[name.lower().replace("_", "-")]
        assert f"{version}.".startswith(f"{floor}."), line


def test_the_version_is_the_same_everywhere():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert PROJECT["version"] == __version__ == cited["version"]


def test_the_hosted_workflow_calls_what_there_is():
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    jobs = yaml.safe_load(text)["jobs"]
    tried = set(jobs["test"]["strategy"]["matrix"]["python"])
    assert tried == {"3.11", "3.12", "3.13", "3.14"}
    steps = [step.get("run", "") for job in jobs.values() for step in job["steps"]]
    assert ".ci/run" in steps
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"make (\w+)", "\n".join(steps)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    stated = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert set(stated) <= tried


@pytest.mark.parametrize("path", re.findall(
    r"`((?:sim|tests|bench|docs)/[\w/.]+)`", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
))  # fmt: skip
def test_what_contributing_names_is_there(path):
    assert (ROOT / path).exists()
