"""The tables of experiments over many scenarios or points, each declared once."""

from __future__ import annotations

from sim.records.columns import Column, Table, newer, plain, text
from sim.records.tables import OUTCOME_UNIT

COLUMNS = Table("columns", plain("file,column,definition", str))

# Sweeps

SWEEP_COLUMNS = Table("columns", plain("file,column,unit,definition", str))
DESIGN = Table(
    "design", (Column("point", "", "Number of the point.", key=True),), label="design.csv, chunks"
)
CHUNKS = Table(
    "outcomes",  # exported; the chunks themselves are Parquet
    (
        text("variant", "Variant of the scenario.", key=True),
        Column("point", key=True),
        Column(
            "run", "", "Replicate: the same number draws the same randomness everywhere.", key=True
        ),
    ),
    label="chunks",
)
POINTS = Table(
    "points",
    (
        Column("variant", dtype=str, key=True),
        Column("point", key=True),
        Column("(path)", "", "Its value at the point; empty where the variant keeps its own."),
        Column("(outcome)", "", "Mean of the outcome over the runs of the point."),
    ),
)
SWEEP_SUMMARY = Table(
    "summary",
    (
        *plain("variant,outcome", str),
        *plain("points"),
        Column("mean", OUTCOME_UNIT, "Mean over points."),
        Column("sd_of_points", OUTCOME_UNIT, "Standard deviation over points."),
        Column("least", OUTCOME_UNIT, "Least mean of a point, and which."),
        *plain("least_point"),
        Column("most", OUTCOME_UNIT, "Greatest mean of a point, and which."),
        *plain("most_point"),
    ),
)

SWEEP = (DESIGN, CHUNKS, POINTS, SWEEP_SUMMARY)

# Sensitivity analyses

INDICES = Table(
    "indices",
    (
        text("outcome", "Outcome, its mean over the runs of a point, or its difference.", key=True),
        Column(
            "rank",
            "",
            "Rank among the parameters by the index that ranks; 0 for the dummy.",
            key=True,
        ),
        text("parameter", "Dotted path, or the group where groups were varied as one.", key=True),
        Column("..._low, ..._high", "", "Ends of the 95 % interval by bootstrap."),
        text("law", "Role of the parameter's law; scenario for the scenario's numbers."),
        text("block", "Block of the scenario that holds it."),
        text("source", "facts or assumptions: whether one of its sources is `assumed`."),
        Column("share", "", "Its part of the sum of the index that ranks over all parameters."),
    ),
)
GROUPS = Table(
    "groups",
    (
        text("outcome"),
        text("grouping", "law, block or source."),
        text("group", "Name of the group."),
        Column("parameters", "", "How many it has."),
        text("index", "The index that ranks."),
        Column("value", "", "Sum of the index over the group's parameters; of PAWN the mean."),
        Column("low, high", "", "Ends of its 95 % interval, by bootstrap of whole blocks."),
        Column("share", "", "The sum's part of the sum over all parameters; empty for PAWN."),
        Column("most", "", "The greatest index in the group."),
        text("most_parameter", "The parameter that has it."),
    ),
)
ANALYSED = Table(
    "outcomes",
    (
        text("outcome"),
        text("status", "analysed, constant, undefined, or undefined at some points."),
        *plain("points"),
        Column("undefined", "", "Points at which the outcome is undefined in all runs."),
        Column("mean, sd, least, most", "", "Over the points, in the outcome's unit."),
        text("method"),
        text("variant"),
        *plain("runs"),
        text("versus"),
    ),
)
FACTORS = Table(
    "parameters",
    (
        *plain("parameter,unit", str),
        Column("value", "", "At which the number stands in the scenario."),
        Column("low, high", "", "Between which it was varied."),
        text("scale", "linear or logarithmic: over what it was evenly spread."),
        text("source", "Keys of the bibliography, or assumed."),
        *plain("law,block", str),
    ),
)
LEFT_OUT = Table(
    "left_out",
    (
        Column("numbers", "", "How many numbers of the scenario were not varied."),
        text("why", "What they are, and how they could be varied."),
    ),
)

SENSITIVITY = (INDICES, GROUPS, ANALYSED, FACTORS, LEFT_OUT)

# Boxes

BOXES = Table(
    "boxes",
    (
        Column("box", "", "Number of the box; later boxes are found among what earlier ones left."),
        text("path", "Path that the box restricts."),
        Column("low, high", "", "Ends of the box on it; empty where it is open."),
        text("texts", "Texts that the box holds, of a path that is no number, joined by |."),
        Column("least, most", "", "Ends of the design on the path."),
        Column(
            "qp_low, qp_high",
            "",
            "Quasi-p of each end (of texts in qp_low): one-sided binomial test.",
        ),
        Column("coverage", "", "Share of all cases of interest that are inside."),
        Column("density", "", "Share of cases of interest among what is inside."),
        Column("mass", "", "Share of everything that is inside."),
        Column("inside", "", "Runs (or points) inside."),
        Column("of_interest", "", "Of them cases of interest."),
    ),
)
TRAJECTORY = Table(
    "trajectory",
    (
        *plain("step,coverage,density,mass"),
        Column("res_dim", "", "Paths restricted at the step."),
        Column("chosen", "", "Whether the step is the box.", bool, key=True),
        *plain("box"),
    ),
)

# Comparisons

COMPARED = Table(
    "differences",
    (
        *plain("outcome", str),
        *plain("runs,one,other,difference,low,high,changed,pairing"),
        *newer(
            3, *plain("low90,high90,smallest,d,above,below"), *plain("verdict,outcome_other", str)
        ),
    ),
)
INPUTS = Table("inputs", plain("input,one,other,source_one,source_other", str))
ATTRIBUTION = Table("attribution", (*plain("outcome,input", str), *plain("share,low,high")))
COMPARED_RUNS = Table("runs", (*plain("outcome", str), *plain("run,one,other")))

COMPARISON = (COMPARED, ATTRIBUTION, COMPARED_RUNS, INPUTS)

# Ablations

ABLATED = Table(
    "ablation",
    (
        text("mechanism", "That is off, or alone; empty where all are on, or none is.", key=True),
        text("setting", "all, none, off (all others on) or alone (all others off).", key=True),
        text("against", "The setting that the difference is taken from: all or none.", key=True),
        text("kind", "outcome, contrast (of an outcome), check (of a pattern) or expectation."),
        text("subject", "The outcome, PATTERN.check, or the name of the expectation."),
        text("variant", "Variant of the scenario."),
        text("versus", "The variant that is taken off it, of contrasts and expectations."),
        Column("runs", "", "Runs in which it is defined under both settings."),
        Column("level", "", "Mean over runs; of a check the share of runs in its band."),
        Column("difference", "", "Mean over runs of the difference from the other setting."),
        Column("low, high", "", "Ends of its 95 % interval, over runs that share randomness."),
        Column("changed", "", "Share of runs that differ."),
        Column("smallest", "", "The smallest effect of interest."),
        text("verdict", "On the difference: larger, smaller, none, undecided and so on."),
        text("mark", "inside or outside of a check; holds, fails or undecided of an expectation."),
        text("mark_against", "The same under the other setting."),
    ),
)
MECHANISMS = Table(
    "mechanisms",
    (
        text("mechanism", "Name.", key=True),
        text("state", "run, on (all others' settings have it), or absent (nothing to switch off)."),
        text("off", "Paths and the numbers at which it is off; roles and rules."),
        text("source", "Key of the bibliography, or assumed."),
        text("text", "What it does."),
        Column("moved", "", "Rows whose difference is beyond the smallest effect for sure."),
        Column(
            "turned",
            "",
            "Checks and expectations judged otherwise: inside or outside, holds or fails.",
        ),
        Column("open", "", "Rows that these runs do not decide."),
        Column("none", "", "Rows whose difference is smaller than the smallest effect."),
        text(
            "most", "What it moves most in smallest effects, off (from all) or alone (from none)."
        ),
        text("most_variant", "The variant, or both of a contrast."),
        text("most_setting", "off or alone."),
        Column("most_size", "", "That difference over its smallest effect."),
    ),
)
ABLATION = (ABLATED, MECHANISMS)

# Calibrations

POSTERIOR = Table("posterior", (Column("weight", key=True),))
IDENTIFIED = Table(
    "identified",
    (
        *plain("path,unit,identified", str),
        *plain("prior_q05,prior_q50,prior_q95,posterior_q05,posterior_q50,posterior_q95"),
        *plain("sd_ratio,kl_nats,explained"),
    ),
)
FIT = Table(
    "fit",
    (
        *plain("check,window", str),
        *plain("low,high,historical"),
        *plain("prior_q05,prior_q50,prior_q95,prior_defined,prior_inside"),
        *plain("posterior_q05,posterior_q50,posterior_q95,posterior_defined,posterior_inside"),
    ),
)
RECOVERY = Table("recovery", (*plain("path", str), *plain("repeats,held,coverage")))

CALIBRATION = (POSTERIOR, IDENTIFIED, FIT, RECOVERY)

# Backtests

FORECASTERS = ("model", "persistence", "recent", "base_rate", "gravity")
HONEST = ("gravity_recalibrated", "pool")  # skill is claimed only over both of them
SCORES = Table(
    "backtest",
    (
        *plain("target,score,forecaster", str),
        *plain("value,cases,observed_mean,skill_of_model,low,high"),
    ),
)
FORECASTS = Table(
    "forecasts",
    (
        *plain("origin,target,from,to,year", str),
        *plain(",".join(("observed", *FORECASTERS))),
        *newer(4, *plain(",".join(HONEST))),
    ),
)

BACKTEST = (SCORES, FORECASTS)

# Audits

AUDIT_NUMBERS = Table(
    "audit_numbers",
    (*plain("path,block,kind,source", str), *plain("value"), *plain("unit,dist", str),
     *plain("low,high")),
)  # fmt: skip
AUDIT_OUTCOMES = Table(
    "audit_outcomes",
    (
        *plain("outcome", str),
        *plain("mean,sd,defined"),
        *plain("group", str),
        *plain("inputs,first,first_low,first_high,total,total_low,total_high"),
    ),
)
AUDIT = (AUDIT_NUMBERS, AUDIT_OUTCOMES)
