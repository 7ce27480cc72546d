"""Topics: the parts of a scenario that public data can fill, in the order of filling."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sim.cases.archive import Archive
from sim.cases.arms_figures import of_imports, of_offers
from sim.cases.arsenal_figures import of_arsenals
from sim.cases.case_plan import CasePlan
from sim.cases.economy_figures import of_economies
from sim.cases.figures import Answer
from sim.cases.history_figures import of_patterns
from sim.cases.regard_figures import of_affinities
from sim.cases.tie_figures import of_blocs, of_rivalries

TOPICS: Mapping[str, Callable[[CasePlan, Archive], Answer]] = {
    "economies": of_economies,
    "rivalries": of_rivalries,
    "blocs": of_blocs,
    "affinities": of_affinities,
    "imports": of_imports,
    "offers": of_offers,
    "arsenals": of_arsenals,
    "patterns": of_patterns,
}
