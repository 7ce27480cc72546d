"""Every kind of result has a figure: sweeps, comparisons, analyses, discoveries, audits."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sim.metrics.catalogue import METRICS
from sim.plots import FIGURES, FigureError, draw_all, figures_of, tornado_bars
from sim.plots.comparison_rows import build_shares, sides
from sim.plots.figure_data import FigureData
from sim.plots.pages import RECIPES, asked, our_look
from sim.plots.swept_points import SweptPoints, known, places
from sim.records.kinds import KINDS
from tests.plots.built import words

NAMES = ["cohesion UNION", "exposure AAA>BBB mean 2018-Q1..2018-Q4", "exits UNION"]
PATHS = ["states.AAA.find", "blocs.UNION.norm", "laws.threat.weight"]
ABOUT = {"format": 3, "inputs": {"scenario": "made", "seed": 3, "runs": 5}, "files": {}}


def written(folder, **tables):
    for name, rows in tables.items():
        pd.DataFrame(rows).to_csv(folder / f"{name}.csv", index=False)
    return folder


def sweep(folder, size=40):
    rng = np.random.default_rng(1)
    design = pd.DataFrame({path: rng.random(size) for path in PATHS})
    design.insert(0, "point", range(size))
    points = [
        design.assign(
            variant=variant,
            **{
                NAMES[0]: 0.3 + 0.4 * design[PATHS[0]] + 0.1 * design[PATHS[1]] + shift,
                NAMES[1]: 0.5 - 0.4 * design[PATHS[1]],
                NAMES[2]: 0.0,
            },
        )
        for shift, variant in ((0.0, "baseline"), (0.1, "other"))
    ]
    columns = ["variant", "point", *PATHS, *NAMES]
    about = {
        "sweep": {"paths": PATHS},
        **ABOUT["inputs"],
    }
    manifest = {
        **ABOUT,
        "inputs": about,
        "variants": ["baseline", "other"],
        "outcomes": NAMES,
        "scenario": {"name": "made", "document": {}},
        "fixed_by_variant": {"other": [PATHS[2]]},
        "table": {"points": size, "replicates": 5, "rows": 2, "sha256": ""},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return written(folder, design=design, points=pd.concat(points)[columns])


def comparison(folder):
    differences = [
        {"outcome": name, "runs": 9, "one": 0.2, "other": 0.2 + apart, "difference": apart,
         "low": apart - 0.1, "high": apart + 0.1, "changed": 1, "pairing": 2,
         "low90": apart - 0.08, "high90": apart + 0.08, "smallest": 0.1, "d": 1, "above": 1,
         "below": 0, "verdict": "larger", "outcome_other": name}
        for name, apart in zip(NAMES, (0.3, -0.4, 0.0), strict=True)
    ]  # fmt: skip
    shares = [
        {"outcome": name, "input": f"events.{k}", "share": apart / 20, "low": apart / 20 - 0.1,
         "high": apart / 20 + 0.1}
        for name, apart in zip(NAMES, (0.3, -0.4, 0.0), strict=True) for k in range(20)
    ]  # fmt: skip
    runs = [{"outcome": NAMES[0], "run": 0, "one": 0.2, "other": 0.5}]
    return written(folder, differences=differences, attribution=shares, runs=runs)


def sensitivity(folder):
    rows = [
        {"outcome": name, "rank": k, "parameter": "dummy" if k == 0 else f"laws.law.p{k}",
         "mu_star": 1 / (k + 1), "mu_star_low": 0, "mu_star_high": 2 / (k + 1), "mu": 0, "sigma": 1,
         "law": "law", "block": "laws", "source": "assumptions" if k % 2 else "facts", "share": 0.1}
        for name in NAMES[:2] for k in range(25)
    ]  # fmt: skip
    outcomes = [
        {"outcome": name, "status": "analysed", "points": 128, "undefined": 0, "mean": 0, "sd": 1,
         "least": 0, "most": 1, "method": "morris", "variant": "other", "runs": 5,
         "versus": "baseline"}
        for name in NAMES[:2]
    ]  # fmt: skip
    (folder / "sensitivity.json").write_text(json.dumps(ABOUT))
    return written(folder, indices=rows, outcomes=outcomes)


def discovery(folder):
    limits = {"texts": "", "least": 0, "most": 1, "qp_low": 0.1, "qp_high": 0.2, "inside": 9,
              "coverage": 0.7, "density": 0.9, "mass": 0.2, "of_interest": 8}  # fmt: skip
    boxes = [
        {"box": 1, "path": PATHS[0], "low": 0.3, "high": np.nan, **limits},
        {"box": 1, "path": PATHS[1], "low": 0.1, "high": 0.8, **limits},
        {"box": 1, "path": "rules.threat", "low": np.nan, "high": np.nan, **limits, "texts": "a|b"},
    ]
    steps = [
        {"step": k, "coverage": 1 - k / 10, "density": 0.5 + k / 20, "mass": 1, "res_dim": k // 2,
         "chosen": k == 4, "box": 1}
        for k in range(6)
    ]  # fmt: skip
    return written(folder, boxes=boxes, trajectory=steps)


def audit(folder):
    numbers = [
        {"path": f"{block}.{k}", "block": block, "kind": kind, "source": "", "value": 1, "unit": "",
         "dist": "", "low": 0, "high": 1}
        for block in ("states", "laws") for k, kind in enumerate(("sourced", "assumed", "mixed"))
    ]  # fmt: skip
    ends = {"first": 0.2, "first_low": -0.2, "first_high": 0.5, "total": 0.4, "total_low": 0.1,
            "total_high": 2.0}  # fmt: skip
    outcomes = [
        {"outcome": name, "mean": 0, "sd": 1, "defined": 1, "group": group, "inputs": 3, **ends}
        for name in NAMES for group in ("sourced", "assumed", "chance")
    ]  # fmt: skip
    return written(folder, audit_numbers=numbers, audit_outcomes=outcomes)


def ablation(folder):
    kinds = {"outcome": ("baseline", ""), "contrast": ("other", "baseline")}
    signs = {"norm": 2, "balance": -7, "idle": 0}
    rows = [
        {"mechanism": name, "setting": setting, "against": "all" if setting == "off" else "none",
         "kind": kind, "subject": subject, "variant": variant, "versus": versus, "runs": 9,
         "level": 0.1, "difference": size * place / 10, "low": -1, "high": 1, "changed": 0.5,
         "smallest": 0.1, "verdict": "larger" if size * place > 1 else "none", "mark": "",
         "mark_against": ""}
        for name, size in signs.items()
        for setting in ("off", "alone")
        for kind, (variant, versus) in kinds.items() for place, subject in enumerate(NAMES)
    ]  # fmt: skip
    check = {**rows[0], "kind": "check", "subject": "P1.share", "mark": "inside",
             "mark_against": "outside", "difference": 1}  # fmt: skip
    about = {"settings": 8, "replicates": 9, "rows": 99, "mechanisms": ["norm"]}
    manifest = {**ABOUT, "variants": ["baseline", "other"], "outcomes": NAMES, "ablation": about,
                "scenario": {"name": "made", "document": {}}}  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return written(folder, ablation=[*rows, check])


MAKERS = {"sweep": sweep, "ablation": ablation, "comparison": comparison,
          "sensitivity analysis": sensitivity, "discovery": discovery, "audit": audit}  # fmt: skip


@pytest.mark.parametrize("kind", MAKERS)
def test_every_figure_of_a_kind_is_drawn_and_keeps_to_its_page(kind, tmp_path):
    folder, said = MAKERS[kind](tmp_path), []
    tables = FigureData.read(folder)
    assert tables.kind.name == kind
    for name in figures_of(tables.kind):
        for subject in RECIPES[name].subjects(tables):
            with our_look(), warnings.catch_warnings():
                warnings.simplefilter("error")
                figure = RECIPES[name].build(tables, subject)
                figure.draw_without_rendering()
                drawn, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
            assert min(drawn.x0, drawn.y0) >= 0, name
            assert drawn.x1 <= width, name
            assert drawn.y1 <= height, name
            assert "A scenario, not a forecast." in words(figure)
    files = draw_all(folder, figures_of(tables.kind)[-1:], say=said.append)
    assert files
    assert said == []


def test_every_kind_of_result_has_a_figure():
    assert all(figures_of(kind) for kind in KINDS)
    assert {name for kind in KINDS for name in figures_of(kind)} == set(FIGURES)


def test_a_tornado_goes_from_the_lowest_third_to_the_highest(tmp_path):
    points = SweptPoints(FigureData.read(sweep(tmp_path)))
    effects = points.effects(NAMES[0], "baseline")
    assert list(effects.index[:2]) == PATHS[:2]  # the one that moves it more comes first
    rows = points.rows("baseline")
    lowest = rows.nsmallest(13, PATHS[0])[NAMES[0]]
    assert effects.loc[PATHS[0], "low"] == pytest.approx(lowest.mean(), rel=0.05)
    assert list(points.effects(NAMES[0], "other").index) == PATHS[:2]  # it sets the third itself
    with our_look():
        text = words(tornado_bars.build(points.tables, NAMES[0]))
    assert "What moves it: cohesion of UNION" in text
    assert "not varied" in text


def test_outcomes_that_never_differ_are_left_out(tmp_path):
    tables = FigureData.read(sweep(tmp_path))
    assert RECIPES["tornado"].subjects(tables) == NAMES[:2]


def test_a_variant_that_a_sweep_does_not_move_is_not_drawn_as_moved(tmp_path):
    points = SweptPoints(FigureData.read(sweep(tmp_path)))
    frame = points.frame
    other = frame["variant"] == "other"
    frame.loc[other, NAMES[0]] = 0.5
    assert points.moves(NAMES[0], "baseline")
    assert not points.moves(NAMES[0], "other")
    frame.loc[~other, NAMES[0]] = 0.4  # variants differ, points do not
    assert NAMES[0] not in [each.text for each in points.outcomes]


def test_paths_and_variants_of_a_sweep_are_those_asked_for(tmp_path):
    tables = replace(FigureData.read(sweep(tmp_path)), over=(PATHS[1],), shown=("other",))
    with our_look():
        figure = RECIPES["sweep_lines"].build(tables, NAMES[0])
    assert [ax.get_xlabel() for ax in figure.axes] == [PATHS[1]]
    assert [line.get_text() for line in figure.legends[0].get_texts()] == ["other"]
    with pytest.raises(FigureError, match="no swept path"):
        known(replace(tables, over=("states.AAA.fond",)))


def test_few_values_are_places_and_many_are_cut_into_parts():
    number, at = places(pd.Series([3.0, 1.0, 3.0, 2.0]))
    assert list(at) == [1, 2, 3]
    assert list(number) == [2, 0, 2, 1]
    number, at = places(pd.Series(np.arange(100.0)))
    assert len(at) == 8
    assert number.value_counts().max() <= 13


def test_a_waterfall_goes_from_one_level_to_the_other(tmp_path):
    tables = FigureData.read(comparison(tmp_path))
    with our_look():
        ax = build_shares(tables, NAMES[0]).axes[0]
    bars = [bar for bar in ax.patches if bar.get_width()]
    assert len(bars) == 15  # fourteen by name, the others as one
    assert bars[0].get_x() == pytest.approx(0.2)
    assert bars[-1].get_x() + bars[-1].get_width() == pytest.approx(0.5)
    named = [text.get_text() for text in ax.get_yticklabels()]
    assert "6 others" in named
    assert (named[0], named[-1]) == ("the one", "the other")


@pytest.mark.parametrize(
    ("other", "named"), [("made", ("plain", "moved")), ("second", ("made:plain", "second:moved"))]
)
def test_the_sides_of_a_comparison_have_the_names_in_which_they_differ(other, named):
    both = {
        side: {"name": f"{scenario}:{variant}", "variant": variant, "scenario": {"name": scenario}}
        for side, scenario, variant in (("one", "made", "plain"), ("other", other, "moved"))
    }
    assert sides(both) == named


def test_a_subject_is_asked_for_by_name(tmp_path):
    tables = FigureData.read(sweep(tmp_path))
    assert asked(tables, NAMES[1], ["tornado"]) == [("tornado", NAMES[1])]
    assert len(asked(tables, NAMES[1])) == 3
    with pytest.raises(FigureError, match='did you mean "cohesion UNION"'):
        asked(tables, "cohesion UNIO")
    alone = replace(tables, over=(PATHS[0],))  # one path makes no map
    assert [name for name, _ in asked(alone, NAMES[1])] == ["sweep_lines", "tornado"]


def test_a_table_of_a_sweep_is_drawn_by_itself(tmp_path):
    sweep(tmp_path)
    alone = tmp_path / "mine.csv"
    (tmp_path / "points.csv").rename(alone)
    tables = FigureData.of_file(alone)
    assert tables.kind.name == "sweep"
    assert RECIPES["sweep_map"].subjects(tables) == NAMES[:2]
    with our_look():
        assert "mine.csv" in words(RECIPES["sweep_map"].build(tables, NAMES[0]))


@pytest.mark.parametrize("recipe", ["sweep_lines", "tornado", "sweep_map"])
def test_the_scale_of_a_sweep_is_no_narrower_than_the_smallest_effect(tmp_path, recipe):
    points = pd.read_csv(sweep(tmp_path) / "points.csv")
    for size, said in ((1.0, False), (1e-5, True)):
        written(tmp_path, points=points.assign(**{NAMES[0]: 0.3 + size * points[NAMES[0]]}))
        tables = FigureData.read(tmp_path)
        with our_look():
            figure = RECIPES[recipe].build(tables, NAMES[0])
            figure.draw_without_rendering()
        ends = {
            "sweep_lines": figure.axes[0].get_ylim(),
            "tornado": figure.axes[0].get_xlim(),
            "sweep_map": figure.axes[-1].get_ylim(),
        }[recipe]
        assert ends[1] - ends[0] >= METRICS[NAMES[0].split()[0]].smallest * (1 - 1e-9)
        assert ("the scale is as wide as the smallest effect" in words(figure)) == said
