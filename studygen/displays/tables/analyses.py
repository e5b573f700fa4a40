"""Tables of the planned analyses: one analysis (HARPER Table 10), sensitivity analyses (Table 11), how results are pooled."""

from __future__ import annotations

from collections.abc import Sequence

from studygen.definition import NotApplicable
from studygen.displays.cells import Content, group, row, table, word, yes_no
from studygen.displays.evidence import level_of, model_name
from studygen.displays.formats import level_text, listing, measure_heading, sentence_case
from studygen.displays.frame import Frame
from studygen.displays.likeness import alike
from studygen.document.nodes import Inline, Row, Slot, Table
from studygen.study.objectives import Analysis, Pooling


def analysis(frame: Frame, slot: Slot) -> Table:
    """One planned analysis in the eight rows of HARPER Table 10, together with those that are specified alike."""
    study, wording = frame.study, frame.texts.of("analysis")
    plan = study.analysis(frame.option(slot, "analysis"))
    together = alike(study, plan)
    outcomes = list(dict.fromkeys(sentence_case(study.outcome(each.outcome).label) for each in together))
    contents: dict[str, Content] = {
        "hypothesis": plan.hypothesis or frame.texts.word("cell", "not_applicable"),
        "contrast": _contrast(frame, plan),
        "outcome": outcomes,
        "software": plan.software,
        "model": [
            measure_heading(plan.measure, plan.per, level_of(plan), frame.texts),
            plan.model,
            _input(frame, plan),
        ],
        "confounding": plan.adjustment,
        "missing": plan.missing_data,
        "subgroups": _subgroups(frame, plan),
    }
    body = [row(frame, wording.row(key), content) for key, content in contents.items()]
    labels = [sentence_case(each.label) for each in together]
    notes = []
    if len(together) == 1:
        caption = wording.caption(label=labels[0], role=frame.texts.word("analysis_role", plan.role))
    else:
        fields = {"label": _joint_label(frame, plan, labels), "analyses": wording.say(f"roles.{plan.role}")}
        caption = wording.inline("caption_together", number=str(len(together)), **fields)
        notes = [wording.note("together", labels=frame.texts.say("patterns.labels").join(labels))]
    return table(frame, slot, caption, wording.columns("element", "plan"), body, (1.0, 2.6), notes=notes)


def _joint_label(frame: Frame, plan: Analysis, labels: Sequence[str]) -> str:
    """What analyses that are specified alike are called together: "Incidence rates: malignancy and death" where their labels end
    alike, their measure otherwise."""
    parts = [label.partition(LEAD) for label in labels]
    ends = {end for _, _, end in parts}
    if len(ends) == 1 and (end := ends.pop()):
        leads = [lead for lead, _, _ in parts]
        listed = listing([leads[0][:1].lower() + leads[0][1:], *(each[:1].lower() + each[1:] for each in leads[1:])], frame.texts)
        return frame.texts.say("patterns.labelled_note", labels=sentence_case(end), note=listed)
    return sentence_case(frame.texts.word("measure", plan.measure))


LEAD = ": "
"""What parts, in the label of an analysis, what it is about from what it does."""


def _input(frame: Frame, plan: Analysis) -> str:
    """What data sources send, and whose intervals the single ones have."""
    published = "_published" if frame.study.evidence == "published" else ""
    delivered = "_delivered" if plan.interval == "as_delivered" else ""
    interval = frame.texts.word("interval", plan.interval)
    return frame.texts.of("analysis").say(f"words.input_{plan.input}{delivered}{published}", interval=interval)


def _contrast(frame: Frame, plan: Analysis) -> Content:
    wording, study = frame.texts.of("analysis"), frame.study
    if plan.contrast is not None:
        exposure, comparator = study.exposure(plan.contrast.exposure), study.exposure(plan.contrast.comparator)
        return sentence_case(wording.say("words.contrast", exposure=exposure.label, comparator=comparator.label))
    if plan.exposure_groups:
        groups = listing([study.exposure(id).label for id in plan.exposure_groups], frame.texts)
        return wording.say("words.groups", groups=groups)
    return wording.say("words.everybody")


def _subgroups(frame: Frame, plan: Analysis) -> Content:
    wording = frame.texts.of("analysis")
    found = [each for each in frame.study.analyses if each.subgroup is not None and plan.id in (each.id, each.subgroup.of)]
    texts: list[Content] = [
        wording.say(
            "words.subgroup",
            variable=sentence_case(frame.study.covariate(each.subgroup.variable).label),
            levels=listing(each.subgroup.levels, frame.texts),
        )
        for each in found
        if each.subgroup is not None
    ]
    return texts or frame.texts.word("cell", "not_applicable")


def sensitivity(frame: Frame, slot: Slot) -> Table:
    """What each planned sensitivity analysis varies, why, and its strengths and limitations (HARPER Table 11), below the name of
    the analysis that it varies."""
    wording = frame.texts.of("sensitivity")
    columns = wording.columns("analysis", "varied", "why", "strengths", "limitations")
    varying: dict[str, list[Row]] = {}
    for each in frame.study.analyses:
        if each.sensitivity is not None and not each.post_hoc:
            plan = each.sensitivity
            label = _without_lead(each.label, frame.study.analysis(plan.of).label)
            rows = varying.setdefault(plan.of, [])
            rows.append(row(frame, label, plan.varied, plan.why, plan.strengths, plan.limitations))
    body: list[Row] = []
    for of, rows in varying.items():
        analysis = sentence_case(frame.study.analysis(of).label)
        body += [group(frame, wording.say("words.of", analysis=analysis), len(columns)), *rows]
    return table(frame, slot, wording.caption(), columns, body, (1.3, 1.6, 1.6, 1.5, 1.5))


def _without_lead(label: str, beside: str) -> str:
    """A label without the lead that it shares with the one it stands below: "Malignancy: lag of 180 days" below "Malignancy:
    hazard ratio" is "Lag of 180 days"."""
    lead, _, end = label.partition(LEAD)
    return sentence_case(end if end and beside.startswith(lead + LEAD) else label)


POOLING_ROWS = ("scale", "main", "beside", "level", "prediction", "leave_one_out", "rule")
"""What is said of a way of combining, by keys in displays.yaml."""


def pooling_plan(frame: Frame, slot: Slot) -> Table:
    """How the plan combines results over registries, and when it does not: analyses with the same plan together."""
    wording = frame.texts.of("pooling-plan")
    together: list[tuple[Pooling | NotApplicable, list[Analysis]]] = []
    for each in frame.study.analyses:
        if each.post_hoc:
            continue
        known = [plans for pooling, plans in together if pooling == each.pooling]
        if known:
            known[0].append(each)
        else:
            together.append((each.pooling, [each]))
    body: list[Row] = []
    notes: list[tuple[Inline, ...]] = []
    for number, (pooling, plans) in enumerate(together, start=1):
        labels = [sentence_case(each.label) for each in plans]
        heading = labels[0]
        if len(plans) > 1:
            measures = list(dict.fromkeys(frame.texts.word("measure", each.measure) for each in plans))
            fields = {"number": str(number), "measures": listing(measures, frame.texts), "count": str(len(plans))}
            heading = wording.say("words.group", **fields)
            notes.append(wording.note("group", number=str(number), labels=frame.texts.say("patterns.labels").join(labels)))
        body.append(group(frame, heading, 2))
        body += _pooling_rows(frame, pooling)
    return table(frame, slot, wording.caption(), wording.columns("element", "plan"), body, (1.0, 2.6), notes=notes)


def _pooling_rows(frame: Frame, pooling: Pooling | NotApplicable) -> list[Row]:
    wording = frame.texts.of("pooling-plan")
    if isinstance(pooling, NotApplicable):
        return [row(frame, wording.row("main"), [wording.say("words.not_combined"), pooling.not_applicable])]
    beside: list[Content] = [sentence_case(model_name(frame, each)) for each in pooling.beside]
    contents: dict[str, Content] = {
        "scale": word(frame, "transform", pooling.transform),
        "main": sentence_case(model_name(frame, pooling.main)),
        "beside": beside or frame.texts.say("patterns.none"),
        "level": frame.texts.say("patterns.percent", number=level_text(pooling.level)),
        "prediction": yes_no(frame, pooling.prediction),
        "leave_one_out": yes_no(frame, pooling.leave_one_out),
        "rule": pooling.rule,
    }
    return [row(frame, wording.row(key), contents[key]) for key in POOLING_ROWS]
