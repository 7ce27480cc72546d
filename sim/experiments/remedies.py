"""Libraries of extras, and errors with a remedy where they, disk or memory are missing."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from sim.kernel.errors import InputError, Problem, RunError


def needed(module: str, by: str, extra: str = "analysis") -> Any:
    """Return a module of an extra; InputError, at the flag `by`, says how to install it."""
    try:
        with warnings.catch_warnings():  # about other optional libraries
            warnings.simplefilter("ignore")
            return import_module(module)
    except ImportError as error:
        missing = (error.name or module).split(".")[0]
        message = f"needs {missing}; install the extra: pip install 'blocsim[{extra}]'"
        raise InputError([Problem(by, 0, 0, "", message)]) from None


@contextmanager
def one_thread(by: str) -> Iterator[None]:
    """Limit libraries of numbers to one thread within the block, as every command does.

    It counts for those that are imported already.
    """
    with needed("threadpoolctl", by).threadpool_limits(1):
        yield


@contextmanager
def as_run_error(place: str, kept: str = "nothing was kept") -> Iterator[None]:
    """Turn errors of writing and of memory into RunError with a remedy."""
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
