"""The values of patterns in a history, and the verdicts on them over an ensemble.

A verdict says whether the median over the runs lies in the band of a check.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.kernel.arrays import quantile as ranked_quantile
from sim.patterns.history import History, NotCovered
from sim.patterns.pattern import Difference, Pattern, checks_of
from sim.patterns.quantity import Quantity


@dataclass(frozen=True, eq=False)
class Values:
    """The values of all checks, and the reasons why some are not covered."""

    names: tuple[str, ...]  # PATTERN.check
    values: np.ndarray  # (checks, runs)
    missing: Mapping[str, str]  # name -> what the record lacks

    def by_name(self) -> dict[str, np.ndarray]:
        """Return the values of each check."""
        return dict(zip(self.names, self.values, strict=True))


def values(patterns: Mapping[str, Pattern], history: History) -> Values:
    """Return the values of every check of some patterns in one history.

    Of a difference between variants, this is the value in the history's own variant; `in_variant`
    subtracts the other.
    """
    names: list[str] = []
    rows: list[np.ndarray] = []
    missing: dict[str, str] = {}
    for name, own, check in checks_of(patterns):
        names.append(f"{name}.{own}")
        try:
            rows.append(check.value(history) + 0.0)  # turns -0 into 0
        except NotCovered as reason:
            missing[names[-1]] = str(reason)
            rows.append(np.full(history.runs, np.nan))
    table = np.stack(rows) if rows else np.zeros((0, history.runs))
    return Values(names=tuple(names), values=table, missing=missing)


INSIDE, OUTSIDE, UNDEFINED, MISSING = "inside", "outside", "undefined", "not covered"
NO_BAND = "no band"
LEAST = 0.5  # share of runs that must define a value
QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The verdict on one check in one variant, and the statistics of its values over runs."""

    variant: str
    pattern: str
    check: str
    use: str
    counts: bool
    about: Quantity
    runs: int
    defined: int
    q05: float
    q50: float
    q95: float
    inside: float  # share of all runs in the band
    verdict: str
    reason: str = ""  # why it is not covered

    @property
    def window(self) -> str:
        """Return the windows of the check as text."""
        return " ".join(texts_of(self.about))


def judged(patterns: Mapping[str, Pattern], values: Mapping[str, Values]) -> list[Verdict]:
    """Return a verdict on every check in every variant, in order."""
    return [
        _verdict(variant, name, pattern, own, values)
        for variant in values
        for name, pattern in patterns.items()
        for own in pattern.checks
    ]


def _verdict(
    variant: str, name: str, pattern: Pattern, own: str, by_variant: Mapping[str, Values]
) -> Verdict:
    check: Quantity = pattern.checks[own]
    values, reason = in_variant(check, f"{name}.{own}", variant, by_variant)
    known = values[~np.isnan(values)]
    low, middle, high = (quantile(known, share) for share in QUANTILES)
    band = check.band
    hits = 0 if band is None else sum(band.holds(each) for each in known.tolist())
    if reason:
        verdict = MISSING
    elif band is None:
        verdict = NO_BAND
    elif not known.size or known.size < LEAST * values.size:
        verdict = UNDEFINED
    else:
        verdict = INSIDE if band.holds(middle) else OUTSIDE
    return Verdict(
        variant=variant,
        pattern=name,
        check=own,
        use=pattern.use_of(check),
        counts=pattern.counts(check),
        about=check,
        runs=values.size,
        defined=known.size,
        q05=low,
        q50=middle,
        q95=high,
        inside=np.nan if band is None or reason else hits / max(values.size, 1),
        verdict=verdict,
        reason=reason,
    )


def in_variant(
    check: Quantity, name: str, variant: str, by_variant: Mapping[str, Values]
) -> tuple[np.ndarray, str]:
    """Return the values of a check in a variant, (runs,), and why it is not covered, or ""."""
    values = by_variant[variant].by_name()[name]
    reason = by_variant[variant].missing.get(name, "")
    if not isinstance(check, Difference) or check.versus is None or reason:
        return values, reason
    if check.versus not in by_variant:
        return np.full(values.shape, np.nan), f"the variant {check.versus} was not run"
    other = by_variant[check.versus]
    if name in other.missing:
        return np.full(values.shape, np.nan), other.missing[name]
    return check.between(values, other.by_name()[name]), ""


def quantile(values: np.ndarray, share: float) -> float:
    """Return a quantile of values, which may be infinite; nan if there are none."""
    if not values.size:
        return np.nan
    return float(ranked_quantile(np.sort(values), share))


def of_pattern(verdicts: Sequence[Verdict]) -> str:
    """Return the verdict on a pattern from the verdicts on its checks in one variant.

    Checks that are not scored, or that the runs do not cover, are left out.
    """
    kinds = {each.verdict for each in verdicts if each.counts} - {MISSING, NO_BAND}
    for verdict in (OUTSIDE, UNDEFINED, INSIDE):
        if verdict in kinds:
            return verdict
    return MISSING if any(each.counts for each in verdicts) else "not scored"


def by_pattern(verdicts: Sequence[Verdict]) -> dict[tuple[str, str], str]:
    """Return the verdict on every pattern, by variant and name."""
    groups: dict[tuple[str, str], list[Verdict]] = {}
    for each in verdicts:
        groups.setdefault((each.variant, each.pattern), []).append(each)
    return {key: of_pattern(group) for key, group in groups.items()}


def texts_of(check: Quantity) -> list[str]:
    """Return the windows of a check as written, each once."""
    return list(dict.fromkeys(each.text for each in check.every_window()))


def described(patterns: Mapping[str, Pattern]) -> dict[str, Any]:
    """Return the use and the windows of each check, for the manifest."""
    about: dict[str, Any] = {}
    for name, own, check in checks_of(patterns):
        pattern = patterns[name]
        about.setdefault(name, {})[own] = {
            "use": pattern.use_of(check),
            "scored": pattern.counts(check),
            "windows": texts_of(check),
        }
    return about
