"""Integrals over a normal random effect by adaptive Gauss-Hermite quadrature: the nodes are placed around each source's own
maximum with its own curvature. One effect per source, or two independent ones. One point is Laplace's approximation.

Source: Liu, Pierce 1994; Pinheiro, Bates 1995."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from studygen.stats.distributions import FloatArray
from studygen.stats.partial_counts import Derivatives

POINTS = 41
MAX_STEPS = 200
STEP_TOLERANCE = 1e-12
LONGEST_STEP = 4.0
"""In standard deviations: an exponential mean overshoots from afar."""


@dataclass(frozen=True, slots=True)
class Marginal:
    """Per source: the log of the integral (k,); the nodes in standard deviations of the random effect (k, points) and their
    share of the integral, that is the conditional distribution of the effect given the data."""

    log_likelihood: FloatArray
    nodes: FloatArray
    share: FloatArray


def integrate(log_likelihood: Callable[[FloatArray], Derivatives], k: int, tau: float, points: int = POINTS) -> Marginal:
    """The integral over v ~ N(0, 1) of exp(log_likelihood(tau v)) for each of k sources. `log_likelihood` takes (k,) or
    (k, points) and is concave."""
    v = np.zeros(k)
    for _ in range(MAX_STEPS):
        at = log_likelihood(tau * v)
        step = (tau * at.slope - v) / (1.0 - tau**2 * at.curvature)
        limit = LONGEST_STEP / max(tau, 1.0)
        step = np.clip(step, -limit, limit)
        v = v + step
        if np.abs(step).max() < STEP_TOLERANCE:
            break
    scale = 1.0 / np.sqrt(1.0 - tau**2 * log_likelihood(tau * v).curvature)
    x, w = np.polynomial.hermite.hermgauss(points)
    nodes = v[:, None] + np.sqrt(2.0) * scale[:, None] * x
    terms = log_likelihood(tau * nodes).value - 0.5 * nodes**2 + x**2 + np.log(w)
    top = terms.max(axis=1, keepdims=True)
    shares = np.exp(terms - top)
    total = shares.sum(axis=1, keepdims=True)
    value = np.log(total[:, 0]) + top[:, 0] + np.log(scale) - 0.5 * np.log(np.pi)
    return Marginal(np.asarray(value), np.asarray(nodes), np.asarray(shares / total))


@dataclass(frozen=True, slots=True)
class Surface:
    """A log-likelihood of two variables with its first and second derivatives, elementwise."""

    value: FloatArray
    d1: FloatArray
    d2: FloatArray
    d11: FloatArray
    d12: FloatArray
    d22: FloatArray


def integrate_two(
    log_likelihood: Callable[[FloatArray, FloatArray], Surface], k: int, sd1: float, sd2: float, points: int
) -> FloatArray:
    """The log of the integral over independent v1, v2 ~ N(0, 1) of exp(log_likelihood(sd1 v1, sd2 v2)), shape (k,)."""
    v1, v2 = np.zeros(k), np.zeros(k)
    for _ in range(MAX_STEPS):
        at = log_likelihood(sd1 * v1, sd2 * v2)
        a, b, c = 1 - sd1**2 * at.d11, -sd1 * sd2 * at.d12, 1 - sd2**2 * at.d22
        g1, g2 = sd1 * at.d1 - v1, sd2 * at.d2 - v2
        det = a * c - b * b
        step1, step2 = (c * g1 - b * g2) / det, (a * g2 - b * g1) / det
        longest = np.maximum(np.maximum(np.abs(step1), np.abs(step2)), 1e-300)
        shrink = np.minimum(1.0, LONGEST_STEP / max(sd1, sd2, 1.0) / longest)
        v1, v2 = v1 + shrink * step1, v2 + shrink * step2
        if longest.max() < STEP_TOLERANCE:
            break
    at = log_likelihood(sd1 * v1, sd2 * v2)
    a, b, c = 1 - sd1**2 * at.d11, -sd1 * sd2 * at.d12, 1 - sd2**2 * at.d22
    # The inverse of the information's Cholesky factor turns the square of nodes into the shape of the peak.
    l11 = np.sqrt(a)
    l21 = b / l11
    l22 = np.sqrt(c - l21**2)
    x, w = np.polynomial.hermite.hermgauss(points)
    x1, x2 = (grid.ravel() for grid in np.meshgrid(x, x, indexing="ij"))
    log_w = (np.log(w)[:, None] + np.log(w)[None, :]).ravel() + x1**2 + x2**2
    u2 = np.sqrt(2.0) * x2 / l22[:, None]
    u1 = (np.sqrt(2.0) * x1 - l21[:, None] * u2) / l11[:, None]
    n1, n2 = v1[:, None] + u1, v2[:, None] + u2
    terms = log_likelihood(sd1 * n1, sd2 * n2).value - 0.5 * (n1**2 + n2**2) + log_w
    top = terms.max(axis=1)
    total = np.log(np.exp(terms - top[:, None]).sum(axis=1)) + top
    return np.asarray(total - np.log(l11 * l22) - np.log(np.pi))
