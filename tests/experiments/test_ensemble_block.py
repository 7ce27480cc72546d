"""Series that workers hand over in files are those that stay in memory."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.ensemble_block import put_series
from sim.experiments.ensemble_tables import SeriesRows
from sim.kernel.errors import RunError


def arrays(runs):
    rng = np.random.default_rng(1)
    return [rng.random((4, subjects, 12))[..., runs] for subjects in (3, 1, 5)]


def test_files_of_blocks_make_the_table_that_stays_in_memory(tmp_path):
    whole, parts = slice(0, 12), {"first": slice(0, 7), "second": slice(7, 12)}
    held = put_series(arrays(whole), 12, path=None)
    read = SeriesRows(
        [
            put_series(arrays(runs), runs.stop - runs.start, path=tmp_path / name)
            for name, runs in parts.items()
        ]
    )
    assert read.shape == held.shape == (36, 12)
    assert np.array_equal(read[0:36], held[0:36])
    assert np.array_equal(read[30:99], held[30:99])
    assert np.array_equal(
        held[4:8], arrays(whole)[0][:, 1]
    )  # the dates of a subject are contiguous
    assert np.array_equal(put_series(arrays(whole), 7, path=None)[0:36], held[0:36][:, :7])


def test_a_full_disk_is_reported_with_what_to_do(tmp_path):
    place = tmp_path / "gone" / "series"
    with pytest.raises(
        RunError, match=r"gone: not enough room for series \(.*\); set TMPDIR, or --jobs 1"
    ):
        put_series(arrays(slice(0, 2)), 2, path=place)
