"""A server reads modules in once; processes forked from it need not, and share that memory."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing import forkserver
from typing import Any

from sim.experiments.surroundings import held_back, inherited


def serve(modules: Sequence[str], settings: Mapping[str, str]) -> None:
    """Start the server of this process anew, with settings of its environment.

    It reads in the modules that this process would, not those of the folder it happens to be in.
    """
    unserve()
    path = os.pathsep.join(os.path.realpath(each) for each in sys.path)
    forkserver.set_forkserver_preload(list(modules))
    with inherited({**settings, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}), held_back():
        forkserver.ensure_running()


def unserve() -> None:
    """End the server of this process, whatever it does; there may be none."""
    server: Any = getattr(forkserver, "_forkserver", None)
    number = getattr(server, "_forkserver_pid", None)
    if number is not None:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
        server._stop()  # noqa: SLF001 - no public way; else it lingers while it reads modules in
