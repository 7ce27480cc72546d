"""Addressed randomness: a draw is a function of its address and of nothing else.

Address: (seed, run, period, stream, up to three entities). Threefry4x32 with 20 rounds
turns the key (seed low, seed high, hash of the stream, period // 4) and the counter
(run, entities) into four words; the number of a period is word `period mod 4`, so that one
block serves four periods. A run is therefore the same alone, in any batch and on any
worker, and two variants share every draw whose address they share.

Source: salmon2011 (Threefry, known answers in its distribution).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from typing import Any

import numpy as np

from sim.kernel.arrays import namespace

ROTATIONS = ((10, 26), (11, 21), (13, 27), (23, 5), (6, 20), (17, 11), (25, 10), (18, 20))
TURNS = tuple(
    (turn, np.uint32(32) - turn)  # a rotation as two shifts
    for turn in (np.array(pair, dtype=np.uint32)[:, None] for pair in ROTATIONS)
)
COUNTS = np.array([[[0], [count]] for count in range(6)], dtype=np.uint32)
PARITY = 0x1BD11BDA
ROUNDS = 20
WORDS = 4
BIT_MASK = 0xFFFFFFFF
UNSEEN = 0.5  # stands where nobody looks
CHUNK = 1 << 15  # addresses computed in one stroke: more would outgrow the cache, fewer cost calls


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

    A word is a list of addresses, or of one where all agree. The two mixes of a round are done in
    one stroke: words 0 and 2 on the left, 1 and 3 on the right, which change places after every
    round.
    """
    xp = namespace(counter[0])
    zero = xp.zeros_like(counter[0])
    words = [word | zero for word in (*key, key[0] ^ key[1] ^ key[2] ^ key[3] ^ np.uint32(PARITY))]
    schedule = xp.stack([*words, *words[:2]])
    keys = [schedule[n : n + 3 : 2] for n in range(5)]  # words n and n + 2
    left = xp.stack([counter[0], counter[2]]) + keys[0]
    right = xp.stack([counter[1], counter[3]]) + keys[1]
    for number in range(ROUNDS):
        turn, back = TURNS[number % 8]
        left += right
        low = right >> back
        right <<= turn
        right |= low
        right ^= left
        right = right[::-1]
        if number % 4 == 3:  # noqa: PLR2004
            count = number // 4 + 1
            left += keys[count % 5]
            right += keys[(count + 1) % 5]
            right += COUNTS[count]
    return left[0], right[0], left[1], right[1]


def fraction(word: Any) -> Any:
    """Return a 32-bit word as a number strictly between 0 and 1."""
    number = word.astype(namespace(word).float64)
    number += 0.5
    number *= 2.0**-32
    return number


@dataclass(frozen=True, eq=False)
class Ask:
    """A list of addresses: a stream and up to three arrays of entities that broadcast.

    Where `wanted` is false nobody looks at the draw, and none need be made.
    """

    stream: str
    parts: tuple[Any, ...]
    block: int  # period // 4; 0 for draws that are the same in every period
    wanted: Any = None  # mask of the addresses; None for all

    def cells(self, runs: Any) -> tuple[tuple[int, ...], Any]:
        """Return the shape of the draws, runs last, and the cells to draw; None for all."""
        shape: tuple[int, ...] = np.broadcast_shapes(
            *(part.shape for part in self.parts), runs.shape
        )
        if self.wanted is None or not isinstance(runs, np.ndarray):
            return shape, None
        wanted = self.wanted if self.wanted.shape == shape else np.broadcast_to(self.wanted, shape)
        return shape, np.flatnonzero(wanted)


@dataclass(frozen=True, eq=False)
class Kept:
    """A table of draws: its addresses but for the runs, and its words by block of periods."""

    stream: str
    parts: tuple[Any, ...]
    words: dict[int, tuple[Any, ...]] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """Return the bytes of the words."""
        return sum(word.nbytes for words in self.words.values() for word in words)


@dataclass(frozen=True, eq=False)
class Noise:
    """The draws of a block of runs in one period."""

    seed: int
    runs: Any  # (runs,) numbers of the runs, 32-bit words
    period: int = 0  # by date
    room: int = 0  # bytes for tables of other periods, kept for other worlds of the same runs
    _kept: dict[tuple[Any, ...], "Kept"] = field(default_factory=dict, repr=False)

    def at(self, period: int) -> "Noise":
        """Return the draws of another period."""
        return Noise(self.seed, self.runs, period, self.room, self._kept)

    def of(self, columns: Any) -> "Noise":
        """Return the draws of a list of runs, by their place in the block, for `chosen`."""
        return Noise(self.seed, self.runs[columns], self.period)

    def uniform(self, stream: str, *parts: Any, at: Any = None) -> Any:
        """Return numbers in (0, 1), shape (*entities, runs), for entities without a runs axis.

        With `at`, a list of cells of that table laid out flat, only those. A table is computed once
        for its block of four periods, and together with the other tables asked for before.
        """
        return self._uniform(stream, _columns(parts), at)

    def paired(self, stream: str, *parts: Any) -> Any:
        """Return the same, shape (n, runs), for n addresses of which all entities are given."""
        return self._uniform(stream, tuple(part[:, None] for part in parts))

    def _uniform(self, stream: str, parts: tuple[Any, ...], at: Any = None) -> Any:
        block = self.period // WORDS
        name = stream, *(part.tobytes() for part in parts)
        if name not in self._kept:
            self._kept[name] = Kept(stream, parts)
        kept = self._kept[name]
        if block not in kept.words:
            self._fill(block)
        word = kept.words[block][self.period % WORDS]
        return fraction(word if at is None else word.reshape(-1).take(at))

    def _fill(self, block: int) -> None:
        """Compute the words of a block of all tables that lack them, in one stroke."""
        if sum(kept.bytes for kept in self._kept.values()) > self.room:
            for kept in self._kept.values():
                for other in kept.words.keys() - {block}:
                    del kept.words[other]
        lacking = [kept for kept in self._kept.values() if block not in kept.words]
        asked = [Ask(kept.stream, kept.parts, block) for kept in lacking]
        for kept, words in zip(lacking, self.words(*asked), strict=True):
            kept.words[block] = words

    def normal(self, stream: str, *parts: Any) -> Any:
        """Return standard normal numbers by Box and Muller, shape (*entities, runs)."""
        radius = self.uniform(f"{stream}.radius", *parts)
        angle = self.uniform(f"{stream}.angle", *parts)
        xp = namespace(radius)
        return xp.sqrt(-2.0 * xp.log(radius)) * xp.cos(2.0 * xp.pi * angle)

    def gumbel(self, stream: str, *parts: Any, at: Any = None) -> Any:
        """Return standard Gumbel numbers, shape (*entities, runs), or those `at` some cells."""
        u = self.uniform(stream, *parts, at=at)
        xp = namespace(u)
        return -xp.log(-xp.log(u))

    def ask(self, stream: str, *parts: Any, wanted: Any = None) -> Ask:
        """Return the addresses of a stream in this period."""
        return Ask(stream, parts, self.period // WORDS, wanted)

    def chosen(self, *asked: Ask) -> list[Any]:
        """Return numbers in (0, 1) for entities that may differ from run to run: (..., runs).

        Those that are not wanted are 0.5 under numpy.
        """
        wanted = [each.cells(self.runs) for each in asked]
        numbers = []
        for each, (shape, cells), words in zip(
            asked, wanted, self._words(asked, wanted), strict=True
        ):
            drawn = fraction(words[self.period % WORDS if each.block else 0])
            if cells is not None:
                some, drawn = drawn, np.full(int(np.prod(shape)), UNSEEN)
                drawn[cells] = some
            numbers.append(drawn.reshape(shape))
        return numbers

    def held(self, stream: str, *parts: Any) -> Any:
        """Return numbers in (0, 1) that are the same in every period: (..., runs)."""
        return self.chosen(Ask(stream, parts, 0))[0]

    def words(self, *asked: Ask) -> list[tuple[Any, ...]]:
        """Return four words an address, shape (*entities, runs), for several lists at once."""
        wanted = [(each.cells(self.runs)[0], None) for each in asked]
        found = self._words(asked, wanted)
        return [
            tuple(word.reshape(shape) for word in words)
            for words, (shape, _) in zip(found, wanted, strict=True)
        ]

    def _words(
        self, asked: Sequence[Ask], wanted: Sequence[tuple[tuple[int, ...], Any]]
    ) -> list[tuple[Any, ...]]:
        """Return four words an address, as flat lists, of the wanted cells of each table."""
        xp = namespace(self.runs)
        lists = [
            _flat(xp, self.runs, each, shape, cells)
            for each, (shape, cells) in zip(asked, wanted, strict=True)
        ]
        sizes = [each[0].size for each in lists]
        if not any(sizes):
            return [(xp.zeros(0, dtype=xp.uint32),) * WORDS] * len(asked)
        columns = [xp.concatenate(column) for column in zip(*lists, strict=True)]
        seed = [
            xp.asarray([word & BIT_MASK], dtype=xp.uint32) for word in (self.seed, self.seed >> 32)
        ]
        parts = []
        for start in range(0, sum(sizes), CHUNK):
            stream, block, *counter = (column[start : start + CHUNK] for column in columns)
            parts.append(threefry((*seed, stream, block), tuple(counter)))
        found = [
            xp.concatenate(words) if len(parts) > 1 else words[0]
            for words in zip(*parts, strict=True)
        ]
        ends = np.cumsum([0, *sizes]).tolist()
        return [tuple(word[start:stop] for word in found) for start, stop in pairwise(ends)]


def _flat(xp: Any, runs: Any, ask: Ask, shape: tuple[int, ...], cells: Any) -> list[Any]:
    """Return stream, block, run and three entities of every address, each as a flat list."""
    parts = [_spread(xp, part, shape) for part in (runs, *ask.parts)]
    if cells is not None:
        parts = [part[cells] for part in parts]
    words = [xp.full_like(parts[0], word) for word in (entity(ask.stream), ask.block & BIT_MASK)]
    none = [xp.zeros_like(parts[0])] * (WORDS - len(parts))
    return [*words, *parts, *none]


def _spread(xp: Any, part: Any, shape: tuple[int, ...]) -> Any:
    """Return words that broadcast to a shape as a flat list."""
    if part.shape == shape:
        return part.reshape(-1)
    if xp is not np:
        return xp.broadcast_to(part, shape).reshape(-1)
    full = np.empty(shape, dtype=np.uint32)  # four times faster than broadcast_to
    full[...] = part
    return full.reshape(-1)


def _columns(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return one-dimensional lists of entities as the axes of a table, runs axis added."""
    count = len(parts)
    return tuple(
        part.reshape(*(-1 if axis == at else 1 for axis in range(count)), 1)
        for at, part in enumerate(parts)
    )
