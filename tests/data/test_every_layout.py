"""Every layout: its sample read, ten mutilations refused, and broken bytes without a traceback."""

from __future__ import annotations

import gzip
import zipfile

import numpy as np
import pytest

from sim.data.registry import LAYOUTS
from sim.data.table_reader import readings
from sim.kernel.errors import InputError
from tests.data.samples import SAMPLES

FUZZED = 6  # broken tables of each sample
NAMES = sorted(SAMPLES)


def written(sample, data, folder):
    path = folder / sample.name
    path.write_bytes(data)
    return path


def frames(path):
    return [(each, each.frame) for each in readings(path)]


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_becomes_a_tidy_table_of_its_kind(name, tmp_path):
    sample = SAMPLES[name]
    ((reading, frame),) = frames(written(sample, sample.bytes(), tmp_path))
    assert reading.kind is sample.kind
    assert [*frame.columns] == sample.kind.names
    assert len(frame) >= 1
    assert reading.states or not sample.names_states
    for column in sample.kind.states:
        assert frame[column].str.fullmatch("[A-Z]{3}|").all()


def test_every_layout_has_a_sample(tmp_path):
    read = set()
    for name in NAMES:
        read |= {
            each.layout.name
            for each in readings(written(SAMPLES[name], SAMPLES[name].bytes(), tmp_path))
        }
    assert {each.name for each in LAYOUTS if not each.refusal} == read


def is_record(row):
    return row[0] and not row[0].startswith(("Total", "Data from", "Last", "Code"))


def no_rows(sample):
    at, rows = sample.table()
    return sample.spoilt(rows[: at + 1])


def cut_off(sample):
    at, rows = sample.table()
    last = max(n for n, row in enumerate(rows) if len(row) == len(rows[at]) and is_record(row))
    return sample.spoilt([*rows[:last], rows[last][: len(rows[at]) // 2]])


def misspelt(sample):
    at, rows = sample.table()
    head = ["Qx" + cell if cell == sample.state else cell for cell in rows[at]]
    return sample.spoilt([*rows[:at], head, *rows[at + 1 :]])


def column_gone(sample):
    at, rows = sample.table()
    place = rows[at].index(sample.state)
    return sample.spoilt([row[:place] + row[place + 1 :] for row in rows])


def letters_in_a_number(sample):
    at, rows = sample.table()
    place = rows[at].index(sample.number)
    row = next(row for row in rows[at + 1 :] if len(row) > place and row[place].strip())
    row[place] = "l9,5x"
    return sample.spoilt(rows)


def cell_gone(sample):
    at, rows = sample.table()
    row = next(row for row in rows[at + 1 :] if len(row) == len(rows[at]) and row[0])
    del row[1]
    return sample.spoilt(rows)


def cells_too_many(sample):
    at, rows = sample.table()
    row = next(row for row in rows[at + 1 :] if len(row) == len(rows[at]) and row[0])
    row += ["1", "2"]
    return sample.spoilt(rows)


def other_states(sample):
    at, rows = sample.table()
    place = rows[at].index(sample.state) if sample.state != "Total" else 0
    for n, row in enumerate(rows[at + 1 :]):
        if len(row) > place and row[place] and not row[place].startswith("Total"):
            row[place] = f"Qwx{n}"
    return sample.spoilt(rows)


OF_TABLES = (
    no_rows,
    cut_off,
    misspelt,
    column_gone,
    letters_in_a_number,
    cell_gone,
    cells_too_many,
    other_states,
)
MUTILATIONS = {
    "empty": lambda _: b"",
    "no rows": no_rows,
    "cut off": cut_off,
    "a name misspelt": misspelt,
    "a column gone": column_gone,
    "letters in a number": letters_in_a_number,
    "a cell gone": cell_gone,
    "cells too many": cells_too_many,
    "other states": other_states,
    "a web page": lambda _: b"<!DOCTYPE html><html><body>Not found</body></html>",
    "a pointer": lambda _: b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
    "zeros": lambda sample: sample.bytes()[:40] + b"\x00\x01\x02" + sample.bytes()[40:],
    "half of a gzip": lambda sample: gzip.compress(sample.bytes())[:-20],
}


@pytest.mark.parametrize(
    ("name", "how"),
    [
        (name, how)
        for name, sample in SAMPLES.items()
        for how, change in MUTILATIONS.items()
        if (sample.table_of or change not in OF_TABLES)
        and not (sample.any_codes and change is other_states)
    ],
)
def test_a_mutilated_file_is_refused_and_says_where(name, how, tmp_path):
    sample = SAMPLES[name]
    path = written(sample, MUTILATIONS[how](sample), tmp_path)
    with pytest.raises(InputError) as refusal:
        frames(path)
    for problem in refusal.value.problems:
        assert str(path.name) in problem.file
        assert len(problem.message) > 7


def broken(data, rng):
    """Return bytes that are broken in some places at random."""
    junk = (b'"', b",", b";", b"\n", b"\r", b"\xff", b"?", b"-9", b"1e400", b"NA", b"\xe9", b"\t")
    for _ in range(int(rng.integers(1, 8))):
        at, size = int(rng.integers(0, len(data) + 1)), int(rng.integers(0, 30))
        piece = junk[int(rng.integers(len(junk)))] * int(rng.integers(1, 3))
        choice = int(rng.integers(4))
        if choice == 0:
            data = data[:at] + piece + data[at:]
        elif choice == 1:
            data = data[:at] + data[at + size :]
        elif choice == 2:
            data = data[:at] + piece + data[at + len(piece) :]
        else:
            data = data[:at] + data[at : at + size] * 2 + data[at + size :]
    return data


def fault(name, folder, seed):
    """Return what is wrong with the answer to a table broken at random: empty if nothing is."""
    sample = SAMPLES[name]
    path = written(sample, broken(sample.bytes(), np.random.default_rng(seed)), folder)
    try:
        tables = frames(path)
    except InputError as refusal:
        said = [each.message for each in refusal.problems]
        return "" if said and all(said) else f"{seed}: a refusal without a reason"
    ill = [each.file for each, frame in tables if [*frame.columns] != each.kind.names]
    return f"{seed}: {ill} read with other columns" if ill or not tables else ""


@pytest.mark.parametrize("name", NAMES)
def test_a_table_broken_at_random_is_read_or_refused(name, tmp_path):
    assert not [*filter(None, (fault(name, tmp_path, seed) for seed in range(FUZZED)))]


@pytest.mark.study
@pytest.mark.parametrize("name", NAMES)
def test_thousands_of_tables_broken_at_random_are_read_or_refused(name, tmp_path):
    assert not [*filter(None, (fault(name, tmp_path, seed) for seed in range(100, 200)))]


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_the_same_under_gzip_and_in_a_zip_in_a_zip(name, tmp_path):
    sample = SAMPLES[name]
    path = written(sample, sample.bytes(), tmp_path)
    (plain,) = readings(path)
    inner, outer = tmp_path / "inner.zip", tmp_path / "outer.zip"
    for archive, member in ((inner, path), (outer, inner)):
        with zipfile.ZipFile(archive, "w") as file:
            file.write(member, member.name)
    packed = tmp_path / f"{sample.name}.gz"
    packed.write_bytes(gzip.compress(sample.bytes()))
    for other in (packed, outer):
        (reading,) = readings(other)
        assert reading.frame.equals(plain.frame)
