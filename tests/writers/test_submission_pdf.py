"""A PDF fitted for submission meets the rules, and a file that breaks one of them is found out: each rule is broken by hand."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import page as page_validation
import pikepdf
import pytest
from samples import meta, rich

from studygen.checks.submission import SubmissionRules, load_rules, verdicts
from studygen.document.nodes import Document
from studygen.document.references import fill_contents
from studygen.errors import DefinitionError
from studygen.writers.pdf import render_pdf
from studygen.writers.pdf_facts import facts_of_pdf
from studygen.writers.pdf_submission import fit_for_submission
from studygen.writers.style import load_style

TEMPLATES = Path(__file__).parents[2] / "templates"
OF_THE_STUDY = {"file_name": "sample-pass-01-pro-v1-0.pdf", "status": "final", "illustrative": False, "placeholders": []}
"""What is not measured at the file."""

NEVER_MET = {"sub-fast-web-view"}
A4 = (595.28, 841.89)


@pytest.fixture(scope="module")
def rules() -> SubmissionRules:
    return load_rules(TEMPLATES / "guidance" / "submission-pdf.yaml")


@pytest.fixture(scope="module")
def tree() -> Document:
    return fill_contents(rich())


@pytest.fixture(scope="module")
def fitted(tree: Document) -> bytes:
    return fit_for_submission(render_pdf(tree, load_style(TEMPLATES / "style" / "brand.yaml")).content)


def unmet(rules: SubmissionRules, content: bytes, tree: Document, **others: object) -> set[str]:
    facts = facts_of_pdf(content, tree) | OF_THE_STUDY | others
    return {verdict.rule.id for verdict in verdicts(rules, facts) if not verdict.met}


def test_a_fitted_file_meets_every_rule_but_one(rules: SubmissionRules, fitted: bytes, tree: Document) -> None:
    assert unmet(rules, fitted, tree) == NEVER_MET


@pytest.mark.parametrize("profile", ["ua1", "2a"])
def test_a_fitted_file_passes_the_checks_of_both_standards_it_claims(fitted: bytes, profile: str, tmp_path: Path) -> None:
    path = tmp_path / "fitted.pdf"
    path.write_bytes(fitted)
    assert " 0 failed" in str(page_validation.validate_pdf(str(path), profile=profile))


def test_a_fitted_file_says_what_the_file_it_was_made_from_says(fitted: bytes, tree: Document) -> None:
    plain = render_pdf(tree, load_style(TEMPLATES / "style" / "brand.yaml")).content
    with pikepdf.open(io.BytesIO(plain)) as before, pikepdf.open(io.BytesIO(fitted)) as after:
        assert [p.Contents.read_bytes() for p in before.pages] == [p.Contents.read_bytes() for p in after.pages]
    assert fit_for_submission(plain) == fitted


# ---------------------------------------------------------------- one broken rule after another


def open_at(pdf: pikepdf.Pdf, number: int, *view: Any) -> None:
    pdf.Root.OpenAction = pikepdf.Array([pdf.pages[number - 1].obj, *view])


def first_link(pdf: pikepdf.Pdf) -> Any:
    return next(each for page in pdf.pages for each in page.obj.get("/Annots", ()) if "/Dest" in each)


def annotate(pdf: pikepdf.Pdf, kind: str) -> None:
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name(kind), Rect=[0, 0, 9, 9])
    pdf.pages[0].obj.Annots = pikepdf.Array([*pdf.pages[0].obj.get("/Annots", ()), note])


def a_font(pdf: pikepdf.Pdf) -> Any:
    return next(iter(pdf.pages[0].obj.Resources.Font.values()))


def draw_first(pdf: pikepdf.Pdf, matrix: str) -> None:
    for page in pdf.pages:
        page.contents_add(f"{matrix} cm".encode(), prepend=True)


def deepen(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        item = outline.root[0]
        for level in range(2, 6):
            item.children.append(pikepdf.OutlineItem(f"Level {level}", 0))
            item = item.children[-1]


def close(pdf: pikepdf.Pdf) -> None:
    item = pdf.Root.Outlines.First
    while "/First" not in item:
        item = item.Next
    item.Count = -1


def a_figure(pdf: pikepdf.Pdf) -> Any:
    return next(each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure")


BREAKING: dict[str, Callable[[pikepdf.Pdf], object]] = {
    "sub-scripts": lambda pdf: pdf.Root.__setattr__("OpenAction", pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="x")),
    "sub-attachments": lambda pdf: pdf.attachments.__setitem__("data.csv", b"x"),
    "sub-multimedia": lambda pdf: annotate(pdf, "/Movie"),
    "sub-annotations": lambda pdf: annotate(pdf, "/Text"),
    "sub-forms": lambda pdf: pdf.Root.__setattr__("AcroForm", pikepdf.Dictionary(Fields=[pikepdf.Dictionary(T="x")])),
    "sub-fonts": lambda pdf: a_font(pdf).DescendantFonts[0].FontDescriptor.__delitem__("/FontFile2"),
    "sub-searchable": lambda pdf: a_font(pdf).__delitem__("/ToUnicode"),
    "sub-text-on-pages": lambda pdf: pdf.add_blank_page(page_size=A4),
    "sub-text-size": lambda pdf: draw_first(pdf, "0.8 0 0 0.8 0 0"),
    "sub-main-size": lambda pdf: draw_first(pdf, "1.4 0 0 1.4 0 0"),
    "sub-sheet": lambda pdf: pdf.pages[0].obj.__setattr__("MediaBox", [0, 0, 612, 792]),
    "sub-orientation": lambda pdf: pdf.pages[0].obj.__setattr__("Rotate", 90),
    "sub-margins": lambda pdf: draw_first(pdf, "1 0 0 1 -9 0"),
    "sub-running-margins": lambda pdf: draw_first(pdf, "1 0 0 1 0 9"),
    "sub-identity": lambda pdf: pdf.add_blank_page(page_size=A4),
    "sub-state": lambda pdf: pdf.add_blank_page(page_size=A4),
    "sub-labels": lambda pdf: pdf.Root.PageLabels.Nums[1].__setattr__("S", pikepdf.Name("/r")),
    "sub-bookmarks": lambda pdf: pdf.Root.Outlines.First.__setattr__("Title", "Something else"),
    "sub-bookmark-levels": deepen,
    "sub-bookmarks-open": close,
    "sub-bookmark-targets": lambda pdf: pdf.Root.Outlines.First.__delitem__("/Dest"),
    "sub-bookmark-zoom": lambda pdf: pdf.Root.Outlines.First.Dest.__setitem__(1, pikepdf.Name.Fit),
    "sub-link-targets": lambda pdf: first_link(pdf).__setattr__("Dest", pikepdf.String("nowhere")),
    "sub-link-zoom": lambda pdf: first_link(pdf).__setattr__("Dest", pikepdf.Array([pdf.pages[0].obj, pikepdf.Name.Fit])),
    "sub-link-files": lambda pdf: first_link(pdf).__setattr__("A", pikepdf.Dictionary(S=pikepdf.Name.GoToR, F="other.pdf")),
    "sub-page-mode": lambda pdf: pdf.Root.__setattr__("PageMode", pikepdf.Name.UseNone),
    "sub-first-page": lambda pdf: open_at(pdf, 2, pikepdf.Name.XYZ, None, None, 0),
    "sub-magnification": lambda pdf: open_at(pdf, 1, pikepdf.Name.XYZ, 0, 0, 2),
    "sub-tagged": lambda pdf: pdf.Root.__delitem__("/MarkInfo"),
    "sub-language": lambda pdf: pdf.Root.__delitem__("/Lang"),
    "sub-title": lambda pdf: pdf.docinfo.__delitem__("/Title"),
    "sub-title-shown": lambda pdf: pdf.Root.__delitem__("/ViewerPreferences"),
    "sub-alternatives": lambda pdf: a_figure(pdf).__delitem__("/Alt"),
}
SAVING: dict[str, dict[str, object]] = {
    "sub-version": {"force_version": "1.3", "object_stream_mode": pikepdf.ObjectStreamMode.disable},
    "sub-security": {"encryption": pikepdf.Encryption(owner="secret", user="")},
}
ELSEWHERE: dict[str, dict[str, object]] = {
    "sub-size": {"size_mb": 500.1},
    "sub-name": {"file_name": "Sample PASS 01.pdf"},
    "sub-placeholders": {"placeholders": ["TBD"]},
    "sub-final": {"status": "draft"},
    "sub-real": {"illustrative": True},
}
"""Rules about what is not seen at a small file."""


def test_every_rule_is_broken_once(rules: SubmissionRules) -> None:
    assert {*BREAKING, *SAVING, *ELSEWHERE, *NEVER_MET} == {rule.id for rule in rules.rules}


@pytest.mark.parametrize("rule", [*BREAKING, *SAVING])
def test_a_file_that_breaks_a_rule_is_found_out(rules: SubmissionRules, fitted: bytes, tree: Document, rule: str) -> None:
    broken = io.BytesIO()
    with pikepdf.open(io.BytesIO(fitted)) as pdf:
        if rule in BREAKING:
            BREAKING[rule](pdf)
        pdf.save(broken, **SAVING.get(rule, {}))  # type: ignore[arg-type]
    assert rule in unmet(rules, broken.getvalue(), tree)


@pytest.mark.parametrize("rule", list(ELSEWHERE))
def test_a_rule_about_the_study_is_found_broken(rules: SubmissionRules, fitted: bytes, tree: Document, rule: str) -> None:
    assert unmet(rules, fitted, tree, **ELSEWHERE[rule]) == {rule, *NEVER_MET}


def test_a_name_has_lower_case_letters_digits_and_hyphens_and_64_characters_at_most(rules: SubmissionRules) -> None:
    (rule,) = (rule for rule in rules.rules if rule.id == "sub-name")
    only = SubmissionRules(sources=rules.sources, rules=(rule,))
    for name, met in {
        f"{'a' * 60}.pdf": True,
        f"{'a' * 61}.pdf": False,
        "a_b.pdf": False,
        "a.PDF": False,
        "a-1.pdf": True,
    }.items():
        assert verdicts(only, {"file_name": name})[0].met is met


# ---------------------------------------------------------------- the rules as data


def test_a_rule_about_something_that_nobody_measures_names_the_nearest_fact(rules: SubmissionRules) -> None:
    with pytest.raises(DefinitionError, match='"encrypted" is not measured'):
        verdicts(rules, {"encryption": False})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("equals: false", "a rule has one test"),
        ("source: nowhere, equals: false", "is not one of the sources"),
        ("equals: false, at_most: 3", "a rule has one test"),
    ],
)
def test_a_rule_has_one_test_and_a_known_source(change: str, said: str, tmp_path: Path) -> None:
    rule = "id: x, source: s, clause: c, confirmed: true, severity: error, paraphrase: p, fact: encrypted"
    text = rule.replace("source: s, ", "") + ", " + change if "source" in change else rule
    text = f"{rule}, {change}" if "at_most" in change else text
    file = tmp_path / "rules.yaml"
    file.write_text(f"sources: {{s: A source}}\nrules:\n  - {{{text}}}\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match=said):
        load_rules(file)


def test_the_sample_is_a_draft_so_that_states_are_looked_for() -> None:
    assert meta().marks
