"""The dashboard in a browser: six pages by keyboard, offline, accessible, with separate windows."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time

import pytest
import yaml

from tests.browser.conftest import NARROW, PICTURES, WIDE
from tests.crowd import crowd
from tests.experiments.conftest import SMALL
from tests.pages.conftest import strange

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("chromium")]  # asked for first

PAGES = ("", "run", "compare", "sweep", "doubt", "files")
PATIENCE = 120_000  # milliseconds
LONG = "polonez_vs_iskander"  # whose ensembles take a while


def started(given, port="0"):
    """Return a dashboard as a process of its own, and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "dashboard", given, "--no-open", "--port", port],
        stderr=subprocess.PIPE,
        text=True,
    )
    line = process.stderr.readline()
    address = re.search(r"http://127\.0\.0\.1:\d+/", line)
    assert address, line
    return process, address[0]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    document = strange(yaml.safe_load(SMALL.read_text(encoding="utf-8")))
    document["sweep"] = {
        "states.BRA.burden": {"low": 0.02, "high": 0.06},
        "blocs.NORTH.norm": {"low": 0, "high": 2},
    }
    path = tmp_path_factory.mktemp("dashboard") / "strange.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), "utf-8")
    process, place = started(str(path))
    yield place
    process.send_signal(signal.SIGINT)
    assert process.wait(20) in (0, 130)


@pytest.fixture
def opened(chromium):
    """Return a function that opens an address in a window, and keeps what went wrong."""
    contexts = []

    def open_page(url, *, viewport=WIDE, scheme="light"):
        context = chromium.new_context(viewport=viewport, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.wrong = []
        page.on("console", lambda message: page.wrong.append(message.text))
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("dialog", lambda dialog: (page.wrong.append("dialog"), dialog.dismiss()))
        own = url.split("?")[0].rpartition("/")[0]
        page.on(
            "request",
            lambda request: request.url.startswith(own) or page.wrong.append(request.url),
        )
        page.goto(url)
        return page

    yield open_page
    for each in contexts:
        each.close()


def settled(page, name):
    """Wait until a page shows what it computes by itself."""
    if name == "":
        page.wait_for_selector("#outcome .findings", timeout=PATIENCE)
    elif name == "run":
        page.wait_for_selector("#frame .period", timeout=PATIENCE)
    return page


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("viewport", "scheme"), [(WIDE, "light"), (NARROW, "dark")])
def test_a_page_is_accessible_fits_and_makes_no_outside_request(
    address, opened, name, viewport, scheme
):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = settled(opened(f"{address}{name}", viewport=viewport, scheme=scheme), name)
    for fold in page.locator("summary").all():
        if fold.is_visible():
            fold.click()
    kind = "wide" if viewport is WIDE else "narrow"
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"dashboard_{name or 'answer'}_{kind}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    found = axe.run(page).response["violations"]
    grave = [each for each in found if each["impact"] in ("serious", "critical")]
    assert not grave, [(each["id"], each["nodes"][0]["html"][:200]) for each in grave]
    assert not page.wrong


def test_a_slider_is_moved_by_keys_and_answered_in_the_address(address, opened):
    page = settled(opened(address), "")
    slider = page.locator('[name="set:states.BRA.burden"]')
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "set:states.BRA.burden":
            break
    page.keyboard.press("End")
    page.wait_for_selector("text=Effects of the change", timeout=PATIENCE)
    assert slider.evaluate("each => each === document.activeElement")
    assert "set%3Astates.BRA.burden=0.06" in page.url
    again = settled(opened(page.url), "")
    assert again.locator("#outcome").inner_text() == page.locator("#outcome").inner_text()
    page.get_by_role("link", name="One run").click()
    assert "set%3Astates.BRA.burden=0.06" in page.url


def test_a_run_is_stepped_played_and_asked_by_keys(address, opened):
    page = settled(opened(f"{address}run?variant=sale"), "run")
    page.get_by_role("button", name="Forward").press("Enter")
    page.wait_for_selector('.period[data-at="1"]', timeout=PATIENCE)
    last = int(page.locator("#at").get_attribute("max"))
    page.locator("#at").press("End")
    page.wait_for_selector(f'.period[data-at="{last}"]', timeout=PATIENCE)
    page.get_by_role("button", name="Back").press(" ")
    page.wait_for_selector(f'.period[data-at="{last - 1}"]', timeout=PATIENCE)
    page.locator("svg a.state").first.press("Enter")
    page.wait_for_selector("text=about ALF", timeout=PATIENCE)
    page.locator("#at").press("Home")
    page.get_by_role("button", name="Play").press("Enter")
    page.wait_for_selector(f'.period[data-at="{last}"]', timeout=PATIENCE)
    for at in range(last + 1):
        page.goto(f"{address}run?variant=sale&at={at}")
        settled(page, "run")
        if page.locator(".decided a").count():
            break
    page.locator(".decided a").first.press("Enter")
    page.wait_for_selector(".reasons", timeout=PATIENCE)
    assert "decision=" in page.url
    assert not page.wrong


@pytest.mark.parametrize(("name", "button"), [("compare", "Compare"), ("sweep", "Sweep"),
                                              ("doubt", "Run all variants")])  # fmt: skip
def test_a_study_is_made_by_keys(address, opened, name, button):
    page = opened(f"{address}{name}")
    page.get_by_role("button", name=button, exact=True).press("Enter")
    page.wait_for_selector("#outcome a", timeout=PATIENCE)
    page.screenshot(path=PICTURES / f"dashboard_{name}_made.png", full_page=True)
    assert not page.wrong


def test_a_bad_file_is_answered_with_its_line_and_a_good_one_is_opened(address, opened, tmp_path):
    page = opened(f"{address}files")
    bad = tmp_path / "bad.yaml"
    bad.write_text(SMALL.read_text("utf-8").replace("period: quarter", "period: quater"), "utf-8")
    page.locator("#file").set_input_files(bad)
    page.get_by_role("button", name="Check and open").press("Enter")
    page.wait_for_selector("text=bad.yaml, line", timeout=PATIENCE)
    page.screenshot(path=PICTURES / "dashboard_files_bad.png", full_page=True)
    page.locator("#file").set_input_files(SMALL)
    page.get_by_role("button", name="Check and open").press("Enter")
    page.wait_for_url("**/?case=upload-*", timeout=PATIENCE)
    settled(page, "")
    with page.expect_download() as download:
        page.goto(page.url.replace("/?", "/files?"))
        page.get_by_role("link", name="Scenario as YAML").press("Enter")
    assert "scenario: small" in download.value.path().read_text("utf-8")


def test_two_windows_do_not_meet(address, opened):
    one, other = (settled(opened(address), "") for _ in range(2))
    one.locator('[name="set:states.BRA.burden"]').press("End")
    other.locator('[name="set:blocs.NORTH.norm"]').press("Home")
    for page, path in ((one, "states.BRA.burden"), (other, "blocs.NORTH.norm")):
        page.wait_for_selector("text=Effects of the change", timeout=PATIENCE)
        assert path in page.locator("#outcome").inner_text()
    assert "NORTH.norm" not in one.url
    assert "BRA.burden" not in other.url


def test_pages_answer_while_an_ensemble_runs_and_a_closed_page_stops_it(opened):
    process, place = started(LONG)
    try:
        page = opened(f"{place}?runs=1000")
        page.wait_for_selector(".job progress", timeout=PATIENCE)
        clock = time.perf_counter()
        opened(f"{place}files")
        assert time.perf_counter() - clock < 10
        second = opened(f"{place}?runs=200")
        second.wait_for_selector("text=Waiting for 1 earlier job", timeout=PATIENCE)
        second.screenshot(path=PICTURES / "dashboard_queue.png")
        page.close()
        settled(second, "")
        second.goto(f"{place}?runs=1000")
        second.get_by_role("button", name="Cancel").press("Enter")
        second.wait_for_selector("text=Stopped", timeout=PATIENCE)
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(30) in (0, 130)


def test_a_server_that_is_killed_is_said_on_the_page(opened):
    process, place = started(str(SMALL))
    page = settled(opened(place), "")
    os.kill(process.pid, signal.SIGKILL)
    process.wait(20)
    page.locator('[name="runs"]').select_option("200")
    page.wait_for_selector("text=does not respond", timeout=PATIENCE)
    before = page.locator("#outcome").inner_text()
    process, _ = started(str(SMALL), place.rstrip("/").rpartition(":")[2])
    try:
        page.goto(place)
        settled(page, "")
        assert page.locator("#outcome").inner_text() == before
        assert not page.locator("#silent").is_visible()
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(30) in (0, 130)


REACHED = """() => [...document.querySelectorAll(
  'a[href], button, input:not([type=hidden]), select, summary, [tabindex="0"]')]
  .filter((each) => each.checkVisibility() && !each.disabled)
  .map((each, at) => { each.dataset.probe = at; return at; })"""


@pytest.mark.parametrize("name", PAGES)
def test_all_that_can_be_used_is_reached_by_tab(address, opened, name):
    page = settled(opened(f"{address}{name}"), name)
    wanted = set(page.evaluate(REACHED))
    reached = set()
    for _ in range(len(wanted) + 3):
        page.keyboard.press("Tab")
        probe = page.evaluate("document.activeElement?.dataset.probe ?? null")
        reached |= set() if probe is None else {int(probe)}
    assert len(wanted) > 8
    assert reached == wanted, page.evaluate(
        "(lost) => lost.map((at) => document.querySelector(`[data-probe='${at}']`).outerHTML)",
        sorted(wanted - reached),
    )


def test_a_crowd_of_a_hundred_states_is_shown(opened, tmp_path):
    path = tmp_path / "crowd.yaml"
    path.write_text(yaml.safe_dump(crowd(100), sort_keys=False), encoding="utf-8")
    process, place = started(str(path))
    try:
        for name in ("", "run"):
            page = opened(f"{place}{name}")
            page.wait_for_selector(
                "#frame .period" if name else "#outcome .findings", timeout=5 * PATIENCE
            )
            page.screenshot(path=PICTURES / f"dashboard_crowd_{name or 'answer'}.png",
                            full_page=True)  # fmt: skip
            assert page.evaluate("document.documentElement.scrollWidth") <= WIDE["width"]
            assert not page.wrong
        assert page.locator("svg a.state").count() == 100
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(60) in (0, 130)
