"""stdout and stderr: every text is printed, with terminal control characters escaped."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterable, Sequence

# Characters that act on a terminal instead of being shown: control characters (line ends and tabs
# apart), marks that turn the direction of writing, separators of lines and paragraphs.
_ACTING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)


def printable(text: str) -> str:
    r"""Return a text whose characters that act on a terminal are escaped, such as \x1b."""
    return _ACTING.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def say(text: str) -> None:
    """Print a message of one or more lines to stderr."""
    sys.stderr.write(printable(text) + "\n")


def echo(text: str) -> None:
    """Print results, one or more lines, to stdout."""
    sys.stdout.write(printable(text) + "\n")


def markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = (" | ".join(cells) for cells in (heads, *rows))
    head, *rest = (f"| {line} |\n" for line in lines)
    return "".join([head, "|" + "---|" * len(heads) + "\n", *rest])


def prepare() -> None:
    """Make all three streams usable: closed ones lead nowhere, and none fails on a character."""
    for name, flag in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:  # closed by `>&-`: no file that is opened later may take its number
            file = open(os.devnull, flag, encoding="utf-8")  # noqa: PTH123, SIM115
            os.set_inheritable(file.fileno(), True)  # noqa: FBT003 - workers print too
            setattr(sys, name, file)
        elif isinstance(stream, io.TextIOWrapper) and flag == "w":
            stream.reconfigure(errors="backslashreplace")
