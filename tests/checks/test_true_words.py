"""What is right is left alone: sentences that the rules on registries, models, numbers and codes must not point at."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from studygen.checks.finding import Finding
from studygen.pipeline.checking import check

ROOT = Path(__file__).resolve().parents[2]
DK, MSBASE = '{{ value("arr_ratio.dk_dmsr.estimate") }}', '{{ value("arr_ratio.msbase.estimate") }}'
POOLED, COMMON = '{{ value("arr_ratio.pooled") }}', '{{ value("arr_ratio.pooled_common_wald") }}'
HARTUNG_KNAPP = '{{ value("arr_ratio.pooled_dl_hartung_knapp", show="interval") }}'
PREDICTION = '{{ value("arr_ratio.prediction", show="interval") }}'

TRUE = [
    f"Compared with the Danish registry, MSBase found a lower ratio, {MSBASE}.",
    f"The ratio of the Danish registry is higher than that of the other registry, {MSBASE}.",
    f"MSBase, unlike the Danish registry, leaves out 1, {MSBASE}.",
    f"In the Danish registry and in MSBase the ratios were {DK} and {MSBASE}.",
    f"Both, the Danish registry with {DK} and MSBase with {MSBASE}, are published.",
    f"Danish persons may be in the international registry, which gave {MSBASE}.",
    f"Without MSBase the result is that of the Danish registry, {DK}.",
    f"The Wald and the Hartung–Knapp interval were {POOLED} and {HARTUNG_KNAPP}.",
    f"The random-effects and the common-effect estimates were {POOLED} and {COMMON}.",
    f"The Hartung–Knapp interval is wide; the other one was {POOLED}.",
    f"The prediction interval, {PREDICTION}, is wider than the confidence interval of the mean, {POOLED}.",
    'Of 928 persons, fewer than {{ value("arr_ratio.natalizumab.dk_dmsr.n") }} stopped.',
    "Eight registries would be needed for a narrow interval.",
    "A study of five registries could tell, and at least four registries are needed.",
    "Metformin (A10BA02) and ocrelizumab (L04AG08) were not looked at, nor natalizumab under its code L04AA23.",
]
"""Whether each is true of the study does not matter here: none contradicts the id, the model or the number beside it."""


def found_in(study: str, tmp_path: Path, file: str, text: str, rules: list[str]) -> list[Finding]:
    """What the rules find in a file of a study, to which a text was added."""
    shutil.copytree(ROOT / study, tmp_path / Path(study).name)
    shutil.copytree((ROOT / study).parent / "network", tmp_path / "network")
    path = tmp_path / Path(study).name / file
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + "\n" + text + "\n", encoding="utf-8")
    return list(check(tmp_path / Path(study).name, select=rules).findings)


def test_sentences_that_name_the_right_thing_are_left_alone(tmp_path: Path) -> None:
    rules = ["W10", "W11", "W12", "W13", "M41", "M42"]
    text = "\n".join(TRUE)
    found = found_in("protocols/natalizumab-fingolimod-paes", tmp_path, "text/report-key-results.md", text, rules)
    assert [(each.rule, each.what) for each in found] == []


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        (f"For the Danish registry it was {MSBASE}.", "W10"),
        (f"We saw {DK} in MSBase.", "W10"),
        (f"The Bayesian estimate was {POOLED}.", "W11"),
        (f"The truncated interval was {HARTUNG_KNAPP}.", "W11"),
        (f"An earlier work found 2.5, lower than {POOLED}.", "W12"),
        ("Natalizumab (ATC L04AE01) was given.", "M42"),
        ("Three registries take part.", "M41"),
    ],
)
def test_sentences_that_name_the_wrong_thing_are_found(sentence: str, rule: str, tmp_path: Path) -> None:
    found = found_in("protocols/natalizumab-fingolimod-paes", tmp_path, "text/report-key-results.md", sentence, [rule])
    assert [each.rule for each in found] == [rule]
    assert found[0].place.file.endswith("report-key-results.md")
