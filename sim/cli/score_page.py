"""Tables of scores on the terminal. It imports pandas, for which first numbers do not wait."""

from __future__ import annotations

from rich.table import Table

from sim.cli.screen import table
from sim.seeing.score_tables import ScoreTable


def score_table(shown: ScoreTable) -> Table:
    """Return a table of scores, with its note below."""
    printed = table(title=shown.caption)
    for name, number in shown.heads:
        printed.add_column(name, justify="right" if number else "left", overflow="fold")
    for row in shown.rows:
        printed.add_row(*(cell.text for cell in row))
    if shown.note:
        printed.caption, printed.caption_justify = shown.note, "left"
    return printed
