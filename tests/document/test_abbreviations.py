"""The list of abbreviations holds exactly what the document uses."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from studygen.definition import LongForm
from studygen.document.abbreviations import (
    abbreviation_table,
    load_abbreviations,
    unknown_abbreviations,
    used_abbreviations,
    visible_texts,
)
from studygen.document.nodes import Cell, Document, Paragraph, Table, Text, walk
from studygen.document.parsing import parse_blocks
from studygen.errors import DefinitionError, TemplateError


def forms(known: dict[str, str]) -> dict[str, LongForm]:
    return {short: LongForm(long=long) for short, long in known.items()}


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("An RCT.", ["RCT"]),
        ("Two RCTs", ["RCT"]),
        ("(RCT)", ["RCT"]),
        ("RCT-based", ["RCT"]),
        ("rct", []),
        ("XRCT and RCTx", []),
        ("a 95% CI", ["95% CI", "CI"]),
        ("COVID-19", ["COVID-19"]),
        ("β-IFN or IFN-β", ["IFN"]),
        ("", []),
    ],
)
def test_whole_words_count(text: str, used: list[str]) -> None:
    known = dict.fromkeys(["RCT", "95% CI", "CI", "COVID-19", "IFN"], "long form")
    assert list(used_abbreviations(text, forms(known))) == used


def test_an_abbreviation_within_a_longer_one_is_not_used_by_it() -> None:
    known = {"ICD-9": LongForm(long="ninth revision"), "ICD-9-CM": LongForm(long="clinical modification")}
    assert list(used_abbreviations("Coded with ICD-9-CM.", known)) == ["ICD-9-CM"]
    assert list(used_abbreviations("ICD-9-CM, before that ICD-9.", known)) == ["ICD-9", "ICD-9-CM"]


def test_what_a_long_form_uses_is_listed_too() -> None:
    known = {"BMSD": "Big MS Data (network)", "MS": "multiple sclerosis", "EMA": "European Medicines Agency"}
    assert list(used_abbreviations("The BMSD.", forms(known))) == ["BMSD", "MS"]


def test_the_list_is_in_alphabetical_order() -> None:
    known = dict.fromkeys(["S1P", "ADR", "eCRF", "EMA"], "long form")
    assert list(used_abbreviations("S1P EMA eCRF ADR", forms(known))) == ["ADR", "eCRF", "EMA", "S1P"]


def test_prose_captions_cells_notes_footnotes_and_alternative_texts_count(small: SimpleNamespace) -> None:
    table = small.table("tbl-a", "In caption", "In cell", notes=("In note",))
    figure = small.figure("fig-a", "Of figure", "In alt")
    text = "\n".join(
        visible_texts((Paragraph((Text("In prose"),)), table, figure, small.table("tbl-b", "With {footnote}`In footnote`")))
    )
    for expected in ("In prose", "In caption", "In cell", "In note", "In alt", "In footnote"):
        assert expected in text


def test_a_word_is_not_torn_by_its_formatting(small: SimpleNamespace) -> None:
    # CO₂ is not CO.
    table = next(node for node in walk(small.compose()) if isinstance(node, Table) and node.id == "tbl-abbreviations")
    assert [row.cells[0].blocks for row in table.body] == [
        (Paragraph((Text(short),)),) for short in ("BMSD", "MS", "PASS", "RCT")
    ]
    assert list(used_abbreviations("CO₂", forms({"CO": "carbon monoxide"}))) == []


def test_the_list_is_an_unnumbered_table_with_headers(small: SimpleNamespace) -> None:
    table = abbreviation_table({"MS": "multiple sclerosis"}, small.meta)
    assert (table.caption, table.number) == ((), 0)
    assert [cell.blocks for cell in table.header[0].cells] == [
        (Paragraph((Text(word),)),) for word in ("Abbreviation", "Meaning")
    ]
    assert table.body[0].cells == (
        Cell((Paragraph((Text("MS"),)),), header=True),
        Cell((Paragraph((Text("multiple sclerosis"),)),)),
    )


def test_a_document_that_uses_none_is_told_so(small: SimpleNamespace) -> None:
    with pytest.raises(TemplateError) as raised:
        small.compose(abbreviations={"XYZ": "never used"})
    told = [str(fault.place) for fault in raised.value.faults if "no known abbreviation occurs" in fault.what]
    assert told == ["protocol/annex-1.md.j2:3"]


def test_the_file_of_abbreviations_is_read(tmp_path: Path) -> None:
    path = tmp_path / "abbreviations.yaml"
    path.write_text("# all\nMS: multiple sclerosis\nNO: nitric oxide\n", encoding="utf-8")
    assert load_abbreviations(path) == forms({"MS": "multiple sclerosis", "NO": "nitric oxide"})
    path.write_text("MS: {long: multiple sclerosis, expand: false}\nIMPULS: {expand: false}\n", encoding="utf-8")
    assert load_abbreviations(path) == {"MS": LongForm(long="multiple sclerosis", expand=False), "IMPULS": LongForm(expand=False)}
    path.write_text("MS: multiple sclerosis\nEMA:\nCI: [x]\nHR: {lang: hazard ratio}\nOR: {long: ''}\n", encoding="utf-8")
    with pytest.raises(DefinitionError) as raised:
        load_abbreviations(path)
    assert [fault.place.line for fault in raised.value.faults] == [2, 3, 4, 5]


def test_a_name_without_a_long_form_is_not_listed() -> None:
    known = {"IMPULS": LongForm(expand=False), "MS": LongForm(long="multiple sclerosis", expand=False)}
    assert used_abbreviations("IMPULS and MS", known) == {"MS": "multiple sclerosis"}


@pytest.mark.parametrize(
    ("markdown", "unknown"),
    [
        ("People with MS, and two RCTs.", ("RCT",)),
        ("A 95% CI, the ICD-9 code and IL-6.", ("ICD-9", "IL-6")),
        ("Coded `ABC`, see [the EMA](https://example.org/EMA), {cite}`ABC`.", ()),
        ("Phase III, part VI; version 2.XY; EMA/48663/2013; BMSD-PASS-EX1; EUPAS24484; L04AA40; CO{sub}`2`.", ()),
        ("In the MS-Covid-19 TR cohort.", ()),
        ("*Of* **ABCs** and more.\n\n- In DEF{footnote}`And GHI.`\n\n```{callout} note\nJKL\n```", ("ABC", "DEF", "GHI", "JKL")),
        ("SHOUTING and A and aCRF", ()),
    ],
)
def test_what_looks_like_an_abbreviation_must_be_known(markdown: str, unknown: tuple[str, ...], small: SimpleNamespace) -> None:
    known = ["MS", "CI", "95% CI", "MS-Covid-19 TR"]
    document = Document(small.meta, (), (*parse_blocks(markdown, "f.md"), small.table("tbl-a", "MNO", "PQR")))
    assert unknown_abbreviations(document, known) == unknown


def test_an_unknown_abbreviation_is_told_where_it_is_written(templates: Path, small: SimpleNamespace) -> None:
    path = templates / "protocol" / "annex-1.md.j2"
    path.write_text(path.read_text(encoding="utf-8") + "\nOne line,\nand an XYZ.\n", encoding="utf-8")
    lines = path.read_text(encoding="utf-8").split("\n")
    study = small.study(rationale=small.prose("BMSD shows\nthe KLM.", "text/rationale.md"))
    with pytest.raises(TemplateError) as raised:
        small.compose(templates, context={"study": study})
    assert [(str(fault.place), fault.what) for fault in raised.value.faults] == [
        ("text/rationale.md:2", '"KLM" looks like an abbreviation and is in no list'),
        (f"protocol/annex-1.md.j2:{lines.index('and an XYZ.') + 1}", '"XYZ" looks like an abbreviation and is in no list'),
    ]
