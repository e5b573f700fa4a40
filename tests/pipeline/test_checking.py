"""The check as a whole: what it finds at once, where its findings stand, and that a build obeys it."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from studygen.checks.finding import Finding
from studygen.pipeline.building import build
from studygen.pipeline.checking import UnknownRuleError, check, guidance_of, named_rules
from studygen.pipeline.making import RefusedError
from studygen.pipeline.placing import data_path

ROOT = Path(__file__).resolve().parents[2]
PAES = "natalizumab-fingolimod-paes"
PLANNED = "cladribine-s1p-pass"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The example studies, to be spoilt."""
    shutil.copytree(ROOT / "protocols", tmp_path / "protocols")
    return tmp_path


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file.name} holds it {text.count(old)} times: {old}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def rehash(delivery: Path) -> None:
    manifest = delivery / "manifest.json"
    stated = json.loads(manifest.read_text(encoding="utf-8"))
    stated["files"]["aggregates.csv"] = hashlib.sha256((delivery / "aggregates.csv").read_bytes()).hexdigest()
    manifest.write_text(json.dumps(stated, indent=2), encoding="utf-8")


def studygen(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "studygen.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)


def spoil_the_interval(study: Path) -> Path:
    """An estimate outside its interval, with the manifest that belongs to it."""
    delivery = study / "deliveries" / "dk_dmsr"
    change(delivery / "aggregates.csv", "estimate,0.93", "estimate,1.93")
    rehash(delivery)
    return delivery / "aggregates.csv"


def of(findings: tuple[Finding, ...], rule: str) -> list[Finding]:
    return [each for each in findings if each.rule == rule]


# ---------------------------------------------------------------- what is found


def test_a_bad_delivery_does_not_hide_what_is_wrong_with_the_definition(workspace: Path) -> None:
    study = workspace / "protocols" / PAES
    spoil_the_interval(study)
    report = check(study)
    assert of(report.findings, "R10")
    assert {each.place.file.rsplit("/", 1)[-1] for each in report.findings} >= {"aggregates.csv", "study.yaml"}
    assert "report" not in report.documents


def test_what_stops_the_reading_is_an_error_and_names_its_rule(workspace: Path) -> None:
    study = workspace / "protocols" / PAES
    change(study / "study.yaml", "kind: PAES", "kind: PAESS")
    [finding] = check(study).findings
    assert (finding.rule, finding.severity) == ("F01", "error")
    assert "kind: PAESS" in (study / "study.yaml").read_text(encoding="utf-8").splitlines()[finding.place.line - 1]  # type: ignore[operator]


def test_a_fault_in_a_narrative_text_stands_on_its_line_of_the_definition(workspace: Path) -> None:
    study = workspace / "protocols" / PAES
    change(study / "study.yaml", '{{ cite("higgins-2002") }}', '{{ cite("higgins-1002") }}')
    [finding] = [each for each in check(study).findings if "higgins-1002" in each.what]
    line = finding.place.line or 0
    assert "higgins-1002" in (study / "study.yaml").read_text(encoding="utf-8").splitlines()[line - 1]


def test_every_finding_of_the_examples_can_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for name in (PAES, PLANNED, "covid19-mortality-ms"):
        report = check(Path("protocols") / name)
        for each in (*report.findings, *report.waived):
            assert Path(each.spot.file).is_file(), each
            assert not Path(each.spot.file).is_absolute(), each
            lines = len(Path(each.spot.file).read_text(encoding="utf-8").splitlines())
            assert each.spot.line is None or 1 <= each.spot.line <= lines, each


def test_a_missing_delivery_is_shown_where_the_registry_takes_part(workspace: Path) -> None:
    study = workspace / "protocols" / PAES
    shutil.rmtree(study / "deliveries" / "msbase")
    [finding] = of(check(study, select=["A"]).findings, "A27")
    line = finding.spot.line or 0
    assert "registry: msbase" in (study / "study.yaml").read_text(encoding="utf-8").splitlines()[line - 1]


def test_a_waived_rule_is_listed_with_its_reason_and_refuses_nothing(workspace: Path) -> None:
    study = workspace / "protocols" / PAES
    before = check(study, select=["P26"])
    assert of(before.findings, "P26")
    definition = study / "study.yaml"
    text = definition.read_text(encoding="utf-8")
    definition.write_text(text + "\nwaivers:\n  - {rule: P26, reason: There is nothing to vary.}\n", encoding="utf-8")
    after = check(study, select=["P26"])
    assert not of(after.findings, "P26")
    assert [each.waiver for each in after.waived] == ["There is nothing to vary."] * len(before.findings)


def test_a_check_draws_no_figure() -> None:
    code = (
        "import sys; from pathlib import Path; from studygen.pipeline.checking import check; "
        f"check(Path('protocols/{PAES}')); print('matplotlib' in sys.modules, 'weasyprint' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_an_undrawn_figure_says_the_same_as_a_drawn_one() -> None:
    from dataclasses import replace

    from studygen.document.nodes import Figure, walk
    from studygen.pipeline.composing import compose
    from studygen.pipeline.loading import load

    loaded = load(ROOT / "protocols" / PAES)
    drawn, undrawn = (
        [node for node in walk((tree.front, tree.body)) if isinstance(node, Figure)]
        for tree in (compose(loaded, ["report"], drawings=drawings)["report"] for drawings in (True, False))
    )
    assert drawn
    assert all(figure.svg and figure.png for figure in drawn)
    assert [replace(figure, svg=b"", png=b"", width_cm=0.0) for figure in drawn] == undrawn


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("objectives[1].measure", ("objectives", 1, "measure")),
        ("documents.sap", ("documents", "sap")),
        ("participation[0].variables[12]", ("participation", 0, "variables", 12)),
        ("", ()),
    ],
)
def test_a_written_path_is_read_back(path: str, expected: tuple[str | int, ...]) -> None:
    assert data_path(path) == expected


# ---------------------------------------------------------------- rules by name


def test_rules_and_groups_are_named_with_commas_or_repeated() -> None:
    assert named_rules("--select", ["P26,S03", "A", "L01, L02"], guidance_of()) == ("P26", "S03", "A", "L01", "L02")


def test_all_unknown_rules_are_named_at_once_with_the_nearest() -> None:
    with pytest.raises(UnknownRuleError) as caught:
        named_rules("--ignore", ["P26", "p26", "Z"], guidance_of())
    assert [fault.what.split('"')[1] for fault in caught.value.faults] == ["p26", "Z"]
    assert '"P26"' in caught.value.faults[0].remedy


def test_ignore_wins_over_select(workspace: Path) -> None:
    study = workspace / "protocols" / PAES
    assert not check(study, select=["P26"], ignore=["P"]).findings


# ---------------------------------------------------------------- the command


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--select", "P266"), 2, 'Did you mean "P26"'),
        (("--ignore", "?"), 2, "Groups: A,"),
        (("--format", "markdown"), 2, "--rules"),
    ],
)
def test_wrong_use_is_told_apart(arguments: tuple[str, ...], code: int, said: str) -> None:
    done = studygen("check", f"protocols/{PAES}", *arguments, cwd=ROOT)
    assert done.returncode == code
    assert said in " ".join(done.stderr.replace("│", " ").split())


def test_a_check_without_study_says_so() -> None:
    assert studygen("check", cwd=ROOT).returncode == 2


def test_a_rule_is_explained_without_a_study(tmp_path: Path) -> None:
    done = studygen("check", "--explain", "P26", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "HARPER" in done.stdout
    assert studygen("check", "--explain", "P62", cwd=tmp_path).returncode == 2


def test_the_exit_code_tells_a_delivery_from_a_definition_and_the_place_is_relative(workspace: Path) -> None:
    spoil_the_interval(workspace / "protocols" / PAES)
    done = studygen("check", f"protocols/{PAES}", "--select", "A,R", "--format", "github", cwd=workspace)
    assert done.returncode == 4
    assert f"::error file=protocols/{PAES}/deliveries/dk_dmsr/aggregates.csv,line=2,title=R10%3A" in done.stdout
    change(workspace / "protocols" / PAES / "study.yaml", "kind: PAES", "kind: PAESS")
    assert studygen("check", f"protocols/{PAES}", cwd=workspace).returncode == 3


def test_the_forms_for_programs_print_nothing_else(workspace: Path) -> None:
    spoil_the_interval(workspace / "protocols" / PAES)
    for form, key in (("json", "studies"), ("sarif", "runs")):
        done = studygen(
            "check", f"protocols/{PAES}", f"protocols/{PLANNED}", "--select", "A,R,P", "--format", form, cwd=workspace
        )
        assert done.returncode == 4
        assert len(json.loads(done.stdout)[key]) in (1, 2)
    again = studygen(
        "check", f"protocols/{PAES}", f"protocols/{PLANNED}", "--select", "A,R,P", "--format", "sarif", cwd=workspace
    )
    assert again.stdout == done.stdout


def test_warnings_set_the_exit_code_only_where_that_is_asked_for() -> None:
    assert studygen("check", f"protocols/{PAES}", "--select", "P26", cwd=ROOT).returncode == 0
    assert studygen("check", f"protocols/{PAES}", "--select", "P26", "--strict", cwd=ROOT).returncode == 3


# ---------------------------------------------------------------- a build obeys


def spoil_the_report(study: Path) -> None:
    """A final report that still holds a text to be written: found in documents only."""
    conclusion = study / "text" / "report-conclusion.md"
    conclusion.write_text(conclusion.read_text(encoding="utf-8") + "The rest is [to be written].\n", encoding="utf-8")


def test_a_build_with_errors_is_refused_and_leaves_nothing(workspace: Path) -> None:
    study, output = workspace / "protocols" / PAES, workspace / "output"
    spoil_the_report(study)
    assert check(study).errors, "the check finds nothing to refuse"
    with pytest.raises(RefusedError) as caught:
        build(study, output, ["protocol"], ["html"])
    assert caught.value.exit_code == 5
    assert not output.exists()
    done = studygen("build", f"protocols/{PAES}", "--document", "protocol", "--format", "html", cwd=workspace)
    assert done.returncode == 5
    assert "--draft" in done.stderr
    assert "[to be written]" in done.stderr


def test_a_draft_says_on_every_page_how_many_findings_are_open(workspace: Path) -> None:
    study, output = workspace / "protocols" / PAES, workspace / "output"
    spoil_the_report(study)
    outcome = build(study, output, ["protocol"], ["html", "docx"], workers=1, draft=True)
    assert outcome.open_findings == len(check(study).errors)
    html = (output / PAES / "protocol.html").read_text(encoding="utf-8")
    count = outcome.open_findings
    assert f"Draft: {count} finding{'s' if count > 1 else ''} open" in html
    assert "draft" in html
    again = build(study, output, ["protocol"], ["html", "docx"], draft=True)
    assert not [each for each in again.files if each.written]
    assert again.open_findings == outcome.open_findings
    with pytest.raises(RefusedError):
        build(study, output, ["protocol"], ["html", "docx"])


def test_a_build_counts_the_warnings_that_it_lets_pass(workspace: Path) -> None:
    study, output = workspace / "protocols" / PAES, workspace / "output"
    expected = len(check(study).warnings)
    assert expected
    assert build(study, output, ["protocol"], ["html"], workers=1).warnings == expected
    assert build(study, output, ["protocol"], ["html"]).warnings == expected
    done = studygen("build", f"protocols/{PAES}", "--document", "protocol", "--format", "html", cwd=workspace)
    assert f"{expected} warnings: studygen check protocols/{PAES} lists them" in done.stdout
