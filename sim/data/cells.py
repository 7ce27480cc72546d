"""Cells of a table while it is read, by column: text, numbers, years, states, faults by line.

A layout turns cells into rows of a tidy table, up to CHUNK (`table_reader`) rows at a time.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from sim.data.state_codes import NOT_STATES, iso3_of
from sim.documents.csv_table import number_of, with_point
from sim.kernel.errors import END, InputError, Problem
from sim.kernel.words import first_few, quoted
from sim.kernel.words import number as say

MISSING = frozenset({"", ".", "..", "...", ". .", "NA", "NaN", "nan", "NULL", "null", "None"})
COW_MISSING = MISSING | {"-9", "-8", "-7", "-9.0", "-8.0", "-7.0"}
YEARS = (1, 2200)
_DIGITS = re.compile(r"[-+0-9.eE]*")
_COW_CODES = (-9, -7)  # missing, not applicable
_YEAR_COLUMN = re.compile(r"([12][0-9]{3})( \[yr[12][0-9]{3}\])?\Z")
_LARGEST = 1e21  # of any number; GDP in the smallest currencies is below 1e18
_MOST = 20  # faults listed for one file
_NAMED = 8  # names in one note


@dataclass
class Ledger:
    """The faults and oddities found in a file."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    more: int = 0  # faults that are not listed
    unknown: dict[str, Counter[str]] = field(default_factory=dict)  # column -> name -> rows
    known: Counter[str] = field(default_factory=Counter)  # column -> rows whose state is known
    notes: list[str] = field(default_factory=list)

    def wrong(self, line: int, column: str, message: str) -> None:
        """Note a fault; from _MOST on only their number."""
        if len(self.problems) >= _MOST:
            self.more += 1
            return
        self.problems.append(Problem(self.file, line, 1 if line else 0, column, message))

    def close(self) -> None:
        """Raise an InputError with all faults, if there are any."""
        if self.more:
            message = "1 more fault is" if self.more == 1 else f"{self.more:,} more faults are"
            self.problems.append(Problem(self.file, END, 1, "", f"{message} not listed"))
        if self.problems:
            raise InputError(self.problems)

    def state(self, column: str, name: str, code: str, rows: int = 1) -> None:
        """Count the rows in which a column names a state, known (with a code) or unknown."""
        if code:
            self.known[column] += rows
        elif not NOT_STATES.match(name):
            self.unknown.setdefault(column, Counter())[name or "(empty)"] += rows

    def unknown_names(self, *columns: str) -> str:
        """Return the unknown names in some columns (all by default), with their number of rows."""
        names: Counter[str] = Counter()
        for column in columns or self.unknown:
            names += self.unknown[column]
        return first_few([f"{name} {rows}" for name, rows in names.most_common()], _NAMED)


@dataclass(frozen=True)
class Heading:
    """The header of a table, and the lines above it."""

    line: int
    row: int  # number of rows up to and with it
    names: tuple[str, ...]  # small letters; a blank one as its left neighbour, with ?
    written: tuple[str, ...]  # as in the file
    title: str = ""  # of the sheet
    above: tuple[str, ...] = ()  # lines above the header
    file: str = ""

    def place(self, name: str) -> int:
        """Return the index of a column by its name or alternatives `a|b`; -1 if there is none."""
        return next((self.names.index(each) for each in name.split("|") if each in self.names), -1)

    @cached_property
    def years(self) -> dict[int, int]:
        """Return the index of each column of a year."""
        found = ((_YEAR_COLUMN.match(name), at) for at, name in enumerate(self.names))
        return {int(match[1]): at for match, at in found if match}

    def above_after(self, words: str) -> str:
        """Return the text that follows some words above the header; empty if they are missing."""
        for text in self.above:
            if words in text:
                return text.partition(words)[2].strip(" :;,\"'")
        return ""


def _plain_numbers(texts: Sequence[str], missing: frozenset[str]) -> np.ndarray | None:
    """Return numbers from cells of digits and signs, nan if empty; None if there are others."""
    if not _DIGITS.fullmatch("".join(texts)):
        return None
    try:
        values = np.array([float(text) if text else math.nan for text in texts])
    except ValueError:
        return None
    if (np.abs(values) > _LARGEST).any():
        return None
    if missing is COW_MISSING:
        values[(values <= _COW_CODES[1]) & (values >= _COW_CODES[0]) & (values % 1 == 0)] = math.nan
    return values


@dataclass(frozen=True)
class Cells:
    """Some rows of a table below its header."""

    heading: Heading
    lines: Sequence[int]
    rows: Sequence[Sequence[str]]
    marks: Sequence[Sequence[str]]  # meaning of the cells' colours, if any
    ledger: Ledger

    def __len__(self) -> int:
        return len(self.rows)

    def has(self, name: str) -> bool:
        """Return whether there is a column of a name."""
        return self.heading.place(name) >= 0

    def text(self, name: str) -> list[str]:
        """Return a column of texts; empty texts if there is no such column."""
        at = self.heading.place(name)
        return [row[at].strip() for row in self.rows] if at >= 0 else [""] * len(self.rows)

    def words(self, name: str) -> list[str]:
        """Return a column of texts, empty where NA or dots say that it is unknown."""
        return ["" if each in MISSING else each for each in self.text(name)]

    def number(
        self,
        name: str,
        *,
        needed: bool = False,
        low: float = -math.inf,
        high: float = math.inf,
        whole: bool = False,
        missing: frozenset[str] = MISSING,
    ) -> np.ndarray:
        """Return a column of numbers, nan where one is missing.

        A cell that is not a number, not whole if `whole`, below `low` or above `high`, or missing
        if `needed`, is noted as a fault.
        """
        column = self._written(name)
        cells = self.text(name)
        return self.numbers(
            cells, column, needed=needed, low=low, high=high, whole=whole, missing=missing
        )

    def numbers(
        self,
        cells: Iterable[str],
        column: str,
        *,
        needed: bool = False,
        low: float = -math.inf,
        high: float = math.inf,
        whole: bool = False,
        missing: frozenset[str] = MISSING,
    ) -> np.ndarray:
        """Return numbers from one cell of each row, nan where missing; faults as in `number`."""
        texts = [*cells]
        plain = _plain_numbers(texts, missing)
        if plain is not None and not (needed and np.isnan(plain).any()):
            bad = (plain < low) | (plain > high) | (whole & (plain % 1 > 0))
            if not bad.any():
                return plain
        values = np.full(len(self.rows), math.nan)
        for at, text in enumerate(texts):
            if text in missing:
                if needed:
                    self.ledger.wrong(self.lines[at], column, "is empty")
                continue
            value = number_of(text)
            if abs(value) <= _LARGEST and low <= value <= high and not (whole and value % 1):
                values[at] = value
                continue
            what = "a whole number" if whole else "a number"
            bounds = f" of {say(low)} or more" if math.isfinite(low) else ""
            bounds = f" from {say(low)} to {say(high)}" if math.isfinite(high) else bounds
            message = f"must be {what}{bounds}, got {quoted(text)}{with_point(text)}"
            self.ledger.wrong(self.lines[at], column, message)
        return values

    def year(self, name: str, *, first: int = YEARS[0]) -> np.ndarray:
        """Return a column of years; a missing one is a fault."""
        values = self.number(name, needed=True, low=first, high=YEARS[1], whole=True)
        years: np.ndarray = np.nan_to_num(values).astype(np.int64)
        return years

    def flag(self, name: str, yes: Mapping[str, int]) -> np.ndarray:
        """Return a column of 0 and 1, as `yes` translates words; another word is a fault."""
        values = np.zeros(len(self.rows), dtype=np.int64)
        for at, text in enumerate(self.text(name)):
            known = yes.get(text.casefold())
            if known is None:
                expected = " or ".join(dict.fromkeys(filter(None, yes)))
                message = f"must be {expected} or empty, got {quoted(text)}"
                self.ledger.wrong(self.lines[at], self._written(name), message)
            values[at] = known or 0
        return values

    def state(self, name: str, scheme: str) -> list[str]:
        """Return the codes of the states in a column, empty where unknown; see `state_codes`."""
        texts, column = self.text(name), self._written(name)
        counts = Counter(texts)
        codes = {text: iso3_of(text, scheme) for text in counts}
        for text, rows in counts.items():
            self.ledger.state(column, text, codes[text], rows)
        return [codes[text] for text in texts]

    def pair(self, one: str, other: str, scheme: str) -> dict[str, list[str]]:
        """Return the codes of two columns of states, as the columns `iso3_1` and `iso3_2`."""
        return {"iso3_1": self.state(one, scheme), "iso3_2": self.state(other, scheme)}

    def each(self, name: str, good: Callable[[str], bool], message: str) -> list[str]:
        """Return a column of texts; a text that is not good is a fault with the message."""
        texts = self.text(name)
        for at, text in enumerate(texts):
            if not good(text):
                self.ledger.wrong(
                    self.lines[at], self._written(name), f"{message}, got {quoted(text)}"
                )
        return texts

    def _written(self, name: str) -> str:
        at = self.heading.place(name)
        return (
            (self.heading.written[at] or self.heading.names[at])
            if at >= 0
            else name.partition("|")[0]
        )
