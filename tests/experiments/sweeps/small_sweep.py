"""A small sweep: six points of three paths, five runs of two variants."""

from pathlib import Path

SMALL = Path(__file__).parents[1] / "small.yaml"
BURDEN, PREFERENCE = "states.BRA.burden", "blocs.NORTH.preference"
OVER = (f"{BURDEN}=0.02..0.06", f"{PREFERENCE}=0,0.3", "rules.contest=ratio,difference")
HOW = {"over": OVER, "design": "lhs", "points": 6, "runs": 5, "variants": ("baseline", "sale")}
