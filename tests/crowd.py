"""A scenario of many states in two blocs, each at odds with a neighbour; no state of the world."""

from __future__ import annotations

ASSUMED = "assumed"
SYSTEMS = {"tank": (30, 10, {}), "missile": (60, 4, {"defect": 0.3})}  # price, batch, the rest


def crowd(count):
    """Return the document of a scenario of `states` states."""
    names = [f"S{each:02d}" for each in range(count)]
    suppliers, half = names[::10], count // 2
    pairs = [(a, b) for a, b in zip(names[::2], names[1::2], strict=True)]
    rivals = {a: b for pair in pairs for a, b in (pair, pair[::-1])}
    one, other = suppliers[0], rivals[suppliers[1]]
    return {
        "scenario": "crowd",
        "title": "A crowd of states",
        "question": "What does one sale do among many?",
        "time": {"start": "2020-Q1", "end": "2021-Q4", "period": "quarter"},
        "runs": 4,
        "seed": 3,
        "states": {
            name: {
                "name": f"State {at}", "latitude": -30 + 9 * (at // 10),
                "longitude": 10 * (at % 10), "gdp": 20_000 + 9_000 * (at % 17),
                "burden": 0.02 + 0.005 * (at % 5), "import_share": 0.1, "source": ASSUMED,
            }
            for at, name in enumerate(names)
        },
        "classes": {
            "armour": {"satiation": 200, "life": 25, "role": "ground", "source": ASSUMED},
            "missiles": {"satiation": 100, "life": 20, "role": "strike", "source": ASSUMED},
        },
        "systems": {
            "tank": {"name": "Tank", "class": "armour", "worth": 2, "source": ASSUMED},
            "missile": {
                "name": "Missile", "class": "missiles", "worth": 12, "range": 2000, "cep": 50,
                "rounds": 2, "payload": 480, "offence": 0.9, "source": ASSUMED,
            },
        },
        "arsenals": {name: {"units": {"tank": 60}, "source": ASSUMED} for name in names},
        "offers": {
            f"{name.lower()}_{system}": {
                "supplier": name, "system": system, "price": price, "batch": batch, "lag": 0.5,
                **more, "source": ASSUMED,
            }
            for name in suppliers for system, (price, batch, more) in SYSTEMS.items()
        },
        "blocs": {
            bloc: {
                "leader": members[0], "members": members, "commitment": 0.6, "norm": 0.7,
                "preference": 0.3, "source": ASSUMED,
            }
            for bloc, members in (("EAST", names[:half:2]), ("WEST", names[half::2]))
        },
        "rivalries": {a: {"with": {b: 0.7}, "source": ASSUMED} for a, b in rivals.items()},
        "affinities": {
            a: {"toward": {b: -0.6, **({one: 0.4} if one not in (a, b) else {})}, "source": ASSUMED}
            for a, b in rivals.items()
        },
        "assets": {
            f"{a.lower()}_energy": {
                "owner": a, "value": 1.0, "radius": 150, "hardness": 30, "distance": {b: 250},
                "source": ASSUMED,
            }
            for a, b in rivals.items()
        },
        "variants": {
            "sale": {
                "events": {
                    "deal": {
                        "at": "2020-Q2", "source": ASSUMED,
                        "order": {"supplier": one, "recipient": other, "system": "missile",
                                  "units": 8},
                    }
                }
            }
        },
        "outcomes": [
            "cohesion EAST", "cohesion WEST", f"affinity {rivals[other]}>{one}",
            f"exposure {other}>{rivals[other]} at 2021-Q4", "exits EAST",
        ],
        "sweep": {"blocs.EAST.norm": {"low": 0, "high": 2}},
    }  # fmt: skip
