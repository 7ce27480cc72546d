"""The tables of all results, each declared once for headers, types and `columns.csv`.

A new column is declared here, and written by the writer of its table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.metrics.catalogue import END, METRICS
from sim.records.columns import Column, Table, measured, newer, plain, row, text
from sim.records.first_run_tables import EVENTS, TRANSFERS, WHY
from sim.records.table_keys import PERIOD as _PERIOD
from sim.records.table_keys import USD as _USD
from sim.records.table_keys import keys as _keys
from sim.scenario.schema.outcome_syntax import Outcome

OUTCOME_UNIT, _METRIC = "unit of the outcome", "unit of the metric"
_QUANTITY = "unit of the quantity"
START = "start"
_FIRST = f"{END}, first runs"


def _metrics(*kinds: str) -> tuple[Column, ...]:
    return tuple(
        Column(name, about.unit, about.text, when=about.when)
        for name, about in METRICS.items()
        if about.kind in kinds
    )


_STATISTICS = measured(
    _METRIC,
    mean="Mean over runs.",
    sd="Standard deviation over runs (n - 1); empty for one run.",
    q05="Quantile over runs, linear between order statistics: 5 %.",
    q25="The same: 25 %.",
    q50="The same: median.",
    q75="The same: 75 %.",
    q95="The same: 95 %.",
)
_RUNS = Column("runs", "runs", "Runs in which the outcome is defined.")
_HIGH = Column("high", OUTCOME_UNIT, "Upper end.")

# Runs

OUTCOMES = Table("outcomes", _keys("variant,run"))
SUMMARY = Table(
    "summary",
    (
        *_keys("variant,outcome"),
        _RUNS,
        *measured(OUTCOME_UNIT, mean="Mean over runs.", low="Lower end of its 95 % interval."),
        _HIGH,
        text("interval", "t: Student's t, of a mean; wilson: Wilson's score, of a share of runs."),
    ),
)
DIFFERENCES = Table(
    "differences",
    (
        *_keys("variant"),
        text("versus", "The variant that the difference is taken to."),
        *_keys("outcome"),
        _RUNS,
        *measured(
            OUTCOME_UNIT,
            mean="Mean of the differences run by run.",
            low="Lower end of their 95 % interval (Student's t; of shares of runs Newcombe's).",
        ),
        _HIGH,
        Column("changed", "share of runs", "Runs in which the outcome differs."),
        *newer(
            3,
            *measured(
                OUTCOME_UNIT,
                low90="Lower end of the 90 % interval, that of two one-sided tests.",
                high90="Upper end.",
                smallest="Smallest effect of interest, of the metric or the scenario.",
            ),
            *measured("1", d="Mean difference in standard deviations of the differences."),
            *measured(
                "share of runs",
                above="Runs in which the outcome is larger than in `versus`.",
                below="Runs in which it is smaller.",
            ),
            text(
                "verdict",
                "larger or smaller: by the smallest effect at least, or size open; none: no "
                "difference to speak of; undecided; undefined.",
            ),
            text(
                "contrast",
                "Contrasts of the scenario that the row belongs to, by name; empty where it is the "
                "comparison with the reference alone.",
            ),
        ),
    ),
)
SERIES = Table(
    "series",
    (*_keys("variant"), *_PERIOD, *_keys("metric,subject"), *_STATISTICS),
    _metrics(
        "bloc",
        "member",
        "dyad",
        "tie",
        "state",
        "supply",
        "holding",
        "trader",
        "asker",
        "bearer",
        "query",
    ),
)
CONTRASTS_SERIES = Table(
    "contrasts_series",
    (
        *_keys("variant"),
        text("versus", "The variant that is taken off it, run by run."),
        *_PERIOD,
        *_keys("metric,subject"),
        *measured(
            _METRIC,
            mean="Mean of the differences run by run.",
            low="Lower end of its 95 % interval (Student's t; of shares of runs Newcombe's).",
            high="Upper end.",
            q05="Quantile of the differences over runs: 5 %.",
            q95="The same: 95 %.",
        ),
    ),
)
STATES = Table(
    "states",
    (*_keys("variant"), *_PERIOD, *_keys("state,supplier,metric"), *_STATISTICS),
    _metrics("state", "supply"),
)
MEMBERS = Table(
    "members",
    (*_keys("variant"), *_PERIOD, *_keys("state,bloc,metric"), *_STATISTICS),
    _metrics("member", "bearer"),
)
TIES = Table(
    "ties",
    (*_keys("variant,metric,from,to"), *_STATISTICS),
    (
        *measured("-1 to 1", END, affinity="How `from` regards `to`."),
        *measured("0 to 1", END, rivalry="Dispute that `from` has with `to`."),
        *measured(_USD, END, debt="Owed by `from` to `to`.", arrears="Of that, overdue."),
        *measured(
            "TIV",
            END,
            imports_after="Arms from `to` that `from` remembers (about five years back).",
            delivered="Arms that `to` has delivered to `from` since the start.",
        ),
        *measured(_USD, END, paid="Paid by `from` to `to` for arms since the start."),
        *measured("-1 to 1", START, affinity_start="How `from` regards `to`, at the start."),
        *measured(
            "TIV", START, imports_before="Arms from `to` that `from` remembers, at the start."
        ),
    ),
)
STABILITY = Table(
    "stability",
    (
        *_keys("variant,bloc"),
        text("terms", "Whether the leader's preferential terms count.", _FIRST),
        *measured("1", _FIRST, xi="Weight of entrapment."),
        *measured(
            "0 to 1",
            _FIRST,
            share="Cost of stability: subsidy over worth and subsidy, mean over runs.",
            share_sd="The same: standard deviation over runs.",
        ),
        *measured("share of runs", _FIRST, stable="Runs in which the bloc needs no subsidy."),
        *measured(
            "insecurity",
            _FIRST,
            cost="Least subsidy that puts the bloc in the core, mean over runs.",
            worth="Worth of the whole bloc: mean over runs.",
        ),
        text("best_coalition", "The coalition that is worth most in the most runs.", _FIRST),
        *measured("share of runs", _FIRST, best_share="Runs in which it is that one."),
    ),
)
PATTERNS = Table(
    "patterns",
    (
        *_keys("variant"),
        text("pattern", "Pattern."),
        text("check", "Check of the pattern."),
        text("use", "fit: for fitting; judge: for judging alone."),
        Column("scored", "0 or 1", "Whether the verdict counts."),
        text("quantity", "Quantity (docs/patterns.md), in whose unit the values stand."),
        text("window", "Windows of time that it is taken over."),
        Column("low", _QUANTITY, "Lower end of the band; empty if there is none."),
        Column("high", _QUANTITY, "Upper end."),
        Column("historical", _QUANTITY, "Documented value of history."),
        Column("runs", "runs", "Runs."),
        Column("defined", "runs", "Runs in which the quantity is defined."),
        Column("q05", _QUANTITY, "Quantile over the runs that define it: 5 %."),
        Column("q50", _QUANTITY, "The same: median, which has to lie in the band."),
        Column("q95", _QUANTITY, "The same: 95 %."),
        Column("inside", "share of runs", "Runs, of all, whose value lies in the band."),
        text(
            "verdict",
            "inside, outside, undefined (in more than half of the runs), not covered, or no band.",
        ),
        text("pattern_verdict", "Verdict on the pattern: inside if all checks that count are."),
        text("reason", "What the runs lack, where a check is not covered."),
    ),
)
COLUMNS = Table("columns", plain("file,column,unit,when,definition", str))
LONG = Table(  # of an export
    "outcomes_long",
    (
        *_keys("variant,run"),
        text("id", "The outcome as a name of letters, digits and _."),
        *_keys("metric,subject"),
        text("system", "Weapon system, of an outcome that has one."),
        text("window", "When it is read off; empty for the end of the run."),
        Column("value", OUTCOME_UNIT, "The outcome in the run."),
    ),
)
RUN = (
    OUTCOMES, SUMMARY, DIFFERENCES, SERIES, CONTRASTS_SERIES, STATES, MEMBERS, TIES, TRANSFERS,
    EVENTS, WHY,
    STABILITY, PATTERNS,
)  # fmt: skip

# Structural runs

_HEADLINE = (
    text("outcome", "Outcome, as the scenario spells it.", key=True),
    text("variant", "Variant of the scenario; the unpatched one is baseline.", key=True),
    text(
        "versus",
        "Empty for the level; else the paired difference to this variant is meant.",
        key=True,
    ),
)
_MEAN = Column("mean", OUTCOME_UNIT, "Mean over runs.")
STRUCTURAL = Table(
    "structural",
    (
        *_HEADLINE,
        text("rule_set", "Number of the rule set; 0 has the scenario's own rules.", key=True),
        _MEAN,
        *measured(
            OUTCOME_UNIT, low="Lower end of its 95 % interval: Student's t over the points' means."
        ),
        _HIGH,
    ),
)


def _spread(name: str, sampled: str) -> tuple[Column, ...]:
    about = f"Spread by {name}:"
    ends = {
        f"{name}_low": f"{about} lower end of its 95 % interval (bootstrap of points).",
        f"{name}_high": f"{about} upper end.",
    }
    shares = {
        f"{name}_share": f"{about} its share of the variance.",
        f"{name}_share_low": f"{about} lower end of the share's interval.",
        f"{name}_share_high": f"{about} upper end.",
    }
    whole = {name: f"Standard deviation by {name}: over {sampled}."}
    return (*measured(OUTCOME_UNIT, **whole, **ends), *measured("0 to 1", **shares))


SPREADS = Table(
    "spreads",
    (
        *_HEADLINE,
        Column("runs", "runs", "Runs of all rule sets in which the outcome is defined."),
        _MEAN,
        Column("least", OUTCOME_UNIT, "Least mean of a rule set."),
        Column("most", OUTCOME_UNIT, "Greatest mean of a rule set."),
        *measured(
            "share of rule sets",
            same_sign="Rule sets whose mean has the sign of the mean over all.",
        ),
        *_spread("chance", "runs of one rule set and point"),
        *_spread("parameters", "points within a rule set"),
        *_spread("rules", "rule sets"),
        text("largest", "The largest of the three; none if nothing varies; undefined in some run."),
        Column("sure", "share of resamples", "Resamples in which the same is largest."),
        text("negative", "Spreads whose variance was estimated below zero and counts as 0."),
        text("driver", "Role whose choice of law moves the means of the rule sets most."),
        *measured(
            "0 to 1", driver_share="Share of its main effect in the variance of those means."
        ),
    ),
)


# `columns.csv`, the data dictionary of a result

_WINDOWS = {
    "end": END,
    "at": "at {}",
    "mean": "mean of {}",
    "after": "mean after {}",
    "by": "by {}",
}


def dictionary(described: Iterable[tuple[str, Column]], table: Table = COLUMNS) -> list[str]:
    """Return the rows of a data dictionary; unit and period (`when`) if its table has them."""
    parts = [name for name in table.names() if name in ("unit", "when")]
    return [
        row([file, each.name, *(getattr(each, part) for part in parts), each.text])
        for file, each in described
    ]


def run_dictionary(
    outcomes: Sequence[Outcome], drawn: Sequence[tuple[str, str]], *, patterns: bool = False
) -> list[str]:
    """Return the rows of a run's data dictionary.

    `drawn` are path and unit of the numbers that each run draws; `patterns` says whether the
    scenario has patterns.
    """
    said = "Number drawn or given by run."
    numbers = (Column(path, unit, said, when=START) for path, unit in drawn)
    described = [*OUTCOMES.described([*map(outcome_column, outcomes), *numbers])]
    for table in RUN:
        if table is not OUTCOMES and (patterns or table is not PATTERNS):
            described += table.described()
    return dictionary(described)


def outcome_column(outcome: Outcome) -> Column:
    """Return the column of an outcome: its unit, definition and window."""
    about = METRICS[outcome.metric]
    window = outcome.window
    span = (
        f"{window.event}: periods {window.first} to {window.last}"
        if window.event is not None
        else " to ".join(outcome.dates)
    )
    when = _WINDOWS[window.kind].format(span)
    if outcome.less is None:
        return Column(outcome.text, about.unit, about.text, when=when)
    one, other = (outcome_column(part) for part in outcome.parts)
    words = f"{one.text} The same, or what `{other.name}` is, taken off it run by run."
    return Column(outcome.text, about.unit, words, when=when)
