"""Whether the documents are whole: headings, substance, abstracts (see `coverage`), states, references to what is shown, and the
parts of the report that answer the plan (P, R, D)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from studygen.checks import coverage
from studygen.checks.parts import SectionParts, cells, elements_of, sections_of, table_in
from studygen.checks.passages import passages, written_at
from studygen.checks.report_rules import RULES as REPORT_RULES
from studygen.checks.sentences import sentences
from studygen.checks.subject import Checked, Rule, Subject
from studygen.document.nodes import Figure, Paragraph, Ref, Table, plain_text, walk
from studygen.errors import Fault, Place

_PLACEHOLDER = re.compile(
    r"\b(?:TBD|TBC|TODO|FIXME|XX+|NNN+)\b|\?\?\?|\b[Ll]orem ipsum\b|\bReplace (?:by|this)\b"
    r"|<(?!\s|\d|=)[^<>\d][^<>]{1,40}>|\[(?:insert|add|name|date|to be)[^\]]*\]",
)


def version_and_date_agree(subject: Subject) -> Iterator[Fault]:
    """Version and date stand on the title page, and in the abstract where the format wants them, as on every page."""
    for document, checked in subject.documents.items():
        meta, front = checked.tree.meta, _texts(checked.tree.front)
        for wanted, what in ((meta.version, "version"), (meta.date_text, "date")):
            if not re.search(rf"(?<![\d.]){re.escape(wanted)}(?![\d.]\d)", front.split(meta.kind, 1)[-1][:400]):
                place = Place(document, path="title page")
                yield Fault(place, f"the {what} {wanted} of every page is not on the title page", "Print it there.")
        table = table_in(checked.tree.front, "tbl-pass-information")
        for row in cells(table) if table else ():
            wanted = meta.version if "ersion identifier" in row[0] else meta.date_text if row[0].startswith("Date of") else ""
            if wanted and wanted not in row[1]:
                what = f'the row "{row[0]}" says "{row[1]}", every page says {wanted}'
                yield Fault(Place(document, path="PASS information"), what, "Take both from the same entry of documents.")
        yield from _abstract_date(document, checked)


def _texts(nodes: object) -> str:
    return " ".join(plain_text(node.children) for node in walk(nodes) if isinstance(node, Paragraph))


def _abstract_date(document: str, checked: Checked) -> Iterator[Fault]:
    meta = checked.tree.meta
    abstract = next((each for each in sections_of(checked) if each.section.stands_alone), None)
    if abstract is None:
        return
    title = next((each for label, each in elements_of(abstract.parts[0]) if label == "Title"), ())
    if title and meta.date_text not in _texts(title):
        place = abstract.parts[0].place(document)
        yield Fault(place, f"the abstract's title does not give the date {meta.date_text}", "Print it below the title.")


def diagram_and_table_agree(subject: Subject) -> Iterator[Fault]:
    """The design diagram shows every window of the plan with the days that the table gives it."""
    checked = subject.documents.get("protocol")
    if checked is None:
        return
    place = Place("protocol", path="9.1 Study design")
    nodes = tuple(walk(checked.tree.body))
    diagram = next((each for each in nodes if isinstance(each, Figure) and each.id == "fig-design-diagram"), None)
    table = next((each for each in nodes if isinstance(each, Table) and each.id == "tbl-windows"), None)
    if diagram is None or table is None:
        missing = "design diagram" if diagram is None else "table of windows"
        yield Fault(place, f"the protocol shows no {missing}", f"Add the {missing} to the section on the design.")
        return
    for label, _, days, *_ in cells(table):
        if not re.search(re.escape(label) + r"\s\([^)]*\):\s" + re.escape(days), diagram.alt):
            what = f'the diagram does not show the window "{label}" at {days}, as the table of windows does'
            yield Fault(place, what, "Draw both from the windows of the definition.")
    drawn, listed = len(re.findall(r"\[[^\]]*\]", diagram.alt)), len(table.body)
    if drawn != listed:
        yield Fault(
            place, f"the diagram shows {drawn} windows, the table {listed}", "Draw both from the windows of the definition."
        )


def stand_alone_documents_are_listed(subject: Subject) -> Iterator[Fault]:
    """The list of stand-alone documents names the analysis plan, which is a document of its own."""
    study = subject.study
    if study.documents.sap.reference not in {each.reference for each in study.stand_alone_documents}:
        path = ("stand_alone_documents",) if study.stand_alone_documents else ("documents", "sap")
        what = f"Annex 1 does not list the statistical analysis plan ({study.documents.sap.reference})"
        yield subject.fault(path, what, "Add it to stand_alone_documents with reference, date and title.")
    versions = {each.reference: each.date for each in (study.documents.protocol, study.documents.sap)}
    for position, each in enumerate(study.stand_alone_documents):
        if each.reference in versions and each.date != versions[each.reference]:
            what = f"{each.reference} is dated {each.date} in Annex 1 and {versions[each.reference]} on its own pages"
            yield subject.fault(("stand_alone_documents", position), what, "Give both the same date.")


def final_documents_have_no_placeholders(subject: Subject) -> Iterator[Fault]:
    """No text that waits to be written stands in a document marked final."""
    written = passages(subject)
    for document, checked in subject.documents.items():
        version = getattr(subject.study.documents, checked.manifest.version_of)
        if version is None or version.status != "final":
            continue
        for sentence in sentences(document, checked.tree):
            for match in _PLACEHOLDER.finditer(sentence.text):
                place = written_at(sentence.text, written, sentence.place)
                yield Fault(
                    place,
                    f'"{match[0]}" waits to be replaced, and the {document} is final',
                    "Write the text, or keep it a draft.",
                )


def displays_are_cited(subject: Subject) -> Iterator[Fault]:
    """Every numbered table and figure is referred to in the text."""
    for document, checked in subject.documents.items():
        referring = [node for node in walk((checked.tree.front, checked.tree.body)) if isinstance(node, Ref)]
        cited = {target for node in referring for target in (node.target, *node.between)}
        for each in sections_of(checked):
            missing = [
                node for node in walk(each.blocks) if isinstance(node, Table | Figure) and node.number and node.id not in cited
            ]
            for node in missing:
                kind = checked.tree.meta.label("table" if isinstance(node, Table) else "figure")
                caption = plain_text(node.caption)
                what = (
                    f'{kind} {node.number} "{caption}" is not referred to in the text'
                    if caption
                    else f"{kind} {node.number} has no caption"
                )
                yield Fault(_place(each, document), what, f'Refer to it: {{{{ ref("{node.id}") }}}}.')


def _place(each: SectionParts, document: str) -> Place:
    return each.parts[0].place(document)


RULES: Mapping[str, Rule] = {
    **coverage.RULES,
    **REPORT_RULES,
    "P06": version_and_date_agree,
    "P21": diagram_and_table_agree,
    "P33": stand_alone_documents_are_listed,
    "D06": final_documents_have_no_placeholders,
    "D08": displays_are_cited,
}
"""By the rule's id in `templates/guidance/rules/`."""
