"""How long 10,000 meta-analyses of six registries take (REML with Hartung-Knapp) in one call of ours, and one after another in
R's metafor, statsmodels and PyMARE where these are installed; and how our time grows with their number. Run alone:
`python -m tests.benchmarks.pooling`. Asserts nothing, because machines differ."""

from __future__ import annotations

import importlib.util
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from studygen.stats.pooling import pool

ANALYSES, REGISTRIES = 10_000, 6
LOOPED = 1_000
"""How many the others are timed on; their time is multiplied by ten, as they work one after another."""
MARGIN = {"metafor": 500, "statsmodels": 50, "PyMARE": 50}
"""How many times faster we mean to be."""

METAFOR = """
suppressMessages(library(metafor))
d <- as.matrix(read.csv(commandArgs(TRUE)[1], header = FALSE))
k <- ncol(d) / 2
one <- function(i) {
  r <- try(rma(d[i, 1:k], d[i, k + 1:k], method = "REML", test = "knha"), silent = TRUE)
  if (inherits(r, "try-error")) c(NA, NA) else c(r$beta, r$se)
}
invisible(one(1))
took <- system.time(found <- t(sapply(seq_len(nrow(d)), one)))["elapsed"]
cat(took, "\\n")
write.table(found, commandArgs(TRUE)[2], row.names = FALSE, col.names = FALSE, sep = ",")
"""


def simulated(analyses: int) -> tuple[np.ndarray, np.ndarray]:
    """Estimates and variances of `analyses` sets of registries, tau² = 0.02."""
    rng = np.random.default_rng(20250630)
    variances = rng.uniform(0.02, 0.3, (analyses, REGISTRIES))
    return rng.normal(0.0, np.sqrt(variances + 0.02)), variances


def in_one_call(analyses: int, estimator: str = "reml") -> float:
    """Seconds for all in one call, median of five."""
    y, v = simulated(analyses)
    pool(y[:10], v[:10], estimator=estimator, interval="hartung_knapp")
    return statistics.median(_timed(lambda: pool(y, v, estimator=estimator, interval="hartung_knapp")) for _ in range(5))


def _timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def in_metafor(y: np.ndarray, v: np.ndarray) -> tuple[float, str]:
    """Seconds for a loop in R, and how far its results lie from ours."""
    with tempfile.TemporaryDirectory() as folder:
        data, found, script = (Path(folder) / name for name in ("data.csv", "found.csv", "loop.R"))
        np.savetxt(data, np.hstack([y, v]), delimiter=",", fmt="%.17g")
        script.write_text(METAFOR, encoding="utf-8")
        run = subprocess.run(["Rscript", script, data, found], capture_output=True, text=True, check=True)
        theirs = np.genfromtxt(found, delimiter=",", missing_values="NA")
    ours = pool(y, v, estimator="reml", interval="hartung_knapp")
    settled = np.isfinite(theirs).all(axis=1)
    apart = np.abs(np.column_stack([ours.estimate, ours.se])[settled] - theirs[settled])
    failed = int((~settled).sum())
    return float(
        run.stdout.split()[0]
    ), f"99% within {np.quantile(apart, 0.99):.0e}, {failed} of {len(y)} did not converge there, with its default control"


def in_statsmodels(y: np.ndarray, v: np.ndarray) -> float:
    """Seconds for a loop with Paule-Mandel and Hartung-Knapp; statsmodels has no REML."""
    from statsmodels.stats.meta_analysis import combine_effects

    return _timed(lambda: [combine_effects(a, b, method_re="iterated").sd_eff_w_re_hksj for a, b in zip(y, v, strict=True)])


def in_pymare(y: np.ndarray, v: np.ndarray) -> float:
    """Seconds for a loop with REML; without an interval, as PyMARE has no Hartung-Knapp."""
    from pymare import Dataset
    from pymare.estimators import VarianceBasedLikelihoodEstimator

    def loop() -> None:
        for a, b in zip(y, v, strict=True):
            VarianceBasedLikelihoodEstimator(method="REML").fit_dataset(Dataset(a[:, None], b[:, None])).summary()

    return _timed(loop)


def rows() -> list[tuple[str, str, str, str]]:
    """What was timed, seconds for 10,000, how many times ours that is, and a remark."""
    ours = in_one_call(ANALYSES)
    table = [(f"studygen, one call of {ANALYSES:,}, REML + Hartung-Knapp", f"{ours:.3f}", "1", "")]
    for analyses in (1_000, 100_000):
        took = in_one_call(analyses)
        table.append((f"studygen, one call of {analyses:,}", f"{took:.3f}", "", f"{1e6 * took / analyses:.1f} µs each"))
    y, v = simulated(LOOPED)
    times = ANALYSES // LOOPED
    if shutil.which("Rscript") is None:
        table.append(("metafor, loop", "", "", "Rscript is not available"))
    else:
        try:
            took, remark = in_metafor(y, v)
            table.append(_compared("metafor", "REML + Hartung-Knapp", times * took, ours, remark))
        except subprocess.CalledProcessError:
            table.append(("metafor, loop", "", "", "not installed"))
    paule_mandel = in_one_call(ANALYSES, "pm")
    others = (
        ("statsmodels", "statsmodels", "Paule-Mandel + Hartung-Knapp", in_statsmodels, paule_mandel),
        ("pymare", "PyMARE", "REML, Wald", in_pymare, ours),
    )
    for module, name, model, loop, against in others:
        if importlib.util.find_spec(module) is None:
            table.append((f"{name}, loop", "", "", "not installed"))
        else:
            remark = f"ours with this estimator: {against:.3f} s" if against is paule_mandel else ""
            table.append(_compared(name, model, times * loop(y, v), against, remark))
    return table


def _compared(name: str, model: str, took: float, ours: float, remark: str) -> tuple[str, str, str, str]:
    aim = f"aim {MARGIN[name]}×"
    return f"{name}, loop, {model}", f"{took:.1f}", f"{took / ours:,.0f}", f"{aim}; {remark}" if remark else aim


def main() -> None:
    print(
        f"| {ANALYSES:,} meta-analyses of {REGISTRIES} registries | seconds | times ours | remark |\n| --- | ---: | ---: | --- |"
    )
    for row in rows():
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
