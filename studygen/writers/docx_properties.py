"""What a file says about itself: settings, and the properties that a file manager shows.
Knows nothing about content."""

from __future__ import annotations

from lxml import etree

from studygen.document.nodes import Meta
from studygen.writers.docx_xml import DECLARED, escaped, serialised


def settings_xml(meta: Meta) -> str:
    """Settings: the compatibility mode of current Word, and where the footnotes' rules are. Nothing here makes Word ask
    whether to update fields."""
    return (
        f'<w:settings {DECLARED}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr><w:compat>'
        + "".join(
            f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
            for name, value in (
                ("compatibilityMode", 15),
                ("overrideTableStyleFontSizeAndJustification", 1),
                ("enableOpenTypeFeatures", 1),
                ("doNotFlipMirrorIndents", 1),
                ("differentiateMultirowTableHeaders", 1),
                ("useWord2013TrackBottomHyphenation", 0),
            )
        )
        + f'</w:compat><w:themeFontLang w:val="{escaped(meta.language)}"/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )


def core_properties(meta: Meta) -> bytes:
    """Title, subject, author, keywords, dates and language of the file; the dates are the document's own."""
    moment = f"{meta.date}T00:00:00Z"
    named = (
        ("dc:title", f"{meta.kind}: {meta.title}"),
        ("dc:subject", f"{meta.reference}, {meta.label('version')} {meta.version}, {meta.date_text}"),
        ("dc:creator", meta.author),
        ("cp:keywords", ", ".join(meta.keywords)),
        ("dc:description", "; ".join(meta.marks)),
        ("cp:lastModifiedBy", meta.author),
        ("cp:revision", "1"),
        ("dc:identifier", meta.reference),
        ("dc:language", meta.language),
        ("cp:version", meta.version),
    )
    dates = "".join(f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{name}>' for name in ("created", "modified"))
    return serialised(
        etree.fromstring(
            '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            + "".join(f"<{name}>{escaped(value)}</{name}>" for name, value in named if value)
            + f"{dates}</cp:coreProperties>"
        )
    )


APP_PROPERTIES = (
    b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>studygen</Application></Properties>"
)
