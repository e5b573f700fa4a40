"""From a CSV file of sources to a pool: what `studygen pool` does. Reads, checks that measure, method and test go together,
pools, and gives the result as lines, as plain data for JSON, or as a plot."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from studygen.errors import Fault, Place, StudygenError, WriterError, did_you_mean

if TYPE_CHECKING:
    from studygen.aggregates.effect_table import EffectTable
    from studygen.displays.figures.drawing import PlotFormat
    from studygen.displays.texts import DisplayTexts
    from studygen.results.source_pooling import Asked, SourcePool

# fmt: off
MEASURES_OFFERED: Final = (
    "RR", "OR", "RD", "IRR", "IRD", "HR", "SMR", "PLO", "PFT", "PAS", "PLN", "PR", "IRLN", "MD", "SMD", "ROM", "GEN",
)
METHODS_OFFERED: Final = ("EE", "DL", "PM", "REML", "ML", "EB", "SJ", "HE", "HS", "MH", "PETO", "GLMM")
TESTS_OFFERED: Final = ("z", "t", "hksj", "hksj-truncated")
# fmt: on


class WrongUseError(StudygenError):
    """The command's options do not go together."""

    exit_code = 2
    heading = "This cannot be done"


@dataclass(frozen=True, slots=True)
class PooledFile:
    """The pool of a file, with the texts in which it is told."""

    pool: SourcePool
    texts: DisplayTexts

    def lines(self) -> list[str]:
        """A table of plain text."""
        from studygen.displays.pooled_sources import report

        return report(self.pool, self.texts)

    def data(self) -> dict[str, object]:
        """The pool under the names of its JSON form. None is what does not exist or cannot be given, "infinity" a limit that is
        not bounded; `weights` are percent in the file's order."""
        pooled = self.pool.pooled
        numbers = {
            name: _plain(getattr(pooled, name))
            for name in (
                "estimate",
                "ci_lower",
                "ci_upper",
                "yi",
                "se",
                "p_value",
                "tau2",
                "tau2_ci",
                "i2",
                "h2",
                "q",
                "q_df",
                "q_p",
            )
        }
        return {
            "k": pooled.k,
            "measure": pooled.measure,
            "method": pooled.method,
            "test": pooled.test,
            **numbers,
            "prediction": _plain(pooled.prediction),
            "weights": _plain(pooled.weights),
            "notes": [self.texts.note(note) for note in self.pool.notes],
        }

    def plot(self, path: Path) -> None:
        """Write the forest plot; the ending names the format. WriterError when the file cannot be written."""
        from studygen.displays.figures.source_forest import source_forest

        content = source_forest(self.pool, self.texts, plot_format(path))
        try:
            path.write_bytes(content)
        except OSError as error:
            what = f"the plot could not be written: {error.strerror}"
            raise WriterError(Fault(Place(str(path)), what, "Check the folder, space and permissions.")) from error


def pool_file(path: Path, asked: Asked) -> PooledFile:
    """Read and pool a file. WrongUseError when the options do not go together, TableError with all faults of the file."""
    from studygen.aggregates.effect_table import TableError, read_effect_table
    from studygen.displays.texts import DisplayTexts
    from studygen.pipeline.places import shipped
    from studygen.results.source_pooling import pool_sources

    check_options(asked)
    table = read_effect_table(path.read_bytes(), str(path), asked.measure)
    _check_table(table, asked)
    try:
        pool = pool_sources(table, asked)
    except ValueError as error:
        row = next((row for row in table.rows if row.source == str(error)), None)
        if row is None:
            raise
        what = f'the numbers of "{row.source}" give no {asked.measure} with a standard error'
        remedy = "Check them; a mean in a ratio is above 0, a standard deviation is not 0 in both groups."
        raise TableError(Fault(Place(str(path), row.line), what, remedy)) from None
    return PooledFile(pool, DisplayTexts.load((shipped("templates"),)))


def measures_of_file(path: Path) -> tuple[str, ...]:
    """The measures that a file's columns fit, for one who named none."""
    from studygen.aggregates.effect_table import fitting_measures, header_of

    return fitting_measures(header_of(path.read_bytes(), str(path)), MEASURES_OFFERED)


def check_options(asked: Asked) -> None:
    """WrongUseError with every option that is unknown or does not go with the others."""
    from studygen.stats.count_pooling import METHODS_FROM_COUNTS

    faults = [
        Fault(Place(option), f'"{given}" is not known', did_you_mean(given, known))
        for option, given, known in (
            ("--measure", asked.measure, MEASURES_OFFERED),
            ("--method", asked.method, METHODS_OFFERED),
            ("--test", asked.test, TESTS_OFFERED),
        )
        if given is not None and given not in known
    ]
    if not faults and asked.method in METHODS_FROM_COUNTS:
        measures = METHODS_FROM_COUNTS[asked.method]
        if asked.measure not in measures:
            others = [name for name in METHODS_OFFERED if asked.measure in METHODS_FROM_COUNTS.get(name, (asked.measure,))]
            what = f"{asked.method} does not exist for {asked.measure}"
            faults.append(
                Fault(Place("--method"), what, f"{asked.method}: {', '.join(measures)}. {asked.measure}: {', '.join(others)}.")
            )
        if asked.test not in (None, "z"):
            what = f'{asked.method} has no test "{asked.test}"'
            faults.append(Fault(Place("--test"), what, "Leave it out, or write z."))
    for option, level in (("--level", asked.level), ("--file-level", asked.file_level)):
        if not 0 < level < 1:
            faults.append(Fault(Place(option), f"{level:g} is not a level", "Write 0.95 or 95."))
    if asked.prior_scale is not None and not (0 < asked.prior_scale < math.inf):
        faults.append(Fault(Place("--prior-scale"), f"{asked.prior_scale:g} is not above 0", "For log ratios 0.5 is usual."))
    if faults:
        raise WrongUseError(faults)


def _check_table(table: EffectTable, asked: Asked) -> None:
    from studygen.stats.count_pooling import METHODS_FROM_COUNTS
    from studygen.stats.measures import MEASURES

    needed = MEASURES[asked.measure].columns
    if asked.method in METHODS_FROM_COUNTS and needed is not None and table.columns != needed:
        what = f"{asked.method} needs counts, and the file has {', '.join(table.columns)}"
        raise WrongUseError(Fault(Place("--method"), what, f"Give {', '.join(needed)}, or choose another method."))


def plot_format(path: Path) -> PlotFormat:
    """The format that a file's ending names; WrongUseError for another ending."""
    from studygen.displays.figures.drawing import PLOT_FORMATS

    ending = path.suffix.lower().removeprefix(".")
    found = next((format for format in PLOT_FORMATS if format == ending), None)
    if found is None:
        what = f'a plot cannot be written as "{path.suffix or path.name}"'
        raise WrongUseError(Fault(Place("--plot"), what, "Let the name end in .svg, .png or .pdf."))
    return found


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if not isinstance(value, float) or math.isfinite(value):
        return value
    if math.isnan(value):
        return None
    return "infinity" if value > 0 else "-infinity"
