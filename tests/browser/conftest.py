"""A browser in which pages are opened: Debian's chromium, cut off from all but this machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bench.browser import NoBrowserError, browser
from tests.pages.conftest import strange_run

__all__ = ["strange_run"]  # a fixture

PICTURES = Path(__file__).parents[2] / "build" / "browser"  # to look at
WIDE, NARROW = {"width": 1440, "height": 1000}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def chromium():
    """Return a browser; without one, skip and say so."""
    try:
        with browser() as opened:
            yield opened
    except NoBrowserError as missing:
        pytest.skip(str(missing))


@dataclass
class Opened:
    """A page that was opened, and its faults: errors and outside requests."""

    page: object
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def quiet(self):
        return not self.said and all(each.startswith(("file:", "data:")) for each in self.asked)


@pytest.fixture
def opened(chromium):
    """Return a function that opens a file in a window of its own."""
    contexts = []

    def open_file(path, *, viewport=WIDE, scheme="light", javascript=True):
        context = chromium.new_context(
            viewport=viewport, color_scheme=scheme, java_script_enabled=javascript
        )
        contexts.append(context)
        found = Opened(context.new_page())
        found.page.on("console", lambda message: found.said.append(message.text))
        found.page.on("pageerror", lambda error: found.said.append(str(error)))
        found.page.on("dialog", lambda dialog: (found.said.append("dialog"), dialog.dismiss()))
        found.page.on("request", lambda request: found.asked.append(request.url))
        found.page.goto(Path(path).resolve().as_uri())
        return found

    yield open_file
    for each in contexts:
        each.close()
