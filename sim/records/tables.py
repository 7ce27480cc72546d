"""The tables of all results, each declared once: headers, types and `columns.csv` follow.

A new column is declared here, and written by the writer of its table.
"""

from __future__ import annotations

from sim.metrics.catalogue import END, METRICS
from sim.records.columns import Column, Table, plain, text

OUTCOME_UNIT, _METRIC, _QUANTITY = (
    "unit of the outcome",
    "unit of the metric",
    "unit of the quantity",
)
_USD = "million USD of 2016"
_FIRST = f"{END}, first runs"

_KEYS = {
    "variant": "Variant of the scenario; the unpatched one is baseline.",
    "run": "Number of the run; the same number draws the same randomness in every variant.",
    "date": "Period, by date.",
    "metric": "Name of the metric; its unit and definition stand in a row of its own here.",
    "subject": "Bloc, state, dyad (STATE>STATE), member (STATE:BLOC), or SUPPLIER>RECIPIENT.",
    "state": "The state that the number is about.",
    "supplier": "The state that supplies; empty for metrics of the state alone.",
    "bloc": "The bloc.",
    "outcome": "Outcome, as the scenario spells it.",
    "from": "The state that holds, owes or imports.",
    "to": "The state it regards, owes or imports from.",
}


def _keys(names: str) -> tuple[Column, ...]:
    """Return columns that tell the rows of a table apart."""
    return tuple(
        Column(name, "", _KEYS[name], float if name == "run" else str, key=True)
        for name in names.split(",")
    )


def _metrics(*kinds: str) -> tuple[Column, ...]:
    """Return the metrics of some kinds."""
    return tuple(
        Column(name, about.unit, about.text, when=about.when)
        for name, about in METRICS.items()
        if about.kind in kinds
    )


_STATISTICS = (
    Column("mean", _METRIC, "Mean over runs."),
    Column("sd", _METRIC, "Standard deviation over runs (n - 1); empty for one run."),
    Column("q05", _METRIC, "Quantile over runs, linear between order statistics: 5 %."),
    Column("q25", _METRIC, "The same: 25 %."),
    Column("q50", _METRIC, "The same: median."),
    Column("q75", _METRIC, "The same: 75 %."),
    Column("q95", _METRIC, "The same: 95 %."),
)

# Runs

OUTCOMES = Table("outcomes", _keys("variant,run"))
SUMMARY = Table(
    "summary",
    (
        *_keys("variant,outcome"),
        Column("runs", "runs", "Runs in which the outcome is defined."),
        Column("mean", OUTCOME_UNIT, "Mean over runs."),
        Column("low", OUTCOME_UNIT, "Lower end of its 95 % interval."),
        Column("high", OUTCOME_UNIT, "Upper end."),
        text("interval", "t: Student's t, of a mean; wilson: Wilson's score, of a share of runs."),
    ),
)
DIFFERENCES = Table(
    "differences",
    (
        *_keys("variant"),
        text("versus", "The variant that the difference is taken to: the first."),
        *_keys("outcome"),
        Column("runs", "runs", "Runs in which the outcome is defined."),
        Column("mean", OUTCOME_UNIT, "Mean of the differences run by run."),
        Column(
            "low",
            OUTCOME_UNIT,
            "Lower end of their 95 % interval (Student's t; of shares of runs Newcombe's).",
        ),
        Column("high", OUTCOME_UNIT, "Upper end."),
        Column("changed", "share of runs", "Runs in which the outcome differs."),
    ),
)
SERIES = Table(
    "series",
    (*_keys("variant,date,metric,subject"), *_STATISTICS),
    _metrics("bloc", "member", "dyad", "tie", "state", "supply", "query"),
)
STATES = Table(
    "states",
    (*_keys("variant,date,state,supplier,metric"), *_STATISTICS),
    _metrics("state", "supply"),
)
MEMBERS = Table(
    "members", (*_keys("variant,date,state,bloc,metric"), *_STATISTICS), _metrics("member")
)
TIES = Table(
    "ties",
    (*_keys("variant,metric,from,to"), *_STATISTICS),
    tuple(
        Column(name, unit, about, when=when)
        for name, unit, when, about in (
            ("affinity", "-1 to 1", END, "How `from` regards `to`."),
            ("rivalry", "0 to 1", END, "Dispute that `from` has with `to`."),
            ("debt", _USD, END, "Owed by `from` to `to`."),
            ("arrears", _USD, END, "Of that, overdue."),
            (
                "imports_after",
                "TIV",
                END,
                "Arms from `to` that `from` remembers (about five years back).",
            ),
            ("delivered", "TIV", END, "Arms that `to` has delivered to `from` since the start."),
            ("paid", _USD, END, "Paid by `from` to `to` for arms since the start."),
            ("affinity_start", "-1 to 1", "start", "How `from` regards `to`, at the start."),
            (
                "imports_before",
                "TIV",
                "start",
                "Arms from `to` that `from` remembers, at the start.",
            ),
        )
    ),
)
TRANSFERS = Table(
    "transfers",
    (
        *_keys("variant,run"),
        text("origin", "asked: by the model or a request; ordered, transferred: by an event."),
        text("requested", "Period of the request or event."),
        text("ordered", "Period of the order; empty if there was none."),
        text("due", "Period for which the last delivery was planned; may lie after the end."),
        text("first", "Period of the first delivery."),
        text("last", "Period of the latest delivery."),
        *_keys("supplier"),
        text("recipient", "The state that buys or is given."),
        text("offer", "Offer of the supplier."),
        text("system", "Weapon system."),
        Column("units", "units", "Units ordered."),
        Column("value", _USD, "Contract value after preferential terms."),
        Column("credit", "share of the value", "Part on credit."),
        Column("consent", "0 to 1", "Probability that the supplier consents."),
        Column("objected", "0 or 1", "Whether a fellow member objected."),
        Column("stalled", "0 or 1", "Whether the leader stalled the sale."),
        Column("refused", "0 or 1", "Whether supplier or a partner refused, or nothing was left."),
        Column("blocked", "0 or 1", "Whether the leader blocked the sale."),
        Column("delivered", "units", "Units delivered by the end."),
        Column("withdrawn", "units", "Of these, withdrawn as defective."),
        text("stage", "Reached: refused, blocked, ordered, delivering, delivered or withdrawn."),
    ),
)
STABILITY = Table(
    "stability",
    (
        *_keys("variant,bloc"),
        text("terms", "Whether the leader's preferential terms count.", _FIRST),
        *(
            Column(name, unit, about, when=_FIRST)
            for name, unit, about in (
                ("xi", "1", "Weight of entrapment."),
                (
                    "share",
                    "0 to 1",
                    "Cost of stability: subsidy over worth and subsidy, mean over runs.",
                ),
                ("share_sd", "0 to 1", "The same: standard deviation over runs."),
                ("stable", "share of runs", "Runs in which the bloc needs no subsidy."),
                (
                    "cost",
                    "insecurity",
                    "Least subsidy that puts the bloc in the core, mean over runs.",
                ),
                ("worth", "insecurity", "Worth of the whole bloc: mean over runs."),
            )
        ),
        text("best_coalition", "The coalition that is worth most in the most runs.", _FIRST),
        Column("best_share", "share of runs", "Runs in which it is that one.", when=_FIRST),
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
RUN = (
    OUTCOMES, SUMMARY, DIFFERENCES, SERIES, STATES, MEMBERS, TIES, TRANSFERS, STABILITY, PATTERNS,
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
        Column(
            "low",
            OUTCOME_UNIT,
            "Lower end of its 95 % interval: Student's t over the points' means.",
        ),
        Column("high", OUTCOME_UNIT, "Upper end."),
    ),
)


def _spread(name: str, sampled: str) -> tuple[Column, ...]:
    """Return the columns of one of the three spreads."""
    return (
        Column(name, OUTCOME_UNIT, f"Standard deviation by {name}: over {sampled}."),
        *(
            Column(f"{name}_{end}", unit, f"Spread by {name}: {about}.")
            for end, unit, about in (
                ("low", OUTCOME_UNIT, "lower end of its 95 % interval (bootstrap of points)"),
                ("high", OUTCOME_UNIT, "upper end"),
                ("share", "0 to 1", "its share of the variance"),
                ("share_low", "0 to 1", "lower end of the share's interval"),
                ("share_high", "0 to 1", "upper end"),
            )
        ),
    )


SPREADS = Table(
    "spreads",
    (
        *_HEADLINE,
        Column("runs", "runs", "Runs of all rule sets in which the outcome is defined."),
        _MEAN,
        Column("least", OUTCOME_UNIT, "Least mean of a rule set."),
        Column("most", OUTCOME_UNIT, "Greatest mean of a rule set."),
        Column(
            "same_sign",
            "share of rule sets",
            "Rule sets whose mean has the sign of the mean over all.",
        ),
        *_spread("chance", "runs of one rule set and point"),
        *_spread("parameters", "points within a rule set"),
        *_spread("rules", "rule sets"),
        text("largest", "The largest of the three; none if nothing varies; undefined in some run."),
        Column("sure", "share of resamples", "Resamples in which the same is largest."),
        text("negative", "Spreads whose variance was estimated below zero and counts as 0."),
        text("driver", "Role whose choice of law moves the means of the rule sets most."),
        Column(
            "driver_share", "0 to 1", "Share of its main effect in the variance of those means."
        ),
    ),
)
