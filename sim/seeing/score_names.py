"""Names of what a backtest scores, of its scores and of its forecasters, each with its meaning."""

from __future__ import annotations

from collections.abc import Mapping

TARGETS: Mapping[str, str] = {
    "transfer": "delivery",
    "share": "shares of suppliers",
    "flow": "flow over all years ahead",
    "tie": "tie in any year ahead",
    "stage": "stage of a member",
    "exit": "exit of a member",
}
SCORES: Mapping[str, tuple[str, str]] = {
    "brier": ("Brier score", "mean squared error of the probabilities, 0 is best"),
    "log": ("logarithmic score", "minus the log of the probability of what happened, 0 is best"),
    "pr_auc": ("PR-AUC", "area under the curve of precision over recall, 1 is best"),
    "crps": ("CRPS", "continuous ranked probability score, 0 is best"),
    "rank": ("rank correlation", "Spearman's, over all dyads, 1 is best"),
    "rps": ("ranked probability score", "0 is best"),
}
FORECASTERS: Mapping[str, tuple[str, str]] = {
    "model": ("model", "the runs of the scenario"),
    "persistence": (
        "persistence",
        "the last year continues (for shares, flows and ties the last five)",
    ),
    "recent": ("recent rate", "the share of the last five years with a delivery"),
    "base_rate": ("base rate", "the rate of all dyads and years (for shares, of all recipients)"),
    "gravity": (
        "gravity",
        "a regression on size, distance, ties and recent deliveries, fitted before the origin",
    ),
    "gravity_recalibrated": (
        "recalibrated gravity",
        "its log odds, or log volumes, moved by the line that fitted best at earlier origins",
    ),
    "pool": ("pool", "gravity mixed with the base rate, by the weight that erred least before"),
}


def target_name(key: str) -> str:
    """Return the name of what is scored."""
    return TARGETS.get(key, key)


def score_name(key: str) -> str:
    """Return the name of a score."""
    return SCORES[key][0] if key in SCORES else key


def forecaster_name(key: str) -> str:
    """Return the name of a forecaster."""
    return FORECASTERS[key][0] if key in FORECASTERS else key


def meanings(scores: list[str], forecasters: list[str]) -> list[str]:
    """Return the meanings of some scores and forecasters, a line each."""
    known = [SCORES[each] for each in scores if each in SCORES]
    known += [FORECASTERS[each] for each in forecasters if each in FORECASTERS]
    return [f"{name}: {text}." for name, text in known]
