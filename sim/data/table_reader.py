"""Readings: the tables of a file, recognised by their headers and read into tidy tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path

import pandas as pd

from sim.data.cells import Cells, Heading, Ledger
from sim.data.containers import BrokenDownloadError, Member, members, refused
from sim.data.registry import LAYOUTS
from sim.data.repeated_names import check_columns, is_second_header, second_table
from sim.data.sheets import FIRST_LINES, Row, Sheet, sheets
from sim.data.table_layout import TableLayout, heading_of
from sim.data.tidy_tables import Kind
from sim.documents.reader import shown
from sim.kernel.errors import InputError

CHUNK = 20_000  # rows that a layout reads at a time
_ALIKE = 0.5  # share of a layout's names that makes a header resemble it
_SHOWN = 12  # names or faults in a message
Watch = Callable[[str, int], None]  # called with a file and its number of rows read so far


@dataclass(frozen=True)
class Reading:
    """A publisher's table, recognised by its header; its rows are read when they are first used."""

    sheet: Sheet
    layout: TableLayout
    heading: Heading
    delimiter: str
    path: Path = Path()
    watch: Watch | None = field(default=None, compare=False, repr=False)

    @property
    def file(self) -> str:
        """Return the file, with its sheet if it has several, as messages show it."""
        title = self.sheet.title
        return f"{self.sheet.file}, sheet {title}" if title else self.sheet.file

    @property
    def kind(self) -> Kind:
        """Return the kind of the tidy table."""
        return self.layout.kind

    @property
    def source(self) -> str:
        """Return the publisher, with the date of the file if it has one."""
        name = self.layout.publisher.name
        return f"{name} ({self.vintage})" if self.vintage else name

    @property
    def vintage(self) -> str:
        """Return the date that the publisher wrote above the header; empty if there is none."""
        return self.heading.above_after(self.layout.vintage) if self.layout.vintage else ""

    @cached_property
    def _read(self) -> tuple[pd.DataFrame, tuple[str, ...]]:
        return _read(self)

    @property
    def frame(self) -> pd.DataFrame:
        """Return the tidy table; InputError lists what is wrong with the file, by line."""
        return self._read[0]

    @property
    def notes(self) -> tuple[str, ...]:
        """Return notes on harmless oddities: the encoding, unknown names of states."""
        return self._read[1]

    @property
    def years(self) -> tuple[int, int]:
        """Return the first and last year of the table; zeros if it has none."""
        columns = [each for each in self.kind.years if each in self.frame]
        held = [self.frame[each].dropna() for each in columns]
        values = pd.concat(held) if held else pd.Series(dtype=float)
        return (int(values.min()), int(values.max())) if len(values) else (0, 0)

    @property
    def states(self) -> frozenset[str]:
        """Return the codes in the table."""
        named = {code for column in self.kind.states for code in self.frame[column].unique()}
        return frozenset(named - {""})


def readings(path: str | Path, watch: Watch | None = None) -> list[Reading]:
    """Return the known tables in a file; InputError says what the file is if there is none.

    `watch` is called while rows are read.
    """
    place = Path(path)
    found: list[Reading] = []
    faults: list[InputError] = []
    for member in members(place):
        try:
            found += [replace(each, path=place, watch=watch) for each in _recognised(member)]
        except InputError as error:
            faults.append(error)
    if found:
        return found
    kind = (
        BrokenDownloadError
        if any(isinstance(each, BrokenDownloadError) for each in faults)
        else InputError
    )
    raise kind([each for error in faults for each in error.problems])


def _recognised(member: Member) -> list[Reading]:
    """Return the known tables in one file; InputError says what it is if there is none."""
    found: list[Reading] = []
    seen: list[Heading] = []
    for sheet in sheets(member):
        reading, headings = _of_sheet(sheet)
        seen += headings
        found += [] if reading is None else [reading]
    usable = [each for each in found if not each.layout.refusal]
    if usable:
        return usable
    if found:
        first = found[0]
        message = f"is {first.layout.name}: {first.layout.refusal}"
        raise refused(member.file, message, first.heading.line)
    alike = [(each.near(heading), each, heading) for heading in seen for each in LAYOUTS]
    part, layout, heading = max(alike, key=lambda each: each[0], default=(0.0, None, None))
    if layout is not None and heading is not None and part > _ALIKE:
        what = f"looks like {layout.name} ({layout.publisher.name})"
        raise refused(member.file, f"{what}, {layout.lacking(heading)}", heading.line)
    raise refused(member.file, _unknown(seen), 0)


def _of_sheet(sheet: Sheet) -> tuple[Reading | None, list[Heading]]:
    """Return the table in a sheet, None if unknown, and the rows that may have been headers."""
    seen: list[Heading] = []
    broken: InputError | None = None
    for delimiter in sheet.delimiters:
        above: list[str] = []
        try:
            rows = islice(sheet.rows(delimiter), FIRST_LINES)
            for number, (line, cells, _) in enumerate(rows, 1):
                heading = heading_of((line, number), cells, sheet.title, above, sheet.file)
                fitting = [
                    each for each in LAYOUTS if each.fits(heading) and _titled(each, heading)
                ]
                if fitting:
                    layout = max(fitting, key=lambda each: len(each.needs))
                    return Reading(sheet, layout, heading, delimiter), seen
                if heading.names:
                    seen.append(heading)
                above.append(", ".join(filter(None, cells)))
        except InputError as error:
            broken = broken or error
    if broken is not None and (len(sheet.delimiters) == 1 or not seen):
        raise broken
    return None, seen


def _titled(layout: TableLayout, heading: Heading) -> bool:
    """Return whether a table has one of the titles of the layout, if the layout has titles."""
    text = " ".join((heading.title, *heading.above)).casefold()
    return not layout.titles or any(each in text for each in layout.titles)


def _unknown(seen: Sequence[Heading]) -> str:
    """Return the message on an unknown file, with the line that most resembles a header."""
    if not seen:
        return "holds no row"
    widest = max(seen, key=lambda each: len(each.names))
    some = ", ".join(filter(None, widest.written[:_SHOWN]))
    return (
        "is not a known table (docs/data_tables.md lists those that can be read): line "
        f"{widest.line} has the names or values {some}"
    )


def _read(reading: Reading) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the tidy table of a reading, and notes; InputError as for `Reading.frame`."""
    layout, ledger = reading.layout, Ledger(reading.file)
    frames = [layout.read(cells) for cells in _chunks(reading, ledger)]
    ledger.close()
    if not frames:
        raise refused(reading.file, "holds a header and no row", reading.heading.line)
    frame = pd.concat(frames, ignore_index=True)
    if layout.finish is not None:
        frame = layout.finish(frame)
    _check_states(ledger, reading)
    frame = _of_states(frame, reading.kind)
    _check_twice(frame, reading, ledger)
    ledger.close()
    notes = [*reading.sheet.notes(), *ledger.notes]
    if names := ledger.unknown_names():
        notes.append(f"unknown names of states, with their number of rows: {names}")
    return frame[[*reading.kind.names]], tuple(notes)


def _check_states(ledger: Ledger, reading: Reading) -> None:
    """Raise InputError if most states of a column are unknown, as in another language."""
    for column, names in ledger.unknown.items():
        if names.total() > ledger.known[column]:
            message = f"most rows have an unknown state: {ledger.unknown_names(column)}"
            ledger.wrong(reading.heading.line, column, message)
    ledger.close()


def _of_states(frame: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    """Return a table without the rows of unknown states, unless other parties are allowed."""
    if not kind.key:
        return frame
    known = pd.Series(data=True, index=frame.index)
    for column in kind.states:
        known &= frame[column] != ""
    return frame[known].reset_index(drop=True)


def _check_twice(frame: pd.DataFrame, reading: Reading, ledger: Ledger) -> None:
    """Note a fault for different figures on the same subject; equal rows count as one."""
    if not reading.kind.key:
        return
    key = [*reading.kind.key]
    twice = frame[frame.duplicated(key, keep=False)].drop_duplicates()
    twice = twice[twice.duplicated(key, keep=False)]
    for values in twice[key].drop_duplicates().head(_SHOWN).itertuples(index=False):
        message = f"{', '.join(map(str, values))} appears twice, with different figures"
        ledger.wrong(0, "", message)


def _chunks(reading: Reading, ledger: Ledger) -> Iterator[Cells]:
    """Yield the rows below the header, CHUNK at a time."""
    records, count = _records(reading, ledger), 0
    while part := list(islice(records, CHUNK)):
        count += len(part)
        if reading.watch is not None:
            reading.watch(reading.file, count)
        lines, rows, marks = zip(*part, strict=True)
        cells = Cells(reading.heading, lines, rows, marks, ledger)
        check_columns(cells, reading.layout)
        yield cells


_CUT = "the record is cut or broken; if it is the last, download the file again"


def _records(reading: Reading, ledger: Ledger) -> Iterator[Row]:
    """Yield the records up to the footer, broken ones joined; another width is a fault."""
    heading, layout = reading.heading, reading.layout
    width = len(heading.names)
    rows = _body(reading)
    for line, cells, marks in _joined(rows, width) if layout.joins else rows:
        if layout.wide and is_second_header(cells, heading, layout):
            raise second_table(reading.file, line)
        if len(cells) == width:
            yield line, cells, marks
            continue
        count = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
        ledger.wrong(line, "", f"has {count}, the header has {width}: {_CUT}")


def _body(reading: Reading) -> Iterator[Row]:
    """Yield the rows between header and footer, without empty cells beyond the header."""
    heading, layout = reading.heading, reading.layout
    width, padded = len(heading.names), reading.delimiter == ""
    rows = islice(reading.sheet.rows(reading.delimiter), heading.row, None)
    for line, cells, marks in rows:
        if len(cells) == width and cells[0] and not layout.footer and cells[-1][-1:] != ";":
            yield line, cells, marks
            continue
        row = [cell.strip() for cell in cells]
        while len(row) > width and not row[-1].strip(";"):
            row.pop()
        if row and reading.delimiter == ",":
            row[-1] = row[-1].rstrip(";")
        if not any(row) or (layout.sums and not row[0]):
            continue
        first = row[0].casefold()
        if any(first.startswith(each) for each in layout.footer):
            break
        yield line, row + [""] * (width - len(row) if padded else 0), marks
    for line, cells, _ in rows:
        if is_second_header(cells, heading, layout):
            raise second_table(reading.file, line)


def _joined(rows: Iterator[Row], width: int) -> Iterator[Row]:
    """Yield records, with those joined that a line end has broken in two.

    The first cell of the second line continues the last cell of the first.
    """
    held: Row | None = None
    for row in rows:
        if held is None:
            held = row
            continue
        joined = _continued(held, row, width)
        if joined is None:
            yield held
        held = joined or row
    if held is not None:
        yield held


def _continued(first: Row, second: Row, width: int) -> Row | None:
    """Return two lines as one record, if the second continues the first."""
    head = _bare([each.strip() for each in first[1]])
    short = len(second[1]) < width
    tail = second[1] if short else _bare(second[1])  # a re-saved file pads both lines
    cut = width - len(tail) + 1
    continues = short or not second[1][0]
    if not continues or len(head) > cut or not 1 < len(tail) < width:
        return None
    head = head + [""] * (cut - len(head))
    head[-1] = " ".join(filter(None, (head[-1], tail[0])))
    return first[0], [*head, *tail[1:]], first[2]


def _bare(cells: Sequence[str]) -> list[str]:
    """Return cells without the empty ones at the end."""
    row = [*cells]
    while row and not row[-1]:
        row.pop()
    return row


def find_table(path: str | Path, *kinds: Kind) -> Reading | None:
    """Return the first table of some kinds in a file; None if there is none."""
    try:
        found = readings(path)
    except InputError:
        return None
    return next((each for each in found if each.kind in kinds), None)


def read_table(path: str | Path, *kinds: Kind) -> Reading:
    """Return the first table of some kinds in a file; InputError if there is none."""
    for each in readings(path):
        if each.kind in kinds:
            return each
    names = " or ".join(each.name for each in kinds)
    raise refused(shown(Path(path)), f"holds no table of {names}")
