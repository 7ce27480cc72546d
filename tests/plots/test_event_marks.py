"""Events are marked at their date; those whose date differs by run, where most runs have them."""

from __future__ import annotations

import pandas as pd

from sim.plots.event_marks import EventMarks
from sim.records.kinds import RUN

WHEN = {"outcome": "sold RUS>CYP s300", "least": 1}
EVENTS = {
    "contract": {"at": "1997-Q1", "order": {"supplier": "RUS", "recipient": "CYP"}},
    "answer": {"when": WHEN, "threat": {"by": "TUR", "recipient": "CYP"}},
    "rare": {"when": WHEN, "loan": {"lender": "RUS", "borrower": "CYP"}},
}
NOBODY = {"against": "", "aided": ""}
ROWS = [
    *({"run": r, "date": f"1997-Q{2 + r // 2}", "kind": "imposed", "actor": "TUR",
       "about": "answer", **NOBODY} for r in range(3)),
    {"run": 0, "date": "1998-Q1", "kind": "imposed", "actor": "RUS", "about": "rare", **NOBODY},
    *({"run": r, "date": "1998-Q2", "kind": "cancelled", "actor": "CYP", "against": "RUS",
       "about": "s300_rus", "aided": ""} for r in range(3)),
    {"run": 3, "date": "1998-Q2", "kind": "diverted", "actor": "CYP", "against": "RUS",
     "about": "s300_rus", "aided": "GRC"},
]  # fmt: skip


class Tables(dict):
    """What marks read of a result."""

    kind = RUN

    @property
    def document(self):
        """Return the scenario."""
        return {"events": EVENTS}


def marks_of(subject, rows=ROWS):
    events = pd.DataFrame(rows).assign(variant="baseline") if rows else pd.DataFrame()
    years = pd.DataFrame({"year": [1996.5, 2000.75]})
    return EventMarks.of(Tables(events=events), subject, years).key


def test_what_most_runs_have_is_marked_at_the_date_in_the_middle():
    assert marks_of("CYP>TUR") == (
        "Events: 1 contract (1997-Q1); 2 answer (1997-Q2, in 75% of the runs); "
        "3 s300 rus cancelled (1998-Q2, in 75% of the runs)."
    )


def test_what_concerns_others_or_has_no_table_is_not_marked():
    assert marks_of("USA") == ""
    assert marks_of("CYP", rows=[]) == "Events: 1 contract (1997-Q1)."
