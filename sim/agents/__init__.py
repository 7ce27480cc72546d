"""The agents' face of the simulator: a Mesa model whose agents are live views of one world."""

from sim.agents.bloc_agent import BlocAgent
from sim.agents.model import GeopoliticalModel
from sim.agents.questions import Appeal, Option, Sale, Standing
from sim.agents.state_agent import StateAgent

__all__ = [
    "Appeal",
    "BlocAgent",
    "GeopoliticalModel",
    "Option",
    "Sale",
    "Standing",
    "StateAgent",
]
