"""A whole document from its parts. The golden file is the small document under fixtures/ as JSON: when it differs on purpose,
delete it, run the test, and read what it wrote."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from studygen.document.fingerprint import fingerprint, to_jsonable
from studygen.document.nodes import Heading, Slot, plain_text, walk
from studygen.errors import Fault, Place, ResultError, TemplateError

GOLDEN = Path(__file__).parent / "golden" / "small-document.json"


def rewritten(templates: Path, file: str, text: str) -> None:
    (templates / "protocol" / file).write_text(text, encoding="utf-8")


def faults(small: SimpleNamespace, *args: object, **kwargs: object) -> list[tuple[str, str]]:
    with pytest.raises(TemplateError) as raised:
        small.compose(*args, **kwargs)
    return [(str(fault.place), fault.what) for fault in raised.value.faults]


def test_the_small_document_is_the_golden_one(small: SimpleNamespace) -> None:
    shown = json.dumps(to_jsonable(small.compose()), ensure_ascii=False, indent=1) + "\n"
    if not GOLDEN.exists():
        GOLDEN.write_text(shown, encoding="utf-8")
        pytest.fail("the golden file was missing and has been written; read it, then run again")
    assert shown == GOLDEN.read_text(encoding="utf-8")


def test_headings_stand_in_order_with_their_numbers(small: SimpleNamespace) -> None:
    assert [(h.number, plain_text(h.children), h.level) for h in small.compose().body if isinstance(h, Heading)] == [
        ("1", "Table of contents", 1),
        ("2", "Research methods", 1),
        ("2.1", "Study design", 2),
        ("2.1.1", "Rationale", 3),
        ("2.1.2", "Windows", 3),
        ("2.1.2.1", "Diagram", 4),
        ("2.1.3", "Hypothesis", 3),
        ("3", "References", 1),
        ("Annex 1", "List of stand-alone documents", 1),
        ("Annex 1.1", "Documents", 2),
        ("Annex 1.2", "Kept apart", 2),
    ]


def test_no_slot_is_left(small: SimpleNamespace) -> None:
    assert not [node for node in walk(small.compose()) if isinstance(node, Slot)]


def test_the_same_parts_make_the_same_document(small: SimpleNamespace) -> None:
    assert fingerprint(small.compose()) == fingerprint(small.compose())


def test_anything_a_reader_sees_changes_the_fingerprint(small: SimpleNamespace) -> None:
    seen = {fingerprint(small.compose())}
    seen.add(fingerprint(small.compose(meta=replace(small.meta, version="1.1"))))
    seen.add(fingerprint(small.compose(context={"study": small.study(title="Another title")})))
    seen.add(fingerprint(small.compose(fill=lambda slot: replace(small.fill(slot), landscape=True))))
    seen.add(
        fingerprint(
            small.compose(
                fill=lambda slot: replace(small.fill(slot), svg=b"<svg />") if slot.kind == "figure" else small.fill(slot)
            )
        )
    )
    assert len(seen) == 5


def test_faults_of_all_sections_are_told_at_once(templates: Path, small: SimpleNamespace) -> None:
    rewritten(templates, "title-page.md.j2", "# Title")
    rewritten(templates, "contents.md.j2", "{{ stduy }}")
    rewritten(templates, "references.md.j2", "{# nothing #}\n")
    rewritten(templates, "annex-1.md.j2", "Text.\n\n<b>bold</b> and {{ ref('tbl-none') }}\n")
    assert faults(small, templates) == [
        ("protocol/title-page.md.j2:1", '"# Title" has the level of the section itself'),
        ("protocol/contents.md.j2:1", '"stduy" is not known in this template'),
        ("protocol/references.md.j2", 'the section "3 References" came out empty'),
        ("protocol/annex-1.md.j2:3", '"<b>" is HTML, which is not printed'),
    ]


def test_a_fault_in_a_narrative_text_is_told_in_its_file(small: SimpleNamespace) -> None:
    rationale = small.prose("One.\n\nTwo with ![an image](x.png).\n\n- {{ cite('gvp-viii') }}\n", "study/text/rationale.md")
    assert faults(small, context={"study": small.study(rationale=rationale)}) == [
        ("study/text/rationale.md:3", "an image cannot stand in a text")
    ]


def test_a_displays_fault_is_told_at_its_slot(small: SimpleNamespace) -> None:
    def fill(slot: Slot) -> object:
        if slot.kind == "figure":
            raise ResultError(Fault(Place("results", path="x"), 'there is no result "x"', "Name one."))
        if slot.display == "exposures":
            raise TemplateError(Fault(Place("displays.yaml", 7), "no caption", ""))
        return small.fill(slot)

    assert faults(small, fill=fill) == [
        ("protocol/design.md.j2:21", 'there is no result "x"'),
        ("protocol/design.md.j2:27", "no caption (displays.yaml:7)"),
    ]


def test_a_slot_filled_with_the_wrong_kind_is_a_fault(small: SimpleNamespace) -> None:
    told = faults(small, fill=lambda slot: small.fill(slot) if slot.kind == "table" else small.table(slot.id, "Caption"))
    assert told == [("protocol/design.md.j2:21", 'the display "design-diagram" draws a table, not a figure')]


def test_template_code_is_never_printed(small: SimpleNamespace) -> None:
    assert faults(small, context={"study": small.study(title="A study of {{ study.kind }}")}) == [
        ("protocol/title-page.md.j2", 'template code would be printed: "A study of {{ study.kind }}"')
    ]


def test_a_section_over_others_has_no_headings_of_its_own(templates: Path, small: SimpleNamespace) -> None:
    path = templates / "protocol" / "document.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "heading: Research methods}", "heading: Research methods, file: methods.md.j2}"
    )
    path.write_text(text, encoding="utf-8")
    rewritten(templates, "methods.md.j2", "An introduction.\n\n## Overview\n")
    assert faults(small, templates) == [
        ("protocol/methods.md.j2:3", 'a heading here would take the number of "2.1 Study design"')
    ]
    rewritten(templates, "methods.md.j2", "An introduction.\n")
    assert small.compose(templates)


def test_words_that_the_document_needs_are_asked_for(small: SimpleNamespace) -> None:
    labels = tuple((key, word) for key, word in small.meta.labels if key not in ("section", "meaning"))
    assert [what for _, what in faults(small, meta=replace(small.meta, labels=labels))] == [
        'the word "section" is missing',
        'the word "meaning" is missing',
    ]
