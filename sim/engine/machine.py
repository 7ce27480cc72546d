"""Machine: compile assembly to machine code by llvmlite, and keep the code in a cache.

The name of a file of the cache depends on all that its code depends on: the assembly, LLVM, the
processor and its features. Files are private to the user, appear whole or not at all, and are
checked by hash when read. The cache is optional: if a file is damaged or cannot be written, the
code is compiled again.
"""

import ctypes
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.engine.moves import MEMORY
from sim.engine.pace import PARTS
from sim.kernel.errors import SimError

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None  # type: ignore[assignment]

MOST_BYTES = 200 * 1024 * 1024  # size of the cache
DRAFT, LOCK = ".part", ".lock"
SUFFIX = ".o"
OUTLINE = ".outline"  # of `sim.engine.kernel_outlines`, which lie beside the code
DIGEST = 32  # bytes


class MachineError(SimError):
    """Machine code cannot be compiled on this machine."""


@dataclass(frozen=True, eq=False)
class Code:
    """Machine code of a period, in memory."""

    period: Callable[..., None]  # (groups), called in every period
    year: Callable[..., None]  # (groups), called when a year begins, before its first period
    once: Callable[..., None]  # (groups), called when a strip begins, or a number has changed
    draws: Callable[..., None]  # (block, seed low, seed high, rows, keys, runs, to)
    rows: Mapping[str, Callable[..., None]]  # by LLVM's name of a type: (from, to, rows, stride)
    kept: Any  # objects that must live as long as the code


@dataclass(frozen=True)
class CodeTarget:
    """A processor and its features."""

    processor: str
    features: str

    @classmethod
    def host(cls) -> "CodeTarget":
        """Return the processor of this machine; refuse one on which the functions are slow."""
        llvm = _llvm()
        features = llvm.get_host_cpu_features()
        if features.get("fma") is False:  # named for x86 only; others have it
            message = "this processor cannot round a product and a sum once (FMA)"
            raise MachineError(message)
        return cls(llvm.get_host_cpu_name(), features.flatten())


@lru_cache(maxsize=1)
def _llvm() -> Any:
    """Return llvmlite's bindings, initialised for this machine."""
    try:
        import llvmlite.binding as llvm  # noqa: PLC0415
    except (ImportError, OSError) as error:
        message = f"llvmlite cannot be loaded here: {error}"
        raise MachineError(message) from error
    with suppress(RuntimeError):  # newer versions of llvmlite do this themselves and raise
        llvm.initialize()
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm


def version() -> str:
    """Return the version of LLVM."""
    return ".".join(str(n) for n in _llvm().llvm_version_info)


def code(assembly: str, target: CodeTarget | None = None) -> Code:
    """Return machine code for assembly, from the cache or compiled and then kept there."""
    target = target or CodeTarget.host()
    path, machine = folder() / file_of(assembly, target), _machine(target)
    made = read(path)
    if made is None:
        with _alone(path):
            made = read(path)  # another process may have compiled it meanwhile
            if made is None:
                made = _compiled(assembly, machine)
                keep(path, made)
    return _loaded(made, machine)


def kept_code(file: str) -> Code | None:
    """Return the code of a file of the cache, made for this machine; None if it is not there."""
    made = read(folder() / file)
    return None if made is None else _loaded(made, _machine(CodeTarget.host()))


def is_kept(assembly: str, target: CodeTarget | None = None) -> bool:
    """Return whether the cache has machine code for assembly."""
    return read(folder() / file_of(assembly, target)) is not None


def file_of(assembly: str, target: CodeTarget | None = None) -> str:
    """Return the name of the file with the machine code for assembly."""
    target = target or CodeTarget.host()
    words = f"{assembly}\0{version()}\0{target.processor}\0{target.features}"
    return hashlib.sha256(words.encode()).hexdigest() + SUFFIX


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one process compile while others wait, where the system has file locks."""
    lock = None
    if fcntl is not None:
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = path.with_suffix(LOCK).open("w")
            fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if lock is not None:
            with suppress(OSError):
                path.with_suffix(LOCK).unlink(missing_ok=True)
            lock.close()


def _machine(target: CodeTarget) -> Any:
    llvm = _llvm()
    triple = llvm.Target.from_default_triple()
    return triple.create_target_machine(
        cpu=target.processor, features=target.features, opt=OPTIMISED, jit=True
    )


OPTIMISED = 2


def _compiled(assembly: str, machine: Any) -> bytes:
    """Return an object file. The only pass is inlining: the loops need no other optimisation."""
    llvm = _llvm()
    module = llvm.parse_assembly(assembly)
    passes = llvm.create_new_module_pass_manager()
    passes.add_always_inliner_pass()
    passes.run(module, llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options()))
    return bytes(machine.emit_object(module))


def _loaded(made: bytes, machine: Any) -> Code:
    llvm = _llvm()
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(made))
    engine.finalize_object()
    pointer, small, long = ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int64
    parts = {
        part: ctypes.CFUNCTYPE(None, pointer)(engine.get_function_address(part))
        for part in PARTS.values()
    }
    draws = ctypes.CFUNCTYPE(None, small, small, small, long, pointer, pointer, pointer)(
        engine.get_function_address("draws")
    )
    rows = {
        element: ctypes.CFUNCTYPE(None, pointer, pointer, long, long)(
            engine.get_function_address(f"rows.{element}")
        )
        for element in MEMORY
    }
    return Code(**parts, draws=draws, rows=rows, kept=engine)


def folder() -> Path:
    """Return the folder of the cache, within the user's cache folder."""
    import platformdirs  # noqa: PLC0415

    return Path(platformdirs.user_cache_dir("blocsim")) / "kernels"


def read(path: Path) -> bytes | None:
    """Return the content of a file of the cache, if it is there, intact and the user's own."""
    try:
        if hasattr(os, "getuid") and path.stat().st_uid != os.getuid():
            return None
        content = path.read_bytes()
    except OSError:
        return None
    digest, made = content[:DIGEST], content[DIGEST:]
    return made if hashlib.sha256(made).digest() == digest else None


def keep(path: Path, made: bytes) -> None:
    """Write a file of the cache, whole or not at all; remove the oldest files if it is full."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(suffix=DRAFT, dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(made).digest() + made)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        _make_room(path.parent)


def _make_room(where: Path) -> None:
    known = (each for each in where.iterdir() if each.suffix in (SUFFIX, OUTLINE))
    files = sorted(known, key=lambda each: each.stat().st_mtime, reverse=True)
    total = 0
    for file in files:
        total += file.stat().st_size
        if total > MOST_BYTES:
            file.unlink(missing_ok=True)


def kept() -> dict[Path, int]:
    """Return the files of the cache, and temporary ones left by a crash, with their bytes."""
    sizes = {}
    with suppress(OSError):
        for file in sorted(folder().iterdir()):
            if file.suffix not in (SUFFIX, OUTLINE, DRAFT, LOCK) or not file.is_file():
                continue  # not a file of the cache
            with suppress(OSError):  # removed meanwhile
                sizes[file] = file.stat().st_size
    return sizes


def clear() -> int:
    """Remove all files of the cache, and return the number of bytes removed."""
    freed = 0
    for file, size in kept().items():
        with suppress(OSError):
            file.unlink()
            freed += size
    return freed
