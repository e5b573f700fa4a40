"""Counts that may be known only as a range, and what they say of a linear predictor: the sum of the probabilities of all whole
numbers in the range. A masked count below a threshold is such a range; a zero is not.

Both the Poisson and the binomial log-likelihood are, up to a constant, log(sum over x of c(x) exp(x eta)) - b(eta); the sum has
one term where the count is known. It is concave in eta."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from studygen.stats.distributions import BoolArray, FloatArray

Family = Literal["poisson", "binomial"]
IntArray: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CountRange:
    """A count between `lowest` and `highest`, both possible. ValueError for an empty or negative range."""

    lowest: int
    highest: int

    def __post_init__(self) -> None:
        if not 0 <= self.lowest <= self.highest:
            raise ValueError(f"a count cannot lie between {self.lowest} and {self.highest}")

    @property
    def known(self) -> bool:
        return self.lowest == self.highest


def masked(threshold: int) -> CountRange:
    """A count suppressed because it is above zero and below `threshold`: 1 to threshold - 1. ValueError below 2, where nothing
    is masked."""
    if threshold < 2:
        raise ValueError(f"a threshold of {threshold} masks no count")
    return CountRange(1, threshold - 1)


PartialCount: TypeAlias = int | CountRange


class Derivatives(NamedTuple):
    """A log-likelihood with its first and second derivative, elementwise."""

    value: FloatArray
    slope: FloatArray
    curvature: FloatArray


@dataclass(frozen=True, slots=True)
class PartialCounts:
    """k counts of one family, `size` person-years (Poisson, log link) or persons (binomial, logit link). `low` and `high` have
    shape (k,); `log_terms` (k, m) holds log c(x) for x = low, low + 1, …, minus infinity after high. Made by `partial_counts`."""

    family: Family
    size: FloatArray
    low: IntArray
    high: IntArray
    log_terms: FloatArray

    @property
    def k(self) -> int:
        return int(self.low.size)

    @property
    def any_masked(self) -> bool:
        return bool((self.low < self.high).any())

    def only(self, kept: BoolArray) -> PartialCounts:
        """These counts alone."""
        return PartialCounts(self.family, self.size[kept], self.low[kept], self.high[kept], self.log_terms[kept])

    def log_likelihood(self, eta: FloatArray) -> Derivatives:
        """At linear predictors of shape (k,) or (k, …): log rates per person-year, or logits."""
        from scipy.special import expit

        extra = (1,) * (eta.ndim - 1)
        shape = (self.k, *extra)
        size = self.size.reshape(shape)
        if self.family == "poisson":
            mean = size * np.exp(np.minimum(eta, 500.0))
            norm = Derivatives(mean, mean, mean)
        else:
            p = np.asarray(expit(eta))
            norm = Derivatives(size * np.logaddexp(0.0, eta), size * p, size * p * (1 - p))
        low = self.low.reshape(shape)
        if self.log_terms.shape[1] == 1:
            first = self.log_terms.reshape(shape)
            return Derivatives(first + low * eta - norm.value, low - norm.slope, -norm.curvature)
        steps = np.arange(self.log_terms.shape[1])
        terms = self.log_terms.reshape((self.k, *extra, -1)) + steps * eta[..., None]
        top = terms.max(axis=-1, keepdims=True)
        weight = np.exp(terms - top)
        total = weight.sum(axis=-1)
        mean = (weight * steps).sum(axis=-1) / total
        spread = (weight * (steps - mean[..., None]) ** 2).sum(axis=-1) / total
        value = np.log(total) + top[..., 0] + low * eta
        return Derivatives(
            np.asarray(value - norm.value), np.asarray(low + mean - norm.slope), np.asarray(spread - norm.curvature)
        )


def partial_counts(counts: Sequence[PartialCount], size: npt.ArrayLike, family: Family) -> PartialCounts:
    """Counts with their person-years or persons. A range is cut at the number of persons. ValueError for unequal lengths, sizes
    that are not finite and positive, or more events than persons."""
    from scipy.special import gammaln

    sizes = np.atleast_1d(np.asarray(size, dtype=np.float64))
    ranges = [count if isinstance(count, CountRange) else CountRange(int(count), int(count)) for count in counts]
    if sizes.shape != (len(ranges),) or not ranges:
        raise ValueError("counts and sizes must be lists of the same length, one entry per source")
    if not (np.isfinite(sizes).all() and (sizes > 0).all()):
        raise ValueError("person-years and persons must be finite and positive")
    low, high = np.array([r.lowest for r in ranges]), np.array([r.highest for r in ranges])
    if family == "binomial":
        if (low > sizes).any():
            raise ValueError("there are more events than persons")
        high = np.minimum(high, sizes.astype(np.int64))
    x = low[:, None] + np.arange(int((high - low).max()) + 1)
    with np.errstate(invalid="ignore"):
        terms = -gammaln(x + 1)
        if family == "poisson":
            terms = terms + x * np.log(sizes)[:, None]
        else:
            terms = terms + gammaln(sizes + 1)[:, None] - gammaln(sizes[:, None] - x + 1)
    return PartialCounts(family, sizes, low, high, np.where(x <= high[:, None], terms, -np.inf))
