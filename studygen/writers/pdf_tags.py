"""Mends the tags of a laid-out PDF where the layout engine leaves gaps: table headers, list bodies, contents, footnotes, links.
Works on the objects of the PDF before it is written; knows nothing about documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from studygen.writers.pdf_table_tags import mend_table

Element = dict[str, Any]
"""A structure element: `S` its tag, `K` its children (references and numbers of marked content), `A` its attributes."""

Objects = Mapping[bytes, Element]
"""The dictionaries of the PDF by reference."""


def mend_tags(pdf: Any, words: Mapping[str, str]) -> None:
    """Changes the structure tree of `pdf` (a pydyf.PDF) in place, so that a reader by ear finds what a reader by eye finds:
    header cells with scope, data cells with their headers; list items with bodies; contents and footnotes tagged as such;
    one link per link, inner ones described by the words of their target (`words`: target id → text)."""
    import pydyf  # type: ignore[import-untyped]

    objects: dict[bytes, Element] = {item.reference: item for item in pdf.objects if isinstance(item, pydyf.Dictionary)}
    root = objects[pdf.catalog["StructTreeRoot"]]
    superfluous: set[bytes] = set()
    for item in list(objects.values()):
        match item.get("S"):
            case "/Table":
                mend_table(item, objects, pydyf.Array)
            case "/Link":
                superfluous |= _merge_inner_links(item, objects)
            case "/LI":
                _give_body(item, objects, pdf, pydyf)
        if item.get("Subtype") == "/Link" and "Dest" in item and item["Dest"].string in words:
            item["Contents"] = pydyf.String(words[item["Dest"].string])
    _drop_annotations(superfluous, objects, root)
    for item in objects.values():
        if item.get("S") == "/L":
            _tag_contents(item, objects)
    _tag_footnotes(objects[root["K"][0]], objects, pydyf.String)


def children(element: Element, objects: Objects) -> Iterator[Element]:
    """The structure elements right below an element."""
    for kid in element.get("K", ()):
        if isinstance(kid, bytes) and kid in objects:
            yield objects[kid]


def _merge_inner_links(link: Element, objects: Objects) -> set[bytes]:
    """The engine makes a link of every box within a link. The outermost keeps its annotation and covers them; the annotations
    of the inner ones are returned, to be dropped."""
    dropped: set[bytes] = set()
    for child in children(link, objects):
        dropped |= _merge_inner_links(child, objects)
        for reference in [kid for kid in child.get("K", ()) if objects.get(kid, {}).get("Type") == "/OBJR"]:
            dropped.add(objects[reference]["Obj"])
            child["K"].remove(reference)
            child["S"] = "/Span"
    return dropped


def _drop_annotations(dropped: set[bytes], objects: Objects, root: Element) -> None:
    keys = {objects[reference]["StructParent"] for reference in dropped}
    for item in objects.values():
        if "Annots" in item:
            item["Annots"][:] = [reference for reference in item["Annots"] if reference not in dropped]
    numbers = objects[root["ParentTree"]]["Nums"]
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    numbers[:] = [part for key, value in pairs if key not in keys for part in (key, value)]


def _give_body(item: Element, objects: dict[bytes, Element], pdf: Any, pydyf: Any) -> None:
    """An item's paragraphs belong into its body; the engine hangs them beside its bullet."""
    loose = [kid for kid in item["K"] if objects.get(kid, {}).get("S") not in ("/Lbl", "/LBody", "/L")]
    if not loose:
        return
    body = pydyf.Dictionary({"Type": "/StructElem", "S": "/LBody", "K": pydyf.Array(loose), "Pg": item["Pg"]})
    pdf.add_object(body)
    body["P"] = objects[loose[0]]["P"]
    objects[body.reference] = body
    for kid in loose:
        objects[kid]["P"] = body.reference
    place = item["K"].index(loose[0])
    item["K"][:] = [kid for kid in item["K"] if kid not in loose]
    item["K"].insert(place, body.reference)


def _tag_contents(element: Element, objects: Objects) -> None:
    """A list whose every item is nothing but an inner link is a table of contents."""
    entries = []
    for item in children(element, objects):
        bodies = list(children(item, objects))
        if item["S"] != "/LI" or len(bodies) != 1 or not _is_inner_link(bodies[0], objects):
            return
        entries.append((item, bodies[0]))
    if entries:
        element["S"] = "/TOC"
    for item, body in entries:
        item["S"], body["S"] = "/TOCI", "/Reference"


def _is_inner_link(body: Element, objects: Objects) -> bool:
    parts = list(children(body, objects))
    if not parts or any(part["S"] != "/Link" for part in parts):
        return False
    targets = (objects[kid["Obj"]] for part in parts for kid in children(part, objects) if kid.get("Type") == "/OBJR")
    return all("Dest" in target for target in targets)


def _tag_footnotes(document: Element, objects: Objects, string: Any) -> None:
    """Footnotes are the spans in the untagged boxes right below the document (each page's footnote area)."""
    number = 0
    for area in children(document, objects):
        if area["S"] != "/NonStruct":
            continue
        for note in children(area, objects):
            if note["S"] == "/Span":
                number += 1
                note["S"], note["ID"] = "/Note", string(f"note-{number}")
