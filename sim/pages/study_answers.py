"""Findings of a study of any kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sim.pages.score_answers import (
    audit_answer,
    backtest_answer,
    calibration_answer,
    discovery_answer,
    sensitivity_answer,
)
from sim.pages.setting_answers import (
    ablation_answer,
    comparison_answer,
    structural_answer,
    sweep_answer,
)
from sim.pages.study_folder import StudyAnswer, StudyFolder
from sim.records.kinds import (
    ABLATION,
    AUDIT,
    BACKTEST,
    CALIBRATION,
    COMPARISON,
    DISCOVERY,
    SENSITIVITY,
    STRUCTURAL,
    SWEEP,
)
from sim.records.soundness import damaged

ANSWERS: Mapping[str, Callable[[StudyFolder], StudyAnswer]] = {
    SWEEP.name: sweep_answer,
    COMPARISON.name: comparison_answer,
    CALIBRATION.name: calibration_answer,
    BACKTEST.name: backtest_answer,
    ABLATION.name: ablation_answer,
    SENSITIVITY.name: sensitivity_answer,
    STRUCTURAL.name: structural_answer,
    DISCOVERY.name: discovery_answer,
    AUDIT.name: audit_answer,
}


def answer_of_study(study: StudyFolder) -> StudyAnswer:
    """Return the findings of a study of any kind."""
    try:
        return ANSWERS[study.kind.name](study)
    except KeyError as error:
        raise damaged(study.folder, f"{error} is missing") from None
