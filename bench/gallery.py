"""The gallery: make small results, draw a figure of each kind, and write docs/gallery.md.

`make gallery` calls this. The page has each figure with the commands that draw it. The results are
kept in build/gallery, so that a second call only draws.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE, PICTURES = ROOT / "docs" / "gallery.md", ROOT / "docs" / "gallery"
PLACE = ROOT / "build" / "gallery"
LARGEST = 1_000_000  # bytes of all pictures together
SMALL = "polonez_vs_iskander --runs 100 --out results/polonez"
SECOND, MOVED = (
    "second_strike ARM>AZE mean 2019-Q1..2019-Q4",
    "second_strike_ARM_AZE_mean_2019_Q1_2019_Q4",
)
EXPOSURE = "exposure AZE>ARM mean 2019-Q1..2019-Q4"


ABOUT = """\
This page has one figure of each kind, with the commands that make its result and draw it. The
results are small, so that the intervals are wide. `--format png` or `pdf` draws in another format,
`--what list` names the figures of a result, and `--csv FILE` draws a table by itself. Calibrations
and backtests have figures of their own ([calibration](calibration.md))."""


@dataclass(frozen=True)
class Picture:
    """A figure: its caption, its file, and the commands that make the result and draw it."""

    says: str
    file: str
    made: str
    drawn: str


RUN = f"run {SMALL}"
SWEEP = (
    "sweep polonez_vs_iskander --over states.AZE.find=0..1 --over blocs.CSTO.norm=0..2 -n 80 "
    "--runs 10 --variant sale --variant no_sale --out results/sweep"
)
COMPARE = (
    "compare polonez_vs_iskander:no_sale polonez_vs_iskander:sale --runs 100 --attribute "
    "--out results/compare"
)
SENSITIVITY = (
    "sensitivity polonez_vs_iskander --variant sale --versus no_sale "
    f"--outcome '{EXPOSURE}' -n 4 --runs 5 --out results/sensitivity"
)
DISCOVERY = (
    "discover results/sweep --variant sale "
    "--outcome 'second_strike ARM>AZE mean 2019-Q1..2019-Q4 < 0.1' --out results/discovery"
)
STRUCTURAL = (
    "run hub_and_spoke --structural --roles threat,consent --points 4 --runs 32 "
    "--out results/structural"
)
AUDIT = "audit hub_and_spoke --runs 64 --out results/audit"
ABLATE = (
    "ablate polonez_vs_iskander --variant sale --variant no_sale --runs 25 --out results/ablation"
)
PICTURES_OF = (
    Picture(
        "A contrast of the scenario over time, under its question.",
        "contrast_deterrent", RUN, "plot results/polonez --what contrast",
    ),
    Picture(
        "All outcomes in every contrast, by verdict.",
        "differences_states", RUN, "plot results/polonez --what differences",
    ),
    Picture(
        "Any metric of any subject over time, with a panel for each variant.",
        "war_rate_ARM_AZE", RUN, "plot results/polonez 'war_rate ARM>AZE'",
    ),
    Picture(
        "Its paired difference between two variants.",
        "affinity_ARM_BLR_sale_less_no_sale_difference", RUN,
        "plot results/polonez 'affinity ARM>BLR' --variant sale --versus no_sale",
    ),
    Picture(
        "How runs spread in an outcome.",
        "exposure_AZE_ARM_mean_2019_Q1_2019_Q4_spread", RUN,
        f"plot results/polonez '{EXPOSURE}' --kind spread",
    ),
    Picture(
        "Who arms whom, before and after, on outlines for orientation.",
        "arms_flows", RUN, "plot results/polonez --what arms_flows",
    ),
    Picture(
        "How the members of a bloc, and their rivals, regard each other.",
        "regard_CSTO", RUN, "plot results/polonez --what regard",
    ),
    Picture(
        "Disengagement of members from a bloc, and the events behind it.",
        "timeline_CSTO", RUN, "plot results/polonez --what timeline",
    ),
    Picture(
        "A sweep: an outcome against each path.",
        f"sweep_lines_{MOVED}", SWEEP,
        f"plot results/sweep '{SECOND}' --what sweep_lines",
    ),
    Picture(
        "A sweep: an outcome over two paths, with contours.",
        f"sweep_map_{MOVED}", SWEEP,
        f"plot results/sweep '{SECOND}' --what sweep_map",
    ),
    Picture(
        "A sweep: which path moves an outcome most.",
        f"tornado_{MOVED}", SWEEP,
        f"plot results/sweep '{SECOND}' --what tornado",
    ),
    Picture(
        "A discovery: the box in which something happens, path by path.",
        "limits_1", DISCOVERY, "plot results/discovery",
    ),
    Picture(
        "A comparison: the differences of all outcomes.",
        "compared_1", COMPARE, "plot results/compare --what compared",
    ),
    Picture(
        "A comparison: what each input adds to a difference.",
        "attribution_exposure_AZE_ARM_mean_2019_Q1_2019_Q4", COMPARE,
        f"plot results/compare '{EXPOSURE}'",
    ),
    Picture(
        "A sensitivity analysis: the numbers that drive a difference.",
        "sensitivity_exposure_AZE_ARM_mean_2019_Q1_2019_Q4", SENSITIVITY,
        "plot results/sensitivity",
    ),
    Picture(
        "An ablation: the effect of switching each mechanism off.",
        "mechanisms_off", ABLATE, "plot results/ablation --what mechanisms",
    ),
    Picture(
        "A structural run: chance, parameters and rules.",
        "spreads_baseline_blocs", STRUCTURAL, "plot results/structural",
    ),
    Picture(
        "An audit: which numbers make the outcomes vary.",
        "audit_shares", AUDIT, "plot results/audit --what audit_shares",
    ),
)  # fmt: skip


def main() -> None:
    """Make the results that are missing, draw, and write the page."""
    PLACE.mkdir(parents=True, exist_ok=True)
    PICTURES.mkdir(exist_ok=True)
    for each in dict.fromkeys(picture.made for picture in PICTURES_OF):
        if not (PLACE / shlex.split(each)[-1]).is_dir():
            called(each)
    for old in PICTURES.glob("*.svg"):
        old.unlink()
    drawn = PLACE / "figures"
    for each in dict.fromkeys(picture.drawn for picture in PICTURES_OF):
        called(f"{each} --out {drawn}")
    for picture in PICTURES_OF:
        (PICTURES / f"{picture.file}.svg").write_bytes((drawn / f"{picture.file}.svg").read_bytes())
    PAGE.write_text(page(), encoding="utf-8")
    size = sum(path.stat().st_size for path in PICTURES.iterdir())
    print(f"{PAGE}: {len(PICTURES_OF)} figures, {size:,} bytes")
    if size > LARGEST:
        sys.exit(f"the pictures take more than {LARGEST:,} bytes")


def called(arguments: str) -> None:
    """Call a command in the folder of the results."""
    command = [sys.executable, "-m", "sim", *shlex.split(arguments)]
    print("blocsim", arguments, flush=True)
    subprocess.run(command, cwd=PLACE, check=True, capture_output=True)


def page() -> str:
    """Return the page."""
    parts = ["# Gallery", ABOUT]
    made = ""
    for picture in PICTURES_OF:
        lines = [f"    blocsim {picture.drawn}"]
        if picture.made != made:
            made = picture.made
            lines.insert(0, f"    blocsim {made}")
        parts += [f"## {picture.says.rstrip('.')}", "\n".join(lines)]
        parts += [f"![{picture.says}](gallery/{picture.file}.svg)"]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    main()
