"""The tutorial's scenario of orders that are not delivered runs, and reports that."""

import re
from pathlib import Path

import sim
from sim.scenario.doubts import doubts
from sim.scenario.load import load

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")


def test_a_threat_ends_an_order_and_a_ban_on_the_pipeline_puts_it_off(tmp_path):
    starter = (ROOT / "sim" / "cli" / "starter.yaml").read_text(encoding="utf-8")
    (tmp_path / "my_case.yaml").write_text(starter, encoding="utf-8")
    part = PAGE.partition("## 6. Orders that do not come")[2]
    file = tmp_path / "my_orders.yaml"
    file.write_text(re.findall(r"```yaml\n(.*?)```", part, re.DOTALL)[0], encoding="utf-8")
    assert doubts(load(file)) == []
    outcomes = sim.run(file, runs=12, transfers=0).outcomes
    share = outcomes.groupby("variant").mean(numeric_only=True)
    late, soon = (f"delivered ALF>DEL missile by {date}" for date in ("2024-Q4", "2021-Q4"))
    assert share.loc["baseline", "cancelled ALF>DEL missile by 2024-Q4"] > 0.5
    assert share.loc["baseline", late] < 0.5
    assert share.loc["held_up", soon] == 0 < share.loc["no_threat", soon]
    assert share.loc["held_up", late] == share.loc["no_threat", late] == 1
