"""The figure of a decision adds up: bars to their total, on the side that was chosen."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from sim.explain.casebook import Casebook
from sim.explain.explanation import explanation_of
from sim.explain.replay import replay
from sim.kernel.errors import ResultError
from sim.plots.decision_waterfall import waterfall
from sim.plots.pages import draw_file, our_look
from tests.shipped import read


@pytest.fixture(scope="module")
def told():
    """Return the explanation of some decisions of every kind, in one run of the flagship."""
    book = Casebook(replay(read("polonez_vs_iskander"), "sale", [3]))
    kinds = ("request", "consent", "objection", "response", "exit", "order")
    some = [e for k in kinds for e in [each for each in book.entries if each.kind == k][:2]]
    return explanation_of(book, some)


@pytest.fixture(scope="module")
def drawn(told):
    """Return each account that has reasons, with its figure."""
    with our_look():
        return [(each, waterfall(told, each)) for each in told.decisions if each.reasons]


def bars(figure):
    """Return where each bar starts and ends."""
    (ax,) = figure.axes
    return [(b.get_x(), b.get_x() + b.get_width()) for b in ax.patches if isinstance(b, Rectangle)]


def test_bars_go_on_where_the_one_before_ended_and_the_last_is_their_sum(drawn):
    for account, figure in drawn:
        *steps, total = bars(figure)
        assert steps[0][0] == 0
        for (_, end), (start, _) in pairwise(steps):
            assert start == pytest.approx(end)
        left_out = 5e-3 * len(account.reasons)
        assert total[0] == 0
        assert total[1] == pytest.approx(steps[-1][1], abs=left_out)
        if account.kind == "response":
            assert (total[1] > 0) == account.choice.startswith("blocks")
        elif account.kind == "request":
            assert total[1] == pytest.approx(account.margin or account.total)
        else:
            assert total[1] == pytest.approx(account.total)


def test_the_draw_lies_on_the_side_that_was_chosen(drawn):
    for account, figure in drawn:
        if account.kind not in ("consent", "objection"):
            continue
        lines = [line for line in figure.axes[0].lines if line.get_linestyle() == "--"]
        asked = next(each.get_xdata()[0] for each in lines or figure.axes[0].lines[-1:])
        yes = next(each.chosen for each in account.alternatives if each.name == "yes")
        assert (account.total > asked) == yes
        assert np.log(account.draw / (1 - account.draw)) == pytest.approx(asked)


def test_words_and_source_are_on_the_figure_and_the_same_decision_gives_the_same_bytes(
    told, tmp_path
):
    account = next(each for each in told.decisions if each.kind == "consent")
    paths = [
        draw_file(lambda: waterfall(told, account), tmp_path / name) for name in ("a.svg", "b.svg")
    ]
    one, other = (path.read_text("utf-8") for path in paths)
    assert one == other
    for text in (account.who, account.date, "in all", "run 3", "not a forecast", "the draw"):
        assert text in one


def test_how_a_request_ended_has_no_figure(told):
    order = next(each for each in told.decisions if each.kind == "order")
    with pytest.raises(ResultError, match="no reasons of its own"):
        waterfall(told, order)
