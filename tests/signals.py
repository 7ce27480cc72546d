"""Whether a process of these tests receives a signal."""

from __future__ import annotations

import signal

import pytest


def heard(name):
    """Skip where a signal is ignored from the start, as SIGHUP is under `nohup`."""
    if signal.getsignal(getattr(signal, name)) is signal.SIG_IGN:
        pytest.skip(f"{name} is ignored here")
