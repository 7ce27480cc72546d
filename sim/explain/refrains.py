"""Refrains: repeated events in a story are mentioned once, and reasons where they differ.

A sale, refusal, block, halt or repair is repeated if its sentence is the same apart from numbers,
and for a sale from objections, which are counted; all events of the scenario at one date are one
entry.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from sim.experiments.watch.order_events import REPAIRED, SUSPENDED
from sim.experiments.watch.run_events import IMPOSED
from sim.explain.chronicle import ChronicleEntry
from sim.explain.period_teller import BLOCK, OF_OUTCOMES, REFUSAL, SALE
from sim.kernel.words import together

FOLDED = (REFUSAL, BLOCK, SUSPENDED, REPAIRED)
FEW = 3  # later dates that are named
_PROTEST = re.compile(r"; (?=[^;]*\bobjects?\b)")  # between a sale and objections to it
_NUMBER = re.compile(r"\d[\d,.]*")
_SCENARIO = ", as set by the scenario"


def told_once(entries: Iterable[ChronicleEntry]) -> list[ChronicleEntry]:
    """Return entries by date without repetitions: the first entry lists their dates."""
    found = _imposed_together(entries)
    first: dict[tuple[str, str], int] = {}
    protests: dict[int, list[str]] = {}
    kept: list[ChronicleEntry] = []
    for each in found:
        deed, protest = _parted(each)
        theme = each.kind, _NUMBER.sub("#", deed)
        folds = each.kind in FOLDED or (each.kind == SALE and each.weight < OF_OUTCOMES)
        if folds and theme in first:
            at = first[theme]
            weight = max(kept[at].weight, each.weight)
            parties = tuple(dict.fromkeys((*kept[at].parties, *each.parties)))
            again = (*kept[at].again, each.date)
            kept[at] = replace(kept[at], weight=weight, parties=parties, again=again)
            protests[at].append(protest)
            continue
        if folds:
            first[theme] = len(kept)
            protests[len(kept)] = [protest]
        kept.append(each)
    return [_with_dates(each, protests[at]) if each.again else each for at, each in enumerate(kept)]


def _parted(entry: ChronicleEntry) -> tuple[str, str]:
    """Return the sentence without its full stop, and the objections to a sale apart from it."""
    sentence = entry.sentence.removesuffix(".")
    deed, *protest = _PROTEST.split(sentence, maxsplit=1) if entry.kind == SALE else [sentence]
    return deed, "".join(protest)


def _imposed_together(entries: Iterable[ChronicleEntry]) -> list[ChronicleEntry]:
    """Return entries with all events of the scenario at one date as one entry."""
    found: list[ChronicleEntry] = []
    for (kind, _), group in groupby(entries, key=lambda each: (each.kind, each.date)):
        several = list(group)
        if kind != IMPOSED or len(several) == 1:
            found += several
            continue
        deeds = "; ".join(_deed(each.sentence) for each in several)
        found.append(
            replace(
                several[0],
                sentence=f"Events of the scenario: {deeds}.",
                parties=tuple(dict.fromkeys(p for each in several for p in each.parties)),
                weight=max(each.weight for each in several),
            )
        )
    return found


def _deed(sentence: str) -> str:
    """Return the sentence of an event without the words on the scenario."""
    deed = sentence.removesuffix(".").replace(_SCENARIO, "")
    return f"t{deed[1:]}" if deed.startswith("The ") else deed


def _with_dates(entry: ChronicleEntry, protests: Sequence[str]) -> ChronicleEntry:
    """Return an entry whose sentence lists the dates of its repetitions.

    Where not all of them met the same objections, each is counted.
    """
    later = [date for date in dict.fromkeys(entry.again) if date != entry.date]
    more = len(entry.again)
    if not later:
        when = "again on that date" if more == 1 else f"{more} more on that date"
    elif len(later) <= FEW and len(later) == more:
        when = f"again in {together(later)}"
    else:
        when = f"{more} more until {later[-1]}"
    counts = Counter(each for each in protests if each)
    if len({*protests}) == 1:
        return replace(entry, sentence=f"{entry.sentence.removesuffix('.')}; {when}.")
    parts = [f"in {count} of the {more + 1}, {each}" for each, count in counts.items()]
    return replace(entry, sentence="; ".join((_parted(entry)[0], when, *parts)) + ".")


def reasons_once(entries: Iterable[ChronicleEntry]) -> list[ChronicleEntry]:
    """Return entries in order, with reasons only where they differ from the last ones.

    The last ones are of the same states and blocs, and of the same kind of entry.
    """
    last: dict[tuple[str, tuple[str, ...]], tuple[tuple[str, str], ...]] = {}
    told = []
    for each in entries:
        reasons = tuple((reason.actor, reason.words) for reason in each.reasons)
        about = each.kind, each.parties
        told.append(replace(each, reasons=()) if reasons and last.get(about) == reasons else each)
        last[about] = reasons or last.get(about, ())
    return told
