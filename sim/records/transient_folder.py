"""Folders that go with the process that made them: drafts of results, and scratch.

Each is locked while its process lives. A process that is killed leaves its folder behind; the next
one that makes such a folder in that place removes those whose lock is free.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ASIDE = ".old"  # ends the name of a result while a new one takes its place
_RANDOM = re.compile(r"[a-z0-9_]{8}")  # as tempfile ends names


@contextmanager
def transient_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """Yield a new folder; it is gone when the block is left, unless it was moved."""
    remove_abandoned(parent, prefix)
    place, lock = _made(parent, prefix)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        if lock is not None:
            os.close(lock)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield a folder for temporary files."""
    with transient_folder(Path(tempfile.gettempdir()), "blocsim_") as place:
        yield place


def remove_abandoned(parent: Path, prefix: str) -> None:
    """Remove the folders of a prefix whose processes are gone; what cannot be removed stays."""
    for place in sorted(parent.iterdir()):
        name = place.name.removeprefix(prefix)
        ours = place.name.startswith(prefix) and _RANDOM.fullmatch(name.removesuffix(ASIDE))
        if ours and not place.is_symlink() and not (name.endswith(ASIDE) and _only_copy(place)):
            try:
                lock = _lock(place)
            except OSError:  # taken, or somebody else's
                continue
            shutil.rmtree(place, ignore_errors=True)
            os.close(lock)


def _only_copy(aside: Path) -> bool:
    """Return whether a result that was put aside has no other in its place."""
    folder = aside.name.removeprefix(".").removesuffix(ASIDE).rpartition(".")[0]
    return not aside.with_name(folder).is_dir()


def _made(parent: Path, prefix: str) -> tuple[Path, int | None]:
    """Return a new folder and its lock, if the disk has locks."""
    while True:
        place = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        try:
            lock = _lock(place)
        except (BlockingIOError, FileNotFoundError):  # another process took it for abandoned
            continue
        except OSError:
            return place, None
        if place.exists():
            return place, lock
        os.close(lock)


def _lock(place: Path) -> int:
    """Return the lock of a folder, which the system frees when its process ends."""
    if sys.platform == "win32":
        raise OSError
    import fcntl  # noqa: PLC0415 - POSIX only

    lock = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise
    return lock
