"""How a command ends: exit codes 0, 2 (bad input), 3 (a run failed), 130 (interrupted).

Nobody is shown a traceback, unless SIM_DEBUG is set.
"""

from __future__ import annotations

import os
import sys
import tempfile
import traceback

from sim.cli.streams import prepare, say
from sim.kernel.errors import InputError, SimError

DONE, BAD_INPUT, FAILED, INTERRUPTED = 0, 2, 3, 130
STOPPED = "interrupted: nothing more was kept; the same command goes on, or starts again"


def ended(arguments: list[str] | None) -> int:
    """Run a command and return its exit code; what went wrong is on stderr."""
    prepare()
    try:
        from sim.cli.app import app  # noqa: PLC0415 - whatever goes wrong in it is caught, too

        code = app.main(args=arguments, prog_name="blocsim")
    except SystemExit as leaving:
        return _left(leaving)
    except SimError as error:
        return _raised(error)
    except BrokenPipeError:  # the reader of a pipe has gone, as `head` does
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
        return DONE
    except Exception as error:  # noqa: BLE001 - whatever escapes is told in a line or two
        return _escaped(error)
    return code if isinstance(code, int) else DONE


def interrupted() -> int:
    """Say that the command was interrupted; return its exit code."""
    say(STOPPED)
    return INTERRUPTED


def _left(leaving: SystemExit) -> int:
    """Return the exit code that the command line left with, in our own numbers."""
    from typer import Abort  # noqa: PLC0415 - whoever left has imported it

    if leaving.code == INTERRUPTED or isinstance(leaving.__context__, Abort):
        return interrupted()  # a Ctrl-C that nothing of ours has heard, or one at a question
    if leaving.code is None or isinstance(leaving.__context__, OSError):
        return DONE  # the latter is how a pipe ends whose reader has gone
    return leaving.code if isinstance(leaving.code, int) else FAILED


def _raised(error: SimError) -> int:
    """Print an error that was raised on purpose; return its exit code."""
    if _debugging():
        traceback.print_exc()
    say(str(error))
    if isinstance(error, InputError) and len(error.problems) > 1:
        say(f"{len(error.problems)} problems; nothing was run")
    return error.exit_code


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
        _report(error)
    return FAILED


def _report(error: Exception) -> None:
    with tempfile.NamedTemporaryFile(
        "w", prefix="blocsim-", suffix=".txt", delete=False,
        encoding="utf-8", errors="backslashreplace",
    ) as file:  # fmt: skip
        file.write(traceback.format_exc())
    what = " ".join(f"{type(error).__name__}: {error}".split())
    say(f"this is a bug in blocsim: {what[:300]}")
    say(f"details are in {file.name}; SIM_DEBUG=1 shows them here")


def _debugging() -> bool:
    return os.environ.get("SIM_DEBUG", "") not in ("", "0")
