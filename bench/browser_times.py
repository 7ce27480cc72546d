"""Times of the dashboard's pages in a browser: the first paint, a step of a run, an answer."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from bench.browser import browser

WIDE = {"width": 1440, "height": 1000}
PATIENCE = 120_000  # milliseconds
# seconds from a click until its effect is painted
PAINTED = """(button) => new Promise((done) => {
  const start = performance.now();
  const painted = () => done((performance.now() - start) / 1000);
  new MutationObserver((_, observer) => {
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(painted));
  }).observe(document.getElementById("frame"), { childList: true });
  button.click();
})"""
FIRST = """() => new Promise((done) => new PerformanceObserver((list) => {
  for (const each of list.getEntriesByName("first-contentful-paint")) done(each.startTime / 1000);
}).observe({ type: "paint", buffered: true }))"""
# seconds from a move of a slider, to a part of its range, until the answer names the change
ANSWERED = """(part) => new Promise((done) => {
  const slider = document.querySelector("#numbers input[type=range]");
  const outcome = document.getElementById("outcome");
  slider.value = Number(slider.min) + part * (slider.max - slider.min);
  const change = `${slider.name.replace("set:", "")}=${Number(slider.value)}`;
  const start = performance.now();
  new MutationObserver((_, observer) => {
    if (!outcome.textContent.includes(change)) return;
    observer.disconnect();
    done((performance.now() - start) / 1000);
  }).observe(outcome, { childList: true, subtree: true });
  slider.dispatchEvent(new Event("change", { bubbles: true }));
})"""


def browser_times(scenario: str, times: int = 5) -> Iterator[tuple[str, float, float]]:
    """Yield the name of a measurement, its median in seconds, and its limit."""
    with browser() as chromium, _dashboard(scenario) as address:

        def opened(page: str = "") -> Any:
            window = chromium.new_context(viewport=WIDE).new_page()
            window.goto(address + page)
            return window

        def first(number: int) -> float:
            del number
            window = opened()
            seconds = float(window.evaluate(FIRST))
            window.context.close()
            return seconds

        yield "first paint of the page in a browser", _median(first, times), 1.0
        window = opened("run")
        window.wait_for_selector("#frame .period", timeout=PATIENCE)
        forward = window.locator('[data-step="1"]')

        def step(number: int) -> float:
            del number
            return float(forward.evaluate(PAINTED))

        step(-1)
        yield "a step of a run in a browser, painted", _median(step, times), 0.1
        window.context.close()
        window = opened("?runs=200")
        window.wait_for_selector("#outcome .findings", timeout=PATIENCE)

        def answer(number: int) -> float:
            return float(window.evaluate(ANSWERED, (number + 1) / (times + 2)))

        answer(times)  # so that the unchanged scenario has been run, too
        yield "200 runs of two variants in a browser, changed", _median(answer, times), 5.0


@contextmanager
def _dashboard(scenario: str) -> Iterator[str]:
    """Yield the address of a dashboard that runs in its own process."""
    line = [sys.executable, "-m", "sim", "dashboard", scenario, "--no-open", "--port", "0"]
    process = subprocess.Popen(line, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None  # noqa: S101 - a pipe, as asked for above
    said = process.stderr.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+/", said)
    if found is None:
        sys.exit(f"the dashboard did not start: {said}")
    try:
        yield found[0]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()


def _median(work: Callable[[int], float], times: int) -> float:
    return median(work(number) for number in range(times))
