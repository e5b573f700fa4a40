"""Rules on ids: every id that is used exists, none is given twice, and result ids have one meaning only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from studygen.errors import Fault, did_you_mean
from studygen.misfits import DataPath
from studygen.study.written import Written

Use = tuple[DataPath, str | None]
"""Where an id is used, and the id; None when the use is left out."""

EVERYONE = "all"
"""The group of an analysis that is not split by exposure."""

RESULT_STEMS = frozenset({"attrition", "baseline", "feasibility", "size"})
"""First parts of result ids that are no analyses."""

RESULT_WORDS = frozenset(
    {EVERYONE, "pooled", "total", "estimate", "tau_squared", "i_squared", "h_squared", "q", "q_p", "k", "prediction"}
)
"""Parts of a result id that stand where a group or a registry could stand."""


def windows_exist(written: Written) -> Iterator[Fault]:
    study = written.study
    uses: list[Use] = [
        (("population", "time_zero", "washout"), study.population.time_zero.washout),
        (("follow_up", "window"), study.follow_up.window),
    ]
    uses += [((*path, "window"), criterion.window) for path, criterion in written.criteria()]
    for n, exposure in enumerate(study.exposures):
        uses += [(("exposures", n, "washout"), exposure.washout), (("exposures", n, "window"), exposure.window)]
    for n, outcome in enumerate(study.outcomes):
        uses += [(("outcomes", n, "washout"), outcome.washout), (("outcomes", n, "window"), outcome.window)]
    uses += [(("covariates", n, "window"), covariate.window) for n, covariate in enumerate(study.covariates)]
    return _unknown(written, "window", uses, (window.id for window in study.windows), "windows")


def code_lists_exist(written: Written) -> Iterator[Fault]:
    uses: list[Use] = [
        ((*path, "code_lists", n), used) for path, entry in written.measured() for n, used in enumerate(entry.code_lists)
    ]
    return _unknown(written, "code list", uses, (codes.id for codes in written.study.code_lists), "code_lists")


def substances_exist(written: Written) -> Iterator[Fault]:
    study = written.study
    uses: list[Use] = [
        (("exposures", n, "substances", m), used)
        for n, exposure in enumerate(study.exposures)
        for m, used in enumerate(exposure.substances)
    ]
    return _unknown(written, "substance", uses, (x.id for x in study.products.substances), "products.substances")


def exposures_exist(written: Written) -> Iterator[Fault]:
    study = written.study
    uses: list[Use] = []
    for n, objective in enumerate(study.objectives):
        uses.append((("objectives", n, "exposure"), objective.exposure))
        if isinstance(objective.comparator, str):
            uses.append((("objectives", n, "comparator"), objective.comparator))
    for n, analysis in enumerate(study.analyses):
        if analysis.contrast:
            uses.append((("analyses", n, "contrast", "exposure"), analysis.contrast.exposure))
            uses.append((("analyses", n, "contrast", "comparator"), analysis.contrast.comparator))
        uses += [(("analyses", n, "groups", m), group) for m, group in enumerate(analysis.groups) if group != EVERYONE]
    return _unknown(written, "exposure", uses, (exposure.id for exposure in study.exposures), "exposures")


def outcomes_exist(written: Written) -> Iterator[Fault]:
    study = written.study
    uses: list[Use] = [
        (("objectives", n, "outcomes", m), used)
        for n, objective in enumerate(study.objectives)
        for m, used in enumerate(objective.outcomes)
    ]
    uses += [(("analyses", n, "outcome"), analysis.outcome) for n, analysis in enumerate(study.analyses)]
    for part, items in (("inclusion", study.population.inclusion), ("exclusion", study.population.exclusion)):
        uses += [(("population", part, n, "outcomes", m), used) for n, x in enumerate(items) for m, used in enumerate(x.outcomes)]
    uses += [
        (("follow_up", "ends", n, "outcomes", m), used)
        for n, x in enumerate(study.follow_up.ends)
        for m, used in enumerate(x.outcomes)
    ]
    uses += [
        (("exposures", n, "effect_outcomes", m), used)
        for n, x in enumerate(study.exposures)
        for m, used in enumerate(x.effect_outcomes)
    ]
    if isinstance(study.study_size.scenarios, tuple):
        uses += [(("study_size", "scenarios", n, "outcome"), x.outcome) for n, x in enumerate(study.study_size.scenarios)]
    return _unknown(written, "outcome", uses, (outcome.id for outcome in study.outcomes), "outcomes")


def covariates_exist(written: Written) -> Iterator[Fault]:
    study = written.study
    uses: list[Use] = [
        (("analyses", n, "subgroup", "variable"), analysis.subgroup.variable)
        for n, analysis in enumerate(study.analyses)
        if analysis.subgroup
    ]
    return _unknown(written, "covariate", uses, (covariate.id for covariate in study.covariates), "covariates")


def variables_exist(written: Written) -> Iterator[Fault]:
    """What a registry says of a variable concerns an outcome or a covariate."""
    study = written.study
    uses: list[Use] = [
        (("participation", n, "variables", m, "variable"), availability.variable)
        for n, participation in enumerate(study.participation)
        for m, availability in enumerate(participation.variables)
    ]
    known = [outcome.id for outcome in study.outcomes] + [covariate.id for covariate in study.covariates]
    return _unknown(written, "outcome or covariate", uses, known, "outcomes or covariates")


def objectives_exist(written: Written) -> Iterator[Fault]:
    study = written.study
    uses: list[Use] = [
        (("analyses", n, "objectives", m), used)
        for n, analysis in enumerate(study.analyses)
        for m, used in enumerate(analysis.objectives)
    ]
    uses += [
        (("participation", n, "objectives", m), used)
        for n, participation in enumerate(study.participation)
        for m, used in enumerate(participation.objectives)
    ]
    return _unknown(written, "objective", uses, (objective.id for objective in study.objectives), "objectives")


def analyses_exist(written: Written) -> Iterator[Fault]:
    study = written.study
    uses: list[Use] = []
    for n, analysis in enumerate(study.analyses):
        if analysis.sensitivity:
            uses.append((("analyses", n, "sensitivity", "of"), analysis.sensitivity.of))
        if analysis.subgroup:
            uses.append((("analyses", n, "subgroup", "of"), analysis.subgroup.of))
    return _unknown(written, "analysis", uses, (analysis.id for analysis in study.analyses), "analyses")


def parties_exist(written: Written) -> Iterator[Fault]:
    documents = written.study.documents
    uses: list[Use] = [
        (("documents", name, "author"), version.author)
        for name in type(documents).model_fields
        if (version := getattr(documents, name)) is not None
    ]
    known = (party.id for party in written.study.responsible_parties)
    return _unknown(written, "responsible party", uses, known, "responsible_parties")


def registries_exist(written: Written) -> Iterator[Fault]:
    study = written.study
    uses: list[Use] = [(("participation", n, "registry"), x.registry) for n, x in enumerate(study.participation)]
    uses += [(("responsible_parties", n, "registry"), x.registry) for n, x in enumerate(study.responsible_parties)]
    for n, exclusion in enumerate(study.overlap.exclusions):
        uses += [(("overlap", "exclusions", n, "because_of", m), used) for m, used in enumerate(exclusion.because_of)]
    return _unknown(written, "registry", uses, written.registries, "the network's registries or in the study's sources")


def overlap_concerns_participants(written: Written) -> Iterator[Fault]:
    """People can only be excluded from a registry that is asked to take part, and an analysis only be restricted to such ones."""
    study = written.study
    uses: list[Use] = [(("overlap", "exclusions", n, "registry"), x.registry) for n, x in enumerate(study.overlap.exclusions)]
    uses += [(("analyses", n, "registries", m), id) for n, x in enumerate(study.analyses) for m, id in enumerate(x.registries)]
    return _unknown(written, "registry", uses, (x.registry for x in study.participation), "participation")


def _unknown(written: Written, noun: str, uses: Iterable[Use], known: Iterable[str], where: str) -> Iterator[Fault]:
    defined = frozenset(known)
    for path, used in uses:
        if used is not None and used not in defined:
            yield written.fault(path, f'there is no {noun} "{used}" under {where}', did_you_mean(used, defined))


def ids_are_unique(written: Written) -> Iterator[Fault]:
    study = written.study
    for kind in _KINDS_WITH_IDS:
        yield from _repeated(written, [((kind, n, "id"), entry.id) for n, entry in enumerate(getattr(study, kind))])
    yield from _repeated(written, [(("products", "substances", n, "id"), x.id) for n, x in enumerate(study.products.substances)])
    yield from _repeated(written, [((*path, "id"), criterion.id) for path, criterion in written.criteria()])
    yield from _repeated(written, [(("participation", n, "registry"), x.registry) for n, x in enumerate(study.participation)])


_KINDS_WITH_IDS = (
    "responsible_parties",
    "objectives",
    "windows",
    "exposures",
    "outcomes",
    "covariates",
    "code_lists",
    "analyses",
    "limitations",
    "deviations",
)


def _repeated(written: Written, entries: Iterable[tuple[DataPath, str]]) -> Iterator[Fault]:
    first: dict[str, DataPath] = {}
    for path, id in entries:
        if id in first:
            line = written.positions.line(first[id])
            yield written.fault(
                path, f'"{id}" is used twice', f"It stands already in line {line}. Give one of the two another id."
            )
        first.setdefault(id, path)


def study_has_its_folders_name(written: Written) -> Iterator[Fault]:
    if written.study.id != written.folder:
        what = f'the study\'s id is "{written.study.id}", but its folder is "{written.folder}"'
        yield written.fault(("id",), what, "Give both the same name.")


def result_ids_are_unambiguous(written: Written) -> Iterator[Fault]:
    """Parts of a result id: `<analysis>.<group>.<registry>.<statistic>`. A group may not look like a registry or a word of the
    statistic, an analysis not like a stem that is no analysis, an outcome not like a covariate."""
    study = written.study
    for n, analysis in enumerate(study.analyses):
        if analysis.id in RESULT_STEMS:
            yield _taken(written, ("analyses", n, "id"), analysis.id, "the first part of other results' ids")
    for n, exposure in enumerate(study.exposures):
        if exposure.id in written.registries:
            yield _taken(written, ("exposures", n, "id"), exposure.id, "a registry")
        elif _is_result_word(exposure.id):
            yield _taken(written, ("exposures", n, "id"), exposure.id, "a word in results' ids")
    for n, participation in enumerate(study.participation):
        if _is_result_word(participation.registry):
            yield _taken(written, ("participation", n, "registry"), participation.registry, "a word in results' ids")
    outcomes = {outcome.id for outcome in study.outcomes}
    for n, outcome in enumerate(study.outcomes):
        if outcome.id in RESULT_STEMS | {EVERYONE, "pooled", "total"}:
            yield _taken(written, ("outcomes", n, "id"), outcome.id, "a word in results' ids")
    for n, covariate in enumerate(study.covariates):
        if covariate.id in outcomes:
            yield _taken(written, ("covariates", n, "id"), covariate.id, "an outcome")


def _is_result_word(id: str) -> bool:
    return id in RESULT_WORDS | RESULT_STEMS or id.startswith(("pooled_", "without_"))


def _taken(written: Written, path: DataPath, id: str, owner: str) -> Fault:
    return written.fault(path, f'"{id}" is already the name of {owner}', "Choose another id.")
