"""A Mesa model of one run, whose agents are live views of the world."""

from sim.agents.agents import BlocAgent, StateAgent
from sim.agents.model import GeopoliticalModel
from sim.agents.questions import Appeal, Option, Sale, Standing

__all__ = [
    "Appeal",
    "BlocAgent",
    "GeopoliticalModel",
    "Option",
    "Sale",
    "Standing",
    "StateAgent",
]
