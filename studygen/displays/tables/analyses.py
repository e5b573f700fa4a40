"""Tables of the planned analyses: one analysis (HARPER Table 10), sensitivity analyses (Table 11), how results are pooled."""

from __future__ import annotations

from studygen.definition import NotApplicable
from studygen.displays.cells import Content, group, row, table, word, yes_no
from studygen.displays.evidence import level_of, model_name
from studygen.displays.formats import level_text, listing, measure_heading, sentence_case
from studygen.displays.frame import Frame
from studygen.displays.likeness import alike
from studygen.document.nodes import Row, Slot, Table
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
            wording.say(f"words.input_{plan.input}", interval=frame.texts.word("interval", plan.interval)),
        ],
        "confounding": plan.adjustment,
        "missing": plan.missing_data,
        "subgroups": _subgroups(frame, plan),
    }
    body = [row(frame, wording.row(key), content) for key, content in contents.items()]
    role = frame.texts.word("analysis_role", plan.role)
    label = frame.texts.say("patterns.labels").join(sentence_case(each.label) for each in together)
    caption = wording.caption(label=label, role=role)
    return table(frame, slot, caption, wording.columns("element", "plan"), body, (1.0, 2.6))


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
            rows = varying.setdefault(plan.of, [])
            rows.append(row(frame, sentence_case(each.label), plan.varied, plan.why, plan.strengths, plan.limitations))
    body: list[Row] = []
    for of, rows in varying.items():
        analysis = sentence_case(frame.study.analysis(of).label)
        body += [group(frame, wording.say("words.of", analysis=analysis), len(columns)), *rows]
    return table(frame, slot, wording.caption(), columns, body, (1.3, 1.6, 1.6, 1.5, 1.5))


POOLING_ROWS = ("scale", "main", "beside", "level", "prediction", "leave_one_out", "rule")
"""What is said of a way of combining, by keys in displays.yaml."""


def pooling_plan(frame: Frame, slot: Slot) -> Table:
    """How the plan combines results over registries, and when it does not: analyses with the same plan together."""
    wording = frame.texts.of("pooling-plan")
    together: list[tuple[Pooling | NotApplicable, list[str]]] = []
    for each in frame.study.analyses:
        if each.post_hoc:
            continue
        label = sentence_case(each.label)
        known = [labels for pooling, labels in together if pooling == each.pooling]
        if known:
            known[0].append(label)
        else:
            together.append((each.pooling, [label]))
    body: list[Row] = []
    for pooling, labels in together:
        body.append(group(frame, frame.texts.say("patterns.labels").join(labels), 2))
        body += _pooling_rows(frame, pooling)
    return table(frame, slot, wording.caption(), wording.columns("element", "plan"), body, (1.0, 2.6))


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
