"""Months, quarters and half years give the same results of the flagship, within smallest effects.

Asked are differences of variants, and levels at dates that end a period of any length; a mean over
a window is not asked for, since it reads ends of periods, on the mean half a period late. Runs are
paired over lengths, too: their draws are addressed by the month. Two one-sided tests a comparison,
Holm's correction over all of them. The smallest effects are the metrics' own: those of the flagship
for Armenia's deterrent are a tenth of what little it has, for variants that share their wars, and
wars are drawn by the period.
"""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

import sim
from sim.metrics.catalogue import smallest_effect

RUNS = 400
ALPHA = 0.05
LENGTHS = ("month", "quarter", "half")
PAIRS = (("sale", "no_sale"), ("no_preference", "baseline"))
SALE = [
    f"{stage} BLR>AZE polonez by {date}"
    for stage, date in (
        ("sold", "2018-12"), ("refused", "2018-12"), ("blocked", "2018-12"),
        ("delivered", "2019-12"), ("delivered", "2024-12"),
    )
]  # fmt: skip
LEVELS = [
    f"{metric} at {date}"
    for metric in (
        "affinity ARM>BLR", "affinity ARM>RUS", "engagement CSTO", "cohesion CSTO",
        "exposure AZE>ARM", "exposure ARM>AZE", "second_strike ARM>AZE",
        "deterrence_margin ARM>AZE", "insecurity ARM", "insecurity AZE", "reliability CSTO",
        "adversary_supply CSTO", "hhi AZE", "suppliers AZE",
    )
    for date in ("2019-12", "2024-12")
] + ["exits CSTO"]  # fmt: skip
OUTCOMES = [*SALE, *LEVELS]


@pytest.fixture(scope="module")
def lived():
    """Return outcomes by length of period and variant: (outcomes, runs)."""
    plain = {"contrasts": None, "expect": None, "patterns": [], "outcomes": OUTCOMES}
    dates = {"start": "2018-01", "end": "2024-12"}
    values = {}
    for length in LENGTHS:
        sets = {"time": {**dates, "period": length}, "events.polonez_request.at": "2018-01"}
        found = sim.run(
            "polonez_vs_iskander",
            runs=RUNS,
            sets={**plain, **sets},
            variants=sorted({*sum(PAIRS, ())}),
            transfers=0,
            engine="compiled",
        )
        table = found["outcomes"]
        for name, rows in table.groupby("variant"):
            values[length, name] = rows.sort_values("run")[OUTCOMES].to_numpy(float).T
    return values


def chance_of_more(differences, least):
    """Return the larger p of the two one-sided tests that a mean lies within the smallest effect.

    If no run differs, p is zero.
    """
    if not differences.any():
        return 0.0
    low = stats.ttest_1samp(differences, -least, alternative="greater").pvalue
    high = stats.ttest_1samp(differences, least, alternative="less").pvalue
    return float(max(low, high))


def compared(values):
    """Return for each comparison its p, and the means on both sides."""
    found = {}
    for one, other in combinations(LENGTHS, 2):
        for at, text in enumerate(OUTCOMES):
            sides = [
                {
                    "baseline": values[length, "baseline"][at],
                    **{
                        f"{a} less {b}": values[length, a][at] - values[length, b][at]
                        for a, b in PAIRS
                    },
                }
                for length in (one, other)
            ]
            least = smallest_effect(text.split()[0], {})
            for name, first in sides[0].items():
                second = sides[1][name]
                p = chance_of_more(first - second, least)
                means = (first.mean(), second.mean(), least)
                found[f"{text}, {name}, {one} and {other}"] = p, means
    return found


def apart(found):
    """Return the comparisons that are not shown to be equal, by Holm's correction."""
    ranked = sorted(found.items(), key=lambda item: item[1][0])
    for at, (_, (p, _)) in enumerate(ranked):
        if p > ALPHA / (len(ranked) - at):
            return dict(ranked[at:])
    return {}


@pytest.mark.study
def test_months_quarters_and_half_years_agree_within_the_smallest_effects(lived):
    left = apart(compared(lived))
    assert not left, "\n".join(
        f"{name}: {one:.4g} and {other:.4g}, smallest effect {least:.3g}, p {p:.2g}"
        for name, (p, (one, other, least)) in left.items()
    )


def test_what_differs_by_more_than_the_smallest_effect_is_seen():
    draws = np.random.default_rng(1).normal(size=400)
    assert chance_of_more(draws * 0.1, 0.1) < 1e-6
    assert chance_of_more(draws * 0.1 + 0.11, 0.1) > 0.2
    assert chance_of_more(0 * draws, 0.1) == 0
    assert [*apart({"same": (1e-9, ()), "apart": (0.3, ())})] == ["apart"]
