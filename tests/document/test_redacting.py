"""Names, addresses and telephone numbers are found in the ways people write them; the other numbers of a study are not taken for
one."""

from __future__ import annotations

import re

import pytest

from studygen.document.nodes import Document, Emphasis, Footnote, Heading, Link, Meta, Paragraph, Text, plain_text
from studygen.document.redacting import EMAIL, TELEPHONE, Redaction, Replaced, exactly, leaks, redact, redactions

LABELS = (("table", "Table"), ("figure", "Figure"))
META = Meta("X-1", "Title", "Protocol", "1.0", "2026-01-31", "31 January 2026", "Short", "Ada Lovelace, Institute", LABELS)
RULES = (Replaced(exactly("Ada Lovelace"), "[redacted: name]"), Replaced(EMAIL, "[redacted: e-mail]"))


@pytest.mark.parametrize(
    "text",
    [
        "+45 35 45 67 89",
        "+420 224 966 422",
        "+33 (0)4 72 12 34 56",
        "Tel. 08-517 700 00",
        "phone: (020) 7946 0958",
        "Fax 030/901820",
    ],
)
def test_a_telephone_number_is_found(text: str) -> None:
    assert TELEPHONE.search(f"Call {text}, please.")


@pytest.mark.parametrize(
    "text",
    [
        "EU/1/17/1212",
        "EUPAS1000000123",
        "days [-365, +7]",
        "0.77 (0.55–1.08)",
        "1 January 2018 to 31 December 2026",
        "10.1007/s00415-024-12303-6",
        "26 229 person-years",
        "2024;271(6):3616-3624",
        "telephone interviews of 12 people",
        "+1.96",
        "07817ac758eb0012345678901",
    ],
)
def test_other_numbers_are_no_telephone_numbers(text: str) -> None:
    assert not TELEPHONE.search(text)


@pytest.mark.parametrize("text", ["ada@example.org", "first.last+study@mail.registry.example.dk"])
def test_an_address_is_found_whole(text: str) -> None:
    match = EMAIL.search(f"Write to {text}.")
    assert match is not None
    assert match[0] == text


def test_a_name_is_found_across_spaces_but_not_inside_words() -> None:
    assert exactly("Ada Lovelace").search("by Ada\u00a0 Lovelace,")
    assert not exactly("Ada").search("Adaptive design")


def document(*body: Heading | Paragraph) -> Document:
    return Document(META, (), body)


def test_texts_links_footnotes_and_properties_are_replaced_and_listed_by_place() -> None:
    link = Link((Text("write"),), "mailto:ada@example.org")
    note = Footnote((Text("Ada Lovelace again"),), 1)
    written = Paragraph((Text("Ada Lovelace and Ada Lovelace, "), link, note))
    clean = redact(document(Heading("sec-a", 1, (Text("Parties"),), "3"), written), RULES)
    assert clean.meta.author == "[redacted: name], Institute"
    paragraph = clean.body[1]
    assert isinstance(paragraph, Paragraph)
    assert plain_text(paragraph.children) == "[redacted: name] and [redacted: name], [redacted: e-mail]"
    assert leaks(clean, RULES) == ()
    found = redactions(clean, re.compile(r"\[redacted: ([^\]]+)\]"))
    assert found == (Redaction("3 Parties", "", "name", 3), Redaction("3 Parties", "", "e-mail", 1))


def test_a_name_divided_by_formatting_is_reported_instead_of_slipping_through() -> None:
    divided = Paragraph((Text("by Ada "), Emphasis((Text("Lovelace"),))))
    clean = redact(document(Heading("sec-a", 1, (Text("Parties"),), "3"), divided), RULES)
    assert leaks(clean, RULES) == (("3", "Ada Lovelace"),)
