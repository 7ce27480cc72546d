"""What is said where an extra is not installed."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

from sim.kernel.errors import InputError, Problem

REMEDY = "install the extra: pip install 'blocsim[analysis]'"


def analysis(module: str, asked: str) -> Any:
    """Return a module of the extra `analysis`; InputError with the remedy where it is missing."""
    try:
        with warnings.catch_warnings():  # of what else could be installed
            warnings.simplefilter("ignore")
            return import_module(module)
    except ImportError as error:
        missing = (error.name or module).split(".")[0]
        message = f"needs {missing}; {REMEDY}"
        raise InputError([Problem(asked, 0, 0, "", message)]) from None
