"""Series that workers hand over in a file are those that stay in memory."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.ensemble_block import get_series, put_series
from sim.kernel.errors import RunError


def arrays(runs):
    rng = np.random.default_rng(1)
    return [rng.random((4, subjects, 12))[..., runs] for subjects in (3, 1, 5)]


def test_blocks_in_any_order_make_the_table_that_stays_in_memory(tmp_path):
    folder, whole = tmp_path / "series", slice(0, 12)
    for runs in (slice(7, 12), slice(0, 7), slice(7, 12)):
        put_series(arrays(runs), runs, folder=folder)
    held = put_series(arrays(whole), whole, folder=None)
    read = get_series(folder, 12)
    assert read.shape == held.shape == (36, 12)
    assert np.array_equal(read[0:36], held)
    assert np.array_equal(read[30:99], held[30:99])
    assert np.array_equal(held[4:8], arrays(whole)[0][:, 1])  # a subject's dates stand together


def test_a_full_disk_is_told_with_what_to_do(tmp_path):
    place = tmp_path / "gone" / "series"
    with pytest.raises(RunError, match=r"gone: no room for series \(.*\); set TMPDIR, or --jobs 1"):
        put_series(arrays(slice(0, 2)), slice(0, 2), folder=place)
