"""A server reads modules in once; processes forked from it need not, and share that memory."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing import forkserver
from typing import Any

from sim.experiments.startup import held_back, inherited

_ours: list[int] = []  # the number of the server that was started here, if any


def serve(modules: Sequence[str], settings: Mapping[str, str]) -> bool:
    """Start a server with settings of its environment; return whether there is one of ours.

    It reads in the modules that this process would, not those of the folder it happens to be in:
    where it could not be told so there is none, nor where this process has a server for others, or
    no room for its socket.
    """
    if sys.flags.ignore_environment or _number() is not None:
        return False
    path = os.pathsep.join(os.path.realpath(each) for each in sys.path)
    forkserver.set_forkserver_preload(list(modules))
    try:
        with inherited({**settings, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}), held_back():
            forkserver.ensure_running()
    except OSError:  # a folder for temporary files whose name is too long for a socket, for one
        return False
    number = _number()
    _ours[:] = [] if number is None else [number]
    return bool(_ours)


def serving() -> bool:
    """Return whether the server that was started here is alive."""
    if not _ours or _ours != [_number()]:
        return False
    with suppress(ChildProcessError):
        return os.waitid(os.P_PID, _ours[0], os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
    return False


def unserve() -> None:
    """End the server that was started here, whatever it does; there may be none."""
    if _ours and _ours == [_number()]:
        with suppress(ProcessLookupError):
            os.kill(_ours[0], signal.SIGKILL)
        with suppress(ChildProcessError):
            _server()._stop()  # noqa: SLF001 - no public way; else it lingers while it reads modules in
    _ours.clear()


def _server() -> Any:
    return getattr(forkserver, "_forkserver", None)


def _number() -> int | None:
    """Return the number of the server process that this process knows of, if any."""
    found: int | None = getattr(_server(), "_forkserver_pid", None)
    return found
