"""The file around the words: nothing left over, properties, language, validity, the same bytes every time."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from docx_samples import ROOT, W, pages_of, read, sample, style
from openxml_audit import FileFormat, OpenXmlValidator
from samples import document, para

from studygen.writers.docx import render_docx

CORE = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
DC = "{http://purl.org/dc/elements/1.1/}"
TERMS = "{http://purl.org/dc/terms/}"


@pytest.fixture(scope="module")
def file() -> bytes:
    return render_docx(sample(), style(), pages_of(sample()))


def test_the_file_holds_its_own_parts_and_no_leftovers_of_a_template(file: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        names = package.namelist()
    assert len(names) == len(set(names))
    assert not [name for name in names if "customXml" in name or "thumbnail" in name or "Effects" in name]
    assert {name for name in names if name.startswith("word/media/")} == {
        f"word/media/image{number}.{kind}" for number, kind in ((1, "png"), (2, "svg"), (3, "png"), (4, "svg"))
    }


def test_nothing_of_the_draft_is_left(file: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                content = package.read(name).decode()
                assert "urn:studygen" not in content
                assert not re.search(r'r:(id|embed)="(?!rId\d+")', content)


def test_properties_say_what_the_document_is(file: bytes) -> None:
    core = read(file, "docProps/core.xml")
    expected = {
        f"{DC}title": f"Study protocol: {sample().meta.title}",
        f"{DC}subject": "SAMPLE-PASS-01-PRO, Version 1.0, 30 June 2026",
        f"{DC}creator": "Coordinating centre",
        f"{DC}language": "en-GB",
        f"{DC}identifier": "SAMPLE-PASS-01-PRO",
        f"{CORE}keywords": "multiple sclerosis, registry, PASS",
        f"{CORE}version": "1.0",
        f"{TERMS}created": "2026-06-30T00:00:00Z",
        f"{TERMS}modified": "2026-06-30T00:00:00Z",
    }
    assert {tag: core.findtext(tag) for tag in expected} == expected


def test_the_language_is_the_documents() -> None:
    styles = read(render_docx(document(para("x"), language="de-DE"), style(), None), "word/styles.xml")
    assert styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang").get(f"{W}val") == "de-DE"


def test_word_opens_it_in_its_current_mode(file: bytes) -> None:
    modes = {node.get(f"{W}name"): node.get(f"{W}val") for node in read(file, "word/settings.xml").iter(f"{W}compatSetting")}
    assert modes["compatibilityMode"] == "15"


def test_type_and_paper_are_the_brands(file: bytes) -> None:
    styles = {node.get(f"{W}styleId"): node for node in read(file, "word/styles.xml").iter(f"{W}style")}
    defaults = read(file, "word/styles.xml").find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    assert defaults.find(f"{W}rFonts").get(f"{W}ascii") == "Arial"
    assert defaults.find(f"{W}sz").get(f"{W}val") == "20"  # half points
    assert styles["TableText"].find(f"{W}rPr/{W}sz").get(f"{W}val") == "18"
    assert styles["Heading1"].find(f"{W}rPr/{W}color").get(f"{W}val") == "14305C"


def test_no_type_is_smaller_than_nine_points(file: bytes) -> None:
    sizes = {
        node.getparent().getparent().get(f"{W}styleId"): int(node.get(f"{W}val"))
        for node in read(file, "word/styles.xml").iter(f"{W}sz")
        if node.getparent().tag == f"{W}rPr"
    }
    sizes.pop("TableEnd")  # the gap after a table, which holds no words
    assert min(sizes.values()) >= 18


def test_the_same_tree_gives_the_same_bytes_in_another_process(file: bytes) -> None:
    code = (
        "import hashlib; from docx_samples import pages_of, render_docx, sample, style;"
        "print(hashlib.sha256(render_docx(sample(), style(), pages_of(sample()))).hexdigest())"
    )
    for seed in ("1", "2"):
        environment = {
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": str(ROOT / "tests" / "writers"),
            "PATH": "/usr/bin:/bin",
            "TZ": f"Etc/GMT+{seed}",
        }
        told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        assert told.stdout.strip() == hashlib.sha256(file).hexdigest()


def test_an_independent_validator_finds_no_fault(file: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sample.docx"
    path.write_bytes(file)
    result = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365).validate(path)
    assert [str(error) for error in result.errors] == []


def test_the_open_xml_sdk_finds_no_fault(file: bytes, tmp_path: Path) -> None:
    validator = shutil.which("ooxml-validator")
    if validator is None:
        pytest.skip("ooxml-validator is not installed")
    path = tmp_path / "sample.docx"
    path.write_bytes(file)
    told = subprocess.run([validator, str(path)], capture_output=True, text=True, check=False)
    assert json.loads(told.stdout)["errors"] == []


def test_a_small_document_without_title_page_is_valid_too(tmp_path: Path) -> None:
    path = tmp_path / "small.docx"
    path.write_bytes(render_docx(document(para("Words."), marks=(), keywords=()), style(), None))
    assert OpenXmlValidator(file_format=FileFormat.MICROSOFT_365).validate(path).is_valid
