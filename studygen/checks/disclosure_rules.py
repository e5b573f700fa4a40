"""Whether anybody could be recognised in what is shown or follows from it (R11 to R13, E01 to E03). The rules on single rows are
those of the intake; here are the tables as wholes, what was sent before, and what the documents say."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Final

from studygen.aggregates.contract import STATISTICS, Row, RowKey
from studygen.aggregates.expected import PERSONS
from studygen.checks.delivered import Sent, deliveries_of, name_of
from studygen.checks.earlier import Earlier, earlier_deliveries
from studygen.checks.recovery import recovered
from studygen.checks.revealed import counts_revealed
from studygen.checks.shown_counts import small_counts_traced, small_counts_typed
from studygen.checks.subject import Rule, Subject
from studygen.checks.tables import Cell, sums_over_registries, sums_within
from studygen.errors import Fault, Place
from studygen.results.findings import Count

POSITIONS: Final = ("median", "q1", "q3", "mean", "sd")
"""Statistics that are the values of single persons, or nearly so, in a small group."""

SECOND: Final = "Suppress a second number of the table, or merge categories."


def suppressed_counts_stay_hidden(subject: Subject) -> Iterator[Fault]:
    """No suppressed count follows from margins, from the other registries and their total, or from an earlier delivery."""
    for sent in deliveries_of(subject):
        if sent.withholds:
            yield from _within(sent)
            yield from _complements(sent)
    yield from _over_registries(subject)
    for earlier in earlier_deliveries(subject.folder):
        for sent in deliveries_of(subject):
            same = sent.delivery.registry == earlier.registry and sent.delivery.manifest.nature == earlier.manifest.nature
            if same and sent.withholds:
                yield from _since(sent, earlier)


def _within(sent: Sent) -> Iterator[Fault]:
    counts = {(row.key, row.statistic): row for row in sent.delivery.rows if STATISTICS[row.statistic].counts}
    hidden = {cell: row for cell, row in counts.items() if row.state == "suppressed"}
    if not hidden:
        return
    shown: dict[Hashable, float] = {cell: row.value for cell, row in counts.items() if row.value is not None}
    sums = sums_within(sent)
    for cell, count in recovered(shown, hidden, sums).items():
        row = next(row for each, row in hidden.items() if each == cell)
        # A suppressed number of persons left after a step is itself large; what is hidden there are those excluded.
        if 0 < count < sent.threshold and row.key.analysis != "attrition":
            ways = ", ".join(dict.fromkeys(each.why for each in sums if cell in each.cells))
            what = f"the {row.statistic} suppressed here ({name_of(row.key)}) follows from other numbers: it is {count} ({ways})"
            yield sent.fault(row, what, SECOND)


def _complements(sent: Sent) -> Iterator[Fault]:
    """The rest of a group beside a reported part of it is a count like any other."""
    study = sent.subject.study
    wholes: list[tuple[Row, float, str]] = []
    for key, rows in sent.by_key.items():
        events, n = rows.get("events"), rows.get("n")
        if key.analysis not in ("attrition", "baseline") and key.time is None and events and n and events.value and n.value:
            wholes.append((events, n.value, "without the event"))
    for covariate in study.covariates:
        if covariate.type == "binary" and not covariate.levels:
            for exposure in study.exposures:
                key = RowKey("baseline", exposure.id, covariate.id)
                having, missing = sent.rows(key).get("n"), sent.rows(key).get("missing")
                persons = sent.value(RowKey("baseline", exposure.id, PERSONS), "n")
                lacking = 0.0 if missing is None else missing.value
                if having is not None and having.value and persons is not None and lacking is not None:
                    wholes.append((having, persons - lacking, f"without {covariate.id}"))
    for row, whole, kind in wholes:
        rest = whole - (row.value or 0.0)
        if 0 < rest < sent.threshold:
            what = (
                f"{rest:g} persons are {kind} ({name_of(row.key)}), below the small-cell threshold of {sent.threshold} in force"
            )
            yield sent.fault(row, what, "Suppress the number, or the size of the group.")


def _over_registries(subject: Subject) -> Iterator[Fault]:
    if subject.results is None:
        return
    sums = sums_over_registries(subject.results)
    counts = {id: each for id, each in subject.results.items() if isinstance(each, Count)}
    hidden = {id: each for id, each in counts.items() if each.state == "suppressed"}
    shown: dict[Hashable, float] = {id: float(each.value) for id, each in counts.items() if each.value is not None}
    for id, value in recovered(shown, hidden, sums).items():
        count = hidden[str(id)]
        if count.threshold is not None and 0 < value < count.threshold:
            source = count.origin.sources[0] if count.origin.sources else None
            place = (
                Place((subject.folder / source.file).as_posix(), source.rows[0]) if source else Place("results", path=count.id)
            )
            what = f"the suppressed {count.id} follows from the total and the other registries: it is {value}"
            yield Fault(place, what, "Suppress the total, or the number of a second registry.")


def _since(sent: Sent, earlier: Earlier) -> Iterator[Fault]:
    """What changed since an earlier delivery is a count like any other."""
    before: dict[Cell, Row] = {(row.key, row.statistic): row for row in earlier.rows}
    same_cut = earlier.manifest.data_cut == sent.delivery.manifest.data_cut
    for row in sent.delivery.rows:
        old = before.get((row.key, row.statistic))
        if old is None or not STATISTICS[row.statistic].counts:
            continue
        if row.value is not None and old.value is not None and 0 < abs(row.value - old.value) < sent.threshold:
            what = (
                f"the {row.statistic} ({name_of(row.key)}) differs by {abs(row.value - old.value):g} from the delivery of "
                f"{earlier.date}, below the small-cell threshold of {sent.threshold} in force"
            )
            yield sent.fault(row, what, "Keep the number of the earlier delivery until it has changed by more, or suppress it.")
        elif same_cut and row.state == "suppressed" and old.value is not None and old.value > 0:
            what = f"the {row.statistic} suppressed here ({name_of(row.key)}) was reported on {earlier.date} from the same data"
            yield sent.fault(row, what, "What has been shown cannot be withheld: report it, or withdraw the earlier delivery.")


def few_persons_have_no_distribution(subject: Subject) -> Iterator[Fault]:
    """Means and quantiles are of at least as many persons as the threshold."""
    for sent in deliveries_of(subject):
        if not sent.withholds:
            continue
        for key, rows in sent.by_key.items():
            shown = [rows[name] for name in POSITIONS if name in rows and rows[name].value is not None]
            n = rows.get("n") or sent.rows(RowKey(key.analysis, key.group, PERSONS)).get("n")
            if shown and n is not None and (n.state == "suppressed" or (n.value is not None and 0 < n.value < sent.threshold)):
                names = ", ".join(row.statistic for row in shown)
                what = f"{names} of {name_of(key)} are given although fewer than {sent.threshold} persons have a value"
                yield sent.fault(shown[0], what, "Suppress them: in a small group they are the values of single persons.")


def rates_do_not_give_counts_away(subject: Subject) -> Iterator[Fault]:
    """No number gives away a count below the threshold that is not shown; see `revealed`."""
    for sent in deliveries_of(subject):
        if sent.withholds:
            for row, whose, counts in counts_revealed(sent):
                told = " or ".join(map(str, counts))
                what = (
                    f"the {row.statistic} with the numbers beside it ({name_of(row.key)}) gives away {whose}: {told}, "
                    f"below the small-cell threshold of {sent.threshold} in force"
                )
                yield sent.fault(row, what, "Suppress it as well: estimate and interval together tell the count.")


RULES: Mapping[str, Rule] = {
    "R11": small_counts_traced,
    "R12": suppressed_counts_stay_hidden,
    "R13": few_persons_have_no_distribution,
    "E01": rates_do_not_give_counts_away,
    "E02": small_counts_typed,
}
"""By the rule's id in `templates/guidance/rules/`."""
