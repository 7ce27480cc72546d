"""The files at a path: a plain file, one compressed by gzip, or those in a zip, also nested."""

from __future__ import annotations

import gzip
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from sim.documents.reader import shown
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import quoted

HEAD = 1 << 16  # bytes from which a file is recognised
INSIDE = "!"  # separates an archive from the name of a file in it
_DEPTH = 3  # archives in archives
_MOST_MEMBERS = 1000
_LARGEST_INNER = 1 << 30  # bytes of an archive in an archive, which is unpacked in memory
_LARGEST_WHOLE = 1 << 29  # bytes of a workbook, or of another file that is read at once
_TAR = (257, b"ustar")
_PASSED_OVER = ("__MACOSX/", ".DS_Store")
_POINTER = b"version https://git-lfs"
_NOT_THE_FILE = (
    "is a pointer of Git LFS, three lines in place of the file: download the file itself"
)
_FOREIGN = {  # first bytes of files that cannot be read -> what they are, and what to do
    b"\xd0\xcf\x11\xe0": (
        "is an Excel workbook of the old kind (.xls), or one with a password: save it without a "
        "password, as .xlsx or CSV"
    ),
    b"%PDF": "is a PDF: take the publisher's CSV file or workbook",
    b"PAR1": "is a Parquet file: write it as CSV",
    b"SQLite format 3": "is an SQLite database: write the table as CSV",
    b"RDX": "is an R data file: write the table as CSV (write.csv in R)",
    b"X\n\x00\x00": "is an R data file: write the table as CSV (write.csv in R)",
    b"BZh": "is compressed by bzip2: unpack it first (bunzip2)",
    b"\xfd7zXZ": "is compressed by xz: unpack it first (unxz)",
    b"\x28\xb5\x2f\xfd": "is compressed by zstd: unpack it first (unzstd)",
    b"PK\x05\x06": "is an archive without a file in it",
    b"7z\xbc\xaf": "is a 7z archive: unpack it first",
    b"Rar!": "is a rar archive: unpack it first",
    b"$FL2": "is an SPSS file: take the publisher's CSV file",
    b"{\\rtf": "is a text with formatting (RTF): take the publisher's CSV file",
}
_PAGES = (b"<!doctype", b"<html", b"<?xml")
_DAMAGES = {
    gzip.BadGzipFile: "is damaged: what gzip compressed cannot be read; download it again",
    EOFError: "ends too early: the download broke off; download it again",
    zlib.error: "is damaged: what was compressed cannot be read; download it again",
    zipfile.BadZipFile: "is a damaged zip archive: download it again",
}
_FAULTS = _DAMAGES | {
    NotImplementedError: "is compressed in a way that Python cannot read: unpack it first",
    RuntimeError: "is a zip archive with a password: unpack it first",
    MemoryError: "needs more memory than there is: take fewer rows of it",
    OSError: "cannot be read",
}


class BrokenDownloadError(InputError):
    """The error for a pointer, a page or half a file in the place of a file."""


@dataclass(frozen=True)
class Member:
    """One file, which may lie in an archive."""

    file: str  # as messages show it: archive.zip!folder/table.csv
    open: Callable[[], BinaryIO]
    head: bytes
    bare: bool = False  # a file on disk, not one in an archive

    @property
    def name(self) -> str:
        """Return the file's own name, without folders and archives."""
        return self.file.rpartition(INSIDE)[2].rpartition("/")[2]

    def read(self) -> bytes:
        """Return all its bytes."""
        with unbroken(self.file), self.open() as stream:
            data = stream.read(_LARGEST_WHOLE + 1)
        if len(data) > _LARGEST_WHOLE:
            size = f"is larger than {_LARGEST_WHOLE >> 20} MB, and has to be in memory as a whole"
            raise refused(self.file, f"{size}: write the table as CSV")
        return data


@contextmanager
def unbroken(file: str) -> Iterator[None]:
    """Turn the errors of damaged files into InputError."""
    try:
        yield
    except tuple(_FAULTS) as error:
        kind = next(each for each in _FAULTS if issubclass(type(error), each))
        reason = getattr(error, "strerror", None) if kind is OSError else None
        message = _FAULTS[kind] + (f": {reason}" if reason else "")
        error_of = broken if kind in _DAMAGES else refused
        raise error_of(file, message) from None


def refused(file: str, message: str, line: int = 0) -> InputError:
    """Return the error for a file that cannot be read."""
    return InputError([Problem(file, line, 1 if line else 0, "", message)])


def broken(file: str, message: str) -> BrokenDownloadError:
    """Return the error for what was downloaded in the place of a file."""
    return BrokenDownloadError([Problem(file, 0, 0, "", message)])


def members(path: Path) -> list[Member]:
    """Return the file at a path, or those in the archive there; InputError if there is none."""
    file = shown(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    with unbroken(file):
        if not path.exists():
            raise refused(file, "no such file")
        if path.is_dir():
            raise refused(file, f"is a folder: blocsim data list --data {file}")
        if not stat.S_ISREG(path.stat().st_mode):
            raise refused(file, "is not an ordinary file")
        whole = _member(file, lambda: path.open("rb"), bare=True)
        inside = list(_inside(whole, _DEPTH))
    if not inside:
        raise refused(file, "is an archive without a file in it")
    return inside


def _member(file: str, opened: Callable[[], BinaryIO], *, bare: bool = False) -> Member:
    with unbroken(file), opened() as stream:
        return Member(file, opened, stream.read(HEAD), bare)


def _inside(member: Member, depth: int) -> Iterator[Member]:
    """Yield a member, or the members in it if it is an archive."""
    if member.head.startswith(b"\x1f\x8b"):
        yield from _unpacked(member, depth)
    elif member.head.startswith(b"PK\x03\x04") and not _is_workbook(member):
        if depth == 0:
            raise refused(member.file, "is an archive in archives, too deep: unpack it first")
        yield from _zipped(member, depth)
    else:
        yield member


def _unpacked(member: Member, depth: int) -> Iterator[Member]:
    def opened() -> BinaryIO:
        return cast("BinaryIO", gzip.GzipFile(fileobj=member.open(), mode="rb"))

    plain = _member(member.file, opened)
    at, sign = _TAR
    if plain.head[at : at + len(sign)] == sign:
        raise refused(member.file, "is a tar archive: unpack it first (tar xf)")
    if depth == 0:
        raise refused(member.file, "is compressed several times: unpack it first")
    yield from _inside(plain, depth - 1)


def _zipped(member: Member, depth: int) -> Iterator[Member]:
    with _seekable(member) as stream, zipfile.ZipFile(stream) as archive:
        entries = [
            each
            for each in archive.infolist()
            if not each.is_dir() and not each.filename.startswith(_PASSED_OVER[0])
        ]
    names = [each.filename for each in entries]
    if len(names) > _MOST_MEMBERS:
        count = f"holds {len(names):,} files, more than {_MOST_MEMBERS:,}"
        raise refused(member.file, f"{count}: unpack it, and keep the tables alone")
    if len({*names}) < len(names):
        twice = quoted(max(names, key=names.count))
        raise refused(member.file, f"holds two files of the name {twice}: unpack it first")
    for entry in entries:
        name = entry.filename

        def opened(name: str = name) -> BinaryIO:
            return _entry(member, name)

        inner = _member(f"{member.file}{INSIDE}{name}", opened)
        if not name.endswith(_PASSED_OVER[1]):
            yield from _inside(inner, depth - 1)


def _entry(member: Member, name: str) -> BinaryIO:
    """Return a stream of a file in an archive; closing it closes the archive."""
    archive = zipfile.ZipFile(_seekable(member))
    stream = archive.open(name)
    return cast("BinaryIO", io.BufferedReader(_Closing(stream, archive)))


class _Closing(io.RawIOBase):
    """A stream that closes its archive when it is closed."""

    def __init__(self, stream: IO[bytes], archive: zipfile.ZipFile) -> None:
        self._stream = stream
        self._archive = archive

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
            self._archive.close()
        super().close()


def _seekable(member: Member) -> BinaryIO:
    """Return a seekable stream of an archive."""
    if member.bare:
        return member.open()
    with member.open() as stream:
        data = stream.read(_LARGEST_INNER + 1)
    if len(data) > _LARGEST_INNER:
        raise refused(member.file, "is an archive in an archive, too large: unpack it first")
    return io.BytesIO(data)


def _is_workbook(member: Member) -> bool:
    """Return whether a zip is an Excel workbook."""
    with zipfile.ZipFile(_seekable(member)) as archive:
        return any(name.startswith("xl/") for name in archive.namelist())


def is_workbook(head: bytes) -> bool:
    """Return whether a member, which is not an archive of files, is a workbook."""
    return head.startswith(b"PK\x03\x04")


def need_readable(member: Member) -> None:
    """Raise an InputError that says what a file is, and what to do, if it cannot be a table."""
    head = member.head
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    if not start:
        raise refused(member.file, "is empty")
    if start.startswith(_PAGES):
        raise broken(member.file, "is a web page, not the file: follow its link to the download")
    if head.startswith(_POINTER):
        raise broken(member.file, _NOT_THE_FILE)
    if reason := next((text for sign, text in _FOREIGN.items() if head.startswith(sign)), ""):
        raise refused(member.file, reason)


def files_of(places: list[Path], faults: list[Problem]) -> list[Path]:
    """Return the files at paths and in folders below, sorted by path, without hidden ones.

    Links are followed. A file reached by several paths is taken once, under the first of them.
    Folders that cannot be opened, and broken links, are added to the faults. InputError if a place
    does not exist.
    """
    found: dict[str, Path] = {}
    for place in places:
        with unbroken(shown(place)):
            there = place.exists()
        if not there:
            raise refused(shown(place), "no such file or folder")
        if not place.is_dir():
            found[os.path.normpath(place)] = place
        else:
            found |= {os.path.normpath(path): path for path in _below(place, faults)}
    seen: set[tuple[int, int]] = set()
    own = sorted(found.items(), key=lambda item: (item[1].is_symlink(), item[0]))
    once = [key for key, path in own if _is_new(path, seen)]
    return [found[key] for key in sorted(once)]


def _below(place: Path, faults: list[Problem]) -> Iterator[Path]:
    """Yield the files below a folder, each folder once, whatever links lead to it."""

    def note(error: OSError) -> None:
        message = f"cannot be opened: {error.strerror}"
        faults.append(Problem(shown(Path(error.filename)), 0, 0, "", message))

    seen: set[tuple[int, int]] = set()
    for folder, inner, names in os.walk(place, followlinks=True, onerror=note):
        here = Path(folder)
        if not _is_new(here, seen):
            inner.clear()
            continue
        inner[:] = sorted(each for each in inner if not each.startswith("."))
        for path in (here / name for name in names if not name.startswith(".")):
            if os.path.exists(path):  # noqa: PTH110 - a path of pathlib fails where it is forbidden
                yield path
            else:
                lost = "is a link that leads nowhere: mend it, or remove it"
                link = os.path.islink(path)  # noqa: PTH114 - likewise
                message = lost if link else "cannot be opened: permission denied"
                faults.append(Problem(shown(path), 0, 0, "", message))


def _is_new(path: Path, seen: set[tuple[int, int]]) -> bool:
    """Return whether no path to the same file or folder was seen before."""
    about = path.stat()
    key = (about.st_dev, about.st_ino)
    new = key not in seen
    seen.add(key)
    return new
