"""Folders of public data as an option, and what was filled from them, as two commands say it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import pandas as pd

from sim.cases.archive import Archive
from sim.cases.case_file import CaseText
from sim.cases.figures import Gap
from sim.cases.filled_text import REFERENCES
from sim.cli.app import option
from sim.cli.screen import progress
from sim.cli.shared import refuse
from sim.cli.streams import echo, say
from sim.data.collection import Collection, collect
from sim.data.split_tables import Whole
from sim.data.table_reader import Reading, Watch
from sim.data.tidy_tables import (
    ALLIANCES,
    CAPITALS,
    CONTIGUITY,
    MEMBERSHIPS,
    RIVALRIES,
    Kind,
)
from sim.documents.reader import read_mapping
from sim.documents.sources import ASSUMED, OWN_WORDS
from sim.kernel.errors import InputError
from sim.kernel.words import first_few

Folders = Annotated[
    list[Path] | None, option("A folder of downloads, or a file; may be repeated.", "--data")
]


@contextmanager
def archive_of(folders: list[Path] | None, command: str) -> Iterator[Archive]:
    """Yield what is in folders of downloads; InputError if there is no table in them.

    While tables are read, a line on a terminal names the file and counts its rows.
    """
    if not folders:
        refuse(command, "needs downloads of public data: --data ~/data (`blocsim data list` says "
               "where they are to be had)")  # fmt: skip
    places = [each.expanduser() for each in folders or ()]
    with watching() as watch:
        found = collect(places, watch)
        _need_tables(found)
        _say_faults(found, whole=False)
        for text in misnamed(found):
            say(text)
        yield Archive(SoundTables(found))


_DISTINCT = {each.name for each in (CAPITALS, CONTIGUITY, ALLIANCES, RIVALRIES, MEMBERSHIPS)}


def misnamed(found: Collection) -> Iterator[str]:
    """Yield the files named after a kind of table that they do not hold, if no other file does."""
    held: dict[str, set[str]] = {}
    for each in found.tables:
        held.setdefault(each.file, set()).add(each.kind.name)
    for file, kinds in held.items():
        meant = Path(file).name.partition(".")[0].casefold()
        if meant in _DISTINCT - found.kinds:
            yield f"{file} holds {' and '.join(sorted(kinds))}: there is no table of {meant}"


@contextmanager
def watching() -> Iterator[Watch]:
    """Yield a function that shows which file is read, and how many rows of it were; see `Watch`."""
    with progress("reading", first="folders") as step:
        yield lambda file, rows: step(rows, 0, f"rows of {Path(file).name}")


def _need_tables(found: Collection) -> None:
    if not found.tables:
        _say_faults(found, whole=True)
        refuse("--data", "no table of public data in it: `blocsim data check FILE` says what a "
               "file is, `blocsim data list` what can be read")  # fmt: skip


def _say_faults(found: Collection, *, whole: bool) -> None:
    """Print which files were passed over; of many, the first broken downloads and the number."""
    named = found.faults if whole else found.named
    for problem in named:
        say(f"not read: {problem}")
    if left := len(found.faults) - len(named):
        files = f"{left} {'more ' if named else ''}file{'s' * (left > 1)}"
        say(f"not read: {files}, which `blocsim data list --data DIR` names")


@dataclass
class SoundTables:
    """The tables of a collection less those with a fault, which are named and passed over."""

    found: Collection
    damaged: set[str] = field(default_factory=set)

    def frame(self, kind: Kind) -> pd.DataFrame:
        """Return all rows of a kind."""
        own = tuple(each for each in self.found.tables if each.kind is kind and self._sound(each))
        whole = Collection(own, ()).whole(kind)
        if not kind.subject and len(own) > 1:
            say(_put_together(kind, whole))
        return whole.frame

    def _sound(self, reading: Reading) -> bool:
        try:
            return len(reading.frame) >= 0
        except InputError as error:
            if reading.file not in self.damaged:
                say(f"not read: {error.problems[0]}")
            self.damaged.add(reading.file)
            return False


def _put_together(kind: Kind, whole: Whole) -> str:
    """Return from how many files the rows of a kind are, and how many rows are left out."""
    count = sum(each.used > 0 for each in whole.shares)
    files = f"{count} files put together" if count > 1 else f"one of {len(whole.shares)} files"
    text = f"{kind.name}: {len(whole.frame):,} rows from {files}"
    parts = [
        (sum(each.again for each in whole.shares), "in several files count once"),
        (sum(each.other for each in whole.shares), "of other editions or lists are left out"),
    ]
    left = [f"{rows:,} {words}" for rows, words in parts if rows]
    return f"{text}; {' and '.join(left)} (`blocsim data list --data DIR`)" if left else text


def overlaps(kind: Kind, whole: Whole) -> Iterator[str]:
    """Yield what is left out of each file of a kind since other files have it."""
    for each in whole.shares:
        if each.rows and not each.used:
            yield f"{each.file}: adds nothing: other files hold what it has of {kind.name}"
            continue
        of = f"{each.file}: {{:,}} of {each.rows:,} rows of {kind.name}"
        if each.again:
            yield f"{of.format(each.again)} are in other files too: each counts once"
        if each.other:
            why = "another edition, or another list, of what other files hold"
            yield f"{of.format(each.other)} are left out: {why}"


def sections_of(text: str) -> set[str]:
    """Return the sections that a file has."""
    return {*read_mapping(text, "").plain()}


_NAMED = 8  # values that are named in one line
_DIFFERING = 3  # values of a topic that are named with both numbers


def report(case: CaseText, *, dry_run: bool = False) -> None:
    """Print what was written, what was kept and what the data do not have."""
    sections = Counter(
        path[0] for path, figure in case.written.items() if figure.held and path[0] != REFERENCES
    )
    verb = "would be written" if dry_run else "written"
    echo(f"{sum(sections.values())} values {verb}" + (":" if sections else ""))
    for section, count in sections.items():
        own = [figure for path, figure in case.written.items() if path[0] == section]
        keys = sorted({key for figure in own for key in figure.source} - OWN_WORDS)
        years = [figure.year for figure in own if figure.year is not None]
        span = f", figures up to {max(years)}" if years else ""
        echo(f"  {section}: {count} from {', '.join(keys) or ASSUMED}{span}")
    for path, figure in case.written.items():
        if figure.found:
            echo(f"  {'.'.join(path)}: {figure.found}")
    if case.kept:
        _say_kept(case)
    if sections.get("offers"):
        echo("  offers are closed to rivals and their allies alone: check `not_to`, add embargoes")
    if case.no_arms:
        echo(f"  left out of offers and arsenals, of no class of arms: {'; '.join(case.no_arms)}")
    say_gaps("not in the data", case.gaps)
    for text in case.absent:
        say(f"warning: {text}")


def _say_kept(case: CaseText) -> None:
    """Print the values that differ from the figures, by topic, and how to replace them."""
    one = len(case.kept) == 1
    what = "value is kept that differs" if one else "values are kept that differ"
    echo(f"{len(case.kept)} {what} from what the data and rules now give:")
    for topic, paths in case.kept_of.items():
        lines = [f"{'.'.join(p)} {case.before[p]}, not {case.kept[p].text}" for p in paths]
        them = "it" if len(paths) == 1 else "them"
        if (left := len(lines) - _DIFFERING) > 1:
            lines = [*lines[:_DIFFERING], f"{left} more"]
        echo(f"  {'; '.join(lines)} (`--what {topic} --force` replaces {them})")


def say_unfilled(sections: AbstractSet[str]) -> None:
    """Print what no data give to a case with these sections."""
    if "assets" not in sections:
        echo("without assets nothing can be struck: exposure and second strike are 0")
    if "rivalries" in sections and "laws" not in sections:
        echo(_HOT)
    echo("to be checked by hand (docs/case.md): nuclear forces, which the data lack")


_HOT = (
    "without `laws` rivals begin about three times as many wars as on record: docs/case.md has the "
    "lines that `blocsim new` writes"
)


def values_of(case: CaseText) -> list[str]:
    """Return a line for each value that is written: its path, old and new value, and source."""
    return [
        f"{'.'.join(path)}: {case.before.get(path, 'none')} -> {figure.text}"
        + (f" ({', '.join(figure.source)})" if figure.source else "")
        for path, figure in case.written.items()
        if path[0] != REFERENCES
    ]


def say_gaps(what: str, gaps: Iterable[Gap]) -> None:
    """Print gaps of the data by their reason."""
    for why, paths in _by_reason(gaps).items():
        say(f"{what}: {_some(paths)}: {why}")


def _some(paths: Iterable[tuple[str, ...]]) -> str:
    return first_few([".".join(path) for path in paths], _NAMED)


def _by_reason(gaps: Iterable[Gap]) -> dict[str, list[tuple[str, ...]]]:
    reasons: dict[str, list[tuple[str, ...]]] = {}
    for gap in gaps:
        why = f"{gap.why}: {gap.instead}" if gap.instead else gap.why
        reasons.setdefault(why, []).append(gap.path)
    return reasons
