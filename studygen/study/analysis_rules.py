"""Rules on objectives and analyses: roles of groups, blocks that a role needs, pooling that fits its measure, and that every
objective is answered and every outcome used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from studygen.definition import NotApplicable
from studygen.errors import Fault, did_you_mean
from studygen.misfits import DataPath
from studygen.study.objectives import (
    OCCURRENCE_MEASURES,
    OF_COUNTS,
    Analysis,
    Measure,
    Pooling,
    PoolingModel,
    TrialComponentId,
)
from studygen.study.written import Written

TRANSFORMS: dict[Measure, str] = {
    "incidence_rate": "log",
    "proportion": "logit",
    "mean": "identity",
    "incidence_rate_ratio": "log",
    "relapse_rate_ratio": "log",
    "hazard_ratio": "log",
    "risk_ratio": "log",
    "odds_ratio": "log",
    "risk_difference": "identity",
    "incidence_rate_difference": "identity",
    "mean_difference": "identity",
}
"""The scale on which each measure is combined. A count is not combined."""

INTERVALS_OF_COUNTS: dict[str, frozenset[str]] = {
    "exact_poisson": frozenset({"incidence_rate", "count"}),
    "clopper_pearson": frozenset({"proportion"}),
    "wilson": frozenset({"proportion"}),
}
"""Intervals that belong to certain measures only."""


MEASURES_OF_COUNT_MODELS: dict[str, frozenset[str]] = {
    "mantel_haenszel": frozenset(
        {
            "incidence_rate_ratio",
            "relapse_rate_ratio",
            "risk_ratio",
            "odds_ratio",
            "risk_difference",
            "incidence_rate_difference",
        }
    ),
    "exact_conditional": frozenset({"incidence_rate_ratio", "relapse_rate_ratio", "odds_ratio"}),
}
"""Measures for which the models that combine counts exist."""


def objectives_have_the_right_groups(written: Written) -> Iterator[Fault]:
    study = written.study
    roles: dict[str, str] = {exposure.id: exposure.role for exposure in study.exposures}
    for n, objective in enumerate(study.objectives):
        compares = isinstance(objective.comparator, str)
        allowed = ("exposure",) if compares else ("exposure", "cohort")
        yield from _role(written, roles, objective.exposure, allowed, ("objectives", n, "exposure"))
        if isinstance(objective.comparator, str):
            yield from _role(written, roles, objective.comparator, ("comparator",), ("objectives", n, "comparator"))


def contrasts_have_the_right_groups(written: Written) -> Iterator[Fault]:
    study = written.study
    roles: dict[str, str] = {exposure.id: exposure.role for exposure in study.exposures}
    for n, analysis in enumerate(study.analyses):
        if analysis.contrast:
            place: DataPath = ("analyses", n, "contrast")
            yield from _role(written, roles, analysis.contrast.exposure, ("exposure",), (*place, "exposure"))
            yield from _role(written, roles, analysis.contrast.comparator, ("comparator",), (*place, "comparator"))


def _role(written: Written, roles: dict[str, str], id: str, allowed: tuple[str, ...], path: DataPath) -> Iterator[Fault]:
    role = roles.get(id)
    if role is not None and role not in allowed:
        candidates = [known for known, its_role in roles.items() if its_role in allowed]
        remedy = did_you_mean(id, candidates) if candidates else f'Give one of the exposures the role "{allowed[0]}".'
        yield written.fault(path, f'"{id}" has the role "{role}", but this needs the role "{" or ".join(allowed)}"', remedy)


def measures_have_their_groups(written: Written) -> Iterator[Fault]:
    """A measure of occurrence shows groups; a measure of comparison has a contrast; never both."""
    for n, analysis in enumerate(written.study.analyses):
        place: DataPath = ("analyses", n)
        if analysis.measure in OCCURRENCE_MEASURES:
            if analysis.contrast:
                what = f'"{analysis.measure}" describes single groups and has no contrast'
                yield written.fault((*place, "contrast"), what, 'Write "groups: [exposure ids]" instead, or another measure.')
            elif not analysis.groups:
                what = f'"{analysis.measure}" needs the groups that it is shown for'
                yield written.fault((*place, "groups"), what, 'Add "groups:" with the ids of exposures, or [all].')
        elif not analysis.contrast:
            what = f'"{analysis.measure}" compares two groups and needs a contrast'
            yield written.fault((*place, "contrast"), what, 'Add "contrast: {exposure: …, comparator: …}".')
        elif analysis.groups:
            what = f'"{analysis.measure}" compares two groups, so "groups" has no meaning'
            yield written.fault((*place, "groups"), what, 'Delete "groups"; the contrast names the two groups.')


def main_analyses_compare_what_is_asked(written: Written) -> Iterator[Fault]:
    """The contrast of a main analysis is that of the objectives it answers."""
    study = written.study
    objectives = {objective.id: objective for objective in study.objectives}
    for n, analysis in enumerate(study.analyses):
        if analysis.role != "main" or not analysis.contrast:
            continue
        for used in analysis.objectives:
            objective = objectives.get(used)
            if objective is None:
                continue
            asked = (objective.exposure, objective.comparator)
            if asked != (analysis.contrast.exposure, analysis.contrast.comparator):
                what = f'this main analysis does not compare what the objective "{used}" asks about'
                remedy = "Make the two the same, or give the analysis another role."
                yield written.fault(("analyses", n, "contrast"), what, remedy)


def analyses_answer_their_objectives(written: Written) -> Iterator[Fault]:
    study = written.study
    outcomes = {objective.id: objective.outcomes for objective in study.objectives}
    for n, analysis in enumerate(study.analyses):
        for m, used in enumerate(analysis.objectives):
            if used in outcomes and analysis.outcome not in outcomes[used]:
                what = f'the analysis is of "{analysis.outcome}", which is no outcome of the objective "{used}"'
                remedy = f"Outcomes of that objective: {', '.join(outcomes[used])}."
                yield written.fault(("analyses", n, "objectives", m), what, remedy)


def objectives_are_answered(written: Written) -> Iterator[Fault]:
    study = written.study
    answered = {used for analysis in study.analyses for used in analysis.objectives}
    for n, objective in enumerate(study.objectives):
        if objective.id not in answered:
            what = f'no analysis answers the objective "{objective.id}"'
            yield written.fault(("objectives", n, "id"), what, 'Name it in the "objectives" of an analysis, or delete it.')


def outcomes_are_used(written: Written) -> Iterator[Fault]:
    study = written.study
    used = {outcome for objective in study.objectives for outcome in objective.outcomes}
    for n, outcome in enumerate(study.outcomes):
        if outcome.id not in used:
            what = f'no objective uses the outcome "{outcome.id}"'
            yield written.fault(("outcomes", n, "id"), what, 'Name it in the "outcomes" of an objective, or delete it.')


def roles_have_their_blocks(written: Written) -> Iterator[Fault]:
    """A sensitivity analysis says what it varies, a subgroup analysis by what it splits; no other analysis does."""
    for n, analysis in enumerate(written.study.analyses):
        for block in ("sensitivity", "subgroup"):
            present = getattr(analysis, block) is not None
            if analysis.role == block and not present:
                what = f'the role is "{block}", but the part "{block}:" is missing'
                remedy = f'Add "{block}:" with at least "of:", the analysis that it varies.'
                yield written.fault(("analyses", n, block), what, remedy)
            elif present and analysis.role != block:
                what = f'the part "{block}:" belongs to analyses with the role "{block}", not "{analysis.role}"'
                yield written.fault(("analyses", n, block), what, f'Write "role: {block}", or delete the part.')
            elif present and getattr(analysis, block).of == analysis.id:
                yield written.fault(
                    ("analyses", n, block, "of"), "an analysis cannot vary itself", "Name the analysis it varies."
                )


def subgroup_levels_exist(written: Written) -> Iterator[Fault]:
    levels = {covariate.id: covariate.levels for covariate in written.study.covariates}
    for n, analysis in enumerate(written.study.analyses):
        known = levels.get(analysis.subgroup.variable, ()) if analysis.subgroup else ()
        for m, level in enumerate(analysis.subgroup.levels if analysis.subgroup and known else ()):
            if level not in known:
                what = f'"{level}" is not a level of the covariate'
                yield written.fault(("analyses", n, "subgroup", "levels", m), what, did_you_mean(level, known))


def pooling_models_are_consistent(written: Written) -> Iterator[Fault]:
    for path, _, pooling in _poolings(written):
        seen: set[str] = set()
        for place, model in _models(path, pooling):
            if model.model == "random_effects" and model.estimator == "none":
                what = "random effects need an estimator of the between-registry variance"
                yield written.fault((*place, "estimator"), what, 'Add "estimator: reml", "pm" or "dl".')
            if model.model != "random_effects" and model.estimator != "none":
                yield written.fault((*place, "estimator"), *_estimator_without_meaning(model))
            if model.model != "random_effects" and model.interval != "wald":
                yield written.fault((*place, "interval"), *_interval_without_meaning(model))
            if model.model == "bayesian" and model.prior_scale is None:
                what = "a Bayesian model needs the scale of its prior"
                yield written.fault(place, what, 'Add "prior_scale: 0.5", and say in the plan why.')
            if model.model != "bayesian" and model.prior_scale is not None:
                what = f'"{model.model}" has no prior'
                yield written.fault((*place, "prior_scale"), what, 'Delete "prior_scale", or write "model: bayesian".')
            if model.id in seen:
                what = "the same way to combine is given twice"
                yield written.fault(place, what, "Delete it, or change model, estimator or interval.")
            seen.add(model.id)


def _estimator_without_meaning(model: PoolingModel) -> tuple[str, str]:
    if model.model == "common_effect":
        what = f'a common effect has no between-registry variance, so the estimator "{model.estimator}" has no meaning'
    else:
        what = f'"{model.model}" has no estimator of the between-registry variance, so "{model.estimator}" has no meaning'
    return what, 'Delete "estimator", or write "model: random_effects".'


def _interval_without_meaning(model: PoolingModel) -> tuple[str, str]:
    if model.model == "common_effect":
        name = "Hartung-Knapp" if model.interval.startswith("hartung") else "Student"
        return f"the {name} interval belongs to random effects", 'Write "interval: wald", or "model: random_effects".'
    return f'"{model.model}" has an interval of its own', 'Delete "interval".'


def count_models_have_their_counts(written: Written) -> Iterator[Fault]:
    for path, analysis, pooling in _poolings(written):
        for place, model in _models(path, pooling):
            if model.model not in OF_COUNTS:
                continue
            fitting = MEASURES_OF_COUNT_MODELS[model.model]
            if analysis.input != "counts":
                what = f'"{model.model}" combines counts, but registries send estimates'
                yield written.fault((*place, "model"), what, 'Write "input: counts", or another model.')
            elif analysis.measure not in fitting:
                what = f'"{model.model}" does not exist for the measure "{analysis.measure}"'
                yield written.fault((*place, "model"), what, f"It exists for {', '.join(sorted(fitting))}.")


def _models(path: DataPath, pooling: Pooling) -> Iterator[tuple[DataPath, PoolingModel]]:
    yield (*path, "main"), pooling.main
    for m, model in enumerate(pooling.beside):
        yield (*path, "beside", m), model


def transforms_fit_their_measures(written: Written) -> Iterator[Fault]:
    for path, analysis, pooling in _poolings(written):
        fitting = TRANSFORMS.get(analysis.measure)
        if fitting is None:
            what = f'"{analysis.measure}" cannot be combined over registries'
            yield written.fault(path, what, 'Write "pooling: {not_applicable: reason}".')
        elif pooling.transform != fitting:
            what = f'"{analysis.measure}" is combined on the scale "{fitting}", not "{pooling.transform}"'
            yield written.fault((*path, "transform"), what, f'Write "transform: {fitting}".')


def _poolings(written: Written) -> Iterator[tuple[DataPath, Analysis, Pooling]]:
    for n, analysis in enumerate(written.study.analyses):
        if isinstance(analysis.pooling, Pooling):
            yield ("analyses", n, "pooling"), analysis, analysis.pooling


def intervals_fit_their_input(written: Written) -> Iterator[Fault]:
    for n, analysis in enumerate(written.study.analyses):
        path: DataPath = ("analyses", n, "interval")
        if analysis.input == "estimates" and analysis.interval not in ("as_delivered", "wald"):
            what = f'"{analysis.interval}" is computed from counts, but registries send estimates'
            yield written.fault(path, what, 'Write "interval: as_delivered", or "input: counts".')
        elif analysis.input == "counts" and analysis.interval == "as_delivered":
            what = "registries send counts, so no interval is delivered"
            yield written.fault(path, what, "Name the interval that is computed: exact_poisson, clopper_pearson, wilson or wald.")
        elif analysis.measure not in INTERVALS_OF_COUNTS.get(analysis.interval, {analysis.measure}):
            what = f'the interval "{analysis.interval}" does not belong to the measure "{analysis.measure}"'
            fitting = [name for name, measures in INTERVALS_OF_COUNTS.items() if analysis.measure in measures]
            yield written.fault(path, what, f"Fitting intervals: {', '.join([*fitting, 'wald'])}.")


def target_trial_is_complete(written: Written) -> Iterator[Fault]:
    trial = written.study.design.target_trial
    if isinstance(trial, NotApplicable):
        return
    given = [component.id for component in trial]
    missing = [name for name in get_args(TrialComponentId) if name not in given]
    for n, name in enumerate(given):
        if name in given[:n]:
            what = f'the component "{name}" is given twice'
            yield written.fault(("design", "target_trial", n, "id"), what, f"Missing components: {', '.join(missing)}.")
