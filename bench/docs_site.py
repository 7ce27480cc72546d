"""The docs as a site in build/site: strict, and whole without a network.

`make site` and `make check` call this; `zensical.toml` says what is built.
"""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from shutil import rmtree

ROOT = Path(__file__).parents[1]
SITE = ROOT / "build" / "site"
ASSETS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}


class Assets(HTMLParser):
    """The files that a page loads when it is opened."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the address of a script, picture, frame or style."""
        address = dict(attrs).get(ASSETS.get(tag, ""))
        if address:
            self.asked.append(address)


def foreign(site: Path) -> list[str]:
    """Return the requests of the pages of a site to other machines, one to a line."""
    return [
        f"{page.relative_to(site)} asks for {address}"
        for page in sorted(site.rglob("*.html"))
        for address in Assets(page).asked
        if address.startswith(("http:", "https:", "//"))
    ]


def main() -> None:
    """Build the site; exit with a list of faults, if there are any."""
    rmtree(SITE, ignore_errors=True)
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout + done.stderr.partition("Traceback")[0])
    if asked := foreign(SITE):
        sys.exit("\n".join(asked))
    print(f"{len([*SITE.rglob('*.html')])} pages in {SITE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
