"""What reviewers left in a DOCX, brought back to the files it was made from: for each remark the section, the table or figure,
the numbers concerned, and the line in which the words stand. What `studygen comments` prints."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studygen.errors import Fault, Place, ReviewError, did_you_mean
from studygen.qualification.place import is_dossier

if TYPE_CHECKING:
    from studygen.document.manifest import Manifest
    from studygen.document.nodes import Document
    from studygen.pipeline.places import Places
    from studygen.writers.docx_review import Remark

COLUMNS = (
    *("number", "kind", "author", "date", "section", "display", "on", "text", "replies", "resolved"),
    *("results", "mend_at", "answer"),
)
"""The columns of the list as CSV; `answer` is left for the study team."""

SHORTEST_LINE = 25
"""Characters of a source line below which finding it in print says nothing."""


@dataclass(frozen=True, slots=True)
class Located:
    """A remark with the table or figure it stands in ("Table 3. …", or ""), the ids of the results it touches, and where its
    words can be mended: files with lines, best first."""

    remark: Remark
    display: str
    results: tuple[str, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A reviewed document: its name among those of the study, the version in the file and the present one, and the remarks."""

    document: str
    reference: str
    version: str
    present: str
    remarks: tuple[Located, ...]
    formatting: int

    def rows(self) -> list[dict[str, Any]]:
        """The remarks as plain data by COLUMNS."""
        return [
            {
                "number": number,
                "kind": each.remark.kind,
                "author": each.remark.author,
                "date": each.remark.date[:10],
                "section": each.remark.heading,
                "display": each.display,
                "on": each.remark.on,
                "text": each.remark.text,
                "replies": [f"{reply.author}: {reply.text}" for reply in each.remark.replies],
                "resolved": each.remark.resolved,
                "results": list(each.results),
                "mend_at": [str(place) for place in each.places],
                "answer": "",
            }
            for number, each in enumerate(self.remarks, start=1)
        ]

    def csv(self) -> str:
        """The remarks as a list that a spreadsheet opens; lists of one cell are parted by line ends."""
        out = io.StringIO()
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in self.rows():
            writer.writerow({key: "\n".join(value) if isinstance(value, list) else _cell(value) for key, value in row.items()})
        return out.getvalue()


def reviewed(folder: Path, file: Path, asked: str | None = None) -> Reviewed:
    """The remarks in a DOCX that was built from the study or dossier in `folder`. The document is known by the reference in the
    file's properties, or `asked` by its name. ReviewError when the file is no Word file or belongs to another study;
    DefinitionError, DeliveryError or TemplateError when the documents cannot be composed."""
    from studygen.writers.docx_review import review_of_docx

    try:
        review = review_of_docx(file.read_bytes())
    except (OSError, ValueError) as error:
        what = "this file does not exist" if isinstance(error, FileNotFoundError) else f"the file cannot be read: {error}"
        raise ReviewError(Fault(Place(str(file)), what, "Give the .docx that the reviewer sent back.")) from None
    trees, places, manifests = _composed(folder)
    name = _named(trees, review.reference, asked, file)
    tree = trees[name]
    located = _Locating(tree, manifests[name], places)
    return Reviewed(
        name,
        tree.meta.reference,
        review.version,
        tree.meta.version,
        tuple(located.of(remark) for remark in review.remarks),
        review.formatting,
    )


def _composed(folder: Path) -> tuple[Mapping[str, Document], Places, Mapping[str, Manifest]]:
    if is_dossier(folder):
        from studygen.pipeline.qualifying import compose_dossier, load_dossier, wanted_documents

        dossier = load_dossier(folder)
        wanted = wanted_documents(dossier)
        trees = compose_dossier(dossier, wanted.values(), drawings=False)
        return trees, dossier.places, {name: each.manifest for name, each in wanted.items()}
    from studygen.pipeline.composing import compose
    from studygen.pipeline.doctypes import document_types
    from studygen.pipeline.loading import documents_of, load

    loaded = load(folder)
    return compose(loaded, documents_of(loaded), drawings=False), loaded.places, document_types(loaded.places)


def _named(trees: Mapping[str, Document], reference: str, asked: str | None, file: Path) -> str:
    if asked is not None:
        if asked in trees:
            return asked
        raise ReviewError(Fault(Place("--document"), f'there is no document "{asked}"', did_you_mean(asked, trees)))
    found = next((name for name, tree in trees.items() if tree.meta.reference == reference), None)
    if found is None:
        said = f'it is "{reference}"' if reference else "its properties no longer say which document it is"
        what = f"the file is none of this study's documents: {said}"
        known = ", ".join(trees)
        remedy = f"Name the right study, or say which document it is, with --document and one of {known}."
        raise ReviewError(Fault(Place(str(file)), what, remedy))
    return found


# ---------------------------------------------------------------- places


class _Locating:
    """Finds, for the remarks on one document, its sections, displays, results and lines."""

    def __init__(self, tree: Document, manifest: Manifest, places: Places) -> None:
        from studygen.document.nodes import Figure, Heading, Table, Value, plain_text, walk
        from studygen.writers.docx_anchors import bookmark_name
        from studygen.writers.docx_inline import result_tag

        files = {section.id: section.file for section in manifest.sections}
        self.templates: dict[str, Path] = {}
        self.displays: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        section = ""
        for node in walk(tree.body):
            match node:
                case Heading(id):
                    section = id if id in files else section
                    if file := files.get(section):
                        self.templates[bookmark_name(id)] = places.template(file if "/" in file else f"{manifest.id}/{file}")
                case Table(id) | Figure(id):
                    word = tree.meta.label("table" if isinstance(node, Table) else "figure")
                    label = f"{word} {node.number}. " if node.number else ""
                    self.displays[bookmark_name(id)] = label + plain_text(node.caption)
                case Value(id):
                    self.ids[result_tag(id)] = id
                case _:
                    pass
        self.lines = tuple(_source_lines(places.study))
        self.places = places

    def of(self, remark: Remark) -> Located:
        display = next((self.displays[mark] for mark in remark.bookmarks if mark in self.displays), "")
        results = tuple(self.ids.get(tag, tag) for tag in remark.results)
        return Located(remark, display, results, tuple(self._places(remark)))

    def _places(self, remark: Remark) -> Iterator[Place]:
        """The lines of the definition whose words are printed here, then those of the section's template; where no line is found,
        the template."""
        template = next((self.templates[mark] for mark in remark.bookmarks if mark in self.templates), None)
        own = [line for file in _with_included(template, self.places) for line in _lines_of(file)] if template else []
        found = list(dict.fromkeys([*_printed(self.lines, remark), *_printed(own, remark)]))
        yield from found
        if template is not None and not found:
            yield Place(_shown(template))


@dataclass(frozen=True, slots=True)
class _Line:
    place: Place
    pieces: tuple[str, ...]
    """What the line prints, without what a template puts in between."""


def _printed(lines: Iterable[_Line], remark: Remark) -> list[Place]:
    """The places of lines that are printed in the remark's paragraph; those that hold the words remarked on alone, if any do."""
    paragraph = _plain(remark.paragraph)
    found = [line for line in lines if all(piece in paragraph for piece in line.pieces)]
    on = _plain(remark.on or (remark.text if remark.kind == "deletion" else ""))
    closer = [line for line in found if on and any(on in piece or piece in on for piece in line.pieces)]
    return [line.place for line in _not_within_others(closer or found)]


def _not_within_others(lines: list[_Line]) -> list[_Line]:
    """The lines whose words are not part of a longer one among them: a name that the paragraph mentions is not its source."""
    texts = ["\n".join(line.pieces) for line in lines]
    return [line for line, text in zip(lines, texts, strict=True) if not any(text != other and text in other for other in texts)]


def _source_lines(folder: Path) -> Iterator[_Line]:
    for file in sorted((*folder.glob("*.yaml"), *folder.glob("text/*.md"))):
        yield from _lines_of(file)


def _lines_of(file: Path) -> Iterator[_Line]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        words = re.sub(r"^\s*(?:-\s+)?(?:[\w-]+:\s+)?[|>]?-?\s*", "", line).strip("\"' ")
        pieces = tuple(piece for each in re.split(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", words) if (piece := _plain(each)))
        if sum(map(len, pieces)) >= SHORTEST_LINE:
            yield _Line(Place(_shown(file), number), pieces)


def _with_included(template: Path, places: Places) -> Iterator[Path]:
    """A template and those that it includes."""
    yield template
    for name in re.findall(r"""\{%-?\s*include\s+["']([^"']+)["']""", template.read_text(encoding="utf-8")):
        yield from _with_included(places.template(name), places)


def _plain(text: str) -> str:
    """Words as they can be compared between a source and its print: without markup, in one kind of space."""
    return " ".join(re.sub(r"[*`_\\]", "", text).split()).lower()


def _shown(file: Path) -> str:
    try:
        return file.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return file.as_posix()


def _cell(value: object) -> object:
    return ("yes" if value else "no") if isinstance(value, bool) else value


# ---------------------------------------------------------------- as text


def lines_of(found: Reviewed, file: Path) -> Iterator[str]:
    """The remarks as lines for the terminal."""
    yield f"{file}: {found.document}, {found.reference}, version {found.version or 'not stated'}"
    if found.version and found.version != found.present:
        yield f"The definition now has version {found.present}: words that were changed since are not found in it."
    yield _counted(found)
    for row in found.rows():
        where = ", ".join(part for part in (row["section"], row["display"]) if part)
        state = ", resolved" if row["resolved"] else ""
        yield from ("", f"{row['number']}  {where or 'place not known'}")
        yield f"   {row['kind']} by {row['author'] or 'unknown'}{', ' + row['date'] if row['date'] else ''}{state}"
        yield from _labelled("on", [row["on"]] if row["on"] else [])
        yield from _labelled("says" if row["kind"] == "comment" else "words", row["text"].splitlines())
        yield from _labelled("reply", row["replies"])
        yield from _labelled("number", row["results"])
        yield from _labelled("mend at", row["mend_at"])


def _counted(found: Reviewed) -> str:
    kinds = [each.remark.kind for each in found.remarks]
    open_ones = sum(each.remark.kind == "comment" and not each.remark.resolved for each in found.remarks)
    counted = ", ".join(_times(kinds.count(kind), kind) for kind in ("comment", "insertion", "deletion"))
    look = f"; {_times(found.formatting, 'change')} of the look alone" if found.formatting else ""
    return f"{counted}; {_times(open_ones, 'open comment')}{look}"


def _times(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"


def _labelled(label: str, texts: Sequence[str]) -> Iterator[str]:
    for place, text in enumerate(texts):
        yield f"   {label if not place else '':<8} {text}"
