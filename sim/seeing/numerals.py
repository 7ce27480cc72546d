"""Numbers in words: as many digits as an interval supports, per cent and points, signs."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, isfinite, isinf, isnan, log10

MOST = 6  # decimals
LARGE = 1000  # from which decimals are not informative
ALIKE = 100  # standard deviations from which differences are practically the same in every run


def digits_for(ends: Sequence[float], smallest: float, *, percent: bool = False) -> int:
    """Return the decimals that numbers of an interval need so that its ends do not show as zero.

    They resolve a thirtieth of the interval's width (for per cent, a tenth), or a hundredth of the
    smallest effect.
    """
    known = [each for each in ends if isfinite(each)]
    width = max(known) - min(known) if known else 0.0
    digits = max(0, floor(-log10(max(width / (10 if percent else 30), smallest / 100))))
    small = [abs(each) for each in known if each != 0]
    if small and (min(known) > 0 or max(known) < 0):
        while digits < MOST and round(min(small), digits) == 0:
            digits += 1
    return min(digits, MOST)


def numeral(value: float, digits: int, *, signed: bool = False) -> str:
    """Return a number with this many decimals; zero has no sign."""
    if isnan(value):
        return "-"
    text = f"{value:,.{digits}f}"
    if not text.strip("-0.,"):
        return "0"
    return f"+{text}" if signed and value > 0 else text


def deviations(d: float) -> str:
    """Return a difference in standard deviations of the differences, as a bound beyond ALIKE."""
    if isnan(d):
        return "-"
    if abs(d) >= ALIKE:
        return f"over {ALIKE}" if d > 0 else f"under -{ALIKE}"
    return f"{d:.1f}" if abs(d) >= 0.05 else "0.0"  # noqa: PLR2004


def span_of(low: float, high: float, digits: int) -> str:
    """Return the ends of an interval."""
    return "-" if isnan(low) else f"{numeral(low, digits)} to {numeral(high, digits)}"


def per_cent(share: float) -> str:
    """Return a share in whole per cent; 0 and 100 only if exact."""
    if isnan(share):
        return "-"
    if share in {0, 1}:
        return "all" if share else "none"
    if 0 < share <= 0.005:  # noqa: PLR2004 - half a per cent
        return "under 1 %"
    if 0.995 <= share < 1:  # noqa: PLR2004
        return "over 99 %"
    return f"{share:.0%}".replace("%", " %")


def effect_size(value: float, *, percent: bool) -> str:
    """Return the size of an effect; one on a metric in per cent is in points."""
    return f"{100 * value:g} points" if percent else f"{value:g}"


def weighed(value: float) -> str:
    """Return the contribution of a reason, with its sign: two decimals, or none if it is large."""
    return f"{value:+.2f}" if abs(value) < LARGE else f"{value:+,.0f}"


def count_of(runs: float) -> str:
    """Return a number of runs in words."""
    return f"about {runs:,.0f} runs" if isfinite(runs) else "more runs than can be estimated"


def brief(value: float) -> str:
    """Return a number in four digits."""
    if isnan(value):
        return "-"
    if isinf(value):
        return "infinite" if value > 0 else "-infinite"
    return f"{value:.4g}" if value == 0 or abs(value) >= 1e-4 else f"{value:.1e}"  # noqa: PLR2004


def signed(value: float) -> str:
    """Return a number with its sign, in three decimals, or as many as show its sign."""
    digits = 3
    while value and digits < MOST and round(value, digits) == 0:
        digits += 1
    return numeral(value, digits, signed=True)


def signed_span(low: float, high: float) -> str:
    """Return the ends of an interval with their signs."""
    return "-" if isnan(low) else f"{signed(low)} to {signed(high)}"


def span(low: float, high: float) -> str:
    """Return two ends in words."""
    return f"{brief(low)} to {brief(high)}"


def interval(low: float, high: float) -> str:
    """Return the two ends of an interval."""
    return "-" if isnan(low) else f"[{brief(low)}, {brief(high)}]"


def band(low: float, high: float) -> str:
    """Return a band in words."""
    if isnan(low) and isnan(high):
        return "-"
    if isnan(high):
        return f"from {brief(low)}"
    return f"to {brief(high)}" if isnan(low) else span(low, high)
