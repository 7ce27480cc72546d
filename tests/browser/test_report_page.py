"""The report in a browser: offline, accessible, whole without JavaScript, narrow, dark, printed."""

from __future__ import annotations

from functools import cache

import pytest

from sim.experiments.comparison import compare, write_comparison
from sim.experiments.ensemble import run
from sim.experiments.sweeps.sweep import sweep
from sim.pages.report import report
from tests.browser.conftest import NARROW, PICTURES, WIDE
from tests.experiments.conftest import SMALL

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("chromium")]  # asked for first

KINDS = ("stranger", "flagship", "sweep", "comparison")
SHEET = {"width": 665, "height": 990}  # of A4 within its margins, in pixels of a printer


@pytest.fixture(scope="module")
def reported(strange_run, tmp_path_factory):
    """Return a function that gives the file of a report, written once."""
    place = tmp_path_factory.mktemp("reports")

    @cache
    def of_kind(kind):
        folder = place / kind
        if kind == "stranger":
            folder = strange_run
        elif kind == "flagship":
            run("polonez_vs_iskander", runs=20, out=folder)
        elif kind == "sweep":
            sweep(SMALL, over=("states.BRA.burden=0.03..0.05",), points=4, runs=2, out=folder)
        else:
            folder.mkdir()
            write_comparison(folder, compare(f"{SMALL}:no_sale", f"{SMALL}:sale", runs=4))
        return report(folder, place / f"{kind}.html")

    return of_kind


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_makes_no_request_and_logs_no_message(kind, reported, opened):
    found = opened(reported(kind))
    found.page.locator("summary").first.click()
    unfold(found.page)
    assert found.page.evaluate("[...document.querySelectorAll('details')].every((e) => e.open)")
    assert found.asked == [found.page.url]
    assert found.quiet, found.said


def unfold(page):
    """Show all that is folded."""
    page.get_by_role("button", name="Unfold all numbers").click()


@pytest.mark.parametrize(
    ("kind", "viewport", "scheme"),
    [
        ("stranger", WIDE, "dark"), ("stranger", NARROW, "light"), ("flagship", WIDE, "light"),
        ("sweep", WIDE, "light"), ("sweep", NARROW, "dark"), ("comparison", NARROW, "light"),
        ("comparison", WIDE, "dark"),
    ],
)  # fmt: skip
def test_a_report_has_no_serious_fault_of_access(kind, viewport, scheme, reported, opened):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = opened(reported(kind), viewport=viewport, scheme=scheme)
    unfold(found.page)
    faults = axe.run(found.page).response["violations"]
    grave = [each for each in faults if each["impact"] in ("serious", "critical")]
    assert not grave, [(each["id"], each["nodes"][0]["html"][:200]) for each in grave]


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_is_whole_without_javascript(kind, reported, opened):
    path = reported(kind)
    with_it, without = opened(path), opened(path, javascript=False)
    for tag in ("h1", "h2", "h3", "figure svg", "table", "summary", "p"):
        counts = [each.page.locator(tag).count() for each in (with_it, without)]
        assert counts[0] == counts[1] >= (tag in ("h1", "h2"))
    first = without.page.locator("summary").first
    if first.count():
        first.click()
        assert without.page.locator("details[open]").count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_fits_a_narrow_screen_and_is_used_by_keys(kind, reported, opened):
    found = opened(reported(kind), viewport=NARROW)
    assert found.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    found.page.keyboard.press("Tab")
    assert found.page.evaluate("document.activeElement.className") == "skip"
    reached = set()
    for _ in range(80):
        found.page.keyboard.press("Tab")
        reached.add(found.page.evaluate("document.activeElement.tagName"))
        if reached >= {"A", "BUTTON", "SUMMARY"}:
            break
    assert {"A", "BUTTON"} <= reached
    if "SUMMARY" in reached:
        found.page.keyboard.press("Enter")
        assert found.page.locator("details[open]").count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_is_printed_with_every_figure_on_one_sheet(kind, reported, opened):
    found = opened(reported(kind), viewport=SHEET)
    found.page.emulate_media(media="print")
    boxes = [each.bounding_box() for each in found.page.locator("figure").all()]
    assert all(box["height"] < SHEET["height"] and box["width"] <= SHEET["width"] for box in boxes)
    assert not found.page.locator("nav").is_visible()
    PICTURES.mkdir(parents=True, exist_ok=True)
    content = found.page.pdf(prefer_css_page_size=True, path=PICTURES / f"report_{kind}.pdf")
    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page\n") < 60


@pytest.mark.parametrize("kind", KINDS)
def test_pictures_are_taken_to_be_looked_at(kind, reported, opened):
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, viewport, scheme in (
        ("wide", WIDE, "light"), ("narrow", NARROW, "light"), ("dark", WIDE, "dark"),
    ):  # fmt: skip
        found = opened(reported(kind), viewport=viewport, scheme=scheme)
        path = PICTURES / f"report_{kind}_{name}.png"
        found.page.screenshot(path=path, clip={"x": 0, "y": 0, **viewport, "height": 5000},
                              full_page=True)  # fmt: skip
        assert path.stat().st_size > 10_000
