"""Count files and lines of the package by room: `python bench/size.py [COMMIT]` compares."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]


def git(*arguments: str) -> str:
    """Return what git says."""
    return subprocess.run(
        ["git", *arguments],  # noqa: S607 - git is where the user has it
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip


def sizes(commit: str | None = None) -> tuple[Counter[str], Counter[str]]:
    """Return files and lines by room of `sim`, and of `tests`, at a commit or in the folder."""
    if commit is None:
        paths = [*ROOT.glob("sim/**/*.py"), *ROOT.glob("tests/**/*.py")]
        texts = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in paths}
    else:
        names = git("ls-tree", "-r", "--name-only", commit, "sim", "tests").split()
        texts = {name: git("show", f"{commit}:{name}") for name in names if name.endswith(".py")}
    files: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    for name, text in texts.items():
        parts = name.split("/")
        room = "tests" if parts[0] == "tests" else "/".join(parts[:2]) if len(parts) > 2 else "sim"  # noqa: PLR2004
        files[room] += 1
        lines[room] += text.count("\n")
    return files, lines


def main() -> None:
    """Print the table."""
    tables = [sizes(), *(sizes(commit) for commit in sys.argv[1:2])]
    print("room".ljust(18) + "   files  lines" * len(tables))
    rooms = sorted({room for files, _ in tables for room in files} - {"tests"})
    for room in [*rooms, "tests"]:
        print(room.ljust(18) + "".join(f"{f[room]:8}{n[room]:7}" for f, n in tables))
    whole = [(sum(f.values()) - f["tests"], sum(n.values()) - n["tests"]) for f, n in tables]
    print("sim in all".ljust(18) + "".join(f"{f:8}{n:7}" for f, n in whole))


if __name__ == "__main__":
    main()
