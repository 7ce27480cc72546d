"""Attack reasons: the terms of its net gain that speak for or against an attack."""

from __future__ import annotations

import numpy as np

from sim.experiments.watch.recorder import Moment
from sim.explain.balance import law_of
from sim.explain.chronicle import ChronicleReason
from sim.explain.parties import Register
from sim.explain.vocabulary import ATTACK
from sim.seeing.running_text import possessives


def reasons_of_attack(
    moment: Moment,
    register: Register,
    attacker: int,
    attacked: int,
    *,
    gains: bool,
    ended: bool = False,
) -> list[ChronicleReason]:
    """Return the strongest reasons for or against an attack, on its eve or at the end."""
    number = moment.layout.dyad_number
    there, back = number[attacker, attacked], number[attacked, attacker]
    view = moment.passed.view if ended else moment.passed.eve
    law = law_of(moment, "deterrence", 0)
    strike = float(view.second_strike[back, 0])
    nothing = {"rivalry": 0.0, "win": 0.0, "second_strike": 0.0, "shift": 0.0}
    passed = moment.passed
    waiting = float((passed.world.shift if ended else passed.shift)[there, 0])
    costs = float(law.gain(**nothing))
    struck = float(law.gain(**{**nothing, "second_strike": strike})) - costs
    shifts = float(law.gain(**{**nothing, "shift": waiting})) - costs
    threat = float(np.broadcast_to(view.pressure, view.gain.shape)[there, 0])
    prize = float(view.gain[there, 0]) - struck - shifts - costs - threat
    names = {"attacker": register.state(attacker), "attacked": register.state(attacked)}
    terms = {"prize": prize, "second_strike": struck, "shift": shifts, "threshold": costs}
    terms |= {"threat": threat} if threat else {}
    words = {name: possessives(each.format_map(names)) for name, each in ATTACK.items()}
    side = 1 if gains else -1
    found = sorted(terms, key=lambda name: -side * terms[name])
    return [
        ChronicleReason(
            actor=names["attacker"], words=words[name], value=terms[name], unit="of the prize"
        )
        for name in (found[0], max(found[1:], key=lambda name: abs(terms[name])))
    ]
