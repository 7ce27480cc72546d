"""Build the wheel, install it into a clean environment, and call every command in an empty folder.

`make wheel` calls this. Dependencies are the newest that the wheel allows, as for a user.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
SCENARIO = "polonez_vs_iskander"
SMALL = "--runs 4 --jobs 2"
TRANSFERS = "supplier,recipient,year,tiv_m\nRUS,ARM,2011,20\nRUS,AZE,2014,300\nBLR,AZE,2014,5\n"
PLAIN = (  # in this order: some commands use results of others
    "version",
    "list",
    "new mine.yaml",
    "new world.yaml --synthetic 6",
    "upgrade mine.yaml",
    "check mine.yaml --expect --runs 12 --jobs 1",
    f"run {SCENARIO} {SMALL} --out results/run",
    f"run mine.yaml {SMALL} --structural --roles threat --points 2 --out results/structural",
    "plot results/run",
    "plot results/run 'war_rate ARM>AZE' --versus no_sale",
    "export results/run --format parquet",
    "explain results/run --run 1 --sale BLR:AZE:polonez",
    "story results/run --run 1",
    "report results/run -o report.html",
    "dashboard --help",
    "reproduce results/run",
    f"show {SCENARIO} --all",
    f"cite {SCENARIO}",
    "schema",
    "metrics",
    "rules",
    "mechanisms",
    "odd",
    "conform --law threat",
    f"compare {SCENARIO}:no_sale {SCENARIO}:sale --runs 4 --jobs 2",
    f"sweep mine.yaml --over states.BRA.burden=0.02..0.06 -n 32 {SMALL} --out results/sweep",
    f"ablate mine.yaml --mechanism norm {SMALL} --out results/ablation",
    "reproduce results/ablation",
    f"audit {SCENARIO} --runs 0",
    "cache",
    "data list --data tiv.csv",
    "data check tiv.csv",
    "fill mine.yaml --what economies --data tiv.csv",
)
ANALYSIS = (  # these need the extra `analysis`
    f"audit {SCENARIO} --runs 2",
    f"sensitivity {SCENARIO} --over states.AZE.find=0..1 --over states.ARM.find=0..1 -n 2 {SMALL}",
    "discover results/sweep --variant sale --outcome 'engagement NORTH > 0.6' --threshold 0.6",
    "calibrate south_caucasus_2005_to_2017 --points 100 --checks 4 --parameters laws.consent.*",
    "backtest south_caucasus_2005 --transfers tiv.csv --origin 2012 --horizon 2 --runs 4",
)


def main() -> None:
    """Build, install, call; exit with an error at the first command that fails."""
    with tempfile.TemporaryDirectory(prefix="blocsim-wheel-") as place:
        folder = Path(place)
        wheel = built(folder)
        venv.create(folder / "venv", with_pip=True)
        empty = folder / "empty"
        empty.mkdir()
        (empty / "tiv.csv").write_text(TRANSFERS, encoding="utf-8")
        install(folder, str(wheel))
        for arguments in PLAIN:
            call(folder, arguments)
        for arguments in ANALYSIS:
            call(folder, arguments, expected=2)  # and says which extra it needs
        install(folder, f"{wheel}[analysis]")
        for arguments in ANALYSIS:
            call(folder, arguments)


def built(folder: Path) -> Path:
    """Return the wheel, built from this checkout."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(folder: Path, what: str) -> None:
    """Install a wheel, with an extra or without."""
    pip = [str(folder / "venv" / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "--disable-pip-version-check", what], check=True)


def call(folder: Path, arguments: str, expected: int = 0) -> None:
    """Call a command in the empty folder, where the checkout cannot be imported."""
    hidden = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
    found = subprocess.run(
        [str(folder / "venv" / "bin" / "blocsim"), *shlex.split(arguments)],
        cwd=folder / "empty",
        env={name: value for name, value in os.environ.items() if name not in hidden},
        capture_output=True,
        text=True,
        check=False,
    )
    ok = found.returncode == expected and (expected == 0 or "install the extra" in found.stderr)
    print(f"{'ok   ' if ok else 'FAILS'} blocsim {arguments} -> {found.returncode}", flush=True)
    if not ok:
        sys.exit((found.stdout + found.stderr)[-2000:])


if __name__ == "__main__":
    main()
