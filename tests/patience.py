"""Waiting for a condition, with a time limit."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import contextmanager, suppress

PATIENCE = 240  # seconds, on a machine that does much else


def until(happened):
    """Wait until a function returns a true value, and return it."""
    end = time.monotonic() + PATIENCE
    while not (found := happened()):
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)
    return found


@contextmanager
def begun(command, **how):
    """Yield a command that has begun; it has no process left when the block is left."""
    with subprocess.Popen(command, start_new_session=True, **how) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
