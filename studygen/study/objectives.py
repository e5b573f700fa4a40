"""What is asked and how it is answered: objectives, estimands, target trial, analyses, pooling, study size."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from studygen.definition import Applicable, Declared, Id, Prose

Measure = Literal[
    "incidence_rate",
    "proportion",
    "count",
    "mean",
    "incidence_rate_ratio",
    "relapse_rate_ratio",
    "hazard_ratio",
    "risk_ratio",
    "odds_ratio",
    "risk_difference",
    "incidence_rate_difference",
    "mean_difference",
]

OCCURRENCE_MEASURES: frozenset[str] = frozenset({"incidence_rate", "proportion", "count", "mean"})
"""Measures of one group; the others compare two."""


class IntercurrentEvent(Declared):
    event: str
    strategy: Literal["treatment_policy", "hypothetical", "composite", "while_on_treatment", "principal_stratum"]
    rationale: str


class Estimand(Declared):
    """The five attributes of ICH E9(R1); intercurrent events each with one strategy."""

    treatment: str
    population: str
    variable: str
    summary: str
    intercurrent_events: Annotated[tuple[IntercurrentEvent, ...], Field(min_length=1)]


class Objective(Declared):
    """An objective (HARPER Table 2). `text` starts with "To "."""

    id: Id
    rank: Literal["primary", "secondary", "exploratory"]
    text: Annotated[str, Field(pattern=r"^To ")]
    hypothesis: Applicable[str]
    exposure: Id
    comparator: Applicable[Id]
    outcomes: Annotated[tuple[Id, ...], Field(min_length=1)]
    estimand: Applicable[Estimand]


TrialComponentId = Literal[
    "eligibility_criteria",
    "treatment_strategies",
    "assignment_procedures",
    "follow_up",
    "outcomes",
    "causal_contrasts",
    "identifying_assumptions",
    "data_analysis_plan",
]


class TrialComponent(Declared):
    id: TrialComponentId
    target: str
    emulation: str


class Design(Declared):
    kind: Literal[
        "new_user_active_comparator",
        "cohort",
        "single_arm_cohort",
        "case_control",
        "cross_sectional",
        "meta_analysis_of_aggregates",
    ]
    analysis: Literal["federated_two_stage", "pooled_individual_data", "published_aggregates"]
    data_collection: Literal["primary", "secondary", "combined"]
    description: Prose
    rationale: Prose
    """Why this design answers the question."""
    target_trial: Applicable[Annotated[tuple[TrialComponent, ...], Field(min_length=8, max_length=8)]]


class PoolingModel(Declared):
    """One way to combine the registries' results."""

    model: Literal["common_effect", "random_effects", "bayesian", "mantel_haenszel", "exact_conditional"]
    """`bayesian`: random effects with a half-normal prior. `mantel_haenszel` and `exact_conditional` combine counts of two groups
    and add nothing to zeros."""
    estimator: Literal["none", "dl", "pm", "reml", "ml", "eb", "sj", "he", "hs"] = "none"
    """Between-registry variance of random effects: DerSimonian-Laird, Paule-Mandel, restricted maximum likelihood, maximum
    likelihood, empirical Bayes, Sidik-Jonkman, Hedges, Hunter-Schmidt. `none` for the other models."""
    interval: Literal["wald", "t", "hartung_knapp", "hartung_knapp_truncated"] = "wald"
    """`t` and both Hartung-Knapp intervals are for random effects. `bayesian` and `exact_conditional` have an interval of their
    own."""
    prior_scale: Annotated[float, Field(gt=0, lt=100)] | None = None
    """For `bayesian`: the scale of the half-normal prior of the standard deviation between registries, on the scale of
    combination. For log ratios 0.5 is usual."""

    @property
    def id(self) -> str:
        """The part of a result id that names this way: `common_wald`, `dl_hartung_knapp`, `bayesian_0_5`, `mantel_haenszel`."""
        if self.model == "bayesian":
            return f"bayesian_{self.prior_scale or 0:g}".replace(".", "_").replace("-", "_")
        if self.model in OF_COUNTS:
            return self.model
        stem = "common" if self.model == "common_effect" else self.estimator
        return f"{stem}_{self.interval}"

    @property
    def interval_kind(self) -> str:
        """The kind of interval that the model gives, a word of the list `interval`."""
        return {"bayesian": "credible", "exact_conditional": "exact_conditional"}.get(self.model, self.interval)


OF_COUNTS: frozenset[str] = frozenset({"mantel_haenszel", "exact_conditional"})
"""Models that combine counts instead of estimates."""


class Pooling(Declared):
    """How the registries' results are combined: the main way, and those shown beside it."""

    main: PoolingModel
    beside: tuple[PoolingModel, ...] = ()
    transform: Literal["log", "logit", "identity"] = "log"
    """The scale on which estimates are combined."""
    level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    prediction: bool = True
    leave_one_out: bool = True
    rule: Prose
    """When results are not combined, how few registries and registries without events are handled."""


class Contrast(Declared):
    exposure: Id
    comparator: Id

    @property
    def group(self) -> str:
        """The delivery's group for this contrast: `exposure:comparator`."""
        return f"{self.exposure}:{self.comparator}"


class Sensitivity(Declared):
    """HARPER Table 11."""

    of: Id
    """The analysis that this one varies."""
    varied: str
    why: str
    strengths: str
    limitations: str


class Subgroup(Declared):
    of: Id
    variable: Id
    """Covariate that defines the subgroups."""
    levels: Annotated[tuple[str, ...], Field(min_length=2)]


class Analysis(Declared):
    """One planned analysis (HARPER Table 10). Its id is the stem of its results' ids."""

    id: Id
    label: str
    role: Literal["main", "secondary", "sensitivity", "subgroup", "descriptive"]
    objectives: Annotated[tuple[Id, ...], Field(min_length=1)]
    outcome: Id
    contrast: Contrast | None = None
    """For a measure that compares two groups."""
    groups: tuple[Id, ...] = ()
    """For a measure of occurrence: the exposure groups it is shown for, or `[all]` for everybody together."""
    registries: tuple[Id, ...] = ()
    """The registries that it is restricted to; empty means all that take part in its objectives."""
    measure: Measure
    per: Literal[1, 100, 1000, 10000, 100000] = 1000
    """Multiplier of a rate's person-years; ignored for other measures."""
    input: Literal["counts", "estimates"]
    """What registries send: counts (and person-years), or their own estimates with interval or standard error."""
    interval: Literal["exact_poisson", "clopper_pearson", "wilson", "wald", "as_delivered"]
    """How a single registry's interval is computed."""
    model: str
    adjustment: str
    missing_data: str
    software: str
    hypothesis: str = ""
    pooling: Applicable[Pooling]
    sensitivity: Sensitivity | None = None
    subgroup: Subgroup | None = None
    post_hoc: bool = False

    @property
    def exposure_groups(self) -> tuple[str, ...]:
        """The exposures among its groups: none when it is shown for everybody together."""
        return tuple(group for group in self.groups if group != "all")


class SizeInput(Declared):
    label: str
    value: str
    source: str


class SizeScenario(Declared):
    """Expected precision for one outcome; numbers are computed from these inputs, never typed."""

    outcome: Id
    persons_exposed: Annotated[int, Field(gt=0)]
    persons_comparator: Annotated[int, Field(gt=0)]
    mean_follow_up_years: Annotated[float, Field(gt=0)]
    rate_comparator_per_1000: Annotated[float, Field(ge=0)]
    ratios: Annotated[tuple[float, ...], Field(min_length=1)]
    """Rate or hazard ratios for which events, power and interval width are shown."""


class StudySize(Declared):
    statement: Prose
    alpha: Annotated[float, Field(gt=0, lt=1)] = 0.05
    inputs: Annotated[tuple[SizeInput, ...], Field(min_length=1)]
    scenarios: Applicable[tuple[SizeScenario, ...]]


class Wording(Declared):
    """Which words the report may use of a comparison. Limits are those of ratios; without them nothing is called similar or
    non-inferior."""

    direction: Literal["interval", "estimate"] = "interval"
    """When one group is called higher or lower than another: `interval`, when the interval leaves out no difference; `estimate`,
    when the estimate lies on that side."""
    similar: tuple[Annotated[float, Field(gt=0, lt=1)], Annotated[float, Field(gt=1)]] | None = None
    """The interval of a ratio must lie between these for groups to be called similar, for example [0.8, 1.25]."""
    non_inferior: Annotated[float, Field(gt=1)] | None = None
    """The upper limit of a ratio must lie below this for the group first named to be called non-inferior."""

    @property
    def similar_text(self) -> tuple[str, ...]:
        """The two limits as they are printed."""
        return tuple(f"{limit:g}" for limit in self.similar or ())

    @property
    def non_inferior_text(self) -> str:
        """The margin as it is printed; empty without one."""
        return f"{self.non_inferior:g}" if self.non_inferior else ""


class AnalysisPlan(Declared):
    """What the analysis plan says beyond the single analyses."""

    general: Prose
    summary_measures: Prose
    descriptive: Prose
    main: Prose
    confounding: Prose
    balance_threshold: Annotated[float, Field(gt=0, lt=1)] = 0.1
    """The absolute standardised difference of a covariate beyond which two groups count as unbalanced."""
    missing_data: Prose
    subgroups: Applicable[Prose]
    intercurrent_events: Applicable[Prose]
    pooling: Prose
    heterogeneity: Prose
    sensitivity: Prose
    multiplicity: Prose
    interim: Applicable[Prose]
    analysis_sets: Prose
    software: Prose
    changes_from_protocol: Applicable[Prose]
    data_access: Prose
    """When comparative results were or will first be seen, relative to the plan's date."""
    wording: Wording = Wording()
    """What must hold of a result for the words that are used of it."""
