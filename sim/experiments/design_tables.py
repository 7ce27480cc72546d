"""Designs of other programs as tables: EMA workbench, NetLogo, SALib, R and pandas.

Values are taken as they are: a matrix of shares from 0 to 1 (sensobol, scipy) has to be scaled
before.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from sim.documents.composer import fault
from sim.documents.csv_table import CsvTable, fill, number_of
from sim.documents.nodes import Mark
from sim.documents.reader import decode, read_bytes, shown

_GZIP = b"\x1f\x8b"
_EXPERIMENTS = "experiments.csv"  # in an archive of EMA workbench
_OF_EMA = ("scenario", "policy", "model")  # columns that identify the experiment
_NETLOGO = "BehaviorSpace results"
_RUN, _STEP = "[run number]", "[step]"  # the inputs of NetLogo are between these
_DECIMAL_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+(e[-+]?[0-9]+)?\Z", re.IGNORECASE)
_UNNAMED = re.compile(r"(Unnamed: 0)?\Z")


def design_table(path: Path, largest: int) -> CsvTable:
    """Return the table of a design, recognised by its form; InputError lists all faults."""
    file = shown(path)
    data = read_bytes(path, largest)
    from_ema = data.startswith(_GZIP)
    text = decode(_unpacked(data, file) if from_ema else data, file)
    table = CsvTable(file)
    first = text.partition("\n")[0].strip()
    if _NETLOGO in first:
        _fill_from_netlogo(table, text)
    elif first.startswith("#"):
        fill(table, "\n".join(_spaced(text)).encode())
    elif first and all(_is_number(each) for each in re.split(r"[\s,;]+", first)):
        message = (
            "has numbers and no names: write the paths above them, as "
            "numpy.savetxt(..., header='states.X.burden states.Y.burden') does"
        )
        table.wrong(1, "", message)
        table.close()
    elif ";" in first and "," not in first:
        fill(table, _with_points(text).encode())
    else:
        fill(table, text.encode())
    _drop(table, [at for at, name in enumerate(table.columns) if from_ema and name in _OF_EMA])
    _drop(table, [0] if _counts(table) else [])
    return table


def _unpacked(data: bytes, file: str) -> bytes:
    """Return the experiments in an archive of EMA workbench, or a file compressed by gzip."""
    try:
        inner = gzip.decompress(data)
        try:
            with tarfile.open(fileobj=io.BytesIO(inner)) as archive:
                found = [each for each in archive if Path(each.name).name == _EXPERIMENTS]
                member = archive.extractfile(found[0]) if found else None
                if member is None:
                    message = f"holds no {_EXPERIMENTS}, as an archive of EMA workbench does"
                    raise fault(Mark(file, 1, 1), message)
                return member.read()
        except tarfile.TarError:
            return inner
    except (OSError, EOFError, zlib.error):
        raise fault(Mark(file, 1, 1), "is damaged: gzip cannot read it") from None


def _fill_from_netlogo(table: CsvTable, text: str) -> None:
    """Fill a table with the inputs of a BehaviorSpace table, one row per run, in their order."""
    reader = csv.reader(io.StringIO(text, newline=""))
    runs: dict[int, tuple[int, list[str]]] = {}
    inputs = slice(0)
    try:
        for cells in reader:
            if _RUN in cells and _STEP in cells:
                inputs = slice(cells.index(_RUN) + 1, cells.index(_STEP))
                table.columns = tuple(cells[inputs])
            elif table.columns and cells:
                run = number_of(cells[inputs.start - 1])
                if not run.is_integer() or len(cells) <= inputs.stop:
                    table.wrong(reader.line_num, _RUN, "the row is cut or has no number of a run")
                    continue
                runs.setdefault(int(run), (reader.line_num, cells[inputs]))
    except csv.Error as error:
        table.wrong(reader.line_num, "", f"not readable as CSV: {error}")
    if not table.columns:
        message = f"has no row with {_RUN} and {_STEP}: save NetLogo's table, not its spreadsheet"
        table.wrong(1, "", message)
    for run in sorted(runs):
        line, cells = runs[run]
        table.lines.append(line)
        table.cells.append(cells)
    table.need()


def _spaced(text: str) -> Iterator[str]:
    """Yield the lines of a file by numpy.savetxt with commas, the first without its #."""
    lines = text.split("\n")
    commas = any("," in line for line in lines[1:])
    for at, line in enumerate(lines):
        own = line.strip().removeprefix("#").strip() if at == 0 else line.strip()
        yield "" if own.startswith("#") else own if commas else ",".join(own.split())


def _with_points(text: str) -> str:
    """Return a CSV text of R's write.csv2 (semicolons, decimal commas) with commas and points.

    The numbers of its lines stay the same.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    for cells in csv.reader(io.StringIO(text, newline=""), delimiter=";"):
        writer.writerow(
            [cell.replace(",", ".") if _DECIMAL_COMMA.match(cell) else cell for cell in cells]
        )
    return file.getvalue()


def _is_number(text: str) -> bool:
    value = number_of(text)
    return value == value  # noqa: PLR0124 - not of nan


def _counts(table: CsvTable) -> bool:
    """Return whether the first column has no name and numbers the rows, as R and pandas write."""
    if not table.columns or not _UNNAMED.match(table.columns[0]):
        return False
    counted = [row[0] for row in table.cells]
    return any(counted == [str(at + start) for at in range(len(counted))] for start in (0, 1))


def _drop(table: CsvTable, places: list[int]) -> None:
    """Remove columns by index."""
    if places:
        kept = [at for at in range(len(table.columns)) if at not in places]
        table.columns = tuple(table.columns[at] for at in kept)
        table.cells = [[row[at] for at in kept] for row in table.cells]
