"""Votes in the UN General Assembly: ideal points in all versions, and scores of agreement.

Up to the version of 2024, ideal points are by session. Session n opens in September of 1945 + n,
and counts as that year. Since 2025 they are by calendar year, in three series.
"""

from __future__ import annotations

import pandas as pd

from sim.data.cells import Cells
from sim.data.pairs import each_once, of_both
from sim.data.publishers import UN_VOTES
from sim.data.state_codes import COW, ISO3
from sim.data.table_layout import TableLayout
from sim.data.tidy_tables import AGREEMENT, IDEAL_POINTS

FIRST_SESSION = 1945  # plus the number of the session is its year
_COLUMNS = {  # series -> value, low, high, votes
    "fp": ("idealpointfp|ideal_fp", "q5fp|q05_fp", "q95fp|q95_fp", "nvotesfp|n_votes_fp"),
    "all": ("idealpointall|ideal_all", "q5%all|q5all|q05_all", "q95%all|q95all|q95_all",
            "nvotesall|n_votes_all"),
    "legacy": ("idealpointlegacy|ideal_legacy", "", "", "nvoteslegacy"),
}  # fmt: skip


def ideal_points(cells: Cells) -> pd.DataFrame:
    """Return the ideal points of all series."""
    codes = cells.state("iso3", ISO3) if cells.has("iso3") else cells.state("ccode", COW)
    own = cells.has("year")
    years = cells.year("year") if own else FIRST_SESSION + cells.year("session")
    frames = [
        pd.DataFrame(
            {
                "iso3": codes,
                "year": years,
                "series": series,
                "value": cells.number(value),
                "low": cells.number(low),
                "high": cells.number(high),
                "votes": cells.number(votes),
            }
        ).dropna(subset=["value"])
        for series, (value, low, high, votes) in _COLUMNS.items()
        if cells.has(value)
    ]
    return pd.concat(frames, ignore_index=True)


def agreement(cells: Cells) -> pd.DataFrame:
    """Return scores of agreement, for both directions of a pair."""
    if cells.has("iso3_a"):
        pair = cells.pair("iso3_a", "iso3_b", ISO3)
    else:
        pair = cells.pair("ccode1", "ccode2", COW)
    scores = {"year": cells.year("year"), "agree": cells.number("agree", low=0.0, high=1.0)}
    return of_both(pd.DataFrame(pair | scores).dropna(subset=["agree"]))


LAYOUTS = (
    TableLayout(
        name="ideal points by session",
        publisher=UN_VOTES,
        kind=IDEAL_POINTS,
        needs=("ccode", "session", "idealpointall", "nvotesall", "q5%all", "q95%all"),
        read=ideal_points,
    ),
    TableLayout(
        name="ideal points by year",
        publisher=UN_VOTES,
        kind=IDEAL_POINTS,
        needs=("ccode", "year", "idealpointfp", "idealpointall", "q5all", "q95all"),
        read=ideal_points,
    ),
    TableLayout(
        name="ideal points by code and year",
        publisher=UN_VOTES,
        kind=IDEAL_POINTS,
        needs=("iso3", "year", "ideal_fp", "ideal_all"),
        read=ideal_points,
    ),
    TableLayout(
        name="scores of agreement",
        publisher=UN_VOTES,
        kind=AGREEMENT,
        needs=("ccode1", "ccode2", "agree", "year"),
        read=agreement,
        finish=each_once,
    ),
    TableLayout(
        name="scores of agreement by code",
        publisher=UN_VOTES,
        kind=AGREEMENT,
        needs=("iso3_a", "iso3_b", "agree", "year", "n_joint"),
        read=agreement,
        finish=each_once,
    ),
)
