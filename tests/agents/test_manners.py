from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "agents.md"

IMPORTS = """
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

import sim

assert "mesa" not in sys.modules, "import sim is lazy"
assert multiprocessing.get_start_method(allow_none=True) is None
context = multiprocessing.get_context("fork")
sim.GeopoliticalModel
assert "mesa" in sys.modules
with ProcessPoolExecutor(1, mp_context=context) as pool:
    assert pool.submit(abs, -3).result(60) == 3
"""


def test_mesa_comes_late_and_leaves_pools_with_a_context_of_their_own_alone():
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr


def test_the_guides_examples_run(monkeypatch, capsys):
    """All blocks of code of the guide, one after another, as a reader would type them in."""
    monkeypatch.chdir(ROOT)
    blocks = re.findall(
        r"^```python\n(.*?)^```$", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert len(blocks) > 5
    names = {"__name__": "guide"}
    for number, block in enumerate(blocks, start=1):
        code = compile(block, f"docs/agents.md, block {number}", "exec")
        exec(code, names)  # noqa: S102 - the guide is ours
    printed = capsys.readouterr().out.splitlines()
    expected = re.findall(
        r"^```text\n(.*?)^```$", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert printed == "".join(expected).splitlines()
