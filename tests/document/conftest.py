"""A small document for the tests of this room; its templates, references and the cases of the dialect lie under fixtures/, where
an author can edit them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

from studygen.definition import LongForm, NotApplicable, Prose, is_applicable
from studygen.document.assembly import compose
from studygen.document.citations import Library
from studygen.document.manifest import load_manifest
from studygen.document.nodes import (
    Bibliography,
    Block,
    Break,
    Callout,
    Cell,
    Citation,
    Code,
    Contents,
    Document,
    Emphasis,
    Figure,
    Footnote,
    Heading,
    Inline,
    Link,
    ListBlock,
    Meta,
    PageBreak,
    Paragraph,
    Ref,
    Row,
    Script,
    Slot,
    Strong,
    Table,
    Text,
    Value,
)
from studygen.document.parsing import parse_inline
from studygen.document.templating import MarkdownEnvironment, cite_role, make_environment, ref_role, value_role

FIXTURES = Path(__file__).parent / "fixtures"
TEMPLATES = FIXTURES / "templates"
LABELS = {
    "section": "section",
    "table": "Table",
    "figure": "Figure",
    "abbreviation": "Abbreviation",
    "meaning": "Meaning",
}
META = Meta(
    reference="EX-PRO",
    title="A study",
    kind="Study protocol",
    version="1.0",
    date="2026-01-31",
    date_text="31 January 2026",
    short_title="A study",
    author="Coordinating centre",
    labels=tuple(LABELS.items()),
)
ABBREVIATIONS = {
    "PASS": "post-authorisation safety study",
    "RCT": "randomised controlled trial",
    "MS": "multiple sclerosis",
    "BMSD": "Big MS Data (network)",
    "CO": "carbon monoxide",
}


def prose(text: str, origin: str = "") -> Prose:
    """A narrative text as the definition's loader makes it."""
    made = Prose(text)
    made.origin = origin
    return made


def study(**changes: object) -> SimpleNamespace:
    """The plan that the templates print."""
    parts: dict[str, object] = {
        "title": "Serious infections in *all* | <registries> & {centres}",
        "kind": "PASS",
        "rationale": prose("Rates *vary* {{ cite('halpern-2002', 'gvp-viii') }}.\n\nBMSD shows it.", "text/rationale.md"),
        "hypothesis": NotApplicable(not_applicable=prose("This study is descriptive.")),
        "exposures": ("1. cladribine_tablets", "- fingolimod"),
    }
    return SimpleNamespace(**{**parts, **changes})


def environment(*roots: Path) -> MarkdownEnvironment:
    """The environment with the functions that the small templates use."""
    functions = {
        "ref": ref_role,
        "cite": cite_role,
        "value": lambda id: value_role(id, "0.77 (0.55–1.08)"),
    }
    return make_environment([*roots, TEMPLATES], functions, {"applicable": is_applicable})


def table(id: str, caption: str = "", *cells: str, notes: tuple[str, ...] = ()) -> Table:
    """A table of one column and as many rows as there are cells."""

    def cell(text: str, header: bool = False) -> Cell:
        return Cell((Paragraph(parse_inline(text)),), header=header)

    body = tuple(Row((cell(text, header=True),)) for text in cells)
    return Table(id, parse_inline(caption), (Row((cell("Item", header=True),)),), body, (1.0,), tuple(map(parse_inline, notes)))


def figure(id: str, caption: str, alt: str) -> Figure:
    return Figure(id, parse_inline(caption), alt, b"<svg/>", b"png", 16.0)


def fill(slot: Slot) -> Table | Figure:
    """Displays for the small document: what they print cites, refers and abbreviates like any other text."""
    if slot.display == "pass-information":
        return table(slot.id, "", "Title")
    if slot.kind == "figure":
        return figure(slot.id, "Design of the study", "Boxes on a line of days, from MS onset")
    cells = ("Rebif {cite}`dersimonian-laird-1986`", "S1P")
    return table(slot.id, "Exposures {cite}`halpern-2002`", *cells, notes=("See {ref}`annex-1`.",))


def composed(
    templates: Path = TEMPLATES,
    *,
    fill: Callable[[Slot], Table | Figure] = fill,
    context: Mapping[str, object] | None = None,
    abbreviations: Mapping[str, str] = ABBREVIATIONS,
    meta: Meta = META,
) -> Document:
    """The small document, or a changed copy of it that lies in another folder."""
    manifest = load_manifest(templates / "protocol" / "document.yaml")
    library = Library.from_file(FIXTURES / "references.json")
    variables = {"study": study(), "document": meta, **(context or {})}
    known = {short: LongForm(long=long) for short, long in abbreviations.items()}
    return compose(manifest, environment(templates), variables, meta, fill, library, known)


@pytest.fixture
def small() -> SimpleNamespace:
    """The small document and what it is made of."""
    return SimpleNamespace(
        compose=composed,
        environment=environment,
        study=study,
        prose=prose,
        table=table,
        figure=figure,
        fill=fill,
        meta=META,
        templates=TEMPLATES,
        references=FIXTURES / "references.json",
        outline=outline,
    )


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """A copy of the small document's templates that a test may change."""
    copy = tmp_path / "templates"
    shutil.copytree(TEMPLATES, copy)
    return copy


# ------------------------------------------------------------------------------------------ trees as lines that one can read


def outline(blocks: tuple[Block, ...], indent: str = "") -> str:
    """Blocks in the notation of fixtures/dialect.txt."""
    return "\n".join(indent + line for block in blocks for line in _lines(block))


def _lines(block: Block) -> list[str]:
    match block:
        case Heading(id, level, children):
            return [f"heading {level} {'#' + id if id else ''}".rstrip() + f": {_shown(children)}"]
        case Paragraph(children, style):
            return [f"{style}: {_shown(children)}"]
        case ListBlock(items, ordered):
            lines = ["numbered list" if ordered else "list"]
            for item in items:
                inner = [line for block in item for line in _lines(block)]
                lines += [("  - " if n == 0 else "    ") + line for n, line in enumerate(inner)]
            return lines
        case Callout(inner_blocks, kind):
            return [f"callout {kind}", *("  " + line for inner in inner_blocks for line in _lines(inner))]
        case Slot(kind, id, display, options):
            stated = "".join(f" {key}={value}" for key, value in options)
            return [f"slot {kind} {id} by {display}{stated}"]
        case Contents(kind):
            return [f"contents of {kind}"]
        case Bibliography():
            return ["bibliography"]
        case PageBreak():
            return ["page break"]
    raise AssertionError(block)


def _shown(children: tuple[Inline, ...]) -> str:
    return "".join(_one(child) for child in children)


def _one(node: Inline) -> str:
    match node:
        case Text(text):
            return text
        case Emphasis(children):
            return f"<em {_shown(children)}>"
        case Strong(children):
            return f"<strong {_shown(children)}>"
        case Code(text):
            return f"<code {text}>"
        case Script(children, position):
            return f"<{position} {_shown(children)}>"
        case Link(children, href):
            return f"<link {href} {_shown(children)}>"
        case Ref(target):
            return f"<ref {target}>"
        case Citation(keys):
            return f"<cite {' '.join(keys)}>"
        case Value(id, text):
            return f"<value {id} {text}>"
        case Footnote(children):
            return f"<note {_shown(children)}>"
        case Break():
            return "<break>"
    raise AssertionError(node)
