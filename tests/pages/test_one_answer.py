"""All numbers that a command prints of a study are on its page: both read the same tables.

Runs have tests of their own (test_report.py, test_every_report.py), an audit too
(test_study_report.py).
"""

from __future__ import annotations

import re
from functools import cache

import pandas as pd
import pytest

from sim.cli.commands.sensitivity import SHOWN
from sim.experiments.backtest import gravity
from sim.experiments.calibration import inference
from sim.pages.report import report_text
from sim.pages.score_answers import MOST
from tests.experiments.backtest.test_backtest import laid_out
from tests.experiments.calibration.test_calibration import with_patterns
from tests.experiments.conftest import SMALL
from tests.pages.parsed import parsed

NUMBER = re.compile(r"(?<![\w.])[+-]?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?(?![\w.])")
TEXTS = ("td", "th", "caption", "li", "p", "h2", "h3", "summary")
PARAMETER = re.compile(r" \w+\.[\w.]+ ")
ALONE = ("--jobs", "1")  # the start of two processes takes most of the time
SWEEP = ("--over", "states.BRA.burden=0.03..0.05", "-n", "4", "--runs", "2", *ALONE)
CALLS = {
    "sweep": ("sweep", SMALL, *SWEEP),
    "comparison": ("compare", f"{SMALL}:no_sale", f"{SMALL}:sale", "--runs", "4", "--attribute",
                   *ALONE),
    "sensitivity": ("sensitivity", SMALL, "--variant", "sale", "--outcome", "cohesion NORTH",
                    "-n", "2", "--runs", "2", *ALONE),
}  # fmt: skip
SWEPT = ("--over", "blocs.NORTH.preference=0..0.9", "-n", "20", "--runs", "2", *ALONE)
LATER = {  # of commands that read a folder made before
    "calibration": ("calibrate", "fitted/small.yaml", "--vantage", "2019-Q4", "--points", "100",
                    "--checks", "10", "--parameters", "laws.consent.base,states.DEL.import_share",
                    *ALONE),
    "backtest": ("backtest", "history/small.yaml", "--transfers", "history/tiv.csv",
                 "--origin", "2014", "--horizon", "2", "--runs", "4", *ALONE),
    "discovery": ("discover", "swept", "--variant", "sale", "--box", "2"),
}  # fmt: skip
OWN = ("tables: ", "none missing", "left out, ", "figures")  # of the work and its files


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
    monkeypatch.setattr(inference, "TREES", 20)
    monkeypatch.setattr(gravity, "TRIES", 2)

    @cache
    def of_kind(kind):
        folder = tmp_path / kind
        call = CALLS[kind] if kind in CALLS else prepared(kind, tmp_path, blocsim)
        code, out, err = blocsim(*call, "--out", folder)
        assert code == 0, err
        return out, parsed(report_text(folder))

    return of_kind


def prepared(kind, place, blocsim):
    """Make what a command reads, and return it."""
    call = [*LATER[kind]]
    if kind == "calibration":
        (place / "fitted").mkdir()
        with_patterns(place / "fitted")
    elif kind == "backtest":
        (place / "history").mkdir()
        laid_out(place / "history")
    else:
        code, _, err = blocsim("sweep", SMALL, *SWEPT, "--out", place / "swept")
        assert code == 0, err
        outcome = "participation BRA:NORTH"
        values = pd.read_csv(place / "swept" / "points.csv")
        middle = values.loc[values["variant"] == "sale", outcome].median()
        call += ["--outcome", f"{outcome} > {middle:.6g}"]
    return call


@pytest.mark.parametrize("kind", [*CALLS, *LATER])
def test_every_number_that_a_command_prints_is_on_the_page(kind, answered):
    out, tree = answered(kind)
    lines = told(out)
    printed = numbers_of("\n".join(lines))
    lacking = printed - numbers_on(tree)
    assert len(printed) > 10
    assert not lacking, [line for line in lines if numbers_of(line) & lacking]


def test_a_page_has_as_many_rows_of_indices_as_the_terminal():
    assert SHOWN == MOST
