"""Addressed randomness: a draw is a function of its address and of nothing else.

Address: (seed, run, period, stream, up to three entities). Threefry4x32 with 20 rounds
turns the key (seed low, seed high, hash of the stream, period // 4) and the counter
(run, entities) into four words; a period uses word `period mod 4`, so that one block serves four
periods. A run is therefore the same alone, in any batch and on any worker, and two variants share
every draw that has the same address.

`uniform`, `normal` and `gumbel` name a draw; `Noise.draw` makes it, `Noise.draws` several at once.

Source: salmon2011 (Threefry, known answers in its distribution).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate, islice, pairwise
from math import prod
from typing import Any

import numpy as np

from sim.kernel.dates import YEAR

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
PLACEHOLDER = 0.5  # for draws that are not needed
CHUNK = 1 << 15  # addresses: larger chunks outgrow the cache, smaller ones add call overhead
LARGE = CHUNK // 4  # addresses from which on a table is computed alone, with one key for all


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

    A word is an array over addresses, of length 1 where all agree. The two mixes of a round are
    done in one operation: words 0 and 2 are on the left, 1 and 3 on the right, and the right ones
    change places after every round.
    """
    words = [*key, key[0] ^ key[1] ^ key[2] ^ key[3] ^ np.uint32(PARITY)]
    schedule = np.empty((WORDS + 3, max(word.size for word in words)), dtype=np.uint32)
    for row, word in zip(schedule, (*words, *words[:2]), strict=True):
        row[...] = word
    keys = [schedule[n : n + 3 : 2] for n in range(5)]  # words n and n + 2
    count = max(schedule.shape[1], *(word.size for word in counter))
    left, right = (np.empty((2, count), dtype=np.uint32) for _ in range(2))
    for row, word in zip((left[0], right[0], left[1], right[1]), counter, strict=True):
        row[...] = word
    left += keys[0]
    right += keys[1]
    low = np.empty_like(right)
    for number in range(ROUNDS):
        turn, back = TURNS[number % 8]
        left += right
        np.right_shift(right, back, out=low)
        right <<= turn
        right |= low
        right ^= left
        right = right[::-1]
        if number % 4 == 3:  # noqa: PLR2004
            injected = number // 4 + 1
            left += keys[injected % 5]
            right += keys[(injected + 1) % 5] + COUNTS[injected]
    return left[0], right[0], left[1], right[1]


def fraction(word: Any) -> Any:
    """Return a 32-bit word as a number strictly between 0 and 1."""
    number = word * 2.0**-32
    number += 2.0**-33  # both are exact
    return number


def box_muller(radius: Any, angle: Any) -> Any:
    """Return standard normal numbers, each from two uniform ones."""
    return np.sqrt(-2.0 * np.log(radius)) * np.cos(2.0 * np.pi * angle)


def double_log(number: Any) -> Any:
    """Return standard Gumbel numbers from uniform ones."""
    return -np.log(-np.log(number))


@lru_cache(maxsize=1000)
def _shape(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    """Return the common shape of arrays that broadcast; kept, since numpy is slow to find it."""
    return tuple(np.broadcast_shapes(*shapes))


@dataclass(frozen=True, eq=False)
class Draw:
    """A request for random numbers: streams, entities of the address, and distribution.

    Up to three arrays of entities broadcast. The last axis of each is the runs axis, of length 1
    where the entities are the same in all runs.
    """

    streams: tuple[str, ...]  # one for each uniform number that a draw needs
    keys: tuple[Any, ...]
    wanted: Any  # mask of the addresses; None for all
    constant: bool  # whether it is the same in every period
    shaped: Callable[..., Any] | None = None  # transforms the uniform numbers; None: not at all

    @property
    def is_whole(self) -> bool:
        """Return whether all addresses are wanted, and the same in all runs."""
        return self.wanted is None and all(key.shape[-1] == 1 for key in self.keys)

    @property
    def addresses(self) -> tuple[Any, ...]:
        """Return the entities, to be compared with those of another draw."""
        return tuple((key.shape, key.tobytes()) for key in self.keys)

    @property
    def name(self) -> tuple[Any, ...]:
        """Return all that the numbers of a table depend on but for seed, runs and period."""
        return self.streams, self.shaped, self.constant, *self.addresses

    @property
    def is_table(self) -> bool:
        """Return whether it `is_whole` and differs from period to period."""
        return self.is_whole and not self.constant

    def block(self, period: int) -> int:
        """Return the number of the block of four periods that a period belongs to."""
        return 0 if self.constant else period // WORDS

    def word(self, period: int) -> int:
        """Return the position, 0 to 3, of a period's word in its block."""
        return 0 if self.constant else period % WORDS

    def cells(self, runs: Any) -> tuple[tuple[int, ...], Any]:
        """Return the shape of the draws, runs last, and the flat cells to draw, or None for all."""
        shape = _shape(*(key.shape for key in self.keys), runs.shape)
        if self.wanted is None:
            return shape, None
        same = np.shape(self.wanted) == shape
        return shape, np.flatnonzero(self.wanted if same else np.broadcast_to(self.wanted, shape))


def uniform(stream: str, *keys: Any, wanted: Any = None, constant: bool = False) -> Draw:
    """Return a draw of numbers in (0, 1): shape (*entities, runs).

    Where the mask `wanted` is false the number is a placeholder. A `constant` draw is the same in
    every period. `keys` are hashed names, by `entities`.
    """
    return Draw((stream,), keys, wanted, constant)


def normal(stream: str, *keys: Any, wanted: Any = None, constant: bool = False) -> Draw:
    """Return a draw of standard normal numbers, otherwise as `uniform`."""
    return Draw((f"{stream}.radius", f"{stream}.angle"), keys, wanted, constant, box_muller)


def gumbel(stream: str, *keys: Any, wanted: Any = None, constant: bool = False) -> Draw:
    """Return a draw of standard Gumbel numbers, otherwise as `uniform`."""
    return Draw((stream,), keys, wanted, constant, double_log)


@dataclass(frozen=True, eq=False)
class DrawTable:
    """A table of draws that is kept: its addresses without the runs, its words by block."""

    stream: str
    draw: Draw
    words: dict[int, tuple[Any, ...]] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """Return the bytes of the words."""
        return sum(word.nbytes for words in self.words.values() for word in words)


@dataclass(frozen=True, eq=False)
class KeptDraws:
    """Draws of a block of runs that later ones use again."""

    tables: dict[str, dict[tuple[Any, ...], DrawTable]] = field(default_factory=dict)  # by clock
    numbers: dict[tuple[Any, ...], tuple[int, Any]] = field(default_factory=dict)  # and the period
    lists: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # entities, numbers; by stream


@dataclass(frozen=True, eq=False)
class Noise:
    """The draws of a block of runs in one period, or in another numbered span of time.

    A table whose addresses are the same in all runs is computed once for its block of four
    periods, together with all other tables that were used before with the same clock.
    """

    seed: int
    runs: Any  # (runs,) numbers of the runs, 32-bit words
    period: int = 0  # by date
    room: int = 0  # bytes up to which tables of other periods are kept, for worlds of the same runs
    clock: str = "period"  # the unit of `period`; every stream has one clock
    _kept: KeptDraws = field(default_factory=KeptDraws, repr=False)

    def at(self, period: int, clock: str = "period") -> "Noise":
        """Return the draws of another period, or of another clock."""
        return Noise(self.seed, self.runs, period, self.room, clock, self._kept)

    def month(self, part: int, months: int) -> "Noise":
        """Return the draws of month `part`, from 0, of the period, which has `months` months."""
        return self.at(self.period * months + part, "month")

    def year(self, months: int) -> "Noise":
        """Return the draws of the year of the period, which has `months` months."""
        return self.at(self.period * months // YEAR, "year")

    def draw(self, draw: Draw) -> Any:
        """Return the numbers of one draw."""
        return self.draws(draw)[0]

    def draws(self, *wanted: Draw) -> list[Any]:
        """Return the numbers of several draws, computed together; they are not to be changed."""
        numbers = [self._held(draw) for draw in wanted]
        fresh = [draw for draw, held in zip(wanted, numbers, strict=True) if held is None]
        parts = [(stream, draw) for draw in fresh for stream in draw.streams]
        tables = [part for part in parts if part[1].is_whole]
        lists = [part for part in parts if not part[1].is_whole]
        of_tables, of_lists = iter(self._from_tables(tables)), iter(self._from_lists(lists))
        for at, draw in enumerate(wanted):
            if numbers[at] is None:
                uniforms = islice(of_tables if draw.is_whole else of_lists, len(draw.streams))
                numbers[at] = draw.shaped(*uniforms) if draw.shaped else next(uniforms)
                self._hold(draw, numbers[at])
        return numbers

    def _held(self, draw: Draw) -> Any:
        """Return the numbers of a table if they are kept and still hold, or None."""
        if not self._holds(draw):
            return None
        period, numbers = self._kept.numbers.get(draw.name, (None, None))
        return numbers if draw.constant or period == self.period else None

    def _hold(self, draw: Draw, numbers: Any) -> None:
        if self._holds(draw):
            self._kept.numbers[draw.name] = self.period, numbers

    def _holds(self, draw: Draw) -> bool:
        """Return whether numbers of a table hold for longer than a period."""
        return draw.is_whole and (draw.constant or self.clock == "year")

    @property
    def _tables(self) -> dict[tuple[Any, ...], DrawTable]:
        return self._kept.tables.setdefault(self.clock, {})

    def _from_tables(self, parts: Sequence[tuple[str, Draw]]) -> list[Any]:
        """Return uniform numbers of whole tables, whose words are kept."""
        wanted = []
        for stream, draw in parts:
            name = stream, draw.constant, *draw.addresses
            table = self._tables.setdefault(name, DrawTable(stream, draw))
            wanted.append((table.words, draw.block(self.period), draw.word(self.period)))
        if any(block not in words for words, block, _ in wanted):
            self._fill()
        return [fraction(words[block][word]) for words, block, word in wanted]

    def _fill(self) -> None:
        """Compute together the words of this period for all tables that lack them."""
        tables = [(each, each.draw.block(self.period)) for each in self._tables.values()]
        if sum(table.bytes for table, _ in tables) > self.room:
            for table, block in tables:
                for other in table.words.keys() - {block}:
                    del table.words[other]
        lacking = [(table, block) for table, block in tables if block not in table.words]
        cells = [table.draw.cells(self.runs) for table, _ in lacking]
        lists = self._words([(table.stream, table.draw) for table, _ in lacking], cells)
        for (table, block), words, (shape, _) in zip(lacking, lists, cells, strict=True):
            table.words[block] = tuple(word.reshape(shape) for word in words)

    def _from_lists(self, parts: Sequence[tuple[str, Draw]]) -> list[Any]:
        """Return uniform numbers, computed only where they are wanted, or other than before."""
        before = [self._before(stream, draw) for stream, draw in parts]
        cells = [draw.cells(self.runs) for _, draw in parts]
        for at, known in enumerate(before):
            if known is not None:
                cells[at] = cells[at][0], _changed(parts[at][1].keys, known[0], cells[at][0])
        numbers = []
        for (stream, draw), (shape, some), known, words in zip(
            parts, cells, before, self._words(parts, cells), strict=True
        ):
            drawn = fraction(words[draw.word(self.period)])
            if some is not None:
                full = np.full(prod(shape), PLACEHOLDER) if known is None else known[1].flatten()
                full[some] = drawn
                drawn = full
            drawn = drawn.reshape(shape)
            if draw.constant and draw.wanted is None:
                self._kept.lists[stream] = draw.keys, drawn
            numbers.append(drawn)
        return numbers

    def _before(self, stream: str, draw: Draw) -> Any:
        """Return the entities and numbers of the last constant list of a stream, or None."""
        if not draw.constant or draw.wanted is not None:
            return None
        known = self._kept.lists.get(stream)
        shapes = [[key.shape for key in keys] for keys in (draw.keys, known[0] if known else ())]
        return known if shapes[0] == shapes[1] else None

    def _words(
        self,
        parts: Sequence[tuple[str, Draw]],
        cells: Sequence[tuple[tuple[int, ...], Any]],
    ) -> list[tuple[Any, ...]]:
        """Return four words for each address, as flat arrays, of the cells of each draw."""
        sizes = [prod(shape) if some is None else some.size for shape, some in cells]
        small = [n for n, size in enumerate(sizes) if size < LARGE]
        words: dict[int, tuple[Any, ...]] = {}
        for group in [small, *([n] for n, size in enumerate(sizes) if size >= LARGE)]:
            ends = [0, *accumulate(sizes[n] for n in group)]
            counter = np.zeros((WORDS, ends[-1]), dtype=np.uint32)
            for n, (start, stop) in zip(group, pairwise(ends), strict=True):
                draw, (shape, some) = parts[n][1], cells[n]
                for row, part in zip(counter[:, start:stop], (self.runs, *draw.keys), strict=False):
                    _lay(row, part, shape, some)
            streams = [(entity(parts[n][0]), parts[n][1].block(self.period)) for n in group]
            found = self._encrypted(streams, [sizes[n] for n in group], counter)
            for n, (start, stop) in zip(group, pairwise(ends), strict=True):
                words[n] = tuple(word[start:stop] for word in found)
        return [words[n] for n in range(len(parts))]

    def _encrypted(
        self, streams: Sequence[tuple[int, int]], sizes: Sequence[int], counter: Any
    ) -> tuple[Any, ...]:
        """Return four words for each column of `counter`; streams and their blocks with sizes."""
        count = counter.shape[1]
        if not count:
            return tuple(counter)
        words = self.seed, self.seed >> 32, *zip(*streams, strict=True)
        key = [np.atleast_1d(np.asarray(word) & BIT_MASK).astype(np.uint32) for word in words]
        if len(streams) > 1:
            key[2:] = (np.repeat(word, sizes) for word in key[2:])
        chunks = []
        for start in range(0, count, CHUNK):
            part = slice(start, start + CHUNK)
            own = tuple(word if word.size == 1 else word[part] for word in key)
            chunks.append(threefry(own, tuple(counter[:, part])))
        return tuple(
            np.concatenate(each) if len(chunks) > 1 else each[0]
            for each in zip(*chunks, strict=True)
        )


def _changed(keys: Sequence[Any], before: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """Return the flat cells of which an entity has changed."""
    changed = np.zeros(shape, dtype=bool)
    for now, then in zip(keys, before, strict=True):
        changed |= now != then
    return np.flatnonzero(changed)


def _lay(row: Any, part: Any, shape: tuple[int, ...], cells: Any) -> None:
    """Write words that broadcast to a shape into a flat row, or those of some of its cells."""
    if cells is None:
        row.reshape(shape)[...] = part
    elif part.shape == shape:
        np.take(part.reshape(-1), cells, out=row)
    else:
        full = np.empty(shape, dtype=np.uint32)  # four times faster than broadcast_to
        full[...] = part
        np.take(full.reshape(-1), cells, out=row)
