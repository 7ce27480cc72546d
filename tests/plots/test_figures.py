"""Content of each figure: labels with units, titles with the number of runs, the right numbers."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pandas as pd
import pytest
from matplotlib import rc_context, rcParams
from matplotlib.colors import to_hex
from matplotlib.patches import FancyArrowPatch

from sim.kernel.errors import ResultError
from sim.metrics.catalogue import METRICS
from sim.plots import arms_flows, draw_all, figures_of, pattern_bands, sale_stages
from sim.plots.arms_flows import _width
from sim.plots.difference_bands import limits_of
from sim.plots.figure_data import FigureData, NamedOutcome
from sim.plots.pages import our_look
from sim.plots.style import COLOURS, looks, signed
from sim.records.kinds import RUN
from tests.plots.built import build, subjects, words

SOURCE = ["Source: blocsim, made, seed 3, 8 runs of a variant, which differ by chance alone.",
          "A scenario, not a forecast."]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cohesion", ["0 to 1", "Cohesion of UNION", "8 runs", "50 and 90 %"]),
        ("differences", ["in standard deviations", "8 runs", "other less baseline", "0 to 1"]),
        ("contrast", ["other less baseline, over time", "Cohesion of UNION", "8 runs"]),
        (
            "timeline",
            ["Disengagement of members from UNION", "war of Beland on Aland", "8 runs"],
        ),
        ("deterrence", ["share of asset value", "Aland against Beland, striking first", "8 runs"]),
        ("arms_flows", ["TIV a year", "member of UNION", "Before 2018-Q1", "8 runs"]),
        ("regard", ["Regard among the members of UNION", "At the start: 2018-Q1", "8 runs"]),
        ("supplier_shares", ["share of remembered imports (0 to 1)", "Suppliers of Aland"]),
        ("engagement", ["engagement (0 to 1)", "the leader, Celand, is left out", "8 runs"]),
        ("profile", ["Sides of the cohesion of UNION", "Content", "Alignment", "smallest effect"]),
        ("patterns", ["Patterns by variant", "5 to 95 % range over 8 runs", "band 50 or more"]),
        ("sale_stages", ["share of runs (%)", "sale of rocket by Celand to Beland", "8 runs"]),
    ],
)
def test_a_figure_names_units_runs_and_source(made, name, expected):
    text = words(build(made(), name))
    for part in [*expected, *SOURCE]:
        assert part in text
    assert name in figures_of(RUN)


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({"variants": ["baseline"]}, marks=pytest.mark.study),
        pytest.param({"dates": ["2018"]}, marks=pytest.mark.study),
        {"dates": ["2018-06", "2018-07"], "runs": 1},
        pytest.param({"dates": [str(year) for year in range(1990, 2020)]}, marks=pytest.mark.study),
        {"variants": [f"a_variant_with_a_long_name_{k}" for k in range(3)]},
        pytest.param(
            {"variants": [f"a_variant_with_a_long_name_{k}" for k in range(6)]},
            marks=pytest.mark.study,
        ),
        pytest.param({"names": ["cohesion UNION", "cohesion LEAGUE"]}, marks=pytest.mark.study),
        {"states": {}},
        {"flows": {}},
    ],
    ids=lambda parts: next(iter(parts)),
)
def test_any_shape_of_result_can_be_drawn_without_a_warning(made, parts):
    names = (
        ["arms_flows", "regard", "supplier_shares"]
        if {*parts} & {"states", "flows"}
        else figures_of(RUN)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        folder = made(**parts)
        assert [build(folder, name, each) for name in names for each in subjects(folder, name)]


@pytest.mark.study
def test_no_text_leaves_its_figure(made):
    folder = made(variants=["baseline", *(f"variant_with_a_long_name_{k}" for k in range(9))])
    for name in figures_of(RUN):
        figure = build(folder, name)
        with our_look():
            drawn, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
        assert drawn.x0 >= 0, name
        assert drawn.y0 >= 0, name
        assert drawn.x1 <= width, name
        assert drawn.y1 <= height, name


def test_cohesion_has_a_panel_a_variant_with_both_bands(made):
    figure = build(made(variants=["one", "two", "three"]), "cohesion")
    shown = [ax for ax in figure.axes if ax.get_visible()]
    assert [ax.get_title(loc="left") for ax in shown] == ["one", "two", "three"]
    assert [len(ax.collections) for ax in shown] == [2, 2, 2]
    assert [len(ax.lines) for ax in shown] == [1, 2, 2]  # others show the first one's mean too


def test_cohesion_draws_the_means_of_the_table_and_says_so(made):
    folder = made()
    rows = pd.read_csv(folder / "series.csv").query(
        "metric == 'cohesion' and subject == 'UNION' and variant == 'other'"
    )
    figure = build(folder, "cohesion")
    line = figure.axes[1].lines[0]
    assert rows["mean"].to_numpy() != pytest.approx(rows["q50"].to_numpy())
    assert line.get_ydata() == pytest.approx(rows["mean"].to_numpy())
    assert "Mean over " in words(figure)
    assert "edian" not in words(figure)
    assert line.get_xdata() == pytest.approx(2018 + np.arange(12) / 4)


def test_only_blocs_that_outcomes_name_are_drawn(made):
    assert subjects(made(), "cohesion") == ["UNION"]
    assert subjects(made(names=["exits LEAGUE", "participation AAA:UNION"]), "cohesion") == [
        "LEAGUE",
        "UNION",
    ]


def test_rivals_have_a_panel_a_variant_with_four_lines_and_those_of_the_first(made):
    folder = made(variants=[f"variant_{k}" for k in range(7)])
    shown = [ax for ax in build(folder, "deterrence").axes if ax.get_visible()]
    assert [ax.get_title(loc="left") for ax in shown] == [f"variant_{k}" for k in range(7)]
    assert [len(ax.lines) for ax in shown] == [4, 6, 6, 6, 6, 6, 6]
    rows = pd.read_csv(folder / "series.csv").query(
        "metric == 'second_strike' and subject == 'BBB>AAA' and variant == 'variant_6'"
    )
    assert any(
        list(line.get_ydata()) == pytest.approx(rows["mean"].tolist()) for line in shown[-1].lines
    )


def test_rivals_are_drawn_once_in_the_direction_named_first(made):
    assert subjects(made(names=["second_strike BBB>AAA", "exposure AAA>BBB"]), "deterrence") == [
        "BBB>AAA"
    ]
    assert subjects(made(names=["affinity BBB>AAA"]), "deterrence") == []


def test_differences_are_drawn_in_units_of_the_spread_over_all_variants(made):
    folder = made()
    figure = build(folder, "differences", "blocs")
    values = pd.read_csv(folder / "outcomes.csv")["cohesion UNION"]
    rows = pd.read_csv(folder / "differences.csv").query("outcome == 'cohesion UNION'")
    expected = float(rows["mean"].iloc[0]) / values.std(ddof=0)
    dots = [line for line in figure.axes[0].lines if line.get_marker() in {"o", "s"}]
    drawn = {y: x for line in dots for x, y in zip(*line.get_data(), strict=True)}
    assert drawn[0] == pytest.approx(expected)
    assert signed(float(rows["mean"].iloc[0])) in words(figure)


def test_outcomes_stand_on_the_page_of_their_kind(made):
    folder = made()
    assert subjects(folder, "differences") == ["blocs", "states", "sales"]
    text = words(build(folder, "differences", "states"))
    assert "Share of Beland's assets that Aland could destroy" in text
    assert "Cohesion" not in text


def test_more_outcomes_than_fit_go_to_further_pages(made):
    names = [f"cohesion UNION at {date}" for date in range(2000, 2040)]
    assert subjects(made(names=names), "differences") == ["blocs 1", "blocs 2", "blocs 3"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.0123, "+0.012"),
        (-0.5, "\N{MINUS SIGN}0.50"),
        (23.4, "+23"),
        (-0.00002, "\N{MINUS SIGN}2e-5"),
        (4e-18, "0"),
    ],
)
def test_a_difference_is_written_with_its_sign_and_two_digits(value, text):
    assert signed(value) == text


def test_arms_flows_are_as_wide_as_their_tiv(made):
    figure = build(made(flows={("CCC", "AAA"): 500.0, ("DDD", "BBB"): 250.0}), "arms_flows")
    arrows = [each for each in figure.axes[0].patches if isinstance(each, FancyArrowPatch)]
    widths = sorted(arrow.get_linewidth() for arrow in arrows)
    assert widths == pytest.approx([_width(50.0, 100.0), _width(100.0, 100.0)])


def test_deliveries_at_the_end_are_a_mean_over_five_years(made):
    folder = made(dates=[str(year) for year in range(2001, 2011)])
    rows = pd.read_csv(folder / "series.csv").query(
        "metric == 'supplied' and subject == 'CCC>AAA' and variant == 'baseline' and date > 2005"
    )
    flows, span = arms_flows._after(FigureData.read(folder))
    assert span == "2006 to 2010"
    assert flows["CCC", "AAA"] == pytest.approx(rows["mean"].sum() / 5)


def test_a_result_without_deliveries_says_so_over_its_panel(made):
    figure = build(made(metrics=["cohesion", "supplier_share"]), "arms_flows")
    titles = [title for ax in figure.axes if (title := ax.get_title(loc="left"))]
    assert titles == ["Before 2018-Q1: remembered imports", "No deliveries in series.csv"]


def test_supplier_shares_are_stacked_to_their_sum(made):
    folder = made()
    figure = build(folder, "supplier_shares", "BBB")
    rows = pd.read_csv(folder / "series.csv").query(
        "metric == 'supplier_share' and variant == 'baseline' and subject in ['CCC>BBB', 'DDD>BBB']"
    )
    layers = figure.axes[0].collections
    assert len(layers) == 2
    top = max(layer.get_paths()[0].vertices[:, 1].max() for layer in layers)
    assert top == pytest.approx(rows.groupby("date")["mean"].sum().max())


def test_suppliers_too_small_to_be_named_are_others(made):
    folder = made()
    path = folder / "series.csv"
    rows = pd.read_csv(path)
    small = (rows["metric"] == "supplier_share") & (rows["subject"] == "DDD>BBB")
    rows.loc[small, ["mean", "q05", "q25", "q50", "q75", "q95"]] = 0.004
    rows.to_csv(path, index=False)
    legend = build(folder, "supplier_shares", "BBB").legends[0]
    assert [text.get_text() for text in legend.get_texts()] == ["others", "Celand"]


@pytest.mark.parametrize("value", ["inf", "-inf", "1e308", "1.5"])
@pytest.mark.parametrize("column", ["mean", "q95"])
def test_a_number_that_no_metric_can_have_is_not_drawn(made, value, column):
    folder = made()
    path = folder / "series.csv"
    rows = pd.read_csv(path)
    rows[column] = rows[column].astype(object)
    rows.loc[rows.index[rows["metric"] == "cohesion"][3], column] = value
    rows.to_csv(path, index=False)
    line = rows.index[rows["metric"] == "cohesion"][3] + 2
    with pytest.raises(ResultError) as caught:
        draw_all(folder, ["cohesion"])
    assert str(caught.value) == (
        f"{path}, line {line}: {column} cannot be {float(value):g}; the result is damaged"
    )


@pytest.mark.parametrize(
    ("table", "column", "figure"),
    [
        ("outcomes", "hhi AAA", "differences"),
        ("differences", "high", "differences"),
        ("ties", "mean", "arms_flows"),
        ("transfers", "stalled", "sale_stages"),
        ("patterns", "low", "patterns"),
    ],
)
def test_no_table_is_drawn_with_a_number_that_is_none_of_ours(made, table, column, figure):
    folder = made()
    path = folder / f"{table}.csv"
    rows = pd.read_csv(path)
    rows[column] = rows[column].astype(float)
    rows.loc[1, column] = 1e300
    rows.to_csv(path, index=False)
    with pytest.raises(ResultError, match=f"{table}.csv, line 3: {column} cannot be 1e.300"):
        draw_all(folder, [figure])


def test_a_supplier_looks_the_same_for_every_recipient(made):
    folder = made()
    looks_of = {}
    for recipient in ("AAA", "BBB"):
        legend = build(folder, "supplier_shares", recipient).legends[0]
        looks_of[recipient] = {
            text.get_text(): to_hex(patch.get_facecolor())
            for text, patch in zip(legend.get_texts(), legend.get_patches(), strict=True)
        }
    assert looks_of["AAA"]["Celand"] == looks_of["BBB"]["Celand"]
    assert len(set(looks_of["BBB"].values())) == 2


def test_the_furthest_stage_of_a_sale_counts(made):
    folder = made(runs=4, stages=("refused",))
    path = folder / "transfers.csv"
    rows = pd.read_csv(path)
    again = rows[(rows["variant"] == "baseline") & (rows["run"] < 2)].assign(stage="delivered")
    stalled = rows[(rows["variant"] == "other") & (rows["run"] == 0)].assign(
        stage="ordered", stalled=1
    )
    rows = rows[~((rows["variant"] == "other") & (rows["run"] == 3))]
    pd.concat([rows, again, stalled]).to_csv(path, index=False)
    shares = sale_stages._shares(FigureData.read(folder), "CCC>BBB rocket")
    assert shares.loc["baseline"].to_dict() == {
        "delivered": 0.5,
        "stalled": 0.0,
        "refused": 0.5,
        "never requested": 0.0,
    }
    assert shares.loc["other"].tolist() == [0.0, 0.25, 0.5, 0.25]


def test_stages_of_the_first_runs_alone_are_said_to_be_theirs(made):
    folder = made(runs=1200)
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"transfer_runs": 100}))
    text = words(build(folder, "sale_stages"))
    assert "by the end of a run: first 100 of 1,200 runs of each variant" in text


def test_lines_differ_in_colour_dash_and_marker():
    drawn = list(looks([str(k) for k in range(7)]).values())
    for part in ("colour", "dash", "marker"):
        assert len({getattr(look, part) for look in drawn}) == 7
    assert len(COLOURS) == 7
    many = looks([str(k) for k in range(49)]).values()
    assert len({(look.colour, look.dash, look.marker) for look in many}) == 49


def test_a_column_is_read_as_the_outcome_it_spells():
    assert NamedOutcome.read("sold CCC>BBB rocket by 2018") == NamedOutcome(
        "sold CCC>BBB rocket by 2018", "sold", "CCC>BBB", "rocket", "by 2018"
    )
    assert NamedOutcome.read("hhi AAA").window == ""
    assert NamedOutcome.read("blocs.UNION.norm") is None
    assert NamedOutcome.read("run") is None


def test_a_band_is_drawn_from_0_to_1_and_an_open_one_is_closed_by_history():
    scale = pattern_bands.scale
    nan = float("nan")
    assert scale(0.2, 0.4, 0.3) == (0.2, 0.4)
    assert scale(50, nan, 230) == (50, 410)  # history is at one half
    assert scale(nan, 1.5, 1.0) == (0.5, 1.5)
    assert scale(1, 1, 1) == (0.5, 1.5)
    assert scale(2, nan, nan) == (2, 6)


def test_only_checks_with_a_band_that_the_runs_cover_are_drawn(made):
    labels = [label.get_text() for label in build(made(), "patterns").axes[0].get_yticklabels()]
    assert labels[:2] == ["baseline", "A1 share"]
    assert len(labels) == 14  # of two variants, each under its name
    assert "A3 elsewhere" not in labels


def test_what_a_user_has_set_in_matplotlib_changes_no_byte(made):
    folder = made()
    plain = {file: file.read_bytes() for file in draw_all(folder, ["sale_stages"])}
    theirs = {"figure.facecolor": "black", "text.usetex": True, "svg.hashsalt": "x"}
    with rc_context(theirs):
        assert {file: file.read_bytes() for file in draw_all(folder, ["sale_stages"])} == plain
        assert rcParams["figure.facecolor"] == "black"


def test_variants_whose_deterrence_looks_alike_share_a_panel(made):
    folder = made(variants=["baseline", "other", "same"])
    table = pd.read_csv(folder / "series.csv")
    kept = table[table["variant"] != "same"]
    copy = table[table["variant"] == "baseline"].assign(variant="same")
    pd.concat([kept, copy]).to_csv(folder / "series.csv", index=False)
    figure = build(folder, "deterrence")
    assert {ax.get_title(loc="left") for ax in figure.axes if ax.get_visible()} == {
        "baseline", "other",
    }  # fmt: skip
    assert "As in baseline: same." in words(figure)


def test_rivals_of_whom_neither_can_destroy_anything_have_no_figure(made):
    folder = made()
    table = pd.read_csv(folder / "series.csv")
    numbers = table.select_dtypes(float).columns.difference(["year"])
    table.loc[table["metric"].isin(["exposure", "second_strike"]), numbers] = 0.0
    table.to_csv(folder / "series.csv", index=False)
    assert subjects(folder, "deterrence") == []


def test_an_axis_of_differences_is_as_wide_as_the_smallest_effect_of_the_scenario(made):
    tables = FigureData.read(made())
    rows = pd.DataFrame({name: [0.001] for name in ("mean", "low", "high", "q05", "q95")})
    before = limits_of(tables, "cohesion", rows)
    own = {"cohesion": 5 * METRICS["cohesion"].smallest}
    tables.manifest.setdefault("scenario", {}).setdefault("document", {})["smallest"] = own
    assert np.ptp(limits_of(tables, "cohesion", rows)) == pytest.approx(5 * np.ptp(before))
