"""The docs as a site in a browser: accessible, searched offline, without outside requests."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from bench.docs_site import ROOT, SITE
from tests.browser.conftest import NARROW, PICTURES, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("chromium")]  # asked for first

DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(DOCS).with_suffix(".html") for path in DOCS.rglob("*.md"))
TAKEN = ("index", "run", "compare", "dashboard", "gallery", "evidence", "scenario", "metrics",
         "odd", "glossary", "tutorial", "engine")  # fmt: skip
LOOKS = [(WIDE, "light"), (NARROW, "dark")]


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without logging."""

    def log_message(self, *_):
        """Keep the terminal for the tests."""


@pytest.fixture(scope="module")
def site():
    """Return the address at which the site is served, once it is built."""
    pytest.importorskip("zensical", reason="`make browser` installs it")
    subprocess.run([sys.executable, ROOT / "bench" / "docs_site.py"], check=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=SITE))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module", params=LOOKS, ids=["wide-light", "narrow-dark"])
def window(request, chromium):
    """Return a window that records the messages and outside requests of its pages."""
    viewport, scheme = request.param
    context = chromium.new_context(viewport=viewport, color_scheme=scheme)
    page = context.new_page()
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    yield page
    context.close()


def outside(page, own):
    return [url for url in page.asked if not url.startswith((own, "data:", "blob:"))]


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_a_page_is_accessible_fits_and_makes_no_outside_request(window, site, path):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    name = path.with_name("index.html") if path.stem == "README" else path
    window.goto(f"{site}{name}")
    if str(path.with_suffix("")) in TAKEN:
        PICTURES.mkdir(parents=True, exist_ok=True)
        kind = "wide" if window.viewport_size == WIDE else "narrow"
        window.screenshot(path=PICTURES / f"docs_{path.stem}_{kind}.png")
    assert window.evaluate("document.documentElement.scrollWidth") <= window.viewport_size["width"]
    found = axe.run(window).response["violations"]
    grave = [each for each in found if each["impact"] in ("serious", "critical")]
    assert not grave, [(each["id"], each["nodes"][0]["html"][:200]) for each in grave]
    assert not window.said
    assert not outside(window, site)


@pytest.mark.parametrize("served", [True, False], ids=["served", "from-disk"])
def test_pages_are_searched_without_a_network(window, site, served):
    own = site if served else f"{SITE.as_uri()}/"
    window.asked.clear()
    window.goto(f"{own}index.html")
    _search(window, "cohesion")
    found = window.locator('a[href*="metrics.html"]').filter(has_text="cohesion").first
    found.wait_for(state="visible", timeout=60_000)
    assert not window.said
    assert not outside(window, own)


def _search(window, words):
    """Open the search of a page by its key, which a page that still starts does not hear."""
    box = window.locator("input:focus")
    for _ in range(30):
        window.keyboard.press("/")
        window.wait_for_timeout(1_000)
        if box.count():
            break
    box.fill(words)
