"""The shipped scenarios."""

from __future__ import annotations

from sim.cli.app import command
from sim.cli.screen import Screen, table
from sim.documents.package_data import shipped_scenarios
from sim.documents.reader import read_file
from sim.kernel.errors import InputError
from sim.scenario.scenario_files import ScenarioFiles


@command("Example: blocsim list")
def list_() -> None:
    """List the shipped scenarios with their questions."""
    scenarios = table("scenario", "question")
    scenarios.columns[0].no_wrap = True
    for name, path in shipped_scenarios().items():
        try:
            own = read_file(path).child("question")
            question = ScenarioFiles(path).document().child("question") if own is None else own
        except InputError:
            question = None
        text = "(cannot be read: see `blocsim check`)" if question is None else str(question.value)
        scenarios.add_row(name, " ".join(text.split()))
    Screen().print(scenarios)
