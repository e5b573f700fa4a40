"""Findings as text, JSON, SARIF and annotations: what each form must hold so that a person, a program, a CI service reads it.
What SARIF 2.1.0 requires is written out here from the specification (OASIS Standard, 27 March 2020)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from studygen.checks.finding import Finding
from studygen.checks.formats.github import commands
from studygen.checks.formats.machine import as_json, fingerprint
from studygen.checks.formats.rules import explanation, rules_markdown, rules_table
from studygen.checks.formats.sarif import as_sarif
from studygen.checks.formats.text import text_lines
from studygen.checks.guidance import Guidance, Requirement, Source, load_guidance
from studygen.checks.report import Report
from studygen.errors import DefinitionError, Place

ROOT = Path(__file__).resolve().parents[2]


def requirement(**changes: Any) -> Requirement:
    given: dict[str, Any] = {
        "title": "Every objective is answered",
        "on": "definition",
        "severity": "error",
        "source": "law",
        "clause": "Article 1, (2)",
        "confirmed": True,
        "requires": "Every objective has an analysis.",
        "why": "An objective without an analysis is a promise that is not kept.",
        "remedy": "Add an analysis.",
        "wrong": "analyses: []",
        "right": "analyses:\n  - {id: a}",
    }
    return Requirement(**{**given, **changes})


GUIDANCE = Guidance(
    {
        "P14": requirement(),
        "P26": requirement(title="Sensitivity, with a | in it", severity="warning"),
        "P40": requirement(title="Not yet confirmed", confirmed=False, source="draft"),
        "R10": requirement(title="Intervals hold", on="delivery", source="own"),
        "T01": requirement(title="Texts resolve", on="document", source="own"),
        "W01": requirement(title="Words agree", on="document", severity="info", source="own"),
    },
    {
        "law": Source(title="A law, 2012", status="seen"),
        "draft": Source(title="A draft, 2024", status="not_seen"),
        "own": Source(title="A rule of our own", status="own"),
    },
)
STUDY = "protocols/a study"
ANSWER = Finding(
    "P14", "error", Place(f"{STUDY}/study.yaml", 12, "objectives[0]"), 'nothing answers "a"', "Add one.", ("protocol",)
)
VARIED = Finding("P26", "warning", Place(f"{STUDY}/study.yaml", 3), "100% lost:\nsee a, b", "Vary: it.", ("protocol", "sap"))
SENT = Finding("R10", "error", Place(f"{STUDY}/deliveries/x/aggregates.csv", 7), "0.5 is outside 0.6 to 0.9", "Send it anew.")
SAID = Finding(
    "W01", "info", Place("report", path="sec-main"), "mild words", "", ("report",), at=Place(f"{STUDY}/study.yaml", 40)
)
WAIVED = replace(VARIED, what="no variation", waiver="There is one registry.")
LATE = replace(SAID, severity="error")


def report(*findings: Finding, waived: tuple[Finding, ...] = ()) -> Report:
    ordered = tuple(sorted(findings, key=lambda each: each.order))
    return Report(Path(STUDY), ("protocol", "sap", "report"), 2, 40, ordered, waived)


def printed(of: Report) -> str:
    return "\n".join("".join(text for text, _ in line) for line in text_lines(of))


def test_a_fault_of_every_row_is_told_three_times_and_counted() -> None:
    rows = [replace(SENT, place=Place(SENT.place.file, line)) for line in range(2, 120)]
    text = printed(report(*rows, ANSWER))
    assert text.count("0.5 is outside 0.6 to 0.9") == 3
    assert "and 115 more of R10 in this file, between lines 5 and 119; --format json lists all" in text
    assert "119 errors" in text
    assert text.count('nothing answers "a"') == 1


def test_eight_findings_of_a_rule_are_told_one_by_one() -> None:
    rows = [replace(SENT, place=Place(SENT.place.file, line)) for line in range(2, 10)]
    assert printed(report(*rows)).count("0.5 is outside 0.6 to 0.9") == 8


# ---------------------------------------------------------------- exit codes and counts


@pytest.mark.parametrize(
    ("findings", "strict", "code"),
    [
        ((), False, 0),
        ((VARIED, SAID), False, 0),
        ((VARIED, SAID), True, 3),
        ((SAID,), True, 0),
        ((SENT,), False, 4),
        ((LATE,), False, 5),
        ((LATE, SENT, ANSWER), False, 3),
        ((LATE, SENT), False, 4),
    ],
)
def test_the_exit_code_is_that_of_the_earliest_step_with_an_error(findings: tuple[Finding, ...], strict: bool, code: int) -> None:
    assert report(*findings).exit_code(GUIDANCE, strict=strict) == code


def test_a_waived_finding_does_not_refuse() -> None:
    assert report(waived=(replace(ANSWER, waiver="Later."),)).exit_code(GUIDANCE, strict=True) == 0


def test_findings_are_counted_in_every_document_that_they_concern() -> None:
    counted = dict(report(ANSWER, VARIED, SENT, SAID).by_document())
    assert counted == {
        "study": {"error": 1},
        "protocol": {"error": 1, "warning": 1},
        "sap": {"warning": 1},
        "report": {"info": 1},
    }


# ---------------------------------------------------------------- text


def test_text_names_place_rule_what_and_remedy_and_counts() -> None:
    lines = printed(report(ANSWER, VARIED, SENT, SAID, waived=(WAIVED,))).splitlines()
    assert f"  {STUDY}/study.yaml:12  objectives[0]" in lines
    assert '      error P14: nothing answers "a"' in lines
    assert "      Add one." in lines
    assert "      because There is one registry." in lines
    assert "protocol  1 error, 1 warning" in lines
    assert lines[-1].startswith(
        f"{STUDY}: not in order (protocol, sap, report; 2 deliveries, 40 results; 2 errors, 1 warning, 1 info"
    )
    assert lines[-1].endswith("1 waived)")


def test_text_keeps_the_findings_of_a_file_together() -> None:
    lines = printed(report(ANSWER, VARIED, SENT)).splitlines()
    heads = [line for line in lines if line.startswith(STUDY) and "  " in line and "(" not in line]
    assert heads == [f"{STUDY}/deliveries/x/aggregates.csv  1 error", f"{STUDY}/study.yaml  1 error, 1 warning"]
    assert lines.index(f"  {STUDY}/study.yaml:3") < lines.index(f"  {STUDY}/study.yaml:12  objectives[0]")


def test_a_study_without_findings_is_one_line() -> None:
    assert printed(report()) == f"{STUDY}: in order (protocol, sap, report; 2 deliveries, 40 results; no findings)"


# ---------------------------------------------------------------- annotations


def test_an_annotation_escapes_what_would_end_it() -> None:
    [line] = commands(report(VARIED), GUIDANCE)
    properties = f"file={STUDY}/study.yaml,line=3,title=P26%3A Sensitivity%2C with a | in it"
    assert line == f"::warning {properties}::100%25 lost:%0Asee a, b. Vary: it."


def test_an_annotation_of_a_document_stands_in_the_definition_and_names_the_section() -> None:
    [line] = commands(report(SAID), GUIDANCE)
    assert line == f"::notice file={STUDY}/study.yaml,line=40,title=W01%3A Words agree::Mild words. (report  sec-main)"


# ---------------------------------------------------------------- JSON


def test_json_holds_every_finding_with_its_rule() -> None:
    [study] = json.loads(as_json([(report(ANSWER, SENT, waived=(WAIVED,)), GUIDANCE)]))["studies"]
    assert (study["study"], study["exit_code"], study["deliveries"], study["results"]) == (STUDY, 3, 2, 40)
    assert [each["rule"] for each in study["findings"]] == ["R10", "P14"]
    assert study["findings"][1]["place"] == {"file": f"{STUDY}/study.yaml", "line": 12, "path": "objectives[0]"}
    assert study["findings"][1]["clause"] == "Article 1, (2)"
    assert study["waived"][0]["waiver"] == "There is one registry."


def test_a_fingerprint_stays_when_lines_move_and_differs_between_findings() -> None:
    moved = replace(ANSWER, place=replace(ANSWER.place, line=112))
    assert fingerprint(moved) == fingerprint(ANSWER)
    assert len({fingerprint(each) for each in (ANSWER, VARIED, SENT, SAID)}) == 4


# ---------------------------------------------------------------- SARIF


def closed(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    """An object with these properties only; `properties` (the property bag) may stand in every object of SARIF."""
    allowed = {**properties, "properties": {"type": "object"}}
    return {"type": "object", "properties": allowed, "required": list(required), "additionalProperties": False}


def listed(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "uniqueItems": True, "items": items}


STRING = {"type": "string", "minLength": 1}
MESSAGE = closed({"text": STRING, "markdown": STRING}, "text")
LEVEL = {"enum": ["none", "note", "warning", "error"]}
ARTIFACT = closed({"uri": {"type": "string", "format": "uri-reference"}, "uriBaseId": STRING, "description": MESSAGE})
REGION = closed({"startLine": {"type": "integer", "minimum": 1}})
LOCATION = closed(
    {
        "physicalLocation": closed({"artifactLocation": ARTIFACT, "region": REGION}, "artifactLocation"),
        "logicalLocations": listed(closed({"name": STRING, "fullyQualifiedName": STRING})),
    }
)
SUPPRESSION = closed(
    {
        "kind": {"enum": ["inSource", "external"]},
        "status": {"enum": ["accepted", "underReview", "rejected"]},
        "justification": STRING,
    },
    "kind",
)
RESULT = closed(
    {
        "ruleId": STRING,
        "ruleIndex": {"type": "integer", "minimum": -1},
        "level": LEVEL,
        "message": MESSAGE,
        "locations": listed(LOCATION),
        "partialFingerprints": {"type": "object", "additionalProperties": STRING},
        "suppressions": listed(SUPPRESSION),
    },
    "message",
)
RULE = closed(
    {
        "id": STRING,
        "name": STRING,
        "shortDescription": MESSAGE,
        "fullDescription": MESSAGE,
        "help": MESSAGE,
        "defaultConfiguration": closed({"level": LEVEL}),
    },
    "id",
)
RUN = closed(
    {
        "tool": closed({"driver": closed({"name": STRING, "version": STRING, "rules": listed(RULE)}, "name")}, "driver"),
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "originalUriBaseIds": {"type": "object", "additionalProperties": ARTIFACT},
        "invocations": listed(closed({"executionSuccessful": {"type": "boolean"}}, "executionSuccessful")),
        "results": {"type": "array", "items": RESULT},
    },
    "tool",
)
SARIF = closed({"$schema": STRING, "version": {"const": "2.1.0"}, "runs": {"type": "array", "items": RUN}}, "version", "runs")


def sarif(*findings: Finding, waived: tuple[Finding, ...] = ()) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(as_sarif([(report(*findings, waived=waived), GUIDANCE)]))
    jsonschema.validate(written, SARIF)
    run: dict[str, Any] = written["runs"][0]
    return run


def test_sarif_has_the_form_that_the_standard_requires_and_no_property_beyond_it() -> None:
    run = sarif(ANSWER, VARIED, SENT, SAID, waived=(WAIVED,))
    assert [each["ruleId"] for each in run["results"]] == ["R10", "P14", "P26", "W01", "P26"]
    assert [each["level"] for each in run["results"]] == ["error", "error", "warning", "note", "warning"]


def test_every_rule_index_of_sarif_points_at_its_rule() -> None:
    run = sarif(ANSWER, SENT, SAID)
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"])
    assert [rule["id"] for rule in rules] == sorted(GUIDANCE)


def test_a_path_of_sarif_is_a_relative_uri_and_its_region_a_line() -> None:
    location = sarif(ANSWER)["results"][0]["locations"][0]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "protocols/a%20study/study.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 12},
    }
    assert location["logicalLocations"][0]["name"] == "objectives[0]"


def test_a_file_elsewhere_is_a_whole_uri() -> None:
    elsewhere = replace(ANSWER, place=Place("/home/a b/study.yaml", 2))
    artifact = sarif(elsewhere)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "file:///home/a%20b/study.yaml"}


def test_a_finding_without_line_has_no_region() -> None:
    location = sarif(replace(ANSWER, place=Place(f"{STUDY}/study.yaml")))["results"][0]["locations"][0]
    assert "region" not in location["physicalLocation"]


def test_a_waived_finding_is_a_suppressed_result_with_its_reason() -> None:
    [result] = sarif(waived=(WAIVED,))["results"]
    assert result["suppressions"] == [{"kind": "inSource", "status": "accepted", "justification": "There is one registry."}]


def test_an_unconfirmed_rule_is_a_warning_by_default_and_says_so() -> None:
    rule = next(each for each in sarif()["tool"]["driver"]["rules"] if each["id"] == "P40")
    assert rule["defaultConfiguration"] == {"level": "warning"}
    assert "Not confirmed" in rule["help"]["text"]


def test_the_same_findings_give_the_same_bytes() -> None:
    given = [(report(ANSWER, VARIED, SENT), GUIDANCE)]
    assert as_sarif(given) == as_sarif(given)
    assert as_json(given) == as_json(given)


# ---------------------------------------------------------------- rules


def test_an_explanation_holds_all_that_is_known_of_a_rule() -> None:
    told = "\n".join(explanation("P40", GUIDANCE))
    for part in (
        "P40",
        "Not yet confirmed",
        "warning on definition",
        "A draft, 2024, Article 1, (2)",
        "not confirmed",
        "a promise",
    ):
        assert part in told
    assert "    analyses:\n      - {id: a}" in told


def test_a_rule_that_does_not_exist_is_answered_with_the_nearest() -> None:
    with pytest.raises(DefinitionError, match='Did you mean "P14"'):
        list(explanation("P41", Guidance({"P14": GUIDANCE["P14"]}, GUIDANCE.sources)))


def test_the_table_of_rules_has_a_line_for_each() -> None:
    head, *rows = rules_table(GUIDANCE)
    assert head.split()[:2] == ["id", "title"]
    assert [row.split()[0] for row in rows] == sorted(GUIDANCE)
    assert rows[2].split()[-1] == "no"


def test_the_markdown_table_escapes_bars_and_lists_the_sources() -> None:
    page = rules_markdown(GUIDANCE).splitlines()
    assert "| P26 | Sensitivity, with a \\| in it | definition | warning | law | Article 1, (2) | yes |" in page
    assert "| P40 | Not yet confirmed | definition | warning | draft | Article 1, (2) | no |" in page
    assert "| draft | A draft, 2024 | not seen |" in page


def test_the_table_in_the_documentation_is_that_of_the_catalogue() -> None:
    page = ROOT / "templates" / "guidance" / "README.md"
    assert page.read_text(encoding="utf-8") == rules_markdown(load_guidance([page.parent])), "run: make rules"
