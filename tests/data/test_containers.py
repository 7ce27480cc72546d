"""Files are opened from any container; files without a table are refused by kind."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile

import openpyxl
import pandas as pd
import pytest

from sim.data import tidy_tables
from sim.data.table_reader import read_table, readings
from sim.kernel.errors import InputError
from tests.data.samples import SAMPLES

FLOWS = b"supplier,recipient,year,tiv_m\nARM,AZE,2019,12\n"


def refusal(path):
    with pytest.raises(InputError) as error:
        _ = [each.frame for each in readings(path)]
    return str(error.value)


def tar():
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        member = tarfile.TarInfo("flows.csv")
        member.size = len(FLOWS)
        archive.addfile(member, io.BytesIO(FLOWS))
    return file.getvalue()


def zipped(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return file.getvalue()


def workbook():
    book = openpyxl.Workbook()
    book.active.append(["supplier", "recipient", "year", "tiv_m"])
    book.active.append(["ARM", "AZE", 2019, 12])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def stata():
    file = io.BytesIO()
    table = pd.DataFrame({"supplier": ["ARM"], "recipient": ["AZE"], "year": [2019], "tiv": [12.0]})
    table.to_stata(file, write_index=False)
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        FLOWS,
        b"\xef\xbb\xbf" + FLOWS,
        FLOWS.replace(b"\n", b"\r"),
        FLOWS.replace(b"\n", b"\r\n"),
        FLOWS.decode().encode("utf-16"),
        gzip.compress(FLOWS),
        zipped(flows__csv=FLOWS, readme__pdf=b"%PDF-1.4"),
        gzip.compress(zipped(inner__zip=zipped(flows__csv=FLOWS))),
        workbook(),
        zipped(book__xlsx=workbook()),
        stata(),
    ],
    ids=[
        "text", "mark", "CR", "CRLF", "UTF-16", "gzip", "zip", "zip in gzip", "workbook",
        "workbook in zip", "Stata",
    ],
)  # fmt: skip
def test_a_table_is_read_from_any_container(tmp_path, data):
    path = tmp_path / "download"
    path.write_bytes(data)
    frame = read_table(path, tidy_tables.FLOWS).frame
    assert frame[["supplier_iso3", "recipient_iso3", "year", "tiv"]].to_numpy().tolist() == [
        ["ARM", "AZE", 2019, 12]
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (tar(), "is a tar archive: unpack it first"),
        (workbook()[:-300], "is a damaged zip archive: download it again"),
        (zipped(flows__csv=FLOWS)[:-30], "is a damaged zip archive: download it again"),
        (gzip.compress(FLOWS)[:-6], "the download broke off"),
        (gzip.compress(gzip.compress(gzip.compress(gzip.compress(FLOWS)))), "compressed several"),
        (stata()[:600], "is a damaged Stata file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Excel workbook of the old kind"),
        (b"PAR1\x15\x04", "is a Parquet file"),
        (b"RDX3\nX\n", "is an R data file"),
        (b"BZh91AY", "is compressed by bzip2"),
        (b"\x00\x01\x02\x03", "is neither text"),
        (b"<html><body>", "is a web page"),
        (b'[{"page":1,"pages":3},[]]', "holds page 1 of 3: ask for all in one page"),
        (b'[{"page":1', "cannot be read as JSON"),
        (b'supplier,recipient,year,tiv_m\n"ARM,AZE,2019,12\n' + b"a,b,2000,1\n" * 400,
         "a quotation mark that does not close"),
        (zipped(), "is an archive without a file in it"),
        (b"just words", "is not a known table"),
    ],
)  # fmt: skip
def test_a_file_without_a_table_is_refused_by_kind(tmp_path, data, said):
    path = tmp_path / "download"
    path.write_bytes(data)
    assert said in refusal(path)


def test_archives_in_archives_are_opened_three_deep(tmp_path):
    data = FLOWS
    for _ in range(5):
        data = zipped(inner=data)
    path = tmp_path / "deep.zip"
    path.write_bytes(data)
    assert "is an archive in archives, too deep" in refusal(path)


def test_each_table_of_an_archive_is_named_with_its_place(tmp_path):
    path = tmp_path / "all.zip"
    deals = SAMPLES["deals, saved by Excel"].bytes()
    path.write_bytes(zipped(a__csv=FLOWS, b__csv=deals, notes__txt=b"words"))
    names = [each.file.rpartition("/")[2] for each in readings(path)]
    assert names == ["all.zip!a.csv", "all.zip!b.csv"]


def test_a_folder_is_not_a_file(tmp_path):
    assert "is a folder: blocsim data list --data " in refusal(tmp_path)
