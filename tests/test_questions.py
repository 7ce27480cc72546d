"""The pages that answer a user's question: every command on them runs, from top to bottom.

Ensembles are made small. `make test` holds their options alone (test_docs.py).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.page_commands import commands

DOCS = Path(__file__).parents[1] / "docs"
RUNS = {"run": 20}  # as one of them is explained; of other experiments 4
LACKING = {  # commands that make the files that a page presupposes
    "compare.md": [
        "run polonez_vs_iskander --runs 4 --no-figures --out results/before",
        "run polonez_vs_iskander --runs 4 --no-figures --out results/after",
    ],
    "report.md": ["run polonez_vs_iskander --runs 4 --no-figures"],
}
FLAGSHIP = (DOCS.parent / "scenarios" / "polonez_vs_iskander.yaml").read_text(encoding="utf-8")
FILES = {
    "my_scenario.yaml": FLAGSHIP + "\nstates: {AZE: {find: 0.9}}\n",
    "my_design.csv": "states.AZE.find\n0.2\n0.4\n",
}
PAGES = (
    "run", "change", "compare", "sweep", "plot", "trust", "tutorial", "index", "tables", "report",
)  # fmt: skip


def smaller(words):
    """Return a command with a few runs, where it asks for many."""
    words = [*words]
    for place, word in enumerate(words[:-1]):
        if word == "--runs":
            words[place + 1] = str(min(RUNS.get(words[0], 4), int(words[place + 1])))
    return words


@pytest.mark.study
@pytest.mark.parametrize("name", PAGES)
def test_every_command_of_a_page_runs(name, blocsim, tmp_path):
    page = DOCS / f"{name}.md"
    for file, text in FILES.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    for text in re.findall(r"```yaml\n(extends: \[my_case.*?)```", page.read_text(), re.DOTALL):
        (tmp_path / "my_orders.yaml").write_text(text, encoding="utf-8")
    for words in [line.split() for line in LACKING.get(page.name, ())] + commands(page):
        code, _, err = blocsim(*smaller(words))
        assert code == 0, (words, err)


def test_pages_of_questions_show_commands():
    assert all(commands(DOCS / f"{name}.md") for name in (*PAGES, "cluster"))
