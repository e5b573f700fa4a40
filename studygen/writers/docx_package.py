"""The package: parts and their relationships, and a zip file that is the same in every build.
Knows nothing about nodes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from lxml import etree

from studygen.document.nodes import Meta
from studygen.writers.docx_numbering import Family
from studygen.writers.docx_properties import APP_PROPERTIES, core_properties, settings_xml
from studygen.writers.docx_settling import settled
from studygen.writers.docx_xml import NAMESPACES, q, serialised

if TYPE_CHECKING:
    from docx.opc.part import Part

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = {
    "document": f"{_WORD}.document.main+xml",
    "styles": f"{_WORD}.styles+xml",
    "numbering": f"{_WORD}.numbering+xml",
    "settings": f"{_WORD}.settings+xml",
    "footnotes": f"{_WORD}.footnotes+xml",
    "header": f"{_WORD}.header+xml",
    "footer": f"{_WORD}.footer+xml",
    "fontTable": f"{_WORD}.fontTable+xml",
    "theme": "application/vnd.openxmlformats-officedocument.theme+xml",
}
_IMAGE_TYPES = {"png": "image/png", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a document as XML. `document` and `footnotes` are drafts; `constant` are parts that need no settling, by
    name ("styles"); `running` are headers and footers by name
    ("header-portrait"), `images` by the name a drawing asks for ("image:fig-forest.png")."""

    document: str
    footnotes: str
    constant: Mapping[str, str]
    running: Mapping[str, str]
    images: Mapping[str, bytes]


def packed(parts: Parts, numbering: Callable[[list[Family]], str], meta: Meta) -> bytes:
    """The DOCX file. `numbering` makes the numbering part once the families of all ordered lists are known, in the order of
    their appearance."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.package import OpcPackage
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    package = OpcPackage()

    def part(name: str, content_type: str, content: bytes) -> Part:
        # python-docx's annotations ask for a Package; any OPC package will do for a part that is only written.
        return Part(PackURI(f"/{name}"), content_type, content, cast("None", package))

    def word_part(name: str, kind: str, xml: str) -> Part:
        root = etree.fromstring(xml)
        etree.cleanup_namespaces(root, keep_ns_prefixes=["w", "r"])
        return part(f"word/{name}.xml", _TYPES[kind], serialised(root))

    main = part("word/document.xml", _TYPES["document"], b"")
    package.relate_to(main, RELATIONSHIP_TYPE.OFFICE_DOCUMENT)
    core = part("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml", core_properties(meta))
    package.relate_to(core, RELATIONSHIP_TYPE.CORE_PROPERTIES)
    app = part("docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml", APP_PROPERTIES)
    package.relate_to(app, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES)

    root, lists = settled(parts.document)
    for name, xml in {**parts.constant, "numbering": numbering(lists), "settings": settings_xml(meta)}.items():
        main.relate_to(word_part(name, name, xml), f"{_RELATED}/{name}")
    notes_root, _ = settled(parts.footnotes)
    notes = part("word/footnotes.xml", _TYPES["footnotes"], b"")
    main.relate_to(notes, f"{_RELATED}/footnotes")
    drafts: dict[str, tuple[Part, str]] = {}
    for name, xml in parts.running.items():
        kind = name.partition("-")[0]
        drafts[f"part:{name}"] = (word_part(name, kind, xml), f"{_RELATED}/{kind}")
    for position, (name, content) in enumerate(parts.images.items(), start=1):
        extension = name.rpartition(".")[2]
        image = part(f"word/media/image{position}.{extension}", _IMAGE_TYPES[extension], content)
        drafts[name] = (image, f"{_RELATED}/image")
    for owner, tree in ((main, root), (notes, notes_root)):
        _relate(owner, tree, drafts)
        owner._blob = serialised(tree)  # python-docx has no setter for a part's content
    buffer = io.BytesIO()
    package.save(buffer)
    return reproducible(buffer.getvalue())


def _relate(owner: Part, root: etree._Element, drafts: Mapping[str, tuple[Part, str]]) -> None:
    """Puts relationship ids where the draft names a link, a part or an image, in the order of the text."""
    asking = etree.XPath("//*[@r:id or @r:embed]", namespaces={"r": NAMESPACES["r"]})
    for element in cast("list[etree._Element]", asking(root)):
        attribute = q("r:id") if q("r:id") in element.attrib else q("r:embed")
        wanted = str(element.get(attribute))
        if wanted.startswith("link:"):
            element.set(attribute, owner.relate_to(wanted.removeprefix("link:"), f"{_RELATED}/hyperlink", is_external=True))
        else:
            element.set(attribute, owner.relate_to(*drafts[wanted]))


EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip file can hold; every member carries it."""


def reproducible(file: bytes) -> bytes:
    """The same zip file with nothing in it that depends on when or where it was written."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, EARLIEST)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0
            target.writestr(member, source.read(name), compresslevel=6)
    return buffer.getvalue()
