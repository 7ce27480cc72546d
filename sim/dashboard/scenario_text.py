"""A scenario as one YAML file: the merged document, with what its variants change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from sim.scenario.file_format import PRESENT
from sim.scenario.load import Scenario


class _Plain(yaml.SafeDumper):
    """Writes what stands in several places in each of them: aliases are hard to read."""

    def ignore_aliases(self, data: Any) -> bool:
        """Return that nothing is written as an alias."""
        del data
        return True


def scenario_text(scenario: Scenario, sets: Sequence[str] = ()) -> str:
    """Return a scenario as a file that needs no other; `sets` are named as what was changed."""
    document: dict[str, Any] = {"format": PRESENT, **scenario.document}
    if scenario.patches:
        document["variants"] = scenario.patches
    text = yaml.dump(document, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=100)
    changed = "".join(f"#   {' '.join(each.split())}\n" for each in sets)
    return (f"# Written by blocsim dashboard. Changed:\n{changed}" if changed else "") + text
