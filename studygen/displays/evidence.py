"""Where the results of an analysis are found, by the grammar of result ids, and how one stands in a cell: its number with the id
it is traced by, a pattern in a shell, a mark when there is none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from studygen.aggregates.expected import MEAN_MEASURES, RISK_MEASURES, estimate_groups, is_occurrence, needed_counts
from studygen.definition import NotApplicable
from studygen.displays.formats import listing, result_text, scale_of, sentence_case
from studygen.displays.frame import Frame
from studygen.document.nodes import Inline, Paragraph, Text, Value
from studygen.results.addresses import joined, stem
from studygen.results.findings import Estimate, Note, Result
from studygen.study.objectives import Analysis, Pooling, PoolingModel


@dataclass(frozen=True, slots=True)
class Address:
    """The results of one analysis in one group (or contrast) and stratum. `label` names the group or stratum where an analysis
    has several, and is empty otherwise."""

    analysis: str
    group: str = "all"
    stratum: str = "overall"
    label: str = ""

    def registry(self, registry: str, statistic: str) -> str:
        """Id of a registry's statistic."""
        return joined(stem(self.analysis, self.group, self.stratum), registry, statistic)

    def named(self, frame: Frame, name: str) -> str:
        """A name within this group or stratum: "Cladribine, DMSR"."""
        return frame.texts.say("patterns.group_stratum", group=self.label, stratum=name) if self.label else name

    def total(self, statistic: str) -> str:
        """Id of a plain sum over registries."""
        return self.registry("total", statistic)

    def pooled(self, statistic: str = "pooled") -> str:
        """Id of a statistic over all registries."""
        return joined(stem(self.analysis, self.group, self.stratum), statistic)

    def of_group(self, group: str) -> Address:
        """The same stratum in another group: what one side of a contrast rests on."""
        return Address(self.analysis, group, self.stratum, self.label)


def addresses(frame: Frame, plan: Analysis) -> tuple[Address, ...]:
    """The addresses of an analysis' estimates: one for a contrast, one for each occurrence group, and each of these for every
    level of a subgroup analysis."""
    levels: tuple[str, ...] = plan.subgroup.levels if plan.subgroup else ()
    found = []
    for group in estimate_groups(plan):
        name = sentence_case(frame.study.exposure(group).label) if is_occurrence(plan) and group != "all" else ""
        if plan.subgroup is None:
            found.append(Address(plan.id, group, "overall", name))
        for level in levels:
            variable = plan.subgroup.variable if plan.subgroup else ""
            stratum = frame.texts.say("patterns.stratum", variable=frame.study.covariate(variable).label, level=level)
            label = frame.texts.say("patterns.group_stratum", group=name, stratum=stratum) if name else sentence_case(stratum)
            found.append(Address(plan.id, group, f"{variable}={level}", label))
    return tuple(found) if len(found) > 1 else tuple(replace(each, label="") for each in found)


def sides(plan: Analysis) -> tuple[str, ...]:
    """The two exposure groups that an analysis compares; none for a measure of occurrence."""
    return (plan.contrast.exposure, plan.contrast.comparator) if plan.contrast and not is_occurrence(plan) else ()


def group_statistics(plan: Analysis) -> tuple[str, ...]:
    """What is shown of a group: what its estimate is computed from, or the number of persons when registries send estimates."""
    if plan.input == "estimates":
        return ("n",)
    needed = needed_counts(plan)
    return ("n", "mean", "sd") if "mean" in needed else needed


def statistics_beside(plan: Analysis) -> tuple[str, ...]:
    """What a table says of a group beside its estimate, as far as data sources send it: also where they send their own estimates,
    which rest on persons, events and person-years as well."""
    if plan.input == "counts" or plan.measure in MEAN_MEASURES:
        return group_statistics(plan)
    return ("n", "events") if plan.measure in RISK_MEASURES else ("n", "events", "person_years")


def group_columns(frame: Frame, plan: Analysis) -> tuple[tuple[str, ...], ...]:
    """The columns of a group, each with its one or two statistics: events and person-years of a comparison share one beside the
    persons. Statistics of which nobody sent any have none; of published results only what they are known to give is asked."""
    statistics, groups = statistics_beside(plan), sides(plan)
    if frame.results is not None:
        counted = [each.of_group(side) for each in addresses(frame, plan) for side in groups or (each.group,)]
        registries = [each.registry for each in frame.study.participation]
        statistics = tuple(
            name
            for name in statistics
            if any(find(frame, each.registry(registry, name)) is not None for each in counted for registry in registries)
        )
    elif plan.input == "estimates" and frame.study.evidence == "published":
        statistics = ()
    kept = statistics or group_statistics(plan)[:1]
    if groups and len(kept) == 3 and kept[1:] == ("events", "person_years"):
        return ((kept[0],), kept[1:])
    return tuple((name,) for name in kept)


def column_name(frame: Frame, statistics: tuple[str, ...]) -> str:
    """The header of a column of one or two statistics."""
    names = [frame.texts.say(f"statistics.{each}") for each in statistics]
    if len(names) == 1:
        return names[0]
    return frame.texts.say("patterns.ratio_of", numerator=names[0], denominator=names[1][:1].lower() + names[1][1:])


def column_content(frame: Frame, ids: Sequence[tuple[str, str]]) -> Inline | Paragraph:
    """What a cell of such a column holds; `ids` are the results with their statistics."""
    inlines = [shown(frame, id, statistic) for statistic, id in ids]
    if len(set(inlines)) == 1:
        return inlines[0]
    return Paragraph(frame.texts.inline("patterns.ratio_of", numerator=inlines[0], denominator=inlines[1]))


def pooling_of(plan: Analysis) -> Pooling | None:
    return None if isinstance(plan.pooling, NotApplicable) else plan.pooling


def level_of(plan: Analysis) -> float:
    """The confidence level of an analysis' intervals: the pooling's, or the usual one."""
    pooling = pooling_of(plan)
    usual: float = Pooling.model_fields["level"].default
    return pooling.level if pooling else usual


def pooled_id(address: Address, pooling: Pooling, model: PoolingModel) -> str:
    """Id of the pooled estimate of one way of pooling."""
    return address.pooled("pooled" if model == pooling.main else f"pooled_{model.id}")


def model_name(frame: Frame, model: PoolingModel) -> str:
    """A way of pooling in words: "random effects, DerSimonian–Laird estimator, Hartung–Knapp interval"."""
    texts = frame.texts
    name, interval = texts.word("pooling_model", model.model), texts.word("interval", model.interval_kind)
    if model.prior_scale is not None:
        return texts.say("patterns.model_bayesian", model=name, scale=f"{model.prior_scale:g}", interval=interval)
    if model.estimator == "none":
        return texts.say("patterns.model_common", model=name, interval=interval)
    return texts.say("patterns.model", model=name, estimator=texts.word("estimator", model.estimator), interval=interval)


# ---------------------------------------------------------------- results in cells


def find(frame: Frame, id: str) -> Result | None:
    """The result with this id; None in a shell and when there is none."""
    return frame.results[id] if frame.results is not None and id in frame.results else None


def find_estimate(frame: Frame, id: str) -> Estimate | None:
    result = find(frame, id)
    return result if isinstance(result, Estimate) else None


def shown(frame: Frame, id: str, shell: str, show: str = "full") -> Inline:
    """A result as it stands in a cell: its number with its id, the shell's pattern without results, the mark of something missing
    when there is no such result."""
    if frame.results is None:
        return Text(frame.texts.say(f"shells.{shell}"))
    result = find(frame, id)
    if result is None:
        return Text(frame.texts.word("cell", "missing"))
    return Value(id, result_text(result, show, frame.texts))


def drawn_values(frame: Frame, ids: Iterable[str]) -> tuple[Value, ...]:
    """The numbers that a figure draws, for their trace: those of `ids` that there are, each once."""
    found = ((id, find(frame, id)) for id in dict.fromkeys(ids))
    return tuple(Value(id, result_text(result, "full", frame.texts)) for id, result in found if result is not None)


def shell_of(measure: str) -> str:
    """Key of the shell pattern of a measure's estimate."""
    return {"percent": "percent_estimate", "rate": "rate_estimate", "plain": "estimate"}[scale_of(measure)]


def notes_of(frame: Frame, results: Sequence[tuple[str, str]]) -> tuple[tuple[Inline, ...], ...]:
    """The sentences of the notes on results, given as (what the result is of, its id), in the order in which they are shown. Each
    sentence comes once, led by what it holds for; a result of the whole display has an empty name and needs none, nor does a note
    on everything that has a name."""
    owners: dict[Note, list[str]] = {}
    everything: set[str] = set()
    for name, id in results:
        result = find(frame, id)
        if result is not None:
            everything.add(name)
        for note in result.origin.notes if result is not None else ():
            owners.setdefault(note, []).append(name)
    named = everything - {""}
    return tuple((Text(_note_text(frame, note, list(dict.fromkeys(names)), named)),) for note, names in owners.items())


def _note_text(frame: Frame, note: Note, names: list[str], named: set[str]) -> str:
    sentence = frame.texts.note(note)
    if not all(names) or (len(named) > 1 and named <= set(names)):
        return sentence
    return frame.texts.say("patterns.labelled_note", labels=listing(names, frame.texts), note=sentence)
