"""Empirical calibration with negative controls: outcomes (or exposures) known to have no effect show how far estimates of this
analysis lie from zero for other reasons than chance. On the log scale.

Sources: Schuemie, Ryan, DuMouchel, Suchard, Madigan 2014 (p values); Schuemie, Hripcsak, Ryan, Madigan, Suchard 2018 (intervals).
Conventions as R's EmpiricalCalibration with fitNull. Calibrated intervals come from the null alone: systematic error is taken
to be the same for true effects other than zero, since negative controls cannot tell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from studygen.stats.distributions import normal_probability, two_sided_z
from studygen.stats.effects import LogEffect
from studygen.stats.pool_fit import NoteCode
from studygen.stats.pooling import pool

FEW = 5


@dataclass(frozen=True, slots=True)
class SystematicError:
    """The distribution N(mean, sd²) of systematic error on the log scale, from `k` negative controls."""

    k: int
    mean: float
    sd: float
    notes: tuple[NoteCode, ...] = ()


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A calibrated log effect: value, standard error, limits, and the two-sided p value of no effect."""

    value: float
    se: float
    lower: float
    upper: float
    p: float


def fit_null(controls: Sequence[LogEffect]) -> SystematicError:
    """Maximum likelihood of mean and standard deviation, each control's own standard error taken into account. At least two
    controls; below five a note. ValueError for fewer or for variances that are not positive."""
    fitted = pool([c.value for c in controls], [c.variance for c in controls], estimator="ml")
    notes: tuple[NoteCode, ...] = ("few_controls",) if len(controls) < FEW else ()
    if not bool(fitted.converged):
        notes = (*notes, "not_converged")
    return SystematicError(len(controls), float(fitted.estimate), math.sqrt(float(fitted.tau_squared)), notes)


def calibrate(effect: LogEffect, error: SystematicError, level: float = 0.95) -> Calibrated:
    """The effect less the mean systematic error, with its spread added to the variance; the p value is that of the effect among
    the negative controls' distribution."""
    value = effect.value - error.mean
    se = math.sqrt(effect.variance + error.sd**2)
    half = two_sided_z(level) * se
    return Calibrated(value, se, value - half, value + half, 2 * normal_probability(-abs(value) / se))


def expected_absolute_systematic_error(error: SystematicError) -> float:
    """EASE, the mean of |N(mean, sd²)|: sd sqrt(2/pi) exp(-mean²/(2 sd²)) + mean (1 - 2 Phi(-mean/sd)). The study diagnostics of
    OHDSI ask for less than 0.25."""
    if error.sd == 0:
        return abs(error.mean)
    ratio = error.mean / error.sd
    spread = error.sd * math.sqrt(2 / math.pi) * math.exp(-(ratio**2) / 2)
    return spread + error.mean * (1 - 2 * normal_probability(-ratio))
