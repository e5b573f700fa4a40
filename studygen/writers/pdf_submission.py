"""Fits a tagged PDF for submission: it says that it is PDF/A-2a as well as PDF/UA-1 and carries what that takes.
Changes no page."""

from __future__ import annotations

import base64
import io
from importlib.resources import files
from typing import Any

PRINTED = 4
"""The flag of an annotation that is printed with its page; PDF/A wants it on all."""

PDFA = """<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="2" pdfaid:conformance="A"/>\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""
"""What the properties say: the level of conformance, and, since PDF/A does not know it, what the mark of PDF/UA means."""


def fit_for_submission(content: bytes) -> bytes:
    """The file as PDF/A-2a and PDF/UA-1 with colours defined and properties in plain text. The same file gives the same bytes."""
    import pikepdf

    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        _define_colours(pdf, pikepdf)
        for page in pdf.pages:
            for annotation in page.obj.get("/Annots", ()):
                annotation["/F"] = PRINTED
        properties = pdf.Root.Metadata.read_bytes().decode("utf-8").replace("</rdf:RDF>", f"{PDFA}</rdf:RDF>")
        stream = pikepdf.Stream(pdf, properties.strip().encode("utf-8"))
        stream["/Type"], stream["/Subtype"] = pikepdf.Name.Metadata, pikepdf.Name.XML
        pdf.Root.Metadata = pdf.make_indirect(stream)
        _end_streams_plainly(pdf, pikepdf)
        # Nothing is compressed anew: a reader that knows no PDF finds the properties as plain text. Not linearized either: qpdf's
        # own check finds the hint tables wanting that it writes for tagged files.
        pdf.save(written, deterministic_id=True, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return written.getvalue()


def _end_streams_plainly(pdf: Any, pikepdf: Any) -> None:
    """Writes streams whose last byte happens to be an end of line in letters (`… ~>`): with the end of line that follows every
    stream it could not be told where they end."""
    for stream in pdf.objects:
        if isinstance(stream, pikepdf.Stream) and (raw := stream.read_raw_bytes())[-1:] in (b"\r", b"\n"):
            filters, parameters = (_listed(stream.get(name), pikepdf) for name in ("/Filter", "/DecodeParms"))
            stream.write(
                base64.a85encode(raw) + b"~>",
                filter=pikepdf.Array([pikepdf.Name.ASCII85Decode, *filters]),
                decode_parms=pikepdf.Array([None, *parameters]) if parameters else None,
            )


def _listed(entry: Any, pikepdf: Any) -> list[Any]:
    """An entry that may be missing, one object or an array of them."""
    if entry is None:
        return []
    return list(entry) if isinstance(entry, pikepdf.Array) else [entry]


def _define_colours(pdf: Any, pikepdf: Any) -> None:
    """The profile of the colours on screen, which the layout engine brings along."""
    profile = pikepdf.Stream(pdf, (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes())
    profile["/N"] = 3
    intent = pikepdf.Dictionary(
        Type=pikepdf.Name.OutputIntent,
        S=pikepdf.Name("/GTS_PDFA1"),
        OutputConditionIdentifier="sRGB IEC61966-2.1",
        DestOutputProfile=pdf.make_indirect(profile),
    )
    pdf.Root.OutputIntents = pikepdf.Array([pdf.make_indirect(intent)])
