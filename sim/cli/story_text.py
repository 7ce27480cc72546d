"""The story of a run as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from sim.explain.chronicle import Chronicle
from sim.explain.chronicle_words import (
    ALSO,
    WHY,
    chronicle_end,
    chronicle_heading,
    movements_of,
    why_of,
)

WIDTH = 80


def story_lines(chronicle: Chronicle, *, ids: bool = False) -> Iterator[str]:
    """Yield the lines of a story; with `ids` those of the decisions, for `blocsim explain`."""
    yield from wrap(chronicle_heading(chronicle), WIDTH)
    if not chronicle.entries:
        yield "no such events in this run"
        return
    indent = " " * (2 + max(len(each.date) for each in chronicle.entries))
    before = ""
    for each in chronicle.entries:
        date = each.date if each.date != before else ""
        before = each.date
        yield ""
        yield from _hung(f"{date:{len(indent)}}", each.sentence)
        if why := why_of(each):
            yield from _hung(f"{indent}{WHY:6}", why)
        if ids and each.decision:
            yield f"{indent}id    {each.decision}"
        if moved := movements_of(each):
            yield from _hung(f"{indent}{ALSO:6}", moved)
    yield ""
    yield chronicle_end(chronicle)


def _hung(label: str, text: str) -> list[str]:
    """Return a text after a label, its other lines below the text."""
    return wrap(text, WIDTH, initial_indent=label, subsequent_indent=" " * len(label))
