"""A column or a header that a file has twice is refused, with its line; so are odd archives."""

from __future__ import annotations

import io
import warnings
import zipfile

import pytest

from sim.data.table_reader import readings
from sim.kernel.errors import InputError

TOTALS = "Imports by,2018,2019\nNorway,7,12\n"
FLOWS = "supplier,recipient,year,tiv_m\nARM,AZE,2019,12\n"


def refusal(path, text):
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        _ = [each.frame for each in readings(path)]
    return str(error.value)


@pytest.mark.parametrize(
    "second",
    [
        "Imports by,2008,2009\nSweden,1,2\n",  # other years
        "Imports by,2018,2019\nSweden,1,2\n",
        "Total,7,12\nImports by,2008,2009\nSweden,1,2\n",  # below the footer
    ],
)
def test_a_second_table_in_a_file_is_refused(tmp_path, second):
    said = refusal(tmp_path / "two.csv", TOTALS + second)
    line = 3 + second.startswith("Total")
    assert f"two.csv:{line}:1: is the header of a second table: write each table to its own" in said


def test_a_column_that_is_there_twice_with_other_values_is_refused(tmp_path):
    twice = "supplier,recipient,year,tiv_m,tiv_m\nARM,AZE,2018,1,1\nARM,AZE,2019,12,13\n"
    said = refusal(tmp_path / "twice.csv", twice)
    assert 'twice.csv:3:1: tiv_m: two columns have this name, with "12" and "13" here' in said
    years = refusal(tmp_path / "years.csv", "Imports by,2018,2019,2019\nNorway,7,12,13\n")
    assert "years.csv:2:1: 2019: two columns have this name" in years


def test_a_column_that_is_there_twice_with_the_same_values_is_read(tmp_path):
    path = tmp_path / "same.csv"
    path.write_text("Imports by,2018,2019,2019\nNorway,7,12,12\n", encoding="utf-8")
    assert len(readings(path)[0].frame) == 2


def archive(path, names):
    with zipfile.ZipFile(path, "w") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in names:
            file.writestr(name, FLOWS)
    return path


def test_an_archive_of_which_files_would_be_left_out_is_refused(tmp_path):
    many = archive(tmp_path / "many.zip", [f"{n}.csv" for n in range(1001)])
    with pytest.raises(InputError, match=r"many.zip: holds 1,001 files, more than 1,000"):
        readings(many)
    twice = archive(tmp_path / "twice.zip", ["a.csv", "b.csv", "b.csv"])
    with pytest.raises(InputError, match=r'twice.zip: holds two files of the name "b.csv"'):
        readings(twice)


def test_what_is_wrong_with_a_file_is_not_lost_while_its_delimiter_is_sought(tmp_path):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as whole:
        whole.writestr("flows.csv", FLOWS * 1000)
    path = tmp_path / "spoilt.zip"
    spoilt = bytearray(file.getvalue())
    spoilt[300] ^= 1
    path.write_bytes(spoilt)
    with pytest.raises(InputError, match="is a damaged zip archive: download it again"):
        readings(path)
    assert "not readable as a table" in refusal(tmp_path / "long.csv", "a" * 2_000_000)


def test_a_table_without_a_figure_has_no_years(tmp_path):
    path = tmp_path / "none.csv"
    path.write_text("Country Name,Country Code,Indicator Name,Indicator Code,2018,2019\n"
                    "Norway,NOR,GDP,NY.GDP.MKTP.CD,..,..\n", encoding="utf-8")  # fmt: skip
    assert readings(path)[0].years == (0, 0)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("number", ["1e400", "1e300", "2000000000000000000000000"])
def test_a_number_that_is_too_large_is_refused_without_a_warning(tmp_path, number):
    said = refusal(
        tmp_path / "nmc.csv",
        f"ccode,year,milex,milper,irst,pec,tpop,upop,cinc\n2,2012,{number},-9,1,1,1,1,0.1\n",
    )
    assert f'nmc.csv:2:1: milex: must be a number of 0 or more, got "{number}"' in said


def test_years_of_the_system_of_states_have_limits(tmp_path):
    said = refusal(tmp_path / "s.csv", "ccode,statenme,styear,endyear\n2,United States,4816,2016\n")
    assert "s.csv:2:1: styear: must be a whole number from 1 to 2200" in said


def test_a_name_that_is_not_utf8_is_shown_escaped(tmp_path):
    path = tmp_path / b"f\xff.csv".decode("utf-8", "surrogateescape")
    path.write_text(FLOWS, encoding="utf-8")
    assert readings(path)[0].file.endswith("f\\xff.csv")
