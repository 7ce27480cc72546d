"""Events are marked at their date; those whose date differs by run, where most runs have them."""

from __future__ import annotations

from typing import ClassVar

import pandas as pd

from sim.plots.event_marks import EventMarks
from sim.records.kinds import RUN

WHEN = {"outcome": "sold RUS>CYP s300", "least": 1}
EVENTS = {
    "contract": {"at": "1997-Q1", "order": {"supplier": "RUS", "recipient": "CYP"}},
    "answer": {"when": WHEN, "threat": {"by": "TUR", "recipient": "CYP"}},
    "b_cut": {"at": "1997-Q2", "sanction": {"by": "SAU", "against": "QAT"}},
    "u_open": {
        "at": "1999-Q1",
        "sanction": {"by": ["GRC", "EGY", "ARE", "BHR"], "against": "SAU", "cut": 0},
    },
    "out": {"at": "1998-Q1", "exclude": {"state": "MLT", "bloc": "PACT"}},
    "help": {"at": "1998-Q2", "sponsor": {"sponsor": "EGY", "client": "MLT", "willing": 0.8}},
    "rare": {"when": WHEN, "loan": {"lender": "RUS", "borrower": "CYP"}},
}
PATCHES = {"none": {"events": {"contract": None, "help": {"sponsor": {"willing": 0}}}}}
NOBODY = {"against": "", "aided": "", "bloc": ""}
ROWS = [
    *({"run": r, "date": f"1997-Q{2 + r // 2}", "kind": "imposed", "actor": "TUR",
       "about": "answer", **NOBODY} for r in range(3)),
    {"run": 0, "date": "1998-Q1", "kind": "imposed", "actor": "RUS", "about": "rare", **NOBODY},
    *({"run": r, "date": "1998-Q2", "kind": "cancelled", "actor": "CYP", "against": "RUS",
       "about": "s300_rus", "aided": "", "bloc": ""} for r in range(3)),
    {"run": 3, "date": "1998-Q2", "kind": "diverted", "actor": "CYP", "against": "RUS",
     "about": "s300_rus", "aided": "GRC", "bloc": ""},
    *({"run": r, "date": "1998-Q4", "kind": kind, "actor": "GRC", "against": "", "about": "",
       "aided": "", "bloc": "LEAGUE"} for kind, runs in (("shut_out", 2), ("exit", 1))
      for r in range(runs)),
    *({"run": r, "date": "1999-Q2", "kind": "withheld", "actor": "GRC", "against": "EGY",
       "about": "arms", "aided": "", "bloc": ""} for r in range(2)),
]  # fmt: skip


class Tables(dict):
    """The parts of a result that marks read."""

    added: ClassVar = {}
    kind = RUN
    event_runs = 4

    @property
    def document(self):
        """Return the scenario."""
        return {"events": {**EVENTS, **self.added}}

    def patch(self, variant):
        """Return the patch of a variant."""
        return PATCHES.get(variant, {})

    def entry(self, block, name):
        """Return an entry of the scenario."""
        del block
        return {"s300_rus": {"system": "s300"}}.get(name, {})

    def members(self, bloc):
        """Return the members of a bloc."""
        return ["SAU", "QAT"] if bloc == "GULF" else []

    def called(self, block, name):
        """Return the name of an entry."""
        del block
        return {"CYP": "Cyprus", "GRC": "Greece", "s300": "S-300"}.get(name, name)


def key_of(subject, rows=ROWS, panel=("baseline",), more=None):
    """Return the key of the marks of a subject, with more events in the scenario."""
    events = pd.DataFrame(rows).assign(variant="baseline") if rows else pd.DataFrame()
    years = pd.DataFrame({"year": [1996.5, 2000.75], "variant": "baseline"})
    tables = Tables(events=events)
    tables.added = more or {}
    return EventMarks.of(tables, subject, years, [panel]).key


def marks_of(subject, rows=ROWS, panel=("baseline",), more=None):
    """Return the key without the number of events that are not marked."""
    return key_of(subject, rows, panel, more).partition("Not marked")[0].strip()


def test_what_most_runs_have_is_marked_at_the_date_in_the_middle():
    assert marks_of("CYP>TUR") == (
        "Events: 1 contract (1997-Q1); 2 answer (1997-Q2, in 75% of the runs); "
        "3 Cyprus' S-300 cancelled (1998-Q2, in 75% of the runs)."
    )


def test_what_becomes_of_a_place_in_a_bloc_is_marked_by_name():
    assert (
        marks_of("LEAGUE") == "Events: 1 Greece excluded from LEAGUE (1998-Q4, in 50% of the runs)."
    )


def test_leverage_that_is_carried_out_is_marked_by_who_withholds_from_whom():
    assert marks_of("EGY>GRC").endswith("Greece withholds from EGY (1999-Q2, in 50% of the runs).")


def test_the_share_is_of_all_runs_that_are_listed_not_of_those_in_which_something_happens():
    some = [row for row in ROWS if row["run"] == 0]
    assert marks_of("LEAGUE", some) == ""


def test_two_variants_mark_what_differs_and_one_what_happens_in_it():
    assert marks_of("CYP", rows=[], panel=("none",)) == ""
    assert marks_of("MLT", rows=[], panel=("none", "baseline")) == (
        "Events: 1 contract (1997-Q1); 2 EGY willing to sponsor MLT (1998-Q2)."
    )
    waiting = marks_of("TUR", panel=("none", "baseline"))
    assert "; 2 answer (1997-Q2, in 75% of the runs); " in waiting


def test_the_effect_of_an_event_replaces_its_key_if_its_kind_has_words():
    assert marks_of("SAU", rows=[]) == (
        "Events: 1 SAU cuts trade with QAT (1997-Q2); "
        "2 Greece, EGY and 2 more open trade with SAU (1999-Q1)."
    )
    assert marks_of("MLT", rows=[]) == (
        "Events: 1 MLT excluded from PACT (1998-Q1); 2 EGY willing to sponsor MLT (1998-Q2)."
    )


def test_what_concerns_others_or_has_no_table_is_not_marked():
    assert marks_of("USA") == ""
    assert marks_of("CYP", rows=[]) == "Events: 1 contract (1997-Q1)."


def test_a_change_of_relations_is_marked_once_for_its_list_of_states():
    moves = {
        f"anger_{state}": {
            "at": "1997-Q3",
            "rivalry": {"state": state, "toward": "QAT", "value": v},
        }
        for state, v in (("SAU", 0.4), ("GRC", 0.2))
    }
    key = marks_of("QAT", rows=[], more=moves)
    assert "rivalry of SAU and Greece with QAT changes (1997-Q3)" in key
    assert key.count("rivalry") == 1


def test_what_a_variant_changes_is_marked_though_it_names_others_and_the_rest_is_counted():
    key = key_of("SAU", rows=[], panel=("baseline", "none"))
    assert key == (
        "Events: 1 contract (1997-Q1); 2 EGY willing to sponsor MLT (1998-Q2). "
        "Not marked: 3 more events in both."
    )


def test_events_beyond_those_that_fit_are_counted():
    many = {
        f"budget_{at}": {"at": f"1998-Q{at}", "budget": {"state": "SAU", "factor": 2}}
        for at in (1, 2, 3, 4)
    } | {f"b_{at}": {"at": f"1999-Q{at}", "set": {"path": "states.SAU.gdp", "value": at}}
         for at in (1, 2)}  # fmt: skip
    key = key_of("SAU", rows=[], more=many)
    marked, _, rest = key.partition(" Not marked: ")
    assert marked.count(";") == 5  # six are named
    assert rest == "2 more events and 3 more events not about SAU."
    assert key_of("USA", rows=[]) == "Not marked: 5 events not about USA."


def test_events_of_the_members_of_a_bloc_are_events_of_the_bloc():
    assert key_of("GULF", rows=[]) == (
        "Events: 1 SAU cuts trade with QAT (1997-Q2); "
        "2 Greece, EGY and 2 more open trade with SAU (1999-Q1). "
        "Not marked: 3 more events not about GULF."
    )
    assert marks_of("MLT:GULF", rows=[]) == marks_of("MLT", rows=[])  # one member of it


def test_one_event_of_others_is_counted_as_one():
    assert key_of("CYP SAU QAT PACT", rows=[]).endswith(
        "Not marked: 1 more event not about CYP (EGY willing to sponsor MLT, 1998-Q2)."
    )
