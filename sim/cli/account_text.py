"""An account of one decision, or a list of decisions, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from sim.experiments.watch.choices import CONCESSION, REQUEST, RESPONSE
from sim.explain.account import DecisionAccount, GivenReason
from sim.explain.account_words import (
    SHOWN,
    TINY,
    chance_sentence,
    decision_sentence,
    flip_words,
    flips_heading,
    given_words,
    ranked,
    reasons_heading,
    short,
)
from sim.explain.casebook import ChoiceEntry, DecisionEntry
from sim.explain.reason_table import LOG_HAZARD
from sim.explain.sentences import RESPONSES, WAYS, cases
from sim.seeing.numerals import weighed

WIDTH = 80


def listed(entries: Sequence[DecisionEntry]) -> Iterator[str]:
    """Yield a line on each decision: its id, the choice, and the probability of that choice."""
    width = max((len(each.id) for each in entries), default=0)
    for each in entries:
        likely = "" if each.chance is None else cases(each.chance)
        what = f"{each.id:{min(width, 44)}}  {_short(each)}"
        room = WIDTH - len(likely) - 1
        yield f"{what[:room]:{room}} {likely}".rstrip()


def _short(entry: DecisionEntry) -> str:
    if not isinstance(entry, ChoiceEntry):
        return entry.choice.partition(": ")[2]
    if entry.kind == RESPONSE:
        return RESPONSES[entry.made]
    if entry.kind == CONCESSION:
        return WAYS[entry.made]
    return "chosen" if entry.kind == REQUEST else "yes" if entry.made else "no"


def told(account: DecisionAccount) -> Iterator[str]:
    """Yield the lines of an account."""
    yield account.id
    yield from _broken(f"{account.date}: {decision_sentence(account)}", "")
    if account.because:
        yield "decided by"
        yield from (f"  {name}" for name in account.because)
    if not account.reasons:
        return
    yield from _broken(f"{account.sentence} {account.context}".strip(), "")
    yield from _broken(chance_sentence(account), "")
    if len(account.alternatives) > 2:  # noqa: PLR2004 - more than yes and no
        yield from _alternatives(account)
    yield from _reasons(account)
    yield from _leaving(account)
    yield from _flips(account)


def _alternatives(account: DecisionAccount) -> Iterator[str]:
    count = len(account.alternatives)
    yield f"alternatives ({count})".ljust(46) + "reasons   chance    total   of 100"
    for each in ranked(account):
        numbers = f"{each.reasons:7.2f}  {each.luck or 0.0:+7.2f}  {each.total:7.2f}"
        mark = ">" if each.chosen else " "
        yield f"{mark} {each.words[:42]:42}  {numbers}  {100 * each.chance:7.1f}"
    if count > SHOWN:
        yield f"  {count - SHOWN} more"


def _reasons(account: DecisionAccount) -> Iterator[str]:
    compared = any(each.versus is not None for each in account.reasons)
    head = reasons_heading(account)
    yield f"{head:46}chosen    other" if compared else head
    yield from _terms(account.reasons, compared=compared, total=account.total)


def _leaving(account: DecisionAccount) -> Iterator[str]:
    """Yield the terms that raise or lower the hazard of exit, beside the utility of taking part."""
    if account.leaving:
        yield f"what makes leaving likelier or rarer ({LOG_HAZARD})"
        yield from _terms(account.leaving)


def _terms(
    reasons: Sequence[GivenReason], *, compared: bool = False, total: float | None = None
) -> Iterator[str]:
    """Yield the reasons with their components, the total, and reasons that add next to nothing."""
    nothing = []
    for each in reasons:
        if abs(each.value) < TINY and abs(each.versus or 0.0) < TINY:
            nothing.append(each.words)
            continue
        if compared:
            yield f"  {each.words[:42]:42}{weighed(each.value):>8} {weighed(each.versus or 0.0):>8}"
        else:
            yield f"  {weighed(each.value):>7}  {each.words}"
        yield from _made_of(each)
    if total is not None and not compared:
        yield f"  {weighed(total):>7}  total"
    if compared:
        totals = [sum(e.value for e in reasons), sum(e.versus or 0 for e in reasons)]
        yield f"  {'total':42}{weighed(totals[0]):>8} {weighed(totals[1]):>8}"
    if nothing:
        yield from _broken(f"negligible: {', '.join(nothing)}", "  ")


def _made_of(reason: GivenReason) -> Iterator[str]:
    for each in reason.inputs:
        yield from _broken(given_words(each), " " * 11)
        if len(each.parts) > 1:
            parts = "; ".join(f"{part.words} {short(part.value)}" for part in each.parts)
            yield from _broken(f"of which {parts}", " " * 13)
        elif each.parts:
            yield from _broken(f"all of it {each.parts[0].words}", " " * 13)
    weights = [f"{each.path} = {short(each.value)} ({each.source})" for each in reason.weights]
    if weights:
        yield from _broken(", ".join(weights), " " * 11)


def _flips(account: DecisionAccount) -> Iterator[str]:
    yield flips_heading(account)
    for each in account.flips[:SHOWN]:
        share, change = flip_words(each)
        yield from _broken(f"{share:>5}  {change}", "  ", hang=7)
    if len(account.flips) > SHOWN:
        yield f"         {len(account.flips) - SHOWN} more"


def _broken(text: str, indent: str, hang: int = 0) -> list[str]:
    more = indent + " " * hang
    return wrap(text, WIDTH, initial_indent=indent, subsequent_indent=more) or [indent]
