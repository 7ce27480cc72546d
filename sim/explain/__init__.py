"""Explanations: a run is replayed by numpy, and every choice in it is broken down into reasons.

The module can be called: `sim.explain(results, run=17)` is `sim.explain.explanation.explain`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class ExplainRoom(ModuleType):
    """A module that can be called: the public function has the name of its package."""

    def __call__(self, results: Any, run: int, **options: Any) -> Any:
        """Return the explanations of the decisions in a run."""
        from sim.explain.explanation import explain  # noqa: PLC0415 - pydantic comes with it

        return explain(results, run, **options)


sys.modules[__name__].__class__ = ExplainRoom
