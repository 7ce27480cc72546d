"""The table of a story: one row an entry, a reason or a movement."""

from __future__ import annotations

from collections.abc import Iterator

from sim.explain.chronicle import Chronicle, ChronicleEntry
from sim.kernel.dates import first_day
from sim.records.columns import Column, Table, row, text

STORY = Table(
    "story",
    (
        text("variant", key=True),
        Column("run", dtype=int, key=True),
        Column("entry", "", "Number of the entry, from 1.", int, key=True),
        text("date", "Period, by date."),
        text("start", "First day of the period, in ISO 8601."),
        text("kind", "sale, refused, blocked, or as in events.csv."),
        text("what", "entry, reason or movement."),
        text("parties", "States and blocs that it concerns, or the subject that moved."),
        text("decision", "Id of the decision, for `blocsim explain --decision`."),
        text("name", "State that has the reason, or the metric that moved."),
        text("words", "The same in words."),
        Column(
            "value", "", "Probability from the reasons alone; weight of the reason; value before."
        ),
        Column("to", "", "Value at the end of the period after."),
        text("unit", "Unit of the value."),
    ),
)
NOTHING = float("nan")


def lines_of_story(chronicle: Chronicle) -> list[str]:
    """Return the rows of a story as lines of CSV."""
    return [
        row(
            [
                chronicle.variant,
                float(chronicle.run),
                float(number),
                each.date,
                first_day(each.date),
                each.kind,
                *cells,
            ]
        )
        for number, each in enumerate(chronicle.entries, start=1)
        for cells in _cells(each)
    ]


def _cells(entry: ChronicleEntry) -> Iterator[list[str | float]]:
    chance = NOTHING if entry.chance is None else entry.chance
    parties = " ".join(entry.parties)
    yield ["entry", parties, entry.decision, "", entry.sentence, chance, NOTHING, ""]
    for reason in entry.reasons:
        yield ["reason", parties, entry.decision, reason.actor, reason.words, reason.value, NOTHING,
               reason.unit]  # fmt: skip
    for moved in entry.moved:
        yield ["movement", moved.subject, "", moved.metric, moved.words, moved.before, moved.after,
               moved.unit]  # fmt: skip
