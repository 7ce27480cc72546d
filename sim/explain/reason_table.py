"""The table of an explanation: one row for each reason, number, alternative and flip."""

from __future__ import annotations

from collections.abc import Iterator

from sim.explain.account import DecisionAccount, Explanation, Given
from sim.records.columns import Column, Table, row, text

REASONS = Table(
    "reasons",
    (
        text("variant", key=True),
        Column("run", dtype=int, key=True),
        text("decision", "Id of the decision.", key=True),
        text("date", "Period in which it was made."),
        text("kind", "Kind of decision, as docs/explain.md lists them, or order."),
        text("actor", "State that decided; for an order, the buyer."),
        text("choice", "The choice."),
        text(
            "what", "decision, reason, leaving, input, weight, part, alternative, flip or because."
        ),
        text("term", "The reason to which a number belongs."),
        text("name", "Name of the number in its law; for an alternative, its name."),
        text("words", "The same in words."),
        Column(
            "value",
            "",
            "For a decision, the probability of the choice from the reasons alone; for an "
            "alternative, the sum of its reasons and its luck.",
        ),
        Column(
            "versus",
            "",
            "For a request, the contribution of the reason to the offer compared with.",
        ),
        text("unit", "Unit of the value."),
        text("path", "Path of the number in the scenario."),
        text("source", "Source of that number."),
        Column("to", "", "Value that changes the decision."),
        Column("share", "0 to 1", "Size of the change as a share of the number's range."),
        text("becomes", "The choice after the change."),
    ),
)
NOTHING = float("nan")
LOG_HAZARD = "log hazard"  # unit of the terms of an exit besides its reasons


def lines_of_reasons(explanation: Explanation) -> list[str]:
    """Return the rows of an explanation as lines of CSV."""
    first = explanation.variant, float(explanation.run)
    return [
        row([*first, each.id, each.date, each.kind, each.actor, each.choice, *cells])
        for each in explanation.decisions
        for cells in _cells(each)
    ]


Cells = list[str | float]


def _line(what: str, term: str, name: str, words: str, value: float, **more: str | float) -> Cells:
    blank: dict[str, str | float] = {
        "versus": NOTHING, "unit": "", "path": "", "source": "", "to": NOTHING, "share": NOTHING,
        "becomes": "",
    }  # fmt: skip
    return [what, term, name, words, value, *{**blank, **more}.values()]


def _cells(account: DecisionAccount) -> Iterator[Cells]:
    chance = NOTHING if account.chance is None else account.chance
    yield _line("decision", "", "", account.sentence, chance)
    for what, reason in [
        *(("reason", each) for each in account.reasons),
        *(("leaving", each) for each in account.leaving),
    ]:
        versus = NOTHING if reason.versus is None else reason.versus
        yield _line(
            what, reason.name, reason.name, reason.words, reason.value,
            versus=versus, unit=LOG_HAZARD if what == "leaving" else account.unit,
        )  # fmt: skip
        for each in reason.inputs:
            yield _given("input", reason.name, each)
            for part in each.parts:
                yield _line("part", reason.name, each.name, part.words, part.value, unit=each.unit)
        for each in reason.weights:
            yield _given("weight", reason.name, each)
    for other in account.alternatives:
        yield _line("alternative", "", other.name, other.words, other.total, unit=account.unit)
    for flip in account.flips:
        yield _line(
            "flip", "", flip.name, flip.words, flip.value,
            unit=flip.unit, to=flip.to, share=flip.share, becomes=flip.becomes,
        )  # fmt: skip
    for name in account.because:
        yield _line("because", "", name, "", NOTHING)


def _given(what: str, term: str, each: Given) -> Cells:
    return _line(
        what, term, each.name, each.words, each.value,
        unit=each.unit, path=each.path or "", source=each.source or "",
    )  # fmt: skip
