"""A folder of results: written beside its destination, and moved there when it is complete.

A process holds a lock on each of its drafts and scratch folders, and removes them at the end. One
that is killed leaves its folder behind. The next process that makes such a folder in the same
place removes those that are no longer locked.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from sim.kernel.errors import ResultError
from sim.records.kinds import MANIFEST
from sim.records.soundness import ESCAPED, FORMAT, KEY, damage, digest, replaceable, stored

PARTIAL = ".partial"  # suffix of a folder that an interrupted run leaves
ASIDE = ".old"  # suffix of a result while a new one takes its place
_RANDOM = re.compile(r"[a-z0-9_]{8}")  # the end of a name made by tempfile


def place_of(out: str | Path) -> Path:
    """Return the folder that a result is written to; a link is followed, so that it stays a link.

    ResultError if the link leads to itself.
    """
    folder = Path(out)
    try:
        linked = folder.is_symlink() or folder.name in ("", "..")
        return folder.resolve() if linked else folder
    except (OSError, RuntimeError) as error:
        what = error.strerror if isinstance(error, OSError) else "a link to itself"
        message = f"{folder}: cannot be used ({what}); give another --out"
        raise ResultError(message) from None


def check_place(folder: Path, inputs: Mapping[str, Any], *, force: bool) -> bool:
    """Return whether the folder already holds the result of these inputs.

    ResultError if it holds anything else that would be overwritten.
    """
    try:
        return _forced(folder) if force else _same(folder, inputs)
    except OSError as error:
        message = f"{folder}: cannot be used ({error.strerror}); give another --out"
        raise ResultError(message) from None


def _forced(folder: Path) -> bool:
    """Return False if the folder may be replaced; ResultError if it is not only a result."""
    if folder.exists() and not replaceable(folder):
        message = (
            f"{folder}: is not only a result of blocsim, so --force does not replace it; "
            "give another --out"
        )
        raise ResultError(message)
    return False


def _same(folder: Path, inputs: Mapping[str, Any]) -> bool:
    """Return whether the folder holds the result of these inputs; ResultError if another."""
    manifest = stored(folder)
    if manifest is not None:
        wanted = json.loads(json.dumps(inputs))
        force = replaceable(folder)  # suggest --force only where it works
        if manifest["inputs"] != wanted:
            keys = ", ".join(unequal(manifest["inputs"], wanted))
            way = "give --force to replace it, or another --out" if force else "give another --out"
            message = f"{folder}: holds a result with other inputs ({keys}); {way}"
            raise ResultError(message)
        if wrong := damage(folder, manifest):
            way = "give --force to run it anew, or another --out" if force else "give another --out"
            message = f"{wrong}; {way}"
            raise ResultError(message)
        return True
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        message = f"{folder}: is there already and holds no result; give another --out"
        raise ResultError(message)
    return False


@contextmanager
def draft(folder: Path) -> Iterator[Path]:
    """Yield a new folder beside the destination; it is removed at the end, unless it was moved."""
    folder = folder.absolute()
    with ExitStack() as opened:
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            place = opened.enter_context(transient_folder(folder.parent, f".{folder.name}."))
            place.chmod(0o777 & ~umask())
        except OSError as error:
            message = f"{folder}: cannot be written ({error.strerror}); give another --out"
            raise ResultError(message) from None
        yield place


def settle(place: Path, folder: Path) -> None:
    """Move a finished draft to its destination; an older result there is deleted only then."""
    folder = folder.absolute()
    aside = place.with_name(place.name + ASIDE)
    there = folder.exists()
    if there:
        folder.rename(aside)
    try:
        place.rename(folder)
    except BaseException:
        if there:
            aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def free_place(folder: Path) -> Path:
    """Return the first folder NAME-2, NAME-3 and on that does not exist."""
    return next(
        place
        for number in count(2)
        if not (place := folder.with_name(f"{folder.name}-{number}")).exists()
    )


def hashes(folder: Path) -> dict[str, dict[str, Any]]:
    """Return size and hash of every table of a folder, sorted by name."""
    tables = sorted(folder.glob("*.csv"))
    return {path.name: {"bytes": path.stat().st_size, "sha256": digest(path)} for path in tables}


def write_manifest(folder: Path, content: Mapping[str, Any], name: str = MANIFEST) -> None:
    """Write the manifest of a folder."""
    text = json.dumps({KEY: FORMAT, **content}, indent=1, ensure_ascii=False, allow_nan=False)
    (folder / name).write_text(text + "\n", encoding="utf-8", errors=ESCAPED)


def unequal(stored_inputs: Any, inputs: Mapping[str, Any]) -> list[str]:
    """Return the names of the inputs that differ; `scenario` if only the hash does."""
    old = stored_inputs if isinstance(stored_inputs, dict) else {}
    keys = {key for key in {*old, *inputs} if old.get(key) != inputs.get(key)}
    return sorted({"scenario"} if keys == {"hash"} else keys - {"hash"})


def umask() -> int:
    """Return the mask of permissions that the process gives to its files."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def transient_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """Yield a new folder; it is removed at the end, unless it was moved."""
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
    """Remove the folders with a prefix whose processes have ended, as far as that is possible."""
    for place in sorted(parent.iterdir()):
        name = place.name.removeprefix(prefix)
        ours = place.name.startswith(prefix) and _RANDOM.fullmatch(name.removesuffix(ASIDE))
        if ours and not place.is_symlink() and not (name.endswith(ASIDE) and _only_copy(place)):
            try:
                lock = _lock(place)
            except OSError:  # locked, or owned by another user
                continue
            shutil.rmtree(place, ignore_errors=True)
            os.close(lock)


def _only_copy(aside: Path) -> bool:
    """Return whether a result that was put aside is the only copy: no other took its place."""
    folder = aside.name.removeprefix(".").removesuffix(ASIDE).rpartition(".")[0]
    return not aside.with_name(folder).is_dir()


def _made(parent: Path, prefix: str) -> tuple[Path, int | None]:
    """Return a new folder and its lock; None if the file system has no locks."""
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
