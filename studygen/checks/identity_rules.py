"""Whether the study says who it is: title, versions, registration, status, safety reporting, dissemination, and what the
catalogue of studies asks (P04, P07, P11, P13, P28, P32, P35, C01, C02, D11, M01, M10, M11, M28)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping

from studygen.checks.emptiness import says_nothing
from studygen.checks.subject import Rule, Subject
from studygen.definition import NotApplicable
from studygen.errors import Fault
from studygen.guidance.reported import interests_stated
from studygen.misfits import DataPath
from studygen.study.timing_rules import IMPOSED

DESIGN_TERMS = re.compile(
    r"cohort|case[- ]control|cross[- ]sectional|meta-analysis|registry-based|trial emulation|self-controlled|case series"
    r"|drug utili[sz]ation|non-interventional|observational|prospective|retrospective",
    re.IGNORECASE,
)
CLASS_TERMS = re.compile(
    r"disease-modifying|immunosuppress|immunomodulat|antibod(?:y|ies)|modulators?\b|inhibitors?\b|interferons?\b", re.IGNORECASE
)
NO_NAMES = frozenset(
    {
        *("acetate", "active", "against", "agent", "agents", "beta", "class", "drugs", "medicine", "multiple", "other"),
        *("sclerosis", "substance", "used", "with"),
    }
)
"""Words of a substance's or group's name that name nothing."""

REGISTERS = re.compile(r"catalogue|register|registry of|EU ?PAS|clinicaltrials", re.IGNORECASE)

LONGEST_TITLE, LONGEST_PROCEDURE, LONGEST_TEXT = 600, 400, 2000
"""Characters that the catalogue takes: of the title, of the procedure number, and of free texts."""


def title_names_design_and_medicine(subject: Subject) -> Iterator[Fault]:
    study = subject.study
    if not DESIGN_TERMS.search(study.title):
        remedy = 'Add the design, for example "cohort study", "registry-based" or "meta-analysis".'
        yield subject.fault(("title",), "the title names no design", remedy)
    names = [substance.name for substance in study.products.substances] + [exposure.label for exposure in study.exposures]
    names += [substance.group for substance in study.products.substances]
    if not isinstance(study.products.medicinal_products, NotApplicable):
        names += [product.name for product in study.products.medicinal_products]
    words = {word.lower() for name in names for word in re.findall(r"[^\W\d_]{4,}", name)} - NO_NAMES
    titled = {word.lower() for word in re.findall(r"[^\W\d_]{4,}", study.title)}
    if not words & titled and not CLASS_TERMS.search(study.title):
        yield subject.fault(
            ("title",), "the title names neither substance nor product nor class", "Add the name of what is studied."
        )


def versions_and_dates_fit(subject: Subject) -> Iterator[Fault]:
    """A final version is 1.0 or later and an earlier one a draft; a protocol is as new as its last amendment; a report is not
    older than the protocol."""
    documents = subject.study.documents
    for name in type(documents).model_fields:
        version = getattr(documents, name)
        if version and version.status == "final" and _number(version.version) < (1, 0):
            what = f"the {name} is final, but its version is {version.version}"
            yield subject.fault(("documents", name, "version"), what, "Write 1.0 or later, or status: draft.")
    protocol = documents.protocol
    for n, amendment in enumerate(subject.study.amendments):
        if amendment.date > protocol.date:
            what = f"amendment {amendment.number} ({amendment.date}) is later than the protocol it is part of ({protocol.date})"
            yield subject.fault(("amendments", n, "date"), what, "Raise version and date of the protocol, or correct this date.")
    if documents.report and documents.report.date < protocol.date:
        what = f"the report ({documents.report.date}) is older than the protocol ({protocol.date})"
        yield subject.fault(("documents", "report", "date"), what, "Correct one of the two dates.")


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def registration_is_stated(subject: Subject) -> Iterator[Fault]:
    entry = subject.study.registration
    if entry.number is None and (entry.note is None or says_nothing(entry.note)):
        remedy = "Add the EU PAS number, or say in note: when the study will be registered, or why it will not."
        yield subject.fault(("registration",), "neither a register number nor what is planned is stated", remedy)
    if entry.number and entry.registered_on is None:
        yield subject.fault(
            ("registration", "number"), f"{entry.number} has no date of registration", "Add registered_on: YYYY-MM-DD."
        )
    if entry.registered_on and entry.number is None:
        what = f"the study is said to be registered since {entry.registered_on}, but has no number"
        yield subject.fault(("registration", "registered_on"), what, "Add number: EUPAS…, or delete the date.")


def registration_and_protocol_precede_the_data(subject: Subject) -> Iterator[Fault]:
    study = subject.study
    start = milestone(subject, "start_of_data_collection")
    if start is None:
        return
    registered = milestone(subject, "registration")
    entry = study.registration.registered_on
    if entry and entry > start[1]:
        what = f"the study was registered ({entry}) after the start of data collection ({start[1]})"
        yield subject.fault(("registration", "registered_on"), what, _LATE)
    elif not entry and registered and registered[1] > start[1]:
        what = f"registration ({registered[1]}) comes after the start of data collection ({start[1]})"
        yield subject.fault(registered[0], what, _LATE)
    protocol = study.documents.protocol
    if not study.amendments and _number(protocol.version) <= (1, 0) and protocol.date > start[1]:
        what = (
            f"the first protocol ({protocol.version}, {protocol.date}) is younger than the start of data collection ({start[1]})"
        )
        yield subject.fault(("documents", "protocol", "date"), what, "Correct a date, or say in a deviation why data came first.")


_LATE = "Plan it before, or correct a date; when it did happen, describe it as a deviation."


def later_versions_list_their_amendments(subject: Subject) -> Iterator[Fault]:
    """Changes after the start of data collection are listed; a version that predates it needs no list."""
    study, protocol = subject.study, subject.study.documents.protocol
    start = milestone(subject, "start_of_data_collection")
    if start and _number(protocol.version) > (1, 0) and protocol.date > start[1] and not study.amendments:
        what = f"version {protocol.version} of the protocol ({protocol.date}) is later than the first data ({start[1]})"
        yield subject.fault(
            ("documents", "protocol", "version"), what, "List under amendments: what was changed, where, when and why."
        )
    for n, amendment in enumerate(study.amendments):
        if amendment.substantial and start and amendment.date > start[1] and amendment.impact is None:
            what = f"amendment {amendment.number} is substantial, but not what it does to the results"
            yield subject.fault(("amendments", n), what, 'Add "impact:".')


def adverse_events_follow_the_data(subject: Subject) -> Iterator[Fault]:
    study, events = subject.study, subject.study.adverse_events
    if events.data != study.design.data_collection:
        what = f'adverse events come from "{events.data}" data, but the design collects "{study.design.data_collection}" data'
        yield subject.fault(
            ("adverse_events", "data"), what, "Make the two agree: the duty to report single cases depends on it."
        )
    if events.analysed and says_nothing(events.meddra_level):
        what = "adverse events are analysed, but at no stated MedDRA level"
        yield subject.fault(("adverse_events", "meddra_level"), what, 'Add "meddra_level:", for example preferred term.')


def holders_name_their_qppv(subject: Subject) -> Iterator[Fault]:
    study = subject.study
    roles = " ".join(f"{party.role} {party.responsibilities}" for party in study.responsible_parties)
    if not isinstance(study.holder, NotApplicable) and not re.search(r"QPPV|qualified person", roles, re.IGNORECASE):
        remedy = "Add the qualified person for pharmacovigilance to responsible_parties; the protocol is signed by that role."
        yield subject.fault(("responsible_parties",), "the study has a holder, but no QPPV among the responsible parties", remedy)


def dissemination_names_the_register(subject: Subject) -> Iterator[Fault]:
    text = subject.study.dissemination.registration
    if not REGISTERS.search(text):
        remedy = "Name the HMA-EMA Catalogue, and when protocol and results are entered."
        yield subject.fault(("dissemination", "registration"), "the plan of registration names no register", remedy)


def interests_are_stated(subject: Subject) -> Iterator[Fault]:
    """A text says what interests those responsible declare, or when they will."""
    if not interests_stated(subject.study):
        what = "no text says what interests the investigators declare"
        remedy = "Say in other_aspects who has declared which interests and when, or that there are none."
        yield subject.fault(("other_aspects",), what, remedy)


def the_catalogue_takes_the_texts(subject: Subject) -> Iterator[Fault]:
    study = subject.study
    texts: list[tuple[DataPath, str, int, str]] = [
        (("title",), "title", len(study.title), str(LONGEST_TITLE)),
        (("research_question",), "research question", len(study.research_question), str(LONGEST_TEXT)),
        (("objectives",), "objectives together", sum(len(each.text) for each in study.objectives), str(LONGEST_TEXT)),
    ]
    if not isinstance(study.regulatory.procedure_number, NotApplicable):
        length = len(study.regulatory.procedure_number)
        texts.append((("regulatory", "procedure_number"), "procedure number", length, str(LONGEST_PROCEDURE)))
    for path, noun, length, limit in texts:
        if length > int(limit):
            what = f"the {noun}: {length} characters, of which the catalogue takes {limit}"
            yield subject.fault(path, what, f"Shorten to {limit} characters.")


def countries_are_those_of_the_registries(subject: Subject) -> Iterator[Fault]:
    """Each country comes from a registry that takes part or is asked to; each such registry's countries are listed."""
    study = subject.study
    asked = [subject.network.registry(x.registry) for x in study.participation if x.decision not in ("declined", "withdrawn")]
    for profile in asked:
        missing = [country for country in profile.countries if country not in study.countries]
        if missing and profile.scope == "national":
            what = f"{profile.short_name} takes part or is asked to, but {', '.join(missing)} is not among the countries"
            yield subject.fault(("countries",), what, "Add the country, or correct the registry's participation.")
    if all(profile.scope == "national" for profile in asked):
        covered = {country for profile in asked for country in profile.countries}
        for n, country in enumerate(study.countries):
            if country not in covered:
                what = f"no registry that takes part or is asked to covers {country}"
                yield subject.fault(
                    ("countries", n), what, "Delete the country; a registry that declined no longer brings its own."
                )


def imposed_studies_are_registered(subject: Subject) -> Iterator[Fault]:
    study = subject.study
    if study.regulatory.purpose in IMPOSED and study.status in ("ongoing", "finalised") and not study.registration.number:
        what = f"the study is imposed and {study.status}, but has no register number"
        yield subject.fault(("registration",), what, "Register it in the HMA-EMA Catalogue and add number: and registered_on:.")


def status_agrees_with_milestones(subject: Subject) -> Iterator[Fault]:
    study = subject.study
    actual = {each.kind for each in study.milestones if each.actual}
    if study.status == "planned" and "start_of_data_collection" in actual:
        what = "the study is planned, but its data collection has an actual start"
        yield subject.fault(("status",), what, "Write status: ongoing, or delete the actual date.")
    if study.status in ("ongoing", "finalised") and "start_of_data_collection" not in actual:
        what = f"the study is {study.status}, but its data collection has no actual start"
        yield subject.fault(("status",), what, 'Add "actual:" to the milestone start_of_data_collection.')
    if study.status == "finalised" and not ("final_report" in actual and study.documents.report):
        what = "the study is finalised, but there is no final report with its actual date"
        yield subject.fault(("status",), what, 'Add "actual:" to the milestone final_report, and the report under documents.')
    if study.status == "finalised" and study.evidence == "none_yet":
        yield subject.fault(("evidence",), "the study is finalised, but has no evidence yet", "Correct status or evidence.")


def the_plan_follows_the_protocol(subject: Subject) -> Iterator[Fault]:
    """The analysis plan is not older than the protocol it details, unless amendments made the protocol younger."""
    documents = subject.study.documents
    if documents.sap.date < documents.protocol.date and not subject.study.amendments:
        what = f"the analysis plan ({documents.sap.date}) is older than the protocol that it details ({documents.protocol.date})"
        yield subject.fault(("documents", "sap", "date"), what, "Review the plan against the protocol and date it anew.")


def milestone(subject: Subject, kind: str) -> tuple[DataPath, datetime.date] | None:
    """Where the first milestone of a kind stands and its date: the actual one when it is reached, else the planned one."""
    for n, each in enumerate(subject.study.milestones):
        date = each.actual or each.planned
        if each.kind == kind and date:
            return ("milestones", n), date
    return None


RULES: Mapping[str, Rule] = {
    "P04": title_names_design_and_medicine,
    "P07": registration_is_stated,
    "P11": registration_and_protocol_precede_the_data,
    "P13": later_versions_list_their_amendments,
    "P28": adverse_events_follow_the_data,
    "P32": holders_name_their_qppv,
    "P35": dissemination_names_the_register,
    "C01": the_catalogue_takes_the_texts,
    "C02": countries_are_those_of_the_registries,
    "D11": interests_are_stated,
    "M01": imposed_studies_are_registered,
    "M10": status_agrees_with_milestones,
    "M11": the_plan_follows_the_protocol,
    "M28": versions_and_dates_fit,
}
"""By the rule's id in `templates/guidance/rules/`."""
