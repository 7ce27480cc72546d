"""How processes start: environment variables that they inherit, and which signals they ignore."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import wait

SETTINGS = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # glibc keeps freed arrays instead of giving them back and fetching new pages: 5 to 10 %
    "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 32),
}


@contextmanager
def inherited(values: Mapping[str, str]) -> Iterator[None]:
    """Let processes started now have these variables in their environment."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def held_back() -> Iterator[None]:
    """Hold back for a moment what a terminal sends: Ctrl-C, and that it closes.

    Processes started now never hear it, multiprocessing's resource tracker among them; this
    process does as soon as the moment is over.
    """
    if not hasattr(signal, "pthread_sigmask"):
        with deaf():
            yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    try:
        resource_tracker.ensure_running()  # as it starts it would let Ctrl-C through again
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def postponed() -> Iterator[None]:
    """Hold back Ctrl-C and what is handled as it is; what was heard is raised at the end.

    Processes started now never hear Ctrl-C.
    """
    if threading.current_thread() is not threading.main_thread():
        with held_back():
            yield
        return
    heard: list[int] = []
    before = {
        number: handler
        for name in ("SIGINT", "SIGTERM", "SIGHUP")  # the last is not known everywhere
        if callable(handler := signal.getsignal(number := getattr(signal, name, signal.SIGINT)))
    }
    for number in before:
        signal.signal(number, lambda number, _: heard.append(number))
    try:
        with held_back():
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if heard:
            signal.raise_signal(heard[0])


@contextmanager
def deaf() -> Iterator[None]:
    """Ignore Ctrl-C for a moment: processes that any thread starts now inherit that."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def set_up() -> None:
    """Set up a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    follow_parent()
    gc.disable()  # arrays hold no cycles; looking for them took 3 % of the time


def follow_parent() -> None:
    """Exit when the parent process ends, for whatever reason."""
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
