"""Citations are numbered by first appearance; the list holds what is cited, in that order."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from studygen.document.citations import Library, citation_label, cite_works
from studygen.document.nodes import Bibliography, Citation, Document, Paragraph, walk
from studygen.document.parsing import parse_inline
from studygen.errors import Place, TemplateError


@pytest.fixture
def library(small: SimpleNamespace) -> Library:
    return Library.from_file(small.references)


def cited(small: SimpleNamespace, library: Library, *body: object) -> Document:
    return cite_works(Document(small.meta, (), body), library, lambda _, name: [Place("f.md", 3, name)])  # type: ignore[arg-type]


def paragraph(markdown: str) -> Paragraph:
    return Paragraph(parse_inline(markdown))


@pytest.mark.parametrize(
    ("numbers", "label"),
    [
        ([1], "[1]"),
        ([3, 1], "[1,3]"),
        ([1, 2], "[1,2]"),
        ([2, 1, 3], "[1–3]"),
        ([1, 2, 3, 5, 7, 8, 9, 10], "[1–3,5,7–10]"),
        ([4, 4], "[4]"),
    ],
)
def test_labels(numbers: list[int], label: str) -> None:
    assert citation_label(numbers) == label


def test_works_are_numbered_in_reading_order_through_text_footnotes_and_tables(small: SimpleNamespace, library: Library) -> None:
    document = cited(
        small,
        library,
        Bibliography(),
        paragraph("A{footnote}``{cite}`halpern-2002` `` and {cite}`gvp-viii`."),
        small.table(
            "tbl-a", "Caption {cite}`gvp-viii`", "cell {cite}`dersimonian-laird-1986`", notes=("note {cite}`never-cited`",)
        ),
        paragraph("{cite}`never-cited,halpern-2002,gvp-viii`"),
    )
    assert [node.text for node in walk(document) if isinstance(node, Citation)] == ["[1]", "[2]", "[2]", "[3]", "[4]", "[1,2,4]"]
    (listed,) = [node for node in walk(document) if isinstance(node, Bibliography)]
    assert [(entry.label, entry.key) for entry in listed.entries] == [
        ("[1]", "halpern-2002"),
        ("[2]", "gvp-viii"),
        ("[3]", "dersimonian-laird-1986"),
        ("[4]", "never-cited"),
    ]


def test_what_is_never_cited_is_not_listed(small: SimpleNamespace, library: Library) -> None:
    document = cited(small, library, paragraph("{cite}`gvp-viii`"), Bibliography())
    (listed,) = [node for node in walk(document) if isinstance(node, Bibliography)]
    assert [entry.key for entry in listed.entries] == ["gvp-viii"]


def test_a_document_without_citations_has_an_empty_list(small: SimpleNamespace, library: Library) -> None:
    assert cited(small, library, paragraph("Text."), Bibliography()).body[1] == Bibliography()


def test_unknown_keys_are_told_at_once_with_the_nearest(small: SimpleNamespace, library: Library) -> None:
    with pytest.raises(TemplateError) as raised:
        cited(small, library, paragraph("{cite}`gvp-vii,halpern-2002` {cite}`dersimonian-1986`"), Bibliography())
    told = [(fault.place, fault.what, fault.remedy) for fault in raised.value.faults]
    assert [(place, what.split(" in ")[0]) for place, what, _ in told] == [
        (Place("f.md", 3, "gvp-vii"), '"gvp-vii" is not a work'),
        (Place("f.md", 3, "dersimonian-1986"), '"dersimonian-1986" is not a work'),
    ]
    assert 'Did you mean "gvp-viii"?' in told[0][2]


def test_an_unknown_key_in_a_template_is_told_with_its_line(templates: Path, small: SimpleNamespace) -> None:
    path = templates / "protocol" / "annex-1.md.j2"
    path.write_text(path.read_text(encoding="utf-8") + "\nAs in {{ cite('gvp-viii', 'halpern-2003') }}.\n", encoding="utf-8")
    with pytest.raises(TemplateError) as raised:
        small.compose(templates)
    assert [(str(fault.place), fault.remedy) for fault in raised.value.faults] == [
        ("protocol/annex-1.md.j2:10", 'Did you mean "halpern-2002"?')
    ]


def test_citing_without_a_list_of_references_is_a_fault(small: SimpleNamespace, library: Library) -> None:
    with pytest.raises(TemplateError, match="cited but not listed"):
        cited(small, library, paragraph("{cite}`gvp-viii`"))
