"""All numbers that a command prints of a study are on its page: both read the same tables.

Runs have tests of their own (test_report.py, test_every_report.py), kinds without a quick command
too (test_study_report.py).
"""

from __future__ import annotations

import re
from functools import cache

import pytest

from sim.cli.commands.sensitivity import SHOWN
from sim.pages.report import report_text
from sim.pages.score_answers import MOST
from tests.experiments.conftest import SMALL
from tests.pages.parsed import parsed

NUMBER = re.compile(r"(?<![\w.])[+-]?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?(?![\w.])")
TEXTS = ("td", "th", "caption", "li", "p", "h2", "h3", "summary")
PARAMETER = re.compile(r" \w+\.[\w.]+ ")
SWEEP = ("--over", "states.BRA.burden=0.03..0.05", "-n", "4", "--runs", "2")
CALLS = {
    "sweep": ("sweep", SMALL, *SWEEP),
    "comparison": ("compare", f"{SMALL}:no_sale", f"{SMALL}:sale", "--runs", "4", "--attribute"),
    "sensitivity": ("sensitivity", SMALL, "--variant", "sale", "--outcome", "cohesion NORTH",
                    "-n", "2", "--runs", "2"),
}  # fmt: skip
OWN = ("tables: ", "none missing", "left out, ")  # of the work and its files, not of the result


def numbers_of(text):
    return {each.replace(",", "").lstrip("+") for each in NUMBER.findall(text)}


def numbers_on(tree):
    """Return the numbers of a page, as it writes them and as its cells hold them."""
    shown = [numbers_of(each.words) for each in tree.all(*TEXTS)]
    return set().union(*shown)


def told(text):
    """Return the lines of a terminal about the result: of an analysis those of its table."""
    lines = [line for line in text.splitlines() if not any(each in line for each in OWN)]
    return [line for line in lines if PARAMETER.match(line)] if "mu_star" in text else lines


@pytest.fixture
def answered(blocsim, tmp_path, monkeypatch):
    """Return a function that returns the output of a command, and the report of its result."""
    monkeypatch.setenv("COLUMNS", "400")

    @cache
    def of_kind(kind):
        folder = tmp_path / kind
        code, out, err = blocsim(*CALLS[kind], "--out", folder)
        assert code == 0, err
        return out, parsed(report_text(folder))

    return of_kind


@pytest.mark.parametrize("kind", CALLS)
def test_every_number_that_a_command_prints_is_on_the_page(kind, answered):
    out, tree = answered(kind)
    lines = told(out)
    printed = numbers_of("\n".join(lines))
    lacking = printed - numbers_on(tree)
    assert len(printed) > 10
    assert not lacking, [line for line in lines if numbers_of(line) & lacking]


def test_a_page_has_as_many_rows_of_indices_as_the_terminal():
    assert SHOWN == MOST
