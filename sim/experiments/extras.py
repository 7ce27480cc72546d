"""Libraries that only some commands need: loaded when used, missed with a remedy."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sim.kernel.errors import SimError


class MissingError(SimError):
    """A library of an extra that is not installed."""

    exit_code = 2


def needed(module: str, extra: str) -> Any:
    """Return a module; MissingError names the extra that brings it."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        name = module.partition(".")[0]
        if error.name is None or error.name.partition(".")[0] != name:
            raise
        message = f"{name} is not installed: pip install 'blocsim[{extra}]'"
        raise MissingError(message) from None
