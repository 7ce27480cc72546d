"""Fill a scenario with what public data say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from sim.cases.case_file import CaseText, fill_file, no_topic
from sim.cases.figures import Gap
from sim.cases.topics import TOPICS
from sim.cli.app import command, option
from sim.cli.data_folder import Folders, archive_of
from sim.cli.shared import refuse
from sim.cli.streams import echo, say
from sim.documents.package_data import shipped_scenarios
from sim.documents.reader import shown
from sim.documents.sources import ASSUMED, OWN_WORDS

_NAMED = 8  # values that are named in one line


@command("Example: blocsim fill my_case.yaml --what economies,affinities --data ~/data")
def fill(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A scenario file of your own.")],
    *,
    folders: Folders = None,
    what: Annotated[
        str | None, option("What to fill, divided by commas; all of it unless given.", "--what")
    ] = None,
    force: Annotated[bool, option("Replace what is typed, too.", "--force")] = False,
    dry_run: Annotated[
        bool, option("Say what would be filled, and write nothing.", "--dry-run")
    ] = False,
) -> None:
    """Fill what a scenario lacks from public data, each figure with source and year."""
    topics = [each.strip() for each in what.split(",")] if what else [*TOPICS]
    for each in topics:
        if each not in TOPICS:
            refuse("--what", no_topic(each))
    if not file.exists() and str(file) in shipped_scenarios():
        refuse(str(file), "shipped scenarios are full: give a file of your own")
    archive = archive_of(folders, "fill")
    case = fill_file(file, archive, topics, force=force, write=not dry_run)
    report(case, dry_run=dry_run)
    echo(f"next: blocsim check {shown(file)}")


def report(case: CaseText, *, dry_run: bool = False) -> None:
    """Print what was written, what was kept and what the data do not have."""
    sections = Counter(path[0] for path, figure in case.written.items() if figure.held)
    verb = "would be written" if dry_run else "written"
    echo(f"{sum(sections.values())} values {verb}" + (":" if sections else ""))
    for section, count in sections.items():
        own = [figure for path, figure in case.written.items() if path[0] == section]
        keys = sorted({key for figure in own for key in figure.source} - OWN_WORDS)
        years = [figure.year for figure in own if figure.year is not None]
        span = f", figures up to {max(years)}" if years else ""
        echo(f"  {section}: {count} from {', '.join(keys) or ASSUMED}{span}")
    if case.kept:
        one = len(case.kept) == 1
        what = "value is kept as it stands" if one else "values are kept as they stand"
        remedy = f"--force replaces {'it' if one else 'them'}"
        echo(f"{len(case.kept)} {what}: {_some(case.kept)}; {remedy}")
    for why, gaps in _by_reason(case.gaps).items():
        say(f"not in the data: {_some(gaps)}: {why}")


def _some(paths: Iterable[tuple[str, ...]]) -> str:
    names = [".".join(path) for path in paths]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _by_reason(gaps: Iterable[Gap]) -> dict[str, list[tuple[str, ...]]]:
    reasons: dict[str, list[tuple[str, ...]]] = {}
    for gap in gaps:
        reasons.setdefault(gap.why, []).append(gap.path)
    return reasons
