"""What surrounds a document's blocks in HTML: properties, style sheet, running header and footer.
Knows the meta data and the style, and no nodes of the tree."""

from __future__ import annotations

from html import escape

from studygen.document.nodes import Meta
from studygen.writers.style import Style


def head(meta: Meta, style: Style) -> str:
    """Title, properties and style sheet. The properties become those of the PDF."""
    lines = ["<head>", '<meta charset="utf-8">', *properties(meta)]
    lines += ["<style>", f":root {{ {custom_properties(style)} }}", style.css, "</style>", "</head>"]
    return "\n".join(lines)


def properties(meta: Meta) -> list[str]:
    """Title and properties, an element each."""
    subject = "; ".join((f"{meta.reference}, {meta.label('version')} {meta.version}, {meta.date_text}", *meta.marks))
    pairs = (
        ("author", meta.author),
        ("description", subject),
        ("keywords", ", ".join(meta.keywords)),
        ("dcterms.created", meta.date),
        ("dcterms.modified", meta.date),
        ("generator", "studygen"),
    )
    title = f"<title>{escape(f'{meta.kind}: {meta.title}', quote=False)}</title>"
    return [title, *(f'<meta name="{name}" content="{escape(content)}">' for name, content in pairs if content)]


def custom_properties(style: Style) -> str:
    """The brand as CSS custom properties: what page.css may use."""
    sizes = style.sizes
    pairs = {f"line-height-{name}": f"{height}" for name, height in style.line_heights.model_dump().items()}
    for name, space in style.spacing.model_dump(exclude={"headings_before", "headings_after"}).items():
        pairs[f"space-{_dashed(name)}"] = f"{space}pt"
    for level, (before, after) in enumerate(zip(style.spacing.headings_before, style.spacing.headings_after, strict=True), 1):
        pairs |= {f"space-heading-{level}-before": f"{before}pt", f"space-heading-{level}-after": f"{after}pt"}
    for name, face in (("body", style.fonts.body), ("heading", style.fonts.heading), ("mono", style.fonts.mono)):
        pairs[f"font-{name}"] = f'"{face.pdf}"'
    for name, size in sizes.model_dump(exclude={"headings"}).items():
        pairs[f"size-{name}"] = f"{size}pt"
    for level, size in enumerate(sizes.headings, start=1):
        pairs[f"size-heading-{level}"] = f"{size}pt"
    for name, colour in style.colours.model_dump(exclude={"series"}).items():
        pairs[f"colour-{_dashed(name)}"] = colour
    for name, length in style.page.model_dump().items():
        pairs[f"page-{_dashed(name)}"] = f"{length}cm"
    for name, length in style.table.model_dump().items():
        pairs[f"table-{_dashed(name)}"] = f"{length}{'pt' if name.endswith('_width') else 'cm'}"
    return " ".join(f"--{name}: {value};" for name, value in pairs.items())


def running_header(meta: Meta) -> str:
    """What stands above every page: short title, document id, and the states a reader must see."""
    marks = f'<p class="marks">{escape(" · ".join(meta.marks), quote=False)}</p>' if meta.marks else ""
    return (
        f'<div class="running-header"><p><span class="end">{escape(meta.reference, quote=False)}</span>'
        f"{escape(meta.short_title, quote=False)}</p>{marks}</div>"
    )


def running_footer(meta: Meta) -> str:
    """What stands below every page: document id, version, date, and the page number."""
    numbers = {"page": '<span class="page-number"></span>', "pages": '<span class="page-count"></span>'}
    identity = " · ".join((meta.kind, f"{meta.label('version')} {meta.version}", meta.date_text))
    page = escape(meta.label("page"), quote=False).format(**numbers)
    return f'<div class="running-footer"><p><span class="end">{page}</span>{escape(identity, quote=False)}</p></div>'


def _dashed(name: str) -> str:
    return name.replace("_", "-")
