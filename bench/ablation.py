"""Effects of each mechanism in the shipped scenarios: a table of their ablations, and its page.

    python -m bench.ablation [--runs 40] [SCENARIO ...]
    python -m bench.ablation --page

`make ablation` calls this. It runs `blocsim ablate` on each scenario (by default all shipped ones)
as it is, and again with mechanisms switched on that the scenario leaves off although they matter in
theory (`SWITCHED`). The results are in build/ablation; a second call resumes them.
docs/ablation.csv has a row for each mechanism, scenario and settings under which it is on: how many
rows it moves, and its largest effect. docs/mechanisms.md has a line for each mechanism, from that
table only; `--page` writes it again. Both are written if no scenario is named.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bench.pages import DOCS, ROOT, filled, markdown
from sim.documents.package_data import shipped_scenarios
from sim.experiments.ablation.ablation import ablate
from sim.experiments.ablation.mechanisms import FAMILIES, MECHANISMS
from sim.experiments.processes import all_cores

TABLE, PAGE = DOCS / "ablation.csv", DOCS / "mechanisms.md"
TEMPLATE, PLACE = ROOT / "bench" / "mechanisms.md.in", ROOT / "build" / "ablation"
RUNS = 40  # of each variant under each setting
KEPT = ("moved", "turned", "open", "none", "most", "most_variant", "most_setting", "most_size")
KEYS = ("scenario", "sets", "mechanism")
HEADS = ("mechanism", "on in", "moves in", "most", "where", "setting", "smallest effects")


@dataclass(frozen=True)
class Ablated:
    """A scenario to ablate: all active mechanisms, or some with settings that activate them."""

    scenario: str
    variants: str = ""
    mechanisms: str = ""
    sets: str = ""

    @property
    def place(self) -> Path:
        """Return the folder of the result."""
        first, *_ = [*self.mechanisms.split(), ""]
        return PLACE / "_".join(filter(None, [self.scenario, first]))


ENTRAPMENT = "entrapment", "laws.consent.by_entrapment=3"
RENOWN = "new_by_renown", "laws.procurement.by_renown=1"
SWITCHED = (
    Ablated(
        "abandonment_2020",
        "baseline answered own_answer arms_stop",
        "slights breach freezing duty pivot",
        "rules.slight=felt rules.breach=noted rules.war=by_duty rules.membership=shocks "
        "blocs.CSTO.pivotal=0.8",
    ),
    Ablated(
        "polonez_vs_iskander",
        "baseline sale no_sale",
        "slights breach habit friends_by_offence standing threat_within pivot",
        "rules.slight=felt rules.breach=noted rules.harm=departure "
        "rules.engagement=mutual laws.restraint.friends_by_offence=1 blocs.CSTO.pivotal=0.8 "
        "blocs.CSTO.custom=1",
    ),
    Ablated(
        "albania_1961",
        "baseline no_china bloc_decides",
        "standing threat_within price_of_leaving need_of_sponsor sponsors discipline breach "
        "slights",
        "rules.breach=noted rules.slight=felt",
    ),
    Ablated(
        "gulf_2017",
        "baseline no_blockade no_outside_option",
        "standing threat_within sponsors budgets_respond sanctions detours sanctions_resented "
        "rivals_within discipline breach pivot",
        "rules.engagement=mutual rules.discipline=strict rules.breach=noted blocs.GCC.pivotal=0.8 "
        "blocs.GCC.inside=0.1",
    ),
    Ablated(
        "cyprus_s300_1997",
        "baseline no_contract defiant",
        "prevention duty pivot coercion",
        "rules.deterrence=preventive rules.war=by_duty blocs.NATO.pivotal=0.8 "
        "blocs.DOCTRINE.pivotal=0.8",
    ),
    Ablated(
        "turkey_s400_2017",
        "baseline sale no_sale market",
        "slights breach duty pivot standing threat_within discipline",
        "rules.slight=felt rules.breach=noted rules.war=by_duty "
        "blocs.NATO.pivotal=0.8 rules.discipline=strict",
    ),
    Ablated(
        "south_caucasus_2005",
        "baseline",
        "slights breach duty freezing pivot standing discipline",
        "rules.slight=felt rules.breach=noted rules.war=by_duty rules.membership=shocks "
        "rules.engagement=mutual rules.discipline=strict blocs.CSTO.pivotal=0.8",
    ),
    Ablated("arms_for_loans", "", "slights", "rules.slight=felt"),
    Ablated("south_caucasus_2005", "baseline", "small_wars", "laws.war.by_intensity=1"),
    Ablated("abandonment_2020", "", "small_wars", "laws.war.by_intensity=1"),
    Ablated(
        "abandonment_2020",
        "baseline",
        "leverage forfeit withholding_resented",
        "leverage.india.by=RUS leverage.india.supplier=IND leverage.india.recipient=ARM "
        "leverage.india.system=swathi leverage.india.withholds=[iskander_e,su30sm,t90s,smerch] "
        "leverage.india.resolve=1 leverage.india.source=assumed events.swathi.at=2020-Q2 "
        "events.swathi.order.supplier=IND events.swathi.order.recipient=ARM "
        "events.swathi.order.system=swathi events.swathi.order.units=4 "
        "events.swathi.source=assumed",
    ),
    Ablated(
        "turkey_s400_2017",
        "market cheap_patriot",
        "leverage custom_foreseen",
        "leverage.f35.withholds=[f35_usa,f16_usa,patriot_usa] leverage.f35.resolve=1",
    ),
    Ablated(
        "polonez_vs_iskander",
        "baseline sale no_sale",
        "accession",
        "rules.accession=open blocs.CSTO.candidates=[UZB]",
    ),
    Ablated(
        "turkey_s400_2017",
        "baseline sale market",
        "offsets",
        "offers.f35_usa.offset=0.5 offers.patriot_usa.offset=0.5",
    ),
    Ablated("buk_defects", "", "repair", "laws.quality.repaired=0.5"),
    Ablated(
        "south_caucasus_2005",
        "baseline",
        "seller_at_war suppliers_of_rivals second_source payment_on_delivery late_deliveries "
        "late_remembered purchase_in_regard budgets_respond faith_in_budgets long_wars "
        "missiles_fired prevention adaptive_terms",
        "laws.consent.by_war=3 laws.procurement.by_risk=2 laws.procurement.by_spread=2 "
        "laws.contract.on_account=0.5 laws.contract.late=1 laws.contract.slight=0.5 "
        "laws.affinity.by_purchase=0.05 rules.budget=responsive laws.war.length=0.5 "
        "systems.iskander_e.expended=0.3 rules.deterrence=preventive rules.patronage=adaptive",
    ),
    Ablated("polonez_vs_iskander", "baseline sale no_sale", *ENTRAPMENT),
    Ablated("turkey_s400_2017", "baseline sale no_sale market", *ENTRAPMENT),
    Ablated("gulf_2017", "baseline no_blockade no_outside_option", *ENTRAPMENT),
    Ablated("south_caucasus_2005", "baseline", *ENTRAPMENT),
    Ablated("gulf_2017", "baseline no_blockade no_outside_option", *RENOWN),
    Ablated("turkey_s400_2017", "baseline sale no_sale market", *RENOWN),
    Ablated("south_caucasus_2005", "baseline", *RENOWN),
)


def main() -> None:
    """Run the ablations that are missing, and write the table and its page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenarios", nargs="*")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--jobs", type=int, default=all_cores())
    parser.add_argument("--page", action="store_true", help="write only the page of the table")
    options = parser.parse_args()
    if not options.page:
        asked = [*map(Ablated, shipped_scenarios()), *SWITCHED]
        if options.scenarios:
            asked = [each for each in asked if each.scenario in options.scenarios]
        frames = [of_scenario(each, options.runs, options.jobs) for each in asked]
        table = pd.concat(frames, ignore_index=True)
        if options.scenarios:
            print(table.to_string())
            return
        table.to_csv(TABLE, index=False, float_format="%.4g", lineterminator="\n")
    PAGE.write_text(page(), encoding="utf-8")


def of_scenario(asked: Ablated, runs: int, jobs: int) -> pd.DataFrame:
    """Return the rows of the mechanisms that are on in a scenario with some settings."""
    result = ablate(
        asked.scenario,
        mechanisms=asked.mechanisms.split(),
        variants=asked.variants.split(),
        sets=asked.sets.split(),
        runs=runs,
        jobs=jobs,
        out=asked.place,
    )
    print(f"{asked.place.name}: {result.manifest['ablation']['rows']:,} runs", flush=True)
    rows = result.mechanisms
    rows = rows[rows["state"] == "run"].assign(scenario=asked.scenario, sets=asked.sets)
    return rows[[*KEYS, *KEPT]]


def page() -> str:
    """Return the page of the table."""
    table = pd.read_csv(TABLE, keep_default_na=False)
    families = {title: [each.name for each in family] for title, family in FAMILIES.items()}
    gone = [name for name in dict.fromkeys(table["mechanism"]) if name not in MECHANISMS]
    moving = table[(table["moved"] > 0) | (table["turned"] > 0)]["mechanism"]
    parts = (f"### {title}\n\n{_rows(table, names)}" for title, names in families.items())
    blocks = {
        "scenarios": str(table["scenario"].nunique()),
        "known": str(table["mechanism"].nunique()),
        "moving": str(moving.nunique()),
        "families": "\n\n".join(parts),
        "gone": _rows(table, gone),
    }
    return filled(TEMPLATE, blocks)


def _rows(table: pd.DataFrame, names: Sequence[str]) -> str:
    """Return mechanisms in Markdown: where each is on, where it has an effect, and the largest."""
    return markdown(HEADS, (_cells(table[table["mechanism"] == name], name) for name in names))


def _cells(mine: pd.DataFrame, name: str) -> tuple[str, ...]:
    """Return the cells of a mechanism."""
    if mine.empty:
        return (f"`{name}`", "0", "", "", "", "", "")
    sure = mine[(mine["moved"] > 0) | (mine["turned"] > 0)]
    moved = mine[mine["moved"] > 0]
    sizes = (mine if moved.empty else moved)["most_size"].astype(float)
    most = mine.loc[sizes.idxmax()]
    where = f"{most['scenario']}, {most['most_variant']}" + ", switched on" * bool(most["sets"])
    counts = (str(each["scenario"].nunique()) for each in (mine, sure))
    return (f"`{name}`", *counts, most["most"], where, most["most_setting"], f"{sizes.max():.2g}")


if __name__ == "__main__":
    main()
