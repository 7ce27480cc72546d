"""Any metric of any subject, asked for by name: levels, differences and spreads."""

from __future__ import annotations

import warnings
from dataclasses import replace

import pandas as pd
import pytest

from sim.plots import FigureError
from sim.plots.figure_data import FigureData
from sim.plots.figure_query import FigureQuery, listed
from sim.plots.pages import our_look
from tests.plots.built import words


def drawn(folder, text, variants=(), **about):
    tables = replace(FigureData.read(folder), shown=variants)
    name, build = FigureQuery(text, **about).figure(tables)
    with our_look(), warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = build()
        figure.draw_without_rendering()
    return name, figure


@pytest.mark.parametrize("kind", ["", "difference", "spread"])
@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("cohesion UNION", "Cohesion of UNION"),
        ("participation AAA:UNION", "How far Aland takes part in UNION"),
        ("exposure AAA>BBB", "Share of Beland's assets that Aland could destroy"),
        ("supplied CCC>BBB", "Arms that Celand delivers to Beland"),
        ("insecurity AAA", "Insecurity of Aland"),
        ("sold CCC>BBB rocket by 2018-Q2", "Probability that Beland orders rocket from Celand"),
        ("engagement UNION mean 2018-Q1..2018-Q2", "How far members take part in UNION"),
    ],
)
def test_every_kind_of_subject_is_drawn_in_every_kind_of_figure(made, text, title, kind):
    _, figure = drawn(made(), text, kind=kind)
    assert title in words(figure)
    assert "Source: blocsim, made" in words(figure)


def test_a_level_is_that_of_the_table_in_the_variants_asked_for(made):
    folder = made(variants=["one", "two", "three"])
    name, figure = drawn(folder, "exposure AAA>BBB", variants=("two",))
    rows = pd.read_csv(folder / "series.csv").query(
        "metric == 'exposure' and subject == 'AAA>BBB' and variant == 'two'"
    )
    (ax,) = (ax for ax in figure.axes if ax.get_visible())
    assert ax.lines[0].get_ydata() == pytest.approx(rows["mean"].to_numpy())
    assert name == "exposure AAA>BBB two"


def test_a_difference_is_the_first_variant_less_the_other(made):
    folder = made(variants=["one", "two", "three"])
    _, figure = drawn(folder, "exposure AAA>BBB", variants=("two",), versus="three")
    rows = pd.read_csv(folder / "series.csv").query("metric == 'exposure' and subject == 'AAA>BBB'")
    one, other = (rows.loc[rows["variant"] == each, "mean"].to_numpy() for each in ("two", "three"))
    (ax,) = (ax for ax in figure.axes if ax.get_visible())
    assert ax.lines[-1].get_ydata() == pytest.approx(one - other)
    assert "no interval by date" in words(figure)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"text": "cohesoin UNION"}, 'no metric "cohesoin" (did you mean "cohesion"?)'),
        ({"text": "cohesion"}, "cohesion needs another subject: write `cohesion BLOC`"),
        ({"text": "cohesion UNIO"}, 'no such subject (did you mean "UNION"?): there are UNION'),
        ({"text": "hhi CCC"}, "series.csv has no hhi; `--what list` lists the available figures"),
        ({"text": "hhi AAA at 2018-Q1"}, "is not an outcome of the result; without its window"),
        ({"text": "cohesion UNION", "kind": "bar"}, 'no kind "bar" of figure: choose from level,'),
        ({"text": "cohesion UNION", "versus": "othe"}, 'no variant "othe" (did you mean "other"'),
        (
            {"text": "cohesion UNION", "variants": ("other",), "versus": "other"},
            "no difference to draw: name two variants by --variant and --versus",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_said_with_what_can(made, query, message):
    with pytest.raises(FigureError) as caught:
        drawn(made(), **query)
    assert message in str(caught.value)


def test_a_lone_date_is_drawn_as_a_spread_over_runs(made):
    _, figure = drawn(made(dates=["2018"]), "cohesion UNION")
    assert "2018. Median, the middle 50 and 90 %" in words(figure)


def test_what_can_be_asked_for_is_listed(made):
    known = dict(listed(FigureData.read(made())))
    assert known["exposure"] == "AAA>BBB, BBB>AAA"
    assert list(known) == ["cohesion", "participation", "exposure", "second_strike", "supplied",
                           "supplier_share", "insecurity", "engagement", "energy",
                           "stage"]  # fmt: skip
