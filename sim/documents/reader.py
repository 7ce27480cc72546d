"""Reading of YAML files into nodes: YAML 1.2 core, with places, without executing anything."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import yaml

from sim.documents.composer import Composer, fault, problem
from sim.documents.nodes import Mark, Node
from sim.kernel.words import ODD_SPACE, got, odd_space

LARGEST = 10_000_000  # bytes
_BOM = "\ufeff"
_FOREIGN = {  # first bytes of files of other kinds -> the kind and the remedy
    b"\xff\xfe": "is UTF-16 text: save it as UTF-8",
    b"\xfe\xff": "is UTF-16 text: save it as UTF-8",
    b"\x1f\x8b": "is compressed by gzip: unpack it first (gunzip)",
    b"BZh91AY": "is compressed by bzip2: unpack it first (bunzip2)",
    b"\xfd7zXZ": "is compressed by xz: unpack it first (unxz)",
    b"\x28\xb5\x2f\xfd": "is compressed by zstd: unpack it first (unzstd)",
    b"PK\x03\x04": "is an Excel workbook or another zip archive: save the sheet as CSV, in UTF-8",
    b"\xd0\xcf\x11\xe0": "is an Excel workbook of the old kind: save the sheet as CSV, in UTF-8",
    b"PAR1\x15": "is a Parquet file: write it as CSV",
    b"%PDF": "is a PDF: copy the table into a CSV file",
}
# characters that YAML calls printable, and the tab
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COLON = re.compile(r":(\s|$)")  # after a key
_MISPLACED = re.compile(rf"(^ *|^ *-|:){ODD_SPACE.pattern}")
_COMMENT = re.compile(r"\s*#")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # by libyaml, if available


def shown(path: Path) -> str:
    """Return a path as messages show it: relative to the current folder if it is inside."""
    absolute = os.path.normpath(Path.cwd() / path)
    inside = os.path.relpath(absolute)
    return absolute if inside.startswith("..") else Path(inside).as_posix()


def read_bytes(path: Path, largest: int = LARGEST) -> bytes:
    """Return the bytes of an ordinary file of at most 10 MB, or another limit."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise problem(shown(path), "is not an ordinary file: give a YAML or CSV file")
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except FileNotFoundError:
        raise problem(shown(path), "no such file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise problem(shown(path), f"cannot be read: {reason}") from None
    if len(data) > largest:
        raise problem(shown(path), f"is larger than {largest // 1_000_000} MB")
    return data


def decode(data: bytes, file: str) -> str:
    """Return the text of UTF-8 bytes without a byte order mark."""
    for start, message in _FOREIGN.items():
        if data.startswith(start):
            raise fault(Mark(file, 1, 1), message)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        byte = data[error.start]
        message = f"the byte 0x{byte:02x} is not UTF-8: save the file as UTF-8"
        raise fault(_mark_at(before, file), message) from None
    return text.removeprefix(_BOM)


def events_of(text: str) -> Iterator[yaml.Event]:
    """Yield the events of a YAML text."""
    events: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)
    return events


def read_text(text: str, file: str, *, line: int = 0, column: int = 0) -> Node:
    """Return the one document of a text, whatever its kind."""
    strange = _UNPRINTABLE.search(text)
    if strange:
        message = f"the character U+{ord(strange.group()):04X} is not allowed: remove it"
        raise fault(_mark_at(text[: strange.start()], file), message)
    try:
        root = Composer(file, events_of(text), line=line, column=column).root()
    except yaml.MarkedYAMLError as error:
        place, message = _plainly(error, text.split("\n"))
        raise fault(_shifted(place, file, line, column), message) from None
    except (yaml.YAMLError, RecursionError, MemoryError, ValueError):
        raise fault(Mark(file, 1 + line, 1 + column), "is not readable as YAML") from None
    if root is None:
        raise fault(Mark(file, 1 + line, 1 + column), "is empty")
    return root


def read_file(path: Path) -> Node:
    """Return the document of a YAML file, which has to be a mapping."""
    file = shown(path)
    return read_mapping(decode(read_bytes(path), file), file)


def read_mapping(text: str, file: str) -> Node:
    """Return the document of a text, which has to be a mapping."""
    root = read_text(text, file)
    if not root.is_mapping:
        message = f"must be a mapping such as `scenario: name`, got {got(root.plain())}"
        raise fault(root.mark, message)
    return root


def _mark_at(before: str, file: str) -> Mark:
    lines = re.split("\r\n|[\n\r]", before)
    return Mark(file, len(lines), len(lines[-1]) + 1)


def _shifted(place: tuple[int, int], file: str, line: int, column: int) -> Mark:
    """Return a line and column of a text, counted from zero, as a place of its file."""
    first = column if place[0] == 0 else 0
    return Mark(file, place[0] + 1 + line, place[1] + 1 + first)


def _plainly(error: yaml.MarkedYAMLError, lines: list[str]) -> tuple[tuple[int, int], str]:
    """Return the fault found by PyYAML with its place, and a remedy if one is known."""
    mark, start = error.problem_mark or error.context_mark, error.context_mark
    at, column = (mark.line, mark.column) if mark is not None else (0, 0)
    line = lines[at] if at < len(lines) else ""  # YAML has more kinds of line ends than a split
    keyless = start is not None and not any(map(_COLON.search, lines[start.line : start.line + 1]))
    message = str(error.problem or error.context or "a fault")
    if (odd := _odd_space(lines, at if start is None else min(start.line, at), at)) is not None:
        return odd
    if line[column : column + 1] == "\t":
        message = "a tab is used where only spaces are allowed: indent with spaces"
    elif start is not None and keyless and "could not find expected ':'" in message:
        at, column = start.line, start.column
        message = _NO_COLON
    elif "mapping values are not allowed" in message and ": " in line[:column]:
        message = 'a second ": " in one line: put the text in quotes'
    elif (explained := _indentation(message, lines, at)) is not None:
        at, message = explained
        column = _indent(lines[at])
    elif error.context and error.problem and start is not None:
        message += f", {error.context}"
        if start.line < at:
            message += f" that begins in line {start.line + 1}"
    return (at, column), f"not readable as YAML: {message}"


def _odd_space(lines: list[str], first: int, last: int) -> tuple[tuple[int, int], str] | None:
    """Return the place of a false space that indents a line, or follows a colon or a dash."""
    for at in range(max(first - 1, 0), min(last + 1, len(lines))):
        if odd := _MISPLACED.search(lines[at]):
            place = (at, odd.end() - 1)
            return place, f"not readable as YAML: {odd_space(lines[at][odd.end() - 1])}"
    return None


_NO_COLON = 'this line has no ": ": write a space after the colon'
_OF_INDENTATION = (
    "mapping values are not allowed",
    "expected key",
    "<block end>",
    "<document start>",
)


def _indentation(message: str, lines: list[str], at: int) -> tuple[int, str] | None:
    """Return the line whose indentation explains the fault found by PyYAML, and the message."""
    above = [
        n for n in range(min(at, len(lines))) if lines[n].strip() and not _COMMENT.match(lines[n])
    ]
    if not above or at >= len(lines) or not any(each in message for each in _OF_INDENTATION):
        return None
    own, last = _indent(lines[at]), above[-1]
    before = _indent(lines[last])
    if own > before:
        what = f"this line is indented more ({own}) than line {last + 1} ({before})"
        return at, f"{what}, which already has a value: indent both equally"
    if own < _indent(lines[above[0]]):
        first = _indent(lines[above[0]])
        return at, f"this line is indented less ({own}) than the first line ({first})"
    levels = sorted({_indent(lines[n]) for n in above if _indent(lines[n]) <= before})
    if own not in levels:
        known = ", ".join(str(level) for level in levels)
        what = f"the indentation of this line ({own}) does not match any open block above"
        return at, f"{what} ({known})"
    if ":" in lines[last] and not _COLON.search(lines[last]):
        return last, _NO_COLON
    return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
