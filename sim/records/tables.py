"""`columns.csv`: what every column and every metric of a result means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.metrics.catalogue import END, METRICS, Metric
from sim.records.csv_writer import row
from sim.scenario.schema.outcome_syntax import Outcome

HEADER = "file,column,unit,when,definition"
_STATS = (
    ("mean", "Mean over runs."),
    ("sd", "Standard deviation over runs (n - 1); empty for one run."),
    ("q05", "Quantile over runs, linear between order statistics: 5 %."),
    ("q25", "The same: 25 %."),
    ("q50", "The same: median."),
    ("q75", "The same: 75 %."),
    ("q95", "The same: 95 %."),
)
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
_TIES = {
    "affinity": ("-1 to 1", "How `from` regards `to`."),
    "rivalry": ("0 to 1", "Dispute that `from` has with `to`."),
    "debt": ("million USD of 2016", "Owed by `from` to `to`."),
    "arrears": ("million USD of 2016", "Of that, overdue."),
    "imports_after": ("TIV", "Arms from `to` that `from` remembers (about five years back)."),
    "delivered": ("TIV", "Arms that `to` has delivered to `from` since the start."),
    "paid": ("million USD of 2016", "Paid by `from` to `to` for arms since the start."),
    "affinity_start": ("-1 to 1", "How `from` regards `to`, at the start."),
    "imports_before": ("TIV", "Arms from `to` that `from` remembers, at the start."),
}
_TRANSFERS = {
    "origin": ("", "asked: by the model or a request; ordered, transferred: by an event."),
    "requested": ("", "Period of the request or event."),
    "ordered": ("", "Period of the order; empty if there was none."),
    "due": ("", "Period for which the last delivery was planned; may lie after the end."),
    "first": ("", "Period of the first delivery."),
    "last": ("", "Period of the latest delivery."),
    "recipient": ("", "The state that buys or is given."),
    "offer": ("", "Offer of the supplier."),
    "system": ("", "Weapon system."),
    "units": ("units", "Units ordered."),
    "value": ("million USD of 2016", "Contract value after preferential terms."),
    "credit": ("share of the value", "Part on credit."),
    "consent": ("0 to 1", "Probability that the supplier consents."),
    "objected": ("0 or 1", "Whether a fellow member objected."),
    "stalled": ("0 or 1", "Whether the leader stalled the sale."),
    "refused": ("0 or 1", "Whether supplier or a partner refused, or nothing was left."),
    "blocked": ("0 or 1", "Whether the leader blocked the sale."),
    "delivered": ("units", "Units delivered by the end."),
    "withdrawn": ("units", "Of these, withdrawn as defective."),
    "stage": ("", "Reached: refused, blocked, ordered, delivering, delivered or withdrawn."),
}  # fmt: skip
_STABILITY = {
    "terms": ("", "Whether the leader's preferential terms count."),
    "xi": ("1", "Weight of entrapment."),
    "share": ("0 to 1", "Cost of stability: subsidy over worth and subsidy, mean over runs."),
    "share_sd": ("0 to 1", "The same: standard deviation over runs."),
    "stable": ("share of runs", "Runs in which the bloc needs no subsidy."),
    "cost": ("insecurity", "Least subsidy that puts the bloc in the core, mean over runs."),
    "worth": ("insecurity", "Worth of the whole bloc: mean over runs."),
    "best_coalition": ("", "The coalition that is worth most in the most runs."),
    "best_share": ("share of runs", "Runs in which it is that one."),
}  # fmt: skip
_DIFFERENCES = {
    "versus": ("", "The variant that the difference is taken to: the first."),
    "runs": ("runs", "Runs in which the outcome is defined."),
    "mean": ("unit of the outcome", "Mean of the differences run by run."),
    "low": (
        "unit of the outcome",
        "Lower end of their 95 % interval (Student's t; of shares of runs Newcombe's).",
    ),
    "high": ("unit of the outcome", "Upper end."),
    "changed": ("share of runs", "Runs in which the outcome differs."),
}
_SUMMARY = {
    "runs": ("runs", "Runs in which the outcome is defined."),
    "mean": ("unit of the outcome", "Mean over runs."),
    "low": ("unit of the outcome", "Lower end of its 95 % interval."),
    "high": ("unit of the outcome", "Upper end."),
    "interval": ("", "t: Student's t, of a mean; wilson: Wilson's score, of a share of runs."),
}  # fmt: skip
_PATTERNS = {
    "pattern": ("", "Pattern."),
    "check": ("", "Check of the pattern."),
    "use": ("", "fit: for fitting; judge: for judging alone."),
    "scored": ("0 or 1", "Whether the verdict counts."),
    "quantity": ("", "Quantity (docs/patterns.md), in whose unit the values stand."),
    "window": ("", "Windows of time that it is taken over."),
    "low": ("unit of the quantity", "Lower end of the band; empty if there is none."),
    "high": ("unit of the quantity", "Upper end."),
    "historical": ("unit of the quantity", "Documented value of history."),
    "runs": ("runs", "Runs."),
    "defined": ("runs", "Runs in which the quantity is defined."),
    "q05": ("unit of the quantity", "Quantile over the runs that define it: 5 %."),
    "q50": ("unit of the quantity", "The same: median, which has to lie in the band."),
    "q95": ("unit of the quantity", "The same: 95 %."),
    "inside": ("share of runs", "Runs, of all, whose value lies in the band."),
    "verdict": (
        "",
        "inside, outside, undefined (in more than half of the runs), not covered, or no band.",
    ),
    "pattern_verdict": ("", "Verdict on the pattern: inside if all checks that count are."),
    "reason": ("", "What the runs lack, where a check is not covered."),
}
_WINDOWS = {
    "end": END,
    "at": "at {}",
    "mean": "mean of {}",
    "after": "mean after {}",
    "by": "by {}",
}


def lines(
    outcomes: Sequence[Outcome], drawn: Sequence[tuple[str, str]], *, patterns: bool = False
) -> list[str]:
    """Return the rows of `columns.csv`; `drawn` names the parameters by run and their units."""
    rows = [
        *_keys("outcomes.csv", "variant,run"),
        *(("outcomes.csv", *_outcome(outcome)) for outcome in outcomes),
        *(
            ("outcomes.csv", path, unit, "start", "Number drawn or given by run.")
            for path, unit in drawn
        ),
        *_keys("summary.csv", "variant,outcome"),
        *_known("summary.csv", _SUMMARY, ""),
        *_keys("differences.csv", "variant,outcome"),
        *_known("differences.csv", _DIFFERENCES, ""),
        *_keys("series.csv", "variant,date,metric,subject"),
        *_metrics("series.csv", ("bloc", "member", "dyad", "tie", "state", "supply", "query")),
        *_stats("series.csv"),
        *_keys("states.csv", "variant,date,state,supplier,metric"),
        *_metrics("states.csv", ("state", "supply")),
        *_stats("states.csv"),
        *_keys("members.csv", "variant,date,state,bloc,metric"),
        *_metrics("members.csv", ("member",)),
        *_stats("members.csv"),
        *_keys("ties.csv", "variant,metric,from,to"),
        *_known("ties.csv", _TIES, END),
        *_stats("ties.csv"),
        *_keys("transfers.csv", "variant,run,supplier"),
        *_known("transfers.csv", _TRANSFERS, ""),
        *_keys("stability.csv", "variant,bloc"),
        *_known("stability.csv", _STABILITY, f"{END}, first runs"),
        *(_keys("patterns.csv", "variant") if patterns else ()),
        *(_known("patterns.csv", _PATTERNS, "") if patterns else ()),
    ]
    return [row(each) for each in rows]


Row = tuple[str, str, str, str, str]


def _keys(file: str, names: str) -> Iterator[Row]:
    for name in names.split(","):
        yield file, name, "", "", _KEYS[name]


def _known(file: str, known: dict[str, tuple[str, str]], when: str) -> Iterator[Row]:
    for name, (unit, text) in known.items():
        at = "start" if name in {"affinity_start", "imports_before"} else when
        yield file, name, unit, at, text


def _metrics(file: str, kinds: Sequence[str]) -> Iterator[Row]:
    for name, about in METRICS.items():
        if about.kind in kinds:
            yield file, name, about.unit, about.when, about.text


def _stats(file: str) -> Iterator[Row]:
    for name, text in _STATS:
        yield file, name, "unit of the metric", "", text


def _outcome(outcome: Outcome) -> tuple[str, str, str, str]:
    """Return what is known of an outcome."""
    about: Metric = METRICS[outcome.metric]
    window = outcome.window
    span = (
        f"{window.event}: periods {window.first} to {window.last}"
        if window.event is not None
        else " to ".join(outcome.dates)
    )
    return outcome.text, about.unit, _WINDOWS[window.kind].format(span), about.text
