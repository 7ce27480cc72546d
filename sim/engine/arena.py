"""Arena: memory that is used again as soon as nobody reads it any more."""

from dataclasses import dataclass, field


@dataclass(eq=False)
class Arena:
    """A piece of memory, of which the free spot that was used last is taken first.

    It is still in the processor's cache.
    """

    size: int = 0  # bytes
    _free: list[tuple[int, int]] = field(
        default_factory=list
    )  # offset and size; the last is used first

    def take(self, size: int) -> int:
        """Return the offset of a spot of this size."""
        for at in range(len(self._free) - 1, -1, -1):
            offset, room = self._free[at]
            if room >= size:
                if room > size:
                    self._free[at] = offset + size, room - size
                else:
                    del self._free[at]
                return offset
        self.size += size
        return self.size - size

    def give_back(self, offset: int, size: int) -> None:
        """Let a spot be used again, with free ones next to it."""
        for spot in [s for s in self._free if s[0] + s[1] == offset or s[0] == offset + size]:
            self._free.remove(spot)
            offset, size = min(offset, spot[0]), size + spot[1]
        self._free.append((offset, size))
