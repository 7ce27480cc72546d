"""External data joined by code: rows that match a scenario, and a report on those left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.kernel.errors import InputError, Problem
from sim.kernel.words import first_few, meant, quoted

_NAMED = 12  # number of codes named in a message
_ISO2 = 2  # letters of the shorter state codes


@dataclass
class Tally:
    """The rows of a file, or of several, about one pair of codes."""

    file: str  # of the first
    line: int
    rows: int = 0
    amount: float = 0.0

    def add(self, amount: float = 0.0) -> None:
        """Count one more row."""
        self.rows += 1
        self.amount += amount


@dataclass(frozen=True, kw_only=True)
class Unmatched:
    """The rows with codes that a scenario does not have."""

    rows: int
    of_rows: int
    amount: float
    of_amount: float
    codes: Mapping[str, int]  # unknown code -> number of its rows, largest first

    def __str__(self) -> str:
        """Return a sentence on the rows left out."""
        names = [f"{code} {rows}" for code, rows in self.codes.items()]
        amount = f", {self.amount:,.6g} of {self.of_amount:,.6g} TIV," if self.of_amount else ""
        return (
            f"{self.rows:,} of {self.of_rows:,} rows{amount} have codes that are not in the "
            "scenario and "
            f"are left out: {first_few(names, _NAMED)}"
        )


def unmatched(
    files: str,
    tallies: Mapping[tuple[str, str], Tally],
    known: Sequence[tuple[str, str, Mapping[str, str]]],
) -> Unmatched:
    """Return the rows without a match in a scenario.

    `files` names all files of the rows. `known` gives for each of the two codes its column, what it
    names, and code -> name of all. InputError if a code is only spelt differently, as a name or in
    lower case, or if no row matches.
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
                problems[code] = Problem(tally.file, tally.line, 1, column, message)
    if not problems and tallies and not any(matching.values()):
        problems[""] = Problem(files, 0, 0, "", _nothing(codes, known))
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
    """Return the known code of a text in other letter case, or of a name."""
    plain = code.casefold()
    same = (own for own, name in names.items() if plain in (own.casefold(), name.casefold()))
    return next(same, "")


def _nothing(codes: Counter[str], known: Sequence[tuple[str, str, Mapping[str, str]]]) -> str:
    """Return the message that no row matches, with the likely reason."""
    own = sorted({code for _, _, names in known for code in names})
    strange = [code for code, _ in codes.most_common()]
    short = all(len(code) == _ISO2 for code in strange)
    shown = [code if short else f"{code}{meant(code, own)}" for code in strange[:_NAMED]]
    what = " or ".join(dict.fromkeys(what for _, what, _ in known))
    why = "two-letter codes " if short else ""
    return (
        f"no row names a {what} of the scenario, but {why}{', '.join(shown)}: write the codes of "
        f"the scenario, such as {', '.join(own[:_NAMED])}"
    )
