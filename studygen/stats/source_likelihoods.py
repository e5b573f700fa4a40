"""What each source's counts say of its own effect: conditional on the margins, or with a baseline, of which nothing is known
beforehand. Counts may be masked. Knows nothing of how effects differ between sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from studygen.stats.distributions import BoolArray, FloatArray
from studygen.stats.exact_conditional import ConditionalSource
from studygen.stats.partial_counts import Derivatives, IntArray, PartialCounts
from studygen.stats.quadrature import Surface, integrate_two

SourceLikelihood: TypeAlias = Callable[[FloatArray], Derivatives]
"""The log-likelihood of k sources at effects of shape (k,) or (k, points)."""


@dataclass(frozen=True, slots=True)
class ConditionalLikelihood:
    """Conditional distributions of k sources side by side: log weights (k, m), minus infinity beyond a source's last value."""

    first: IntArray
    observed: IntArray
    log_weights: FloatArray
    own_weight: FloatArray

    @classmethod
    def of(cls, sources: tuple[ConditionalSource, ...]) -> ConditionalLikelihood:
        width = max(s.log_weight.size for s in sources)
        weights = np.full((len(sources), width), -np.inf)
        for row, s in enumerate(sources):
            weights[row, : s.log_weight.size] = s.log_weight
        own = np.array([s.log_weight[s.observed - s.first] for s in sources])
        return cls(np.array([s.first for s in sources]), np.array([s.observed for s in sources]), weights, own)

    def log_likelihood(self, theta: FloatArray) -> Derivatives:
        extra = (1,) * (theta.ndim - 1)
        shape = (self.first.size, *extra)
        steps = np.arange(self.log_weights.shape[1])
        terms = self.log_weights.reshape((*shape, -1)) + steps * theta[..., None]
        top = terms.max(axis=-1, keepdims=True)
        weight = np.exp(terms - top)
        total = weight.sum(axis=-1)
        mean = (weight * steps).sum(axis=-1) / total
        spread = (weight * (steps - mean[..., None]) ** 2).sum(axis=-1) / total
        above = (self.observed - self.first).reshape(shape)
        value = self.own_weight.reshape(shape) + above * theta - np.log(total) - top[..., 0]
        return Derivatives(np.asarray(value), np.asarray(above - mean), np.asarray(-spread))


@dataclass(frozen=True, slots=True)
class TwoGroupLikelihood:
    """Two groups in each source with linear predictors baseline + effect/2 and baseline - effect/2."""

    group1: PartialCounts
    group2: PartialCounts

    @property
    def k(self) -> int:
        return self.group1.k

    @property
    def any_event(self) -> bool:
        return bool(self.group1.high.any() or self.group2.high.any())

    @property
    def informative(self) -> BoolArray:
        """Sources with an event in some group and, for persons, one without event."""
        one, two = self.group1, self.group2
        some = (one.high > 0) | (two.high > 0)
        if one.family == "binomial":
            some &= (one.low < one.size) | (two.low < two.size)
        return np.asarray(some)

    @property
    def direction(self) -> int:
        """1 or -1 when the likelihood rises without end as the effect does (all events in one group), else 0."""
        none1, none2 = not self.group1.high.any(), not self.group2.high.any()
        binomial = self.group1.family == "binomial"
        full1 = binomial and bool((self.group1.low >= self.group1.size).all())
        full2 = binomial and bool((self.group2.low >= self.group2.size).all())
        if none2 or full1:
            return 1
        return -1 if none1 or full2 else 0

    @property
    def baselines(self) -> FloatArray:
        """Rough baselines from which a search may start: mean log rates or logits of both groups, 1/2 added."""
        rates = []
        for group in (self.group1, self.group2):
            x = (group.low + group.high) / 2 + 0.5
            rates.append(np.log(x / group.size) if group.family == "poisson" else np.log(x / (group.size - x + 1.0)))
        return np.asarray((rates[0] + rates[1]) / 2)

    def only(self, kept: BoolArray) -> TwoGroupLikelihood:
        """These sources alone."""
        return TwoGroupLikelihood(self.group1.only(kept), self.group2.only(kept))

    def surface(self, baseline: FloatArray, effect: FloatArray) -> Surface:
        """The log-likelihood at baselines and effects (first axis sources, broadcast), with its derivatives."""
        baseline, effect = np.broadcast_arrays(baseline, effect)
        one = self.group1.log_likelihood(baseline + effect / 2)
        two = self.group2.log_likelihood(baseline - effect / 2)
        return Surface(
            one.value + two.value,
            one.slope + two.slope,
            (one.slope - two.slope) / 2,
            one.curvature + two.curvature,
            (one.curvature - two.curvature) / 2,
            (one.curvature + two.curvature) / 4,
        )

    def along_effect(self, baseline: FloatArray, effect: FloatArray) -> Derivatives:
        """The log-likelihood at fixed baselines (k,), with its derivatives in the effect, (k,) or (k, points)."""
        surface = self.surface(baseline if effect.ndim == 1 else baseline[:, None], effect)
        return Derivatives(surface.value, surface.d2, surface.d22)

    def with_random_baselines(self, mu: float, alpha: float, sigma: float, tau: float, points: int) -> float:
        """The log-likelihood of all sources with baselines N(alpha, sigma²) and effects N(mu, tau²)."""
        marginal = integrate_two(lambda a, d: self.surface(alpha + a, mu + d), self.k, sigma, tau, points)
        return float(marginal.sum())
