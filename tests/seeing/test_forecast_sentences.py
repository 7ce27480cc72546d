"""Who arms whom: better, worse or not to be told, and one table of all measures."""

from __future__ import annotations

import pandas as pd

from sim.seeing.forecast_sentences import ties_sentences
from sim.seeing.score_tables import ties_table

NAN = float("nan")
HEADS = ("target", "score", "forecaster", "value", "skill_of_model", "low", "high")
SCORES = pd.DataFrame(
    [
        ("transfer", "pr_auc", "persistence", 0.3, 0.2, 0.1, 0.3),
        ("share", "crps", "model", 0.11, NAN, NAN, NAN),
        ("share", "crps", "persistence", 0.12, NAN, NAN, NAN),
        ("flow", "rank", "model", 0.6, NAN, NAN, NAN),
        ("flow", "rank", "persistence", 0.59, 0.01, -0.1, 0.1),
        ("tie", "pr_auc", "model", 0.5, NAN, NAN, NAN),
        ("tie", "pr_auc", "persistence", 0.4, 0.2, 0.1, 0.3),
        ("tie", "pr_auc", "gravity", 0.4, 0.2, 0.1, 0.3),
        ("tie", "pr_auc", "gravity_recalibrated", 0.6, -0.2, -0.3, -0.1),
    ],
    columns=HEADS,
)


def test_each_measure_says_against_which_forecaster_the_model_is_better_or_worse():
    flows, ties, shares = ties_sentences(SCORES)
    assert flows.startswith(
        "Rank correlation of flows: the model is neither better nor worse than persistence (skill "
    )
    better, worse = ties.split(", worse than ")
    assert better.startswith("PR-AUC of ties: the model is better than persistence (skill ")
    assert worse.startswith("recalibrated gravity (skill ")
    assert shares == "CRPS of suppliers' shares: the model is not comparable with persistence."


def test_all_measures_are_in_one_table_a_row_for_each_forecaster():
    table = ties_table(SCORES)
    assert [name for name, _ in table.heads] == [
        "forecaster", "rank correlation of flows", "PR-AUC of ties", "CRPS of suppliers' shares",
    ]  # fmt: skip
    rows = {row[0].text: [cell.value for cell in row[1:]] for row in table.rows}
    assert rows == {
        "model": [0.6, 0.5, 0.11],
        "persistence": [0.59, 0.4, 0.12],
        "gravity": [None, 0.4, None],
        "recalibrated gravity": [None, 0.6, None],
    }


def test_an_older_result_without_flows_and_ties_has_neither():
    older = SCORES[SCORES["target"] == "transfer"]
    assert ties_table(older) is None
    assert not [*ties_sentences(older)]
