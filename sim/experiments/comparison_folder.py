"""The folder of a comparison: its tables and its manifest, and the same made anew."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from sim.experiments.comparison import Comparison, compare
from sim.experiments.comparison_sides import Side
from sim.experiments.options import Options
from sim.kernel.errors import ResultError
from sim.records import manifest
from sim.records.frames import write_frame
from sim.records.kinds import COMPARISON
from sim.records.store import hashes, write_manifest
from sim.scenario.rebuilt_scenario import rebuilt

FRAMES = {  # by table, the field of a comparison
    "attribution": "attribution",
    "differences": "differences",
    "runs": "runs",
    "inputs": "changed_inputs",
}


def write_comparison(folder: Path, comparison: Comparison, **how: Any) -> None:
    """Write the tables of a comparison and its manifest."""
    for table in COMPARISON.tables:
        write_frame(folder, table, getattr(comparison, FRAMES[table.name]))
    about = comparison.about
    sides = {name: about[name] for name in ("one", "other")}
    known = [side.get("scenario") or side["result"] for side in sides.values()]
    asked = {name: about[name] for name in ("outcomes", "attribute", "match")}
    write_manifest(
        folder,
        {
            "inputs": {
                "scenario": " and ".join(dict.fromkeys(each["name"] for each in known)),
                "hash": _hash([str(each["hash"]) for each in sides.values()]),
                "seed": about["seed"],
                "runs": about["runs"],
                "options": {**about["options"], **asked},
                "versions": manifest.versions(),
            },
            "complete": True,
            "comparison": {**sides, "paired": comparison.paired, "remark": comparison.remark},
            "scenario": {
                "name": known[0]["name"],
                "title": " / ".join(dict.fromkeys(each["title"] for each in known)),
                "question": f"{comparison.other} less {comparison.one}",
                "document": known[0]["document"],
            },
            "outcomes": about["outcomes"],
            "files": hashes(folder),
            "how": {"commit": manifest.commit(), **how},
        },
    )


def _hash(both: list[str]) -> str:
    """Return the hash of two scenarios: that of the one, if they are the same."""
    return both[0] if both[0] == both[1] else sha256("".join(both).encode()).hexdigest()


def compared_anew(
    about: Mapping[str, Any], folder: Path, made: Path, files: Path | None, **how: Any
) -> None:
    """Make a comparison anew from its manifest, its scenarios written to a folder."""
    sides, inputs = about["comparison"], about["inputs"]
    found = []
    for name in ("one", "other"):
        side = sides.get(name)
        known = side.get("scenario") if isinstance(side, dict) else None
        if not isinstance(known, dict):
            message = (
                "a comparison of two results is not made anew: reproduce each of them, and compare "
                "these"
            )
            raise ResultError(message)
        place = folder / name
        place.mkdir()
        scenario = rebuilt(known, place, files)
        if scenario.hash != side.get("hash"):
            message = f"the manifest's document of {name} has another hash than it says: altered"
            raise ResultError(message)
        found.append(Side(scenario, str(side["variant"]), tuple(side.get("sets", ()))))
    options = inputs["options"]
    counting = {key: options[key] for key in ("exact_to", "nu", "xi") if key in options}
    comparison = compare(
        *found,
        outcomes=options["outcomes"],
        attribute=options["attribute"],
        match=[f"{one}={other}" for one, other in options["match"].items()],
        options=Options(jobs=how["jobs"], engine=how["engine"], **counting),
        progress=how["progress"],
    )
    made.mkdir()
    write_comparison(made, comparison)
