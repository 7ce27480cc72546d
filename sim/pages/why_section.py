"""Reasons on a page: the story of the typical run, and three of its decisions explained."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from sim.explain.account import DecisionAccount, Explanation, GivenReason
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
)
from sim.explain.casebook import Casebook
from sim.explain.chronicle import Chronicle, ChronicleEntry
from sim.explain.chronicle_words import (
    ALSO,
    WHY,
    chronicle_end,
    chronicle_heading,
    movements_of,
    why_of,
)
from sim.explain.explanation import casebook_of, explanation_of
from sim.explain.focus import Focus
from sim.explain.period_teller import TRADE
from sim.explain.story import chronicle_of
from sim.explain.typical_runs import typical_run
from sim.kernel.errors import InputError, ResultError
from sim.pages.figure_album import FigureAlbum
from sim.pages.page_parts import (
    Cell,
    Folded,
    Head,
    Headed,
    PageTable,
    Paragraph,
    Section,
    StoryEntry,
    StoryPart,
    TextList,
)
from sim.pages.table_views import number_cell, number_heads
from sim.records.results import Results

_MOST = 3  # decisions explained in full
_FIGURES = ("timeline", "sale_stages")


def why_section(
    results: Results, variant: str, album: FigureAlbum, files: str | Path | None = None
) -> Section:
    """Return the story of the run of a variant nearest to the medians, and its main decisions."""
    try:
        run, picked = typical_run(results, variant)
        book = casebook_of(results, run, variant, files)
        story = chronicle_of(book, picked)
    except (InputError, ResultError) as error:
        why = Paragraph(
            f"There is no story, because no run could be replayed: {placeless(error, results)}"
        )
        return Section("why", "Why", (why, *album.figures(_FIGURES, most=1)))
    lacking = (Paragraph(each, "note") for each in album.lacks(_FIGURES))
    told = (
        StoryPart(tuple(map(story_entry, story.entries))),
        Paragraph(f"{chronicle_end(story)}.", "note"),
    )
    parts = (
        Headed("The typical run, by date", told, chronicle_heading(story)),
        *_decisions(book, story, album),
        Headed("In all runs", (*album.figures(_FIGURES, most=1), *lacking)),
    )
    return Section("why", "Why", parts)


def story_entry(entry: ChronicleEntry) -> StoryEntry:
    """Return the events, in the words of the terminal's story."""
    notes = ((WHY, why_of(entry)), (ALSO, movements_of(entry)))
    return StoryEntry(entry.date, entry.sentence, tuple(each for each in notes if each[1]))


def placeless(error: Exception, results: Results) -> str:
    """Return the message of an error, without the path of the result."""
    return str(error).replace(str(results.folder), results.folder.name)


def _decisions(book: Casebook, story: Chronicle, album: FigureAlbum) -> Iterator[Headed]:
    """Yield the main decisions of the story."""
    wanted = main_decisions(story, Focus.of(book.replay.scenario))
    entries = [each for each in book.entries if each.id in wanted]
    told = explanation_of(book, entries)
    accounts = [each for each in told.decisions if each.reasons]
    if accounts:
        words = "Three decisions" if len(accounts) == _MOST else "Decisions"
        below = (
            "The terms of the laws add up to the odds; chance then decides. From a replay of the "
            "run."
        )
        parts = tuple(account_part(told, each, album) for each in accounts)
        yield Headed(f"{words} of this run, reason by reason", parts, below)


def main_decisions(story: Chronicle, focus: Focus) -> set[str]:
    """Return the ids of decisions: first those that the scenario is about, of different kinds.

    Of decisions that differ in their date alone, only the weightiest counts.
    """
    decided = [each for each in story.entries if each.decision and each.reasons]
    decided.sort(key=lambda each: -each.weight)
    known: set[tuple[str, ...]] = set()
    kinds: dict[tuple[float, str], int] = {}
    ranks = []
    for each in decided:
        kind = each.decision.partition(":")[0]
        alike = _without_date(each)
        if alike in known:
            continue
        known.add(alike)
        aside = -focus.share(each.parties, trade=each.kind in TRADE)
        kinds[aside, kind] = kinds.get((aside, kind), 0) + 1
        ranks.append((aside, kinds[aside, kind], -each.weight, each.decision))
    return {each[-1] for each in sorted(ranks)[:_MOST]}


def _without_date(entry: ChronicleEntry) -> tuple[str, ...]:
    """Return the parts of a decision's id before its date."""
    parts = entry.decision.split(":")
    return tuple(parts[: parts.index(entry.date)] if entry.date in parts else parts)


def account_part(told: Explanation, account: DecisionAccount, album: FigureAlbum) -> Headed:
    """Return the reasons of a decision, with its figure and changes that would have altered it."""
    flips = [" of its range: ".join(flip_words(each)) for each in account.flips[:SHOWN]]
    heading = flips_heading(account)
    parts: list[object] = [
        Paragraph(f"{account.sentence} {account.context}".strip()),
        Paragraph(chance_sentence(account)),
        *album.part(partial(album.pages.decision_waterfall.waterfall, told, account)),
    ]
    if flips:
        parts.append(Paragraph(f"{heading[:1].upper()}{heading[1:]}:"))
        parts.append(TextList(tuple(flips)))
    else:
        parts.append(Paragraph(f"{heading[:1].upper()}{heading[1:]}."))
    inside: list[object] = [_reasons(account)]
    if len(account.alternatives) > 2:  # noqa: PLR2004 - more than yes and no
        inside.append(_alternatives(account))
    parts.append(Folded("Reasons with their inputs and sources", tuple(inside)))
    return Headed(f"{account.date}: {decision_sentence(account)}", tuple(parts))


def _reasons(account: DecisionAccount) -> PageTable:
    compared = any(each.versus is not None for each in account.reasons)
    heads = [Head("reason"), Head("chosen" if compared else "adds", number=True)]
    if compared:
        heads.append(Head("other", number=True))
    rows = []
    for each in account.reasons:
        if abs(each.value) < TINY and abs(each.versus or 0.0) < TINY:
            continue
        cells = [Cell(each.words), number_cell(each.value)]
        if compared:
            cells.append(number_cell(each.versus or 0.0))
        rows.append((*cells, Cell("; ".join(_made_of(each)))))
    caption = f"{account.id}: {reasons_heading(account)}"
    return PageTable(caption, (*heads, Head("components")), tuple(rows))


def _made_of(reason: GivenReason) -> Iterator[str]:
    yield from map(given_words, reason.inputs)
    yield from map(given_words, reason.weights)


def _alternatives(account: DecisionAccount) -> PageTable:
    rows = tuple(
        (
            Cell(f"{each.words} (chosen)" if each.chosen else each.words),
            *map(number_cell, (each.reasons, each.luck or 0.0, each.total, 100 * each.chance)),
        )
        for each in ranked(account)
    )
    heads = (Head("alternative"), *number_heads("reasons", "chance", "total", "of 100"))
    return PageTable("Alternatives", heads, rows)
