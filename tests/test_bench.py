"""The table that `make bench` keeps."""

from __future__ import annotations

import re
import subprocess
import sys
from argparse import Namespace

import pandas as pd
import pytest

from bench import scale, versions
from bench.checkouts import COMMIT, ROOT
from bench.deal_prices import priced
from bench.million import million
from bench.page_times import page_times
from bench.run import Line, page, pages, paired
from tests.experiments.conftest import SMALL
from tests.patience import PATIENCE

FAST = Line("kernel", 4.2, 3.8, "1,800 runs/s", "430 runs/s")
SLOW = Line("start", 0.61, 0.5, "2.4 s", "3.9 s", most=True)


def test_a_limit_is_the_least_or_the_most_that_is_allowed():
    assert FAST.holds
    assert not SLOW.holds
    assert FAST.cells() == ("kernel", "4.2", ">= 3.8", "yes", "1,800 runs/s", "430 runs/s")
    assert SLOW.cells() == ("start", "0.61", "<= 0.5", "no", "2.4 s", "3.9 s")


def test_the_ratio_of_sides_is_the_median_over_rounds_of_pairs():
    line = paired("kernel", 3.8, [1.0, 2.0, 1.0], [4.0, 9.0, 5.0])
    assert line.ratio == 4.5
    assert line.today == "500 runs/s"


def test_versions_are_side_by_side(tmp_path):
    for version, lines in {"0.10.0": [FAST, SLOW], "0.9.0": [SLOW]}.items():
        (tmp_path / f"{version}.md").write_text(page(["here"], lines))
    versions.keep(tmp_path)
    versions.keep(tmp_path)  # its own page is not a version
    text = (tmp_path / "README.md").read_text()
    assert re.findall(r"^\|(.*)\|$", text, re.MULTILINE) == [
        "  | limit | 0.9.0 | 0.10.0 ",
        "---|---|---|---",
        " kernel | >= 3.8 | - | 4.2 ",
        " start | <= 0.5 | 0.61 | 0.61 ",
    ]


def test_the_kept_table_is_that_of_the_kept_pages():
    kept = (versions.RESULTS / versions.PAGE).read_text(encoding="utf-8")
    assert kept == versions.side_by_side(versions.pages(versions.RESULTS))


def test_the_page_has_a_row_a_line():
    text = page(["here, today"], [FAST, SLOW])
    assert re.findall(r"^\| (\w+) ", text, re.MULTILINE) == ["kernel", "start"]
    assert "here, today" in text


def test_the_times_of_pages_are_those_of_pages_that_answer():
    found = list(page_times(SMALL, times=1))
    assert [most for _, _, most in found] == [1.0, 0.1, 5.0]
    assert all(seconds > 0 for _, seconds, _ in found)


def test_where_no_browser_is_the_pages_are_timed_without_one_and_that_is_said(monkeypatch, capsys):
    monkeypatch.setattr("bench.run.page_times", lambda _: [("a page", 0.2, 1.0)])
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    assert [line.name for line in pages(ROOT, 1)] == ["a page, s"]
    assert "playwright is not installed (`make browser`" in capsys.readouterr().out


def git(*arguments):
    line = ["git", *arguments]
    return subprocess.run(
        line, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE
    ).stdout


def test_the_release_before_is_a_commit_of_this_history():
    if git("rev-parse", "--is-shallow-repository") != "false\n":
        pytest.skip("no clone, or one without its history")
    assert git("cat-file", "-t", COMMIT) == "commit\n"


@pytest.mark.study
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_sweep_on_a_cluster_of_processes_survives_two_kills_in_constant_memory(tmp_path, capsys):
    pytest.importorskip("distributed", reason="needs the extra `cluster`")
    assert million(6_000, 2_000, 2, tmp_path) == []
    assert "worker killed at" in capsys.readouterr().out


@pytest.mark.parametrize("engine", ["numpy", pytest.param("compiled", marks=pytest.mark.study)])
def test_the_cost_of_a_world_is_measured_on_either_engine(engine, tmp_path):
    file = scale.written(tmp_path, states=5, periods=2)
    found = scale.cost(engine, str(file), Namespace(runs=3, rounds=2))
    assert found["seconds"] > 0
    assert found["offers"] > 0
    assert (found["first"] > 0) == (engine == "compiled")


def test_exponents_are_those_from_a_row_to_the_next(monkeypatch, tmp_path, capsys):
    costs = {10: 1.0, 20: 4.0, 40: 32.0}

    def child(_, file, __):
        states = int(file.stem.rpartition("_")[2])
        return {"offers": 3, "seconds": costs[states], "first": 0.0, "mb": 1.0}

    monkeypatch.setattr(scale, "_child", child)
    scale.table(tmp_path, Namespace(engines=["numpy"], states=[10, 20, 40], periods=2, runs=4))
    rows = [line.split(" | ") for line in capsys.readouterr().out.splitlines()[3:]]
    assert [row[3:5] for row in rows] == [["125", ""], ["500", "2.00"], ["4e+03", "3.00"]]


def test_a_price_is_read_from_a_comment_unless_it_is_of_a_larger_deal():
    deals = pd.DataFrame(
        [
            ("RUS", "A", 2016, 10.0, "$20 m deal; Mi-17V-5 version", 2.0),
            ("USA", "A", 2016, 500.0, "Second-hand; $1.1-1.3 b (EUR1 b) deal", 2.2),
            ("USA", "B", 2016, 10.0, "Part of $900 m deal", None),
            ("FRA", "A", 2016, 10.0, "$90 m deal", None),  # with the next
            ("FRA", "A", 2016, 20.0, "$90 m deal", None),
            ("FRA", "B", 2021, 10.0, "$20 m deal", None),
            ("FRA", "B", 2016, 10.0, "", None),
        ],
        columns=["supplier", "recipient", "order_year", "tiv_ordered", "comments", "price"],
    )
    found = priced(deals.drop(columns="price"))
    assert found["price"].to_dict() == pytest.approx(deals["price"].dropna().to_dict())
