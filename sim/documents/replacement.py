"""Replacement: the text of a user's file in one stroke, so that nothing is lost if that fails."""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path

from sim.documents.reader import shown
from sim.kernel.errors import ResultError

_PART = 40  # characters of a file's name that are in that of its draft


def writable(file: Path) -> bool:
    """Return whether a file is writable, as replacing it needs a writable folder alone."""
    return bool(file.stat().st_mode & stat.S_IWUSR) and os.access(file, os.W_OK)


def replace_text(file: Path, text: str, *, mark: bool = False) -> None:
    """Write a file whole or not at all; one that is there keeps its mode.

    `mark` writes a byte order mark first, as some programs for Windows do.
    """
    target = Path(os.path.realpath(file))
    draft = target.with_name(f".{target.name[:_PART]}.{os.getpid()}.draft")  # no other's
    try:
        draft.write_bytes(text.encode("utf-8-sig" if mark else "utf-8"))
        if target.exists():
            shutil.copymode(target, draft)
        os.replace(draft, target)  # noqa: PTH105 - the name of what it does
    except OSError as error:
        message = f"{shown(file)}: cannot be written ({error.strerror})"
        raise ResultError(message) from None
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
