"""References: CSL-JSON in, entries in Vancouver style out. Expected entries are the examples that the National Library of
Medicine publishes for the ICMJE recommendations ("Samples of Formatted References"), with an en dash in page ranges."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from studygen.document.library import Library
from studygen.document.nodes import Emphasis, Link, Script, Text, plain_text
from studygen.errors import DefinitionError

ARTICLE: dict[str, Any] = {
    "id": "rose-2002",
    "type": "article-journal",
    "title": "A title",
    "issued": {"date-parts": [[2002]]},
}


def library(tmp_path: Path, *works: dict[str, Any]) -> Library:
    path = tmp_path / "references.json"
    path.write_text(json.dumps(list(works)), encoding="utf-8")
    return Library.from_file(path)


def entry(tmp_path: Path, **work: Any) -> str:
    (children,) = library(tmp_path, {**ARTICLE, **work}).entries(["rose-2002"])
    return plain_text(children)


def faults(tmp_path: Path, text: str) -> list[tuple[int | None, str]]:
    path = tmp_path / "references.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as raised:
        Library.from_file(path)
    assert all(fault.place.file.endswith("references.json") for fault in raised.value.faults)
    return [(fault.place.line, fault.what) for fault in raised.value.faults]


# ------------------------------------------------------------------------------------------------------- entries as printed


def test_a_standard_journal_article(small: SimpleNamespace) -> None:
    (children,) = Library.from_file(small.references).entries(["halpern-2002"])
    # NLM: Halpern SD, Ubel PA, Caplan AL. Solid-organ transplantation in HIV-infected patients. N Engl J Med. 2002;347(4):284-7.
    assert plain_text(children) == (
        "Halpern SD, Ubel PA, Caplan AL. Solid-organ transplantation in HIV-infected patients. N Engl J Med. 2002;347(4):284–7."
    )


def test_more_than_six_authors(tmp_path: Path) -> None:
    names = ["Rose ME", "Huerbin MB", "Melick J", "Marion DW", "Palmer AM", "Schiding JK", "Kochanek PM", "Graham SH"]
    # NLM: Rose ME, Huerbin MB, Melick J, Marion DW, Palmer AM, Schiding JK, et al. Regulation of interstitial excitatory amino
    # acid concentrations after cortical contusion injury. Brain Res. 2002;935(1-2):40-6.
    assert entry(
        tmp_path,
        title="Regulation of interstitial excitatory amino acid concentrations after cortical contusion injury",
        author=[{"family": name.split()[0], "given": " ".join(name.split()[1])} for name in names],
        **{"container-title-short": "Brain Res.", "container-title": "Brain Research"},
        volume="935",
        issue="1-2",
        page="40-46",
    ) == (
        "Rose ME, Huerbin MB, Melick J, Marion DW, Palmer AM, Schiding JK, et al. Regulation of interstitial excitatory amino "
        "acid concentrations after cortical contusion injury. Brain Res. 2002;935(1-2):40–6."
    )


def test_an_organisation_as_author(tmp_path: Path) -> None:
    # NLM: Diabetes Prevention Program Research Group. Hypertension, insulin, and proinsulin in participants with impaired glucose
    # tolerance. Hypertension. 2002;40(5):679-86.
    assert entry(
        tmp_path,
        title="Hypertension, insulin, and proinsulin in participants with impaired glucose tolerance",
        author=[{"literal": "Diabetes Prevention Program Research Group"}],
        **{"container-title": "Hypertension"},
        volume="40",
        issue="5",
        page="679-686",
    ) == (
        "Diabetes Prevention Program Research Group. Hypertension, insulin, and proinsulin in participants with impaired glucose "
        "tolerance. Hypertension. 2002;40(5):679–86."
    )


def test_a_chapter_in_a_book(tmp_path: Path) -> None:
    # NLM: Meltzer PS, Kallioniemi A, Trent JM. Chromosome alterations in human solid tumors. In: Vogelstein B, Kinzler KW,
    # editors. The genetic basis of human cancer. New York: McGraw-Hill; 2002. p. 93-113.
    assert entry(
        tmp_path,
        type="chapter",
        title="Chromosome alterations in human solid tumors",
        author=[
            {"family": "Meltzer", "given": "P. S."},
            {"family": "Kallioniemi", "given": "A."},
            {"family": "Trent", "given": "J. M."},
        ],
        editor=[{"family": "Vogelstein", "given": "B."}, {"family": "Kinzler", "given": "K. W."}],
        **{"container-title": "The genetic basis of human cancer", "publisher-place": "New York"},
        publisher="McGraw-Hill",
        page="93-113",
    ) == (
        "Meltzer PS, Kallioniemi A, Trent JM. Chromosome alterations in human solid tumors. In: Vogelstein B, Kinzler KW, "
        "editors. The genetic basis of human cancer. New York: McGraw-Hill; 2002. p. 93–113."
    )


def test_a_web_page_with_the_day_it_was_seen(tmp_path: Path) -> None:
    shown = entry(
        tmp_path,
        type="webpage",
        title="HMA-EMA Catalogues",
        URL="https://catalogues.ema.europa.eu",
        accessed={"date-parts": [[2025, 5, 31]]},
    )
    assert shown == "HMA-EMA Catalogues. 2002. https://catalogues.ema.europa.eu (accessed 31 May 2025)"


def test_a_title_that_ends_in_a_mark_takes_no_full_stop(tmp_path: Path) -> None:
    assert entry(tmp_path, title="Is it safe?", **{"container-title": "Lancet"}) == "Is it safe? Lancet. 2002."


def test_a_doi_is_a_link(small: SimpleNamespace) -> None:
    (children,) = Library.from_file(small.references).entries(["dersimonian-laird-1986"])
    address = "https://doi.org/10.1016/0197-2456(86)90046-2"
    assert children[-1] == Link((Text(address),), address)


def test_italics_and_raised_text_of_a_title_are_kept_and_other_signs_are_text(tmp_path: Path) -> None:
    (children,) = library(tmp_path, {**ARTICLE, "title": "The <i>HLA</i> locus, 10<sup>3</sup> & p < 0.05"}).entries(
        ["rose-2002"]
    )
    assert children == (
        Text("The "),
        Emphasis((Text("HLA"),)),
        Text(" locus, 10"),
        Script((Text("3"),), "super"),
        Text(" & p < 0.05. 2002."),
    )


def test_the_keys_of_reference_managers_make_no_noise(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        shown = entry(
            tmp_path, **{"citation-key": "x", "source": "PubMed", "journalAbbreviation": "X", "language": "en", "note": "n"}
        )
    assert shown == "A title. 2002."


# ------------------------------------------------------------------------------------------------------------- what is malformed


def test_a_file_that_is_not_json_is_told_with_its_line(tmp_path: Path) -> None:
    ((line, what),) = faults(tmp_path, '[\n  {"id": "a",\n   "type" "book"}\n]')
    assert line == 3
    assert what.startswith("this is not JSON")


def test_a_file_that_is_not_a_list_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, '{"id": "a"}') == [(1, "the file is not a list of works")]


def test_a_file_that_does_not_exist_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="does not exist"):
        Library.from_file(tmp_path / "none.json")


def test_all_malformed_works_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    works = [
        {"id": "a", "type": "artcle", "title": "A"},
        {"id": "b", "type": "book"},
        {"id": "A", "type": "book", "title": "A"},
        {"type": "book", "title": "Without key"},
        {"id": "c", "type": "book", "title": "C", "author": "Cox"},
        {"id": "d", "type": "book", "title": "D", "issued": {"raw": "2020"}},
        {"id": "e f", "type": "book", "title": "E"},
        "not a work",
    ]
    text = "[\n" + ",\n".join(json.dumps(work) for work in works) + "\n]"
    assert faults(tmp_path, text) == [
        (2, '"a": "artcle" is not a type of work'),
        (3, '"b": the title is missing'),
        (4, 'the citation key "A" is used twice'),
        (None, "the work 'Without key' has no id"),
        (6, '"c": author is not a list of names'),
        (7, '"d": the date "issued" cannot be read'),
        (8, '"e f" cannot be a citation key'),
        (None, "this is not a work"),
    ]
