"""Episodes: events that belong together, which a variant switches off as a whole."""

from __future__ import annotations

from typing import Annotated

from sim.documents.leaves import named
from sim.documents.tree import Named, Note, YamlBlock
from sim.scenario.schema.events import Event


class Episode(YamlBlock):
    """Events that belong together; in the variants of `off_in` none of them happens."""

    off_in: Annotated[tuple[str, ...], named("Variants without these events.", "variant")] = ()
    events: Named[Event]
    note: Note | None = None
