"""A scenario as one YAML file: the merged document, with the changes of its variants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from sim.scenario.file_format import PRESENT
from sim.scenario.load import Scenario


class _Plain(yaml.SafeDumper):
    """Writes shared values in full at every place, because aliases are hard to read."""

    def ignore_aliases(self, data: Any) -> bool:
        """Return that aliases are not used."""
        del data
        return True


def scenario_text(scenario: Scenario, sets: Sequence[str] = ()) -> str:
    """Return a scenario as a self-contained file; a comment lists the changes in `sets`."""
    document: dict[str, Any] = {"format": PRESENT, **scenario.document}
    if scenario.patches:
        document["variants"] = scenario.patches
    text = yaml.dump(document, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=100)
    changed = "".join(f"#   {' '.join(each.split())}\n" for each in sets)
    return (f"# Written by blocsim dashboard. Changed:\n{changed}" if changed else "") + text
