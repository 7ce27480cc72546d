"""Exclusions by hand: members that are shut out, and the effects of a refused appeal."""

from dataclasses import replace

import numpy as np
import pytest

from sim.kernel.decision_points import no_decision
from sim.kernel.noise import Noise
from sim.laws.discipline import Discipline
from sim.laws.membership import ShockedMembership
from sim.steps.exclusions import frozen, judged
from sim.steps.privileges import privilege
from tests.small import built, columns, event, model, passing, record, same, unconserved

ALP, BET, DEL, GAM = range(4)
DUO, PACT = range(2)
UNSHAKEN = dict.fromkeys(("shaken", "refused", "harm"), np.zeros(1))
PLAIN = {"decide": no_decision, "dt": 1.0}
SHUT = {"state": "GAM", "bloc": "PACT"}


def noise(runs=3):
    return Noise(5, np.arange(runs, dtype=np.uint32)).at(8072)


def under(rules, **laws):
    return replace(rules, **laws)


def test_a_member_that_is_shut_out_has_neither_engagement_nor_terms_until_readmission(found):
    events = {"out": event(exclude=SHUT), "back": event("2019-Q2", exclude={**SHUT, "lift": True})}
    series = found(patch={"events": events}).series["participation"][:, 4]
    assert series.shape[0] == 12
    before, during, after = series[:2], series[2:6], series[6:]
    assert (before > 0).all()
    assert (during == 0).all()
    still = after[-1] > 0  # others have left formally
    assert still.mean() > 0.5
    assert (after[0, still] < before[-1, still]).all()  # it comes back from nothing, by degrees
    assert after[-1, still].mean() > after[0, still].mean() > 0


def test_a_member_that_is_shut_out_neither_expects_nor_gives_aid(found):
    calm = {"membership": {"exit_rate": 0.0}}
    laws = {"appeal": {"leader_voice": 0.0}, **calm}
    out = event("2018-Q2", exclude=SHUT)
    plain, barred = (found(patch={"laws": laws, "events": events}) for events in ({}, {"out": out}))
    subjects = plain.end.layout.subjects["member"]
    gam, bet = subjects.index("GAM:PACT"), subjects.index("BET:PACT")
    for name in ("credibility", "aid"):
        assert barred.series[name][3, gam].max() == 0 < plain.series[name][3, gam].min()
    assert (barred.series["aid"][3, bet] < plain.series["aid"][3, bet]).all()


def test_a_member_that_is_shut_out_pays_the_list_price_in_cash(tmp_path):
    parts = built(model(tmp_path, {"events": {"out": event(exclude=SHUT)}}), 3)
    usual = privilege(parts.world, parts.rules)
    out = np.zeros(parts.world.member.shape)
    out[GAM, PACT] = 1.0
    barred = privilege(parts.world.but(shut_out=out), parts.rules)
    assert usual.discount[GAM, ALP].min() > 0
    assert usual.credit[GAM, ALP].min() > 0
    assert barred.discount[GAM, ALP].max() == barred.credit[GAM, ALP].max() == 0
    assert np.array_equal(barred.discount[BET], usual.discount[BET])


def test_a_bloc_shuts_out_whom_leader_and_members_dislike_and_never_its_leader(small):
    law = Discipline(decides=0.5, shuts=1e6, readmits=1e6, expels=0.0)
    rules = under(small.rules, discipline=law)
    hated = small.world.affinity.copy()
    hated[:, GAM], hated[:, ALP] = -0.5, -0.9
    world = small.world.but(affinity=hated)
    after = judged(world=world, rules=rules, noise=noise(), **PLAIN)
    assert after.shut_out[GAM, PACT].tolist() == [1.0] * 3
    assert after.shut_out.sum() == 3.0
    liking = np.full(hated.shape, 0.5)
    liked = judged(world=after.but(affinity=liking), rules=rules, noise=noise(), **PLAIN)
    assert liked.shut_out.sum() == 0.0


def test_a_leader_that_has_left_shuts_out_and_expels_no_member(small):
    law = Discipline(decides=0.5, shuts=1e6, readmits=1e6, expels=1e6)
    regard, member = small.world.affinity.copy(), small.world.member.copy()
    regard[ALP, [BET, GAM]], regard[BET, GAM], regard[GAM, BET] = -1.0, 0.5, 0.5
    member[ALP, PACT] = 0.0
    world = small.world.but(affinity=regard, member=member)
    after = judged(world=world, rules=under(small.rules, discipline=law), noise=noise(), **PLAIN)
    assert after.shut_out[:, PACT].max() == 0.0
    assert after.member[[BET, GAM], PACT].min() == 1.0


def test_a_member_that_is_shut_out_may_be_expelled_and_loses_membership(small):
    law = Discipline(decides=1.0, shuts=0.0, readmits=0.0, expels=1e6)
    hated = small.world.affinity.copy()
    hated[ALP, GAM] = -1.0
    out = np.zeros(small.world.member.shape)
    out[GAM, PACT] = 1.0
    world = small.world.but(affinity=hated, shut_out=out)
    after = judged(world=world, rules=under(small.rules, discipline=law), noise=noise(), **PLAIN)
    assert after.member[GAM, PACT].max() == after.engagement[GAM, PACT].max() == 0.0
    assert after.exited[GAM, PACT].min() == 1.0
    assert after.shut_out.max() == 0.0
    assert after.member[BET, PACT].min() == 1.0


def test_a_shaken_member_freezes_and_thaws_when_taking_part_is_worth_it(small):
    law = ShockedMembership(freezing=1e6, thaw=1e6, skips=0.45, step=0.08)
    rules = under(small.rules, membership=law)
    shaken = np.zeros(small.world.member.shape)
    shaken[GAM, PACT] = shaken[ALP, PACT] = 1.0  # the leader never freezes
    world, worth = small.world.but(shaken=shaken), 0.0 * shaken
    case = {"rules": rules, "noise": noise(), "shocks": UNSHAKEN, **PLAIN}
    engaged = 0.8 * world.member
    now, left = frozen(world=world, worth=worth - 9.0, engagement=engaged, **case)
    assert now.frozen.sum(axis=(0, 1)).tolist() == [1.0] * 3
    assert left[GAM, PACT] == pytest.approx(0.29)
    assert left[BET, PACT] == pytest.approx(0.8)
    later, kept = frozen(world=now, worth=worth - 9.0, engagement=engaged, **case)
    assert np.array_equal(later.frozen, now.frozen)
    thawed, free = frozen(world=now, worth=worth + 9.0, engagement=engaged, **case)
    assert thawed.frozen.max() == 0.0
    assert np.array_equal(kept, left)
    assert np.array_equal(free, engaged)


def test_only_a_refused_appeal_freezes(found):
    laws = {"membership": {"freezing": 2.0, "breach": 0.0, "shock_memory": 10.0}}
    patch = {"rules": {"membership": "shocks"}, "laws": laws}
    appeal = {"state": "GAM", "bloc": "PACT", "attacker": "DEL"}
    stages = [
        found(patch=patch, appeal={**appeal, "answer": answer}).series["stage"][:, 4]
        for answer in (0.0, 1.0)
    ]
    assert (stages[0][-1] >= 3).mean() > 0.3
    assert (stages[0][:2] < 3).all()
    assert (stages[1][:4] < 3).all()


def test_money_and_units_have_a_source_and_a_sink_where_blocs_judge_and_members_leave(tmp_path):
    patch = {
        "rules": {"discipline": "strict", "membership": "priced", "engagement": "mutual",
                  "exit_option": "sponsors", "accession": "open"},
        "laws": {"discipline": {"shuts": 4.0, "expels": 1.0},
                 "membership": {"exit_rate": 1.0, "exit_scale": 0.2, "by_need": 0.0}},
        "blocs": {"DUO": {"candidates": ["GAM"]},
                  "PACT": {"coercion": 0.5, "preferences": {"GAM": 0.5}, "credits": {"BET": 0.1}}},
        "events": {"hate": event(affinity={"state": "ALP", "toward": "GAM", "value": -0.9,
                                           "lasting": 1.0}),
                   "out": event("2018-Q4", exclude={"state": "BET", "bloc": "PACT"}),
                   "ward": event(sponsor={"sponsor": "DEL", "client": "GAM", "willing": 0.8})},
    }  # fmt: skip
    assert unconserved(built(model(tmp_path, patch), 16)) == []


def test_without_a_law_of_discipline_no_number_changes(tmp_path):
    plain, own = (
        columns(record(model(tmp_path, patch), 8))
        for patch in ({}, {"blocs": {"PACT": {"coercion": 0.9}}})
    )
    assert same(plain, own) == []


def test_harm_shakes_a_member_as_far_as_its_bloc_counts_it(tmp_path):
    sale = {"supplier": "ALP", "recipient": "BET", "system": "tank", "units": 40}
    quarrel = {
        "GAM": {"with": {"BET": 0.6, "DEL": 0.0}},
        "BET": {"with": {"GAM": 0.6}, "source": "assumed"},
    }

    def shaken(**keys):
        patch = {
            "rules": {"membership": "shocks"},
            "rivalries": quarrel,
            "laws": {"membership": {"breach": 1.0}},
            "blocs": {"PACT": keys},
            "states": {"DEL": {"import_share": 0}},
            "events": {"sale": event("2018-Q1", order=sale)},
        }
        return passing(built(model(tmp_path, patch), 4))[-1][1].world.shaken[GAM, PACT]

    whole, none = shaken(inside=1.0), shaken(inside=0.0)
    assert whole.min() > 0
    assert none.max() == 0


def test_a_candidate_may_be_shut_out_by_an_event_since_it_may_be_a_member_by_then(tmp_path):
    out = {"out": event(exclude={"state": "DEL", "bloc": "PACT"})}
    parts = built(model(tmp_path, {"blocs": {"PACT": {"candidates": ["DEL"]}}, "events": out}), 3)
    assert parts.world.layout.excludes


def test_a_member_may_have_frozen_its_part_at_the_start(tmp_path):
    patch = {"rules": {"membership": "shocks"}, "laws": {"membership": {"thaw": 0.0}}}
    found = record(model(tmp_path, {**patch, "blocs": {"PACT": {"frozen": ["GAM"]}}}), 2)
    row = found.end.layout.subjects["member"].index("GAM:PACT")
    assert (found.series["stage"][:, row] >= 3).all()
    assert not found.series["stage"][:, found.end.layout.subjects["member"].index("BET:PACT")].any()
