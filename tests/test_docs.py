"""The docs agree with the code: generated pages, links, and commands that exist."""

from __future__ import annotations

import json
import math
import re
import tomllib
from pathlib import Path

import pytest

from bench import docs_site
from sim.cli.app import app
from sim.cli.commands import rules, schema
from sim.cli.commands.metrics import page, rows
from sim.experiments.structural.rule_sets import crossing
from sim.kernel.rules import ROLES, parameters_in
from sim.metrics.catalogue import METRICS
from sim.scenario.schema.outcome_syntax import spelled
from tests.page_commands import commands
from tests.shipped import read

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
COMMANDS = app.commands
SUBJECTS = {
    "STATE SYSTEM": "GRC s300",
    "BLOC": "CSTO",
    "STATE": "ARM",
    "STATE>STATE": "ARM>AZE",
    "SUPPLIER>RECIPIENT": "BLR>AZE",
    "STATE:BLOC": "ARM:CSTO",
    "SUPPLIER>RECIPIENT SYSTEM": "BLR>AZE polonez",
}
WINDOWS = {
    "at": "at 2018-Q1",
    "mean": "mean 2018-Q1..2018-Q4",
    "after": "after the_sale 1..4",
    "by": "by 2018-Q4",
}


def test_the_page_of_metrics_is_that_of_the_code():
    written = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert written == page(), "run `blocsim metrics --markdown > docs/metrics.md`"
    assert re.findall(r"^\| `(\w+)` ", written, re.MULTILINE) == [*METRICS, *METRICS]


def test_the_page_of_a_scenarios_keys_is_that_of_the_schema():
    written = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8")
    assert written == schema.page(), "run `blocsim schema --markdown > docs/scenario.md`"
    kinds = {"transfer", "order", "request", "loan", "embargo", "incident", "appeal", "set"}
    assert all(f"| `{kind}` |" in written for kind in kinds)


def test_the_page_of_rules_is_that_of_the_laws():
    written = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert written == rules.page(), "run `blocsim rules --markdown > docs/rules.md`"
    assert re.findall(r"^## (\w+)", written, re.MULTILINE) == list(rules.open_roles())
    for variants in rules.open_roles().values():
        for variant, law in variants.items():
            assert f"| `{variant}` | {law.__doc__} |" in written


@pytest.mark.parametrize("row", list(rows()), ids=lambda row: row[0])
def test_a_metric_is_written_as_the_page_says(row):
    name, subject, windows, *_ = row
    assert spelled(f"{name} {SUBJECTS[subject]}").metric == name
    for kind, window in WINDOWS.items():
        text = f"{name} {SUBJECTS[subject]} {window}"
        if kind in windows.split(", "):
            assert spelled(text).window.kind == kind
        else:
            with pytest.raises(ValueError, match="no window"):
                spelled(text)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    for link in re.findall(r"\]\((?!https?://)([^)#]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / link).exists(), link


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_commands_and_their_options_exist(path):
    for name, *rest in commands(path):
        known = {option for each in COMMANDS[name].params for option in each.opts}
        assert {word for word in rest if word.startswith("--")} <= known, rest


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_parameters_of_laws_that_are_named_exist(path):
    for role, name in re.findall(r"laws\.(\w+)\.(\w+)=", path.read_text(encoding="utf-8")):
        assert any(name in parameters_in(role, variant) for variant in ROLES[role])


def test_the_readme_counts_the_rule_sets_that_a_structural_run_crosses():
    count = math.prod(crossing(read("polonez_vs_iskander")).sizes)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"Over {count} sets of rules" in text


def pages_of(menu):
    """Return the pages that a menu of the site names, in its order."""
    for entry in menu:
        (place,) = entry.values()
        yield from pages_of(place) if isinstance(place, list) else [place]


def test_every_page_is_in_the_menu_of_the_site_once():
    docs = ROOT / "docs"
    site = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]
    there = [str(path.relative_to(docs)) for path in docs.rglob("*.md")]
    assert sorted(pages_of(site["nav"])) == sorted(there)


def test_a_site_that_asks_another_machine_for_something_is_found(tmp_path):
    page = '<a href="https://b.org">b</a><img src="own.svg"><script src="//c.org/d.js"></script>'
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    assert docs_site.foreign(tmp_path) == ["a.html asks for //c.org/d.js"]


def test_the_notebook_holds_no_output():
    book = json.loads((ROOT / "examples" / "tutorial.ipynb").read_text(encoding="utf-8"))
    assert all(not cell.get("outputs") for cell in book["cells"])


def test_every_command_is_on_the_page_of_commands():
    assert {*COMMANDS} == {name for name, *_ in commands(ROOT / "docs" / "commands.md")}


def test_the_readme_has_two_screens_and_one_figure():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 90
    assert text.count("![") == 1
