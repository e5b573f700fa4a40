"""Whether documents have the form that they must have: headings with their numbers and in order, substance in every section, the
table of the title page, the elements of the abstract. Generic: what is asked for is data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from studygen.checks.format import UNCONFIRMED, Format, FormatSection, load_formats, rule_of
from studygen.checks.parts import Part, SectionParts, cells, elements_of, sections_of, table_in
from studygen.checks.passages import passages, written_at
from studygen.checks.subject import Checked, Rule, Subject
from studygen.document.nodes import Citation, Heading, Ref, plain_text, walk
from studygen.errors import Fault, Place

THIN = "D14"
"""The rule of sections that say something, but too little."""
LEAST_WORDS = 5
"""A section says something when it has so many words of its own, or a table or figure."""
LEAST_BELOW = 2
"""The same for a heading below the format's own."""
NOBODY = "None."
"""What a list below a heading may say when it is empty."""
LEAST_REASON = 3
"""So many words give a reason after "Not applicable"."""
_NOT_APPLICABLE = re.compile(r"(?:Not applicable|n/a|N/A)\b[.:,;\s]*")

REMEDY = "Correct document.yaml of the document type; the official format fixes headings and numbers."


def of_rule(rule: str) -> Rule:
    """The rule that finds one kind of gap in the form of documents."""

    def found(subject: Subject) -> Iterator[Fault]:
        for name, form in load_formats(subject.guidance).items():
            checked = subject.documents.get(form.document)
            if checked is not None:
                for fault in _gaps(name, form, checked):
                    if fault.rule == rule:
                        yield fault

    return found


def _gaps(name: str, form: Format, checked: Checked) -> Iterator[Fault]:
    yield from _heading_gaps(name, form, checked)
    yield from _title_table_gaps(form, checked)
    yield from _abstract_gaps(form, checked)


# ------------------------------------------------------------------------------------------------------------ headings


def _heading_gaps(name: str, form: Format, checked: Checked) -> Iterator[Fault]:
    document = form.document
    headings = {each.number: each for each in checked.tree.body if isinstance(each, Heading) and each.number}
    by_words = {plain_text(each.children): each.number for each in headings.values() if each.number}
    satisfied = {met: section for section in checked.manifest.sections for met in section.satisfies}
    for wanted in form.sections:
        rule, place = rule_of(wanted, form.headings_rule), Place(document, path=f"{wanted.number} {wanted.heading}")
        there = headings.get(wanted.number)
        if there is not None and plain_text(there.children) == wanted.heading:
            if f"{name}.{wanted.id}" not in satisfied:
                what = f'no section is declared to satisfy "{name}.{wanted.id}"'
                yield Fault(place, what, f"Add satisfies: [{name}.{wanted.id}] to the section in document.yaml.", rule)
        elif wanted.heading in by_words and by_words[wanted.heading] not in form.numbers:
            what = f'"{wanted.heading}" has the number {by_words[wanted.heading]}; the format gives it {wanted.number}'
            yield Fault(place, what, REMEDY, rule_of(wanted, form.numbers_rule))
        elif there is not None:
            what = f'section {wanted.number} is called "{plain_text(there.children)}"; the format calls it "{wanted.heading}"'
            yield Fault(place, what, REMEDY, rule)
        else:
            yield Fault(place, f'the section "{wanted.number} {wanted.heading}" is missing', REMEDY, rule)
    known = {f"{name}.{wanted.id}" for wanted in form.sections}
    for met, section in satisfied.items():
        if met.split(".")[0] == name and met not in known:
            place = Place(document, path=f"{section.number} {section.heading}")
            yield Fault(place, f'"{met}" is no requirement of the format', f"Known are those of {name}.yaml.", form.headings_rule)
    yield from _extra_headings(form, headings)


def _extra_headings(form: Format, headings: dict[str, Heading]) -> Iterator[Fault]:
    """Headings beside those of the format; deeper ones are free, and so are annexes after its last."""
    parents = {_parent(number) for number in form.numbers if number[0].isdigit()}
    for number, heading in headings.items():
        if number[0].isdigit() and number not in form.numbers and _parent(number) in parents:
            words = plain_text(heading.children)
            if any(words == wanted.heading for wanted in form.sections):
                continue  # said already: it has another section's number
            what = f'"{number} {words}" stands beside the sections of the format, which has no such section'
            place = Place(form.document, path=f"{number} {words}")
            yield Fault(place, what, "Put it one level deeper, or into an annex.", form.numbers_rule)


def _parent(number: str) -> str:
    return number.rpartition(".")[0]


# ------------------------------------------------------------------------------------- title page and abstract


def _title_table_gaps(form: Format, checked: Checked) -> Iterator[Fault]:
    if form.title_table is None:
        return
    place = Place(form.document, path="PASS information")
    table = table_in(checked.tree.front, form.title_table.id)
    if table is None:
        yield Fault(place, "the title page has no table with the PASS information", "Put it into the title page.", "P05")
        return
    labels = [row[0] for row in cells(table)]
    for wanted in form.title_table.rows:
        if wanted.label not in labels:
            what = f'the table of the title page has no row "{wanted.label}"'
            yield Fault(place, what, "Add the row, with these words.", rule_of(wanted, "P05"))
    for row in cells(table):
        if not "".join(row[1:]).strip(" –"):
            yield Fault(place, f'the row "{row[0]}" of the title page is empty', "Fill it, or say why it does not apply.", "P05")
    expected = [each.label for each in form.title_table.rows if each.label in labels]
    if [label for label in labels if label in expected] != expected:
        yield Fault(
            place, "the rows of the title page are not in the order of the format", f"It is: {', '.join(expected)}.", "P05"
        )


def _abstract_gaps(form: Format, checked: Checked) -> Iterator[Fault]:
    if form.abstract is None:
        return
    number = form.abstract.section
    part = next((each.parts[0] for each in sections_of(checked) if each.section.number == number), None)
    if part is None:
        return  # said already: the section is missing
    elements, rule, place = elements_of(part), form.abstract.rule, part.place(form.document)
    labels = [label for label, _ in elements]
    for wanted in form.abstract.elements:
        if wanted.label not in labels:
            what = f'the abstract has no element "{wanted.label}"'
            yield Fault(place, what, "Add it, with these words in bold above its text.", rule_of(wanted, rule))
    for label, below in elements:
        if not Part(part.heading, below).words:
            yield Fault(place, f'the element "{label}" of the abstract is empty', "Fill it.", rule)
    expected = [each.label for each in form.abstract.elements if each.label in labels]
    if [label for label in labels if label in expected] != expected:
        yield Fault(place, "the elements of the abstract are not in order", f"It is: {', '.join(expected)}.", rule)
    for node in walk(part.blocks):
        if isinstance(node, Ref | Citation):
            what = f'the abstract does not stand alone: it refers to "{node.text}"'
            yield Fault(place, what, "Say it in the abstract itself, or leave it out.", rule)
    keywords = [word for label, below in elements if label == "Keywords" for word in Part(part.heading, below).text.split(";")]
    if form.abstract.keywords and len(keywords) > form.abstract.keywords:
        what = f"the abstract has {len(keywords)} keywords; the format allows {form.abstract.keywords}"
        yield Fault(place, what, "Leave out the least telling ones.", UNCONFIRMED)


# ------------------------------------------------------------------------------------------------------- substance


def sections_are_not_empty(subject: Subject) -> Iterator[Fault]:
    """Every section says something, or why it does not apply."""
    return (fault for fault in _said(subject) if not fault.rule)


def sections_have_substance(subject: Subject) -> Iterator[Fault]:
    """What a section says is more than a few words or a cross-reference."""
    return (fault for fault in _said(subject) if fault.rule == THIN)


def _said(subject: Subject) -> Iterator[Fault]:
    written = passages(subject)
    formats = {form.document: (name, form) for name, form in load_formats(subject.guidance).items()}
    seen: set[tuple[Place, str]] = set()
    for document, checked in subject.documents.items():
        name, form = formats.get(document, ("", None))
        for each in sections_of(checked):
            if checked.manifest.parts_of(each.section):
                continue  # its sections speak for it
            wanted = _wanted(form, name, each) if form else None
            for part, what in _silent(each, wanted):
                remedy = wanted.asks if wanted and part is each.parts[0] else "what the heading promises"
                said = _reason(part.text) or part.text
                place = written_at(said, written, part.place(document)) if said else part.place(document)
                rule = THIN if part.text and "says only" in what else ""
                # A text that several documents print is found once, where it was written.
                if place.line is not None and (place, said) in seen:
                    continue
                seen.add((place, said))
                yield Fault(place, what, f"It must say: {remedy}. If it does not apply, say so and why.", rule)


def _wanted(form: Format, name: str, each: SectionParts) -> FormatSection | None:
    met = {wanted.removeprefix(f"{name}.") for wanted in each.section.satisfies}
    return next((wanted for wanted in form.sections if wanted.id in met), None)


def _silent(each: SectionParts, wanted: FormatSection | None) -> Iterator[tuple[Part, str]]:
    own = each.parts[0]
    whole = Part(own.heading, each.blocks)
    if not whole.displays and not (wanted and wanted.empty and own.text.startswith(wanted.empty)):
        reason = _reason(whole.text)
        if reason is None and whole.words < LEAST_WORDS:
            yield own, f'the section "{own.title}" ' + (f'says only "{whole.text}"' if whole.text else "is empty")
    for part in each.parts:
        reason = _reason(part.text)
        if reason is not None and len(reason.split()) < LEAST_REASON and not part.displays:
            yield part, f'the section "{part.title}" does not apply, and no reason is given'
        elif part is not own and reason is None and not part.displays and not _below(each, part):
            if not part.words:
                yield part, f'the heading "{part.title}" has nothing below it'
            elif part.words < LEAST_BELOW and part.text != NOBODY:
                yield part, f'the part "{part.title}" says only "{part.text}"'


def _below(each: SectionParts, part: Part) -> bool:
    """Whether deeper headings stand below a heading."""
    return any(other.heading.number.startswith(part.heading.number + ".") for other in each.parts)


def _reason(text: str) -> str | None:
    """What follows "Not applicable"; None when the text does not say so."""
    match = _NOT_APPLICABLE.match(text)
    return text[match.end() :] if match else None


RULES = {
    **{rule: of_rule(rule) for rule in ("P01", "P02", "P05", "P12", "R01", "R02", "D12", UNCONFIRMED)},
    "P03": sections_are_not_empty,
    THIN: sections_have_substance,
}
"""By the rule's id in `templates/guidance/rules/`."""
