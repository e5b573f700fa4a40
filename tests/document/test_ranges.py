"""Three or more references to tables numbered one after the other are printed as a range; its tables count as referred to."""

from __future__ import annotations

from studygen.document.nodes import Document, Inline, Meta, Paragraph, Ref, Table, Text, plain_text, walk
from studygen.document.ranges import join_ranges

LABELS = (
    ("section", "section"),
    ("table", "Table"),
    ("figure", "Figure"),
    ("tables", "Tables"),
    ("figures", "Figures"),
    ("to", "to"),
)


def document(*children: Inline, labels: tuple[tuple[str, str], ...] = LABELS) -> Document:
    meta = Meta("X-1", "A study", "Protocol", "1.0", "2026-01-01", "1 January 2026", "Study", "Somebody", labels)
    tables = tuple(Table(f"tbl-{n}", (Text(f"Caption {n}"),), (), (), (1.0,), number=n) for n in range(1, 8))
    return Document(meta, (), (Paragraph(children), *tables))


def chain(*numbers: int) -> list[Inline]:
    found: list[Inline] = []
    for at, n in enumerate(numbers):
        if at:
            found.append(Text(" and " if at == len(numbers) - 1 else ", "))
        found.append(Ref(f"tbl-{n}", f"Table {n}"))
    return found


def printed(*children: Inline, labels: tuple[tuple[str, str], ...] = LABELS) -> str:
    block = join_ranges(document(*children, labels=labels)).body[0]
    assert isinstance(block, Paragraph)
    return plain_text(block.children)


def test_a_chain_in_a_row_becomes_a_range_with_links_at_its_ends() -> None:
    joined = join_ranges(document(*chain(2, 3, 4, 5), Text(" give the codes.")))
    refs = [node for node in walk(joined.body) if isinstance(node, Ref)]
    assert printed(*chain(2, 3, 4, 5), Text(" give the codes.")) == "Tables 2 to 5 give the codes."
    assert [each.target for each in refs] == ["tbl-2", "tbl-5"]
    assert refs[0].between == ("tbl-3", "tbl-4")


def test_two_references_and_gaps_stay_as_they_are() -> None:
    assert printed(*chain(2, 3), Text(".")) == "Table 2 and Table 3."
    assert printed(*chain(1, 3, 5), Text(".")) == "Table 1, Table 3 and Table 5."


def test_a_range_beside_a_single_table_keeps_its_place_in_the_list() -> None:
    assert printed(Text("See "), *chain(1, 3, 4, 5), Text(".")) == "See Table 1 and Tables 3 to 5."
    assert printed(*chain(1, 2, 3, 6), Text(".")) == "Tables 1 to 3 and Table 6."


def test_words_between_references_part_them() -> None:
    children = (*chain(1, 2), Text("; then "), *chain(3, 4))
    assert printed(*children) == "Table 1 and Table 2; then Table 3 and Table 4"


def test_a_document_without_the_words_for_ranges_has_none() -> None:
    assert printed(*chain(1, 2, 3), labels=LABELS[:3]) == "Table 1, Table 2 and Table 3"
