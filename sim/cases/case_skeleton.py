"""Skeleton of a new case: states, blocs and time, with outcomes, variants and contrasts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import numpy as np

from sim.cases import new_suppliers, outbreaks
from sim.cases.archive import Archive
from sim.cases.case_file import CaseText, fill_text
from sim.cases.case_plan import BlocPlan, absent_state, known_states, plan_of, unknown_state
from sim.cases.case_tables import dyadic
from sim.cases.figures import Figure, Gap, spelled
from sim.cases.figures import Path as Steps
from sim.cases.opening_questions import with_questions
from sim.cases.regard_figures import of_affinities
from sim.cases.topics import TOPICS
from sim.documents.leaves import NAME
from sim.documents.reader import read_mapping, read_text
from sim.documents.sources import OWN_WORDS
from sim.kernel.dates import MONTHS, SWAP, length, months, year_of
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import either, first_few, meant, quoted

_FEWEST = 2  # states of a world
MANY = 50  # states above which affinities are in a table beside the file
_RUNS, _RUNS_OF_MANY = 200, 20
_FILLED = """\
# Written by `blocsim new` from public data, by the rules of docs/case.md. Each entry says where
# its values are from and of which year; `blocsim cite FILE` prints the sources in full. Replace
# what is assumed, and each `placeholder`; `blocsim fill FILE` leaves what you type as it is.
"""
_BARE = """\
# Written by `blocsim new`, without data: states, blocs, time, and laws of outbreaks. What
# public data say, `blocsim fill FILE --data DIR` writes, each entry with its sources. You write
# outcomes, variants and contrasts; `blocsim new` writes them, too, if you give --data.
"""
_HEAD = """\
format: 2
scenario: {name}
title: {title}
question: {question}
time: {{start: {start}, end: {end}, period: {period}}}
runs: {runs}
seed: 1

states:
{states}
"""


@dataclass(frozen=True)
class CaseOrder:
    """The states, blocs and period of a new case."""

    states: tuple[str, ...]
    blocs: Mapping[str, BlocPlan]
    start: str
    end: str
    period: str = "quarter"


def order_of(
    states: str, blocs: Sequence[str], start: str, end: str, period: str = "quarter"
) -> CaseOrder:
    """Return the order that the options of a command give; InputError names a wrong option."""
    codes = _codes(states)
    check_time(start, end, period)
    years = year_of(start), year_of(end)
    if absent := [text for each in codes if (text := absent_state(each, *years))]:
        raise InputError([Problem("--states", 0, 0, "", text) for text in absent])
    plans: dict[str, BlocPlan] = {}
    for text in blocs:
        name, bloc = _bloc(text, codes)
        if name in plans:
            _refuse("--bloc", f"names {name} twice")
        plans[name] = bloc
    return CaseOrder(codes, plans, start, end, period)


def check_time(start: str, end: str, period: str) -> None:
    """Raise InputError unless the options of a command name a span of time."""
    for option, date in (("--from", start), ("--to", end)):
        try:
            months(date)
        except ValueError:
            wanted = "must be a date such as 2015, 2015-H1, 2015-Q1 or 2015-01"
            _refuse(option, f"{wanted}, got {quoted(date)}")
    if period not in MONTHS:
        hint = meant(period, MONTHS)
        _refuse("--period", f"must be {either(MONTHS)}, got {quoted(period)}{hint}")
    if months(end) + length(end) <= months(start):
        _refuse("--to", f"ends before it starts: {start} to {end}: {SWAP}")


def usual_end(start: str, period: str) -> str:
    """Return the last period of the year after a start."""
    year = year_of(start) + 1
    return f"{year}{_LAST.get(period, '')}"


_LAST = {"half": "-H2", "quarter": "-Q4", "month": "-12"}


def _refuse(option: str, message: str) -> NoReturn:
    raise InputError([Problem(option, 0, 0, "", message)])


def _codes(states: str) -> tuple[str, ...]:
    """Return the codes in the option --states; InputError if one is wrong."""
    codes = tuple(each.strip() for each in states.split(",") if each.strip())
    known = known_states()
    strange = [each for each in codes if each not in known]
    if strange:
        _refuse("--states", "; ".join(map(unknown_state, strange[:3])))
    if len({*codes}) < len(codes):
        _refuse("--states", f"names {max(codes, key=codes.count)} twice")
    if len(codes) < _FEWEST:
        _refuse("--states", "needs two states at least, such as SAU,IRN")
    return codes


def _bloc(text: str, codes: tuple[str, ...]) -> tuple[str, BlocPlan]:
    """Return name and plan of a bloc from the option --bloc, NAME=LEADER,MEMBER,..."""
    name, _, who = text.partition("=")
    leader, *members = (each.strip() for each in who.split(","))
    if not NAME.match(name) or not leader:
        form = "write NAME=LEADER, or NAME=LEADER,MEMBER,..."
        _refuse("--bloc", f"{form}, got {quoted(text)}")
    if not isinstance(read_text(name, "").plain(), str):
        _refuse("--bloc", f"{quoted(name)} is a number or another value to YAML: add a letter")
    for each in (leader, *members):
        if each not in codes:
            hint = meant(each, codes)
            _refuse("--bloc", f"{name} names {quoted(each)}, no state of --states{hint}")
    return name, BlocPlan(leader, tuple(dict.fromkeys((leader, *members))) if members else ())


def skeleton(order: CaseOrder, name: str, *, bare: bool = True) -> str:
    """Return the text of a case before it is filled; a bare one stays without data for now."""
    names = known_states()
    about = [*order.blocs] or [names[each] for each in order.states[:2]]
    if not order.blocs and len(order.states) > MANY:
        about = [f"a world of {len(order.states)} states"]
    who = " and ".join(about)
    verb = "What holds" if order.blocs else "What divides"
    states = "\n".join(f"  {each}: {{}}" for each in order.states)
    text = (_BARE if bare else _FILLED) + _HEAD.format(
        name=spelled(name),
        title=f"{who[0].upper()}{who[1:]}, {order.start} to {order.end}",
        question=f"{verb} {who}{' together' if order.blocs else ''}?",
        start=order.start,
        end=order.end,
        period=order.period,
        runs=_RUNS if len(order.states) <= MANY else _RUNS_OF_MANY,
        states=states,
    )
    if order.blocs:
        text += "\nblocs:\n" + "\n".join(map(_bloc_line, order.blocs.items())) + "\n"
    laws = outbreaks.lines() + (new_suppliers.lines() if len(order.states) > MANY else "")
    return f"{text}\nlaws:\n{laws}"


def _bloc_line(item: tuple[str, BlocPlan]) -> str:
    name, bloc = item
    members = f", members: [{', '.join(bloc.members)}]" if bloc.members else ""
    return f"  {name}: {{leader: {bloc.leader}{members}, engagement: rest, source: assumed}}"


def new_case(order: CaseOrder, name: str, file: str, archive: Archive) -> CaseText:
    """Return a new case, filled from all topics, with questions to start from.

    Of many states the affinities of all dyads are a table of their own. InputError if the data have
    no figure on its states in the years before the start.
    """
    many = len(order.states) > MANY
    topics = [each for each in TOPICS if not many or each != "affinities"]
    case = fill_text(skeleton(order, name, bare=False), file, archive, topics)
    _check_years(order, case)
    if many:
        case = _with_affinities(case, file, archive)
    plain = read_mapping(case.text, file).plain()
    return replace(case, text=with_questions(case.text, plain))


def _with_affinities(case: CaseText, file: str, archive: Archive) -> CaseText:
    """Return a case with the affinities of all dyads in a table."""
    plan = plan_of(read_mapping(case.text, file))
    written: dict[Steps, Figure] = {}
    gaps: list[Gap] = []
    for part in of_affinities(plan, archive.of_case(plan.states)):
        if isinstance(part, Gap):
            gaps.append(part)
        else:
            written[part[0]] = part[1]
    case = replace(case, gaps=(*case.gaps, *gaps))
    if any(gap.path == ("affinities",) for gap in gaps):
        return case
    named = dict.fromkeys(key for figure in written.values() for key in figure.source)
    source = (*(each for each in named if each not in OWN_WORDS),
              *(each for each in named if each in OWN_WORDS))  # fmt: skip
    year = max(figure.year for figure in written.values() if figure.year is not None)
    values = np.array(
        [
            [0.0 if i == j else written["affinities", i, "toward", j].value for j in plan.states]
            for i in plan.states
        ]
    )
    table = dyadic("affinity", plan.states, values)
    text = f"{case.text}\n{table.entry(Path(file).stem, source, year)}"
    return replace(case, text=text, written=case.written | written, tables=(table,))


_NAMED = 12  # states that a message names


def _check_years(order: CaseOrder, case: CaseText) -> None:
    """Raise InputError if the data have no figure on any state of a case."""
    held = [
        path
        for path, figure in case.written.items()
        if figure.held and figure.year is not None and path[0] == "states"
    ]
    if not held:
        named = first_few(order.states, _NAMED, "more states")
        message = (
            f"the data have no figure on {named} in the years before "
            f"{order.start}: `blocsim data list --data DIR` says which years they have"
        )
        _refuse("--from", message)
