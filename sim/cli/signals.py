"""Ctrl-C, a request to end and a terminal that closes all interrupt a command, once."""

from __future__ import annotations

import atexit
import signal
import sys
from contextlib import suppress


class Interruption:
    """The handler of these signals: the first interrupts, later ones find the command closing."""

    def __init__(self) -> None:
        self.heard = False

    def __call__(self, number: int, frame: object) -> None:
        """Interrupt at the first signal; ignore all others to the very end of the process."""
        del number, frame
        if not self.heard:
            self.heard = True
            atexit.register(_ignore_all)
            raise KeyboardInterrupt

    def lost(self, unraisable: sys.UnraisableHookArgs) -> None:
        """Re-arm if the interrupt arrived where exceptions are swallowed; report other errors."""
        if isinstance(unraisable.exc_value, KeyboardInterrupt):
            self.heard = False
        else:
            sys.__unraisablehook__(unraisable)


def listen() -> None:
    """Let a request to end, or a terminal that closes, end a command as Ctrl-C does."""
    interruption = Interruption()
    with suppress(ValueError):  # in another thread than the main one
        for number in _numbers():
            before = signal.getsignal(number)
            ours = before in (signal.SIG_DFL, signal.default_int_handler)
            if ours or isinstance(before, Interruption):
                signal.signal(number, interruption)
        sys.unraisablehook = interruption.lost


def _ignore_all() -> None:
    for number in _numbers():
        signal.signal(number, signal.SIG_IGN)


def _numbers() -> list[int]:
    """Return the signals that end a command; not all are known everywhere."""
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    return [number for name in names if (number := getattr(signal, name, None)) is not None]
