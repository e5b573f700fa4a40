"""A document from its parts: render every section, read it, fill its slots, number, cite, refer. Knows the order of these steps
and gathers their faults; each step is a module of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from studygen.definition import LongForm
from studygen.document import abbreviations as abbreviation_list
from studygen.document import references
from studygen.document.abbreviations import abbreviation_table, unknown_abbreviations, used_abbreviations, visible_texts
from studygen.document.citations import Library, cite_works
from studygen.document.expansion import expand_first_uses
from studygen.document.fences import ABBREVIATIONS
from studygen.document.inlines import MentionKind
from studygen.document.manifest import Manifest, Section
from studygen.document.nodes import Block, Citation, Document, Figure, Heading, Meta, Ref, Slot, Table, Text, Value, walk
from studygen.document.numbering import Locate, check_ids, number_document
from studygen.document.parsing import Reading, read_blocks
from studygen.document.ranges import join_ranges
from studygen.document.references import fill_contents, resolve_references
from studygen.document.rewriting import transform
from studygen.document.templating import MarkdownEnvironment, render
from studygen.errors import Fault, Place, StudygenError, TemplateError

Fill = Callable[[Slot], Table | Figure]
"""What fills a slot: the displays, given by the pipeline."""


@dataclass(frozen=True, slots=True)
class Explaining:
    """Displays that explain the numbers shown elsewhere in the document. They are filled last, by what `knowing` gives for the
    ids of those numbers, in reading order."""

    displays: Collection[str]
    knowing: Callable[[tuple[str, ...]], Fill]


@dataclass(frozen=True, slots=True)
class _Part:
    """The title page (no section) or one section, as read and, later, with its slots filled."""

    file: str
    section: Section | None
    blocks: tuple[Block, ...]
    reading: Reading
    text: str = ""
    """What a reader sees of it, one paragraph per line."""


def compose(
    manifest: Manifest,
    environment: MarkdownEnvironment,
    context: Mapping[str, object],
    meta: Meta,
    fill: Fill,
    library: Library,
    abbreviations: Mapping[str, LongForm],
    explaining: Explaining | None = None,
) -> Document:
    """The whole document: no slot is left, and every number, reference, citation and list is filled.

    Raises TemplateError with the faults of all sections. Faults that concern the document as a whole (numbers, references) are
    looked for once every section can be read, because until then they would mostly be echoes.
    """
    faults = _label_faults(meta)
    parts = _read_parts(manifest, environment, context, faults)
    late = explaining.displays if explaining else ()
    parts = [_filled(part, fill, faults, but=late) for part in parts]
    if explaining:
        shown = dict.fromkeys(node.id for part in parts for node in walk(part.blocks) if isinstance(node, Value))
        parts = [_filled(part, explaining.knowing(tuple(shown)), faults) for part in parts]
    faults.extend(fault for part in parts for fault in _template_code_faults(part))
    if faults:
        raise TemplateError(tuple(dict.fromkeys(faults)))

    locate = _locator(parts)
    apart = [section.id for section in manifest.sections if section.stands_alone]
    steps: list[Callable[[Document], Document]] = [
        lambda document: check_ids(document, locate),
        lambda document: cite_works(document, library, locate),
        lambda document: join_ranges(resolve_references(document, locate)),
        lambda document: _with_abbreviations(document, abbreviations, parts),
        lambda document: _with_known_abbreviations(document, abbreviations, parts),
        lambda document: expand_first_uses(document, abbreviations, apart),
    ]
    document = number_document(Document(meta, *_joined(parts)))
    for step in steps:
        try:
            document = step(document)
        except TemplateError as error:
            faults.extend(error.faults)
    if faults:
        raise TemplateError(tuple(dict.fromkeys(faults)))
    return fill_contents(document)


# ------------------------------------------------------------------------------------------------------ section by section


def _read_parts(
    manifest: Manifest, environment: MarkdownEnvironment, context: Mapping[str, object], faults: list[Fault]
) -> list[_Part]:
    parts = []
    for section in (None, *manifest.sections):
        file = section.file if section else manifest.front
        name = manifest.template(file) if file else ""
        reading = Reading((), (), {}, ())
        if file:
            try:
                reading = read_blocks(render(environment, name, context), name, section.level if section else 0)
                faults.extend(reading.faults)
            except TemplateError as error:
                faults.extend(error.faults)
            else:
                if section:
                    faults.extend(_section_faults(manifest, section, name, reading))
        parts.append(_Part(name, section, reading.blocks, reading))
    return parts


def _section_faults(manifest: Manifest, section: Section, file: str, reading: Reading) -> list[Fault]:
    below = manifest.parts_of(section)
    if not below and not reading.blocks and not reading.faults:
        what = f'the section "{section.number} {section.heading}" came out empty'
        return [Fault(Place(file), what, "Write it, or say that it is not applicable, with the reason.", "P03")]
    if below and reading.headings:
        what = f'a heading here would take the number of "{below[0].number} {below[0].heading}"'
        return [Fault(reading.headings[0], what, f"Move it into a section of document.yaml, or below {below[0].number}.")]
    return []


def _filled(part: _Part, fill: Fill, faults: list[Fault], but: Collection[str] = ()) -> _Part:
    """The part with its tables and figures, all but those of the displays `but`. A slot that cannot be filled stays, and its
    faults are noted."""

    def filled(node: Slot) -> Slot | Table | Figure:
        if node == ABBREVIATIONS or node.display in but:
            return node
        place = part.reading.mentions.get(("id", node.id), [Place(part.file)])[0]
        try:
            display = fill(node)
        except StudygenError as error:
            faults.extend(_placed(fault, place) for fault in error.faults)
            return node
        if type(display).__name__.lower() != node.kind:
            what = f'the display "{node.display}" draws a {type(display).__name__.lower()}, not a {node.kind}'
            faults.append(Fault(place, what, f"Write ```{{{type(display).__name__.lower()}}} here."))
        return replace(display, id=node.id)

    blocks = transform(part.blocks, {Slot: filled})
    if part.text and blocks is part.blocks:
        return part
    heading = [part.section.heading] if part.section else []
    return replace(part, blocks=blocks, text="\n".join([*heading, *visible_texts(blocks)]))


def _placed(fault: Fault, place: Place) -> Fault:
    """A fault of a display at its slot; a line that the display named is kept beside it."""
    if fault.place.line is None:
        return Fault(place, fault.what, fault.remedy)
    return Fault(place, f"{fault.what} ({fault.place})", fault.remedy)


def _template_code_faults(part: _Part) -> list[Fault]:
    """Braces that a reader would see: a text with template code was given where a plain text is expected."""
    match = re.search(r".*(?:\{\{|\{%).*", part.text)
    if match is None:
        return []
    what = f'template code would be printed: "{match[0][:80]}"'
    return [Fault(Place(part.file), what, "Only narrative texts may hold {{ … }}; write this text without it.")]


# -------------------------------------------------------------------------------------------------------- as a whole


def _joined(parts: list[_Part]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Front and body; every section under its heading."""
    front: list[Block] = []
    body: list[Block] = []
    for part in parts:
        if part.section is None:
            front.extend(part.blocks)
        else:
            section = part.section
            body.append(Heading(section.id, section.level, (Text(section.heading),), section.number, section.kind))
            body.extend(part.blocks)
    return tuple(front), tuple(body)


def _locator(parts: list[_Part]) -> Locate:
    """Where something was written; what a display wrote is looked up as well as the parts know it."""

    def locate(kind: MentionKind, name: str) -> list[Place]:
        found = [place for part in parts for place in part.reading.mentions.get((kind, name), [])]
        if kind == "id":
            found = [Place("document.yaml", None, name) for part in parts if part.section and part.section.id == name] + found
        return found or [Place(part.file) for part in parts if _mentions(part, kind, name)][:1] or [Place("document.yaml")]

    return locate


def _mentions(part: _Part, kind: MentionKind, name: str) -> bool:
    """Whether a display of this part refers to the id or cites the work."""
    return any(
        (kind == "ref" and isinstance(node, Ref) and node.target == name)
        or (kind == "cite" and isinstance(node, Citation) and name in node.keys)
        for node in walk(part.blocks)
    )


def _with_abbreviations(document: Document, known: Mapping[str, LongForm], parts: list[_Part]) -> Document:
    places = [place for part in parts for place in part.reading.mentions.get(("id", ABBREVIATIONS.id), [])]
    if not places:
        return document
    used = used_abbreviations("\n".join(part.text for part in parts), known)
    if not used:
        what = "no known abbreviation occurs in this document"
        raise TemplateError(Fault(places[0], what, "Say so instead of the fence, or add those that occur."))
    table = abbreviation_table(used, document.meta)
    front, body = transform((document.front, document.body), {Slot: lambda _: table})
    return replace(document, front=front, body=body)


def _with_known_abbreviations(document: Document, known: Mapping[str, LongForm], parts: list[_Part]) -> Document:
    """The document unchanged. Raises TemplateError with all in its prose that looks like an abbreviation and is in no list."""
    faults = []
    for short in unknown_abbreviations(document, known):
        written = [place for part in parts for place in part.reading.mentions.get(("short", short), [])]
        place = next(iter(written or [Place(part.file) for part in parts if short in part.text]), Place("document.yaml"))
        remedy = (
            f"Write it out, or add it to the study's abbreviations: {short}: …, or {short}: {{expand: false}} when it is a name."
        )
        faults.append(Fault(place, f'"{short}" looks like an abbreviation and is in no list', remedy, "D07"))
    if faults:
        raise TemplateError(faults)
    return document


def _label_faults(meta: Meta) -> list[Fault]:
    labels = dict(meta.labels)
    return [
        Fault(Place("words.yaml", None, f"writer.{key}"), f'the word "{key}" is missing', "Add it to the words of the documents.")
        for key in (*references.LABELS, *abbreviation_list.LABELS)
        if key not in labels
    ]
