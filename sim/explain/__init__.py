"""Explanations: a run is replayed by numpy, and every choice in it is put into reasons.

The room itself can be called: `sim.explain(results, run=17)` is `sim.explain.explanation.explain`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class ExplainRoom(ModuleType):
    """A module that can be called: the public function has the name of its room."""

    def __call__(self, results: Any, run: int, **options: Any) -> Any:
        """Return why those who decided in a run decided as they did."""
        from sim.explain.explanation import explain  # noqa: PLC0415 - pydantic comes with it

        return explain(results, run, **options)


sys.modules[__name__].__class__ = ExplainRoom
