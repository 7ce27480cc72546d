"""Geopolitical scenarios as ensembles: arms sales, blocs and deterrence.

`load` reads a scenario, `run` runs an ensemble of it, `run_structural` runs it with all rule sets,
and `load_results` reads a result. A `Study` holds a scenario with its options, and has each
experiment as a method. Importing this package imports no other module: each name is imported when
it is first used.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # as in `typing`, which takes longer to import than this module
if TYPE_CHECKING:
    from typing import Any

    from sim import explain as explain
    from sim.agents.agents import BlocAgent, StateAgent
    from sim.agents.model import GeopoliticalModel
    from sim.experiments.ablation.ablation import ablate
    from sim.experiments.adapters import ema_model, salib_problem
    from sim.experiments.cluster import Dask
    from sim.experiments.comparison import compare
    from sim.experiments.discovery import discover
    from sim.experiments.ensemble import run
    from sim.experiments.executor import Serial
    from sim.experiments.export import export
    from sim.experiments.preview import Preview
    from sim.experiments.processes import Processes
    from sim.experiments.reproduction import reproduce
    from sim.experiments.sensitivity import sensitivity
    from sim.experiments.structural.structural_run import run_structural
    from sim.experiments.sweeps.sweep import sweep
    from sim.explain.story import story
    from sim.pages.report import report
    from sim.records.results import load_results
    from sim.scenario.load import load
    from sim.seeing.scenario_answer import answer
    from sim.study import Study

__version__ = "0.8.0"

__all__ = [
    "BlocAgent",
    "Dask",
    "GeopoliticalModel",
    "Preview",
    "Processes",
    "Serial",
    "StateAgent",
    "Study",
    "__version__",
    "ablate",
    "answer",
    "compare",
    "discover",
    "ema_model",
    "explain",
    "export",
    "load",
    "load_results",
    "report",
    "reproduce",
    "run",
    "run_structural",
    "salib_problem",
    "sensitivity",
    "story",
    "sweep",
]

_HOMES = {
    "BlocAgent": "sim.agents.agents",
    "Dask": "sim.experiments.cluster",
    "GeopoliticalModel": "sim.agents.model",
    "Preview": "sim.experiments.preview",
    "Processes": "sim.experiments.processes",
    "Serial": "sim.experiments.executor",
    "StateAgent": "sim.agents.agents",
    "Study": "sim.study",
    "ablate": "sim.experiments.ablation.ablation",
    "answer": "sim.seeing.scenario_answer",
    "compare": "sim.experiments.comparison",
    "discover": "sim.experiments.discovery",
    "ema_model": "sim.experiments.adapters",
    "explain": "sim.explain",  # a package that can be called
    "export": "sim.experiments.export",
    "load": "sim.scenario.load",
    "load_results": "sim.records.results",
    "report": "sim.pages.report",
    "reproduce": "sim.experiments.reproduction",
    "run": "sim.experiments.ensemble",
    "run_structural": "sim.experiments.structural.structural_run",
    "salib_problem": "sim.experiments.adapters",
    "sensitivity": "sim.experiments.sensitivity",
    "story": "sim.explain.story",
    "sweep": "sim.experiments.sweeps.sweep",
}


def __getattr__(name: str) -> Any:
    """Return a public name from its home module, which is imported now (PEP 562)."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    home = import_module(_HOMES[name])
    found = getattr(home, name, home)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Return the public names, imported or not."""
    return sorted({*globals(), *__all__})
