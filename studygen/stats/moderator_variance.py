"""The variance between sources that moderators leave unexplained: every estimator of `between_variance` for a design matrix,
one set of sources at a time. y (k,), v (k,), x (k, p) of full rank, k > p."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from studygen.stats.distributions import FloatArray

STEPS = 200
TOLERANCE = 1e-12


def residual_maker(weights: FloatArray, x: FloatArray) -> FloatArray:
    """P = W - WX(X'WX)⁻¹X'W, shape (k, k)."""
    wx = weights[:, None] * x
    return np.asarray(np.diag(weights) - wx @ np.linalg.solve(x.T @ wx, wx.T))


def residual_q(y: FloatArray, v: FloatArray, x: FloatArray, tau_squared: float = 0.0) -> float:
    """y'Py: the weighted sum of squared residuals at `tau_squared`."""
    weights = 1.0 / (v + tau_squared)
    wx = weights[:, None] * x
    residuals = y - x @ np.linalg.solve(x.T @ wx, wx.T @ y)
    return float((weights * residuals**2).sum())


def typical_variance(v: FloatArray, x: FloatArray) -> float:
    """The typical within-source variance given the moderators: (k - p) / tr(P). Source: Higgins, Thompson 2002."""
    return float((x.shape[0] - x.shape[1]) / np.trace(residual_maker(1.0 / v, x)))


def log_likelihood(y: FloatArray, v: FloatArray, x: FloatArray, tau_squared: float, *, restricted: bool) -> float:
    """The (restricted) log-likelihood at `tau_squared`, up to a constant."""
    value = -0.5 * (float(np.log(v + tau_squared).sum()) + residual_q(y, v, x, tau_squared))
    if restricted:
        value -= 0.5 * float(np.linalg.slogdet(x.T @ (x / (v + tau_squared)[:, None]))[1])
    return value


Found = tuple[float, bool]
"""tau² and whether it was found."""


def _none(y: FloatArray, v: FloatArray, x: FloatArray) -> Found:
    del y, v, x
    return 0.0, True


def _dersimonian_laird(y: FloatArray, v: FloatArray, x: FloatArray) -> Found:
    p = residual_maker(1.0 / v, x)
    return max(0.0, (residual_q(y, v, x) - (x.shape[0] - x.shape[1])) / float(np.trace(p))), True


def _hedges(y: FloatArray, v: FloatArray, x: FloatArray) -> Found:
    p = residual_maker(np.ones(y.size), x)
    return max(0.0, float(y @ p @ y - np.diag(p) @ v) / (x.shape[0] - x.shape[1])), True


def _hunter_schmidt(y: FloatArray, v: FloatArray, x: FloatArray) -> Found:
    return max(0.0, (residual_q(y, v, x) - y.size) / float((1.0 / v).sum())), True


def _sidik_jonkman(y: FloatArray, v: FloatArray, x: FloatArray) -> Found:
    first = float(y.var())
    return first * residual_q(y, v, x, first) / (x.shape[0] - x.shape[1]), True


def _paule_mandel(y: FloatArray, v: FloatArray, x: FloatArray) -> Found:
    target, tau2, scale = x.shape[0] - x.shape[1], 0.0, typical_variance(v, x)
    if residual_q(y, v, x) <= target:
        return 0.0, True
    for _ in range(STEPS):
        py = residual_maker(1.0 / (v + tau2), x) @ y
        step = (residual_q(y, v, x, tau2) - target) / float(py @ py)
        tau2 += step
        if abs(step) <= TOLERANCE * (scale + tau2):
            return tau2, True
    return tau2, False


def _likelihood(y: FloatArray, v: FloatArray, x: FloatArray, *, restricted: bool) -> Found:
    tau2, scale = _hedges(y, v, x)[0], typical_variance(v, x)
    settled = False
    for _ in range(STEPS):
        w = 1.0 / (v + tau2)
        p = residual_maker(w, x)
        py = p @ y
        trace, information = (np.trace(p), (p * p).sum()) if restricted else (w.sum(), (w * w).sum())
        proposed = max(0.0, tau2 + float((py @ py - trace) / information))
        settled = abs(proposed - tau2) <= TOLERANCE * (scale + proposed)
        tau2 = proposed
        if settled:
            break
    if not settled:
        tau2, settled = _bounded(y, v, x, restricted=restricted)
    at_zero = log_likelihood(y, v, x, 0.0, restricted=restricted)
    return (0.0 if at_zero > log_likelihood(y, v, x, tau2, restricted=restricted) + 1e-10 else tau2), settled


def _bounded(y: FloatArray, v: FloatArray, x: FloatArray, *, restricted: bool) -> Found:
    from scipy.optimize import minimize_scalar

    top = float(y.var(ddof=1)) * y.size + typical_variance(v, x)
    found = minimize_scalar(
        lambda tau2: -log_likelihood(y, v, x, tau2, restricted=restricted),
        bounds=(0.0, top),
        method="bounded",
        options={"xatol": 1e-10 * top},
    )
    return float(found.x), bool(found.success)


def _ml(y: FloatArray, v: FloatArray, x: FloatArray) -> Found:
    return _likelihood(y, v, x, restricted=False)


def _reml(y: FloatArray, v: FloatArray, x: FloatArray) -> Found:
    return _likelihood(y, v, x, restricted=True)


RESIDUAL_ESTIMATORS: dict[str, Callable[[FloatArray, FloatArray, npt.NDArray[np.float64]], Found]] = {
    "none": _none,
    "dl": _dersimonian_laird,
    "pm": _paule_mandel,
    "reml": _reml,
    "ml": _ml,
    "eb": _paule_mandel,
    "sj": _sidik_jonkman,
    "he": _hedges,
    "hs": _hunter_schmidt,
}
"""The estimators of `between_variance.ESTIMATORS`, given moderators."""
