"""How a command ends: exit codes 0, 2 (bad input), 3 (a run failed), 130 (interrupted).

A traceback is shown only if SIM_DEBUG is set. Ctrl-C, SIGTERM and the closing of the terminal
each interrupt once; they are handled before anything costly is imported.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import TextIO

from sim.cli.streams import prepare, say
from sim.kernel.thread_settings import ONE_THREAD

DONE, BAD_INPUT, FAILED, INTERRUPTED = 0, 2, 3, 130
MOMENT = 0.01  # seconds until an interrupt that was swallowed comes again
STOPPED = "interrupted: unfinished work was discarded; the same command resumes or starts again"


def ended(arguments: list[str] | None) -> int:
    """Run a command and return its exit code; errors go to stderr."""
    listen()
    prepare()
    for name, value in ONE_THREAD.items():
        os.environ.setdefault(name, value)
    try:
        from sim.cli.app import app  # noqa: PLC0415 - errors in it are caught, too

        with warnings.catch_warnings():
            warnings.showwarning = _told
            code = app.main(args=arguments, prog_name="blocsim")
    except SystemExit as leaving:
        return _left(leaving)
    except BrokenPipeError:  # the reader of a pipe has gone, as `head` does
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
        return DONE
    except Exception as error:  # noqa: BLE001 - every error is reported in a line or two
        return _escaped(error)
    return code if isinstance(code, int) else DONE


def interrupted() -> int:
    """Say that the command was interrupted; return its exit code."""
    say(STOPPED)
    return INTERRUPTED


def _told(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Print a warning of ours as a plain line, and others as Python does."""
    if category is UserWarning and Path(__file__).parents[1] in Path(filename).parents:
        say(str(message))
        return
    text = warnings.formatwarning(message, category, filename, lineno, line)
    (file or sys.stderr).write(text)


def _left(leaving: SystemExit) -> int:
    """Return our exit code for that of the command line."""
    from typer import Abort  # noqa: PLC0415 - imported by the caller already

    if leaving.code == INTERRUPTED or isinstance(leaving.__context__, Abort):
        return interrupted()  # a Ctrl-C that our handlers did not see, or one at a prompt
    if leaving.code is None or isinstance(leaving.__context__, OSError):
        return DONE  # the latter is how a pipe ends whose reader has gone
    return leaving.code if isinstance(leaving.code, int) else FAILED


def _escaped(error: Exception) -> int:
    """Print an error of input, of the machine or of our own; return the exit code."""
    from sim.kernel.errors import InputError, SimError  # noqa: PLC0415 - signals are heard first

    if os.environ.get("SIM_DEBUG", "") not in ("", "0"):
        sys.excepthook(type(error), error, error.__traceback__)
        if not isinstance(error, SimError):
            return FAILED
    if isinstance(error, SimError):
        say(str(error))
        if isinstance(error, InputError) and len(error.problems) > 1:
            say(f"{len(error.problems)} problems; nothing was run")
        return error.exit_code
    if isinstance(error, MemoryError):
        say("not enough memory; try a smaller --block, fewer --jobs or fewer --runs")
    elif isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        what = error.strerror or str(error)
        say(f"{where}cannot be read or written ({what}); make room, or use another folder")
    elif isinstance(error, ModuleNotFoundError) and not str(error.name).startswith("sim"):
        say(f"the package {error.name} is missing; install blocsim again, with all it requires")
    else:
        _report(error)
    return FAILED


def _report(error: Exception) -> None:
    """Print one line about a bug and keep the details in a file."""
    import tempfile  # noqa: PLC0415 - seldom needed
    import traceback  # noqa: PLC0415

    with tempfile.NamedTemporaryFile(
        "w", prefix="blocsim-", suffix=".txt", delete=False,
        encoding="utf-8", errors="backslashreplace",
    ) as file:  # fmt: skip
        file.write("".join(traceback.format_exception(error)))
    what = " ".join(f"{type(error).__name__}: {error}".split())
    say(f"this is a bug in blocsim: {what[:300]}")
    say(f"details are in {file.name}; SIM_DEBUG=1 shows them here")


class Interruption:
    """The handler of these signals: the first interrupts, later ones find the command closing."""

    def __init__(self) -> None:
        self.heard = False
        self._number = signal.SIGINT

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Interrupt at the first signal; ignore all others to the very end of the process."""
        if self.heard or _is_within(frame, Interruption.lost):  # raised there it would be lost
            return
        self.heard, self._number = True, signal.Signals(number)
        atexit.register(_ignore_all)
        raise KeyboardInterrupt

    def lost(self, unraisable: sys.UnraisableHookArgs) -> None:
        """Interrupt again and again where exceptions are swallowed; report other errors."""
        if not isinstance(unraisable.exc_value, KeyboardInterrupt):
            sys.__unraisablehook__(unraisable)
            return
        import threading  # noqa: PLC0415 - signals are heard first

        self.heard = False
        with suppress(RuntimeError):  # the process ends
            threading.Thread(target=self._again, daemon=True).start()

    def _again(self) -> None:
        while not self.heard:
            time.sleep(MOMENT)
            os.kill(os.getpid(), self._number)


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


def _is_within(frame: FrameType | None, function: Callable[..., object]) -> bool:
    """Return whether a frame is one of a function, or of what it calls."""
    while frame is not None and frame.f_code is not function.__code__:
        frame = frame.f_back
    return frame is not None


def _ignore_all() -> None:
    for number in _numbers():
        signal.signal(number, signal.SIG_IGN)


def _numbers() -> list[int]:
    """Return the signals that end a command; not all are known everywhere."""
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    return [number for name in names if (number := getattr(signal, name, None)) is not None]
