"""Which arithmetic belongs to which measure when registries send counts: the effect on the scale on which it is combined, and the
interval that is shown for one registry. Two catalogues; a new measure is a line in each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from studygen.stats import effects, occurrence
from studygen.stats.effects import Effect


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two groups' numbers become an effect. `effect` takes the numbers of the first group, then of the second."""

    effect: Callable[..., Effect]
    method: str


COMPARISONS: Final[dict[str, Comparison]] = {
    "incidence_rate_ratio": Comparison(effects.log_rate_ratio, "rate_ratio_wald"),
    "relapse_rate_ratio": Comparison(effects.log_rate_ratio, "rate_ratio_wald"),
    "incidence_rate_difference": Comparison(effects.rate_difference, "rate_difference_wald"),
    "risk_ratio": Comparison(effects.log_risk_ratio, "risk_ratio_wald"),
    "odds_ratio": Comparison(effects.log_odds_ratio, "odds_ratio_wald"),
    "risk_difference": Comparison(effects.risk_difference, "risk_difference_wald"),
    "mean_difference": Comparison(effects.mean_difference, "mean_difference_wald"),
}

OCCURRENCES: Final[dict[str, Callable[..., Effect]]] = {
    "incidence_rate": effects.log_rate,
    "proportion": effects.logit_proportion,
    "mean": effects.mean_effect,
}
"""The effect of one group's numbers."""

OCCURRENCE_INTERVALS: Final[dict[tuple[str, str], tuple[str, Callable[..., occurrence.Interval]]]] = {
    ("incidence_rate", "exact_poisson"): ("rate_exact_poisson", occurrence.exact_poisson),
    ("incidence_rate", "wald"): ("rate_wald_log", occurrence.wald_log_rate),
    ("proportion", "clopper_pearson"): ("proportion_clopper_pearson", occurrence.clopper_pearson),
    ("proportion", "wilson"): ("proportion_wilson", occurrence.wilson),
    ("proportion", "wald"): ("proportion_wald_logit", occurrence.wald_logit_proportion),
}
"""(measure, interval of the plan) → method and function of (events, denominator, level)."""

SCALES: Final[dict[str, effects.Scale]] = {
    "incidence_rate": effects.LogEffect,
    "proportion": effects.LogitEffect,
    "incidence_rate_ratio": effects.LogEffect,
    "relapse_rate_ratio": effects.LogEffect,
    "hazard_ratio": effects.LogEffect,
    "risk_ratio": effects.LogEffect,
    "odds_ratio": effects.LogEffect,
}
"""The scale on which a measure's delivered estimates are combined; the plain scale for those not named."""
