"""One command a file; what a command needs is imported when it runs."""

from __future__ import annotations

from importlib import import_module

NAMES = (  # in the order of `blocsim --help`
    "run",
    "check",
    "calibrate",
    "backtest",
    "list",
    "compare",
    "sweep",
    "sensitivity",
    "discover",
    "show",
    "audit",
    "cite",
    "conform",
    "metrics",
    "odd",
    "rules",
    "plot",
    "schema",
    "new",
    "version",
)

for _name in NAMES:
    import_module(f"{__name__}.{_name}")
