"""The documents of the dossier: their contents, their pages, and the ways from a claim to its evidence in both formats."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from pathlib import Path

import pikepdf
import pytest

from studygen.document.nodes import Bibliography, Citation, Document, Heading, Link, Table, Text, plain_text, walk
from studygen.pipeline.places import Places
from studygen.pipeline.proving import prove
from studygen.pipeline.qualifying import LoadedDossier, compose_dossier, dossier_types, load_dossier, wanted_documents
from studygen.writers.docx import render_docx
from studygen.writers.docx_anchors import bookmark_name
from studygen.writers.pdf import PdfResult, render_pdf
from studygen.writers.style import Style, load_style

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "protocols" / "bmsd-qualification"


@cache
def loaded() -> LoadedDossier:
    return load_dossier(EXAMPLE)


@cache
def composed(name: str) -> Document:
    return compose_dossier(loaded(), wanted_documents(loaded(), [name]).values())[name]


def style() -> Style:
    places = Places.of(EXAMPLE)
    return load_style(
        places.template("style/brand.yaml"), places.template("style/page.css"), places.shipped_template("style/brand.yaml")
    )


@cache
def laid_out(name: str) -> PdfResult:
    return render_pdf(composed(name), style())


def headings(name: str, level: int = 1) -> list[str]:
    found = [each for each in composed(name).body if isinstance(each, Heading) and each.level == level]
    return [f"{each.number} {plain_text(each.children)}".strip() for each in found]


def test_the_briefing_document_runs_from_the_summary_to_the_annexes() -> None:
    assert headings("briefing-document") == [
        "Table of contents",
        "1 Contact, research product identifier, version and abbreviations",
        "2 Executive summary",
        "3 Statement of the need and regulatory impact",
        "4 Context of use",
        "5 Description of the methodology",
        "6 Evidence of fitness for purpose",
        "7 Questions and applicant’s positions",
        "8 Gaps, limitations and improvement plan",
        "9 References",
        "Annex 1 Claims and evidence",
        "Annex 2 Readiness",
        "Annex 3 Traceability of the numbers",
        "Annex 4 Documents of the dossier",
    ]


def test_every_question_holds_background_position_and_evidence() -> None:
    body = composed("briefing-document").body
    questions = loaded().dossier.definition.questions
    starts = [n for n, each in enumerate(body) if isinstance(each, Heading) and each.id.startswith("sec-question-")]
    assert len(starts) == len(questions)
    for n, question in zip(starts, questions, strict=True):
        assert plain_text(body[n].children) == f"Question {question.number}: {question.topic}"  # type: ignore[union-attr]
        end = next(m for m in range(n + 1, len(body)) if isinstance(body[m], Heading))
        text = " ".join(plain_text(each.children) for each in body[n:end] if hasattr(each, "children"))
        assert all(part in text for part in ("Question.", "Background.", "Applicant’s position.", "Evidence."))
        assert [each.id for each in body[n:end] if isinstance(each, Table)] == [f"tbl-question-{question.id.replace('_', '-')}"]


def test_the_letter_of_intent_has_its_parts_on_three_pages() -> None:
    assert headings("letter-of-intent") == [
        "1 Methodology",
        "2 Context of use",
        "3 Evidence available",
        "4 Outline of the questions",
        "5 Proposed start",
        "6 Other agencies and bodies involved",
        "7 References",
    ]
    with pikepdf.open(io.BytesIO(laid_out("letter-of-intent").content)) as pdf:
        assert len(pdf.pages) <= 3


def test_a_registry_profile_has_a_section_for_each_group_of_the_checklist() -> None:
    found = [heading.partition(" ")[2] for heading in headings("registry-profile-fr-ofsep")]
    groups = _group_titles()
    assert [title for title in found if title in groups] == groups


def _group_titles() -> list[str]:
    from studygen.displays.texts import DisplayTexts
    from studygen.network.network import SUITABILITY

    texts = DisplayTexts.load((ROOT / "templates",))
    return [texts.word("suitability_group", part) for part in SUITABILITY]


def links(document: Document) -> set[str]:
    return {each.href[1:] for each in walk(document.body) if isinstance(each, Link) and each.href.startswith("#")}


def test_in_the_pdf_every_short_name_leads_to_its_place() -> None:
    document = composed("briefing-document")
    wanted = links(document)
    assert len(wanted) > 40  # claims, evidence and questions
    with pikepdf.open(io.BytesIO(laid_out("briefing-document").content)) as pdf:
        named = {str(name) for name in pikepdf.NameTree(pdf.Root.Names.Dests)}
        used = {
            str(note.A.D if "/A" in note else note.Dest)
            for page in pdf.pages
            for note in page.get("/Annots", [])
            if note.get("/Subtype") == "/Link" and ("/Dest" in note or "/D" in note.get("/A", {}))
        }
    assert wanted <= used
    assert wanted <= named


def test_in_word_every_short_name_leads_to_its_place() -> None:
    document = composed("briefing-document")
    content = render_docx(document, style(), laid_out("briefing-document").pages)
    prove(document, "docx", content, "briefing-document.docx")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        xml = package.read("word/document.xml").decode("utf-8")
    bookmarks = set(re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]+)"', xml))
    used = set(re.findall(r'w:anchor="([^"]+)"', xml))
    wanted = {bookmark_name(target) for target in links(document)}
    assert wanted <= used
    assert wanted <= bookmarks


def test_nothing_of_one_network_stands_in_a_template() -> None:
    """What belongs to the definition is read from it: no template names a registry, a substance or the network."""
    names = [each.short_name for each in loaded().dossier.network.registries]
    pattern = re.compile("|".join([*map(re.escape, names), "BMSD", "Big MS Data", "Big Multiple", "multiple sclerosis"]))
    allowed = {"data-dictionary/model.md.j2"}  # the recommended elements are those for registries in multiple sclerosis
    for type_ in dossier_types(loaded().places):
        for file in (ROOT / "templates" / type_).glob("*.j2"):
            found = pattern.search(file.read_text(encoding="utf-8"))
            assert found is None or f"{type_}/{file.name}" in allowed, file.name


@pytest.mark.parametrize("name", ["briefing-document", "registry-profile-se-smsreg"])
def test_the_pdf_says_what_the_document_says_and_is_tagged(name: str) -> None:
    content = laid_out(name).content
    prove(composed(name), "pdf", content, name)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang) == "en-GB"


def test_a_profile_says_that_a_project_is_an_invented_example() -> None:
    """No registry has been asked for the projects of the example; a decision on one must not read as the registry's own."""
    body = composed("registry-profile-cz-remus").body
    start = next(n for n, each in enumerate(body) if isinstance(each, Heading) and each.id == "sec-projects")
    end = next(n for n, each in enumerate(body) if isinstance(each, Heading) and each.id == "sec-references")
    text = " ".join(each.text for each in walk(body[start:end]) if isinstance(each, Text))
    assert "no decision on them is the registry’s own" in text
    projects = [each for each in loaded().dossier.projects if each.decision_of("cz_remus") is not None]
    assert text.count("(invented example)") == len(projects) > 0
    references = [each.reference for each in projects]
    assert [text.index(each) for each in sorted(references)] == sorted(text.index(each) for each in references)


def test_a_profile_lists_the_works_that_its_facts_rest_on() -> None:
    """The description of the Danish registry is Magyari 2021, doi:10.1002/brb3.1921."""
    document = composed("registry-profile-dk-dmsr")
    cited = {key for each in walk(document.body) if isinstance(each, Citation) for key in each.keys}
    assert "magyari-2021" in cited
    assert cited == {entry.key for each in walk(document.body) if isinstance(each, Bibliography) for entry in each.entries}
