"""The draws: published answers, addresses, distributions, independence."""

import jax
import numpy as np
import pytest
from scipy import stats

from sim.kernel.noise import Noise, colliding, entities, entity, threefry

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
RUNS = np.arange(20_000, dtype=np.uint32)


def words(text):
    return tuple(np.array([int(word, 16)], dtype=np.uint32) for word in text.split())


def noise(runs=8, seed=1, period=8071):
    return Noise(seed, np.arange(runs, dtype=np.uint32), period)


@pytest.mark.parametrize(("counter", "key", "result"), ANSWERS, ids=["zeros", "ones", "pi"])
def test_threefry_gives_its_published_answers_in_numpy(counter, key, result):
    assert threefry(words(key), words(counter)) == words(result)


@pytest.mark.parametrize(("counter", "key", "result"), ANSWERS, ids=["zeros", "ones", "pi"])
def test_threefry_gives_its_published_answers_in_jax(counter, key, result):
    arrays = [tuple(jax.numpy.asarray(word) for word in words(text)) for text in (key, counter)]
    for function in (threefry, jax.jit(threefry)):
        assert [int(word[0]) for word in function(*arrays)] == [int(w[0]) for w in words(result)]


def test_threefry_consumes_neither_key_nor_counter():
    key, counter = words(ANSWERS[2][1]), words(ANSWERS[2][0])
    threefry(key, counter)
    assert key == words(ANSWERS[2][1])
    assert counter == words(ANSWERS[2][0])


def test_an_address_is_seed_stream_block_run_and_entities():
    seed = (7 << 32) | 5
    one = Noise(seed, np.array([3], dtype=np.uint32), 4 * 11 + 2)
    names = (entities([name])[:, None] for name in ("ARM", "AZE"))
    (found,) = one.chosen(one.ask("market", *names))
    address = [5, 7, entity("market"), 11], [3, entity("ARM"), entity("AZE"), 0]
    block = threefry(*(tuple(np.array([n], dtype=np.uint32) for n in part) for part in address))
    assert found == (block[2] + 0.5) * 2.0**-32


def test_draws_are_bitwise_the_same_in_jax():
    for period in (8070, 8071, 8072):
        expected = noise(period=period)
        with jax.enable_x64(True):  # noqa: FBT003 - jax names no keyword
            runs = jax.numpy.arange(8, dtype=jax.numpy.uint32)
            keys = jax.numpy.asarray(STATES)
            found = np.asarray(Noise(1, runs, period).uniform("market", keys))
            shaped = np.asarray(Noise(1, runs, period).normal("growth", keys))
        assert np.array_equal(found, expected.uniform("market", STATES))
        assert shaped == pytest.approx(expected.normal("growth", STATES), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("block", [[0], [3], [2, 3], [7, 0, 5], [5, 3]])
def test_a_draw_is_the_same_whatever_other_runs_are_in_the_batch(block):
    numbers = np.array(block, dtype=np.uint32)
    for ask in ("uniform", "normal", "gumbel"):
        whole = getattr(noise(), ask)("market", STATES)
        part = getattr(Noise(1, numbers, 8071), ask)("market", STATES)
        assert np.array_equal(part, whole[:, block])


@pytest.mark.parametrize("kept", [[0], [2, 0], [3, 1, 0]])
def test_a_draw_is_the_same_whatever_other_entities_are_asked_for(kept):
    whole = noise().uniform("answer", STATES, STATES)
    assert np.array_equal(noise().uniform("answer", STATES[kept], STATES), whole[kept])
    assert np.array_equal(noise().uniform("answer", STATES, STATES[kept]), whole[:, kept])
    (chosen,) = noise().chosen(noise().ask("answer", STATES[kept][:, None], STATES[[1]][:, None]))
    assert np.array_equal(chosen, whole[kept, 1])


def test_four_periods_share_a_block_and_each_has_its_own_number():
    one = noise(period=8068)
    seen = [one.at(8068 + n).uniform("market", STATES) for n in range(8)]
    alone = [noise(period=8068 + n).uniform("market", STATES) for n in range(8)]
    assert all(np.array_equal(a, b) for a, b in zip(seen, alone, strict=True))
    assert len({float(each[0, 0]) for each in seen}) == 8
    (block,) = one.words(one.ask("market", STATES[:, None]))
    for word, each in zip(block, seen[:4], strict=True):
        assert np.array_equal((word + 0.5) * 2.0**-32, each)


def test_what_is_held_is_the_same_in_every_period():
    first, later = (noise(period=p).held("consent", STATES[:, None]) for p in (8068, 9001))
    assert np.array_equal(first, later)
    assert not np.array_equal(first, noise(seed=2).held("consent", STATES[:, None]))


def test_several_streams_in_one_stroke_are_the_same_as_one_by_one():
    chosen = STATES[np.array([[0, 1, 2, 3, 0, 1, 2, 3], [1, 1, 1, 2, 2, 2, 3, 3]])]
    one = noise()
    asked = [one.ask("defect", chosen, STATES[:1, None]), one.ask("wait", STATES[:, None])]
    for found, ask in zip(one.chosen(*asked), asked, strict=True):
        assert np.array_equal(found, noise().chosen(ask)[0])


def test_draws_that_nobody_looks_at_change_none_of_the_others():
    one, wanted = noise(), np.array([[True, False] * 4, [False] * 8])
    chosen = STATES[np.array([[0, 1, 2, 3, 0, 1, 2, 3], [1, 1, 1, 2, 2, 2, 3, 3]])]
    (whole,) = one.chosen(one.ask("defect", chosen))
    some, none = one.chosen(
        one.ask("defect", chosen, wanted=wanted), one.ask("wait", chosen, wanted=wanted[1:])
    )
    assert np.array_equal(some[wanted], whole[wanted])
    assert np.all(some[~wanted] == 0.5)
    assert np.all(none == 0.5)
    (empty,) = one.chosen(one.ask("wait", chosen, wanted=wanted[1:]))
    assert np.array_equal(empty, none)


def test_some_runs_of_a_block_and_pairs_of_entities_keep_their_draws():
    one, columns = noise(), np.array([5, 2, 2])
    whole = one.uniform("answer", STATES, STATES)
    part = one.of(columns)
    (found,) = part.chosen(part.ask("answer", STATES[:, None, None], STATES[:, None]))
    assert np.array_equal(found, whole[..., columns])
    assert np.array_equal(
        noise().paired("answer", STATES, STATES[::-1]), whole[range(4), [3, 2, 1, 0]]
    )


def test_streams_of_a_new_block_are_drawn_together_and_stay_the_same():
    one = noise(period=8068)
    before = [one.uniform(stream, STATES) for stream in ("market", "exit")]
    later = [one.at(8072).uniform(stream, STATES) for stream in ("exit", "market")]
    alone = [noise(period=8072).uniform(stream, STATES) for stream in ("exit", "market")]
    assert all(np.array_equal(a, b) for a, b in zip(later, alone, strict=True))
    assert not np.array_equal(before[0], later[1])


def drawn(one, count=8):
    """Return the draws of two tables in some periods."""
    return [
        one.at(8068 + n).uniform(stream, *parts)
        for n in range(count)
        for stream, parts in (("market", (STATES,)), ("request", (STATES, STATES)))
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
    assert np.array_equal(one.at(8068).uniform("market", STATES[:2]), whole[:2])
    assert np.array_equal(one.at(8068).uniform("market", STATES), whole)


def test_tables_of_other_periods_are_let_go_where_there_is_no_room():
    for room, blocks in ((0, 1), (1 << 20, 2)):
        one = Noise(1, RUNS[:8], room=room)
        drawn(one)
        assert {len(kept.words) for kept in one._kept.values()} == {blocks}


def test_numbers_lie_strictly_between_zero_and_one():
    extremes = np.array([0, 2**32 - 1], dtype=np.uint32)
    low, high = (extremes + 0.5) * 2.0**-32
    assert 0.0 < low < high < 1.0
    draws = Noise(1, RUNS, 0).uniform("market", STATES)
    assert np.all((draws > 0.0) & (draws < 1.0))


def test_uniforms_are_uniform():
    for period in range(8068, 8073):
        draws = Noise(1, RUNS, period).uniform("market", STATES)
        for row in draws:
            assert stats.kstest(row, "uniform").pvalue > 1e-4


def test_normals_are_standard_normal():
    draws = Noise(1, RUNS, 8068).normal("growth", STATES)
    assert draws.mean() == pytest.approx(0.0, abs=0.015)
    assert draws.std() == pytest.approx(1.0, abs=0.015)
    assert stats.kstest(draws.ravel(), "norm").pvalue > 1e-4


def test_gumbels_are_standard_gumbel():
    draws = Noise(1, RUNS, 8068).gumbel("request", STATES)
    assert draws.mean() == pytest.approx(np.euler_gamma, abs=0.02)
    assert draws.var() == pytest.approx(np.pi**2 / 6, abs=0.05)
    assert stats.kstest(draws.ravel(), "gumbel_r").pvalue > 1e-4


def test_streams_entities_periods_seeds_and_runs_are_independent():
    base = Noise(1, RUNS, 8068).uniform("market", STATES)
    others = {
        "stream": Noise(1, RUNS, 8068).uniform("request", STATES),
        "period": Noise(1, RUNS, 8069).uniform("market", STATES),
        "block": Noise(1, RUNS, 8072).uniform("market", STATES),
        "seed": Noise(2, RUNS, 8068).uniform("market", STATES),
        "high seed": Noise(1 + 2**32, RUNS, 8068).uniform("market", STATES),
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
