"""Sheets: a file as rows of texts, read from CSV in any encoding, a workbook, Stata or JSON."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.data.containers import (
    HEAD,
    Member,
    broken,
    is_workbook,
    need_readable,
    refused,
    unbroken,
)

Row = tuple[int, list[str], list[str]]  # line, cells, meaning of their colours (workbooks)
DELIMITERS = (",", ";", "\t", "|")
FIRST_LINES = 40  # among which a header is sought
_LONGEST_RECORD = 300  # lines; more come from an unclosed quotation mark
_WIDEST_CELL = 1 << 20  # characters
_LONGEST_LINE = 1 << 24
_STATA = (b"<stata_dta>", *(bytes((of, order)) for of in (113, 114, 115) for order in (1, 2)))
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_COLOURS = {12: "estimate", 10: "uncertain"}  # indexed colours of SIPRI's fonts: blue and red
_RGB = {"FF0000FF": "estimate", "FFFF0000": "uncertain"}


@dataclass(frozen=True)
class Sheet:
    """A table before its layout is recognised."""

    file: str
    title: str  # of a sheet in a workbook
    rows: Callable[[str], Iterator[Row]]  # rows by delimiter, which matters only for text
    delimiters: tuple[str, ...] = ("",)
    notes: Callable[[], list[str]] = list  # about the encoding


def sheets(member: Member) -> list[Sheet]:
    """Return the sheets of a file; InputError if it holds none that can be read."""
    need_readable(member)
    if is_workbook(member.head):
        return _workbook(member)
    if member.head.startswith(_STATA):
        return [Sheet(member.file, "", lambda _: _stata(member))]
    if member.head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"[{"):
        return [Sheet(member.file, "", lambda _: _json(member))]
    if b"\x00" in member.head and not member.head.startswith(_UTF16):
        raise refused(member.file, "is neither text nor a known kind of file")
    return [
        Sheet(member.file, "", lambda sign: _text(member, sign), DELIMITERS, lambda: _notes(member))
    ]


def encoding_of(member: Member) -> str:
    """Return the encoding of a text: by its byte order mark, else UTF-8 if valid, else cp1252."""
    if member.head.startswith(_UTF16):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    with unbroken(member.file), member.open() as stream:
        try:
            while data := stream.read(HEAD):
                decoder.decode(data)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _notes(member: Member) -> list[str]:
    if encoding_of(member) != "cp1252":
        return []
    return ["is not UTF-8: read as cp1252, as programs for Windows write"]


def _text(member: Member, delimiter: str) -> Iterator[Row]:
    """Yield the records of a text; line ends may be LF, CRLF or CR, also mixed."""
    encoding = encoding_of(member)
    with unbroken(member.file), member.open() as stream:
        text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline=None)
        csv.field_size_limit(_WIDEST_CELL)
        reader = csv.reader(_lines(text), delimiter=delimiter)
        before = 0
        try:
            for cells in reader:
                line, before = before + 1, reader.line_num
                if before - line > _LONGEST_RECORD:
                    raise refused(member.file, "a quotation mark that does not close", line)
                yield line, cells, []
        except (csv.Error, UnicodeError) as error:
            message = f"not readable as a table: {error}"
            raise refused(member.file, message, reader.line_num) from None


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Yield the lines of a text; csv.Error at one that is so long that it fills the memory."""
    while line := text.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            message = f"a line has {_LONGEST_LINE:,} characters or more"
            raise csv.Error(message)
        yield line


def _workbook(member: Member) -> list[Sheet]:
    import openpyxl  # noqa: PLC0415 - half a second, and few files are workbooks

    try:
        book = openpyxl.load_workbook(io.BytesIO(member.read()), read_only=True)
    except Exception:  # noqa: BLE001 - openpyxl raises the errors of its XML parser
        message = "is a damaged workbook: download it again, or save the sheet as CSV"
        raise broken(member.file, message) from None
    return [
        Sheet(member.file, each.title, lambda _, each=each: _cells(member.file, each))  # type: ignore[misc]
        for each in book.worksheets
    ]


def _cells(file: str, worksheet: Any) -> Iterator[Row]:
    worksheet.reset_dimensions()  # programs often write wrong dimensions
    try:
        for line, row in enumerate(worksheet.iter_rows(), 1):
            cells = [_shown(each.value) for each in row]
            yield line, cells, [_colour(each) if each.value is not None else "" for each in row]
    except Exception as error:  # noqa: BLE001 - openpyxl raises the errors of its XML parser
        raise refused(file, f"is a damaged workbook: {error}") from None


def _colour(cell: Any) -> str:
    """Return the meaning of a cell's colour: estimate, uncertain or nothing."""
    colour = getattr(getattr(cell, "font", None), "color", None)
    if colour is None:
        return ""
    value = colour.indexed if colour.type == "indexed" else colour.rgb
    return _COLOURS.get(value, "") if isinstance(value, int) else _RGB.get(str(value), "")


def _shown(value: Any) -> str:
    """Return a cell as the text that CSV would have."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    return str(value).strip()


def _stata(member: Member) -> Iterator[Row]:
    try:
        table = pd.read_stata(io.BytesIO(member.read()), convert_categoricals=False)
    except Exception as error:  # noqa: BLE001 - pandas raises many kinds for a damaged file
        raise refused(member.file, f"is a damaged Stata file: {error}") from None
    yield 1, [str(each) for each in table.columns], []
    for line, row in enumerate(table.itertuples(index=False), 2):
        yield line, ["" if pd.isna(each) else _shown(each) for each in row], []


def _json(member: Member) -> Iterator[Row]:
    """Yield the rows of a list of records, or of a World Bank answer, [paging, records]."""
    try:
        whole = json.loads(member.read().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise refused(member.file, f"cannot be read as JSON: {error}") from None
    paging, records = whole if len(whole) == 2 and isinstance(whole[1], list) else ({}, whole)  # noqa: PLR2004
    if isinstance(paging, dict) and paging.get("pages", 1) != 1:
        message = f"holds page {paging.get('page')} of {paging['pages']}: ask for all in one page"
        raise refused(member.file, f"{message} (per_page=20000)")
    flat = [_flat(each) for each in records if isinstance(each, dict)]
    names = list(dict.fromkeys(name for each in flat for name in each))
    yield 1, names, []
    for line, each in enumerate(flat, 2):
        yield line, [each.get(name, "") for name in names], []


def _flat(record: dict[str, Any]) -> dict[str, str]:
    """Return a record with the fields of inner records as `outer.inner`."""
    flat: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{inner}": _shown(each) for inner, each in value.items()}
        else:
            flat[name] = _shown(value)
    return flat
