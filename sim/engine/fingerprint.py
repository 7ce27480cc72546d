"""Fingerprint: a hash of the code in memory on which a traced period depends.

It covers all modules of this package that a trace imports: functions by their bytecode, classes by
their attributes, constants by their values. Whatever a notebook or a test has replaced there counts
as it is. Code from anywhere else, such as a user's law, has no fingerprint.
"""

import hashlib
import marshal
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import is_dataclass
from functools import partial
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

PACKAGE = "sim"
START = ("sim.engine.kernel_outlines", "sim.engine.kernels")  # modules that trace and keep a period
LIBRARIES = {"numpy", "jaxtyping", "beartype", *sys.stdlib_module_names} - {"__main__"}
PLAIN = (int, float, complex, str, bytes, bool, range, type(None), type(Ellipsis))
SKIPPED = {  # attributes of classes on which no period depends
    "__annotate_func__", "__annotations__", "__annotations_cache__", "__dataclass_params__",
    "__dict__", "__doc__", "__eq__", "__firstlineno__",
    "__hash__", "__match_args__", "__repr__", "__slotnames__", "__weakref__", "_abc_impl",
}  # fmt: skip
WRAPPED = ("__func__", "fget", "fset", "func", "__wrapped__")  # attributes of wrapped functions
UNSHARED = 2  # version of marshal without references: its bytes depend on the code alone
ADDRESS = " at 0x"  # in texts that differ by process
SIZE = 16  # bytes of a hash


class UnknownCodeError(Exception):
    """Some code is neither of this package nor of a library that it needs."""


def fingerprints(values: Iterable[Any]) -> list[str | None]:
    """Return for each value a hash of it and of the code that traces a period.

    It is None if a part of the code, or of the value, is neither of this package nor of a library
    that it needs.
    """
    hashes, found = _Hashes(traced_modules()), list[str | None]()
    for value in values:
        try:
            found.append(_hash(hashes.modules() + hashes.of(value)).hex())
        except (UnknownCodeError, ValueError):  # of a closure that is not filled yet
            found.append(None)
    return found


def traced_modules() -> dict[str, ModuleType]:
    """Return the modules that those of START import from this package, directly or not."""
    found: dict[str, ModuleType] = {}
    todo = [*START]
    while todo:
        name = todo.pop()
        module = sys.modules.get(name)
        if module is None or name in found or name.partition(".")[0] != PACKAGE:
            continue
        if hasattr(module, "__path__"):  # a package also holds what others import from it
            continue
        found[name] = module
        for value in vars(module).values():
            if isinstance(value, ModuleType):
                todo.append(value.__name__)
            elif isinstance(origin := getattr(value, "__module__", None), str):
                todo.append(origin)
    return found


class _Hashes:
    """Hashes of objects. Each is computed once, and objects may refer to each other."""

    def __init__(self, modules: Mapping[str, ModuleType]) -> None:
        self._modules = modules
        self._whole = b""
        self._known: dict[int, bytes] = {}
        self._kept: list[Any] = []  # the objects, so that no other gets the number of one of them

    def modules(self) -> bytes:
        """Return bytes that depend on all objects of the modules."""
        if not self._whole:
            self._whole = self.of({
                name: {n: v for n, v in vars(module).items() if not n.startswith("__")}
                for name, module in sorted(self._modules.items())
            })  # fmt: skip
        return self._whole

    def of(self, value: Any) -> bytes:
        """Return bytes that depend on all of which a value consists."""
        if isinstance(value, PLAIN):
            return repr(value).encode()
        if isinstance(value, (tuple, list)):
            return b"(%s)" % b",".join(map(self.of, value))
        if isinstance(value, (set, frozenset)):
            return b"{%s}" % b",".join(sorted(map(self.of, value)))
        if isinstance(value, Mapping):
            items = (self.of(key) + b":" + self.of(each) for key, each in value.items())
            return b"{%s}" % b",".join(items)
        known = self._known.get(id(value))
        if known is None:
            self._known[id(value)] = b"itself"  # as long as its parts are hashed
            self._kept.append(value)
            try:
                known = _hash(type(value).__qualname__.encode() + self.of(self._parts(value)))
            except Exception:
                del self._known[id(value)]  # refused again wherever else it is a part
                raise
            self._known[id(value)] = known
        return known

    def _parts(self, value: Any) -> Any:
        """Return that of which an object consists."""
        ways: tuple[tuple[type, Callable[[Any], Any]], ...] = (
            (CodeType, lambda code: marshal.dumps(code, UNSHARED)),
            (np.ndarray, _of_array),
            (ModuleType, lambda module: module.__name__),
            (partial, lambda given: (given.func, given.args, given.keywords)),
            (FunctionType, self._of_function),
            (type, self._of_class),
        )
        for kind, parts in ways:
            if isinstance(value, kind):
                return parts(value)
        return self._of_object(value)

    def _of_object(self, value: Any) -> Any:
        self._refuse_unknown(type(value))
        wrapped = tuple(getattr(value, name, None) for name in WRAPPED)
        if any(each is not None for each in wrapped):
            return wrapped
        if is_dataclass(value) or type(value).__module__ in self._modules:
            return getattr(value, "__dict__", None) or repr(value)
        text = repr(value)
        return "" if ADDRESS in text else text

    def _of_function(self, value: FunctionType) -> tuple[Any, ...]:
        self._refuse_unknown(value)
        cells = [each.cell_contents for each in value.__closure__ or ()]
        return _name(value), value.__code__, value.__defaults__, value.__kwdefaults__, cells

    def _of_class(self, value: type) -> tuple[Any, ...]:
        self._refuse_unknown(value)
        if value.__module__ not in self._modules:
            return (_name(value),)
        own = {n: v for n, v in vars(value).items() if n not in SKIPPED}
        return _name(value), value.__bases__, own

    def _refuse_unknown(self, value: Any) -> None:
        """Raise UnknownCodeError if code is neither of the modules nor of a library."""
        origin = getattr(value, "__module__", None) or "builtins"
        if origin not in self._modules and origin.partition(".")[0] not in LIBRARIES:
            raise UnknownCodeError(origin)


def _of_array(value: np.ndarray) -> tuple[Any, ...]:
    content = value.tolist() if value.dtype.hasobject else value.tobytes()
    return value.shape, value.dtype.str, content


def _name(value: Any) -> str:
    return f"{value.__module__}.{value.__qualname__}"


def _hash(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=SIZE).digest()
