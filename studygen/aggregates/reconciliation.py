"""Whether a delivery's rows fit the plan and each other: one function per rule, every fault with its line. Catalogue at the end.
Values are judged here, never changed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise, product

from studygen.aggregates import expected, small_cells
from studygen.aggregates.baseline_rules import baseline_faults
from studygen.aggregates.completeness import lacking_rows
from studygen.aggregates.contract import DESCRIPTIVE, STATISTICS, Delivery, Row, RowKey
from studygen.aggregates.intervals import interval_faults
from studygen.aggregates.life_tables import table_disclosures, table_faults
from studygen.errors import Fault, Place, did_you_mean
from studygen.network.network import Network
from studygen.study.governance import Participation
from studygen.study.objectives import Analysis
from studygen.study.study import Study


@dataclass(frozen=True)
class Reconciling:
    """What a rule is given. `file` is the path to name in faults."""

    study: Study
    network: Network
    participation: Participation
    delivery: Delivery
    file: str

    @cached_property
    def analyses(self) -> Mapping[str, Analysis]:
        return {analysis.id: analysis for analysis in self.study.analyses}

    @cached_property
    def by_key(self) -> Mapping[RowKey, Mapping[str, Row]]:
        """The rows that belong together: key → statistic → row (the first of duplicates)."""
        found: dict[RowKey, dict[str, Row]] = {}
        for row in self.delivery.rows:
            found.setdefault(row.key, {}).setdefault(row.statistic, row)
        return found

    @cached_property
    def followed(self) -> Mapping[RowKey, Mapping[str, Row]]:
        """The rows of groups that may be followed in time."""
        return {key: rows for key, rows in self.by_key.items() if self.takes_time(key)}

    def takes_time(self, key: RowKey) -> bool:
        """Whether rows by time may be sent of this analysis and group."""
        analysis = self.analyses.get(key.analysis)
        if analysis is None or not expected.takes_curves(self.study, analysis):
            return False
        return key.group in expected.count_groups(analysis)

    def fault(self, row: Row, what: str, remedy: str = "") -> Fault:
        return Fault(Place(self.file, row.line), what, remedy)

    def planned(self, row: Row) -> Analysis | None:
        """The row's analysis, None when it is unknown or a word for descriptive rows."""
        return self.analyses.get(row.key.analysis)


def analyses_are_planned(r: Reconciling) -> Iterator[Fault]:
    """Every analysis stands in the plan, and the registry contributes to it."""
    for row in r.delivery.rows:
        name = row.key.analysis
        analysis = r.planned(row)
        if analysis is None and name not in DESCRIPTIVE:
            yield r.fault(row, f'"{name}" is not an analysis of the plan', did_you_mean(name, [*r.analyses, *DESCRIPTIVE]))
        elif analysis is not None and not expected.asks(analysis, r.participation.registry):
            what = f'the plan restricts "{name}" to other registries: {", ".join(analysis.registries)}'
            yield r.fault(row, what, "Take the rows out, or add the registry to the analysis in study.yaml.")
        elif analysis is not None and not expected.contributes(r.participation, analysis):
            yield r.fault(
                row,
                f'the registry takes part for {", ".join(r.participation.objectives)} only, to which "{name}" does not belong',
                "Take the rows out, or add the objective to the registry's participation in study.yaml.",
            )


def groups_are_planned(r: Reconciling) -> Iterator[Fault]:
    """Every group is one of the analysis' own: its contrast, a side of it, an occurrence group; an exposure for the rest, at
    baseline also a contrast of the plan."""
    exposures = [*(exposure.id for exposure in r.study.exposures), "all"]
    compared = [contrast.group for contrast in expected.contrasts(r.study)]
    for row in r.delivery.rows:
        analysis, group = r.planned(row), row.key.group
        if analysis is not None:
            known = list(dict.fromkeys((*expected.estimate_groups(analysis), *expected.count_groups(analysis))))
            if group not in known:
                what = f'"{group}" is not a group of the analysis {analysis.id}'
                swapped = ":".join(reversed(group.split(":")))
                if ":" in group and swapped in known:
                    yield r.fault(row, f"{what}: exposure and comparator are the other way round", f'It compares "{swapped}".')
                else:
                    yield r.fault(row, what, did_you_mean(group, known))
        elif row.key.analysis in DESCRIPTIVE:
            known = [*exposures, *compared] if row.key.analysis == "baseline" else exposures
            if group not in known:
                yield r.fault(row, f'"{group}" is not an exposure group of the study', did_you_mean(group, known))


def variables_are_planned(r: Reconciling) -> Iterator[Fault]:
    """Every variable is the analysis' outcome, or one that may be described; a level is one of the covariate's."""
    for row in r.delivery.rows:
        analysis, variable, level = r.planned(row), row.key.variable, row.key.level
        if analysis is not None:
            if variable != analysis.outcome:
                yield r.fault(
                    row, f'"{variable}" is not the outcome of the analysis {analysis.id}', f'It is "{analysis.outcome}".'
                )
            elif level:
                yield r.fault(row, f'an outcome has no level, but there is "{level}"', "Leave the level empty.")
        elif row.key.analysis in DESCRIPTIVE:
            known = expected.descriptive_variables(r.study, row.key.analysis)
            if variable not in known:
                yield r.fault(row, f'"{variable}" is not a variable of {row.key.analysis}', did_you_mean(variable, known))
                continue
            levels = next((x.levels for x in r.study.covariates if x.id == variable), ())
            if level and level not in levels:
                yield r.fault(row, f'"{level}" is not a level of {variable}', did_you_mean(level, levels))


def strata_are_planned(r: Reconciling) -> Iterator[Fault]:
    """A stratum is `overall`, or a level of the variable of a subgroup analysis."""
    for row in r.delivery.rows:
        analysis, stratum = r.planned(row), row.key.stratum
        if stratum != "overall" and "=" not in stratum:
            yield r.fault(row, f'"{stratum}" is not a stratum', 'A stratum is "overall" or "variable=level".')
        elif analysis is not None and stratum not in expected.strata(analysis):
            known = expected.strata(analysis)
            yield r.fault(row, f'"{stratum}" is not a stratum of the analysis {analysis.id}', did_you_mean(stratum, known))
        elif row.key.analysis in DESCRIPTIVE and stratum != "overall":
            yield r.fault(row, f'rows of {row.key.analysis} have no stratum, but there is "{stratum}"', 'Give "overall".')


def times_are_planned(r: Reconciling) -> Iterator[Fault]:
    """Rows by time belong to analyses of a first event in time; one that is not taken would be left unused without a word."""
    for row in r.delivery.rows:
        analysis, time = r.planned(row), row.key.time
        if time is None or (analysis is not None and expected.takes_curves(r.study, analysis)):
            continue
        if analysis is None or analysis.subgroup is not None:
            what = f"the row is for day {time:g}, but {row.key.analysis} takes no rows by time"
        else:
            what = f"the row is for day {time:g}, but the outcome of {analysis.id} is not a time to an event"
        yield r.fault(row, what, "Leave the time empty.")


def statistics_fit_the_analysis(r: Reconciling) -> Iterator[Fault]:
    """A group is sent the statistics that the plan takes of it: counts or estimates, or those of an interval of follow-up."""
    for row in r.delivery.rows:
        analysis, group = r.planned(row), row.key.group
        allowed: tuple[str, ...]
        if analysis is not None and row.key.time is not None:
            if not expected.takes_curves(r.study, analysis):
                continue
            allowed = expected.CURVE_STATISTICS if r.takes_time(row.key) else ()
            where = f"the group {group} of the analysis {analysis.id} for an interval of follow-up"
        elif analysis is not None:
            allowed = expected.allowed_statistics(analysis, group)
            where = f"the group {group} of the analysis {analysis.id}"
        elif row.key.analysis in DESCRIPTIVE:
            allowed, where = expected.DESCRIPTIVE_STATISTICS[row.key.analysis], row.key.analysis
            if row.key.analysis == "baseline":
                balance = expected.BALANCE_STATISTICS
                allowed = balance if ":" in group else tuple(each for each in allowed if each not in balance)
                where = f"the {'contrast' if ':' in group else 'group'} {group} at baseline"
        else:
            continue
        if row.statistic not in allowed and (allowed or row.key.time is not None):
            remedy = "It takes " + ", ".join(allowed) + "." if allowed else "Send the two groups of the contrast one by one."
            yield r.fault(row, f'"{row.statistic}" is not taken of {where}', remedy)


def nothing_is_sent_twice(r: Reconciling) -> Iterator[Fault]:
    """One row per key and statistic."""
    for row in r.delivery.rows:
        first = r.by_key[row.key][row.statistic]
        if first is not row:
            yield r.fault(row, f"the same {row.statistic} already stands in line {first.line}", "Keep the right one.")


def counts_are_whole(r: Reconciling) -> Iterator[Fault]:
    """Counts are whole numbers from zero; person-years and standard deviations are not negative."""
    for row in r.delivery.rows:
        if row.value is None:
            continue
        if row.value < 0 and (STATISTICS[row.statistic].counts or row.statistic in ("person_years", "sd")):
            yield r.fault(row, f"{row.statistic} is negative ({row.value:g})", "Mend it with the registry.")
        elif STATISTICS[row.statistic].counts and row.value != math.floor(row.value):
            yield r.fault(row, f"{row.statistic} is not a whole number ({row.value:g})", "A count of people or events is whole.")


def counts_agree(r: Reconciling) -> Iterator[Fault]:
    """Events do not exceed persons in a study of risks, people with an event have person-time, quartiles are in order."""
    for key, rows in r.by_key.items():
        value = {statistic: row.value for statistic, row in rows.items()}
        n, events, person_years = value.get("n"), value.get("events"), value.get("person_years")
        analysis = r.analyses.get(key.analysis)
        # In a rate of repeated events (relapses) there may be more events than persons.
        once = analysis is None or analysis.measure in expected.RISK_MEASURES or _counted_once(r.study, key.variable)
        if n is not None and events is not None and events > n and once:
            yield r.fault(
                rows["events"], f"there are more events ({events:g}) than persons ({n:g})", "Mend it with the registry."
            )
        if person_years is not None and person_years <= 0 and (events or n):
            yield r.fault(rows["person_years"], "there are persons or events without person-years", "Mend it with the registry.")
        missing = value.get("missing")
        if n is not None and missing is not None and missing > n and key.analysis not in DESCRIPTIVE:
            yield r.fault(rows["missing"], f"more are missing ({missing:g}) than there are ({n:g})", "Mend it with the registry.")
        quartiles = [(name, value[name]) for name in ("q1", "median", "q3") if value.get(name) is not None]
        for (lower, below), (upper, above) in pairwise(quartiles):
            if below is not None and above is not None and below > above:
                yield r.fault(rows[lower], f"{lower} ({below:g}) is above {upper} ({above:g})", "Mend it with the registry.")


def intervals_hold_their_estimates(r: Reconciling) -> Iterator[Fault]:
    """Where the plan takes estimates; see `intervals`."""
    for key, rows in r.by_key.items():
        analysis = r.analyses.get(key.analysis)
        if analysis is not None and analysis.input == "estimates" and key.time is None:
            for row, what, remedy in interval_faults(analysis, rows):
                yield r.fault(row, what, remedy)


def life_tables_add_up(r: Reconciling) -> Iterator[Fault]:
    """See `life_tables`. Counts with noise (`perturbed`) need not add up."""
    if r.delivery.manifest.perturbed:
        return
    for row, what, remedy in table_faults(r.followed):
        yield r.fault(row, what, remedy)


def baseline_adds_up(r: Reconciling) -> Iterator[Fault]:
    """See `baseline_rules`. Counts with noise (`perturbed`) need not add up."""
    if r.delivery.manifest.perturbed:
        return
    for row, what, remedy in baseline_faults(r.study, r.by_key):
        yield r.fault(row, what, remedy)


def attrition_does_not_grow(r: Reconciling) -> Iterator[Fault]:
    """Each criterion leaves at most as many persons as the one before, unless noise was added to counts."""
    if r.delivery.manifest.perturbed:
        return
    groups = {key.group for key in r.by_key if key.analysis == "attrition"}
    for group, order in product(sorted(groups), expected.selection_chains(r.study)):
        steps = [rows["n"] for variable in order if (rows := r.by_key.get(RowKey("attrition", group, variable))) and "n" in rows]
        reported = [row for row in steps if row.value is not None]
        for before, after in pairwise(reported):
            if (after.value or 0) > (before.value or 0):
                yield r.fault(
                    after,
                    f"more persons are left after {after.key.variable} ({after.value:g}) "
                    f"than before it ({before.value:g}, line {before.line})",
                    "n is the number left after the criterion, in the plan's order.",
                )


def small_counts_are_suppressed(r: Reconciling) -> Iterator[Fault]:
    """The small-cell rule; see `small_cells`."""
    threshold = small_cells.threshold_in_force(r.study, r.network, r.participation, r.delivery.manifest)
    for row, what, remedy in (
        *small_cells.too_small(r.delivery, threshold),
        *small_cells.small_differences(r.delivery, threshold, expected.selection_chains(r.study)),
        *small_cells.given_away(r.by_key),
        *table_disclosures(r.followed, threshold if r.delivery.manifest.nature != "published" else 1),
    ):
        yield r.fault(row, what, remedy)


def _counted_once(study: Study, variable: str) -> bool:
    return any(outcome.id == variable and outcome.type in ("binary", "time_to_event") for outcome in study.outcomes)


ROW_RULES: Mapping[str, Callable[[Reconciling], Iterator[Fault]]] = {
    "A01": analyses_are_planned,
    "A02": groups_are_planned,
    "A03": variables_are_planned,
    "A04": strata_are_planned,
    "A05": times_are_planned,
    "A06": statistics_fit_the_analysis,
    "A07": nothing_is_sent_twice,
    "A08": counts_are_whole,
    "A09": counts_agree,
    "R10": intervals_hold_their_estimates,
    "A10": life_tables_add_up,
    "A11": baseline_adds_up,
    "R08": attrition_does_not_grow,
    "R11": small_counts_are_suppressed,
}
"""By the rule's id in `templates/guidance/rules/`."""


def reconcile(
    study: Study, network: Network, participation: Participation, delivery: Delivery, file: str, *, complete: bool
) -> list[Fault]:
    """Every fault of a delivery's rows. Rows that are lacking are only named when nothing else is wrong and the file was read
    in full (`complete`): a row with a fault would otherwise be reported twice."""
    given = Reconciling(study, network, participation, delivery, file)
    faults = [replace(fault, rule=id) for id, rule in ROW_RULES.items() for fault in rule(given)]
    if complete and not faults:
        faults.extend(
            Fault(Place(file, path=id), what, remedy, "A12")
            for id, what, remedy in lacking_rows(study, participation, given.by_key)
        )
    return faults
