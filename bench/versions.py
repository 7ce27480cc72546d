"""The kept ratios of all versions side by side: bench/results/README.md, from the pages beside it.

python -m bench.versions
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bench.pages import markdown

RESULTS = Path(__file__).parent / "results"
PAGE = "README.md"
UNMEASURED = "-"

Ratios = Mapping[str, tuple[str, str]]  # ratio and limit by the name of a line


def main() -> None:
    """Write the table."""
    keep(RESULTS)


def keep(folder: Path) -> None:
    """Write the table of all pages of a folder."""
    (folder / PAGE).write_text(side_by_side(pages(folder)), encoding="utf-8")


def pages(folder: Path) -> dict[str, Ratios]:
    """Return the ratios of each version, the oldest first."""
    files = [path for path in folder.glob("*.md") if path.name != PAGE]
    files.sort(key=lambda path: [int(part) for part in path.stem.split(".")])
    return {path.stem: ratios(path.read_text(encoding="utf-8")) for path in files}


def ratios(text: str) -> Ratios:
    """Return the ratios and limits of the table on a page of `bench.run`."""
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return {row[0]: (row[1], row[2]) for row in rows if row[1] != "---" and row[0] != "ratio"}


def side_by_side(versions: Mapping[str, Ratios]) -> str:
    """Return the page with a row a line and a column a version; limits are those of the last."""
    names = dict.fromkeys(name for version in reversed(versions.values()) for name in version)
    limits = {name: limit for each in versions.values() for name, (_, limit) in each.items()}
    rows = [
        (name, limits[name], *(each.get(name, (UNMEASURED,))[0] for each in versions.values()))
        for name in names
    ]
    table = markdown(("", "limit", *versions), rows)
    return (
        "# Ratios by version\n\n<!-- Generated: `python -m bench.versions` -->\n\n"
        "Each version against 0.2.0, except where the name of a line says otherwise. A model of "
        "0.2.0 does less work than one\nof today, so that the ratios to it fall as the theory "
        "grows; those to a plain Mesa model, and to numpy of the same\nversion, do not. Machines "
        f"and commits are on the pages of the versions.\n\n{table}\n"
    )


if __name__ == "__main__":
    main()
