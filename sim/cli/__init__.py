"""The command `blocsim`: each subcommand is one call into the Python API.

Imports are inside the function, so that Ctrl-C is handled from the first line on.
"""

from __future__ import annotations

__all__ = ["main"]

SELDOM = 50_000, 20, 100  # the search for garbage took a fifth of the time until first numbers


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    try:
        import gc  # noqa: PLC0415

        gc.set_threshold(*SELDOM)
        from sim.cli import exits  # noqa: PLC0415

        code = exits.ended(arguments)
    except KeyboardInterrupt:
        from sim.cli import exits  # noqa: PLC0415 - the interrupt may have stopped its import

        code = exits.interrupted()
    # CPython notes a KeyboardInterrupt that leaves text run by exec() (`dataclasses` has such text)
    # as unhandled, though it is caught here, and `python -m` then ends by SIGINT instead of with
    # our code (https://bugs.python.org/issue41602). Running other text clears the note.
    exec("")  # noqa: S102
    raise SystemExit(code)
