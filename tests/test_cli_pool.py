"""`studygen pool` as an analyst meets it: published numbers come out, notes say what a reader must know, and a faulty file is
answered with every fault, its line and its remedy."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]

RELAPSES = "source,estimate,ci_lower,ci_upper\nDMSR,0.93,0.74,1.17\nMSBase,0.66,0.59,0.74\n"
"""Relapse rate ratios of natalizumab and fingolimod; Koch-Henriksen 2017, MSBase 2022."""
COVID = "source,events,n\nTR,3,309\nIT,13,844\nFR,12,347\nNL,4,86\nUS,6,76\nES,2,48\n"
"""Deaths among COVID-19 cases with multiple sclerosis; table 7 of the Turkish cohort's paper, 2021."""
DOCTORS = """source,events1,person_years1,events2,person_years2
35-44,32,52407,2,18790
45-54,104,43248,12,10673
55-64,206,28612,28,5710
65-74,186,12663,28,2585
75-84,102,5317,31,1462
"""
"""Deaths of smoking and other doctors by age; Rothman, Greenland, Lash 2008, table 15-2."""
TWO = "source,events1,n1,events2,n2\nA,5,100,8,90\nB,2,50,3,60\n"

KEYS = [
    *("k", "measure", "method", "test", "estimate", "ci_lower", "ci_upper", "yi", "se", "p_value", "tau2", "tau2_ci", "i2", "h2"),
    *("q", "q_df", "q_p", "prediction", "weights", "notes"),
]


def bcg() -> str:
    """The BCG trials as `studygen pool` takes them; Colditz 1994."""
    lines = (ROOT / "tests/references/bcg.csv").read_text(encoding="utf-8").splitlines()
    rows = [line.rsplit(",", 4) for line in lines[1:]]
    counted = [(row[0].partition(",")[0], *(int(x) for x in row[1:])) for row in rows]
    body = [f"trial {name},{a},{a + b},{c},{c + d}" for name, a, b, c, d in counted]
    return "\n".join(["source,events1,n1,events2,n2", *body]) + "\n"


def run(folder: Path, content: str | bytes, *options: str) -> subprocess.CompletedProcess[str]:
    """Runs the command as a user would, in a process of its own."""
    file = folder / "sources.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    command = [sys.executable, "-m", "studygen.cli", "pool", str(file), *options]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def pooled(folder: Path, content: str, *options: str) -> dict[str, Any]:
    done = run(folder, content, *options, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def numbers(found: dict[str, Any]) -> list[float]:
    """Pooled effect and standard error on the scale of analysis, and the interval on it."""
    return [found["yi"], found["se"], math.log(found["ci_lower"]), math.log(found["ci_upper"])]


# ---------------------------------------------------------------- published numbers


@pytest.mark.parametrize(
    ("measure", "method", "expected", "tau2", "q"),
    [
        ("RR", "EE", [-0.4303, 0.0405, -0.5097, -0.3509], None, 152.2330),
        ("RR", "DL", [-0.7141, 0.1787, -1.0644, -0.3638], 0.3088, 152.2330),
        ("OR", "DL", [-0.7474, 0.1923, -1.1242, -0.3706], 0.3663, 163.1649),
        ("RR", "MH", [-0.4537, 0.0393, -0.5308, -0.3766], None, 152.5676),
        ("OR", "MH", [-0.4734, 0.0410, -0.5538, -0.3930], None, 163.9426),
        ("OR", "PETO", [-0.4744, 0.0407, -0.5541, -0.3948], None, 167.7302),
    ],
)
def test_the_bcg_trials_give_the_published_results(
    tmp_path: Path, measure: str, method: str, expected: list[float], tau2: float | None, q: float
) -> None:
    found = pooled(tmp_path, bcg(), "--measure", measure, "--method", method)
    assert numbers(found) == pytest.approx(expected, abs=6e-5)
    assert found["tau2"] == (None if tau2 is None else pytest.approx(tau2, abs=5e-5))
    assert found["q"] == pytest.approx(q, abs=5e-5)
    assert (found["k"], found["measure"], found["method"], found["test"]) == (13, measure, method, "z")
    assert sum(found["weights"]) == pytest.approx(100)


def test_reml_with_hartung_knapp_and_prediction_are_metafors(tmp_path: Path) -> None:
    # rma(measure = "RR", method = "REML", test = "knha"); predict()
    found = pooled(tmp_path, bcg(), "--measure", "RR", "--test", "hksj", "--prediction")
    assert list(found) == KEYS
    assert numbers(found) == pytest.approx([-0.7145323, 0.1807917, -1.1084, -0.3206], abs=5e-5)
    assert found["estimate"] == pytest.approx(math.exp(-0.7145323), abs=1e-6)
    assert found["tau2"] == pytest.approx(0.3132433, abs=5e-7)
    assert found["tau2_ci"] == pytest.approx([0.1197, 1.1115], abs=5e-5)
    assert found["i2"] == pytest.approx(92.22, abs=5e-3)
    assert [math.log(x) for x in found["prediction"]] == pytest.approx([-1.9960, 0.5670], abs=5e-5)
    z = pooled(tmp_path, bcg(), "--measure", "RR", "--prediction")
    # predict(…, pi.type = "riley"): k - 2 degrees of freedom
    assert [math.log(x) for x in z["prediction"]] == pytest.approx([-2.0084, 0.5793], abs=5e-5)


def test_smoking_doctors_give_the_printed_rate_ratio_and_difference(tmp_path: Path) -> None:
    ratio = pooled(tmp_path, DOCTORS, "--measure", "IRR", "--method", "MH", "--level", "90")
    assert [ratio["estimate"], ratio["ci_lower"], ratio["ci_upper"]] == pytest.approx([1.4247, 1.1944, 1.6994], abs=5e-5)
    difference = pooled(tmp_path, DOCTORS, "--measure", "IRD", "--method", "MH", "--level", "0.9")
    limits = [1e4 * difference[name] for name in ("estimate", "ci_lower", "ci_upper")]
    assert limits == pytest.approx([11.4392, 6.3498, 16.5286], abs=5e-5)


def test_relapse_rate_ratios_of_two_registries(tmp_path: Path) -> None:
    found = pooled(tmp_path, RELAPSES, "--measure", "IRR", "--method", "DL")
    assert [found[name] for name in ("estimate", "ci_lower", "ci_upper")] == pytest.approx([0.7718, 0.5522, 1.0786], abs=5e-5)
    assert (found["i2"], found["tau2"]) == (pytest.approx(85.55, abs=5e-3), pytest.approx(0.0503, abs=5e-5))
    wide = pooled(tmp_path, RELAPSES, "--measure", "IRR", "--method", "DL", "--test", "hksj")
    assert [wide["ci_lower"], wide["ci_upper"]] == pytest.approx([0.0881, 6.7617], abs=5e-5)
    assert any("one degree of freedom" in note for note in wide["notes"])


def test_covid_deaths_in_six_cohorts(tmp_path: Path) -> None:
    found = pooled(tmp_path, COVID, "--measure", "PLO")
    assert [100 * found[name] for name in ("estimate", "ci_lower", "ci_upper")] == pytest.approx(
        [3.0392, 1.6404, 5.5635], abs=5e-5
    )
    assert found["p_value"] is None
    # rma.glmm(measure = "PLO"); tests/references/metafor_rare.json holds its like
    mixed = pooled(tmp_path, COVID, "--measure", "PLO", "--method", "GLMM")
    assert mixed["weights"] is None
    assert 0.02 < mixed["estimate"] < 0.035


# ---------------------------------------------------------------- what is printed and drawn


def test_the_table_is_plain_text_with_three_decimals(tmp_path: Path) -> None:
    shown = run(tmp_path, RELAPSES, "--measure", "IRR").stdout
    assert "\x1b" not in shown
    assert "0.930  0.740 to 1.169   45.6%" in shown
    assert "0.772  0.552 to 1.079" in shown
    assert "I² = 85.5%" in shown


def test_few_sources_are_pooled_in_four_ways_and_the_difference_is_explained(tmp_path: Path) -> None:
    shown = run(tmp_path, RELAPSES, "--measure", "IRR").stdout
    for line in ("Common effect (Wald)", "(Hartung–Knapp)", "(truncated Hartung–Knapp)", "half-normal prior 0.5"):
        assert line in shown
    assert "0.706  0.638 to 0.781" in shown
    assert "does not show that there is none" in shown
    assert "homogeneous" not in shown
    assert "prior" not in run(tmp_path, RELAPSES, "--measure", "IRR", "--method", "DL").stdout
    assert "prior" not in run(tmp_path, COVID, "--measure", "PLO").stdout


def test_a_difference_has_no_usual_prior_and_takes_one_that_is_given(tmp_path: Path) -> None:
    assert "Bayesian, half-normal" not in run(tmp_path, TWO, "--measure", "RD").stdout
    assert "Bayesian, half-normal prior 0.02" in run(tmp_path, TWO, "--measure", "RD", "--prior-scale", "0.02").stdout


@pytest.mark.parametrize(("name", "begins"), [("p.svg", b"<?xml"), ("p.png", b"\x89PNG"), ("p.pdf", b"%PDF")])
def test_the_plot_has_the_format_of_its_ending_and_the_same_bytes_each_time(tmp_path: Path, name: str, begins: bytes) -> None:
    plots = []
    for _ in range(2):
        done = run(tmp_path, RELAPSES, "--measure", "IRR", "--prediction", "--plot", str(tmp_path / name))
        assert done.returncode == 0, done.stderr
        plots.append((tmp_path / name).read_bytes())
    assert plots[0].startswith(begins)
    assert plots[0] == plots[1]


# ---------------------------------------------------------------- degenerate, but no fault


def test_one_source_is_shown_as_it_is(tmp_path: Path) -> None:
    found = pooled(tmp_path, "source,yi,vi\nA,0.2,0.05\n", "--measure", "GEN", "--test", "hksj", "--prediction")
    assert (found["k"], found["estimate"], found["tau2"], found["prediction"]) == (1, 0.2, None, None)
    assert found["notes"] == [
        "There is one data source; nothing was combined, and its own estimate is shown with a Wald interval."
    ]


@pytest.mark.parametrize("method", ["REML", "EE", "MH", "PETO", "GLMM"])
def test_without_any_event_there_is_no_number_and_the_reason(tmp_path: Path, method: str) -> None:
    content = "source,events1,n1,events2,n2\nA,0,100,0,90\nB,0,50,0,60\n"
    found = pooled(tmp_path, content, "--measure", "OR", "--method", method)
    assert [found[name] for name in ("estimate", "ci_lower", "ci_upper", "yi", "se", "p_value")] == [None] * 6
    assert found["notes"][0].startswith("No data source observed an event")
    shown = run(tmp_path, content, "--measure", "OR", "--method", method).stdout
    assert "nan" not in shown


def test_events_in_one_group_alone_leave_one_limit(tmp_path: Path) -> None:
    content = "source,events1,person_years1,events2,person_years2\nA,3,100,0,90\nB,2,50,0,60\n"
    found = pooled(tmp_path, content, "--measure", "IRR", "--method", "GLMM")
    assert found["estimate"] == "infinity"
    assert any("All events lie in one of the two groups" in note for note in found["notes"])


def test_a_zero_is_pooled_with_a_half_and_the_source_is_named(tmp_path: Path) -> None:
    content = TWO + "C,0,70,4,80\nD,0,70,0,80\n"
    notes = pooled(tmp_path, content, "--measure", "RR")["notes"]
    assert any("counts of C, D" in note for note in notes)
    assert any("either group of D" in note for note in notes)
    exact = pooled(tmp_path, content, "--measure", "RR", "--method", "MH")
    assert any("nothing was added for combining" in note for note in exact["notes"])
    assert exact["weights"][3] == 0


def test_columns_that_were_not_used_are_named(tmp_path: Path) -> None:
    found = pooled(tmp_path, "source,year,yi,vi\nA,1999,0.2,0.05\nB,2004,0.1,0.02\n", "--measure", "GEN")
    assert "These columns were not used: year." in found["notes"]


def test_a_byte_order_mark_and_blank_lines_are_no_faults(tmp_path: Path) -> None:
    done = run(tmp_path, b"\xef\xbb\xbf\n" + TWO.replace("A,", "\nA,").encode(), "--measure", "RR")
    assert done.returncode == 0, done.stderr


# ---------------------------------------------------------------- wrong use


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        (TWO, [], ["the measure is not given", "RR, OR, RD"]),
        (TWO, ["--measure", "RRR"], ['"RRR" is not known', '"RR"']),
        (TWO, ["--measure", "RR", "--method", "REMLL", "--test", "zz"], ['"REML"', '"zz" is not known']),
        (DOCTORS, ["--measure", "IRR", "--method", "PETO"], ["PETO does not exist for IRR", "PETO: OR.", "MH, GLMM"]),
        (TWO, ["--measure", "OR", "--method", "MH", "--test", "hksj"], ['MH has no test "hksj"']),
        (RELAPSES, ["--measure", "IRR", "--method", "MH"], ["MH needs counts", "events1, person_years1"]),
        (TWO, ["--measure", "RR", "--level", "0"], ["0 is not a level"]),
        (TWO, ["--measure", "RR", "--plot", "forest.bmp"], ['cannot be written as ".bmp"', ".svg, .png or .pdf"]),
    ],
)
def test_options_that_do_not_go_together_are_refused_with_what_does(
    tmp_path: Path, content: str, options: list[str], said: list[str]
) -> None:
    done = run(tmp_path, content, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert [part for part in said if part not in done.stderr] == []


def test_a_file_that_is_not_there_is_wrong_use() -> None:
    command = [sys.executable, "-m", "studygen.cli", "pool", "nowhere.csv", "--measure", "RR"]
    assert subprocess.run(command, capture_output=True, cwd=ROOT, check=False).returncode == 2


# ---------------------------------------------------------------- faulty files


@pytest.mark.parametrize(
    ("content", "measure", "line", "said"),
    [
        ("", "RR", 1, "the file is empty"),
        ("source,events1,n1,events2,n2\n", "RR", 1, "a header but no source"),
        (TWO.replace(",", ";"), "RR", 1, "separated by semicolons"),
        (TWO.replace(",", "\t"), "RR", 1, "separated by tabs"),
        (TWO.encode("utf-16"), "RR", 1, "not UTF-8"),
        (TWO.replace("events1", "event1"), "RR", 1, 'Rename "event1" to "events1"'),
        (TWO.replace("source", "study"), "RR", 1, 'Rename it to "source"'),
        (TWO.replace("n2", "n1"), "RR", 1, 'the column "n1" stands there twice'),
        (TWO, "IRR", 1, 'Rename "n1" to "person_years1"|the column "person_years1" is missing'),
        ("source,mean,sd\nA,1,2\n", "RR", 1, "the columns do not fit RR"),
        ("source,ci_lower,ci_upper\nA,0.5,1.5\n", "HR", 1, 'the column "estimate" is missing'),
        ("source,estimate,ci_lower,ci_upper\nA,,0.5,1.5\n", "HR", 2, "there is no number"),
        ("source,yi,sei\nA,0.1,0.2\n", "GEN", 1, "vi is the square of the standard error"),
        (TWO.replace("B,2", "B,two"), "RR", 3, '"two" is not a number'),
        (TWO.replace("B,2", "B,NA"), "RR", 3, '"NA" is not a number'),
        (TWO.replace("B,2", "B,<5"), "RR", 3, '"<5" is a masked count'),
        (TWO.replace("B,2", 'B,"2,5"'), "RR", 3, '"2,5" has a comma'),
        (TWO.replace("B,2", "B,-2"), "RR", 3, "events1 is negative"),
        (TWO.replace("B,2", "B,2.5"), "RR", 3, "events1 is not a whole number"),
        (TWO.replace("B,2", "B,1e400"), "RR", 3, "the number is too large"),
        (TWO.replace("B,2,50", "B,51,50"), "RR", 3, "events1 (51) is more than n1 (50)"),
        (TWO.replace("B,2,50", "B,0,0"), "RR", 3, "n1 is zero"),
        (DOCTORS.replace("52407", "0"), "IRR", 2, "person_years1 is zero"),
        (TWO.replace("B,", "A,"), "RR", 3, '"A" already stands in line 2'),
        (TWO.replace("B,", ","), "RR", 3, "the source has no name"),
        (TWO.replace("3,60", "3,60,7"), "RR", 3, "the line has 6 cells, the header 5"),
        (TWO.replace("3,60", "3"), "RR", 3, "there is no number"),
        ("source,events1,n1,events2,n2\n\n\nA,5,100,8,90\nB,2,1,3,60\n", "RR", 5, "events1 (2) is more than n1 (1)"),
        ('source,events1,n1,events2,n2\n"A\nand more",5,100,8,90\nB,2,1,3,60\n', "RR", 4, "events1 (2) is more than n1 (1)"),
        (RELAPSES.replace("0.59", "0.69"), "HR", 3, "lies outside its interval"),
        (RELAPSES.replace("0.59", "0"), "HR", 3, "at or beyond the end of its range"),
        (RELAPSES.replace("0.66,0.59,0.74", "0.66,0.66,0.66"), "HR", 3, "no width"),
        ("source,yi,vi\nA,0.1,0\n", "GEN", 2, "vi is zero"),
        ("source,mean1,sd1,n1,mean2,sd2,n2\nA,-1,2,30,3,2,30\n", "ROM", 2, "give no ROM with a standard error"),
    ],
)
def test_a_faulty_file_is_answered_with_line_and_remedy(
    tmp_path: Path, content: str | bytes, measure: str, line: int, said: str
) -> None:
    done = run(tmp_path, content, "--measure", measure)
    assert (done.returncode, done.stdout) == (4, "")
    assert f"sources.csv:{line}" in done.stderr
    assert any(part in done.stderr for part in said.split("|")), done.stderr
    assert "Traceback" not in done.stderr


def test_all_faults_of_a_file_come_at_once(tmp_path: Path) -> None:
    content = "source,events1,n1,events2,n2\nA,-5,100,8,90\nA,2.5,50,x,60\nC,9,8,1,0\n"
    done = run(tmp_path, content, "--measure", "RR")
    assert done.returncode == 4
    assert "6 faults" in done.stderr


def test_a_measure_that_does_not_fit_is_told_which_do(tmp_path: Path) -> None:
    assert "These columns fit PLO" in run(tmp_path, COVID, "--measure", "MD").stderr
