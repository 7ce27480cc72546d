"""The chronicle of one run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import command, option
from sim.cli.shared import refuse
from sim.cli.story_text import story_lines
from sim.cli.streams import echo, say
from sim.experiments.chunk_store import replace_file
from sim.experiments.remedies import as_run_error
from sim.explain.chronicle_table import STORY, lines_of_story
from sim.explain.json_form import json_of
from sim.explain.story import FAR
from sim.explain.story import story as told
from sim.kernel.words import either
from sim.records.soundness import refuse_part

FORMS = (".json", ".csv")


@command("Example: blocsim story results/polonez_vs_iskander --typical --variant sale")
def story(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="Folder of a run.")],
    *,
    run: Annotated[int | None, option("Number of the run, from 0.")] = None,
    typical: Annotated[
        bool,
        option("The run nearest to the medians of the outcomes (the default).", "--typical"),
    ] = False,
    extreme: Annotated[
        str | None, option("A run in the tail of this outcome; see --at.", metavar="OUTCOME")
    ] = None,
    at: Annotated[
        float, option("Percentile of the run that --extreme takes, such as 5 or 95.")
    ] = FAR,
    about: Annotated[
        str | None, option("Events that concern a state, a bloc, or both (GRC:NATO).")
    ] = None,
    variant: Annotated[str | None, option("Variant (default: the first).")] = None,
    ids: Annotated[
        bool, option("Show the ids of decisions, for `explain --decision`.", "--ids")
    ] = False,
    files: Annotated[
        Path | None,
        option("Folder of the CSV tables that the scenario names (default: the working folder)."),
    ] = None,
    out: Annotated[Path | None, option("File for the story: .json or .csv.")] = None,
) -> None:
    """Tell the story of a run by date: 10 to 30 events, their reasons, and changes in outcomes."""
    if out is not None and out.suffix.lower() not in FORMS:
        refuse("--out", f"{out}: must end in {either(FORMS)}")
    if out is not None:
        refuse_part(out)
    if sum((run is not None, typical, extreme is not None)) > 1:
        refuse("--run", "give only one of --run, --typical and --extreme")
    chronicle = told(
        results, run, variant=variant, about=about, extreme=extreme, at=at, files=files
    )
    if out is None:
        echo("\n".join(story_lines(chronicle, ids=ids)))
        return
    with as_run_error(str(out)):
        if out.suffix.lower() == ".json":
            replace_file(out, json_of(chronicle))
        else:
            replace_file(out, STORY.text(lines_of_story(chronicle)))
    say(f"{len(chronicle.entries)} entries: {out}")
