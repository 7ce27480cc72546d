"""The draws: published answers, addresses, distributions, independence."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from sim.kernel.noise import (
    KeptDraws,
    Noise,
    colliding,
    entities,
    entity,
    gumbel,
    normal,
    threefry,
    uniform,
)

# Threefry4x32-20 in the known-answer tests of Random123: counter, key, result
ANSWERS = [
    ("00000000 " * 4, "00000000 " * 4, "9c6ca96a e17eae66 fc10ecd4 5256a7d8"),
    ("ffffffff " * 4, "ffffffff " * 4, "2a881696 57012287 f6c7446e a16a6732"),
    (
        "243f6a88 85a308d3 13198a2e 03707344",
        "a4093822 299f31d0 082efa98 ec4e6c89",
        "59cd1dbb b8879579 86b5d00c ac8b6d84",
    ),
]
STATES = entities(["ARM", "AZE", "BLR", "RUS"])
ROWS = STATES[:, None]  # the last axis is that of the runs
TABLE = STATES[:, None, None], ROWS
RUNS = np.arange(20_000, dtype=np.uint32)


def words(text):
    return tuple(np.array([int(word, 16)], dtype=np.uint32) for word in text.split())


def noise(runs=8, seed=1, period=8071):
    return Noise(seed, np.arange(runs, dtype=np.uint32), period)


@pytest.mark.parametrize(("counter", "key", "result"), ANSWERS, ids=["zeros", "ones", "pi"])
def test_threefry_gives_its_published_answers_in_numpy(counter, key, result):
    assert threefry(words(key), words(counter)) == words(result)


def test_threefry_consumes_neither_key_nor_counter():
    key, counter = words(ANSWERS[2][1]), words(ANSWERS[2][0])
    threefry(key, counter)
    assert key == words(ANSWERS[2][1])
    assert counter == words(ANSWERS[2][0])


def test_an_address_is_seed_stream_block_run_and_entities():
    seed = (7 << 32) | 5
    one = Noise(seed, np.array([3], dtype=np.uint32), 4 * 11 + 2)
    names = (entities([name])[:, None] for name in ("ARM", "AZE"))
    found = one.draw(uniform("market", *names))
    address = [5, 7, entity("market"), 11], [3, entity("ARM"), entity("AZE"), 0]
    block = threefry(*(tuple(np.array([n], dtype=np.uint32) for n in part) for part in address))
    assert found == (block[2] + 0.5) * 2.0**-32


@pytest.mark.parametrize("block", [[0], [3], [2, 3], [7, 0, 5], [5, 3]])
def test_a_draw_does_not_depend_on_other_runs_of_the_batch(block):
    numbers = np.array(block, dtype=np.uint32)
    for kind in (uniform, normal, gumbel):
        whole = noise().draw(kind("market", ROWS))
        part = Noise(1, numbers, 8071).draw(kind("market", ROWS))
        assert np.array_equal(part, whole[:, block])


@pytest.mark.parametrize("kept", [[0], [2, 0], [3, 1, 0]])
def test_a_draw_does_not_depend_on_other_entities(kept):
    whole, (first, second) = noise().draw(uniform("answer", *TABLE)), TABLE
    assert np.array_equal(noise().draw(uniform("answer", first[kept], second)), whole[kept])
    assert np.array_equal(noise().draw(uniform("answer", first, second[kept])), whole[:, kept])
    chosen = noise().draw(uniform("answer", ROWS[kept], ROWS[[1]]))
    assert np.array_equal(chosen, whole[kept, 1])


def test_four_periods_share_a_block_and_each_has_its_own_number():
    one = noise(period=8068)
    seen = [one.at(8068 + n).draw(uniform("market", ROWS)) for n in range(8)]
    alone = [noise(period=8068 + n).draw(uniform("market", ROWS)) for n in range(8)]
    assert all(np.array_equal(a, b) for a, b in zip(seen, alone, strict=True))
    assert len({float(each[0, 0]) for each in seen}) == 8
    runs = np.broadcast_to(one.runs, (4, 8)).ravel()
    names = np.repeat(STATES, 8)
    key = [np.full(32, n, dtype=np.uint32) for n in (1, 0, entity("market"), 8068 // 4)]
    block = threefry(tuple(key), (runs, names, 0 * runs, 0 * runs))
    for word, each in zip(block, seen[:4], strict=True):
        assert np.array_equal((word + 0.5) * 2.0**-32, each.ravel())


def test_a_constant_draw_is_the_same_in_every_period():
    draw = uniform("consent", ROWS, constant=True)
    first, later = (noise(period=p).draw(draw) for p in (8068, 9001))
    assert np.array_equal(first, later)
    assert not np.array_equal(first, noise(seed=2).draw(draw))


def test_several_streams_in_one_stroke_are_the_same_as_one_by_one():
    chosen = STATES[np.array([[0, 1, 2, 3, 0, 1, 2, 3], [1, 1, 1, 2, 2, 2, 3, 3]])]
    one = noise()
    several = [
        uniform("defect", chosen, ROWS[:1]),
        normal("wait", ROWS),
        gumbel("response", chosen),
        uniform("market", ROWS),
        normal("growth", ROWS, constant=True),
    ]
    for found, draw in zip(one.draws(*several), several, strict=True):
        assert np.array_equal(found, noise().draw(draw))


def test_unused_draws_do_not_change_other_draws():
    one, wanted = noise(), np.array([[True, False] * 4, [False] * 8])
    chosen = STATES[np.array([[0, 1, 2, 3, 0, 1, 2, 3], [1, 1, 1, 2, 2, 2, 3, 3]])]
    whole = one.draw(uniform("defect", chosen))
    some, none = one.draws(
        uniform("defect", chosen, wanted=wanted), uniform("wait", chosen, wanted=wanted[1:])
    )
    assert np.array_equal(some[wanted], whole[wanted])
    assert np.all(some[~wanted] == 0.5)
    assert np.all(none == 0.5)
    empty = one.draw(uniform("wait", chosen, wanted=wanted[1:]))
    assert np.array_equal(empty, none)


def test_some_runs_of_a_block_and_pairs_of_entities_keep_their_draws():
    one, columns = noise(), np.array([5, 2, 2])
    whole = one.draw(uniform("answer", *TABLE))
    some = replace(one, runs=one.runs[columns], _kept=KeptDraws())
    assert np.array_equal(some.draw(uniform("answer", *TABLE)), whole[..., columns])
    pairs = one.draw(uniform("answer", ROWS, ROWS[::-1]))
    assert np.array_equal(pairs, whole[range(4), [3, 2, 1, 0]])


def test_entities_that_each_run_chooses_have_the_draws_of_the_table():
    one = noise()
    row, column = np.array([[3, 0, 0, 2, 1, 1, 2, 0], [0] * 8]), np.arange(8)
    whole = one.draw(gumbel("request", *TABLE))
    found = one.draw(gumbel("request", STATES[row], STATES[row[::-1]]))
    assert np.array_equal(found, whole[row, row[::-1], column])


def test_streams_of_a_new_block_are_drawn_together_and_stay_the_same():
    one = noise(period=8068)
    before = [one.draw(uniform(stream, ROWS)) for stream in ("market", "exit")]
    later = [one.at(8072).draw(uniform(stream, ROWS)) for stream in ("exit", "market")]
    alone = [noise(period=8072).draw(uniform(stream, ROWS)) for stream in ("exit", "market")]
    assert all(np.array_equal(a, b) for a, b in zip(later, alone, strict=True))
    assert not np.array_equal(before[0], later[1])


def drawn(one, count=8):
    """Return the draws of two tables in some periods."""
    return [
        one.at(8068 + n).draw(draw)
        for n in range(count)
        for draw in (uniform("market", ROWS), uniform("request", *TABLE))
    ]


def test_worlds_of_the_same_runs_share_tables_that_are_drawn_once(monkeypatch):
    strokes = []
    monkeypatch.setattr(
        "sim.kernel.noise.threefry", lambda *address: strokes.append(1) or threefry(*address)
    )
    one = Noise(1, RUNS[:8], room=1 << 20)
    first = drawn(one)
    count = len(strokes)
    assert all(np.array_equal(a, b) for a, b in zip(first, drawn(one), strict=True))
    assert len(strokes) == count
    assert all(np.array_equal(a, b) for a, b in zip(first, drawn(noise()), strict=True))


def test_a_table_asked_for_with_other_entities_is_another_table():
    one = Noise(1, RUNS[:8], room=1 << 20)
    whole = drawn(one)[0]
    assert np.array_equal(one.at(8068).draw(uniform("market", ROWS[:2])), whole[:2])
    assert np.array_equal(one.at(8068).draw(uniform("market", ROWS)), whole)
    pairs, table = (one.draw(uniform("answer", *keys, ROWS)) for keys in ([ROWS], TABLE[:1]))
    assert np.array_equal(pairs, table[range(4), range(4)])


def test_tables_of_other_periods_are_dropped_if_there_is_no_room():
    for room, blocks in ((0, 1), (1 << 20, 2)):
        one = Noise(1, RUNS[:8], room=room)
        drawn(one)
        assert {len(table.words) for table in one._tables.values()} == {blocks}


def test_numbers_lie_strictly_between_zero_and_one():
    extremes = np.array([0, 2**32 - 1], dtype=np.uint32)
    low, high = (extremes + 0.5) * 2.0**-32
    assert 0.0 < low < high < 1.0
    draws = Noise(1, RUNS, 0).draw(uniform("market", ROWS))
    assert np.all((draws > 0.0) & (draws < 1.0))


def test_uniforms_are_uniform():
    for period in range(8068, 8073):
        draws = Noise(1, RUNS, period).draw(uniform("market", ROWS))
        for row in draws:
            assert stats.kstest(row, "uniform").pvalue > 1e-4


def test_normals_are_standard_normal():
    draws = Noise(1, RUNS, 8068).draw(normal("growth", ROWS))
    assert draws.mean() == pytest.approx(0.0, abs=0.015)
    assert draws.std() == pytest.approx(1.0, abs=0.015)
    assert stats.kstest(draws.ravel(), "norm").pvalue > 1e-4


def test_gumbels_are_standard_gumbel():
    draws = Noise(1, RUNS, 8068).draw(gumbel("request", ROWS))
    assert draws.mean() == pytest.approx(np.euler_gamma, abs=0.02)
    assert draws.var() == pytest.approx(np.pi**2 / 6, abs=0.05)
    assert stats.kstest(draws.ravel(), "gumbel_r").pvalue > 1e-4


def test_streams_entities_periods_seeds_and_runs_are_independent():
    base = Noise(1, RUNS, 8068).draw(uniform("market", ROWS))
    others = {
        "stream": Noise(1, RUNS, 8068).draw(uniform("request", ROWS)),
        "period": Noise(1, RUNS, 8069).draw(uniform("market", ROWS)),
        "block": Noise(1, RUNS, 8072).draw(uniform("market", ROWS)),
        "seed": Noise(2, RUNS, 8068).draw(uniform("market", ROWS)),
        "high seed": Noise(1 + 2**32, RUNS, 8068).draw(uniform("market", ROWS)),
        "run": np.roll(base, 1, axis=1),
        "entity": np.roll(base, 1, axis=0),
    }
    for other in others.values():
        assert not np.array_equal(base, other)
        assert abs(np.corrcoef(base.ravel(), other.ravel())[0, 1]) < 0.015


def test_names_that_share_an_address_are_found():
    assert colliding(["ARM", "AZE", "ARM"]) == []
    # found by search: 32 bits make two of some 77,000 names collide
    first, second = "n159558", "n64481"
    assert entity(first) == entity(second)
    assert colliding([second, "ARM", first]) == [(first, second)]
