"""A passage between confidential tags stands in every version but the public one, which prints a mark; lines stay lines."""

from __future__ import annotations

import pytest

from studygen.definition import Prose
from studygen.document.confidential import TAG, replaced_by
from studygen.document.nodes import ListBlock, Paragraph, plain_text
from studygen.document.parsing import parse_blocks
from studygen.document.templating import MarkdownEnvironment, make_environment, render_text
from studygen.errors import TemplateError

FULL = make_environment([], {}, {})
PUBLIC = make_environment([], {TAG: replaced_by("[redacted: {}]".format)}, {})


def paragraphs(environment: MarkdownEnvironment, text: str) -> list[str]:
    found = []
    for block in parse_blocks(render_text(environment, Prose(text), {}), "text"):
        if isinstance(block, ListBlock):
            found += [f"- {plain_text(part.children)}" for item in block.items for part in item if isinstance(part, Paragraph)]
        elif isinstance(block, Paragraph):
            found.append(plain_text(block.children))
    return found


def test_a_part_of_a_sentence() -> None:
    text = 'Sales were {% confidential "trade secret" %}3 000 packs{% endconfidential %} in 2025.'
    assert paragraphs(FULL, text) == ["Sales were 3 000 packs in 2025."]
    assert paragraphs(PUBLIC, text) == ["Sales were [redacted: trade secret] in 2025."]


def test_several_paragraphs_become_one_mark_of_their_own() -> None:
    text = 'One.\n\n{% confidential "trade secret" %}\nTwo.\n\nThree.\n{% endconfidential %}\n\nFour.'
    assert paragraphs(FULL, text) == ["One.", "Two.", "Three.", "Four."]
    assert paragraphs(PUBLIC, text) == ["One.", "[redacted: trade secret]", "Four."]


def test_a_line_that_ends_in_a_tag_keeps_its_end() -> None:
    text = '- {% confidential "a" %}one{% endconfidential %}\n- two {% confidential "a" %}three{% endconfidential %}\n- four\n'
    assert paragraphs(FULL, text) == ["- one", "- two three", "- four"]
    assert paragraphs(PUBLIC, text) == ["- [redacted: a]", "- two [redacted: a]", "- four"]


def test_the_curly_quotation_marks_of_word_are_accepted() -> None:
    assert paragraphs(PUBLIC, "{% confidential “trade secret” %}x{% endconfidential %}") == ["[redacted: trade secret]"]


def test_a_tag_without_a_reason_says_what_to_write() -> None:
    with pytest.raises(TemplateError, match="needs the reason in quotes"):
        render_text(FULL, Prose("{% confidential %}x{% endconfidential %}"), {})


def test_a_tag_that_is_not_closed_is_told() -> None:
    with pytest.raises(TemplateError, match="endconfidential"):
        render_text(FULL, Prose('{% confidential "a" %}x'), {})
