"""Random draws of the reference: addressed draws, or ordinary ones.

Addressed draws are those of `sim.kernel.noise`, computed independently with Python integers: a draw
is a function of seed, run, period, stream and up to three entities (Threefry4x32-20). With them the
reference and the kernel have the same runs. Ordinary draws are the next numbers of `random.Random`:
the speed baseline.
"""

from __future__ import annotations

import math
import random
from abc import ABC, abstractmethod

from sim.kernel.noise import entity

MASK = 0xFFFFFFFF
PARITY = 0x1BD11BDA
ROTATIONS = ((10, 26), (11, 21), (13, 27), (23, 5), (6, 20), (17, 11), (25, 10), (18, 20))

Entity = str | int  # a name, or a number
Words = tuple[int, int, int, int]


class Draws(ABC):
    """The random draws of one run."""

    period = 0  # by date
    year = 0

    @abstractmethod
    def uniform(self, stream: str, *entities: Entity) -> float:
        """Return a number in (0, 1) for this period."""

    @abstractmethod
    def held(self, stream: str, *entities: Entity) -> float:
        """Return a number in (0, 1) that is the same in every period."""

    @abstractmethod
    def yearly(self, stream: str, *entities: Entity) -> float:
        """Return a standard Gumbel number that holds for the year."""

    def normal(self, stream: str, *entities: Entity) -> float:
        """Return a standard normal number by Box and Muller."""
        radius = self.uniform(f"{stream}.radius", *entities)
        angle = self.uniform(f"{stream}.angle", *entities)
        return math.sqrt(-2.0 * math.log(radius)) * math.cos(2.0 * math.pi * angle)

    def gumbel(self, stream: str, *entities: Entity) -> float:
        """Return a standard Gumbel number."""
        return -math.log(-math.log(self.uniform(stream, *entities)))


class AddressedDraws(Draws):
    """The draws that the kernel makes in one run."""

    def __init__(self, seed: int, run: int) -> None:
        """Keep the parts of the address that all draws share."""
        self.seed = seed & MASK, (seed >> 32) & MASK
        self.run = run
        self.block = -1
        self.kept: dict[tuple[Entity, ...], Words] = {}  # of this block of four periods
        self.forever: dict[tuple[Entity, ...], float] = {}
        self.by_year: dict[tuple[Entity, ...], Words] = {}

    def uniform(self, stream: str, *entities: Entity) -> float:
        """Return a number in (0, 1) for this period."""
        block, word = divmod(self.period, 4)
        if block != self.block:
            self.block, self.kept = block, {}
        address = (stream, *entities)
        words = self.kept.get(address)
        if words is None:
            words = self.kept[address] = self._words(stream, entities, block)
        return fraction(words[word])

    def held(self, stream: str, *entities: Entity) -> float:
        """Return a number in (0, 1) that is the same in every period."""
        address = (stream, *entities)
        if address not in self.forever:
            self.forever[address] = fraction(self._words(stream, entities, 0)[0])
        return self.forever[address]

    def yearly(self, stream: str, *entities: Entity) -> float:
        """Return a standard Gumbel number that holds for the year."""
        block, word = divmod(self.year, 4)
        address = (f"{stream} {block}", *entities)
        if address not in self.by_year:
            self.by_year[address] = self._words(stream, entities, block)
        return -math.log(-math.log(fraction(self.by_year[address][word])))

    def _words(self, stream: str, entities: tuple[Entity, ...], block: int) -> Words:
        parts = [hashed(each) for each in entities] + [0, 0, 0]
        return threefry((*self.seed, entity(stream), block), (self.run, *parts[:3]))


class OrdinaryDraws(Draws):
    """Draws as they come from Python's own generator."""

    def __init__(self, seed: int) -> None:
        """Start the generator."""
        self.random = random.Random(seed)
        self.forever: dict[tuple[Entity, ...], float] = {}

    def uniform(self, stream: str, *entities: Entity) -> float:
        """Return a number in (0, 1): the next one."""
        del stream, entities
        return self.random.random() or 0.5

    def normal(self, stream: str, *entities: Entity) -> float:
        """Return a standard normal number: the next one."""
        del stream, entities
        return self.random.gauss(0.0, 1.0)

    def yearly(self, stream: str, *entities: Entity) -> float:
        """Return a standard Gumbel number that holds for the year."""
        number = self.held(f"{stream} {self.year}", *entities)
        return -math.log(-math.log(number))

    def held(self, stream: str, *entities: Entity) -> float:
        """Return a number in (0, 1) that is the same in every period."""
        return self.forever.setdefault((stream, *entities), self.random.random())


def hashed(name: Entity) -> int:
    """Return the word of an entity in an address."""
    return entity(name) if isinstance(name, str) else int(name)


def fraction(word: int) -> float:
    """Return a 32-bit word as a number strictly between 0 and 1."""
    return (word + 0.5) / 2.0**32


def threefry(key: Words, counter: Words) -> Words:
    """Return the four words of Threefry4x32-20, written after the paper of its authors."""
    schedule = (*key, key[0] ^ key[1] ^ key[2] ^ key[3] ^ PARITY)
    x = [(counter[i] + schedule[i]) & MASK for i in range(4)]
    for number in range(20):
        partners = (1, 3) if number % 2 == 0 else (3, 1)
        for left, right, turn in zip((0, 2), partners, ROTATIONS[number % 8], strict=True):
            x[left] = (x[left] + x[right]) & MASK
            x[right] = ((x[right] << turn | x[right] >> (32 - turn)) & MASK) ^ x[left]
        if number % 4 == 3:  # noqa: PLR2004 - the key comes in after every fourth round
            turn = number // 4 + 1
            for i in range(4):
                x[i] = (x[i] + schedule[(turn + i) % 5]) & MASK
            x[3] = (x[3] + turn) & MASK
    return x[0], x[1], x[2], x[3]
