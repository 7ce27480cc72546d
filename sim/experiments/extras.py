"""Libraries of extras: imported when they are used, with the way to install what is missing."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

from sim.kernel.errors import InputError, Problem


def needed(module: str, by: str, extra: str = "analysis") -> Any:
    """Return a module of an extra; InputError says what needs it, and how to install it."""
    try:
        with warnings.catch_warnings():  # of what else could be installed
            warnings.simplefilter("ignore")
            return import_module(module)
    except ImportError as error:
        missing = (error.name or module).split(".")[0]
        message = f"needs {missing}; install the extra: pip install 'blocsim[{extra}]'"
        raise InputError([Problem(by, 0, 0, "", message)]) from None
