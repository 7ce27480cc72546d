from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from sim.cli import main

pytest.importorskip("SALib", reason="needs the extra `analysis`")

SMALL = str(Path(__file__).parents[1] / "experiments" / "small.yaml")
BURDEN, PREFERENCE = "states.BRA.burden=0.02..0.06", "blocs.NORTH.preference=0..0.9"


def ended(*arguments):
    with pytest.raises(SystemExit) as leaving:
        raise SystemExit(main([str(each) for each in arguments]))
    return leaving.value.code or 0


def test_sensitivity_and_discovery_from_the_command_line(tmp_path, capsys):
    name = "participation BRA:NORTH"
    arguments = ["sensitivity", SMALL, "--over", BURDEN, "--over", PREFERENCE, "--jobs", 1]
    arguments += ["--outcome", name, "--outcome", "sold ALF>DEL missile by 2020-Q4"]
    arguments += ["-n", 8, "--runs", 2, "--out", tmp_path / "s"]
    assert ended(*arguments) == 0
    said = capsys.readouterr().out
    assert "morris, 8 trajectories, over 2 parameters" in said
    assert "blocs.NORTH.preference" in said
    assert "sold ALF>DEL missile by 2020-Q4: constant at 1; it has no indices" in said
    figures = sorted(path.name for path in (tmp_path / "s" / "figures").iterdir())
    assert figures == ["sensitivity_participation_BRA_NORTH.svg"]
    points = pd.read_csv(tmp_path / "s" / "runs" / "points.csv")[name]
    middle = points.median()
    what = ["discover", tmp_path / "s", "--outcome", f"{name} > {middle:.6g}"]
    assert ended(*what, "--format", "png", "--format", "svg") == 0
    said = capsys.readouterr().out
    assert f"box 1: {name} > " in said
    figures = sorted(path.name for path in (tmp_path / "s_discovery" / "figures").iterdir())
    assert figures == ["box_1.png", "box_1.svg"]
    assert len(pd.read_csv(tmp_path / "s_discovery" / "boxes.csv")) >= 1
    assert ended(*what) == 2


def test_a_sobol_analysis_off_a_terminal_needs_yes(tmp_path, capsys):
    arguments = ["sensitivity", SMALL, "--method", "sobol", "--over", BURDEN, "--over", PREFERENCE]
    arguments += ["-n", 4, "--runs", 2, "--out", tmp_path / "s", "--jobs", 1]
    assert ended(*arguments) == 2
    assert "16 points x 2 runs are 32 runs: confirm them with --yes" in capsys.readouterr().err
    assert not (tmp_path / "s").exists()


def test_a_paired_difference_names_both_variants_in_print_and_in_figures(tmp_path, capsys):
    name = "affinity BRA>ALF mean 2020-Q3..2020-Q4"
    arguments = ["sensitivity", SMALL, "--over", BURDEN, "--over", PREFERENCE, "--jobs", 1]
    arguments += ["--outcome", name, "--variant", "sale", "--versus", "no_sale"]
    assert ended(*arguments, "-n", 2, "--runs", 2, "--out", tmp_path / "s") == 0
    said = capsys.readouterr().out
    assert "morris, 2 trajectories, over 2 parameters, sale less no_sale\n" in said
    assert f"{name}, sale less no_sale" in " ".join(said.split())
    (figure,) = (tmp_path / "s" / "figures").iterdir()
    text = " ".join(re.findall(r">([^<]+)</text>", figure.read_text("utf-8")))
    assert "What drives it: how Bravo regards Alfa, sale less no_sale" in text


def test_a_sweep_says_in_what_share_of_the_points_a_variant_differs_by_sign(tmp_path, capsys):
    what = ["sweep", SMALL, "--over", BURDEN, "--design", "grid", "-n", 2, "--runs", 2]
    assert ended(*what, "--versus", "baseline", "--out", tmp_path / "s", "--jobs", 1) == 0
    said = capsys.readouterr().out
    assert "sale less baseline, share of the points" in said
    assert "up at" in said
    assert ended(*what, "--versus", "nobody", "--out", tmp_path / "t") == 2
    assert '--versus: no variant "nobody"' in capsys.readouterr().err
