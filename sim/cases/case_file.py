"""A scenario file of a user, filled from public data topic by topic."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sim.cases.archive import Archive
from sim.cases.arms_figures import left_out
from sim.cases.case_plan import CasePlan, absent_state, known_states, plan_of, unknown_state
from sim.cases.case_tables import CaseTable
from sim.cases.figures import Figure, Gap, spelled
from sim.cases.figures import Path as Steps
from sim.cases.fillable_form import need_fillable
from sim.cases.filled_text import filled
from sim.cases.topics import TOPICS
from sim.documents.nodes import Node, find
from sim.documents.reader import decode, read_bytes, read_mapping, shown
from sim.documents.replacement import replace_text, writable
from sim.kernel.dates import months
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import meant, quoted
from sim.scenario.file_format import current
from sim.scenario.patches import merge
from sim.scenario.scenario_files import ScenarioFiles


@dataclass(frozen=True)
class CaseText:
    """The text of a case after filling: values written and kept, and gaps in the data."""

    text: str
    written: dict[Steps, Figure]
    kept: dict[Steps, Figure]
    gaps: tuple[Gap, ...]
    tables: tuple[CaseTable, ...] = ()  # to be written beside the file
    absent: tuple[str, ...] = ()  # what to say of states that did not exist in all its years
    before: Mapping[Steps, str] = field(default_factory=dict)  # old values, as YAML spells them
    kept_of: Mapping[str, tuple[Steps, ...]] = field(default_factory=dict)  # by topic
    no_arms: tuple[str, ...] = ()  # kinds of goods that are neither offered nor held


def fill_file(
    file: Path, archive: Archive, topics: Sequence[str], *, force: bool = False, write: bool = True
) -> CaseText:
    """Fill a file, and write it unless `write` is off; InputError says why it cannot be filled."""
    data = read_bytes(file)
    before = decode(data, shown(file))
    files = ScenarioFiles(file)
    files.document()
    *bases, _ = [node for node in files.read.values() if node is not None]
    case = fill_text(before, shown(file), archive, topics, bases=bases, force=force)
    if write and case.text != before:
        if not writable(file):
            message = "is read-only: allow writing to it, or fill a copy"
            raise InputError([Problem(shown(file), 0, 0, "", message)])
        if read_bytes(file) != data:
            message = "has changed while it was being filled, and stays as it is: fill it again"
            raise InputError([Problem(shown(file), 0, 0, "", message)])
        replace_text(file, case.text, mark=data.startswith(BOM_UTF8))
    return case


def fill_text(
    text: str,
    file: str,
    archive: Archive,
    topics: Sequence[str],
    *,
    bases: Sequence[Node] = (),
    force: bool = False,
) -> CaseText:
    """Return the text of a scenario, filled; `bases` are the files that it extends."""
    written: dict[Steps, Figure] = {}
    kept: dict[Steps, Figure] = {}
    gaps: list[Gap] = []
    absent: list[str] = []
    kept_of: dict[str, tuple[Steps, ...]] = {}
    old: dict[Steps, str] = {}
    no_arms: tuple[str, ...] = ()
    document = read_mapping(text, file)
    before = _whole(document, bases)
    need_fillable(before)
    for topic, figures in TOPICS.items():
        if topic not in topics:
            continue
        whole = _whole(document, bases)
        if topic in _tabled(whole):
            continue
        plan = replace(_known(plan_of(whole), whole), anew=force)
        absent = [said for each in plan.states if (said := absent_state(each, *plan.years))]
        answer = figures(plan, archive.of_case(plan.states))
        filling = filled(text, document, answer, whole, force=force)
        text, document = filling.text, filling.document
        written |= filling.written
        kept |= filling.kept
        old |= _spelled_at(filling.kept, whole)
        if filling.kept:
            kept_of[topic] = (*filling.kept,)
        gaps += [each for each in filling.gaps if each not in gaps]
        if topic == "offers":
            no_arms = left_out(plan, archive.of_case(plan.states))
    old |= _spelled_at(written, before)
    return CaseText(
        text,
        written,
        kept,
        tuple(gaps),
        absent=tuple(absent),
        before=old,
        kept_of=kept_of,
        no_arms=no_arms,
    )


def _spelled_at(paths: Iterable[Steps], document: Node) -> dict[Steps, str]:
    """Return the values that a document has at some paths, as YAML spells them."""
    there = {path: find(document, path) for path in paths}
    return {
        path: spelled(node.plain())
        for path, node in there.items()
        if node is not None and node.value is not None
    }


def _tabled(whole: Node) -> set[str]:
    """Return the topics that a file has in tables of its own."""
    block = whole.child("tables")
    named = block.plain() if block is not None else None
    keys = named if isinstance(named, dict) else {}
    return {topic for key, topic in TABLED.items() if key in keys}


TABLED = {"affinity": "affinities", "rivalry": "rivalries"}  # keys of `tables` -> topics


def _whole(document: Node, bases: Sequence[Node]) -> Node:
    """Return a document merged with the files that it extends, in the current format."""
    nodes = [*bases, current(document).document]
    merged = nodes[0].without("extends")
    for node in nodes[1:]:
        merged = merge(merged, node.without("extends"), [])
    return merged


def _known(plan: CasePlan, whole: Node) -> CasePlan:
    """Return a plan with its known states; InputError if the file names no start, or no state."""
    time = whole.child("time")
    try:
        months(plan.start)
    except ValueError:
        message = "needs `start`, such as {start: 2015-Q1, end: 2022-Q4}: figures are of the year "
        mark = whole.mark if time is None else time.mark
        raise InputError([mark.problem("time", message + "before")]) from None
    states = whole.child("states")
    known = known_states()
    strange = [each for each in plan.states if each not in known]
    if states is None or not plan.states or len(strange) == len(plan.states):
        mark = whole.mark if states is None else states.mark
        message = "needs states by their codes, such as `states: {SAU: {}, IRN: {}}`"
        if strange:
            message = "; ".join(map(unknown_state, strange[:3]))
        raise InputError([mark.problem("states", message)])
    own = tuple(each for each in plan.states if each in known)
    return replace(plan, states=own)


def no_topic(name: str) -> str:
    """Return the message about an unknown topic."""
    return f"no topic {quoted(name)}{meant(name, TOPICS)}: write some of {', '.join(TOPICS)}"
