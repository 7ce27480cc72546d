"""How a command ends: exit codes 0, 2 (bad input), 3 (a run failed), 130 (interrupted).

Nobody is shown a traceback, unless SIM_DEBUG is set.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
import tempfile
import threading
import traceback
from typing import TYPE_CHECKING, Any

import typer

from sim.kernel.errors import InputError, SimError

if TYPE_CHECKING:
    from sim.scenario.load import Scenario

STOPPED = "interrupted: nothing more was kept; the same command goes on, or starts again"
DONE, BAD_INPUT, FAILED, INTERRUPTED = 0, 2, 3, 130


def ended(app: typer.Typer, arguments: list[str] | None) -> int:
    """Run a command and return the exit code; what went wrong is on stderr."""
    command: Any = typer.main.get_command(app)
    _open_closed()
    try:
        _hear()
        code = command.main(args=arguments, prog_name="blocsim", standalone_mode=True)
    except SystemExit as leaving:
        code = _code(leaving)
        if code == INTERRUPTED:  # typer caught a Ctrl-C that nothing else had heard
            say(STOPPED)
        return code
    except SimError as error:
        return _told(error)
    except KeyboardInterrupt:
        say(STOPPED)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe has gone, as `head` does
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
        return DONE
    except Exception as error:  # noqa: BLE001 - whatever escapes is told in a line or two
        return _escaped(error)
    finally:
        # an interrupt within an `exec` of text (dataclasses have one) has Python end by the signal,
        # though it is caught, until text is executed again
        exec("")  # noqa: S102
    return code if isinstance(code, int) else DONE


def say(text: str) -> None:
    """Print to stderr, as it stands."""
    sys.stderr.write(text + "\n")


def say_doubts(scenario: Scenario) -> None:
    """Print the numbers of a scenario that look like another unit's; nothing hangs on them."""
    from sim.scenario.doubts import doubts  # noqa: PLC0415 - costly, and a scenario is there

    for doubt in doubts(scenario):
        say(f"in doubt: {doubt}")


def _code(leaving: SystemExit) -> int:
    if leaving.code is None:
        return DONE
    if leaving.code == 1:  # the code for an interrupt, and for a pipe whose reader has gone
        return DONE if isinstance(leaving.__context__, OSError) else INTERRUPTED
    return leaving.code if isinstance(leaving.code, int) else FAILED


def _told(error: SimError) -> int:
    """Print an error that was raised on purpose; return its exit code."""
    if _debugging():
        traceback.print_exc()
    say(str(error))
    if isinstance(error, InputError) and len(error.problems) > 1:
        say(f"{len(error.problems)} problems; nothing was run")
    return error.exit_code


class _Stop:
    """What Ctrl-C, a request to end, or a terminal that closes calls: it interrupts once."""

    def __init__(self) -> None:
        self.heard = False

    def __call__(self, number: int, frame: object) -> None:
        """Interrupt; whatever follows finds the command closing, to its very end."""
        del number, frame
        if not self.heard:
            self.heard = True
            atexit.register(_deafen)
            raise KeyboardInterrupt

    def lost(self, unraisable: Any) -> None:
        """Hear again if the interrupt came where nothing can be raised; say other errors."""
        if isinstance(unraisable.exc_value, KeyboardInterrupt):
            self.heard = False
        else:
            sys.__unraisablehook__(unraisable)


def _hear() -> None:
    """Let a request to end, or a terminal that closes, end a command as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        return
    stop = _Stop()
    for number in _signals():
        before = signal.getsignal(number)
        if before in (signal.SIG_DFL, signal.default_int_handler) or isinstance(before, _Stop):
            signal.signal(number, stop)
    sys.unraisablehook = stop.lost


def _deafen() -> None:
    """Ignore what could end a process that ends."""
    for number in _signals():
        signal.signal(number, signal.SIG_IGN)


def _signals() -> list[int]:
    """Return the signals that end a command; not all are known everywhere."""
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    return [number for name in names if (number := getattr(signal, name, None)) is not None]


def _open_closed() -> None:
    """Open what was closed (`>&-`) to nothing: what is printed is lost, and no file is taken."""
    for name, flag in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            file = open(os.devnull, flag, encoding="utf-8")  # noqa: PTH123, SIM115
            os.set_inheritable(file.fileno(), True)  # noqa: FBT003 - workers print too
            setattr(sys, name, file)


def _escaped(error: Exception) -> int:
    """Print what the machine refused, or what is a bug; return the exit code."""
    if _debugging():
        traceback.print_exc()
    elif isinstance(error, MemoryError):
        say("not enough memory; try a smaller --block, fewer --jobs or fewer --runs")
    elif isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        what = error.strerror or str(error)
        say(f"{where}cannot be read or written ({what}); make room, or use another folder")
    else:
        _reported(error)
    return FAILED


def _reported(error: Exception) -> None:
    """Print one line about a bug and keep the details in a file."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="blocsim-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write(traceback.format_exc())
    what = " ".join(f"{type(error).__name__}: {error}".split())
    say(f"this is a bug in blocsim: {what[:300]}")
    say(f"details are in {file.name}; SIM_DEBUG=1 shows them here")


def _debugging() -> bool:
    return os.environ.get("SIM_DEBUG", "") not in ("", "0")
