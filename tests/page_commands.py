"""The commands that a page of the docs shows."""

from __future__ import annotations

import shlex

FENCE = "```"


def commands(path):
    """Return the lines of a page that call blocsim, as words and without their remarks."""
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    fenced, found = False, []
    for line in text.splitlines():
        fenced ^= line.startswith(FENCE)
        shown = line.removeprefix("$ ") if fenced else line.removeprefix("    ")
        shown = shown.removeprefix(".venv/bin/")
        if shown.startswith("blocsim ") and (fenced or shown != line):
            found.append(shlex.split(shown, comments=True)[1:])
    return found
