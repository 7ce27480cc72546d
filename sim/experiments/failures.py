"""Failures of the machine, told with a remedy: no room, no memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sim.kernel.errors import RunError


@contextmanager
def as_run_error(place: str, kept: str = "nothing was kept") -> Iterator[None]:
    """Turn a failure to write or to find memory into an error that says what to do."""
    try:
        yield
    except MemoryError:
        message = "not enough memory; try a smaller --block, fewer --jobs or fewer --runs"
        raise RunError(message) from None
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        message = (
            f"{place}: writing failed, {error.strerror or error}{where}; {kept}: "
            "make room, or give another --out or TMPDIR"
        )
        raise RunError(message) from None
