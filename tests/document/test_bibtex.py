"""References in BibTeX. Expected entries are samples of the National Library of Medicine in Vancouver style."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studygen.document.bibtex import plain, read_bibtex
from studygen.document.library import Library
from studygen.document.nodes import Script, Text, plain_text
from studygen.errors import DefinitionError

HALPERN = """@article{halpern-2002,
  author  = {Halpern, Scott D. and Ubel, Peter A. and Caplan, Arthur L.},
  title   = {Solid-organ transplantation in {HIV}-infected patients},
  journal = "N Engl J Med",
  year    = 2002,
  month   = jul,
  volume  = {347},
  number  = {4},
  pages   = {284--7}
}
"""


def from_text(folder: Path, text: str) -> Library:
    (folder / "references.bib").write_text(text, encoding="utf-8")
    return Library.from_folder(folder)


def faults(folder: Path, text: str) -> list[tuple[int | None, str]]:
    with pytest.raises(DefinitionError) as raised:
        from_text(folder, text)
    assert all(fault.place.file.endswith("references.bib") for fault in raised.value.faults)
    return [(fault.place.line, fault.what) for fault in raised.value.faults]


def test_a_journal_article_is_printed_as_from_csl_json(tmp_path: Path) -> None:
    (children,) = from_text(tmp_path, HALPERN).entries(["halpern-2002"])
    # NLM: Halpern SD, Ubel PA, Caplan AL. Solid-organ transplantation in HIV-infected patients. N Engl J Med. 2002;347(4):284-7.
    # Like the rest of our reference lists the page range has an en dash, and the month is left out with the volume.
    assert plain_text(children) == (
        "Halpern SD, Ubel PA, Caplan AL. Solid-organ transplantation in HIV-infected patients. N Engl J Med. 2002;347(4):284–7."
    )


def test_every_part_has_its_place_in_csl() -> None:
    text = r"""@string{jn = {J. \"Old}}
@Article{a, author = {M{\"u}ller, Hans and van der Berg, Jr, Jan and {European Medicines Agency} and others}, title = {T},
  journal = jn, date = {2020-05-31}, urldate = {2021-01-02}, pages = {e10 -- e12}, doi = {10.1/a\_b}, pmid = {7}}
@techreport{b, title = {R}, institution = {WHO}, number = {12}, year = {in press}}
@misc{c, title = {W}, howpublished = {\url{https://example.org/x_y}}, year = 2019, month = {May}}
@phdthesis{d, title = {P}, school = {A university}, year = {2001}, month = 3}
@inproceedings{e, title = {Q}, booktitle = {Proc}, editor = {Doe, Anna}}"""
    a, b, c, d, e = read_bibtex(text, "references.bib").works
    assert a == {
        "id": "a",
        "type": "article-journal",
        "title": "T",
        "container-title": "J. Öld",
        "DOI": "10.1/a_b",
        "PMID": "7",
        "page": "e10-e12",
        "author": [
            {"family": "Müller", "given": "Hans"},
            {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der", "suffix": "Jr"},
            {"literal": "European Medicines Agency"},
            {"literal": "et al."},
        ],
        "issued": {"date-parts": [[2020, 5, 31]]},
        "accessed": {"date-parts": [[2021, 1, 2]]},
    }
    assert b == {
        "id": "b", "type": "report", "title": "R", "publisher": "WHO", "number": "12", "issued": {"literal": "in press"},
    }  # fmt: skip
    assert (c["type"], c["URL"], c["issued"]) == ("document", "https://example.org/x_y", {"date-parts": [[2019, 5]]})
    assert (d["type"], d["publisher"], d["issued"]) == ("thesis", "A university", {"date-parts": [[2001, 3]]})
    assert (e["type"], e["container-title"], e["editor"]) == ("paper-conference", "Proc", [{"family": "Doe", "given": "Anna"}])


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"{The} {MS} study", "The MS study"),
        (r"Sj{\"o}gren, \'{e}, {\ss}, \c{c}, \o", "Sjögren, é, ß, ç, ø"),
        (r"50\% \& 60% & more", "50% & 60% & more"),
        (r"$\beta$-interferon --- ``quoted''", "β-interferon — “quoted”"),
        (r"CO$_2$, m\textsuperscript{2}, \emph{E. coli}", "CO<sub>2</sub>, m<sup>2</sup>, <i>E. coli</i>"),
        ("Two\n   lines", "Two lines"),
    ],
)
def test_latex_becomes_characters(latex: str, text: str) -> None:
    assert plain(latex) == text


def test_a_lowered_letter_in_a_title_stays_lowered(tmp_path: Path) -> None:
    (children,) = from_text(tmp_path, "@book{b, title = {CO$_2$ in air}, year = 2001}").entries(["b"])
    assert Script((Text("2"),), "sub") in children


def test_faults_have_their_lines_and_come_at_once(tmp_path: Path) -> None:
    broken = "\n".join(
        [
            "@article{a, title = {One}}",
            "@article{a, title = {Two}}",
            "@book{b, title = {T}, title = {U}}",
            "@boook{c, title = {T}}",
            "@book{d, year = 2001}",
            "@book{e, title = {T}, author = {A, B, C, D, E}}",
            "@misc{f, title = {unclosed",
            "@article{g, title = {G}}",
        ]
    )
    assert faults(tmp_path, broken) == [
        (2, 'the citation key "a" is used twice'),
        (3, "a field stands twice in this entry: title"),
        (4, '"c": @boook is not a type of work'),
        (5, '"d": the title is missing'),
        (6, '"A, B, C, D, E" in the field author is not a name'),
        (7, "this entry cannot be read"),
    ]


def test_both_files_may_stand_side_by_side_but_not_with_one_key(tmp_path: Path) -> None:
    work = {"id": "gvp-viii", "type": "report", "title": "A module"}
    (tmp_path / "references.json").write_text(json.dumps([work]), encoding="utf-8")
    assert set(Library.from_folder(tmp_path).works) == {"gvp-viii"}
    assert set(from_text(tmp_path, HALPERN).works) == {"gvp-viii", "halpern-2002"}
    told = faults(tmp_path, HALPERN + "@report{GVP-VIII, title = {The same}}\n")
    assert told == [(11, 'the citation key "gvp-viii" is used in references.json too')]


def test_a_folder_without_references_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="does not exist"):
        Library.from_folder(tmp_path)
