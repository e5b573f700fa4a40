"""Whether the checklists can be signed: every Yes rests on a section with text, every other answer is explained, and the form of
a final protocol is signed (P30, P31, R16)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from studygen.checks.emptiness import says_nothing
from studygen.checks.subject import Rule, Subject
from studygen.document.nodes import Block, Document, Figure, Heading, Table, Text, walk
from studygen.document.references import names_of
from studygen.errors import Fault, Place
from studygen.guidance.answering import answered, holds
from studygen.guidance.checklist import Checklist
from studygen.guidance.shelf import Checklists

NOT_APPLICABLE = "not applicable"
"""How a section begins that says nothing on its subject."""


def form_rests_on_the_protocol(subject: Subject) -> Iterator[Fault]:
    """Every line of the ENCePP form that is answered Yes names a section of the protocol that holds text."""
    if "protocol" in subject.documents:
        yield from _unfounded(subject, _checklists(subject)["encepp"], "protocol")


def reporting_checklists_rest_on_the_report(subject: Subject) -> Iterator[Fault]:
    """Every item of STROBE, RECORD, RECORD-PE and, where it applies, TARGET that is answered Yes names a part of the report that
    holds text."""
    if "report" in subject.documents:
        for checklist in _checklists(subject).values():
            if checklist.about == "report" and (checklist.applies is None or holds(subject.study, checklist.applies)):
                yield from _unfounded(subject, checklist, "report")


def form_of_a_final_protocol_is_signed(subject: Subject) -> Iterator[Fault]:
    """The main author has dated and signed the ENCePP form of a final protocol."""
    protocol = subject.study.documents.protocol
    if protocol.status == "final" and protocol.checklist_signed is None:
        yield subject.fault(
            ("documents", "protocol"),
            f"protocol {protocol.reference}, version {protocol.version}, is final, but its ENCePP checklist is not signed",
            "Sign the checklist, then write checklist_signed: with the date under documents.protocol.",
        )


def _checklists(subject: Subject) -> Checklists:
    return Checklists(lambda name: subject.guidance / "checklists" / f"{name}.yaml")


def _unfounded(subject: Subject, checklist: Checklist, document: str) -> Iterator[Fault]:
    said = _said(subject.documents[document].tree)
    names = names_of(subject.documents[document].tree)
    for each in answered(subject.study, checklist, said):
        line = f"{checklist.title}, item {each.item.id} ({each.item.label}): the answer is Yes"
        lost = [id for id in each.sections if id not in said]
        for id in lost:
            what = f'{line}, but the document has no section "{id}"'
            remedy = "Give the heading that answers it this id in its template, or correct the checklist's file."
            yield Fault(Place(document, path=id), what, remedy)
        if each.sections and not lost and not any(said[id] for id in each.sections):
            what = f"{line}, but {' and '.join(names[id] for id in each.sections)} holds no text on it"
            remedy = "Write the section, or state in the definition what makes the item not applicable."
            yield Fault(Place(document, path=each.sections[0]), what, remedy)


def _said(tree: Document) -> dict[str, bool]:
    """For each section, table and figure of a document whether it says something; a section also says what those below it say."""
    found: dict[str, bool] = {}
    above: list[Heading] = []
    void: set[str] = set()
    for block in tree.body:
        if isinstance(block, Heading):
            above = [each for each in above if each.level < block.level] + [block]
            found[block.id] = False
            continue
        for node in walk(block):
            if isinstance(node, Table | Figure):
                found[node.id] = True
        if not above or above[-1].id in void:
            continue
        text = _text(block)
        if text.lower().startswith(NOT_APPLICABLE):
            void.add(above[-1].id)
        elif isinstance(block, Table | Figure) or not says_nothing(text):
            found |= {each.id: True for each in above}
    return found


def _text(block: Block) -> str:
    return " ".join(node.text for node in walk(block) if isinstance(node, Text))


RULES: Mapping[str, Rule] = {
    "P30": form_rests_on_the_protocol,
    "P31": form_of_a_final_protocol_is_signed,
    "R16": reporting_checklists_rest_on_the_report,
}
"""By the rule's id in `templates/guidance/rules/`."""
