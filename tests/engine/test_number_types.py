"""Types of numbers are numpy's, independently of earlier calls."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from sim.engine.number_types import kind_of, types_of

EQUAL = (1, 1.0, True)  # as keys of a dictionary they are one


@pytest.mark.parametrize("order", list(permutations(EQUAL)))
def test_equal_numbers_of_different_types_are_distinguished(order):
    types_of.cache_clear()
    array = np.ones(2, np.int64)
    for number in order:
        dtype, _ = types_of("multiply", (kind_of(array), kind_of(number)))
        assert dtype == (array * number).dtype
