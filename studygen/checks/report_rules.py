"""Whether the report answers what was planned: registration, objectives, sensitivity analyses, deviations, limitations, adverse
events (R03-R06, R14, R18)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from studygen.checks.claims import has
from studygen.checks.parts import SectionParts, cells, columns, sections_of, table_in
from studygen.checks.subject import Rule, Subject
from studygen.document.nodes import Table, Value, plain_text, walk
from studygen.errors import Fault

RESULT_SECTIONS = ("sec-outcome-data", "sec-main-results", "sec-other-analyses")
_MILESTONE_COLUMNS = 4

DISCUSSED: Mapping[str, str] = {
    "selection_bias": "selection bias",
    "information_bias": "information bias",
    "confounding": "residual or unmeasured confounding",
    "missing_data": "missing data",
    "generalisability": "generalisability",
}
"""Kinds of limitation that a report discusses, and what they are called in messages."""


def _sections(subject: Subject) -> Mapping[str, SectionParts]:
    """The report's sections by id; empty while there is no report."""
    checked = subject.documents.get("report")
    return {each.section.id: each for each in sections_of(checked)} if checked else {}


def registration_is_reported(subject: Subject) -> Iterator[Fault]:
    """The report's milestones give the date of registration, or say that the study is not registered."""
    sections, registration = _sections(subject), subject.study.registration
    if "sec-milestones" not in sections:
        return
    milestones = [each for each in subject.study.milestones if each.kind == "registration"]
    dated = registration.registered_on or next((each.actual for each in milestones if each.actual), None)
    if registration.number and not dated:
        what = f"{registration.number} has no date of registration, which the report gives as a milestone"
        yield subject.fault(
            ("registration",), what, "Add registered_on, or the actual date of the milestone of kind registration."
        )
    elif not registration.number and not registration.note:
        what = "the study is not registered, and the report cannot say why"
        yield subject.fault(("registration",), what, "Register the study, or say in registration.note why it is not.")
    table = table_in(sections["sec-milestones"].blocks, "tbl-milestones")
    place = sections["sec-milestones"].parts[0].place("report")
    if table is None or len(columns(table)) < _MILESTONE_COLUMNS:
        what = (
            f"the table of milestones has the columns {', '.join(columns(table))}" if table else "there is no table of milestones"
        )
        yield Fault(place, what, "Show milestone, planned date, actual date and comments.")
    elif dated and registration.number and str(dated.year) not in " ".join(" ".join(row) for row in cells(table)):
        what = f"the date of registration, {dated}, is not among the milestones"
        yield Fault(place, what, "Add a milestone of kind registration with this date as the actual one.")


def objectives_have_results(subject: Subject) -> Iterator[Fault]:
    """Every objective has a result in the report, or the text says why there is none."""
    sections = _sections(subject)
    if not sections or subject.study.report is None:
        return
    shown = _shown(sections, RESULT_SECTIONS)
    study, told = subject.study, subject.study.report
    for position, objective in enumerate(study.objectives):
        analyses = study.analyses_of(objective.id)
        if any(analysis.id in shown for analysis in analyses):
            continue
        texts = " ".join((told.main_results, told.other_analyses, told.outcome_data))
        explained = [each for each in study.deviations if has(each.concerns, (objective.id, *(a.id for a in analyses)))]
        if not explained and not has(texts, [study.outcome(id).label for id in objective.outcomes]):
            what = f'no result answers the {objective.rank} objective "{objective.id}", and the report does not say why'
            yield subject.fault(("objectives", position), what, "Say why in report.main_results, or record a deviation.")


def _shown(sections: Mapping[str, SectionParts], ids: tuple[str, ...]) -> frozenset[str]:
    """The analyses of which a result is shown in one of the sections."""
    blocks = tuple(sections[id].blocks for id in ids if id in sections)
    return frozenset(node.id.split(".")[0] for node in walk(blocks) if isinstance(node, Value))


def sensitivity_analyses_are_shown(subject: Subject) -> Iterator[Fault]:
    """Planned sensitivity analyses are among the other analyses."""
    sections = _sections(subject)
    if "sec-other-analyses" not in sections:
        return
    section = sections["sec-other-analyses"]
    titles = [plain_text(part.heading.children) for part in section.parts]
    shown = _shown(sections, ("sec-other-analyses",))
    for analysis in subject.study.analyses:
        named = [title for title in titles if analysis.label.lower() in title.lower()]
        if analysis.role == "sensitivity" and not analysis.post_hoc and not named and analysis.id not in shown:
            what = f'the planned sensitivity analysis "{analysis.label}" ({analysis.id}) is not in {section.parts[0].title}'
            yield Fault(section.parts[0].place("report"), what, "Show its result there, or say why it was not done.")


def deviations_are_listed(subject: Subject) -> Iterator[Fault]:
    """Every deviation of the definition is in the report's section on amendments, or in that on the analysis plan."""
    sections = _sections(subject)
    if not sections:
        return
    listed = [sections[id].blocks for id in ("sec-amendments", "sec-plan-amendments") if id in sections]
    rows = [node for node in walk(tuple(listed)) if isinstance(node, Table) and node.id == "tbl-deviations"]
    printed = " ".join(plain_text(n.children) for t in rows for n in walk(t.body) if hasattr(n, "children"))
    for position, deviation in enumerate(subject.study.deviations):
        if deviation.concerns not in printed:
            what = f'the deviation "{deviation.id}" ({deviation.concerns}) is listed neither in section 8 nor in 9.9.5'
            yield subject.fault(("deviations", position), what, "Show the table of deviations in one of the two sections.")


def limitations_are_discussed(subject: Subject) -> Iterator[Fault]:
    """The limitations name selection, information bias, confounding, missing data and generalisability."""
    study = subject.study
    kinds = {each.kind for each in study.limitations}
    texts = " ".join(f"{each.text} {each.mitigation}" for each in study.limitations)
    compared = any(isinstance(each.comparator, str) for each in study.objectives)
    for kind, name in DISCUSSED.items():
        # Comparisons must name their biases in the protocol already (M19).
        if (
            not (compared and kind in OF_COMPARISONS)
            and kind not in kinds
            and not has(texts, (name, *_OTHER_WORDS.get(kind, ())))
        ):
            remedy = f"Add a limitation of kind {kind}, if only to say why it is small or does not arise."
            yield subject.fault(("limitations",), f"the limitations say nothing of {name}", remedy)


OF_COMPARISONS = frozenset({"selection_bias", "information_bias", "confounding"})

_OTHER_WORDS: Mapping[str, tuple[str, ...]] = {
    "missing_data": ("missing values", "incomplete data", "missingness"),
    "generalisability": ("generalisable", "generalised", "representative", "representativeness"),
    "confounding": ("confounding", "confounders"),
}


def adverse_events_are_reported(subject: Subject) -> Iterator[Fault]:
    """The report summarises adverse events where they were collected or analysed."""
    study = subject.study
    if study.report is None or "report" not in subject.documents:
        return
    plan, text = study.adverse_events, study.report.adverse_events
    absent = text.lower().startswith(("not applicable", "none", "no adverse events were collected"))
    if absent and (plan.data != "secondary" or plan.analysed):
        how = "are collected" if plan.data != "secondary" else "are analysed"
        what = f'adverse events {how} in this study, and section 10.6 begins "{text[:40]}…"'
        yield subject.fault(("report", "adverse_events"), what, "Summarise the adverse events, or correct adverse_events.")


RULES: Mapping[str, Rule] = {
    "R03": registration_is_reported,
    "R04": objectives_have_results,
    "R05": sensitivity_analyses_are_shown,
    "R06": deviations_are_listed,
    "R14": limitations_are_discussed,
    "R18": adverse_events_are_reported,
}
"""By the rule's id in `templates/guidance/rules/`."""
