"""Addressed randomness: a draw is a function of its address and of nothing else.

Address: (seed, run, period, stream, up to three entities). Threefry4x32 with 20 rounds
turns the key (seed low, seed high, hash of the stream, period // 4) and the counter
(run, entities) into four words; the number of a period is word `period mod 4`, so that one
block serves four periods. A run is therefore the same alone, in any batch and on any
worker, and two variants share every draw whose address they share.

Source: salmon2011 (Threefry, known answers in its distribution).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np

from sim.arrays import namespace

ROTATIONS = ((10, 26), (11, 21), (13, 27), (23, 5), (6, 20), (17, 11), (25, 10), (18, 20))
PARITY = 0x1BD11BDA
ROUNDS = 20
WORDS = 4
BIT_MASK = 0xFFFFFFFF
CHUNK = 1 << 16  # addresses computed in one stroke, so that they stay in the cache


@lru_cache(maxsize=100_000)
def entity(name: str) -> int:
    """Return the 32-bit BLAKE2b hash of a name."""
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "little")


def entities(names: Iterable[str]) -> np.ndarray:
    """Return the hashes of names as an array of 32-bit words."""
    return np.array([entity(name) for name in names], dtype=np.uint32)


def colliding(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return the pairs of different names whose hashes are equal."""
    seen: dict[int, str] = {}
    pairs = []
    for name in sorted(set(names)):
        first = seen.setdefault(entity(name), name)
        if first != name:
            pairs.append((first, name))
    return pairs


def threefry(key: tuple[Any, ...], counter: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the four words of Threefry4x32-20 for four key and four counter words.

    The two mixes of a round are done in one stroke: words 0 and 2 on the left, 1 and 3 on the
    right, which change places after every round.
    """
    xp = namespace(counter[0])
    parity = key[0] ^ key[1] ^ key[2] ^ key[3] ^ np.uint32(PARITY)
    small = (1,) * (counter[0].ndim - parity.ndim) + parity.shape
    schedule = [xp.broadcast_to(word, parity.shape).reshape(small) for word in (*key, parity)]

    def pair(first: int, second: int) -> Any:
        return xp.stack([schedule[first % 5], schedule[second % 5]])

    left = xp.stack([counter[0], counter[2]]) + pair(0, 2)
    right = xp.stack([counter[1], counter[3]]) + pair(1, 3)
    shape = (2,) + (1,) * (left.ndim - 1)
    for number in range(ROUNDS):
        turn = xp.asarray(ROTATIONS[number % 8], dtype=xp.uint32).reshape(shape)
        left += right
        low = right >> (np.uint32(32) - turn)
        right <<= turn
        right |= low
        right ^= left
        right = right[::-1]
        if number % 4 == 3:  # noqa: PLR2004
            count = number // 4 + 1
            left += pair(count, count + 2)
            right += pair(count + 1, count + 3)
            right += xp.asarray([0, count], dtype=xp.uint32).reshape(shape)
    return left[0], right[0], left[1], right[1]


def fraction(word: Any) -> Any:
    """Return a 32-bit word as a number strictly between 0 and 1."""
    xp = namespace(word)
    return (word.astype(xp.float64) + 0.5) * 2.0**-32


@dataclass(frozen=True, eq=False)
class Ask:
    """A list of addresses: a stream and up to three arrays of entities that broadcast."""

    stream: str
    parts: tuple[Any, ...]
    block: int  # period // 4; 0 for draws that are the same in every period


@dataclass(frozen=True, eq=False)
class Noise:
    """The draws of a block of runs in one period."""

    seed: int
    runs: Any  # (runs,) numbers of the runs, 32-bit words
    period: int = 0  # by date
    _kept: dict[str, tuple[Ask, tuple[Any, ...]]] = field(default_factory=dict, repr=False)

    def at(self, period: int) -> "Noise":
        """Return the draws of another period."""
        return Noise(self.seed, self.runs, period, self._kept)

    def uniform(self, stream: str, *parts: Any) -> Any:
        """Return numbers in (0, 1), shape (*entities, runs), for entities without a runs axis.

        A stream is always asked for the same entities, so that its block of four periods is
        computed once; streams asked for before are then computed with it, in one stroke.
        """
        block = self.period // WORDS
        kept = self._kept.get(stream)
        if kept is None:
            ask = Ask(stream, _columns(parts), block)
            self._kept[stream] = ask, self.words(ask)[0]
        elif kept[0].block != block:
            old = [each for each, _ in self._kept.values() if each.block != block]
            new = [Ask(each.stream, each.parts, block) for each in old]
            for each, words in zip(new, self.words(*new), strict=True):
                self._kept[each.stream] = each, words
        return fraction(self._kept[stream][1][self.period % WORDS])

    def normal(self, stream: str, *parts: Any) -> Any:
        """Return standard normal numbers by Box and Muller, shape (*entities, runs)."""
        radius = self.uniform(f"{stream}.radius", *parts)
        angle = self.uniform(f"{stream}.angle", *parts)
        xp = namespace(radius)
        return xp.sqrt(-2.0 * xp.log(radius)) * xp.cos(2.0 * xp.pi * angle)

    def gumbel(self, stream: str, *parts: Any) -> Any:
        """Return standard Gumbel numbers, shape (*entities, runs)."""
        u = self.uniform(stream, *parts)
        xp = namespace(u)
        return -xp.log(-xp.log(u))

    def ask(self, stream: str, *parts: Any) -> Ask:
        """Return the addresses of a stream in this period."""
        return Ask(stream, parts, self.period // WORDS)

    def chosen(self, *asked: Ask) -> list[Any]:
        """Return numbers in (0, 1) for entities that may differ from run to run: (..., runs)."""
        word = self.period % WORDS
        words = self.words(*asked)
        return [
            fraction(found[word if each.block else 0])
            for each, found in zip(asked, words, strict=True)
        ]

    def held(self, stream: str, *parts: Any) -> Any:
        """Return numbers in (0, 1) that are the same in every period: (..., runs)."""
        return self.chosen(Ask(stream, parts, 0))[0]

    def words(self, *asked: Ask) -> list[tuple[Any, ...]]:
        """Return four words an address, shape (*entities, runs), for several lists at once."""
        xp = namespace(self.runs)
        runs = self.runs.shape[-1]
        shapes = [
            np.broadcast_shapes(*(part.shape for part in each.parts), (runs,)) for each in asked
        ]
        rows = [int(np.prod(shape[:-1])) for shape in shapes]
        names = np.repeat(entities(each.stream for each in asked), rows)[:, None]
        blocks = np.array([each.block & BIT_MASK for each in asked], dtype=np.uint32)
        numbers = np.repeat(blocks, rows)[:, None]
        columns = [
            _column(xp, [each.parts[at : at + 1] for each in asked], shapes) for at in range(3)
        ]
        low, high = (
            xp.asarray([[word & BIT_MASK]], dtype=xp.uint32)
            for word in (self.seed, self.seed >> 32)
        )
        parts = []
        step = max(1, CHUNK // runs)
        for start in range(0, max(len(names), 1), step):
            cut = slice(start, start + step)
            counter = tuple(column[cut] for column in columns)
            own = xp.broadcast_to(self.runs, counter[0].shape)
            key = (low, high, xp.asarray(names[cut]), xp.asarray(numbers[cut]))
            parts.append(threefry(key, (own, *counter)))
        found = [
            xp.concatenate(words) if len(parts) > 1 else words[0]
            for words in zip(*parts, strict=True)
        ]
        ends = np.cumsum([0, *rows])
        return [
            tuple(word[start:stop].reshape(shape) for word in found)
            for start, stop, shape in zip(ends[:-1], ends[1:], shapes, strict=True)
        ]


def _column(xp: Any, parts: list[tuple[Any, ...]], shapes: list[tuple[int, ...]]) -> Any:
    """Return one counter word of every address, (addresses, runs); 0 where a list has none."""
    zero = np.zeros(1, dtype=np.uint32)
    return xp.concatenate(
        [
            xp.broadcast_to(part[0] if part else zero, shape).reshape(-1, shape[-1])
            for part, shape in zip(parts, shapes, strict=True)
        ]
    )


def _columns(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return one-dimensional lists of entities as the axes of a table, runs axis added."""
    count = len(parts)
    return tuple(
        part.reshape(*(-1 if axis == at else 1 for axis in range(count)), 1)
        for at, part in enumerate(parts)
    )
