"""Tables of the network's projects: the register, what a sponsor proposes, screening, feasibility, the registries' decisions and
the history of each."""

from __future__ import annotations

from studygen.displays.cells import Content, bullets, row, table, word
from studygen.displays.dossier.frame import DossierFrame
from studygen.displays.formats import day_text, listing, sentence_case
from studygen.document.nodes import Row, Slot, Table
from studygen.network.projects import Project, RegistryDecision


def _project(frame: DossierFrame, slot: Slot) -> Project:
    return next(each for each in frame.dossier.projects if each.id == frame.option(slot, "project"))


def project_register(frame: DossierFrame, slot: Slot) -> Table:
    """All projects with sponsor, state, decisions and the study made of each."""
    wording = frame.texts.of("project-register")
    body = []
    for each in frame.dossier.projects:
        since = wording.say(
            "words.since", state=frame.texts.word("project_state", each.state), date=day_text(each.since, frame.texts)
        )
        kind = frame.texts.word("project_kind", each.kind)
        said = [wording.say("words.named", title=each.title, kind=kind), _study(frame, each)]
        sponsor = [each.sponsor.name, wording.say("words.received", date=day_text(each.proposal.received, frame.texts))]
        reference = [each.reference, wording.say("words.example") if each.illustrative is not None else None]
        body.append(row(frame, reference, said, sponsor, sentence_case(since), _counts(frame, each)))
    columns = wording.columns("reference", "project", "sponsor", "state", "decisions")
    return table(frame, slot, wording.caption(), columns, body, (1.0, 2.4, 1.6, 1.4, 1.7))


def _study(frame: DossierFrame, project: Project) -> str | None:
    """The study made from a project, by its short title and the reference of its protocol."""
    if project.study is None or project.study not in frame.dossier.studies:
        return None
    study = frame.dossier.studies[project.study].study
    wording = frame.texts.of("project-register")
    return wording.say("words.study", title=study.short_title, reference=study.documents.protocol.reference)


def _counts(frame: DossierFrame, project: Project) -> Content:
    names: dict[str, list[str]] = {}
    for each in project.decisions:
        names.setdefault(each.decision, []).append(frame.short_name(each.registry))
    if not names:
        return frame.texts.of("project-register").say("words.no_decisions")
    return [
        frame.texts.say("patterns.labelled_note", labels=word(frame, "decision", decision), note=listing(found, frame.texts))
        for decision, found in names.items()
    ]


def project_proposal(frame: DossierFrame, slot: Slot) -> Table:
    """Who proposes what; not numbered, not listed."""
    wording, project = frame.texts.of("project-proposal"), _project(frame, slot)
    proposal, sponsor = project.proposal, project.sponsor
    contents: dict[str, Content] = {
        "reference": project.reference,
        "title": project.title,
        "kind": sentence_case(frame.texts.word("project_kind", project.kind)),
        "sponsor": [sponsor.name, sentence_case(frame.texts.word("sponsor_kind", sponsor.kind))],
        "contact": sponsor.contact,
        "funding": sponsor.funding,
        "received": day_text(proposal.received, frame.texts),
        "start": day_text(proposal.desired_start, frame.texts),
        "report": day_text(proposal.desired_report, frame.texts),
        "data": sentence_case(frame.texts.word("data_needed", proposal.data_needed)),
    }
    rows = tuple(row(frame, wording.row(key), content) for key, content in contents.items())
    return Table(slot.id, (), (), rows, (1.0, 2.6))


def project_objectives(frame: DossierFrame, slot: Slot) -> Table:
    """The objectives, each with the registries that have accepted it so far; where published results are used, none was asked."""
    wording, project = frame.texts.of("project-objectives"), _project(frame, slot)
    body = []
    for number, each in enumerate(project.proposal.objectives, start=1):
        takers = [
            d for d in project.decisions if d.decision.startswith("accepted") and (not d.objectives or each.id in d.objectives)
        ]
        published = any(d.decision == "published_results" for d in project.decisions)
        nobody = wording.say("words.published" if published else "words.nobody")
        served = listing([frame.short_name(d.registry) for d in takers], frame.texts) if takers else nobody
        body.append(row(frame, str(number), each.text, served))
    return table(frame, slot, wording.caption(), wording.columns("number", "objective", "served"), body, (0.5, 3.6, 1.6))


def project_variables(frame: DossierFrame, slot: Slot) -> Table:
    """The core variables asked for, by table, and what is asked beyond them."""
    wording, project, core = frame.texts.of("project-variables"), _project(frame, slot), frame.dossier.data_model.core
    body: list[Row] = []
    for chosen in core.tables:
        labels = [v.label for name, t, v in core.variables() if t.id == chosen.id and name in project.proposal.variables]
        if labels:
            body.append(row(frame, chosen.label, frame.texts.say("patterns.labels").join(labels)))
    further = project.proposal.further_variables
    if further:
        body.append(row(frame, wording.row("further"), bullets(frame, further)))
    return table(frame, slot, wording.caption(), wording.columns("table", "variables"), body, (1.2, 4.0))


def screening(frame: DossierFrame, slot: Slot) -> Table:
    """The coordination centre's answer; not numbered, not listed."""
    wording, project = frame.texts.of("screening"), _project(frame, slot)
    found = project.screening
    contents: dict[str, Content] = {
        "outcome": sentence_case(frame.texts.word("screening_outcome", found.outcome)),
        "date": day_text(found.date, frame.texts) if found.date else wording.say("words.undated"),
        "by": found.by,
        "points": bullets(frame, found.points),
        "reason": found.reason or None,
    }
    rows = tuple(row(frame, wording.row(key), content) for key, content in contents.items() if content)
    return Table(slot.id, (), (), rows, (1.0, 3.6))


def feasibility(frame: DossierFrame, slot: Slot) -> Table:
    """The counts that each registry was asked for, and what it answered, in the order of the registries."""
    wording, project = frame.texts.of("feasibility"), _project(frame, slot)
    labels = {count.id: count.label for each in project.feasibility for count in each.counts}
    columns = [wording.say("columns.registry"), *labels.values(), wording.say("columns.note")]
    body = []
    order = frame.definition.registries
    for each in sorted(project.feasibility, key=lambda asked: order.index(asked.registry)):
        counts = {count.id: count for count in each.counts}
        shown = []
        for id in labels:
            count = counts.get(id)
            value = str(count.value) if count and count.value is not None else None
            shown.append(value or frame.texts.word("feasibility_state", count.state if count else "not_asked"))
        sent = wording.say("words.sent", date=day_text(each.sent, frame.texts))
        answered = (
            wording.say("words.answered", date=day_text(each.answered, frame.texts))
            if each.answered
            else wording.say("words.unanswered")
        )
        body.append(row(frame, [frame.short_name(each.registry), sent, answered], *shown, each.note or None))
    widths = (1.6, *(1.2 for _ in labels), 1.6)
    landscape = len(labels) > 3
    return table(frame, slot, wording.caption(), columns, body, widths, landscape=landscape, missing="none_key")


def decisions(frame: DossierFrame, slot: Slot) -> Table:
    """Every registry's decision on a project: yes, no or with limits, for which objectives, when, signed by whom and why."""
    wording, project = frame.texts.of("decisions"), _project(frame, slot)
    texts = {each.id: each.text for each in project.proposal.objectives}
    body = []
    for registry in frame.definition.registries:
        found = project.decision_of(registry)
        if found is None:
            body.append(row(frame, frame.short_name(registry), wording.say("words.not_asked"), None, None, None))
            continue
        body.append(_decision(frame, texts, found))
    columns = wording.columns("registry", "decision", "objectives", "reason", "signed")
    notes = [wording.note("none")] if any(each.decision == "pending" for each in project.decisions) else []
    return table(frame, slot, wording.caption(), columns, body, (0.9, 1.2, 1.7, 2.1, 1.5), notes=notes, missing="none_key")


def _decision(frame: DossierFrame, texts: dict[str, str], found: RegistryDecision) -> Row:
    return row(
        frame,
        frame.short_name(found.registry),
        [word(frame, "decision", found.decision), found.limits or None],
        _served(frame, texts, found),
        found.reason or None,
        [_dated(frame, found), found.signed_by or None],
    )


def _served(frame: DossierFrame, texts: dict[str, str], found: RegistryDecision) -> Content:
    """The objectives that a registry contributes to by its decision; nothing where it does not take part."""
    wording = frame.texts.of("decisions")
    if found.decision in ("declined", "withdrawn"):
        return None
    if found.decision == "pending":
        return wording.say("words.open")
    return bullets(frame, [texts[id] for id in found.objectives]) if found.objectives else wording.say("words.all")


def _dated(frame: DossierFrame, found: RegistryDecision) -> str:
    wording = frame.texts.of("decisions")
    if found.date:
        return day_text(found.date, frame.texts)
    return wording.say("words.undated" if found.taken else f"words.{found.decision}")


def decision_form(frame: DossierFrame, slot: Slot) -> Table:
    """One registry's decision on a project, to be signed; not numbered, not listed."""
    wording, project = frame.texts.of("decision-form"), _project(frame, slot)
    registry = frame.option(slot, "registry")
    profile, found = frame.dossier.network.registry(registry), project.decision_of(registry)
    texts = {each.id: each.text for each in project.proposal.objectives}
    awaited = found is not None and (found.taken or found.decision == "pending")
    contents: dict[str, Content] = {
        "registry": [profile.short_name, profile.name],
        "decision": word(frame, "decision", found.decision) if found else wording.say("words.not_asked"),
        "objectives": (_served(frame, texts, found) if found else None) or wording.say("words.none"),
        "limits": (found.limits if found else "") or frame.texts.say("patterns.none"),
        "reason": (found.reason if found else "") or None,
        "date": _dated(frame, found) if found and (found.date or found.decision != "pending") else wording.say("words.undated"),
        "signed": (found.signed_by if found else "") or wording.say("words.unsigned" if not found or awaited else "words.none"),
    }
    rows = tuple(row(frame, wording.row(key), content) for key, content in contents.items())
    return Table(slot.id, (), (), rows, (1.0, 3.0))


def history(frame: DossierFrame, slot: Slot) -> Table:
    """Every step of a project with its date and the role that answers for it."""
    wording, project = frame.texts.of("project-history"), _project(frame, slot)
    body = [
        row(frame, day_text(each.date, frame.texts), word(frame, "project_state", each.state), each.by, each.note or None)
        for each in project.history
    ]
    columns = wording.columns("date", "state", "by", "note")
    caption = wording.caption(project=project.short_title)
    return table(frame, slot, caption, columns, body, (1.4, 1.3, 1.7, 1.9), missing="none_key")
