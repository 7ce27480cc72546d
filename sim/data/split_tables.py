"""Split tables: one table in several files, as a register by supplier, by recipient or by years.

Of kinds in which a row has a subject (`Kind.subject`), the first file that has any row on a subject
gives all of them. Registers and lists of disputes have no such subject. A file of theirs holds what
its suppliers delivered to its recipients from its first to its last year, and a row that is missing
there means that there was nothing. A later file adds what no file before it holds, in whole or for
some of its years. If hardly any of its rows within what the others hold is there as well, the two
are parts of another division, such as one by class of arms, and all its other rows are added.

Equal rows of one file stay, as two deals may be alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from sim.data import partial_deals
from sim.data.tidy_tables import DEALS, Kind

_APART = 0.1  # share of equal rows below which two files do not hold the same


class FileTable(Protocol):
    """A table in one file."""

    @property
    def file(self) -> str:
        """Return the file as messages show it."""

    @property
    def source(self) -> str:
        """Return the publisher."""

    @property
    def frame(self) -> pd.DataFrame:
        """Return the tidy table."""


@dataclass(frozen=True)
class FileShare:
    """What a file gives to a table."""

    file: str
    rows: int  # in the file
    used: int
    again: int = 0  # equal to rows of files before it
    other: int = 0  # not equal, but on what a file before it holds: another edition


@dataclass(frozen=True)
class Whole:
    """The rows of a kind from several files, and what each file gives."""

    frame: pd.DataFrame
    shares: tuple[FileShare, ...]


@dataclass(frozen=True)
class Scope:
    """What a file holds: all between its parties, from its first to its last year."""

    parties: tuple[frozenset[str], ...]
    first: int
    last: int

    def holds(self, parties: Sequence[pd.Series], years: pd.Series) -> pd.Series:
        """Return which rows, of one year each, lie within it."""
        within = years.between(self.first, self.last)
        for names, known in zip(parties, self.parties, strict=True):
            within &= names.isin(known)
        return within

    def meets(self, other: Scope) -> bool:
        """Return whether some of its parties are another's, on every side."""
        sides = zip(self.parties, other.parties, strict=True)
        return not any(own.isdisjoint(their) for own, their in sides)


def party(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return the codes of a column of parties, and the names of those without one."""
    code = f"{column}_iso3"
    return frame[code].where(frame[code] != "", frame[column]) if code in frame else frame[column]


def scope_of(frame: pd.DataFrame, parties: Iterable[str], years: pd.Series) -> Scope:
    """Return what the file of a table holds; `years` are those of its rows."""
    named = tuple(frozenset(party(frame, each)) for each in parties)
    return Scope(named, int(years.min()), int(years.max()))


def put_together(kind: Kind, tables: Sequence[FileTable]) -> Whole:
    """Return the rows of some files of a kind, those that come first before others."""
    frames = [each.frame.assign(source=each.source, file=each.file) for each in tables]
    if len(tables) == 1:
        count = len(frames[0])
        return Whole(frames[0], (FileShare(tables[0].file, count, count),))
    return _by_subject(kind, frames) if kind.subject else _by_scope(kind, frames)


def _by_subject(kind: Kind, frames: list[pd.DataFrame]) -> Whole:
    """Return the rows of files, all on one subject from one file."""
    places = np.repeat(np.arange(len(frames)), [len(each) for each in frames])
    whole = pd.concat(frames, ignore_index=True)
    subject = [party(whole, each) for each in kind.subject]
    first = pd.Series(places).groupby(subject, sort=False, dropna=False).transform("min")
    kept = first.to_numpy() == places
    shares = []
    for at, each in enumerate(frames):
        used = int(kept[places == at].sum())
        shares.append(FileShare(_file(each), len(each), used, len(each) - used))
    return Whole(whole[kept].reset_index(drop=True), tuple(shares))


def _by_scope(kind: Kind, frames: list[pd.DataFrame]) -> Whole:
    """Return the rows of files, each of which adds what no file before it holds."""
    held, scopes = [frames[0]], [_scope(kind, frames[0])]
    shares = [FileShare(_file(frames[0]), len(frames[0]), len(frames[0]))]
    for own in frames[1:]:
        part, again, scope = own, 0, _scope(kind, own)
        if any(map(scope.meets, scopes)):
            so_far = pd.concat(held, ignore_index=True)
            same = _same(kind, own, so_far)
            part, again = _added(kind, own, same.notna().to_numpy(), scopes)
            held = [_united(kind, so_far, part, same[part.index])]
        else:
            held.append(own)
        scopes.append(scope)
        shares.append(
            FileShare(_file(own), len(own), len(part), again, len(own) - len(part) - again)
        )
    return Whole(pd.concat(held, ignore_index=True), tuple(shares))


def _file(frame: pd.DataFrame) -> str:
    return str(frame["file"].iloc[0])


def _dated(kind: Kind, frame: pd.DataFrame) -> pd.Series:
    """Return the years of rows; of a deal several to an index."""
    return partial_deals.dated(frame) if kind is DEALS else frame[kind.years[0]]


def _scope(kind: Kind, frame: pd.DataFrame) -> Scope:
    """Return what a file holds; orders of which nothing has come say nothing on its years."""
    came = frame[frame[partial_deals.YEARS] != ""] if kind is DEALS else frame
    return scope_of(frame, kind.parties, _dated(kind, came if len(came) else frame))


def _added(
    kind: Kind, own: pd.DataFrame, equal: np.ndarray, scopes: Sequence[Scope]
) -> tuple[pd.DataFrame, int]:
    """Return what a file adds, and how many of its other rows are equal to rows held."""
    years = _dated(kind, own)
    parties = [party(own, each).reindex(years.index) for each in kind.parties]
    within = np.logical_or.reduce([each.holds(parties, years) for each in scopes])
    new = years[~within]
    taken = own.index.isin(new.index)
    touched = own.index.isin(years.index[within])
    if kind.parties and touched.any() and equal[touched].mean() < _APART:
        return own[~equal], int(equal.sum())
    part = partial_deals.cut(own, years, new) if kind is DEALS else own[taken]
    return part, int((equal & ~taken).sum())


def _united(kind: Kind, held: pd.DataFrame, part: pd.DataFrame, same: pd.Series) -> pd.DataFrame:
    """Return held rows with those of another file; see `_same`."""
    if kind is not DEALS or not len(part):
        return pd.concat([held, part], ignore_index=True)
    return partial_deals.added(held, part, same)


def _same(kind: Kind, own: pd.DataFrame, held: pd.DataFrame) -> pd.Series:
    """Return the place among the rows held of each row's equal, missing if there is none."""
    places = {key: at for at, key in enumerate(_numbered(kind, held))}
    return _numbered(kind, own).map(places)


def _numbered(kind: Kind, frame: pd.DataFrame) -> pd.Series:
    """Return what distinguishes the rows of a file, with the number of each among equal ones."""
    named = pd.DataFrame({each: party(frame, each) for each in kind.identity})
    named = named.astype(object).where(named.notna(), "")
    count = named.groupby([*kind.identity], sort=False).cumcount()
    columns = [named[each].tolist() for each in kind.identity]
    return pd.Series([*zip(*columns, count, strict=True)], index=frame.index)
