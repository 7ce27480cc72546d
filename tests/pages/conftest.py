"""A result with markup in its names, and its report."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sim.experiments.ensemble import run
from sim.pages.report import report_text
from tests.experiments.conftest import SMALL
from tests.pages.parsed import parsed

EVIL = "</script></svg><script>alert('{}')</script><img src=x onerror=alert(1)>&amp;\"'"
SHORT = "<script>{}</script>"  # of what stands in a sentence that the terminal may cut


def strange(document):
    """Return a scenario with markup in all texts of its author."""
    document["title"], document["question"] = EVIL.format("title"), EVIL.format("question")
    for block in ("states", "systems"):
        for key, entry in document[block].items():
            entry["name"] = SHORT.format(key)
    document["references"] = {"mine": EVIL.format("source")}
    document["states"]["ALF"]["source"] = ["mine", "assumed"]
    document["contrasts"] = {
        "asked": {
            "of": "sale",
            "versus": "no_sale",
            "asks": EVIL.format("asks"),
            "about": ["exposure DEL>BRA at 2020-Q4", "cohesion NORTH"],
        }
    }
    document["patterns"] = {
        "mine": {
            "claim": EVIL.format("claim"),
            "source": "assumed",
            "use": "judge",
            "checks": {
                "sold": {
                    "quantity": "level",
                    "of": {"flow": {"from": "ALF", "to": "DEL"}},
                    "window": "2020",
                    "band": {"low": 1000},
                }
            },
        }
    }
    return document


@pytest.fixture(scope="session")
def strange_run(tmp_path_factory) -> Path:
    """Return the folder of a run with markup in every name."""
    place = tmp_path_factory.mktemp("strange")
    file = place / "strange.yaml"
    document = strange(yaml.safe_load(SMALL.read_text(encoding="utf-8")))
    file.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return run(file, runs=4, out=place / "strange").folder


@pytest.fixture(scope="session")
def page(strange_run) -> str:
    return report_text(strange_run)


@pytest.fixture(scope="session")
def tree(page):
    return parsed(page)
