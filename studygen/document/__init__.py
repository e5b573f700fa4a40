"""The document as data: nodes, manifest, templating, parsing, numbering, citations; knows no medicine."""
