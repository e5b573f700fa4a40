"""A document as one self-contained HTML file for reading on a screen: the blocks of the paged HTML, around them contents, search,
states and the provenance of every traced number. Everything can be read without the script."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

from studygen.document.nodes import Document, Footnote
from studygen.errors import Fault, Place, WriterError
from studygen.writers.html import Here, flow, links_of
from studygen.writers.html_inline import Links, inlines
from studygen.writers.reading_contents import side_contents
from studygen.writers.reading_frame import bar, provenance, reading_head, scripts
from studygen.writers.style import Style


@dataclass(frozen=True, slots=True)
class ReadingLook:
    """The style sheet and the script of the reading version."""

    css: str
    script: str


def load_reading_look(sheet: Path, script: Path) -> ReadingLook:
    """The look from its two files. WriterError when one does not exist."""
    missing = [path for path in (sheet, script) if not path.is_file()]
    if missing:
        raise WriterError(
            [Fault(Place(str(path)), "this file does not exist", "Restore it from templates/style.") for path in missing]
        )
    return ReadingLook(sheet.read_text(encoding="utf-8"), script.read_text(encoding="utf-8"))


def render_reading(document: Document, style: Style, look: ReadingLook, trace: Mapping[str, object]) -> bytes:
    """The document as HTML (UTF-8) that fetches nothing. `trace` is plain data whose `results` explain the traced numbers by
    `id`; a number without an entry cannot be asked. The same arguments give the same bytes.
    WriterError when a slot was left unfilled."""
    meta = document.meta
    here = Here(meta, style, replace(links_of(document), footnote=screen_footnote(meta.label("footnote"))))
    front = f'<section class="front">\n{flow(document.front, here)}\n</section>\n' if document.front else ""
    page = "\n".join(
        (
            "<!DOCTYPE html>",
            f'<html lang="{escape(meta.language)}">',
            reading_head(meta, style, look.css, look.script),
            "<body>",
            f'<a class="skip" href="#text">{escape(meta.label("skip"))}</a>',
            bar(meta),
            '<div class="columns">',
            side_contents(document),
            f'<main id="text" tabindex="-1">\n{front}{flow(document.body, here)}\n</main>',
            "</div>",
            provenance(meta),
            scripts(meta, trace, look.script),
            "</body>",
            "</html>",
            "",
        )
    )
    return page.encode("utf-8")


def screen_footnote(word: str) -> Callable[[Footnote, Links], str]:
    """How a footnote is written for the screen: its number is a button that shows it; printed, it stands where it is called."""

    def written(node: Footnote, links: Links) -> str:
        name = f"footnote-{node.number}"
        return (
            f'<button type="button" class="footnote-call" popovertarget="{name}" aria-label="{escape(word)} {node.number}">'
            f'{node.number}</button><span class="footnote" id="{name}" popover>{inlines(node.children, links)}</span>'
        )

    return written
