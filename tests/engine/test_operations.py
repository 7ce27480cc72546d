"""Operations on arrays, one by one, equal numpy's when compiled, or are refused."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.graph import ELEMENTWISE
from sim.engine.operations import FUNCTIONS
from sim.engine.refusal import UntraceableError
from sim.engine.symbols import FixedTable
from sim.kernel import arrays
from sim.kernel.arrays import NONE, Groups
from tests.engine.programs import program

RUNS = 37
RNG = np.random.default_rng(3)
KINDS = {
    "numbers": RNG.uniform(-4, 4, (3, 5, RUNS)),
    "whole": RNG.integers(-9, 9, (3, 5, RUNS)),
    "truth": RNG.random((3, 5, RUNS)) < 0.5,
    "words": RNG.integers(0, 2**32, (3, 5, RUNS)).astype(np.uint32),
}
OTHERS = {
    "numbers": np.where(RNG.random((3, 5, RUNS)) < 0.2, KINDS["numbers"], KINDS["numbers"][::-1]),
    "whole": RNG.choice([-3, -2, -1, 0, 1, 2, 3, 4], (3, 5, RUNS)),
    "truth": RNG.random((3, 5, RUNS)) < 0.5,
    "words": RNG.integers(0, 30, (3, 5, RUNS)).astype(np.uint32),
}
GROUPS = Groups(np.array([2, 0, 2]), 4)
ROW, COLUMN = RNG.integers(0, 3, (4, RUNS)), RNG.integers(0, 5, (4, RUNS))
ORDER = np.argsort(RNG.random((3, RUNS)), axis=0)  # rows that differ within a run
TABLE = np.arange(15.0).reshape(3, 5)
FLAT = KINDS["numbers"][:, 0]
OPEN, GROUP = KINDS["numbers"] > 1, np.array([0, 1, 1, 0, 2])


def shaped(x, *rows):
    return (*rows, x.shape[-1])


def listed(mask, values):
    """Return the sum of the values in the rows that are true, by a list of these rows."""
    rows = arrays.true_rows(mask)
    return np.where(rows >= 0, arrays.pick(values, rows), 0.0).sum(axis=0)


OF_ONE = {
    **{f"{how} over {axis}": lambda x, how=how, axis=axis: getattr(np, how)(x, axis=axis)
       for how in ("sum", "max", "min", "any", "all", "argmax") for axis in (0, 1, -2)},
    **{f"{how} of groups": lambda x, how=how: getattr(GROUPS, how)(x)
       for how in ("sum", "product", "max")},
    "where": lambda x: np.where(x > 0, x, 0),
    "clip": lambda x: np.clip(x, -1, 1),
    "stack": lambda x: np.stack([x, x, np.ones((3, 5, 1))]),
    "stack over 1": lambda x: np.stack([x, x[:, :5]], axis=1),
    "concatenate": lambda x: np.concatenate([x, x[:1], np.zeros((2, 5, 1))]),
    "concatenate over 1": lambda x: np.concatenate([x, x[:, :1]], axis=1),
    "moveaxis": lambda x: np.moveaxis(x, 0, 1),
    "broadcast_to": lambda x: np.broadcast_to(x[:1], shaped(x, 3, 5)),
    "zeros_like": lambda x: np.zeros_like(x, dtype=float) + x,
    "reshape": lambda x: x.reshape(shaped(x, 15)),
    "put": lambda x: arrays.put(x, (slice(None), [1, 3]), x[:, :2]),
    "put_rows": lambda x: arrays.put_rows(x[:, 0], 1, x[:2, 1]),
    "ranked": lambda x: arrays.ranked(x, 1),
    "rows by number": lambda x: x[[2, 0], 1:4:2],
    "rows by mask": lambda x: x[np.array([True, False, True])],
    "a new axis": lambda x: x[:, None] + x[None],
    "as numbers": lambda x: x.astype(float),
    "as whole numbers": lambda x: x.astype(int),
    "as truth values": lambda x: x.astype(bool),
    "shape and ndim": lambda x: np.shape(x)[0] + np.ndim(x) + x,
}  # fmt: skip
OTHER = {
    "pick": (arrays.pick, KINDS["numbers"], ROW, COLUMN),
    "pick from a table": (lambda i: TABLE.view(FixedTable)[i, 2], ROW),
    "put_at": (lambda x, i, v: arrays.put_at(x, (i,), v), FLAT, ORDER, FLAT[::-1]),
    "put_where": (
        arrays.put_where,
        FLAT, ORDER, FLAT[::-1], FLAT > 0,
    ),
    "added_at": (
        lambda i, j, v: arrays.added_at(np.zeros(shaped(v, 3, 5)), (i, j), v),
        ROW, COLUMN, KINDS["numbers"][0, :4],
    ),
    "scatter": (
        lambda i, j, v: arrays.scatter((3, 5), (i, j), v)[0],
        ROW, COLUMN, KINDS["numbers"][0, :4],
    ),
    **{
        f"highest {what}": (
            lambda there, open_, x, y, part=part: arrays.highest(there, open_, x, y, GROUP)[part],
            OPEN[:, 0], OPEN, KINDS["numbers"], KINDS["numbers"][:, :3] * 2,
        )
        for part, what in enumerate(("entry", "value"))
    },
    "contract": (
        arrays.contract, KINDS["numbers"], np.moveaxis(KINDS["numbers"], 0, 1),
    ),
    "contract of tiles": (
        arrays.contract, RNG.uniform(-4, 4, (5, 70, RUNS)), RNG.uniform(-4, 4, (70, 38, RUNS)),
    ),
    "true_rows": (listed, RNG.random((20, RUNS)) < 0.3, RNG.uniform(-1, 1, (20, RUNS))),
    "true_rows of nothing": (listed, np.zeros((20, RUNS), bool), RNG.uniform(-1, 1, (20, RUNS))),
}  # fmt: skip


def cases():
    """Return functions and their arguments by name."""
    found = {f"{name} of {kind}": (f, x) for kind, x in KINDS.items() for name, f in OF_ONE.items()}
    for kind, x in KINDS.items():
        for name, function in ELEMENTWISE.items():
            given = [x, OTHERS[kind]][: getattr(function, "nin", 2)]
            given = [KINDS["truth"], *given] if name == "where" else given
            found[f"{name} of {kind}"] = function, *given
    return found | OTHER


CASES = {}
for _name, (_function, *_given) in cases().items():
    try:
        with np.errstate(all="ignore"):
            CASES[_name] = _function, _given, np.asarray(_function(*_given))
    except (TypeError, ValueError):
        continue  # numpy itself refuses: a difference of truth values, a shift of numbers
REFUSED = {}


@pytest.fixture(scope="module")
def answers():
    """Return the results of all operations, by the graph and compiled, in one program."""
    given = {f"{n} {k}": x for n, (_, each, _) in CASES.items() for k, x in enumerate(each)}

    def function(**symbols):
        made = {}
        for name, (function, each, _) in CASES.items():
            try:
                made[name] = function(*(symbols[f"{name} {k}"] for k in range(len(each))))
            except (UntraceableError, OverflowError) as error:
                REFUSED[name] = str(error)
        return made

    made = program(function, given)
    return made.evaluated(given), made.compiled(given)


@pytest.mark.parametrize("name", CASES)
def test_an_operation_equals_numpy_or_is_refused(answers, name):
    expected = CASES[name][2]
    if name in REFUSED:
        assert name.endswith((" of whole", " of truth", " of words")) or name in UNLIKE
        return
    expected = expected.reshape(-1, RUNS).astype(float)
    far = name == "cos of words"  # beyond a million turns
    for found in answers:
        assert found[name].shape == expected.shape
        if not far:
            assert found[name].astype(float) == pytest.approx(
                expected, rel=1e-13, abs=1e-13, nan_ok=True
            )


UNLIKE = {"floor_divide of numbers", "remainder of numbers"}


def test_what_laws_use_is_not_refused(answers):
    plain = {name for name in CASES if name.endswith(" of numbers")}
    assert plain & REFUSED.keys() == UNLIKE
    whole = {f"{name} of whole" for name in ("add", "floor_divide", "remainder", "maximum")}
    truth = {f"{name} of truth" for name in ("logical_and", "bitwise_or", "any over 0", "where")}
    assert not (whole | truth) & REFUSED.keys()
    assert answers


def test_every_operation_of_the_list_is_tried():
    tried = " ".join(CASES)
    for function in FUNCTIONS:
        assert function.__qualname__.rpartition(".")[2] in tried, function


def test_none_reads_some_row_and_does_no_harm():
    index = np.full((2, RUNS), NONE)
    made = program(lambda x, i: {"y": np.where(i >= 0, arrays.pick(x, i), 7.0)},
                   {"x": FLAT, "i": index})  # fmt: skip
    assert np.all(made.compiled({"x": FLAT, "i": index})["y"] == 7.0)
