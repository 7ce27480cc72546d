"""A small scenario in which events do much."""

from pathlib import Path

import yaml

from tests.small import SMALL, event, merged

WAR = {"states": ["GAM", "DEL"], "war": True, "attacker": "DEL"}
EVENTS = {
    "loan": event("2018-Q1", loan={"lender": "ALP", "borrower": "GAM", "amount": 30}),
    "ban": event("2018-Q1", embargo={"supplier": "ALP", "recipient": "DEL"}),
    "war": event("2018-Q2", incident=WAR, probability=0.5),
    "call": event("2018-Q3", appeal={"state": "GAM", "bloc": "PACT", "answer": 0.25}),
    "sale": event(
        "2018-Q1", order={"supplier": "BET", "recipient": "DEL", "system": "rocket", "units": 4}
    ),
    "dearer": event("2018-Q1", set={"path": "laws.consent.base", "value": 2.5}),
    "shunned": {
        "when": {"outcome": "sold BET>DEL rocket", "least": 1},
        "affinity": {"state": "ALP", "toward": "BET", "change": -0.2},
        "source": "assumed",
    },
    "out": event("2019-Q1", membership={"state": "BET", "bloc": "PACT", "member": False}),
}


def written(folder: Path) -> Path:
    """Write the scenario, with a second variant, and return its file."""
    file = folder / "small.yaml"
    patch = {
        "events": EVENTS,
        "variants": {"strict": {"blocs": {"PACT": {"norm": 4}}}},
        "outcomes": ["cohesion PACT", "affinity GAM>ALP", "sold BET>DEL rocket"],
    }
    file.write_text(yaml.safe_dump(merged(SMALL, patch), sort_keys=False), encoding="utf-8")
    return file
