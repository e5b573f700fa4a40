"""The delivery contract: what a registry sends, as typed values. Knows the form of a delivery; whether it fits a study is
judged in `reconciliation`.

A delivery is a folder `deliveries/<registry>/` (or the same files in `deliveries/<registry>.zip`) with two files and
optionally a `README.md` for people: `manifest.json` (the model `Manifest`) and `aggregates.csv` (UTF-8, comma-separated,
decimal point, one row per number, never a row about one person). The columns, in this order:

    analysis   id of an analysis of the plan, or `attrition`, `baseline`, `feasibility`
    group      `exposure:comparator` for a contrast's estimates and baseline differences, an exposure id for counts of one group,
               or `all`
    variable   for an analysis its outcome id; for attrition `source_population`, a criterion id (persons left after it) or
               `study_population`; for baseline `persons` (group size, `n`) or a covariate id; for feasibility an outcome or
               covariate id or `persons`
    level      a level of a categorical covariate, else empty
    stratum    `overall`, or `<covariate>=<level>` for a subgroup analysis
    time       for rows of a curve the last day of an interval of follow-up, counted from its start; else empty
    statistic  a word of `STATISTICS` (no analysis takes `profile` yet)
    value      a number, empty unless the state is `reported`
    state      `reported`, `suppressed`, `not_collected`, `not_applicable`, `not_estimable`

Which statistics an analysis needs (`expected.needed_statistics`):

    input `estimates`, group = the contrast (or the occurrence group): `estimate`, `ci_lower`, `ci_upper` on the natural scale
        (ratio; proportion as a fraction 0-1; rate per ONE person-year), or `log_estimate` with `se` (log scale; the logit for a
        proportion). Optional beside them, per exposure group: `n`, `events`, `person_years`, `missing`.
    input `counts`, for each occurrence group, or for both groups of the contrast:
        incidence rate, rate ratio or difference: `events`, `person_years` (optional `n`)
        proportion, risk ratio or difference, odds ratio: `events`, `n`
        count: `events`;   mean, mean difference: `mean`, `sd`, `n`

Attrition (`analysis` = `attrition`; stratum `overall`, level and time empty): for the group `all` and, if wanted, for exposures
as well, one row `n` per step, the persons left after it: `source_population`, the criteria in the plan's order
(`expected.attrition_order`), `study_population`. n never grows. Those excluded at a step are its difference to the last reported
step before it, and a difference is a count like any other: two reported steps that follow each other differ by nothing, or by at
least the threshold; else the step between is `suppressed`. A criterion that applies in the analyses of some outcomes only is no
step to the study population: its `n` are the persons of the study population who are left for those analyses.

Baseline (`analysis` = `baseline`), for each exposure id:

    variable `persons`: `n`, the size of the group
    a binary covariate without levels: `n` persons who have it; `missing` persons of whom it is not known
    a covariate with levels: per level (column `level`) `n` persons; once, with the level empty, `missing`. Levels and missing
        together are all persons of the group
    a continuous covariate or a count: `n` persons with a value, `missing`, `mean`, `sd`, `median`, `q1`, `q3`
    group `exposure:comparator`, level empty: `smd` the standardised difference (exposure less comparator over the root of the
        mean of both variances; over several levels that of Yang and Dalton, without sign), and `smd_weighted` the same after the
        weighting or matching of the plan

Curves (`analysis` = an analysis of a time-to-event outcome that is no subgroup analysis): optional rows by `time`, for each
exposure group of the analysis, unweighted. Follow-up is cut into intervals that begin on day 0, or after the last day of the one
before; `time` is the last day of the interval. For each interval, on one day in the file:

    `at_risk`    persons under observation and free of the event when the interval begins
    `events`     first events in it
    `censored`   persons whose observation ended in it without an event
    `competing`  persons who had a competing event in it, such as death; sent for every interval or for none. With it the figure
                 shows the cumulative incidence, without it the probability of being free of the event

Each at_risk is that of the interval before, less its events, competing events and censored. All registries should use the same
days (the ends of months or years); the sum over registries is taken at the days that all of them have that still follow anybody.
Where a count would be small, make the interval wider (a zero may be shown), and end the table while nobody or at least as many
persons as the threshold are left. A registry with a count that is not reported has no curve and is named as left out.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from studygen.definition import Declared, Id, Slug

COLUMNS: Final = ("analysis", "group", "variable", "level", "stratum", "time", "statistic", "value", "state")
"""The columns of aggregates.csv, in order."""

MANIFEST: Final = "manifest.json"
AGGREGATES: Final = "aggregates.csv"
READ_ME: Final = "README.md"
"""May lie beside the two files, for people; it is not read."""

DESCRIPTIVE: Final = ("attrition", "baseline", "feasibility")
"""Words of the column `analysis` that are not analyses of the plan."""

State = Literal["reported", "suppressed", "not_collected", "not_applicable", "not_estimable"]
STATES: Final[tuple[State, ...]] = ("reported", "suppressed", "not_collected", "not_applicable", "not_estimable")

StatisticUnit = Literal[
    "persons", "events", "person_years", "variable", "standard_deviations", "natural", "analysis_scale", "log_likelihood"
]


@dataclass(frozen=True, slots=True)
class Statistic:
    """A controlled word of the column `statistic`: its unit, and whether it counts people or events (then it is whole, not
    negative, and falls under the small-cell rule)."""

    unit: StatisticUnit
    counts: bool = False


STATISTICS: Final[Mapping[str, Statistic]] = {
    "n": Statistic("persons", counts=True),
    "events": Statistic("events", counts=True),
    "missing": Statistic("persons", counts=True),
    "at_risk": Statistic("persons", counts=True),
    "censored": Statistic("persons", counts=True),
    "competing": Statistic("events", counts=True),
    "person_years": Statistic("person_years"),
    "mean": Statistic("variable"),
    "sd": Statistic("variable"),
    "median": Statistic("variable"),
    "q1": Statistic("variable"),
    "q3": Statistic("variable"),
    "smd": Statistic("standard_deviations"),
    "smd_weighted": Statistic("standard_deviations"),
    "estimate": Statistic("natural"),
    "ci_lower": Statistic("natural"),
    "ci_upper": Statistic("natural"),
    "log_estimate": Statistic("analysis_scale"),
    "se": Statistic("analysis_scale"),
    "profile": Statistic("log_likelihood"),
}

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in lower-case hexadecimal."""

DefinitionVersion = Annotated[str, StringConstraints(pattern=r"^\d+\.\d+$")]


class PublishedSource(Declared):
    """Where published aggregates were read."""

    citation_key: str
    """Key of the study's references.json."""
    doi: str = ""
    note: str = ""
    """Which table or passage; what is missing there."""


class Manifest(Declared):
    """The delivery's covering note, `manifest.json`."""

    format: Literal[1]
    """Version of the delivery format."""
    study: Slug
    definition_version: DefinitionVersion
    """Version of the protocol that the delivery answers (`documents.protocol.version`)."""
    definition_hash: Sha256 | None = None
    """SHA-256 of the study.yaml in the registry's hands; needed unless the aggregates were published. It is kept for the record
    and not compared: the report's narrative is later written into the same file."""
    registry: Id
    nature: Literal["live", "simulated", "published"]
    source: PublishedSource | None = None
    """Needed when published."""
    data_cut: datetime.date | None = None
    """Needed unless published."""
    extraction: datetime.date | None = None
    """Needed unless published."""
    software: str = ""
    """Name and version of what computed the aggregates; needed unless published."""
    small_cell_threshold: Annotated[int, Field(ge=1)]
    """The smallest count that was shown; 1 when nothing was suppressed."""
    interval_level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    """Confidence level of the delivered intervals."""
    perturbed: bool = False
    """Whether the source adds small random noise to its counts instead of suppressing them; sums then need not add up."""
    files: dict[str, Sha256]
    """SHA-256 of each file but the manifest."""


@dataclass(frozen=True, slots=True)
class RowKey:
    """What a row is about, apart from the statistic."""

    analysis: str
    group: str
    variable: str
    level: str = ""
    stratum: str = "overall"
    time: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of aggregates.csv. `line` is its 1-based line in the file; `decimals` the decimals that were written, from which
    the rounding of a printed number is known. `value` is None unless the state is `reported`."""

    line: int
    key: RowKey
    statistic: str
    value: float | None
    state: State
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One registry's delivery, read and typed. `file` is the path of aggregates.csv relative to the study folder
    (`deliveries/x.zip/aggregates.csv` inside a ZIP), `sha256` that of its bytes."""

    registry: str
    manifest: Manifest
    file: str
    manifest_file: str
    sha256: str
    rows: tuple[Row, ...]

    def rows_of(self, analysis: str) -> tuple[Row, ...]:
        """The rows of one analysis, in the file's order."""
        return tuple(row for row in self.rows if row.key.analysis == analysis)


class Deliveries(Mapping[str, Delivery]):
    """All deliveries of a study by registry id, in the plan's order. Empty when nothing was delivered."""

    def __init__(self, deliveries: tuple[Delivery, ...] = ()) -> None:
        self._by_registry = {delivery.registry: delivery for delivery in deliveries}

    def __getitem__(self, registry: str) -> Delivery:
        return self._by_registry[registry]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_registry)

    def __len__(self) -> int:
        return len(self._by_registry)

    @property
    def registries(self) -> tuple[str, ...]:
        """The registries that delivered, in the plan's order."""
        return tuple(self._by_registry)
