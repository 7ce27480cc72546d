"""Outside data joined by code: rows that match a scenario, and what is left out and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.kernel.errors import InputError, Problem
from sim.kernel.words import meant, quoted

_NAMED = 12  # codes that a message names
_ISO2 = 2  # letters of the shorter codes of states


@dataclass
class Tally:
    """The rows of a file about one pair of codes."""

    line: int  # of the first
    rows: int = 0
    amount: float = 0.0

    def add(self, amount: float = 0.0) -> None:
        """Count one more row."""
        self.rows += 1
        self.amount += amount


@dataclass(frozen=True, kw_only=True)
class Unmatched:
    """The rows that name what a scenario lacks."""

    rows: int
    of_rows: int
    amount: float
    of_amount: float
    codes: Mapping[str, int]  # code that is not known -> rows that name it, most first

    def __str__(self) -> str:
        """Return what is left out, as a sentence."""
        names = [f"{code} {rows}" for code, rows in list(self.codes.items())[:_NAMED]]
        more = len(self.codes) - len(names)
        tail = f" and {more} more" if more > 0 else ""
        amount = f", {self.amount:,.6g} of {self.of_amount:,.6g} TIV," if self.of_amount else ""
        return (
            f"{self.rows:,} of {self.of_rows:,} rows{amount} name what the scenario lacks, and are "
            f"left out: {', '.join(names)}{tail}"
        )


def unmatched(
    file: str,
    tallies: Mapping[tuple[str, str], Tally],
    known: Sequence[tuple[str, str, Mapping[str, str]]],
) -> Unmatched:
    """Return which rows a scenario has no use for.

    `known` gives for each of the two codes its column, what it names, and code -> name of all.
    InputError if a code is only spelled otherwise, as a name or in small letters, or if no row
    matches at all.
    """
    codes: Counter[str] = Counter()
    problems: dict[str, Problem] = {}
    matching = dict.fromkeys(tallies, True)
    for pair, tally in tallies.items():
        for code, (column, what, names) in zip(pair, known, strict=True):
            if code in names:
                continue
            matching[pair] = False
            codes[code] += tally.rows
            same = _same(code, names)
            if same and code not in problems:
                message = f"no {what} {quoted(code)} in the scenario: write {same}"
                problems[code] = Problem(file, tally.line, 1, column, message)
    if not problems and tallies and not any(matching.values()):
        problems[""] = Problem(file, 0, 0, "", _nothing(codes, known))
    if problems:
        raise InputError(list(problems.values()))
    lost = [tally for pair, tally in tallies.items() if not matching[pair]]
    return Unmatched(
        rows=sum(tally.rows for tally in lost),
        of_rows=sum(tally.rows for tally in tallies.values()),
        amount=sum(tally.amount for tally in lost),
        of_amount=sum(tally.amount for tally in tallies.values()),
        codes=dict(codes.most_common()),
    )


def _same(code: str, names: Mapping[str, str]) -> str:
    """Return the known code that a text spells otherwise: in other capitals, or as a name."""
    plain = code.casefold()
    same = (own for own, name in names.items() if plain in (own.casefold(), name.casefold()))
    return next(same, "")


def _nothing(codes: Counter[str], known: Sequence[tuple[str, str, Mapping[str, str]]]) -> str:
    """Return that no row matches, and what may be the reason."""
    own = sorted({code for _, _, names in known for code in names})
    strange = [code for code, _ in codes.most_common()]
    short = all(len(code) == _ISO2 for code in strange)
    shown = [code if short else f"{code}{meant(code, own)}" for code in strange[:_NAMED]]
    what = " or ".join(dict.fromkeys(what for _, what, _ in known))
    why = "the codes of two letters " if short else ""
    return (
        f"no row names a {what} of the scenario, but {why}{', '.join(shown)}: write the codes of "
        f"the scenario, such as {', '.join(own[:_NAMED])}"
    )
