"""A browser in which pages are opened: Debian's chromium, cut off from all but this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_CUT_OFF = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


class NoBrowserError(Exception):
    """No browser can be started; the text says what is missing."""


@contextmanager
def browser() -> Iterator[Any]:
    """Yield a browser, or raise a NoBrowserError that says why there is none."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - by `make browser` alone
    except ImportError:
        message = "playwright is not installed (`make browser` installs it)"
        raise NoBrowserError(message) from None
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        message = "NO BROWSER IS HERE: pages were not opened (Debian: chromium)"
        raise NoBrowserError(message)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-background-networking", _CUT_OFF]
        )
        yield opened
        opened.close()
