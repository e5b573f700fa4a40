"""E-values of main ratio analyses: how strongly an unmeasured confounder would have to be tied to exposure and outcome to explain
the combined estimate away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from studygen.results.addresses import joined
from studygen.results.findings import Estimate, Note, Origin, Quantity, Result
from studygen.results.pool import Pool
from studygen.stats.e_values import RatioKind, e_value

KINDS: Final[Mapping[str, RatioKind]] = {
    "incidence_rate_ratio": "IRR",
    "relapse_rate_ratio": "IRR",
    "risk_ratio": "RR",
    "hazard_ratio": "HR_rare",
    "odds_ratio": "OR_rare",
}
"""Ratios that an E-value can be given for. Of hazards and odds it takes the outcome to be rare, which a note says."""


def e_values(pool: Pool, pooled: Estimate) -> Iterator[Result]:
    """`<stem>.e_value` and `<stem>.e_value_limit` of the combined estimate of a main ratio analysis; nothing for others."""
    kind = KINDS.get(pool.analysis.measure)
    if kind is None or pool.analysis.role != "main":
        return
    rare = (Note("e_value_rare_outcome"),) if kind.endswith("rare") else ()
    ids = joined(pool.stem, "e_value"), joined(pool.stem, "e_value_limit")
    origin = Origin("e_value", (pooled.id,), pooled.origin.sources, rare)
    value, lower, upper = pooled.value, pooled.lower, pooled.upper
    if value is None or lower is None or upper is None or not 0 < lower <= value <= upper < float("inf"):
        for id in ids:
            yield Quantity(id, None, "ratio", "not_estimable", origin)
        return
    found = e_value(kind, value, lower, upper)
    yield Quantity(ids[0], found.estimate, "ratio", "reported", origin)
    crosses = (Note("e_value_crosses_null"),) if "crosses_null" in found.notes else ()
    yield Quantity(
        ids[1], found.limit, "ratio", "reported", Origin("e_value", (pooled.id,), pooled.origin.sources, (*rare, *crosses))
    )
