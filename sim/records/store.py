"""A folder of results: written beside its place, moved there when it is whole.

Drafts and scratch go with the process that made them: each is locked while that lives. A process
that is killed leaves its folder behind; the next one that makes such a folder in that place removes
those whose lock is free.
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

PARTIAL = ".partial"  # ends the name of a folder that an interrupted run leaves
ASIDE = ".old"  # ends the name of a result while a new one takes its place
_RANDOM = re.compile(r"[a-z0-9_]{8}")  # as tempfile ends names


def place_of(out: str | Path) -> Path:
    """Return the folder that a result goes to: a link is followed, so that it stays a link."""
    folder = Path(out)
    try:
        linked = folder.is_symlink() or folder.name in ("", "..")
        return folder.resolve() if linked else folder
    except (OSError, RuntimeError) as error:
        what = error.strerror if isinstance(error, OSError) else "a link to itself"
        message = f"{folder}: cannot be used ({what}); give another --out"
        raise ResultError(message) from None


def check_place(folder: Path, inputs: Mapping[str, Any], *, force: bool) -> bool:
    """Return whether the folder holds the result of equal inputs; refuse to overwrite another."""
    try:
        return _forced(folder) if force else _same(folder, inputs)
    except OSError as error:
        message = f"{folder}: cannot be used ({error.strerror}); give another --out"
        raise ResultError(message) from None


def _forced(folder: Path) -> bool:
    """Return False where a result may be replaced; refuse to replace anything else."""
    if folder.exists() and not replaceable(folder):
        message = (
            f"{folder}: is not only a result of blocsim, so --force does not replace it; "
            "give another --out"
        )
        raise ResultError(message)
    return False


def _same(folder: Path, inputs: Mapping[str, Any]) -> bool:
    """Return whether the folder holds the whole result of equal inputs; refuse if another."""
    manifest = stored(folder)
    if manifest is not None:
        wanted = json.loads(json.dumps(inputs))
        force = replaceable(folder)  # say nothing of --force where that would be refused
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
    """Yield a new folder beside the place; it is gone when the block is left, unless moved."""
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
    """Move a finished draft to its place; what was there goes only when the new one stands."""
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


def write_manifest(folder: Path, content: Mapping[str, Any]) -> None:
    """Write the manifest of a folder."""
    text = json.dumps({KEY: FORMAT, **content}, indent=1, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", errors=ESCAPED)


def unequal(stored_inputs: Any, inputs: Mapping[str, Any]) -> list[str]:
    """Return the names of the inputs that differ; a hash alone is that of the scenario."""
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
